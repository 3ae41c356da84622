"""Table of model fit: indices of both models, criteria, verdicts and sources."""

from collections.abc import Mapping

from kocsem.assessment.records import JudgedIndex, Threshold
from kocsem.citations import cite_all
from kocsem.instrument.types import Text
from kocsem.reporting.format import Kind
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
from kocsem.reporting.tables.common import column, same
from kocsem.reporting.tables.fit_notes import fit_notes
from kocsem.reporting.words import INDICES, NO_INDEX, TITLES, VERDICTS
from kocsem.study.analysis import Analysis

#: Figures that are printed without a verdict, before and after the judged indices.
_FIRST: tuple[tuple[str, Kind], ...] = (
    ("chisq", "estimate"),
    ("df", "count"),
    ("pvalue", "pvalue"),
)
_LIKELIHOOD: tuple[tuple[str, Kind], ...] = (("aic", "estimate"), ("bic", "estimate"))
_RELATIONS = {"<": "< ", "<=": "≤ ", ">": "> ", ">=": "≥ "}
_UNBOUNDED = frozenset({"chisq_df"})


def build(analysis: Analysis) -> Table:
    """Build the table.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table
        One row an index, for the measurement and the structural model; one column of
        values when they are the same.
    """
    single = analysis.measurement is analysis.structural
    fits = (
        (analysis.structural,)
        if single
        else (analysis.measurement, analysis.structural)
    )
    measures = tuple(fit.reported_measures for fit in fits)
    measured = {judged.index: judged for judged in analysis.measurement_indices}
    rows = [
        *(_plain(key, kind, measures) for key, kind in _FIRST),
        *(
            _judged(index, (index,) if single else (measured.get(index.index), index))
            for index in analysis.indices
        ),
        _rmsea_interval(measures),
        _plain("rmsea_pvalue", "pvalue", measures),
        *(
            _plain(key, kind, measures)
            for key, kind in _LIKELIHOOD
            if key in measures[0]
        ),
    ]
    models = ("structural",) if single else ("measurement", "structural")
    return Table(
        key="fit_indices",
        title=TITLES["fit_indices"],
        columns=(
            column("index", "label"),
            *(column(model, "estimate") for model in models),
            column("criterion", "limit"),
            column("lenient", "limit"),
            column("verdict", "label"),
            column("source", "text"),
        ),
        groups=(RowGroup(tuple(rows)),),
        notes=(
            Note(NOTES["fit"], (number(analysis.nobs, "count"),)),
            *fit_notes(analysis),
        ),
    )


def _index_name(index: str) -> Cell:
    return label(INDICES.get(index) or same(index.upper()), index)


def _plain(
    key: str, kind: Kind, measures: tuple[Mapping[str, float], ...]
) -> tuple[Cell, ...]:
    """Return the row of a figure without a verdict."""
    values = tuple(number(found.get(key), kind) for found in measures)
    return (_index_name(key), *values, BLANK, BLANK, BLANK, BLANK)


def _rmsea_interval(measures: tuple[Mapping[str, float], ...]) -> tuple[Cell, ...]:
    cells = tuple(
        interval(m.get("rmsea_ci_lower"), m.get("rmsea_ci_upper"), "bounded_interval")
        for m in measures
    )
    return (_index_name("rmsea_interval"), *cells, BLANK, BLANK, BLANK, BLANK)


def _judged(
    index: JudgedIndex, models: tuple[JudgedIndex | None, ...]
) -> tuple[Cell, ...]:
    """Return the row of an index with its criteria and the verdict."""
    verdict = index.verdict
    return (
        _index_name(index.index),
        *(BLANK if model is None else _value(model) for model in models),
        _threshold(index.criterion),
        _threshold(index.lenient),
        label(VERDICTS[verdict], verdict) if verdict else BLANK,
        words(cite_all(index.citations)),
    )


def _value(index: JudgedIndex) -> Cell:
    kind: Kind = "estimate" if index.index in _UNBOUNDED else "bounded"
    if index.reason:
        reason = Text(zh=NO_INDEX.zh, en=index.reason)
        return number(index.value, kind, reason=reason)
    return number(index.value, kind)


def _threshold(threshold: Threshold | None) -> Cell:
    if threshold is None:
        return BLANK
    lead = _RELATIONS[threshold.relation]
    return Cell(threshold.limit, "limit", code=str(threshold), lead=lead)
