"""Simulated KOC studies with a known truth, from easy to hopeless.

Each study draws a model (creators' qualities, trust, purchase intention, two to four
items a construct), loadings between .3 and .95, n between 60 and 2,000, answers that
are continuous or on 3 to 7 points. A fifth each is fitted as it was drawn, without
cross-loadings that were drawn, without a method factor, with wrong paths, with two
constructs that are nearly one. A study depends on its number alone.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.linalg
import scipy.special

Paths = dict[str, dict[str, float]]

SEED = 20251212
FLAWS = ("none", "cross-loadings", "method factor", "wrong paths", "near-collinear")
LOADINGS = ((0.3, 0.6), (0.3, 0.95), (0.65, 0.95))
CROSS_LOADING = 0.3
METHOD_LOADING = 0.4
COLLINEAR = 0.97
LEAST_RESIDUAL = 0.05  # of an item's variance, whatever it loads on

#: Shares of the answers, few of them low; None is a continuous item.
ANSWERS: dict[int | None, tuple[float, ...]] = {
    None: (),
    3: (0.15, 0.45, 0.40),
    4: (0.08, 0.22, 0.42, 0.28),
    5: (0.04, 0.11, 0.30, 0.37, 0.18),
    6: (0.03, 0.07, 0.15, 0.28, 0.30, 0.17),
    7: (0.015, 0.03, 0.07, 0.155, 0.28, 0.30, 0.15),
}

#: Correlations of creators' qualities and standardised paths, by outcome.
QUALITIES = {("CA", "IQ"): 0.45, ("CA", "AL"): 0.50, ("IQ", "AL"): 0.48}
MODELS: tuple[Paths, ...] = (
    {"TR": {"CA": 0.60}, "PI": {"TR": 0.50, "CA": 0.15}},
    {"TR": {"CA": 0.40, "IQ": 0.35}, "PI": {"TR": 0.60}},
    {
        "TR": {"CA": 0.34, "IQ": 0.24, "AL": 0.28},
        "PI": {"TR": 0.50, "CA": 0.12, "IQ": 0.12},
    },
)


@dataclass(frozen=True)
class Study:
    """One study: what was drawn, and the model that is fitted to it."""

    flaw: str
    loadings: tuple[float, float]
    n: int
    points: int | None
    model: str
    data: pd.DataFrame

    @property
    def hard(self) -> bool:
        """Whether a small sample meets weak items."""
        return self.n <= 200 and self.loadings[1] <= 0.6


def draw_study(number: int) -> Study:
    """Draw one study."""
    rng = np.random.default_rng([SEED, number])
    flaw = FLAWS[number % len(FLAWS)]
    # one cause has no second to be collinear with
    paths = MODELS[rng.integers(flaw == "near-collinear", len(MODELS))]
    low, high = LOADINGS[rng.integers(len(LOADINGS))]
    n = round(np.exp(rng.uniform(np.log(60), np.log(2000))))
    points = list(ANSWERS)[rng.integers(len(ANSWERS))]
    factors, Phi = _factors(paths, collinear=flaw == "near-collinear")
    counts = rng.integers(2, 5, len(factors))
    loadings = [rng.uniform(low, high, count) for count in counts]
    items = {
        name: [f"{name}{i}" for i in range(1, count + 1)]
        for name, count in zip(factors, counts, strict=True)
    }
    responses = rng.multivariate_normal(
        np.zeros(counts.sum()), _covariance(loadings, Phi, flaw), n
    )
    if points:
        responses = 1.0 + np.searchsorted(_thresholds(points), responses)
    return Study(
        flaw=flaw,
        loadings=(low, high),
        n=n,
        points=points,
        model=_text(items, _wrong(paths) if flaw == "wrong paths" else paths),
        data=pd.DataFrame(
            responses.round(6), columns=[item for own in items.values() for item in own]
        ),
    )


def _covariance(loadings: list[np.ndarray], Phi: np.ndarray, flaw: str) -> np.ndarray:
    """Return the covariances of the responses, variances 1 unless a flaw adds to them.

    Cross-loadings: the last item of a construct loads on the one before as well.
    """
    Lambda = scipy.linalg.block_diag(*(own[:, None] for own in loadings))
    if flaw == "cross-loadings":
        last = np.cumsum([own.size for own in loadings]) - 1
        Lambda[last, np.arange(last.size) - 1] = CROSS_LOADING
    Sigma = Lambda @ Phi @ Lambda.T
    if flaw == "method factor":
        Sigma += METHOD_LOADING**2
    np.fill_diagonal(Sigma, np.maximum(1.0, np.diag(Sigma) + LEAST_RESIDUAL))
    return Sigma


def _text(items: dict[str, list[str]], paths: Paths) -> str:
    """Write the model that is fitted."""
    measured = [f"{name} =~ {' + '.join(own)}" for name, own in items.items()]
    caused = [f"{outcome} ~ {' + '.join(by)}" for outcome, by in paths.items()]
    return "\n".join([*measured, *caused])


def _factors(paths: Paths, *, collinear: bool) -> tuple[list[str], np.ndarray]:
    """Return the constructs and their correlations; the first two can be one."""
    names = sorted({cause for causes in paths.values() for cause in causes} - {*paths})
    Phi = np.eye(len(names))
    for (left, right), r in QUALITIES.items():
        if left in names and right in names:
            i, j = names.index(left), names.index(right)
            Phi[i, j] = Phi[j, i] = r
    if collinear:
        Phi[0, 1:] = Phi[1:, 0] = [COLLINEAR, *Phi[1, 2:]]
    for outcome, causes in paths.items():
        column = Phi @ np.array([causes.get(name, 0.0) for name in names])
        Phi = np.block([[Phi, column[:, None]], [column, np.ones(1)]])
        names.append(outcome)
    return names, Phi


def _wrong(paths: Paths) -> Paths:
    """Let intention come first, and explain trust by nothing else."""
    return {"PI": dict.fromkeys(paths["TR"], 0.0), "TR": {"PI": 0.0}}


def _thresholds(points: int) -> np.ndarray:
    """Return where a standard normal response is cut."""
    return scipy.special.ndtri(np.cumsum(ANSWERS[points])[:-1])
