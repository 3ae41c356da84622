"""Hypotheses held against a fit.

In: a fit, and hypotheses as paths or chains of paths with a sign. Out: one
`HypothesisResult` each. A hypothesis is supported when its effect has the stated sign
and differs from zero in a two-sided test; nothing is ever proved.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import isfinite

from kocsem.assessment.effects import Effect, Paths, has_inference, paths_of
from kocsem.assessment.records import HypothesisResult, HypothesisVerdict
from kocsem.instrument.types import Hypothesis, HypothesisKind
from kocsem.results.fit import Fit

#: Why a hypothesis that is no path is not tested here.
_OTHERWISE: Mapping[HypothesisKind, str] = {
    "moderation": "The hypothesis is about an interaction; only paths and chains of "
    "paths are tested here. Test it by a moderation analysis.",
    "statement": "The hypothesis is a statement without a path, so that no single "
    "effect of the model tests it.",
}
_NUMBERS = ("est", "se", "z", "pvalue", "ci_lower", "ci_upper", "std")


def judge_hypotheses(
    fit: Fit, hypotheses: Iterable[Hypothesis], alpha: float = 0.05
) -> tuple[HypothesisResult, ...]:
    """Test hypotheses about paths and chains of paths.

    Parameters
    ----------
    fit : Fit
        A fitted model.
    hypotheses : iterable of Hypothesis
        ``"CA -> TR"`` is about one path, ``"CA -> TR -> PI"`` about the product of two.
        Moderations and statements are no effect of the model; they are listed only.
    alpha : float
        Significance level of the two-sided test.

    Returns
    -------
    tuple of HypothesisResult
        In the order given. ``"supported"``: significant with the stated sign, or with
        any sign when it is ``"?"``; ``"contrary"``: significant with the other sign;
        ``"not supported"``: not significant; ``"not tested"``: the model lacks a path
        of the chain, its effect is fixed, or the hypothesis is no path.

    Notes
    -----
    A chain is tested by its normal-theory z value with the delta-method standard error
    (Sobel, 1982), which is conservative for products in small samples.

    References
    ----------
    sobel-1982
    """
    paths = paths_of(fit)
    return tuple(_tested(paths, hypothesis, alpha) for hypothesis in hypotheses)


def _tested(paths: Paths, hypothesis: Hypothesis, alpha: float) -> HypothesisResult:
    """Test one hypothesis."""
    if hypothesis.kind in _OTHERWISE:
        return _result(hypothesis, None, "not tested", _OTHERWISE[hypothesis.kind])
    nodes = hypothesis.nodes
    steps = list(pairwise(nodes))
    absent = [step for step in steps if step not in paths.table]
    if absent:
        cause, outcome = absent[0]
        reason = f"The model has no path from {cause} to {outcome}."
        return _result(hypothesis, None, "not tested", reason)
    effect = paths.effect([nodes])
    if not has_inference(effect):
        reason = "The effect has no standard error, as when its path is fixed."
        return _result(hypothesis, effect, "not tested", reason)
    return _result(hypothesis, effect, *_verdict(hypothesis, effect, alpha))


def _verdict(
    hypothesis: Hypothesis, effect: Effect, alpha: float
) -> tuple[HypothesisVerdict, str]:
    """Return the verdict on an effect with inference, and its reason."""
    if effect.pvalue >= alpha:
        return "not supported", f"Not significant at {alpha:g} (two-sided)."
    sign = "+" if effect.est > 0 else "-"
    if hypothesis.sign == "?":
        return "supported", f"Significant at {alpha:g}; no sign was stated."
    if hypothesis.sign == sign:
        return "supported", f"Significant at {alpha:g} with the stated sign."
    return "contrary", f"Significant at {alpha:g}, but with the other sign."


def _result(
    hypothesis: Hypothesis,
    effect: Effect | None,
    verdict: HypothesisVerdict,
    reason: str,
) -> HypothesisResult:
    """Make the record of a hypothesis."""
    numbers = {name: _number(effect, name) for name in _NUMBERS}
    return HypothesisResult(
        hypothesis=hypothesis,
        kind=hypothesis.kind,
        verdict=verdict,
        reason=reason,
        **numbers,
    )


def _number(effect: Effect | None, name: str) -> float | None:
    """Return a number of an effect, None where it does not exist."""
    value = float("nan") if effect is None else float(getattr(effect, name))
    return value if isfinite(value) else None
