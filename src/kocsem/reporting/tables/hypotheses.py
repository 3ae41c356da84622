"""Table of path coefficients and of what they say about the hypotheses."""

from typing import Any, get_args

from kocsem.assessment.records import HypothesisResult
from kocsem.citations import cite_inside
from kocsem.instrument.types import Hypothesis, HypothesisKind, Instrument, Text
from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import (
    BLANK,
    Cell,
    Note,
    RowGroup,
    Table,
    label,
    number,
    stars,
    words,
)
from kocsem.reporting.tables.common import (
    column,
    construct_name,
    known,
    path_cell,
    product_cell,
    records,
)
from kocsem.reporting.words import LABELS, TITLES, VERDICTS
from kocsem.study.analysis import Analysis


def build(analysis: Analysis) -> Table | None:
    """Build the table.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table or None
        Direct hypotheses, indirect ones, interactions and statements, then paths that
        no hypothesis names; None when there is neither a hypothesis nor a path.
    """
    named = {result.hypothesis.nodes for result in analysis.hypotheses}
    parameters = analysis.structural.parameters
    paths = list(records(parameters[parameters["op"] == "~"]))
    others = [p for p in paths if (p["rhs"], p["lhs"]) not in named]
    groups = [
        *(
            _group(kind, _hypotheses(analysis, kind))
            for kind in get_args(HypothesisKind)
        ),
        _group("others", [_untested(analysis, p) for p in others]),
    ]
    filled = [group for group in groups if group.rows]
    if not filled:
        return None
    return Table(
        key="hypotheses",
        title=TITLES["hypotheses" if analysis.hypotheses else "paths"],
        columns=(
            column("hypothesis", "label"),
            column("path", "label"),
            column("beta", "estimate"),
            column("estimate", "estimate"),
            column("se", "estimate"),
            column("z", "estimate"),
            column("pvalue", "pvalue"),
            column("pvalue_holm", "pvalue"),
            column("verdict", "label"),
        ),
        groups=tuple(filled) if len(filled) > 1 else (RowGroup(filled[0].rows),),
        notes=(
            Note(NOTES["hypotheses"]),
            *_holm(analysis),
            *_rsquares(analysis),
            Note(NOTES["stars"], kind="probability"),
        ),
    )


def _group(key: str, rows: list[tuple[Cell, ...]]) -> RowGroup:
    return RowGroup(tuple(rows), label(LABELS[key], key))


def _hypotheses(analysis: Analysis, kind: str) -> list[tuple[Cell, ...]]:
    """Return the rows of all hypotheses of one kind."""
    return [_tested(analysis, r) for r in analysis.hypotheses if r.kind == kind]


def _reason(result: HypothesisResult) -> Text:
    """Say why numbers of a hypothesis are missing."""
    if result.kind in ("moderation", "statement"):
        return NOTES[f"{result.kind}_not_tested"]
    return NOTES["not_tested" if result.est is None else "fixed"]


def _path(instrument: Instrument, hypothesis: Hypothesis) -> Cell:
    """Show what a hypothesis is about: its path, its product, or its words."""
    if hypothesis.kind == "statement":
        return label(hypothesis.statement, hypothesis.id)
    if hypothesis.kind == "moderation":
        return product_cell(instrument, hypothesis.product, str(hypothesis.outcome))
    return path_cell(instrument, hypothesis.nodes)


def _tested(analysis: Analysis, result: HypothesisResult) -> tuple[Cell, ...]:
    """Return the row of a hypothesis."""
    reason = _reason(result)
    marks = stars(result.pvalue)
    hypothesis = result.hypothesis
    return (
        label(hypothesis.id, hypothesis.id),
        _path(analysis.instrument, hypothesis),
        number(result.std, "estimate", marks=marks, reason=reason),
        number(result.est, "estimate", reason=reason),
        number(result.se, "estimate", reason=reason),
        number(result.z, "estimate", reason=reason),
        number(result.pvalue, "pvalue", reason=reason),
        _adjusted(result),
        label(VERDICTS[result.verdict], result.verdict),
    )


def _adjusted(result: HypothesisResult) -> Cell:
    """Return the adjusted p value; empty by design outside the family."""
    if result.pvalue_holm is None:
        return BLANK
    return number(result.pvalue_holm, "pvalue")


def _holm(analysis: Analysis) -> list[Note]:
    """Say for how many hypotheses the p values are adjusted."""
    family = sum(result.pvalue_holm is not None for result in analysis.hypotheses)
    source = words(cite_inside(["holm-1979"]))
    return [Note(NOTES["holm"], (number(family, "count"), source))] if family else []


def _untested(analysis: Analysis, path: dict[str, Any]) -> tuple[Cell, ...]:
    """Return the row of a path that no hypothesis names."""
    fixed = not known(path["pvalue"])
    reason = NOTES["fixed"]
    return (
        BLANK,
        path_cell(analysis.instrument, (path["rhs"], path["lhs"])),
        number(path["std_all"], "estimate", marks=stars(path["pvalue"])),
        number(path["est"], "estimate"),
        number(None if fixed else path["se"], "estimate", reason=reason),
        number(path["z"], "estimate", reason=reason),
        number(path["pvalue"], "pvalue", reason=reason),
        BLANK,
        BLANK,
    )


def _rsquares(analysis: Analysis) -> list[Note]:
    """Return one sentence with R² for each outcome of the structural model."""
    parameters = analysis.structural.parameters
    outcomes = dict.fromkeys(parameters.loc[parameters["op"] == "~", "lhs"])
    rsquare = analysis.structural.rsquare
    return [
        Note(
            NOTES["rsquare"],
            (
                words(construct_name(analysis.instrument, str(outcome))),
                number(rsquare[outcome], "bounded"),
            ),
        )
        for outcome in outcomes
        if outcome in rsquare.index
    ]
