"""Tables of reliability and convergent validity: loadings, alpha, CR, AVE."""

from collections.abc import Iterator
from typing import Any

from kocsem.citations import cite_inside
from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import (
    BLANK,
    Cell,
    Note,
    RowGroup,
    Table,
    interval,
    label,
    number,
    words,
)
from kocsem.reporting.tables.common import (
    column,
    construct_cell,
    keeps_missing,
    known,
    records,
)
from kocsem.reporting.words import TITLES
from kocsem.study.analysis import Analysis

_ORDINAL = "ordinal_alpha"
_CRITERIA = ("nunnally-1978", "fornell-larcker-1981", "hair-2019")


def build(analysis: Analysis) -> Table | None:
    """Build the table of loadings with alpha, CR and AVE.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table or None
        One row an item; the figures of a construct stand in its first row. None when
        the model has no latent variable.
    """
    if analysis.assessment.loadings.empty:
        return None
    wholes = {row["construct"]: row for row in records(analysis.assessment.constructs)}
    rows: list[tuple[Cell, ...]] = []
    previous = None
    for row in records(analysis.assessment.loadings):
        code = str(row["construct"])
        first = code != previous
        name = construct_cell(analysis.instrument, code) if first else _again(code)
        whole = wholes.get(code, {}) if first else None
        rows.append((name, *_item_cells(row), *_whole_cells(whole)))
        previous = code
    return Table(
        key="reliability",
        title=TITLES["reliability"],
        columns=(
            column("construct", "label"),
            column("item", "label"),
            column("loading", "estimate"),
            column("estimate", "estimate"),
            column("se", "estimate"),
            column("z", "estimate"),
            column("alpha", "bounded"),
            column("cr", "bounded"),
            column("ave", "bounded"),
        ),
        groups=(RowGroup(tuple(rows)),),
        notes=(_note(), *_behind(analysis)),
    )


def build_alpha(analysis: Analysis) -> Table | None:
    """Build the table of Cronbach's alpha with its interval, for the appendix.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table or None
        One row a construct; None when the model has no latent variable.
    """
    frame = analysis.assessment.constructs
    if frame.empty:
        return None
    ordinal = _ORDINAL in frame.columns
    rows = tuple(
        (
            construct_cell(analysis.instrument, str(row["construct"])),
            number(row["k"], "count"),
            number(row["alpha"], "bounded"),
            interval(row["alpha_lower"], row["alpha_upper"], "bounded_interval"),
            *((_ordinal_cell(row[_ORDINAL]),) if ordinal else ()),
            number(row["cr"], "bounded"),
            number(row["ave"], "bounded"),
        )
        for row in records(frame)
    )
    return Table(
        key="alpha",
        title=TITLES[_ORDINAL if ordinal else "alpha"],
        columns=(
            column("construct", "label"),
            column("k", "count"),
            column("alpha", "bounded"),
            column("alpha_interval", "bounded_interval"),
            *((column(_ORDINAL, "bounded"),) if ordinal else ()),
            column("cr", "bounded"),
            column("ave", "bounded"),
        ),
        groups=(RowGroup(rows),),
        notes=tuple(_alpha_notes(analysis, ordinal=ordinal)),
        supplementary=True,
    )


def _ordinal_cell(value: object) -> Cell:
    """Return the cell of ordinal alpha."""
    return number(value, "bounded", reason=NOTES["no_ordinal_alpha"])


def _alpha_notes(analysis: Analysis, *, ordinal: bool) -> Iterator[Note]:
    """Say where the coefficients and their interval come from."""
    interval_source = words(cite_inside(["feldt-woodruff-salih-1987"]))
    yield Note(NOTES["alpha"], (interval_source,))
    if ordinal:
        sources = ("zumbo-gadermann-zeisser-2007", "chalmers-2018")
        values = tuple(words(cite_inside([key])) for key in sources)
        yield Note(NOTES["ordinal_alpha"], values)
    elif keeps_missing(analysis):
        yield Note(NOTES["alpha_all_answers"])
        yield Note(NOTES["alpha_approximate"])


def _behind(analysis: Analysis) -> tuple[Note, ...]:
    """Say what the coefficients are about, where it is not the answers as they are."""
    if analysis.study.estimation.ordered:
        return (Note(NOTES["polychoric"]),)
    return (Note(NOTES["alpha_all_answers"]),) if keeps_missing(analysis) else ()


def _again(code: str) -> Cell:
    """Return a cell that shows nothing but still says which construct it is."""
    return Cell("", "label", code=code)


def _item_cells(row: dict[str, Any]) -> tuple[Cell, ...]:
    item = str(row["item"])
    fixed = not known(row["se"]) or row["se"] == 0
    reason = NOTES["fixed"]
    return (
        label(item, item),
        number(row["std_all"], "estimate"),
        number(row["est"], "estimate"),
        number(None if fixed else row["se"], "estimate", reason=reason),
        number(None if fixed else row["z"], "estimate", reason=reason),
    )


def _whole_cells(whole: dict[str, Any] | None) -> tuple[Cell, ...]:
    if whole is None:
        return (BLANK, BLANK, BLANK)
    reason = NOTES["undefined_whole"]
    return tuple(
        number(whole.get(key), "bounded", reason=reason)
        for key in ("alpha", "cr", "ave")
    )


def _note() -> Note:
    sources = (["cronbach-1951"], ["fornell-larcker-1981"], _CRITERIA)
    return Note(
        NOTES["reliability"], tuple(words(cite_inside(keys)) for keys in sources)
    )
