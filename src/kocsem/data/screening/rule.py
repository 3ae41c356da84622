"""How a rule of screening is declared, and what it finds.

In: the parts that rules are made of. Out: the records `Rule`, `Verdict` and `Flag`.
Every rule of this folder is one `Rule`; `kocsem.data.screening.order` lists them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kocsem.data.screening.settings import AppliedRules
from kocsem.data.screening.sheets import Mask, Sheets
from kocsem.findings import Finding, Severity
from kocsem.instrument.types import Handling, Text

Places = NDArray[np.intp]

_SHOWN = 10  # rows that a finding lists by number


@dataclass(frozen=True, slots=True)
class Flag:
    """Answer sheets that are pointed out without being dropped.

    Attributes
    ----------
    code : str
        Code of the finding.
    words : str
        What the sheets have in common, after "has" or "have".
    rows : sequence of int
        Their row numbers.
    severity : {"info", "warning"}
        How grave it is.
    threshold : float, str or None
        The limit that they are beyond.
    citation : str or None
        Key of the source.
    """

    code: str
    words: str
    rows: Sequence[int]
    severity: Severity = "warning"
    threshold: float | str | None = None
    citation: str | None = None

    def finding(self, kept: pd.Index) -> tuple[Finding, ...]:
        """Say which of the sheets that stay are concerned.

        Parameters
        ----------
        kept : Index
            Row numbers of the sheets that no rule dropped.

        Returns
        -------
        tuple of Finding
            One finding, or none when no such sheet stays.
        """
        concerned = pd.Index(self.rows)
        rows = concerned[concerned.isin(kept)]
        if rows.empty:
            return ()
        more = " ..." if len(rows) > _SHOWN else ""
        listed = ", ".join(map(str, rows[:_SHOWN])) + more
        subject = f"row {listed}" if len(rows) == 1 else f"rows {listed}"
        have = "sheet has" if len(rows) == 1 else "sheets have"
        message = f"{len(rows)} kept answer {have} {self.words} ({subject})."
        return (
            Finding(
                code=self.code,
                severity=self.severity,
                subject=subject,
                message=message,
                value=len(rows),
                threshold=self.threshold,
                citation=self.citation,
            ),
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule found.

    Attributes
    ----------
    places : ndarray of int, shape (h,)
        Positions of the sheets that the rule hits, among all received; ascending.
    tell : callable
        Names the number, or the answer, that tipped a sheet, given its position.
    applied : bool
        False when the file lacks what the rule needs.
    flags : tuple of Flag
        Other sheets to point out.
    findings : tuple of Finding
        Why the rule, or a part of it, was not applied.
    """

    places: Places
    tell: Callable[[int], str]
    applied: bool = True
    flags: tuple[Flag, ...] = ()
    findings: tuple[Finding, ...] = ()

    def within(self, left: Mask) -> "Verdict":
        """Return the verdict on those sheets only that are left.

        Parameters
        ----------
        left : ndarray of bool, shape (n,)
            The sheets that no earlier rule dropped.

        Returns
        -------
        Verdict
            With the other hits taken out.
        """
        return replace(self, places=self.places[left[self.places]])


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of screening.

    Attributes
    ----------
    reason : str
        Stable key: the reason of a dropped sheet, the column of a table of reasons.
    label : Text
        The reason in words.
    words : str
        What flagged sheets have in common, after "has" or "have".
    judge : callable
        Finds the sheets that the rule hits.
    handling : callable
        Reads from the rules in force what happens to them; ``"keep"`` when the rule is
        off, or has no limit.
    limit : callable
        Puts the limit in force into words.
    citations : tuple of str
        Keys of the sources; empty for a convention without one.
    compares : bool
        Whether a sheet is judged by the others, so that it matters who they are.
    severity : {"info", "warning"}
        How grave it is that a flagged sheet stays.
    """

    reason: str
    label: Text
    words: str
    judge: Callable[[Sheets], Verdict]
    handling: Callable[[AppliedRules], Handling]
    limit: Callable[[AppliedRules], Text]
    citations: tuple[str, ...] = ()
    compares: bool = False
    severity: Severity = "warning"

    def flag(self, rows: Sequence[int], rules: AppliedRules) -> Flag:
        """Point out sheets that the rule hits and does not drop.

        Parameters
        ----------
        rows : sequence of int
            Their row numbers.
        rules : AppliedRules
            The rules in force.

        Returns
        -------
        Flag
            With the rule's limit and source.
        """
        return Flag(
            code=f"flagged-{self.reason.replace('_', '-')}",
            words=self.words,
            rows=rows,
            severity=self.severity,
            threshold=self.limit(rules).en,
            citation=next(iter(self.citations), None),
        )


def not_applied(reason: str, lacking: str) -> Verdict:
    """Return the verdict of a rule that could not be applied.

    Parameters
    ----------
    reason : str
        Key of the rule.
    lacking : str
        What the file does not tell.

    Returns
    -------
    Verdict
        No hits, and a finding.
    """
    message = f"The rule on {reason} was not applied: the file does not tell {lacking}."
    return off(Finding("rule-not-applied", "info", reason, message))


def off(*findings: Finding) -> Verdict:
    """Return the verdict of a rule that has nothing to look at.

    Parameters
    ----------
    *findings : Finding
        Why, where a reader must know.

    Returns
    -------
    Verdict
        No hits.
    """
    nobody = np.empty(0, dtype=np.intp)
    return Verdict(nobody, str, applied=False, findings=findings)
