"""The flat layout against the records that it stands for."""

import numpy as np
import pytest

from bootstrap_cases import cells_of, whole
from kocsem.core.bootstrap.packed import NAMES, SampleCells, pack, padded, scratch
from kocsem.core.optimiser.optimise import AffineSpace
from kocsem.core.structure import fill
from sem_cases import MODELS, Problem

PAIRS = [("path", "path"), ("cfa", "std_lv"), ("cfa", "residual correlations")]


def packed(*names, space=None):
    problems = [Problem(name, seed=1) for name in names]
    structures = tuple(problem.structure for problem in problems)
    k = sum(structure.k for structure in structures)
    cells = tuple(cells_of(problem.layout, problem.table) for problem in problems)
    model = pack(structures=structures, cells=cells, space=space or whole(k))
    return problems, model, scratch(structures=structures, free=k)


def trimmed(view, wanted):
    return view[tuple(slice(size) for size in wanted.shape)]


@pytest.mark.parametrize("names", [(name,) for name in MODELS] + PAIRS, ids="+".join)
def test_parameters_come_where_the_structure_has_them(names):
    problems, model, at = packed(*names)
    x = np.concatenate([problem.draw() for problem in problems])
    at.matrices[model.cell] = x
    at.matrices[model.mirror] = x
    for group, problem in enumerate(problems):
        own = x[model.first[group] : model.first[group + 1]]
        wanted = fill(structure=problem.structure, x=own)
        for name in NAMES:
            part = getattr(wanted, name)
            assert np.array_equal(trimmed(getattr(at, name)[group], part), part)


@pytest.mark.parametrize("names", [("covariates",), ("path", "path")], ids="+".join)
def test_sample_moments_come_where_the_template_has_them(names):
    problems, model, at = packed(*names)
    width = padded(len(problems[0].layout.observed))
    g, p = len(names), len(problems[0].layout.observed)
    S, ybar = np.zeros((g, width, width)), np.zeros((g, width))
    for group, problem in enumerate(problems):
        S[group, :p, :p], ybar[group, :p] = problem.moments.S, problem.moments.ybar
        for name in NAMES:
            getattr(at, name)[:] = 0.0
    moments = np.concatenate([S.ravel(), ybar.ravel()])
    at.matrices[model.given_cell] = moments[model.given_source]
    at.matrices[model.given_mirror] = moments[model.given_source]
    assert model.given_cell.size
    for group, problem in enumerate(problems):
        fixed = problem.structure.template.Psi
        assert np.array_equal(trimmed(at.Psi[group], fixed), fixed)


def test_dummies_have_variance_one():
    problems, _, at = packed("latent means")
    p = len(problems[0].layout.observed)
    rest = np.arange(p, at.gap.shape[1])
    assert rest.size == 4 * np.ceil(p / 4) - p
    assert (at.Theta[0][rest, rest] == 1).all()


def test_constraints_by_rows():
    K = np.array([[1.0, 0.0], [0.0, 0.0], [0.5, -2.0], [0.0, 1.0]])
    K = np.vstack([K, np.zeros((9, 2))])
    _, model, _ = packed("cfa", space=AffineSpace(K=K, offset=np.zeros(13)))
    again = np.zeros_like(K)
    for row in range(13):
        entries = slice(model.start[row], model.start[row + 1])
        again[row, model.column[entries]] = model.value[entries]
    assert np.array_equal(again, K)


@pytest.mark.parametrize(("p", "wanted"), [(1, 4), (4, 4), (5, 8), (20, 20)])
def test_padding(p, wanted):
    assert padded(p) == wanted


def test_means_have_no_second_variable():
    none = np.zeros(1, dtype=np.intp)
    problem = Problem("path means", seed=1)
    cells = SampleCells(none + 5, none, none, none + 2, none - 1)
    model = pack(
        structures=(problem.structure,),
        cells=(cells,),
        space=whole(problem.structure.k),
    )
    width = padded(3)
    assert model.given_source[0] == width * width + 2
