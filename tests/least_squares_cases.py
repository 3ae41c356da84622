"""Models that lavaan fitted by least squares, built from lavaan's own matrices."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from kocsem.core.evidence import Inference
from kocsem.core.independence import independence_estimates, independence_structure
from kocsem.core.least_squares import (
    GeneralisedLeastSquares,
    LeastSquares,
    unbiased,
)
from kocsem.core.least_squares_evidence import (
    least_squares_evidence,
    normal_covariance,
)
from kocsem.core.moment_structure import CovarianceStructure
from kocsem.core.moments import sample_moments
from kocsem.core.optimiser.optimise import AffineSpace, minimise
from kocsem.core.ordered_items import Ordered
from kocsem.core.ordinal.baseline import (
    ordinal_independence,
    ordinal_independence_estimates,
)
from kocsem.core.ordinal.moments import ordinal_moments
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.problem import Problem
from kocsem.core.robust import Cases, asymptotic_covariance
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


@dataclass(frozen=True)
class Group:
    """One group ready to be fitted."""

    discrepancy: object
    Gamma: object
    moments: object
    normal: object
    start: np.ndarray


@dataclass(frozen=True)
class Fit:
    """A fit by kocsem's core: the groups, the optimum and the evidence."""

    groups: tuple
    problem: Problem
    optimum: object
    inference: Inference
    n: float

    @property
    def chisq(self):
        return self.n * self.optimum.point.discrepancy

    @property
    def x(self):
        return self.optimum.point.x


def ordinal_group(structure, Y, estimator, weights=None, baseline=False):
    """Prepare a group with ordered items."""
    moments = ordinal_moments(Y=Y, levels=structure.ordered.levels, weights=weights)
    start = ordinal_independence_estimates(moments=moments)
    if baseline:
        structure = ordinal_independence(order=moments.order)
    if estimator.startswith("ULS"):
        weight = np.ones(moments.vector.size)
    elif estimator == "WLS":
        weight = np.linalg.inv(moments.Gamma)
    else:
        weight = 1 / np.diag(moments.Gamma)
    discrepancy = LeastSquares(
        moments=OrdinalStructure(structure),
        sample=moments.vector,
        weight=weight,
        n=moments.n,
    )
    Gamma = None if estimator == "WLS" else moments.Gamma
    return Group(discrepancy, Gamma, moments, None, start)


def continuous_group(structure, Y, estimator, covariates, baseline=False):
    """Prepare a group with continuous items."""
    sample, means = sample_moments(Y=Y), structure.means
    moments, none = unbiased(moments=sample), np.zeros(Y.shape[1], dtype=bool)
    if baseline:
        structure = independence_structure(
            moments=moments, given=none, covariates=covariates, means=means
        )
    start = independence_estimates(structure=structure, moments=moments)
    normal = GeneralisedLeastSquares(structure=structure, moments=moments)
    if estimator == "GLS":
        return Group(normal, None, moments, normal, start)
    distribution_free = asymptotic_covariance(
        cases=Cases(Y=Y, weights=None, clusters=None, given=none),
        moments=sample,
        means=means,
    )
    normal_theory = normal_covariance(moments=moments, given=none, means=means)
    weight, Gamma = {
        "ULS": (np.ones(len(normal_theory)), normal_theory),
        "ULSMV": (np.ones(len(normal_theory)), distribution_free),
        "DWLS": (1 / np.diag(normal_theory), normal_theory),
        "WLS": (np.linalg.inv(distribution_free), None),
    }[estimator]
    stacked = CovarianceStructure(structure)
    discrepancy = LeastSquares(
        moments=stacked, sample=stacked.sample(moments), weight=weight, n=moments.n
    )
    return Group(discrepancy, Gamma, moments, normal, start)


def fit(groups, start, K):
    """Fit prepared groups and collect the evidence."""
    n = sum(group.moments.n for group in groups)
    problem = Problem(
        tuple(group.discrepancy for group in groups),
        tuple(group.moments.n / n for group in groups),
    )
    optimum = minimise(
        problem=problem, start=start, space=AffineSpace(K, np.zeros(len(start)))
    )
    evidence = tuple(
        least_squares_evidence(
            discrepancy=group.discrepancy.explicit()
            if isinstance(group.discrepancy, GeneralisedLeastSquares)
            else group.discrepancy,
            point=part,
            Gamma=group.Gamma,
            count=0,
        )
        for group, part in zip(groups, optimum.point.parts, strict=True)
    )
    return Fit(groups, problem, optimum, Inference(evidence, K), n)


def _groups(name, baseline):
    """Prepare the groups of a case."""
    given = read(name)
    estimator, weigh = given["options"]["estimator"], "sampling.weights"
    covariates = np.array([item in ("ageyr", "sex") for item in given["names"]])
    for structure, Y, frame in zip(
        structures(name), answers(name), cases_of(name), strict=True
    ):
        if structure.ordered is None:
            yield continuous_group(structure, Y, estimator, covariates, baseline)
            continue
        weights = frame["w"].to_numpy() if weigh in given["options"] else None
        yield ordinal_group(structure, Y, estimator, weights, baseline)


@cache
def fitted(name):
    """Fit the model of a case, starting away from lavaan's estimates."""
    given = read(name)
    x = np.array(given["x"])
    start = x + np.random.default_rng(1).normal(size=x.size) / 20
    K = np.eye(x.size) if given.get("K") is None else np.array(given["K"])
    return fit(tuple(_groups(name, baseline=False)), start, K)


@cache
def baseline(name):
    """Fit the baseline model of a case."""
    groups = tuple(_groups(name, baseline=True))
    start = np.concatenate([group.start for group in groups])
    return fit(groups, start, np.eye(start.size))
