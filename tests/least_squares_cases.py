"""Models that lavaan fitted by least squares, built from lavaan's own matrices."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from kocsem.core.ordered_items import Ordered
from kocsem.core.structure import Matrices, Matrix, Structure

REFERENCE = Path(__file__).parent / "reference"
NAMES = ("lambda", "beta", "psi", "theta", "nu", "alpha", "tau", "delta")


@cache
def read(name):
    """Return what lavaan reported for a case."""
    return json.loads((REFERENCE / f"ls_{name}.json").read_text(encoding="utf-8"))


def cases_of(name):
    """Return the answers of each group, in lavaan's order of items."""
    given = read(name)
    frame = pd.read_csv(REFERENCE / "data" / given["data"])
    if given["options"].get("missing") != "pairwise":
        frame = frame.dropna(subset=given["names"])
    if not given["groups"]:
        return [frame]
    by = given["options"]["group"]
    return [frame[frame[by].astype(str) == label] for label in given["groups"]]


def answers(name):
    """Return the items of each group; ordered ones as codes from 0."""
    given = read(name)
    ordered = np.array(given["levels"]) > 0
    return [f[given["names"]].to_numpy(dtype=float) - ordered for f in cases_of(name)]


def _matrix(given, name, which, shape):
    """Return one matrix of a group, or zeros where lavaan has none."""
    part = given.get(name)
    return np.zeros(shape) if part is None else np.array(part, dtype=float)


def structures(name):
    """Return the structure of each group, and the parameters in it."""
    given = read(name)
    return [
        structure_of(given, values, free)
        for values, free in zip(given["values"], given["free"], strict=True)
    ]


def structure_of(given, values, free):
    """Build the structure of one group from lavaan's matrices."""
    levels = np.array(given["levels"], dtype=np.intp)
    names, factors = given["names"], given["factors"]
    p, m = len(names), len(factors)
    shapes = [(p, m), (m, m), (m, m), (p, p), (p, 1), (m, 1), (0, 1), (0, 1)]
    parts, cells = [], []
    ordered = ordered_items(names, factors, levels) if levels.any() else None
    thresholds = np.repeat(levels > 0, np.where(levels > 0, levels - 1, 1))
    for which, key, shape in zip(Matrix, NAMES, shapes, strict=True):
        value = _matrix(values, key, which, shape)
        place = _matrix(free, key, which, shape).astype(int)
        if which is Matrix.TAU and ordered:
            value, place = (spread(part, thresholds) for part in (value, place))
        value = np.where(place > 0, 0.0, value)
        cells += [
            (place[row, col], which, row, col)
            for row, col in np.argwhere(place > 0)
            if which not in (Matrix.PSI, Matrix.THETA) or row >= col
        ]
        parts.append(value[:, 0] if which >= Matrix.NU else value)
    if ordered:
        parts[Matrix.THETA][ordered.items, ordered.items] = 0.0
        parts[Matrix.PSI][ordered.factors, ordered.factors] = 0.0
    _, matrix, row, col = np.array(sorted(cells), dtype=np.intp).T
    return Structure(
        template=Matrices(*parts),
        matrix=matrix,
        row=row,
        col=col,
        means=given["means"],
        ordered=ordered,
    )


def spread(column, thresholds):
    """Put lavaan's thresholds beside zeros for continuous items."""
    full = np.zeros((thresholds.size, 1), dtype=column.dtype)
    full[thresholds] = column
    return full


def ordered_items(names, factors, levels):
    """Tell where the residual variances of ordered items stand."""
    own = np.array([name in factors for name in names])
    outcomes = np.flatnonzero((levels > 0) & own)
    return Ordered(
        levels=levels,
        items=np.flatnonzero((levels > 0) & ~own),
        outcomes=outcomes,
        factors=np.array([factors.index(names[i]) for i in outcomes], dtype=np.intp),
    )
