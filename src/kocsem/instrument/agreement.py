"""What must agree inside a survey definition: codes, references, places, conditions.

In: the parts of an instrument. Out: one `Problem` for everything that leads nowhere, is
named twice, or stands where it cannot stand.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

from kocsem.instrument.comparison import Comparison
from kocsem.instrument.hypothesis import Hypothesis
from kocsem.instrument.nearest import hint
from kocsem.instrument.problems import Path, Problem
from kocsem.instrument.questions import (
    AttentionCheck,
    Block,
    Item,
    MarkerItem,
    Question,
    Screener,
)
from kocsem.instrument.theory import Construct, Theory
from kocsem.instrument.wording import Scale

#: Anything a respondent answers.
Asked = Item | MarkerItem | AttentionCheck | Question

_ASKED_FIELDS = ("screening", "items", "marker", "attention", "demographics")


class Parts(Protocol):
    """The parts of an instrument, each of which is sound by itself."""

    @property
    def scale(self) -> Scale:
        """Answer scale of the rows."""

    @property
    def theories(self) -> tuple[Theory, ...]:
        """Theories that constructs refer to."""

    @property
    def constructs(self) -> tuple[Construct, ...]:
        """What is measured."""

    @property
    def items(self) -> tuple[Item, ...]:
        """Indicators of the constructs."""

    @property
    def marker(self) -> tuple[MarkerItem, ...]:
        """Rows for common-method checks."""

    @property
    def attention(self) -> tuple[AttentionCheck, ...]:
        """Rows that only an attentive reader answers as they ask."""

    @property
    def screening(self) -> tuple[Screener, ...]:
        """Questions that decide who belongs to the study."""

    @property
    def demographics(self) -> tuple[Question, ...]:
        """Characteristics of the respondent."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The questionnaire in order."""

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """What the study expects."""

    @property
    def comparison(self) -> Comparison | None:
        """Which creators are compared."""


def disagreements(parts: Parts) -> list[Problem]:
    """Find all that does not agree between the parts of an instrument.

    Parameters
    ----------
    parts : Parts
        An instrument whose parts were each validated.

    Returns
    -------
    list of Problem
        Empty when everything agrees.
    """
    checks = (
        _repeated_codes,
        _wrong_references,
        _gaps,
        _misplaced,
        _matrix_strays,
        _conditions,
        _dimensions,
        _compared,
    )
    return [problem for check in checks for problem in check(parts)]


def asked_with_path(parts: Parts) -> Iterator[tuple[Path, Asked]]:
    """Go through all that is asked, with the keys that lead to it.

    Parameters
    ----------
    parts : Parts
        An instrument.

    Yields
    ------
    tuple of str or int, and Item, MarkerItem, AttentionCheck or Question
        In the order of the file.
    """
    for field in _ASKED_FIELDS:
        for position, part in enumerate(getattr(parts, field)):
            yield (field, position), part


def _repeated_codes(parts: Parts) -> Iterator[Problem]:
    """Find codes used twice; codes of constructs and of columns share one space."""
    named: list[tuple[Path, str]] = [
        (("constructs", i), construct.id)
        for i, construct in enumerate(parts.constructs)
    ]
    for path, part in asked_with_path(parts):
        columns = part.columns if isinstance(part, Question) else ()
        named += [(path, code) for code in dict.fromkeys((part.id, *columns))]
    for field in ("theories", "blocks", "hypotheses"):
        records = enumerate(getattr(parts, field))
        yield from _repeats([((field, i), record.id) for i, record in records])
    yield from _repeats(named)


