"""All tables of a report, in the order in which a paper prints them, with numbers."""

from collections.abc import Callable
from dataclasses import replace

from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import Note, Table
from kocsem.reporting.tables import (
    collinearity,
    cross_check,
    demographics,
    descriptives,
    discriminant,
    effects,
    findings,
    fit_indices,
    hypotheses,
    items,
    missing,
    parameters,
    reliability,
    sample_flow,
    screening_rules,
    sensitivity,
)
from kocsem.reporting.tables.common import is_synthetic
from kocsem.study.analysis import Analysis

Builder = Callable[[Analysis], Table | None]

#: One builder a table, in order of print; the appendix comes last, and behind it what
#: is for the files of numbers only.
BUILDERS: tuple[Builder, ...] = (
    sample_flow.build,
    demographics.build,
    descriptives.build,
    reliability.build,
    discriminant.build,
    fit_indices.build,
    hypotheses.build,
    effects.build,
    items.build,
    screening_rules.build,
    sensitivity.build,
    missing.build,
    reliability.build_alpha,
    collinearity.build,
    parameters.build_measurement,
    parameters.build_structural,
    cross_check.build,
    findings.build,
    parameters.build_thresholds,
    sensitivity.build_paths,
)


def make_tables(analysis: Analysis) -> tuple[Table, ...]:
    """Build and number all tables of an analysis.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    tuple of Table
        Tables of the paper numbered 1, 2, ..., then those of the appendix S1, S2, ...,
        then those for the files of numbers; a table that has nothing to show is left
        out. Tables of synthetic answers say so, each in a note, because tables are
        copied one by one.
    """
    built = [table for builder in BUILDERS if (table := builder(analysis)) is not None]
    if is_synthetic(analysis):
        built = [_marked(table) for table in built]
    main = [table for table in built if not table.supplementary]
    extra = [table for table in built if table.supplementary]
    return (
        *(table.numbered(str(place)) for place, table in enumerate(main, 1)),
        *(table.numbered(f"S{place}") for place, table in enumerate(extra, 1)),
    )


def _marked(table: Table) -> Table:
    """Add the note that nobody gave these answers."""
    return replace(table, notes=(Note(NOTES["synthetic"]), *table.notes))
