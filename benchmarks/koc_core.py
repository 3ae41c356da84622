"""The KOC core model and data to time it on.

Five constructs: content authenticity, interaction quality, altruism, trust, purchase
intention. The answers are multivariate normal, cut into five points where items are
ordered; what is drawn depends on the seed alone.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

SEED = 20251212
CONSTRUCTS = ("CA", "IQ", "AL", "TR", "PI")
PATHS = "TR ~ CA + IQ + AL\nPI ~ TR + CA"
LOADINGS = (0.80, 0.75, 0.70, 0.85)
CORRELATION = 0.4
CUTS = (-1.5, -0.6, 0.3, 1.2)
ROWS_AT_ONCE = 10_000


def names_of(items: int) -> dict[str, list[str]]:
    """Name the items of each construct; items are those of all constructs."""
    each = range(1, items // len(CONSTRUCTS) + 1)
    return {name: [f"{name}{i}" for i in each] for name in CONSTRUCTS}


def measurement(items: int = 20) -> str:
    """Write the measurement model."""
    return "\n".join(
        f"{name} =~ {' + '.join(own)}" for name, own in names_of(items).items()
    )


def model(items: int = 20) -> str:
    """Write the whole model."""
    return f"{measurement(items)}\n{PATHS}"


def answers(n: int = 500, items: int = 20) -> pd.DataFrame:
    """Draw continuous answers."""
    rng = np.random.default_rng(SEED)
    m = len(CONSTRUCTS)
    loadings = np.tile(np.resize(LOADINGS, items // m), m)
    Phi = np.full((m, m), CORRELATION) + (1 - CORRELATION) * np.eye(m)
    root = np.linalg.cholesky(Phi).T
    Y = np.empty((n, items))
    for start in range(0, n, ROWS_AT_ONCE):
        block = Y[start : start + ROWS_AT_ONCE]
        factors = rng.standard_normal((len(block), m)) @ root
        block[:] = np.repeat(factors, items // m, axis=1) * loadings
        block += rng.standard_normal(block.shape) * np.sqrt(1 - loadings**2)
    names = [name for own in names_of(items).values() for name in own]
    return pd.DataFrame(Y, columns=names, copy=False)


def five_points(data: pd.DataFrame) -> pd.DataFrame:
    """Cut continuous answers into five points."""
    codes = np.searchsorted(CUTS, data.to_numpy()) + 1.0
    return pd.DataFrame(codes, columns=data.columns, copy=False)


def with_holes(data: pd.DataFrame, share: float = 0.05) -> pd.DataFrame:
    """Take answers out at random."""
    rng = np.random.default_rng(SEED + 1)
    return data.mask(rng.uniform(size=data.shape) < share)


def in_two_groups(data: pd.DataFrame, name: str = "GEN") -> pd.DataFrame:
    """Add a column of two groups, row by row."""
    return data.assign(**{name: np.resize([1, 2], len(data))})


#: By estimator: what happens to the answers, and what sem() is asked.
ESTIMATORS: Mapping[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], dict]] = {
    "ML": (lambda data: data, {}),
    "MLR": (lambda data: data, {"estimator": "MLR"}),
    "FIML": (with_holes, {"missing": "fiml"}),
    "WLSMV": (five_points, {"ordered": True}),
}
