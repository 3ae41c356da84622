"""Data with holes, lavaan's numbers for them, and fits, that several tests share."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from kocsem.core.evidence import Inference
from kocsem.core.incomplete.casewise import casewise_likelihood
from kocsem.core.incomplete.complete_data_test import complete_data_test, completion
from kocsem.core.incomplete.full_information import (
    FullInformation,
    full_information_evidence,
)
from kocsem.core.incomplete.patterns import missing_patterns
from kocsem.core.incomplete.sample import incomplete_sample
from kocsem.core.incomplete.saturated import independence_moments
from kocsem.core.independence import independence_estimates, independence_structure
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.optimiser.optimise import AffineSpace, minimise
from kocsem.core.problem import Problem
from kocsem.estimation.starts import start_values
from kocsem.model.build import TableOptions, build_table
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model

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


def located(Y, weights=None, seed=0):
    """Return the likelihood of data at moments that fit them in no way."""
    mu, Sigma = somewhere(Y.shape[1], seed)
    patterns = missing_patterns(Y=Y, weights=weights)
    return casewise_likelihood(patterns=patterns, mu=mu, Sigma=Sigma)


def moved(at, moments):
    """Return the same likelihood at other moments (mu, vech Sigma)."""
    p = at.mu.size
    return casewise_likelihood(
        patterns=at.patterns, mu=moments[:p], Sigma=unvech(moments[p:], p)
    )


def stacked(at):
    """Return the moments of a likelihood as one vector."""
    return np.concatenate([at.mu, vech(at.Sigma)])


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


# --- models that lavaan fitted by full information

FIML_CASES = (
    "hs_cfa_fiml",
    "hs_cfa_fiml_mlr",
    "fiml_covariates_ml",
    "fiml_covariates_mlr",
    "fiml_free_covariates",
    "fiml_equal",
    "fiml_cluster",
    "fiml_weights",
    "fiml_groups",
    "fiml_democracy",
)


@dataclass(frozen=True)
class Solved:
    """A model fitted to one or two groups with holes, and the baseline model."""

    given: dict
    table: object
    fixed: np.ndarray
    models: tuple
    points: tuple
    space: AffineSpace
    baselines: tuple
    baseline_points: tuple
    converged: bool

    @property
    def measures(self):
        return self.given["fit_measures"]

    @property
    def robust(self):
        return self.given["options"]["estimator"] == "MLR"

    @property
    def n(self):
        return sum(model.sample.n for model in self.models)

    @property
    def baseline_K(self):
        return np.eye(sum(model.k for model in self.baselines))

    def chisq(self, baseline=False):
        models = self.baselines if baseline else self.models
        points = self.baseline_points if baseline else self.points
        pairs = zip(models, points, strict=True)
        return sum(model.sample.n * point.discrepancy for model, point in pairs)

    def inference(self, baseline=False):
        models = self.baselines if baseline else self.models
        points = self.baseline_points if baseline else self.points
        parts = tuple(
            full_information_evidence(problem=model, point=point, given=self.fixed)
            for model, point in zip(models, points, strict=True)
        )
        return Inference(groups=parts, K=self.baseline_K if baseline else self.space.K)

    def complete_test(self, baseline=False):
        """Return the test without holes, and its degrees of freedom."""
        models = self.baselines if baseline else self.models
        points = self.baseline_points if baseline else self.points
        parts = tuple(
            completion(problem=model, point=point, given=self.fixed)
            for model, point in zip(models, points, strict=True)
        )
        df = self.measures["baseline.df" if baseline else "df"]
        K = self.baseline_K if baseline else self.space.K
        return complete_data_test(groups=parts, K=K, df=df, robust=self.robust), df


@cache
def solved(case):
    """Fit the model of a case, with its baseline, by calls to the core."""
    given = json.loads((REFERENCE / f"{case}.json").read_text(encoding="utf-8"))
    options = given["options"]
    fixed_x = options.get("fixed_x", True)
    table = build_table(
        parse_model(given["model"]), TableOptions(meanstructure=True, fixed_x=fixed_x)
    )
    names, exogenous = table.variables.observed, table.variables.exogenous
    covariates = np.isin(names, exogenous)
    fixed = covariates & fixed_x
    data = pd.read_csv(REFERENCE / "data" / given["data"])
    if fixed.any():
        data = data.dropna(subset=list(exogenous))
    data = data.dropna(subset=list(names), how="all")
    models, starts, baselines, points = [], [], [], []
    for rows in parted(data, options.get("group")):
        sample = incomplete_sample(
            Y=rows[list(names)].to_numpy(float),
            weights=weighted(rows, options.get("sampling_weights")),
            clusters=clustered(rows, options.get("cluster")),
        )
        layout = lay_out(table, known_moments(table, sample.moments))
        models.append(FullInformation(structure=layout.structure, sample=sample))
        starts.append(start_values(table, layout, sample.moments))
        alone = independence_moments(patterns=sample.patterns, covariates=covariates)
        structure = independence_structure(
            moments=alone, given=fixed, covariates=covariates, means=True
        )
        baselines.append(FullInformation(structure=structure, sample=sample))
        estimates = independence_estimates(structure=structure, moments=alone)
        points.append(baselines[-1].at(estimates))
    space = shared_space(table, len(models), options.get("group_equal", ()))
    optimum = fitted(models, np.concatenate(starts), space)
    return Solved(
        given=given,
        table=table,
        fixed=fixed,
        models=tuple(models),
        points=optimum.point.parts,
        space=space,
        baselines=tuple(baselines),
        baseline_points=tuple(points),
        converged=optimum.converged,
    )


def fitted(models, start, space):
    """Fit models to the saturated moments, then to the data."""
    n = sum(model.sample.n for model in models)
    shares = tuple(model.sample.n / n for model in models)
    near = tuple(
        NormalTheory(structure=model.structure, moments=model.sample.moments)
        for model in models
    )
    begun = minimise(problem=Problem(near, shares), start=start, space=space)
    problem = Problem(tuple(models), shares)
    return minimise(problem=problem, start=begun.point.x, space=space)


def parted(data, group):
    return [data] if group is None else [d for _, d in data.groupby(group, sort=False)]


def weighted(rows, name):
    return None if name is None else (rows[name] / rows[name].mean()).to_numpy()


def clustered(rows, name):
    return None if name is None else pd.factorize(rows[name])[0]


def known_moments(table, moments):
    """Return the value of every moment of fixed covariates by the row's key."""
    at = {name: i for i, name in enumerate(table.variables.observed)}
    return {
        row.key: moments.ybar[at[row.lhs]]
        if row.op == "~1"
        else moments.S[at[row.lhs], at[row.rhs]]
        for row in table
        if row.exogenous
    }


def shared_space(table, groups, group_equal):
    """Give parameters with one label, or loadings of all groups, one column."""
    equal = "loadings" in group_equal
    labels = [
        row.label or (row.key if equal and row.op == "=~" else (group, row.key))
        for group in range(groups)
        for row in table.free_rows
    ]
    columns = list(dict.fromkeys(labels))
    K = np.zeros((len(labels), len(columns)))
    K[np.arange(len(labels)), [columns.index(label) for label in labels]] = 1.0
    return AffineSpace(K=K, offset=np.zeros(len(labels)))


def parameter_key(lhs, op, rhs):
    """Identify a parameter; a covariance is the same either way round."""
    return (*sorted([lhs, rhs]), op) if op == "~~" else (lhs, rhs, op)


def lavaan_column(case, column):
    """Return a column of lavaan's free parameters, in the order of the core's x."""
    done = solved(case)
    found = {
        (row.get("group", 1), parameter_key(row["lhs"], row["op"], row["rhs"])): row
        for row in done.given["parameters"]
    }
    return np.array(
        [
            found[group, parameter_key(*row.key)][column]
            for group in range(1, len(done.models) + 1)
            for row in done.table.free_rows
        ],
        dtype=float,
    )
