"""Write everything that a study's report consists of into one folder.

In goes an analysis; out come these files. The first language listed is the main one:
its files have no language in their name, those of another language carry it before
the ending, as in ``report.en.docx``.

=====================  ==============================================================
``report.html``        one page, all languages, with a switch
``report.docx``        Word, one file a language
``tables.xlsx``        one sheet a table, one file a language
``tables/*.csv``       one file a table, codes and full precision, no language
``tables/*.tex``       one fragment a table and language; ``all.tex`` shows them all
``diagram.svg/.png``   the path diagram, one of each a language
``results.json``       every number in full precision, options, source, versions
``SYNTHETIC.txt``      a warning, only when the answers are made up
=====================  ==============================================================

The diagram and ``results.json`` are always written. Nothing is ever half-written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kocsem.instrument.outputs import File, write_folder
from kocsem.instrument.types import Language
from kocsem.reporting.diagram import Diagram
from kocsem.reporting.export.csv import to_csv
from kocsem.reporting.export.docx import to_docx
from kocsem.reporting.export.html import to_html
from kocsem.reporting.export.json import to_json
from kocsem.reporting.export.latex import to_document, to_latex
from kocsem.reporting.export.xlsx import to_xlsx
from kocsem.reporting.render import ShownTable
from kocsem.reporting.report import Report, diagram_of, make_report, style_for
from kocsem.reporting.table import Table
from kocsem.reporting.tables.collection import make_tables
from kocsem.reporting.tables.common import is_synthetic
from kocsem.reporting.words import PAGE
from kocsem.study.analysis import Analysis
from kocsem.study.file import Format

#: Called with a step's name, the steps done and the number of steps.
Progress = Callable[[str, int, int], None]


def write_report(
    analysis: Analysis,
    folder: str | Path,
    languages: Sequence[Language] | None = None,
    formats: Sequence[Format] | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write the report of a study.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.
    folder : str or Path
        Where the files go; it must not exist yet, or be empty.
    languages : sequence of {"zh", "en"}, optional
        Languages, the main one first; by default those of the study.
    formats : sequence of {"html", "docx", "xlsx", "latex", "csv"}, optional
        Formats; by default those of the study.
    progress : callable, optional
        Called as ``progress(step, done, steps)`` before each step, and with ``"done"``
        at the end.

    Returns
    -------
    tuple of Path
        The files written, sorted.

    Raises
    ------
    OutputError
        When the folder holds something already, or cannot be written.
    """
    target = Path(folder)
    spoken = tuple(dict.fromkeys(languages or analysis.study.report.languages))
    wanted = tuple(dict.fromkeys(formats or analysis.study.report.formats))
    return write_folder(_files(analysis, spoken, wanted, progress), target)


def _files(
    analysis: Analysis,
    languages: Sequence[Language],
    formats: Sequence[Format],
    progress: Progress | None,
) -> Iterator[File]:
    """Make the files one after the other."""
    steps = ("diagram", "tables", *formats, "json", "done")

    def tell(step: str) -> None:
        if progress is not None:
            progress(step, steps.index(step), len(steps) - 1)

    tell("diagram")
    diagrams = {language: diagram_of(analysis, language) for language in languages}
    analysis = _with_findings(analysis, diagrams.values())
    yield from _diagrams(diagrams)
    tell("tables")
    tables = make_tables(analysis)
    reports = [
        make_report(analysis, tables, language, diagram)
        for language, diagram in diagrams.items()
    ]
    for step in formats:
        tell(step)
        yield from _in_format(step, analysis, tables, reports)
    if is_synthetic(analysis):
        yield "SYNTHETIC.txt", _warning(languages).encode()
    tell("json")
    yield "results.json", to_json(analysis).encode()
    tell("done")


def _warning(languages: Sequence[Language]) -> str:
    """Warn of synthetic answers beside files that hold bare numbers."""
    warning = PAGE["synthetic"]
    return "".join(f"{warning.get(language)}\n" for language in languages)


def _with_findings(analysis: Analysis, diagrams: Iterable[Diagram]) -> Analysis:
    """Add what was found while drawing to the remarks."""
    found = (finding for diagram in diagrams for finding in diagram.findings)
    together = dict.fromkeys((*analysis.findings, *found))
    return replace(analysis, findings=tuple(together))


def _named(stem: str, place: int, language: Language, ending: str) -> str:
    """Name a file: only other languages than the first are named."""
    return f"{stem}.{ending}" if place == 0 else f"{stem}.{language}.{ending}"


def _diagrams(diagrams: dict[Language, Diagram]) -> Iterator[File]:
    for place, (language, diagram) in enumerate(diagrams.items()):
        yield _named("diagram", place, language, "svg"), diagram.svg.encode()
        yield _named("diagram", place, language, "png"), diagram.png


def _in_format(
    step: Format,
    analysis: Analysis,
    tables: Sequence[Table],
    reports: Sequence[Report],
) -> Iterator[File]:
    """Make the files of one format."""
    match step:
        case "html":
            yield "report.html", to_html(reports).encode()
        case "docx":
            for place, report in enumerate(reports):
                yield _named("report", place, report.language, "docx"), to_docx(report)
        case "xlsx":
            for place, report in enumerate(reports):
                style = style_for(analysis, report.language)
                content = to_xlsx(tables, report.language, style)
                yield _named("tables", place, report.language, "xlsx"), content
        case "csv":
            for table in tables:
                yield f"tables/{table.key}.csv", to_csv(table).encode()
        case "latex":
            for place, report in enumerate(reports):
                yield from _latex(report.tables, place, report.language)


def _latex(
    tables: Sequence[ShownTable], place: int, language: Language
) -> Iterator[File]:
    names = [_named(table.key, place, language, "tex") for table in tables]
    for name, table in zip(names, tables, strict=True):
        yield f"tables/{name}", to_latex(table).encode()
    whole = _named("all", place, language, "tex")
    yield f"tables/{whole}", to_document(tables, names).encode()
