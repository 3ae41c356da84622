"""The records that answers travel in, from the file to the analysis.

In: what the readers and the screening found. Out: frozen records; the frames inside are
never changed after they are made.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kocsem.findings import Finding
from kocsem.instrument.types import Handling, Text


@dataclass(frozen=True, slots=True)
class Source:
    """Where answers came from and how they were read.

    Attributes
    ----------
    file : str
        Name of the file, without its folder.
    platform : str
        Survey platform whose layout the file has, such as ``"wenjuanxing"``.
    coding : {"number", "text", "mixed"}
        Whether answers stood as option numbers, as option texts, or as both.
    encoding : str
        Encoding of a text file, or the kind of workbook.
    rows, columns : int
        Answer sheets and columns in the file.
    """

    file: str
    platform: str
    coding: str
    encoding: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Responses:
    """Answers as given, coded as in the instrument; nothing is reversed yet.

    Attributes
    ----------
    answers : DataFrame
        One row an answer sheet, one column a code of the instrument, numeric codes,
        NaN where unanswered. The index, named ``row``, is the row number that a user
        sees in the file, the header being row 1.
    seconds : Series or None
        Time taken, in seconds; NaN where it could not be read.
    origin : Series or None
        Number of the device or address that an answer sheet came from, counted in order
        of appearance. It says who shares an origin and nothing else: no address can be
        recovered from it, with or without a key, because none went into it.
    source : Source
        The file.
    findings : tuple of Finding
        What a reader of the report must know about the file.
    """

    answers: pd.DataFrame
    seconds: pd.Series | None
    origin: pd.Series | None
    source: Source
    findings: tuple[Finding, ...] = ()

    def where(self, stays: NDArray[np.bool_]) -> "Responses":
        """Return some of the answer sheets.

        Parameters
        ----------
        stays : ndarray of bool, shape (n,)
            The sheets that are wanted.

        Returns
        -------
        Responses
            With their answers, seconds and origins.
        """
        if stays.all():
            return self
        return replace(
            self,
            answers=self.answers[stays],
            seconds=None if self.seconds is None else self.seconds[stays],
            origin=None if self.origin is None else self.origin[stays],
        )


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One line of the sample flow.

    Attributes
    ----------
    reason : str
        Stable key: ``"received"``, a reason for dropping, or ``"kept"``.
    label : Text
        The reason in words.
    n : int
        Answer sheets dropped here; for ``received`` and ``kept`` the number there are.
    """

    reason: str
    label: Text
    n: int


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule of screening that was applied.

    Attributes
    ----------
    reason : str
        Stable key, a column of `Screening.reasons`.
    label : Text
        The reason in words.
    limit : Text
        The limit in words.
    handling : {"drop", "flag", "keep"}
        What happened to the sheets that it hit.
    citations : tuple of str
        Keys of the sources; empty for a convention without one.
    """

    reason: str
    label: Text
    limit: Text
    handling: Handling
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Screening:
    """Which answer sheets stay, and why the others do not.

    Attributes
    ----------
    kept : Responses
        The answer sheets that stay.
    dropped : DataFrame
        Columns ``row``, ``reason`` and ``detail``; one row an answer sheet dropped,
        with the first rule that hits it and the number that tipped it.
    flow : tuple of FlowStep
        Received, dropped by reason in the order of the rules, kept.
    findings : tuple of Finding
        What was flagged but kept, and rules that could not be applied.
    rules : tuple of RuleInForce
        The rules that were applied, in their order.
    reasons : DataFrame of bool
        One row an answer sheet received, one column a rule that was applied: whether
        the rule hits the sheet by itself, whatever the others say of it.
    """

    kept: Responses
    dropped: pd.DataFrame
    flow: tuple[FlowStep, ...]
    findings: tuple[Finding, ...]
    rules: tuple[RuleInForce, ...] = ()
    reasons: pd.DataFrame = field(default_factory=pd.DataFrame)
