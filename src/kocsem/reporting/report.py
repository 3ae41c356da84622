"""A whole report in one language, ready to be written: an analysis in, strings out.

The writers of html and docx lay out a `Report`; they add no words and no numbers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version

from kocsem.citations import Reference, references
from kocsem.instrument.types import Language
from kocsem.reporting.diagram import Diagram, draw_diagram
from kocsem.reporting.format import DEFAULT_STYLE, Style
from kocsem.reporting.graph import make_graph
from kocsem.reporting.method import method_notes
from kocsem.reporting.notes import NOTES
from kocsem.reporting.render import ShownTable, render, show_notes
from kocsem.reporting.table import Table
from kocsem.reporting.tables.common import is_synthetic
from kocsem.reporting.words import FACTS, FIGURE, PAGE, TITLES
from kocsem.study.analysis import Analysis

#: Packages whose versions decide the numbers or the look of a report.
PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "pingouin",
    "statsmodels",
    "matplotlib",
    "pygraphviz",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the account of how a report was made.

    Attributes
    ----------
    name : str
        What is stated.
    text : str
        The statement.
    code : bool
        Whether it is a model text, whose lines are kept.
    """

    name: str
    text: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report in one language.

    Attributes
    ----------
    language : {"zh", "en"}
        The language.
    style : {"apa", "gb"}
        The rules for numbers and captions.
    title, subtitle : str
        What stands on top.
    warning : str
        A warning that must be seen first; empty when there is none.
    tables : tuple of ShownTable
        Those of the paper, then those of the appendix.
    diagram : Diagram
        The path diagram.
    figure_number, figure_title, figure_note : str
        Its caption.
    facts : tuple of Fact
        How the report was made.
    references : tuple of str
        The works that it cites.
    """

    language: Language
    style: Style
    title: str
    subtitle: str
    warning: str
    tables: tuple[ShownTable, ...]
    diagram: Diagram
    figure_number: str
    figure_title: str
    figure_note: str
    facts: tuple[Fact, ...]
    references: tuple[str, ...]

    def word(self, key: str) -> str:
        """Return a word of the page in the report's language.

        Parameters
        ----------
        key : str
            Key in `kocsem.reporting.words.PAGE`.

        Returns
        -------
        str
            The word.
        """
        return PAGE[key].get(self.language)


def style_for(analysis: Analysis, language: Language) -> Style:
    """Return the style that a study asks for in a language.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.
    language : {"zh", "en"}
        The language.

    Returns
    -------
    {"apa", "gb"}
        By default apa in English and gb in Chinese.
    """
    wanted = analysis.study.report.style
    return DEFAULT_STYLE[language] if wanted == "auto" else wanted


def make_report(
    analysis: Analysis,
    tables: Iterable[Table],
    language: Language,
    diagram: Diagram,
) -> Report:
    """Put a report together.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.
    tables : iterable of Table
        Its numbered tables; those for the files of numbers are left out.
    language : {"zh", "en"}
        The language wanted.
    diagram : Diagram
        The path diagram in that language.

    Returns
    -------
    Report
        Strings and one drawing.
    """
    style = style_for(analysis, language)
    shown = tuple(
        render(table, language, style) for table in tables if not table.data_only
    )
    facts = tuple(_facts(analysis, language, style))
    number = FIGURE.get(language)
    title = analysis.study.title or analysis.instrument.title
    return Report(
        language=language,
        style=style,
        title=title.get(language),
        subtitle=PAGE["subtitle"].get(language),
        warning=PAGE["synthetic"].get(language) if is_synthetic(analysis) else "",
        tables=shown,
        diagram=diagram,
        figure_number=f"{number}1" if language == "zh" else f"{number} 1",
        figure_title=TITLES["diagram"].get(language),
        figure_note=NOTES["diagram"].get(language),
        facts=facts,
        references=_cited(shown, facts),
    )


def diagram_of(analysis: Analysis, language: Language) -> Diagram:
    """Draw the path diagram of the structural model, with correlations if it is a CFA.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.
    language : {"zh", "en"}
        Language of the names.

    Returns
    -------
    Diagram
        The drawing.
    """
    names = {c.id: c.name.get(language) for c in analysis.instrument.constructs}
    fit = analysis.structural
    rsquare = {str(code): value for code, value in fit.rsquare.items()}
    parameters = fit.parameters
    cfa = not (parameters["op"] == "~").any()
    graph = make_graph(parameters, rsquare, names, covariances=cfa)
    return draw_diagram(graph, style_for(analysis, language))


def versions() -> dict[str, str]:
    """Return the versions of kocsem and of the packages that numbers rest on.

    Returns
    -------
    dict of str to str
        Version by package name.
    """
    return {name: version(name) for name in ("kocsem", *PACKAGES)}


def _cited(tables: Iterable[ShownTable], facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the full references of the works that tables and facts name."""
    words = "\n".join((*_words(tables), *(fact.text for fact in facts)))
    found: list[Reference] = [
        work for work in references() if work.cite in words or work.inside in words
    ]
    return tuple(work.reference for work in found)


def _words(tables: Iterable[ShownTable]) -> Iterator[str]:
    for table in tables:
        yield from (note.text for note in table.notes)
        for group in table.groups:
            for row in group.rows:
                yield from (cell.text for cell in row)


def _facts(analysis: Analysis, language: Language, style: Style) -> Iterator[Fact]:
    """State data, instrument, estimation, software and models."""
    source, instrument = analysis.responses.source, analysis.instrument
    software = ", ".join(f"{name} {number}" for name, number in versions().items())
    stated = {
        "data": FACTS["data_text"]
        .get(language)
        .format(source.file, source.platform, source.coding, source.rows),
        "instrument": f"{instrument.id} {instrument.version}",
        "cases": f"N = {analysis.nobs}",
        "estimation": show_notes(method_notes(analysis), language, style),
        "software": software,
    }
    for key, text in stated.items():
        yield Fact(FACTS[key].get(language), text)
    models = (analysis.measurement_text, analysis.structural_text)
    for key, text in zip(("measurement", "structural"), models, strict=True):
        if text.strip():
            yield Fact(FACTS[key].get(language), text.strip(), code=True)
