"""Data with holes, and lavaan's numbers for them, that several tests share."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

REFERENCE = Path(__file__).parent / "reference"

# name: cases, variables, share of holes
HOLED = {
    "few holes": (60, 3, 0.1),
    "half holes": (80, 4, 0.5),
    "more variables than a byte": (90, 9, 0.15),
    "nothing missing": (40, 4, 0.0),
}


def holed(name, seed=0):
    """Return data of correlated variables on several scales, with holes."""
    n, p, share = HOLED[name]
    rng = np.random.default_rng([seed, list(HOLED).index(name)])
    Y = rng.normal(size=(n, p)) + rng.normal(size=(n, 1))
    Y = Y * rng.uniform(0.5, 3.0, size=p) + rng.uniform(-2.0, 5.0, size=p)
    Y[rng.random((n, p)) < share] = np.nan
    return Y


def somewhere(p, seed=0):
    """Return a mean vector and a covariance matrix that fit no data in particular."""
    rng = np.random.default_rng([seed, p])
    root = rng.normal(size=(p, p + 2))
    return rng.normal(size=p), root @ root.T / p + np.eye(p)


def vech(Sigma):
    """Stack the lower triangle by rows."""
    return Sigma[np.tril_indices(Sigma.shape[0])]


def unvech(half, p):
    """Return the symmetric matrix with this lower triangle."""
    row, col = np.tril_indices(p)
    Sigma = np.zeros((p, p))
    Sigma[row, col] = Sigma[col, row] = half
    return Sigma


@cache
def lavaan(case):
    """Return what lavaan reported, arrays as arrays."""
    text = (REFERENCE / f"missing_{case}.json").read_text(encoding="utf-8")
    return {
        key: np.array(value) if isinstance(value, list) else value
        for key, value in json.loads(text).items()
    }


def answers(*items):
    """Return columns of the Holzinger-Swineford data with holes."""
    return pd.read_csv(REFERENCE / "data" / "holzinger_missing.csv")[list(items)]


ITEMS = tuple(f"x{i}" for i in range(1, 10))
