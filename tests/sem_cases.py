"""Models of every kind, and the published data, that several tests share."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from kocsem.core.maximum_likelihood import evaluate, log_determinant, tangents_at
from kocsem.core.moments import SampleMoments
from kocsem.core.structure import Matrix
from kocsem.model.build import TableOptions, build_table
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model

DATA = Path(__file__).parent / "reference" / "data"

HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
PD = """
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
"""

MODELS = {
    "cfa": ("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", {}),
    "std_lv": ("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", {"std_lv": True}),
    "residual correlations": (
        "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f\nx1 ~~ x4\nx2 ~~ x3 + x6",
        {},
    ),
    "cross loadings": ("f =~ x1 + x2 + x3 + x4\ng =~ x4 + x5 + x6 + x1\ng ~ f", {}),
    "second order": (
        "f =~ x1 + x2\ng =~ x3 + x4\nh =~ x5 + x6\ntop =~ f + g + h\ny ~ top + f",
        {},
    ),
    "path": ("m ~ x + w\ny ~ m + x\nz ~ y + m", {}),
    "loop": ("y1 ~ y2 + x1\ny2 ~ y1 + x2", {}),
    "covariates": ("f =~ x1 + x2 + x3\nf ~ z1 + z2\nx2 ~ z1\ny ~ f + z2", {}),
    "random covariates": (
        "f =~ x1 + x2 + x3\nf ~ z1 + z2\ny ~ f + z2",
        {"fixed_x": False, "meanstructure": True},
    ),
    "means": ("f =~ x1 + x2 + x3\ng =~ x4 + x5\ng ~ f", {"meanstructure": True}),
    "latent means": (
        "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\nh =~ z1 + z2\nh ~ g + f\ng ~ f\n"
        "f ~ 1\ng ~ 1\nh ~ 1\nx1 ~ 0*1\ny1 ~ 0*1\nz1 ~ 0*1\nx2 ~~ y2",
        {},
    ),
    "path means": ("m ~ x + 1\ny ~ m + x + 1\nx ~~ x\nx ~ 1", {}),
}


class Problem:
    """A model with arbitrary sample moments and points at which to look."""

    def __init__(self, name, seed=0):
        text, options = MODELS[name]
        self.rng = np.random.default_rng([seed, list(MODELS).index(name)])
        self.table = build_table(parse_model(text), TableOptions(**options))
        p = len(self.table.variables.observed)
        Y = self.rng.normal(size=(3 * p, p)) @ (
            np.eye(p) + 0.3 * self.rng.normal(size=(p, p))
        ) + self.rng.normal(size=p)
        S = np.cov(Y.T, bias=True)
        self.Y, self.moments = Y, SampleMoments(S=S, ybar=Y.mean(axis=0), n=3 * p)
        at = {n: i for i, n in enumerate(self.table.variables.observed)}
        given = {
            r.key: self.moments.ybar[at[r.lhs]]
            if r.op == "~1"
            else S[at[r.lhs], at[r.rhs]]
            for r in self.table
            if r.exogenous
        }
        self.layout = lay_out(self.table, given)
        self.structure = self.layout.structure

    def draw(self):
        """Draw a parameter vector inside the parameter space."""
        which, rng = self.structure.matrix, self.rng
        variance = self.structure.diagonal
        size = which.size
        x = rng.uniform(-0.15, 0.15, size)
        x = np.where(which == Matrix.LAMBDA, rng.uniform(0.5, 1.5, size), x)
        x = np.where(which == Matrix.BETA, rng.uniform(-0.6, 0.6, size), x)
        x = np.where(variance, rng.uniform(0.8, 1.6, size), x)
        return np.where(which >= Matrix.NU, rng.normal(size=size), x)

    def at(self, x):
        """Evaluate the discrepancy; the point must be inside the parameter space."""
        point = evaluate(
            structure=self.structure,
            x=x,
            moments=self.moments,
            logdet_S=log_determinant(S=self.moments.S),
        )
        assert point is not None
        return point

    def tangents(self, x):
        return tangents_at(structure=self.structure, point=self.at(x))


def central_differences(function, x, step=1e-5):
    """Differentiate a function of a vector; the last axis runs over the vector."""
    return np.stack(
        [
            (function(x + step * e) - function(x - step * e)) / (2 * step)
            for e in np.eye(x.size)
        ],
        axis=-1,
    )


@cache
def _read(name):
    return pd.read_csv(DATA / f"{name}.csv")


def holzinger():
    """Return a copy of the Holzinger-Swineford data."""
    return _read("holzinger").copy()


def democracy():
    """Return a copy of the Political Democracy data."""
    return _read("democracy").copy()


def by_parameter(frame, column):
    """Return one column by parameter, a covariance the same either way round."""
    found = {}
    for row in frame.to_dict("records"):
        lhs, rhs = row["lhs"], row["rhs"]
        if row["op"] == "~~":
            lhs, rhs = sorted((lhs, rhs))
        assert (lhs, row["op"], rhs) not in found
        found[lhs, row["op"], rhs] = row[column]
    return found


def values_in_order(frame, column, like):
    """Return a column of one frame in the order of the parameters of another."""
    found, wanted = by_parameter(frame, column), by_parameter(like, column)
    assert found.keys() == wanted.keys()
    return np.array([found[k] for k in wanted]), np.array(list(wanted.values()))
