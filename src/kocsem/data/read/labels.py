"""The labels that a file gives to its codes, held against the instrument.

In: a file of SPSS or Stata, and what its columns answer. Out: findings where a code
means one answer in the file and another in the instrument, or the file with its labels
in place of its codes. Codes are never turned in silence.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from kocsem.data.read.answers import Conventions
from kocsem.data.read.cells import RawTable
from kocsem.data.read.coding import Choices, choices_among
from kocsem.data.read.matching.records import Target
from kocsem.data.read.platform import Column
from kocsem.data.read.text import number_in
from kocsem.findings import Finding, Severity
from kocsem.instrument.types import Instrument, Question, Text

_NUMBERED = re.compile(r"^\d+\s*[-=.:、]?\s*")

#: A code of a file, what it is in the instrument, and what its label is there.
_Difference = tuple[str, int | None, int]


def with_labels(table: RawTable, targets: Mapping[Target, Column]) -> RawTable:
    """Put the labels of a file in the place of its codes.

    Parameters
    ----------
    table : RawTable
        The file.
    targets : mapping of Target to Column
        What each column answers.

    Returns
    -------
    RawTable
        The file as it would be if it held texts; codes without label stay.
    """
    columns = list(table.columns)
    for target, column in targets.items():
        labels = _labels(table, column)
        if target.option is None and labels:
            cells = columns[column.position]
            columns[column.position] = cells.renamed(_labelled(labels))
    return replace(table, columns=tuple(columns))


def label_findings(
    table: RawTable,
    targets: Mapping[Target, Column],
    instrument: Instrument,
    conventions: Conventions,
) -> Iterator[Finding]:
    """Say where a code means one answer in the file and another in the instrument.

    Parameters
    ----------
    table : RawTable
        The file.
    targets : mapping of Target to Column
        What each column answers.
    instrument : Instrument
        What was asked.
    conventions : Conventions
        How answers stand in the file; a coding says which reading holds.

    Yields
    ------
    Finding
        Code ``"value-labels"``, one for all questions that differ alike: an error, or a
        warning when the caller has said which reading holds. Code ``"unknown-labels"``,
        a warning, where a label is none of the answers, as long as nothing was said.
    """
    alike: defaultdict[tuple[tuple[Text, ...], tuple[_Difference, ...]], list[str]]
    alike = defaultdict(list)
    strange: dict[str, str] = {}
    for target, column in targets.items():
        answers = _answers(instrument, target)
        first = conventions.first_of(target.code, target.code in instrument.likert_rows)
        allowed = choices_among(answers, len(answers), first)
        labels = _labels(table, column)
        if found := _differences(labels, allowed):
            alike[answers, found].append(target.code)
        elif unknown := _unknown(labels, allowed):
            value, number = unknown
            strange[target.code] = f"{value} is '{answers[number - 1].en}'"
    severity: Severity = "error" if conventions.coding is None else "warning"
    for (answers, found), codes in alike.items():
        listed = ", ".join(codes)
        message = f"{table.file}: {_said(listed, answers, found, conventions)}"
        yield Finding("value-labels", severity, listed, message, len(codes))
    if strange and conventions.coding is None:
        listed, (code, meaning) = ", ".join(strange), next(iter(strange.items()))
        message = (
            f"{table.file}: the value labels of {listed} are not the words of the "
            f"instrument: for {code}, {meaning} in the instrument, and the label in "
            "the file is none of its answers. The numbers were read. Compare the "
            "labels with the instrument; say coding: number when they mean the same."
        )
        yield Finding("unknown-labels", "warning", listed, message, len(strange))


def _said(
    codes: str,
    answers: Sequence[Text],
    differences: Sequence[_Difference],
    conventions: Conventions,
) -> str:
    """Give both readings of the first code that differs, and how to choose."""
    value, number, label = differences[0]
    by_number = f"'{answers[number - 1].en}'" if number else "no answer"
    by_label = f"'{answers[label - 1].en}'"
    says = (
        f"the value labels of {codes} are {_kind(differences, len(answers))}: read "
        f"as a number, {value} is {by_number} in the instrument; its label in the file "
        f"means {by_label}."
    )
    if conventions.coding is None:
        return (
            f"{says} It was read as a number. Say coding: text to read by the labels, "
            "or coding: number when the labels are wrong."
        )
    how = "the labels were" if conventions.coding == "text" else "the number was"
    return f"{says} As coding says, {how} read."


def _kind(differences: Sequence[_Difference], points: int) -> str:
    pairs = [(number, label) for _, number, label in differences if number]
    if pairs and all(number + label == points + 1 for number, label in pairs):
        return "reversed"
    if len({number - label for number, label in pairs}) == 1:
        return "shifted"
    return "in another order"


def _differences(
    labels: Mapping[str, str], allowed: Choices
) -> tuple[_Difference, ...]:
    """List the codes whose label is that of another answer."""
    pairs = (
        (value, allowed.by_number(value), _said_by(label, allowed))
        for value, label in labels.items()
    )
    return tuple((v, n, said) for v, n, said in pairs if said and n != said)


def _unknown(labels: Mapping[str, str], allowed: Choices) -> tuple[str, int] | None:
    """Return the first code, and its answer, whose label is the words of no answer."""
    for value, label in labels.items():
        number = allowed.by_number(value)
        if number and number_in(label) is None and _said_by(label, allowed) is None:
            return value, number
    return None


def _said_by(label: str, allowed: Choices) -> int | None:
    """Return the answer that a label names, with or without its number before it."""
    return allowed.by_text(label) or allowed.by_text(_NUMBERED.sub("", label))


def _answers(instrument: Instrument, target: Target) -> tuple[Text, ...]:
    """Return the words of the answers among which a respondent chose one."""
    part = instrument.asked[target.code]
    if not isinstance(part, Question):
        return instrument.scale_of(target.code).anchors
    return tuple(o.label for o in part.options) if part.kind == "single" else ()


def _labels(table: RawTable, column: Column) -> Mapping[str, str]:
    return (table.labels or {}).get(column.position, {})


def _labelled(labels: Mapping[str, str]) -> Callable[[str], str]:
    by_number = {number_in(value): label for value, label in labels.items()}

    def rename(cell: str) -> str:
        number = number_in(cell)
        return (
            labels.get(cell)
            or (by_number.get(number) if number is not None else None)
            or cell
        )

    return rename
