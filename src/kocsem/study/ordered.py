"""Which variables of a study's model are ordered categories.

In: the study's key ``estimation.ordered``, the instrument and the model. Out: their
codes, or an error with the line of the file when the model cannot be fitted that way.
"""

from pathlib import Path

from kocsem.errors import ModelSyntaxError, StudyError
from kocsem.instrument.nearest import hint
from kocsem.instrument.problems import Path as KeyPath
from kocsem.instrument.types import Instrument, Question
from kocsem.model.build import classify
from kocsem.model.place import caret
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
        measure a construct is ordered, or observed predictors are fixed.
    ModelSyntaxError
        When a model text gives thresholds to a variable that is not ordered.
    """
    wanted = study.estimation.ordered
    if wanted is False:
        _refuse_thresholds(study, (), file)
        return ()
    variables = classify(parse_model(model).terms)
    explained = [n for n in variables.observed if n not in variables.exogenous]
    if wanted is True:
        asked = instrument.asked
        names = tuple(n for n in explained if not isinstance(asked.get(n), Question))
    else:
        names = wanted
    for place, name in enumerate(names):
        if name not in explained:
            why = _stray(name, variables, instrument)
            raise StudyError(f"{at_key(file, (*_KEY, place))}: {why}")
    if not names or (variables.indicators and not {*names} & {*variables.indicators}):
        raise StudyError(
            f"{at_key(file, _KEY)}: none of the items that the model explains is among "
            "the ordered ones; name some, or remove this key."
        )
    if variables.exogenous and study.estimation.fixed_x:
        raise StudyError(
            f"{at_key(file, _KEY)}: observed predictors with fixed moments "
            f"({', '.join(variables.exogenous)}) are not offered together with ordered "
            "items. Write 'fixed_x: false' under 'estimation:' to model them as "
            "continuous variables."
        )
    _refuse_thresholds(study, names, file)
    return names


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
