"""An export looked at: what each column is, what each cell means, and how surely.

In: a file, an instrument and what is said about the file. Out: an `Inspection`, in
which nothing is refused yet, so that a reader can be shown all that was found.
"""

from dataclasses import dataclass
from pathlib import Path

from kocsem.data.read.answers import CodedAnswers, Conventions, code_answers
from kocsem.data.read.cells import RawTable
from kocsem.data.read.choices import ReadingChoices, check_choices
from kocsem.data.read.labels import label_findings, with_labels
from kocsem.data.read.matching.agreement import agreement_findings
from kocsem.data.read.matching.mapping import stated_roles
from kocsem.data.read.matching.match import match_columns
from kocsem.data.read.matching.records import Matching
from kocsem.data.read.platform import Column, Layout, Platform
from kocsem.data.read.platforms.registry import find_platform
from kocsem.data.read.table import read_table
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was made out of an export.

    Attributes
    ----------
    raw : RawTable
        The cells of the file.
    platform : Platform
        The survey platform whose layout it has.
    layout : Layout
        The file as the platform means it.
    columns : tuple of Column
        Its columns, with the roles that the study states.
    matching : Matching
        Which column answers what.
    coded : CodedAnswers
        The answers, and the cells that are none.
    choices : ReadingChoices
        What was said about the file.
    findings : tuple of Finding
        Labels of the file that contradict the instrument.
    """

    raw: RawTable
    platform: Platform
    layout: Layout
    columns: tuple[Column, ...]
    matching: Matching
    coded: CodedAnswers
    choices: ReadingChoices
    findings: tuple[Finding, ...]

    @property
    def table(self) -> RawTable:
        """The rows that hold answers."""
        return self.layout.table


def inspect_export(
    path: str | Path, instrument: Instrument, choices: ReadingChoices
) -> Inspection:
    """Look at an export.

    Parameters
    ----------
    path : str or Path
        The file.
    instrument : Instrument
        What was asked.
    choices : ReadingChoices
        What is said about the file.

    Returns
    -------
    Inspection
        All that was found.

    Raises
    ------
    DataError
        If the file cannot be read, what is said about it cannot be meant, or two
        columns answer one question.
    """
    check_choices(choices, instrument)
    raw = read_table(path)
    platform = find_platform(choices.platform, raw)
    layout = platform.layout(raw)
    stated = choices.mapping or {}
    columns = stated_roles(layout.columns, stated, instrument, raw.file)
    matching = match_columns(columns, instrument, stated, raw.file)
    conventions = Conventions(
        platform=platform,
        coding=None if choices.coding == "auto" else choices.coding,
        first_code=choices.first_code,
        recode=choices.recode or {},
    )
    targets, table = matching.targets, layout.table
    labelled = tuple(label_findings(table, targets, instrument, conventions))
    if choices.coding == "text":
        table = with_labels(table, targets)
    return Inspection(
        raw=raw,
        platform=platform,
        layout=layout,
        columns=columns,
        matching=matching,
        coded=code_answers(table, targets, instrument, conventions),
        choices=choices,
        findings=(*labelled, *agreement_findings(matching.matches, instrument)),
    )
