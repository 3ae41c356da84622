"""What several table builders need: names for codes, arrows, rows of a frame."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from kocsem.data.missing import MissingReport
from kocsem.data.read.provenance import SYNTHETIC
from kocsem.instrument.types import Instrument, Text
from kocsem.reporting.format import Kind
from kocsem.reporting.table import Cell, Column, label
from kocsem.reporting.words import HEADINGS
from kocsem.study.analysis import Analysis

#: Headings that are statistical symbols.
SYMBOLS = frozenset(
    ("n", "mean", "sd", "estimate", "beta", "z", "pvalue", "alpha", "se")
)


def is_synthetic(analysis: Analysis) -> bool:
    """Return whether the answers are known to be made up.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    bool
        Whether a finding says so.
    """
    found = (*analysis.findings, *analysis.responses.findings)
    return any(finding.code == SYNTHETIC for finding in found)


def complete_sheets(report: MissingReport) -> int:
    """Return how many answer sheets have no missing answer.

    Parameters
    ----------
    report : MissingReport
        The missing answers of a study.

    Returns
    -------
    int
        The size of the pattern without holes.
    """
    patterns = report.patterns
    return int(patterns.loc[patterns["holes"] == 0, "n"].sum())


def keeps_missing(analysis: Analysis) -> bool:
    """Return whether answer sheets with missing answers were analysed.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    bool
        False when there are none, and when they were left out.
    """
    kept = analysis.study.estimation.missing != "listwise"
    return kept and analysis.missing is not None


def column(key: str, kind: Kind = "text") -> Column:
    """Return a column with its heading from the catalogue of words.

    Parameters
    ----------
    key : str
        Key in `HEADINGS`.
    kind : str
        Kind of most of its cells.

    Returns
    -------
    Column
        The column.
    """
    return Column(key, HEADINGS[key], kind, symbol=key in SYMBOLS)


def same(word: str) -> Text:
    """Return a word that is the same in both languages.

    Parameters
    ----------
    word : str
        The word; not empty.

    Returns
    -------
    Text
        The word in both languages.
    """
    return Text(zh=word, en=word)


def construct_name(instrument: Instrument, code: str) -> Text:
    """Return the name of a construct; a code that is none stands for itself.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    code : str
        A code of the model.

    Returns
    -------
    Text
        The name.
    """
    names = {construct.id: construct.name for construct in instrument.constructs}
    return names.get(code) or same(code)


def construct_cell(instrument: Instrument, code: str, *, bold: bool = False) -> Cell:
    """Return a cell "name (code)" of a construct.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    code : str
        A code of the model.
    bold : bool, default False
        Whether the cell stands out.

    Returns
    -------
    Cell
        The cell; only the code where the construct has no name of its own.
    """
    name = construct_name(instrument, code)
    shown = Text(zh=_with_code(name.zh, code), en=_with_code(name.en, code))
    return label(shown, code, bold=bold)


def _with_code(name: str, code: str) -> str:
    return name if name == code else f"{name} ({code})"


def path_cell(instrument: Instrument, codes: Iterable[str]) -> Cell:
    """Return a cell "A → B → C" with the names of constructs.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    codes : iterable of str
        Codes along the path.

    Returns
    -------
    Cell
        The cell; its code is ``"A -> B -> C"``.
    """
    nodes = tuple(codes)
    names = [construct_name(instrument, code) for code in nodes]
    shown = Text(
        zh=" → ".join(name.zh for name in names),
        en=" → ".join(name.en for name in names),
    )
    return label(shown, " -> ".join(nodes))


def product_cell(instrument: Instrument, parts: tuple[str, ...], outcome: str) -> Cell:
    """Return a cell "A × B → C" with the names of constructs.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    parts : tuple of str
        Codes of the constructs that interact.
    outcome : str
        Code of what they explain.

    Returns
    -------
    Cell
        The cell; its code is ``"A x B -> C"``.
    """
    names = [construct_name(instrument, code) for code in parts]
    end = construct_name(instrument, outcome)
    shown = Text(
        zh=f"{' × '.join(name.zh for name in names)} → {end.zh}",
        en=f"{' × '.join(name.en for name in names)} → {end.en}",
    )
    return label(shown, f"{' x '.join(parts)} -> {outcome}")


def records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Iterate over the rows of a frame as mappings.

    Parameters
    ----------
    frame : DataFrame
        Any frame.

    Yields
    ------
    dict
        One row by column name.
    """
    for row in frame.to_dict("records"):
        yield {str(key): value for key, value in row.items()}


def known(value: object) -> bool:
    """Return whether a cell of a frame holds something.

    Parameters
    ----------
    value : object
        A cell.

    Returns
    -------
    bool
        False for None, NaN, NA and empty words.
    """
    return not (value is None or value == "" or bool(pd.isna(value)))  # type: ignore[call-overload]
