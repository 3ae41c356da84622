"""Which variables of a study's model are ordered categories.

In: the study's key ``estimation.ordered``, the instrument and the model. Out: their
codes, or an error with the line of the file when the model cannot be fitted that way.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from kocsem.errors import ModelSyntaxError, StudyError
from kocsem.instrument.nearest import hint
from kocsem.instrument.problems import Path as KeyPath
from kocsem.instrument.types import Instrument, Question
from kocsem.model.build import classify
from kocsem.model.place import caret
from kocsem.model.statements import Term
from kocsem.model.syntax import parse_model
from kocsem.model.table import Variables
from kocsem.study.file import StudyFile
from kocsem.study.model_text import placed
from kocsem.study.place import at_key

_KEY: KeyPath = ("estimation", "ordered")


def ordered_items(
    study: StudyFile, instrument: Instrument, model: str, file: Path
) -> tuple[str, ...]:
    """Find the variables that are ordered categories.

    Parameters
    ----------
    study : StudyFile
        The study.
    instrument : Instrument
        The questionnaire.
    model : str
        The whole model.
    file : Path
        The study file, for messages.

    Returns
    -------
    tuple of str
        Empty for a study of continuous variables. ``ordered: true`` means all rows of
        the scales that the model explains.

    Raises
    ------
    StudyError
        When the model does not explain a variable that is named, none of those that
        measure a construct is ordered, a construct has no more than one ordered item,
        or observed predictors with two categories are not fixed.
    ModelSyntaxError
        When a model text gives thresholds to a variable that is not ordered.
    """
    wanted = study.estimation.ordered
    if wanted is False:
        _refuse_thresholds(study, (), file)
        return ()
    terms = parse_model(model).terms
    variables = classify(terms)
    explained = [n for n in variables.observed if n not in variables.exogenous]
    rows = [name for name in explained if name in instrument.likert_rows]
    names = tuple(rows) if wanted is True else wanted
    for place, name in enumerate(names):
        if name not in explained:
            why = _stray(name, variables, instrument)
            raise StudyError(f"{at_key(file, (*_KEY, place))}: {why}")
    reasons = (
        _no_items(names, variables),
        _predictors(variables, instrument, fixed=study.estimation.fixed_x),
        _single_indicators(names, terms, study.measurement or ""),
    )
    for reason in reasons:
        if reason:
            raise StudyError(f"{at_key(file, _KEY)}: {reason}")
    _refuse_thresholds(study, names, file)
    return names


def _no_items(names: tuple[str, ...], variables: Variables) -> str:
    """Say that nothing is ordered where it matters; empty when something is."""
    if names and (not variables.indicators or {*names} & {*variables.indicators}):
        return ""
    return (
        "none of the items that the model explains is among the ordered ones; name "
        "some, or remove this key."
    )


def _predictors(variables: Variables, instrument: Instrument, *, fixed: bool) -> str:
    """Say which observed predictors do not go with ordered items."""
    given = () if fixed else variables.exogenous
    two = [name for name in given if _has_two_categories(name, instrument)]
    if two:
        return (
            f"predictors with two categories ({', '.join(two)}) are no continuous "
            "variables, as which 'fixed_x: false' models them beside ordered items. "
            "Remove that key: predictors are then taken as given."
        )
    return ""


def _has_two_categories(name: str, instrument: Instrument) -> bool:
    """Return whether a column holds one of two answers."""
    asked = instrument.asked.get(name)
    if asked is None:  # one option of several
        return True
    return isinstance(asked, Question) and len(asked.options) == 2


def _single_indicators(
    names: tuple[str, ...], terms: Sequence[Term], measurement: str
) -> str:
    """Say which constructs have nothing but one ordered item.

    The total variance of an ordered item is given, so that it cannot tell the variance
    of its construct from that of an error, unless the measurement model fixes it.
    """
    loadings = [term for term in terms if term.op == "=~"]
    items = Counter(term.lhs for term in loadings)
    own = parse_model(measurement).terms if measurement else ()
    varied = {term.lhs for term in own if term.op == "~~" and term.lhs == term.rhs}
    found = [
        f"{term.rhs} of {term.lhs}"
        for term in loadings
        if items[term.lhs] == 1 and term.rhs in names and term.lhs not in varied
    ]
    if not found:
        return ""
    return (
        f"a construct with one ordered item is not identified ({', '.join(found)}). "
        "Name the item in place of the construct in 'model:'."
    )


def _refuse_thresholds(study: StudyFile, names: tuple[str, ...], file: Path) -> None:
    """Refuse thresholds and scales of a variable that is not ordered."""
    texts = {"measurement": study.measurement or "", "model": study.model or ""}
    for key, text in texts.items():
        for term in parse_model(text).terms if text else ():
            if term.op in ("|", "~*~") and term.lhs not in names:
                message = (
                    f"{term.lhs} is not ordered and has neither thresholds nor a scale "
                    "of its own; name it in 'ordered:' under 'estimation:'."
                )
                raise ModelSyntaxError(
                    placed(caret(text, term.place, message), file, key)
                )


def _stray(name: str, variables: Variables, instrument: Instrument) -> str:
    """Say why a variable cannot be ordered."""
    if name in variables.exogenous:
        return (
            f"{name} only predicts in this model, and a predictor enters with the "
            "numbers of its categories; take it out of this list."
        )
    if name in variables.latent:
        return f"{name} is a construct; name the items that measure it."
    if name in instrument.known_columns:
        return f"{name} is not in the model; take it out of this list."
    near = hint(name, variables.observed)
    return f"there is no {name} in the model; {near}{'' if near[-1] == '?' else '.'}"