def _repeats(named: list[tuple[Path, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, code in named:
        if code in seen:
            message = f"the code {code} is used before; every code stands for one thing"
            yield Problem((*path, "id"), message)
        seen.add(code)


def _wrong_references(parts: Parts) -> Iterator[Problem]:
    """Find codes that lead nowhere."""
    constructs = [construct.id for construct in parts.constructs]
    theories = [theory.id for theory in parts.theories]
    for i, construct in enumerate(parts.constructs):
        if construct.theory is not None and construct.theory not in theories:
            message = unknown(construct.theory, "theory", theories)
            yield Problem(("constructs", i, "theory"), message)
    for i, item in enumerate(parts.items):
        if item.construct not in constructs:
            message = unknown(item.construct, "construct", constructs)
            yield Problem(("items", i, "construct"), message)
    for i, hypothesis in enumerate(parts.hypotheses):
        key = "path" if hypothesis.path else "about"
        for code in hypothesis.constructs:
            if code not in constructs:
                message = unknown(code, "construct", constructs)
                yield Problem(("hypotheses", i, key), message)
    for i, check in enumerate(parts.attention):
        stray = [c for c in check.accept if not 1 <= c <= parts.scale.points]
        if stray:
            message = f"{stray} is outside the scale 1 to {parts.scale.points}"
            yield Problem(("attention", i, "accept"), message)


def _gaps(parts: Parts) -> Iterator[Problem]:
    """Find constructs without items, and an instrument without constructs."""
    if not parts.constructs:
        yield Problem(("constructs",), "name at least one construct")
    measured = {item.construct for item in parts.items if not item.optional}
    for i, construct in enumerate(parts.constructs):
        if construct.level == "first" and construct.id not in measured:
            message = f"{construct.id} has no item that is always in the model"
            yield Problem(("constructs", i), message)


def _misplaced(parts: Parts) -> Iterator[Problem]:
    """Find questions in no block or in two, where there are blocks."""
    codes = [part.id for _, part in asked_with_path(parts)]
    placed = Counter(code for block in parts.blocks for code in block.items)
    for i, block in enumerate(parts.blocks):
        for j, code in enumerate(block.items):
            if code not in codes:
                yield Problem(("blocks", i, "items", j), unknown(code, "code", codes))
            elif placed[code] > 1:
                message = f"{code} stands {placed[code]} times in the blocks; keep one"
                yield Problem(("blocks", i, "items", j), message)
    for path, part in asked_with_path(parts):
        if placed and part.id not in placed:
            message = f"{part.id} is in no block, so its place is unknown"
            yield Problem(path, message)


def _matrix_strays(parts: Parts) -> Iterator[Problem]:
    questions = {q.id for q in (*parts.screening, *parts.demographics)}
    for i, block in enumerate(parts.blocks):
        for j, code in enumerate(block.items):
            if block.kind == "matrix" and code in questions:
                message = f"{code} has its own options and cannot be a matrix row"
                yield Problem(("blocks", i, "items", j), message)


def _conditions(parts: Parts) -> Iterator[Problem]:
    """Find conditions on what is not asked before, or cannot be answered so."""
    single = {
        question.id: {option.code for option in question.options}
        for question in (*parts.screening, *parts.demographics)
        if question.kind == "single"
    }
    before: set[str] = set()
    for i, block in enumerate(parts.blocks):
        if condition := block.shown_if:
            path: Path = ("blocks", i, "shown_if")
            options = single.get(condition.question, set())
            stray = [code for code in condition.answers if code not in options]
            if condition.question not in before & set(single):
                said = f"no question {condition.question} with one answer comes before"
                yield Problem((*path, "question"), said)
            elif stray:
                said = f"{stray} is no option code of {condition.question}"
                yield Problem((*path, "answers"), said)
        before |= set(block.items)


def _dimensions(parts: Parts) -> Iterator[Problem]:
    """Find second-order constructs with items, or with dimensions that are none."""
    first = [c.id for c in parts.constructs if c.level == "first"]
    second = [c.id for c in parts.constructs if c.level == "second"]
    for i, item in enumerate(parts.items):
        if item.construct in second:
            said = f"{item.construct} is measured by its dimensions and has no items"
            yield Problem(("items", i, "construct"), said)
    owner: dict[str, str] = {}
    for i, construct in enumerate(parts.constructs):
        for j, code in enumerate(construct.dimensions):
            path: Path = ("constructs", i, "dimensions", j)
            if code not in first:
                yield Problem(path, unknown(code, "first-order construct", first))
            elif code in owner:
                said = f"{code} is a dimension of {owner[code]} already"
                yield Problem(path, said)
            owner.setdefault(code, construct.id)


def _compared(parts: Parts) -> Iterator[Problem]:
    """Find a comparison whose questions are not asked, or do not fit its referents."""
    comparison = parts.comparison
    if comparison is None:
        return
    asked = {q.id: q for q in (*parts.screening, *parts.demographics)}
    for key in ("group", "order"):
        code = getattr(comparison, key)
        if code is None:
            continue
        question = asked.get(code)
        if question is None or question.kind != "single":
            known = [q.id for q in asked.values() if q.kind == "single"]
            said = unknown(code, "question with one answer", known)
            yield Problem(("comparison", key), said)
        elif len(question.options) != len(comparison.referents):
            count = len(comparison.referents)
            said = f"{code} has {len(question.options)} options for {count} referents"
            yield Problem(("comparison", key), said)
    for key in ("manipulation_checks", "asked_of_each"):
        for j, code in enumerate(getattr(comparison, key)):
            if code not in asked:
                said = unknown(code, "question", asked)
                yield Problem(("comparison", key, j), said)


def unknown(code: str, kind: str, known: Iterable[str]) -> str:
    """Say that a code leads nowhere, and which one may have been meant.

    Parameters
    ----------
    code : str
        What was written.
    kind : str
        What it should be a code of, such as ``"construct"``.
    known : iterable of str
        The codes that exist.

    Returns
    -------
    str
        A clause without a full stop.
    """
    return f"there is no {kind} {code}; {hint(code, known)}"
