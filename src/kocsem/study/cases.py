"""Complete answer sheets: the last step of the sample flow.

In: a screening, and the columns that a model uses. Out: the same screening with the
sheets dropped that leave one of them unanswered, each with the reason. Both models of a
study are fitted to the same sheets, so that they can be compared.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from kocsem.data.types import FlowStep, Screening
from kocsem.errors import DataError
from kocsem.findings import Finding
from kocsem.instrument.types import Text

REASON = "incomplete"
LABEL = Text(zh="模型题目有缺答", en="A model item unanswered")


def complete_cases(screening: Screening, columns: Sequence[str]) -> Screening:
    """Drop the answer sheets that leave a column of the model unanswered.

    Parameters
    ----------
    screening : Screening
        The answer sheets that the rules keep.
    columns : sequence of str
        Observed variables of the model, all of them columns of the answers.

    Returns
    -------
    Screening
        Kept, dropped and flow brought up to date; the step comes before ``"kept"``.

    Raises
    ------
    DataError
        When no answer sheet is left.
    """
    answers = screening.kept.answers
    blank = answers[list(columns)].isna()
    hits = blank.index[blank.any(axis=1)]
    if len(hits) == len(answers):
        raise DataError(_nobody(screening, blank))
    seconds, origin = screening.kept.seconds, screening.kept.origin
    kept = replace(
        screening.kept,
        answers=answers.drop(index=hits),
        seconds=None if seconds is None else seconds.drop(index=hits),
        origin=None if origin is None else origin.drop(index=hits),
    )
    dropped = [
        {"row": row, "reason": REASON, "detail": _unanswered(blank.loc[row])}
        for row in hits
    ]
    *before, last = screening.flow
    return replace(
        screening,
        kept=kept,
        dropped=_joined(screening.dropped, dropped),
        flow=(
            *before,
            FlowStep(REASON, LABEL, len(hits)),
            replace(last, n=len(kept.answers)),
        ),
    )


def incomplete_findings(screening: Screening) -> tuple[Finding, ...]:
    """Say how many answer sheets were left out as incomplete.

    Parameters
    ----------
    screening : Screening
        As `complete_cases` returns it.

    Returns
    -------
    tuple of Finding
        Code ``"incomplete-left-out"``; nothing when all sheets are complete.
    """
    kept = len(screening.kept.answers)
    left_out = sum(step.n for step in screening.flow if step.reason == REASON)
    if not left_out:
        return ()
    message = (
        f"{left_out} of {kept + left_out} answer sheets leave an item of the model "
        "unanswered and were left out. Estimates stay unbiased only if which items are "
        "unanswered has nothing to do with the answers."
    )
    return (Finding("incomplete-left-out", "info", "sample", message, left_out),)


def _nobody(screening: Screening, blank: pd.DataFrame) -> str:
    """Say why no answer sheet is left."""
    file = screening.kept.source.file
    *steps, last = screening.flow
    flow = ", ".join(f"{s.label.en[0].lower()}{s.label.en[1:]} {s.n}" for s in steps)
    if not last.n:
        return (
            f"{file}: screening leaves no answer sheet ({flow}). Look at the screening "
            "rules of the study and at the coding of the file."
        )
    never = ", ".join(blank.columns[blank.all()])
    why = f"nobody answered {never}" if never else "each leaves one unanswered"
    return (
        f"{file}: no answer sheet is complete in the items of the model: of {last.n} "
        f"that screening keeps, {why}. Leave out items that were never asked."
    )


def _unanswered(blank: pd.Series) -> str:
    """Name the items that a sheet leaves unanswered."""
    return f"{', '.join(blank.index[blank])} unanswered"


def _joined(dropped: pd.DataFrame, more: list[dict[str, object]]) -> pd.DataFrame:
    """Add dropped sheets to those there are, by row number."""
    frame = pd.DataFrame(more, columns=list(dropped.columns))
    parts = [part for part in (dropped, frame) if not part.empty]
    if not parts:
        return dropped
    return pd.concat(parts).sort_values("row", ignore_index=True)
