"""The two models of a study, fitted to scored answers.

In: a plan and a frame of answers. Out: a `Fit`. Whatever a study says of estimation is
passed on here and nowhere else, so that every refit is made as the study's own fit is.
"""

from collections.abc import Callable

import pandas as pd

from kocsem.errors import KocsemError
from kocsem.estimation.run import cfa, sem
from kocsem.results.fit import Fit
from kocsem.study.model_text import placed_in_whole
from kocsem.study.plan import Plan, measurement_model


def fit_measurement(plan: Plan, scored: pd.DataFrame) -> Fit | None:
    """Fit the CFA.

    Parameters
    ----------
    plan : Plan
        The study.
    scored : DataFrame
        Answers, reversed items turned round.

    Returns
    -------
    Fit or None
        None for a model without latent variables.

    Raises
    ------
    KocsemError
        When the model cannot be fitted; the message says which.
    """
    text = measurement_model(plan)
    return _fitted(plan, scored, cfa, text, "The measurement model") if text else None


def fit_structural(plan: Plan, scored: pd.DataFrame) -> Fit:
    """Fit the SEM, which is the CFA when the study states no structure.

    Parameters
    ----------
    plan : Plan
        The study.
    scored : DataFrame
        Answers, reversed items turned round.

    Returns
    -------
    Fit
        The fit that the study's results come from.

    Raises
    ------
    KocsemError
        When the model cannot be fitted; the message says which.
    """
    if not plan.structural and (measurement := fit_measurement(plan, scored)):
        return measurement
    return _fitted(plan, scored, sem, plan.model, "The structural model")


def _fitted(
    plan: Plan,
    scored: pd.DataFrame,
    function: Callable[..., Fit],
    text: str,
    what: str,
) -> Fit:
    """Fit one of the two models, saying which when it cannot be fitted."""
    options = plan.study.estimation
    try:
        return function(
            text,
            scored,
            estimator=options.estimator,
            engine=options.engine,
            missing=options.missing,
            ordered=plan.ordered or None,
            fixed_x=options.fixed_x,
            std_lv=options.std_lv,
            meanstructure=options.meanstructure,
        )
    except KocsemError as error:
        above = len(plan.measurement.splitlines())
        own = plan.study.model if text == plan.model else None
        message = placed_in_whole(str(error), plan.file, own, above)
        raise type(error)(f"{what}: {message}") from None
