"""Table of the screening rules: limit, source, and how many answer sheets each hits."""

from kocsem.citations import cite_all
from kocsem.data.screening.counts import count_reasons
from kocsem.data.types import RuleInForce
from kocsem.reporting.screening_notes import SCREENING_NOTES
from kocsem.reporting.table import Cell, Note, RowGroup, Table, label, number, words
from kocsem.reporting.tables.common import column, records
from kocsem.reporting.words import HANDLINGS, TITLES
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
        One row a rule that was applied, in the order of the rules; None for none.
    """
    screening = analysis.screening
    if not screening.rules:
        return None
    counts = {str(row["reason"]): row for row in records(count_reasons(screening))}
    rows = tuple(_row(rule, counts[rule.reason]) for rule in screening.rules)
    received = number(len(screening.reasons), "count")
    return Table(
        key="screening_rules",
        title=TITLES["screening_rules"],
        columns=(
            column("rule", "label"),
            column("limit"),
            column("handling", "label"),
            column("hits", "count"),
            column("hit_alone", "count"),
            column("hit_shared", "count"),
            column("dropped", "count"),
            column("source"),
        ),
        groups=(RowGroup(rows),),
        notes=(
            Note(SCREENING_NOTES["rules"], (received,)),
            Note(SCREENING_NOTES["compared"]),
        ),
        supplementary=True,
    )


def _row(rule: RuleInForce, counts: dict[str, object]) -> tuple[Cell, ...]:
    return (
        label(rule.label, rule.reason),
        words(rule.limit),
        label(HANDLINGS[rule.handling], rule.handling),
        number(counts["hits"], "count"),
        number(counts["alone"], "count"),
        number(counts["shared"], "count"),
        number(counts["dropped"], "count"),
        _source(rule),
    )


def _source(rule: RuleInForce) -> Cell:
    """Name the sources; a convention has none, and a note says so."""
    if rule.citations:
        return words(cite_all(rule.citations))
    return Cell(None, "text", reason=SCREENING_NOTES["no_source"])
