"""Tables of the main result under other rules of screening."""

from collections.abc import Iterator, Sequence
from typing import Any

from kocsem.instrument.types import Text
from kocsem.reporting.notes import NOTES
from kocsem.reporting.screening_notes import CHOICES, SCREENING_NOTES
from kocsem.reporting.table import (
    BLANK,
    Cell,
    Column,
    Note,
    RowGroup,
    Table,
    label,
    number,
    stars,
    words,
)
from kocsem.reporting.tables.common import column, records, same
from kocsem.reporting.words import LABELS, NO_INDEX, TITLES, VERDICTS
from kocsem.study.analysis import Analysis
from kocsem.study.sensitivity import Outcome, Scenario, Sensitivity, Variant, changes

#: Kinds of choices in the order of print; those with one rule each have a heading.
_ENDS, _GROUPS = ("population", "all"), ("only", "without", "also")


def build(analysis: Analysis) -> Table | None:
    """Build the table of a paper's appendix.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table or None
        One row a choice of rules; None when the study has no sensitivity analysis.
    """
    found = analysis.sensitivity
    if found is None:
        return None
    rows = {kind: _rows(found, kind) for kind in (*_ENDS, *_GROUPS)}
    return Table(
        key="sensitivity",
        title=TITLES["sensitivity"],
        columns=(
            column("scenario", "label"),
            column("dropped", "count"),
            column("n", "count"),
            column("cfi", "bounded"),
            column("rmsea", "bounded"),
            *(_path_column(path) for path in found.paths),
        ),
        groups=(
            RowGroup((*rows["population"], *rows["all"])),
            *(RowGroup(rows[k], label(LABELS[k], k)) for k in _GROUPS if rows[k]),
        ),
        notes=tuple(_notes(found)),
        supplementary=True,
    )


def build_paths(analysis: Analysis) -> Table | None:
    """Build the table of all numbers of the paths, for the files of numbers.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table or None
        One row a choice of rules and path; None without a sensitivity analysis, or
        when the model has no path.
    """
    found = analysis.sensitivity
    if found is None or not found.paths:
        return None
    rows = tuple(
        _path_row(variant, path, row)
        for variant in found.variants
        for path, row in zip(
            found.paths, _found(variant.outcome, found.paths), strict=True
        )
    )
    return Table(
        key="sensitivity_paths",
        title=TITLES["sensitivity_paths"],
        columns=(
            column("scenario", "label"),
            column("rule", "label"),
            column("path", "label"),
            column("beta", "estimate"),
            column("estimate", "estimate"),
            column("se", "estimate"),
            column("z", "estimate"),
            column("pvalue", "pvalue"),
        ),
        groups=(RowGroup(rows),),
        supplementary=True,
        data_only=True,
    )


def _path_column(path: tuple[str, str]) -> Column:
    predictor, outcome = path
    return Column(
        f"path_{predictor}_{outcome}", same(f"{predictor} → {outcome}"), "estimate"
    )


def _rows(found: Sensitivity, kind: str) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows of one kind of choices."""
    return tuple(
        _row(variant, found.paths)
        for variant in found.variants
        if variant.scenario.kind == kind
    )


def _row(variant: Variant, paths: Sequence[tuple[str, str]]) -> tuple[Cell, ...]:
    """Return one choice of rules."""
    outcome, scenario = variant.outcome, variant.scenario
    why = _why(outcome)
    return (
        label(
            scenario.label or LABELS[scenario.kind],
            scenario.reason or scenario.kind,
            bold=scenario.kind == "all",
        ),
        number(variant.dropped, "count"),
        number(outcome.nobs, "count", reason=why),
        number(outcome.cfi, "bounded", reason=why),
        number(outcome.rmsea, "bounded", reason=why),
        *(
            number(row["std"], "estimate", marks=stars(row["pvalue"]), reason=why)
            for row in _found(outcome, paths)
        ),
    )


def _path_row(
    variant: Variant, path: tuple[str, str], row: dict[str, Any]
) -> tuple[Cell, ...]:
    """Return one path under one choice of rules."""
    scenario, why = variant.scenario, _why(variant.outcome)
    fixed = why if variant.outcome.failure else NOTES["fixed"]
    arrow = same(" → ".join(path))
    return (
        label(LABELS[scenario.kind], scenario.kind),
        BLANK if scenario.label is None else label(scenario.label, scenario.reason),
        label(arrow, " -> ".join(path)),
        number(row["std"], "estimate", marks=stars(row["pvalue"]), reason=why),
        number(row["est"], "estimate", reason=why),
        *(number(row[key], "estimate", reason=fixed) for key in ("se", "z")),
        number(row["pvalue"], "pvalue", reason=fixed),
    )


def _found(outcome: Outcome, paths: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the numbers of each path; empty ones where there is no result."""
    empty = dict.fromkeys(("est", "se", "z", "pvalue", "std"))
    if outcome.failure:
        return [empty for _ in paths]
    return list(records(outcome.paths))


def _why(outcome: Outcome) -> Text:
    """Say why a number is missing."""
    if not outcome.failure:
        return NO_INDEX
    return Text(
        zh=f"该方案下模型无法估计：{outcome.failure}",
        en=f"The model could not be fitted: {outcome.failure}",
    )


def _notes(found: Sensitivity) -> Iterator[Note]:
    """Explain the columns, and say which verdicts change."""
    yield Note(SCREENING_NOTES["sensitivity"])
    yield Note(SCREENING_NOTES["by_design"])
    changed = changes(found)
    for change in changed:
        verdicts = [words(VERDICTS[v]) for v in (change.study, change.other)]
        named = words(change.hypothesis)
        yield Note(
            SCREENING_NOTES["changed"], (named, *verdicts, _listed(change.variants))
        )
    if not changed and found.study.outcome.hypotheses:
        yield Note(SCREENING_NOTES["unchanged"])
    wrong = [v for v in found.variants if v.outcome.inadmissible]
    if wrong:
        yield Note(SCREENING_NOTES["inadmissible"], (_listed(wrong),))
    if found.paths:
        yield Note(NOTES["stars"], kind="probability")


def _listed(variants: Sequence[Variant]) -> Cell:
    """Return choices of rules as they stand in a sentence."""
    named = [_named(variant.scenario) for variant in variants]
    return words(
        Text(zh="、".join(n.zh for n in named), en=", ".join(n.en for n in named))
    )


def _named(scenario: Scenario) -> Text:
    """Return a choice of rules in a few words."""
    choice = CHOICES[scenario.kind]
    if scenario.label is None:
        return choice
    rule = scenario.label
    return Text(
        zh=choice.zh.format(rule.zh),
        en=choice.en.format(rule.en[0].lower() + rule.en[1:]),
    )
