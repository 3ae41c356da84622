"""The matched columns of a file to numeric answers.

In: the cells of a file, what each column answers, and the instrument. Out: one column
of codes for each code of the instrument, and the cells that are no answer.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kocsem.data.read.cells import Cells, RawTable
from kocsem.data.read.choices import SCALE
from kocsem.data.read.coding import Choices, Coding, choices_of, tell_coding
from kocsem.data.read.matching.records import Target
from kocsem.data.read.platform import Column, Platform
from kocsem.data.read.text import label_key, number_in, without_own_words
from kocsem.instrument.types import Instrument, Option, Question, Scale

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Conventions:
    """How answers stand in a file.

    Attributes
    ----------
    platform : Platform
        How its cells say "not answered", "chosen" and several answers.
    coding : {"number", "text"} or None
        The coding of every column; None to tell it from the answers.
    first_code : int or mapping of str to int
        The number that stands for the first category: of all scale rows, or by code.
    recode : mapping of str to mapping of str to int or None
        What further cells stand for, by code or for the scale.
    """

    platform: Platform
    coding: Coding | None
    first_code: int | Mapping[str, int]
    recode: Mapping[str, Mapping[str, int | None]]

    def choices(self, code: str, options: Scale | Sequence[Option]) -> Choices:
        """Return the answers that a question allows in this file.

        Parameters
        ----------
        code : str
            Code of the question.
        options : Scale or sequence of Option
            Its categories.

        Returns
        -------
        Choices
            Codes and labels, with what the study says of further cells.
        """
        is_row = isinstance(options, Scale)
        general = self.recode.get(SCALE, {}) if is_row else {}
        own = {**general, **self.recode.get(code, {})}
        return choices_of(options, self.first_of(code, is_row), own)

    def first_of(self, code: str, is_row: bool) -> int:
        """Return the number that stands for the first category of a question.

        Parameters
        ----------
        code : str
            Code of the question.
        is_row : bool
            Whether it is answered on the scale.

        Returns
        -------
        int
            Usually 1.
        """
        if isinstance(self.first_code, Mapping):
            return self.first_code.get(code, 1)
        return self.first_code if is_row else 1


@dataclass(frozen=True, slots=True)
class Misfit:
    """Cells with one and the same content that is no answer.

    Attributes
    ----------
    code, header : str
        The question and the header of its column.
    cell : str
        The content.
    rows : tuple of int
        Where it stands, as row numbers of the file.
    why : str
        What is wrong with it.
    """

    code: str
    header: str
    cell: str
    rows: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True)
class CodedAnswers:
    """Numeric answers, and what could not be coded.

    Attributes
    ----------
    columns : mapping of str to ndarray of shape (n,)
        Codes of the instrument to answers, NaN where unanswered.
    codings : mapping of str to {"number", "text"}
        How the answers of each scale row or single choice stood in the file.
    misfits : tuple of Misfit
        Cells that are no answer.
    ambiguous : tuple of str
        Questions whose answers mean one thing as numbers and another as texts, where
        the caller did not say which they are.
    """

    columns: Mapping[str, FloatArray]
    codings: Mapping[str, Coding]
    misfits: tuple[Misfit, ...]
    ambiguous: tuple[str, ...] = ()


def code_answers(
    table: RawTable,
    targets: Mapping[Target, Column],
    instrument: Instrument,
    conventions: Conventions,
) -> CodedAnswers:
    """Code all matched columns.

    Parameters
    ----------
    table : RawTable
        The file.
    targets : mapping of Target to Column
        What each column answers.
    instrument : Instrument
        What was asked.
    conventions : Conventions
        How answers stand in the file.

    Returns
    -------
    CodedAnswers
        The answers, their codings and the misfits.
    """
    answered = _Answered(table, conventions.platform.empty)
    choices = _choices(targets, instrument, conventions)
    seen = {
        code: set(answered.of(column, allowed).words) - {""}
        for code, (column, allowed) in choices.items()
    }
    codings = _codings(choices, seen, conventions.coding)
    parts = [
        _one_of(code, column, allowed, codings[code], answered)
        for code, (column, allowed) in choices.items()
    ]
    parts += _others(targets, instrument, answered, conventions)
    found = {code: values for part in parts for code, values in part.columns.items()}
    ordered = {code: found[code] for code in instrument.known_columns if code in found}
    misfits = tuple(misfit for part in parts for misfit in part.misfits)
    ambiguous = tuple(
        code
        for code, (_, allowed) in choices.items()
        if conventions.coding is None and allowed.is_ambiguous(seen[code])
    )
    return CodedAnswers(ordered, codings, misfits, ambiguous)


_Read = Callable[[str], float | None]


@dataclass(frozen=True, slots=True)
class _Part:
    """The answers to one question."""

    columns: dict[str, FloatArray]
    misfits: list[Misfit]


@dataclass(frozen=True, slots=True)
class _Answered:
    """The columns of a file, with empty cells made alike."""

    table: RawTable
    empty: frozenset[str]

    def of(
        self,
        column: Column,
        allowed: Choices | None = None,
        coding: Coding | None = None,
    ) -> Cells:
        """Return the cells of a column, "" where unanswered; option texts are none."""

        def filled(cell: str) -> str:
            if allowed is not None and allowed.is_nothing(cell):
                return ""
            is_text = coding == "text" and allowed is not None and allowed.by_text(cell)
            return "" if label_key(cell) in self.empty and not is_text else cell

        return self.table.columns[column.position].renamed(filled)

    def code(
        self, code: str, column: Column, read: _Read, why: str, cells: Cells
    ) -> _Part:
        """Code every cell of a column; what cannot be read is a misfit."""
        codes = {cell: read(cell) if cell else None for cell in cells.words}
        misfits = [
            Misfit(code, column.header, cell, self._rows(cells, place), why)
            for place, cell in enumerate(cells.words)
            if cell and codes[cell] is None
        ]
        return _Part({code: cells.numbers(codes.__getitem__)}, misfits)

    def _rows(self, cells: Cells, place: int) -> tuple[int, ...]:
        return tuple(self.table.numbers[cells.codes == place].tolist())


def _choices(
    targets: Mapping[Target, Column], instrument: Instrument, conventions: Conventions
) -> dict[str, tuple[Column, Choices]]:
    """Collect what each scale row and single choice allows."""
    choices: dict[str, tuple[Column, Choices]] = {}
    for target, column in targets.items():
        code, part = target.code, instrument.asked[target.code]
        if not isinstance(part, Question):
            allowed = conventions.choices(code, instrument.scale_of(code))
            choices[code] = column, allowed
        elif part.kind == "single":
            choices[code] = column, conventions.choices(code, part.options)
    return choices


def _codings(
    choices: Mapping[str, tuple[Column, Choices]],
    seen: Mapping[str, set[str]],
    coding: Coding | None,
) -> dict[str, Coding]:
    if coding is not None:
        return dict.fromkeys(choices, coding)
    columns = [(allowed, seen[code]) for code, (_, allowed) in choices.items()]
    return dict(zip(choices, tell_coding(columns), strict=True))


def _one_of(
    code: str, column: Column, allowed: Choices, coding: Coding, answered: _Answered
) -> _Part:
    cells = answered.of(column, allowed, coding)
    why = allowed.expected(coding)
    return answered.code(code, column, lambda c: allowed.code(c, coding), why, cells)


def _others(
    targets: Mapping[Target, Column],
    instrument: Instrument,
    answered: _Answered,
    conventions: Conventions,
) -> Iterator[_Part]:
    """Code numbers and questions with several answers; free text is not read."""
    several: defaultdict[str, dict[int | None, Column]] = defaultdict(dict)
    questions: dict[str, Question] = {}
    for target, column in targets.items():
        part = instrument.asked[target.code]
        if isinstance(part, Question) and part.kind == "multi":
            several[target.code][target.option] = column
            questions[target.code] = part
        elif isinstance(part, Question) and part.kind == "number":
            cells = answered.of(column)
            why = "is not a number"
            yield answered.code(target.code, column, number_in, why, cells)
    for code, columns in several.items():
        yield _several(questions[code], columns, answered, conventions)


def _several(
    question: Question,
    columns: Mapping[int | None, Column],
    answered: _Answered,
    conventions: Conventions,
) -> _Part:
    """Code a question with several answers as 0/1, one column for each option."""
    allowed = conventions.choices(question.id, question.options)
    if None in columns:
        separators = conventions.platform.separators
        return _joined(question, columns[None], answered, allowed, separators)
    why = "is neither 0, 1 nor the option"
    parts = [
        answered.code(
            f"{question.id}_{option}",
            column,
            _ticked(allowed, option, conventions.platform.ticks),
            why,
            answered.of(column, allowed, "text"),
        )
        for option, column in columns.items()
        if option is not None
    ]
    values = {code: v for part in parts for code, v in part.columns.items()}
    misfits = [misfit for part in parts for misfit in part.misfits]
    ticked = np.any([v == 1 for v in values.values()], axis=0)
    if conventions.platform.blank_if_none:
        values = {code: np.where(ticked, v, np.nan) for code, v in values.items()}
    if not any((v == 0).any() for v in values.values()):
        values = {c: np.where(ticked & np.isnan(v), 0.0, v) for c, v in values.items()}
    return _Part(values, misfits)


def _ticked(
    allowed: Choices, option: int, ticks: Mapping[str, bool]
) -> Callable[[str], float | None]:
    """Return a reader of cells that say whether one option was chosen."""

    def read(cell: str) -> float | None:
        if (told := ticks.get(label_key(cell))) is not None:
            return float(told)
        number = number_in(cell)
        if number is not None:
            return number if number in (0, 1) else None
        return 1.0 if allowed.by_text(cell) == option else None

    return read


def _joined(
    question: Question,
    column: Column,
    answered: _Answered,
    allowed: Choices,
    separators: str,
) -> _Part:
    """Split cells that hold all chosen options, by text or by number."""
    cells = answered.of(column, allowed, "text")

    def read(cell: str) -> float | None:
        return None if chosen_in(cell, allowed, separators) is None else 1.0

    why = "holds what is no option"
    checked = answered.code(question.id, column, read, why, cells)
    chosen = {cell: chosen_in(cell, allowed, separators) for cell in cells.words}

    def has(option: int) -> Callable[[str], float | None]:
        return lambda cell: float(option in codes) if (codes := chosen[cell]) else None

    columns = {
        f"{question.id}_{option.code}": cells.numbers(has(option.code))
        for option in question.options
    }
    return _Part(columns, checked.misfits)


def chosen_in(cell: str, allowed: Choices, separators: str) -> frozenset[int] | None:
    """Read the options chosen in one cell.

    An option may itself hold a separator: of two options that fit, the longer is meant.

    Parameters
    ----------
    cell : str
        Option texts or option numbers, joined.
    allowed : Choices
        The options.
    separators : str
        Characters that join them.

    Returns
    -------
    frozenset of int or None
        Codes of the options; empty for an empty cell, None when one is unknown.
    """
    tokens = re.split(f"([{re.escape(separators)}])", without_own_words(cell))
    return _parsed(tuple(tokens), allowed)


def _parsed(tokens: tuple[str, ...], allowed: Choices) -> frozenset[int] | None:
    """Read texts and the separators between them, the longest option first."""
    if not tokens:
        return frozenset()
    if not tokens[0].strip():
        return _parsed(tokens[2:], allowed)
    for end in range(len(tokens), 0, -2):
        words = "".join(tokens[:end])
        if end > 1 and number_in("".join(words.split())) is not None:
            continue  # "1 3" are two options, not option 13
        code = allowed.by_text(words) or allowed.by_number(words)
        rest = _parsed(tokens[end + 1 :], allowed) if code else None
        if code and rest is not None:
            return rest | {code}
    return None
