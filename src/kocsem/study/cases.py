"""Which answer sheets are analysed: the last steps of the sample flow.

In: a screening, and what the models need of a sheet. Out: the same screening with the
sheets dropped that lack it, each with the reason, and findings on how many they are.
Both models of a study are fitted to the same sheets, so that they can be compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from kocsem.data.types import FlowStep, Screening
from kocsem.errors import DataError
from kocsem.findings import Finding
from kocsem.instrument.types import Text
from kocsem.model.options import Options
from kocsem.model.table import Variables

#: The reason in the sample flow for a sheet that lacks an answer.
INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Need:
    """What the models need of an answer sheet.

    Attributes
    ----------
    reason : str
        Stable key of the step of the sample flow.
    label : Text
        What is wrong with a sheet that lacks it.
    code : str
        Code of the finding.
    columns : tuple of str
        Columns of the answers.
    all : bool
        Whether all of them must be answered, or one at least.
    remark : str
        What the reader of the finding must know.
    """

    reason: str
    label: Text
    code: str
    columns: tuple[str, ...]
    all: bool
    remark: str

    def lacking(self, answers: pd.DataFrame) -> pd.Series:
        """Return which answer sheets lack it.

        Parameters
        ----------
        answers : DataFrame
            With the columns.

        Returns
        -------
        Series of bool
            By row.
        """
        blank = answers[list(self.columns)].isna()
        return blank.any(axis=1) if self.all else blank.all(axis=1)


def needs_of(variables: Variables, options: Options) -> tuple[Need, ...]:
    """Say what a way with missing answers needs of every answer sheet.

    Parameters
    ----------
    variables : Variables
        The names in the whole model.
    options : Options
        How it is fitted.

    Returns
    -------
    tuple of Need
        All answers; or, where missing answers are kept, one answer to what the model
        explains, and observed predictors whose moments are fixed.
    """
    if options.missing == "listwise":
        return (_complete(variables.observed),)
    given = variables.exogenous
    explained = tuple(name for name in variables.observed if name not in given)
    needs = [_one_answer(explained)]
    if given and options.fixed_x:
        needs.append(_covariates(given))
    return tuple(needs)


def _complete(columns: tuple[str, ...]) -> Need:
    return Need(
        reason=INCOMPLETE,
        label=Text(zh="模型题目有缺答", en="A model item unanswered"),
        code="incomplete-left-out",
        columns=columns,
        all=True,
        remark="leave an item of the model unanswered and were left out. Estimates "
        "stay unbiased only if which items are unanswered has nothing to do with the "
        "answers.",
    )


def _one_answer(columns: tuple[str, ...]) -> Need:
    return Need(
        reason="unanswered",
        label=Text(zh="模型题目全未作答", en="No model item answered"),
        code="rows-without-answers",
        columns=columns,
        all=False,
        remark="answer none of the model's items and were left out.",
    )


def _covariates(columns: tuple[str, ...]) -> Need:
    return Need(
        reason="covariate",
        label=Text(zh="协变量缺答", en="A predictor unanswered"),
        code="covariate-missing",
        columns=columns,
        all=True,
        remark="lack an observed predictor, which the model takes as given, and were "
        "left out. With 'fixed_x: false' they are kept.",
    )


def usable_cases(screening: Screening, needs: Iterable[Need]) -> Screening:
    """Drop the answer sheets that lack what the models need.

    Parameters
    ----------
    screening : Screening
        The answer sheets that the rules keep.
    needs : iterable of Need
        What every sheet must have; a sheet is dropped for the first that it lacks.

    Returns
    -------
    Screening
        Kept, dropped, flow and findings brought up to date; the steps come before
        ``"kept"``.

    Raises
    ------
    DataError
        When no answer sheet is left.
    """
    for need in needs:
        screening = _without(screening, need)
    return screening


def usable_rows(answers: pd.DataFrame, needs: Iterable[Need]) -> pd.DataFrame:
    """Return the answer sheets that have what the models need.

    Parameters
    ----------
    answers : DataFrame
        Any answer sheets.
    needs : iterable of Need
        What every sheet must have.

    Returns
    -------
    DataFrame
        Those of the sheets that have it; there may be none.
    """
    for need in needs:
        answers = answers[~need.lacking(answers)]
    return answers


def _without(screening: Screening, need: Need) -> Screening:
    """Drop the answer sheets that lack one thing."""
    answers = screening.kept.answers
    lacking = need.lacking(answers)
    hits = answers.index[lacking]
    if len(hits) == len(answers):
        raise DataError(_nobody(screening, need))
    kept = screening.kept.where(~lacking.to_numpy())
    blank = answers.loc[hits, list(need.columns)].isna()
    dropped = [
        {"row": row, "reason": need.reason, "detail": _unanswered(blank.loc[row])}
        for row in hits
    ]
    *before, last = screening.flow
    return replace(
        screening,
        kept=kept,
        dropped=_joined(screening.dropped, dropped),
        flow=(
            *before,
            FlowStep(need.reason, need.label, len(hits)),
            replace(last, n=len(kept.answers)),
        ),
        findings=(*screening.findings, *_finding(need, len(hits), len(answers))),
    )


def _finding(need: Need, left_out: int, of: int) -> tuple[Finding, ...]:
    """Say how many answer sheets were left out, if any."""
    if not left_out:
        return ()
    message = f"{left_out} of {of} answer sheets {need.remark}"
    return (Finding(need.code, "info", "sample", message, left_out),)


def _nobody(screening: Screening, need: Need) -> str:
    """Say why no answer sheet is left."""
    file, answers = screening.kept.source.file, screening.kept.answers
    *steps, last = screening.flow
    flow = ", ".join(f"{s.label.en[0].lower()}{s.label.en[1:]} {s.n}" for s in steps)
    if not last.n:
        found = [f for f in screening.kept.findings if f.severity == "error"]
        advice = " ".join(f.message for f in found) or (
            "Look at the screening rules of the study and at the coding of the file."
        )
        return f"{file}: screening leaves no answer sheet ({flow}). {advice}"
    blank = answers[list(need.columns)].isna()
    never = ", ".join(blank.columns[blank.all()])
    why = f"nobody answered {never}" if never else "each leaves one unanswered"
    return (
        f"{file}: no answer sheet can be analysed: of {last.n} that screening keeps, "
        f"{why}. Leave out items that were never asked."
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
