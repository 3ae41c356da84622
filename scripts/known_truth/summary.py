"""What the replications say, each number with its Monte-Carlo standard error.

In: the outcomes of all replications of one sample size. Out: a frame with one row for
every quantity, kind of quantities and test. Everything is a mean over replications of
something that each of them gives, so that its error is a standard deviation over the
root of their number; the ratio of standard errors is so by its influence function.
Source: Morris, White and Crowther (2019).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from known_truth.analyses import ANALYSES, WALD, Analysis, Outcome, estimand, truth
from known_truth.population import NORMAL, FloatArray

LEVEL = 0.05
Z = 1.959963984540054
ZERO = "AL_PI"  # the path that is zero: it has a bias, but no relative one
Z_TEST = "z test of AL_PI"
SINGLE = ("path", "indirect effect")  # kinds whose quantities have rows of their own

Row = dict[str, object]


def summarise(n: int, replications: Sequence[Sequence[Outcome]]) -> pd.DataFrame:
    """Summarise all replications of one sample size, one analysis after the other."""
    rows: list[Row] = []
    for analysis, outcomes in zip(
        ANALYSES, zip(*replications, strict=True), strict=True
    ):
        about: Row = {"answers": analysis.answers, "analysis": analysis.label, "n": n}
        rows += [about | row for row in _status(outcomes)]
        usable = [outcome for outcome in outcomes if outcome.converged]
        if usable:
            rows += [about | row for row in _tests(usable)]
            rows += [about | row for row in _quantities(analysis, usable)]
    return pd.DataFrame(rows)


def _status(outcomes: Sequence[Outcome]) -> Iterator[Row]:
    """Say how many fits there are."""
    for name in ("converged", "admissible"):
        found = np.array([getattr(outcome, name) for outcome in outcomes], dtype=float)
        yield {"kind": "share", "name": name, **mean(found, "share")}


def _tests(outcomes: Sequence[Outcome]) -> Iterator[Row]:
    """Say how often each test rejects; those without p value are counted apart."""
    at = _zero_path()
    tests = {
        name: np.array([outcome.pvalues[name] for outcome in outcomes])
        for name in outcomes[0].pvalues
    }
    rejections = {
        name: np.where(np.isnan(p), np.nan, p < LEVEL) for name, p in tests.items()
    }
    zero = np.array([outcome.values[WALD][at] for outcome in outcomes])
    rejections[Z_TEST] = (np.abs(zero[:, 0]) > Z * zero[:, 1]).astype(float)
    for name, rejected in rejections.items():
        known = rejected[~np.isnan(rejected)]
        row = mean(known, "share") | {"untested": rejected.size - known.size}
        yield {"kind": "test", "name": name, **row}


def _zero_path() -> int:
    """Find the path that is zero among the quantities."""
    known = truth(NORMAL)
    found = (known["kind"] == "path") & (known["name"] == ZERO)
    return int(np.flatnonzero(found)[0])


def _quantities(analysis: Analysis, outcomes: Sequence[Outcome]) -> Iterator[Row]:
    """Compare estimates, standard errors and limits with the truth."""
    known = truth(NORMAL)
    kinds, names = known["kind"].to_numpy(), known["name"].to_numpy()
    target = estimand(analysis)
    for interval in outcomes[0].values:
        values = np.stack([outcome.values[interval] for outcome in outcomes])
        for kind in dict.fromkeys(kinds):
            own = kinds == kind
            if np.isnan(values[:, own]).all():
                continue
            about: Row = {"kind": kind, "interval": interval}
            nonzero = names[own] != ZERO
            yield about | compare(values[:, own], target[own], nonzero)
            if kind.endswith(SINGLE):
                for j in np.flatnonzero(own):
                    row = compare(
                        values[:, [j]], target[[j]], np.array([names[j] != ZERO])
                    )
                    yield about | {"name": names[j]} | row


def mean(values: FloatArray, name: str) -> Row:
    """Return a mean over replications, its Monte-Carlo error, and their number."""
    if not values.size:
        return {"replications": 0}
    error = values.std() / np.sqrt(values.size)
    return {
        "replications": values.size,
        name: float(values.mean()),
        f"{name}_error": float(error),
    }


def compare(values: FloatArray, target: FloatArray, nonzero: FloatArray) -> Row:
    """Compare what was found with the truth, on average over some quantities.

    `values` has shape (R, s, 4): estimate, standard error, lower and upper limit;
    `target` and `nonzero` have shape (s,). An interval without limits covers nothing.
    ``largest`` is the largest bias in Monte-Carlo errors.
    """
    est, se, lower, upper = np.moveaxis(values, 2, 0)
    off = est - target
    error = off.std(axis=0) / np.sqrt(len(off))
    result: Row = {"truth": float(target.mean()), **mean(off.mean(axis=1), "bias")}
    result["largest"] = float((np.abs(off.mean(axis=0)) / error).max())
    if nonzero.any():
        relative = off[:, nonzero] / target[nonzero]
        result |= mean(relative.mean(axis=1), "relative_bias")
    result |= mean(_ratios(est, se), "se_ratio")
    within = (lower <= target) & (target <= upper)
    result |= mean(within.mean(axis=1), "coverage")
    result["below"] = float((upper < target).mean())
    result["above"] = float((lower > target).mean())
    return result | mean((upper - lower).mean(axis=1), "width")


def _ratios(est: FloatArray, se: FloatArray) -> FloatArray:
    """Return what each replication adds to mean standard error over true one.

    The mean of the returned values is the ratio, averaged over the quantities; their
    spread is that of its influence function.
    """
    spread = est.std(axis=0, ddof=1)
    ratio = se.mean(axis=0) / spread
    centred = (est - est.mean(axis=0)) / spread
    shift = centred**2 - (centred**2).mean(axis=0)
    return np.asarray((se / spread - ratio / 2 * shift).mean(axis=1))
