"""Table of variance inflation factors: predictors by outcome, and all constructs."""

from kocsem.citations import cite_inside
from kocsem.instrument.types import Text
from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import (
    BLANK,
    Column,
    Note,
    RowGroup,
    Table,
    number,
    words,
)
from kocsem.reporting.tables.common import (
    column,
    complete_sheets,
    construct_cell,
    keeps_missing,
    records,
)
from kocsem.reporting.words import TITLES
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
        One row a variable, one column an outcome, then the full collinearity test;
        None when there is neither a path nor a pair of constructs.
    """
    by_path = {
        (row["predictor"], row["outcome"]): number(
            row["vif"], "estimate", reason=NOTES["no_vif"]
        )
        for row in records(analysis.collinearity.predictors)
    }
    full = {
        row["construct"]: number(row["vif"], "estimate", reason=NOTES["no_vif"])
        for row in records(analysis.collinearity.constructs)
    }
    names = dict.fromkeys([*full, *(predictor for predictor, _ in by_path)])
    if not names:
        return None
    outcomes = dict.fromkeys(outcome for _, outcome in by_path)
    rows = tuple(
        (
            construct_cell(analysis.instrument, name),
            *(by_path.get((name, outcome), BLANK) for outcome in outcomes),
            *((full.get(name, BLANK),) if full else ()),
        )
        for name in names
    )
    return Table(
        key="collinearity",
        title=TITLES["collinearity"],
        columns=(
            column("variable", "label"),
            *(_outcome(outcome) for outcome in outcomes),
            *((column("full_vif", "estimate"),) if full else ()),
        ),
        groups=(RowGroup(rows),),
        notes=(
            Note(NOTES["vif"]),
            *_complete(analysis),
            *_limits(bool(outcomes), bool(full)),
        ),
        supplementary=True,
    )


def _outcome(code: str) -> Column:
    heading = Text(zh=f"VIF（因变量：{code}）", en=f"VIF ({code})")
    return Column(f"vif_{code}", heading, "estimate")


def _complete(analysis: Analysis) -> tuple[Note, ...]:
    """Say what the factors rest on, where other tables rest on more."""
    if analysis.missing is None or not keeps_missing(analysis):
        return ()
    count = number(complete_sheets(analysis.missing), "count")
    return (Note(NOTES["vif_complete"], (count,)),)


def _limits(paths: bool, constructs: bool) -> tuple[Note, ...]:
    limit = words(cite_inside(["hair-risher-sarstedt-ringle-2019"]))
    full = words(cite_inside(["kock-2015"]))
    return (
        *((Note(NOTES["vif_predictors"], (limit,)),) if paths else ()),
        *((Note(NOTES["vif_full"], (full,)),) if constructs else ()),
    )
