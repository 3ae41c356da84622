"""What the rules look at: the answers as received, laid out column by column.

In: `Responses`, the instrument and the rules in force. Out: `Sheets`. Answers to scale
rows are kept as single-precision columns, so that a rule takes one pass over a column
for all respondents and a large survey is never copied.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kocsem.data.screening.settings import AppliedRules
from kocsem.data.types import Responses
from kocsem.instrument.types import AttentionCheck, Instrument

Column = NDArray[np.float32]
Counts = NDArray[np.int16]
Key = NDArray[np.uint64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Battery:
    """Answers to the rows of the scale, as given, attention checks left out.

    Attributes
    ----------
    columns : mapping of str to ndarray of shape (n,)
        Answers by code of the row, in the order of the questionnaire; NaN where
        unanswered.
    """

    columns: Mapping[str, Column]

    @property
    def size(self) -> int:
        """Number of rows, k."""
        return len(self.columns)

    def some(self, codes: Iterable[str]) -> list[Column]:
        """Return the columns of those codes that the file has.

        Parameters
        ----------
        codes : iterable of str
            Codes of scale rows.

        Returns
        -------
        list of ndarray of shape (n,)
            Their answers, in the order of the codes.
        """
        return [self.columns[code] for code in codes if code in self.columns]

    @cached_property
    def key(self) -> Key:
        """A number for each sheet, equal where all answers are equal, shape (n,).

        Different answers may share a number, if very rarely; it narrows a search. There
        is none without a row of the scale.
        """
        hashes = (pd.util.hash_array(filled(c)) for c in self.columns.values())
        key = next(hashes)
        for more in hashes:
            key *= np.uint64(31)
            key += more
        return key

    @cached_property
    def told(self) -> Counts:
        """How many rows each sheet answers, shape (n,)."""
        return count_answers(list(self.columns.values()))

    @cached_property
    def most_same(self) -> Counts:
        """How often each sheet gives its most frequent answer, shape (n,)."""
        columns = list(self.columns.values())
        found = [pd.unique(column) for column in columns]
        most = np.zeros(len(columns[0]), dtype=np.int16)
        for answer in np.unique(np.concatenate(found)):
            times = np.zeros_like(most)
            for column in columns:
                times += column == answer
            np.maximum(most, times, out=most)
        return most


@dataclass(frozen=True, slots=True)
class Sheets:
    """The answer sheets as received, and whom a sheet is compared with.

    Attributes
    ----------
    responses : Responses
        All answer sheets that came in.
    instrument : Instrument
        What was asked.
    rules : AppliedRules
        The rules in force.
    battery : Battery
        Answers to the rows of the scale.
    among : ndarray of bool, shape (n,)
        The sheets that a rule which compares sheets with each other looks at.
    """

    responses: Responses
    instrument: Instrument
    rules: AppliedRules
    battery: Battery
    among: Mask

    @property
    def answers(self) -> pd.DataFrame:
        """All answers."""
        return self.responses.answers

    @property
    def items(self) -> tuple[str, ...]:
        """Codes of the items that are always in the model and that the file has."""
        return tuple(
            item.id
            for item in self.instrument.items
            if not item.optional and item.id in self.battery.columns
        )

    def present(self, codes: Sequence[str]) -> list[str]:
        """Return the codes that the file has columns for.

        Parameters
        ----------
        codes : sequence of str
            Codes of questions or rows.

        Returns
        -------
        list of str
            Those with answers, in order.
        """
        return [code for code in codes if code in self.answers.columns]


def lay_out(
    responses: Responses, instrument: Instrument, rules: AppliedRules
) -> Sheets:
    """Lay out the answers for the rules.

    Parameters
    ----------
    responses : Responses
        The answers as read.
    instrument : Instrument
        What was asked.
    rules : AppliedRules
        The rules in force.

    Returns
    -------
    Sheets
        With every sheet compared with every other.
    """
    asked, answers = instrument.asked, responses.answers
    columns = {
        code: answers[code].to_numpy(dtype=np.float32)
        for code in instrument.likert_rows
        if code in answers.columns and not isinstance(asked[code], AttentionCheck)
    }
    everyone = np.ones(len(answers), dtype=bool)
    return Sheets(responses, instrument, rules, Battery(columns), everyone)


def filled(column: NDArray[np.floating]) -> NDArray[np.floating]:
    """Give missing values a number of their own, and zero one sign.

    Parameters
    ----------
    column : ndarray of shape (n,)
        Codes of answers; NaN where unanswered.

    Returns
    -------
    ndarray of shape (n,)
        A new array without NaN, in which equal answers are equal bit by bit.
    """
    return np.where(np.isnan(column), column.dtype.type(-1), column) + 0


def count_answers(columns: Sequence[Column]) -> Counts:
    """Count the answers of each sheet.

    Parameters
    ----------
    columns : sequence of ndarray of shape (n,)
        At least one column; NaN where unanswered.

    Returns
    -------
    ndarray of int, shape (n,)
        How many of the columns each sheet answers.
    """
    told = np.zeros(len(columns[0]), dtype=np.int16)
    for column in columns:
        told += column == column  # NaN equals nothing, not even itself
    return told
