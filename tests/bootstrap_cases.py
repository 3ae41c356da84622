"""Models with data that resemble them, for tests of the bootstrap."""

from dataclasses import dataclass, replace

import numpy as np

from kocsem.core.bootstrap.batched import MaximumLikelihood
from kocsem.core.bootstrap.packed import SampleCells
from kocsem.core.bootstrap.samples import gather_cases
from kocsem.core.optimiser.optimise import AffineSpace, minimise
from sem_cases import Problem

# Two ways to one optimum, each with a Newton decrement of 1e-20: a step of 1e-10
# standard errors of a single case is left, times the condition of the information.
BATCH_ATOL = 1e-8


@dataclass(frozen=True)
class Case:
    """A model that was fitted to complete data, with its data by group."""

    model: MaximumLikelihood
    groups: tuple[np.ndarray, ...]

    @property
    def sizes(self):
        return tuple(Y.shape[0] for Y in self.groups)

    def minimise(self, samples, number=0):
        """Fit one of some samples with the general optimiser."""
        return minimise(
            problem=self.model.problem(samples.of(number)),
            start=self.model.starts[0],
            space=self.model.space,
        )

    def fit(self, *groups):
        """Fit other data with the general optimiser."""
        return self.minimise(gather_cases(groups=groups).moments)


def cells_of(layout, table):
    """Find the cells that hold sample moments of fixed covariates."""
    at = {name: i for i, name in enumerate(layout.observed)}
    found = [
        (cell.matrix, cell.row, cell.col, at[row.lhs], at.get(row.rhs, -1))
        for cell, row in zip(layout.cells, table, strict=True)
        if row.exogenous
    ]
    columns = np.array(found, dtype=np.intp).reshape(-1, 5).T
    return SampleCells(*np.ascontiguousarray(columns))


def whole(k):
    return AffineSpace(K=np.eye(k), offset=np.zeros(k))


def equal(k, groups, kinds, matrix):
    """Hold the parameters of some matrices equal in all groups."""
    shared = np.isin(matrix, kinds)
    own = np.kron(np.eye(groups), np.eye(k)[:, ~shared])
    K = np.hstack([np.vstack([np.eye(k)[:, shared]] * groups), own])
    return AffineSpace(K=K, offset=np.zeros(k * groups))


def fitted(name, sizes=(150,), seed=0, space=None):
    """Draw data for a model of `sem_cases.MODELS`, and fit them."""
    problem = Problem(name, seed)
    structure = problem.structure
    cells = cells_of(problem.layout, problem.table)
    x = problem.draw()
    implied = problem.at(x).implied
    rng = np.random.default_rng([seed, 77])
    groups = tuple(
        rng.multivariate_normal(implied.mu, implied.Sigma, size=n, method="cholesky")
        for n in sizes
    )
    count = len(sizes)
    model = MaximumLikelihood(
        structures=(structure,) * count,
        cells=(cells,) * count,
        space=space(structure) if space else whole(structure.k * count),
        starts=(np.tile(x, count),),
        cases=gather_cases(groups=groups),
    )
    found = Case(model, groups).fit(*groups)
    assert found.converged
    return Case(replace(model, starts=(found.point.x,)), groups)


@dataclass(frozen=True)
class Rows:
    """Turn the rows of a draw into a problem; refuse those without the first case."""

    model: object
    Y: np.ndarray
    refused: bool = False

    def __call__(self, rows):
        if self.refused and 0 not in rows:
            return None
        return self.model.problem(gather_cases(groups=[self.Y[rows]]).moments.of(0))
