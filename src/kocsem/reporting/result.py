"""The result of a study as users hold it.

In: a study file. Out: an analysis that can show its tables and write its report.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from kocsem.instrument.types import Language
from kocsem.reporting.render import ShownTable, render
from kocsem.reporting.report import style_for
from kocsem.reporting.tables.collection import make_tables
from kocsem.reporting.write import Progress, write_report
from kocsem.study.analyse import analyse
from kocsem.study.analysis import Analysis
from kocsem.study.file import Format


@dataclass(frozen=True, kw_only=True)
class AnalysisResult(Analysis):
    """The results of a study, with its tables and its report.

    All fields are those of `Analysis`.
    """

    @classmethod
    def of(cls, analysis: Analysis) -> Self:
        """Make the result of an analysis.

        Parameters
        ----------
        analysis : Analysis
            The analysis.

        Returns
        -------
        AnalysisResult
            The same fields.
        """
        return cls(**{f.name: getattr(analysis, f.name) for f in fields(Analysis)})

    def tables(self, language: Language = "en") -> tuple[ShownTable, ...]:
        """Return the tables of the report as a reader sees them.

        Parameters
        ----------
        language : {"zh", "en"}, default "en"
            The language.

        Returns
        -------
        tuple of ShownTable
            Numbered tables: those of the paper, then those of the appendix, then those
            that are for the files of numbers only.
        """
        style = style_for(self, language)
        return tuple(render(table, language, style) for table in make_tables(self))

    def write(
        self,
        folder: str | Path,
        languages: Sequence[Language] | None = None,
        formats: Sequence[Format] | None = None,
        progress: Progress | None = None,
    ) -> tuple[Path, ...]:
        """Write the report; see `kocsem.reporting.write.write_report`.

        Parameters
        ----------
        folder : str or Path
            Where the files go; it must not exist yet, or be empty.
        languages : sequence of {"zh", "en"}, optional
            Languages, the main one first; by default those of the study.
        formats : sequence of {"html", "docx", "xlsx", "latex", "csv"}, optional
            Formats; by default those of the study.
        progress : callable, optional
            Called as ``progress(step, done, steps)``.

        Returns
        -------
        tuple of Path
            The files written, sorted.

        Raises
        ------
        OutputError
            When the folder holds something already, or cannot be written.
        """
        return write_report(self, folder, languages, formats, progress)


def run_study(
    path: str | Path,
    data: str | Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> AnalysisResult:
    """Analyse a study.

    Parameters
    ----------
    path : str or Path
        A study file.
    data : str or Path, optional
        Answers in place of those that the study file names.
    progress : callable, optional
        Called as ``progress(step, done, steps)``.

    Returns
    -------
    AnalysisResult
        Everything that was found; `AnalysisResult.write` makes the report.

    Raises
    ------
    KocsemError
        When the study, the instrument or the answers cannot be used.

    Examples
    --------
    >>> result = run_study("koc_core_study")
    >>> [table.number for table in result.tables("en")][:3]
    ['Table 1', 'Table 2', 'Table 3']
    """
    return AnalysisResult.of(analyse(path, data=data, progress=progress))
