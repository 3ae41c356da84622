"""Cells to the codes of an instrument, by option number or by option text.

In: a scale or a list of options, and cells. Out: codes 1 to k in display order, and
whether a column holds option numbers or option texts.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from kocsem.data.read.text import label_key, number_in
from kocsem.instrument.types import Option, Scale, Text

Coding = Literal["number", "text"]


@dataclass(frozen=True, slots=True)
class Choices:
    """The answers that one question allows.

    Attributes
    ----------
    points : int
        Codes are 1 to `points`.
    labels : mapping of str to int
        Keys of the option texts, in both languages, to codes.
    first : int
        The number that stands for code 1 in the file.
    own : mapping of str to int or None
        Keys of cells that the study gives a meaning to, to codes; None for no answer.
    """

    points: int
    labels: Mapping[str, int]
    first: int = 1
    own: Mapping[str, int | None] = field(default_factory=dict)

    def by_number(self, cell: str) -> int | None:
        """Return the code of an option number, or None if it is none.

        Parameters
        ----------
        cell : str
            The cell.

        Returns
        -------
        int or None
            The code.
        """
        if (key := label_key(cell)) in self.own:
            return self.own[key]
        number = number_in(cell)
        if number is None or not number.is_integer():
            return None
        code = int(number) - self.first + 1
        return code if 1 <= code <= self.points else None

    def by_text(self, cell: str) -> int | None:
        """Return the code of an option text, or None if it is none.

        Parameters
        ----------
        cell : str
            The cell.

        Returns
        -------
        int or None
            The code.
        """
        key = label_key(cell)
        return self.own[key] if key in self.own else self.labels.get(key)

    def is_nothing(self, cell: str) -> bool:
        """Tell whether the study says that a cell is no answer.

        Parameters
        ----------
        cell : str
            The cell.

        Returns
        -------
        bool
            True when it stands for nothing.
        """
        return self.own.get(label_key(cell), 0) is None

    def code(self, cell: str, coding: Coding) -> int | None:
        """Return the code of a cell under one coding.

        Parameters
        ----------
        cell : str
            The cell.
        coding : {"number", "text"}
            How the answers of the column stand.

        Returns
        -------
        int or None
            The code.
        """
        return self.by_number(cell) if coding == "number" else self.by_text(cell)

    def is_ambiguous(self, cells: set[str]) -> bool:
        """Tell whether answers could be numbers or texts, with different codes.

        Parameters
        ----------
        cells : set of str
            The different answers of a column.

        Returns
        -------
        bool
            True when every answer is possible either way and one differs.
        """
        pairs = [(self.by_number(cell), self.by_text(cell)) for cell in cells]
        possible = all(None not in pair for pair in pairs)
        return possible and any(number != text for number, text in pairs)

    def expected(self, coding: Coding) -> str:
        """Say what an answer looks like.

        Parameters
        ----------
        coding : {"number", "text"}
            How the answers of the column stand.

        Returns
        -------
        str
            A clause for a message.
        """
        if coding == "text":
            return "is no option text"
        last = self.first + self.points - 1
        return f"is not one of {self.first} to {last}"


def choices_of(
    options: Scale | Sequence[Option],
    first: int = 1,
    own: Mapping[str, int | None] | None = None,
) -> Choices:
    """Collect the answers that a scale or a list of options allows.

    Parameters
    ----------
    options : Scale or sequence of Option
        The categories.
    first : int
        The number that stands for code 1 in the file.
    own : mapping of str to int or None, optional
        What further cells stand for; None for no answer.

    Returns
    -------
    Choices
        Codes and labels; a label that stands for two categories is left out.
    """
    if isinstance(options, Scale):
        texts, points = options.anchors, options.points
    else:
        texts, points = tuple(option.label for option in options), len(options)
    stated = {label_key(cell): code for cell, code in (own or {}).items()}
    return replace(choices_among(texts, points, first), own=stated)


def choices_among(texts: Sequence[Text], points: int, first: int) -> Choices:
    """Collect the answers that go by certain words.

    Parameters
    ----------
    texts : sequence of Text
        The words of each answer; empty when they are not known.
    points : int
        How many answers there are.
    first : int
        The number that stands for code 1 in the file.

    Returns
    -------
    Choices
        Codes and labels; a label that stands for two categories is left out.
    """
    codes: defaultdict[str, set[int]] = defaultdict(set)
    for code, text in enumerate(texts, start=1):
        for words in (text.zh, text.en):
            codes[label_key(words)].add(code)
    labels = {key: min(found) for key, found in codes.items() if len(found) == 1}
    return Choices(points, labels, first)


def tell_coding(columns: Sequence[tuple[Choices, set[str]]]) -> list[Coding]:
    """Tell from the answers whether columns hold option numbers or option texts.

    Parameters
    ----------
    columns : sequence of (Choices, set of str)
        What each column allows, and the different answers it holds.

    Returns
    -------
    list of {"number", "text"}
        One for each column. A column that could be both follows the majority.
    """
    alone = [_coding_alone(choices, cells) for choices, cells in columns]
    majority: Coding = (
        "text" if alone.count("text") > alone.count("number") else "number"
    )
    return [coding or majority for coding in alone]


def _coding_alone(choices: Choices, cells: set[str]) -> Coding | None:
    numbers = sum(choices.by_number(cell) is not None for cell in cells)
    texts = sum(choices.by_text(cell) is not None for cell in cells)
    if numbers == texts == len(cells):
        return None
    if numbers == texts:
        digits = sum(number_in(cell) is not None for cell in cells)
        return "number" if 2 * digits >= len(cells) else "text"
    return "number" if numbers > texts else "text"
