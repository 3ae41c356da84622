"""Where one model stands in another."""

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.results.comparable import check_nested
from kocsem.results.nesting import Embedding, embed, moment_tangent
from reference.lavaan import HERE
from sem_cases import HS, PD, democracy, holzinger


def hs(text=HS, **options):
    return kocsem.cfa(text, holzinger(), **options).solution


def implied(solution, x):
    """Return the moments of all groups at a point, in the order of their names."""
    found = []
    for group, part in zip(solution.groups, solution.problem.at(x).parts, strict=True):
        order = np.argsort(group.layout.observed)
        found += [
            part.implied.Sigma[np.ix_(order, order)],
            part.implied.mu[order] * group.structure.means,
        ]
    return np.concatenate([np.ravel(moments) for moments in found])


TIED = "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
MARKED = f"{HS}\nvisual ~ 1\ntextual ~ 1\nspeed ~ 1\nx1 ~ 0*1\nx4 ~ 0*1\nx7 ~ 0*1"
METRIC = {"group": "school", "group_equal": ["loadings"]}
SCALAR = {"group": "school", "group_equal": ["loadings", "intercepts"]}
OTHER_ORDER = "speed =~ x7 + x9 + x8\nvisual =~ x1 + x3 + x2\ntextual =~ x4 + x6 + x5"
MIMIC = f"{HS}\nvisual + textual + speed ~ ageyr + sex"

#: Wider and restricted model, and whether parameters can be read off.
NESTED = {
    "absent is 0": (lambda: (hs(f"{HS}\nx7 ~~ x8"), hs()), True),
    "fixed": (lambda: (hs(), hs(f"{HS}\nvisual ~~ 0.3*speed")), True),
    "tied": (lambda: (hs(), hs(TIED)), True),
    "tied and more tied": (lambda: (hs(TIED), hs(TIED.replace("x6", "0.9*x6"))), True),
    "a line": (lambda: (hs(TIED), hs(f"{TIED}\na == 0.7")), True),
    "free, but held by a line": (
        lambda: (hs(TIED.replace("a*x2", "0.7*x2")), hs(f"{TIED}\na == 0.7")),
        False,
    ),
    "other order": (lambda: (hs(OTHER_ORDER), hs(TIED)), True),
    "fixed covariates": (
        lambda: (
            kocsem.sem(MIMIC, holzinger()).solution,
            kocsem.sem(MIMIC.replace("sex", "0*sex"), holzinger()).solution,
        ),
        True,
    ),
    "groups": (lambda: (hs(group="school"), hs(**METRIC)), True),
    "other scale": (lambda: (hs(std_lv=True), hs(TIED)), False),
    "other scale and order": (lambda: (hs(OTHER_ORDER, std_lv=True), hs(TIED)), False),
    "free means": (lambda: (hs(**METRIC), hs(**SCALAR)), False),
    "a factor above": (
        lambda: (hs(), hs(f"{HS}\ng =~ visual + a*textual + a*speed")),
        False,
    ),
    "ties that do not match": (
        lambda: (
            hs(TIED.replace("a*x3", "x3").replace("a*x2", "b*x2") + "\nb == 0.5"),
            hs(TIED.replace("x5", "1*x5") + "\na == 0.5"),
        ),
        True,
    ),
    "means of factors or of markers": (
        lambda: (hs(MARKED), hs(f"{HS}\nx2 ~ i*1\nx3 ~ i*1")),
        False,
    ),
}


@pytest.mark.parametrize(("given", "read_off"), NESTED.values(), ids=NESTED)
def test_the_point_has_the_moments_of_the_restricted_model(given, read_off):
    wider, restricted = given()
    found = embed(wider, restricted)
    assert found.nested
    assert (found.tangent is not None) == read_off
    assert_allclose(
        implied(wider, found.x), implied(restricted, restricted.x), atol=2e-5
    )
    space = wider.space
    assert_allclose(space.point(space.coordinates(found.x)), found.x, atol=1e-8)


READ_OFF = {name: given for name, (given, read) in NESTED.items() if read}


@pytest.mark.parametrize("given", READ_OFF.values(), ids=READ_OFF)
def test_directions_lead_to_the_same_moments(given):
    """A step of the restricted model is a step of the wider one along its tangent."""
    wider, restricted = given()
    found = embed(wider, restricted)
    step = 1e-5 * np.linspace(-1, 1, found.tangent.shape[1])
    away = restricted.space.K @ step
    assert_allclose(
        implied(wider, found.x + found.tangent @ step),
        implied(restricted, restricted.x + away),
        atol=1e-9,
    )


@pytest.mark.parametrize("given", READ_OFF.values(), ids=READ_OFF)
def test_directions_by_moments_are_those_of_the_parameters_at_one_point(given):
    wider, restricted = given()
    exact = embed(wider, restricted)
    point = wider.problem.at(exact.x)
    moved = replace(wider, optimum=replace(wider.optimum, point=point))
    found = moment_tangent(moved, restricted)
    assert_allclose(found, exact.tangent, atol=1e-7)


NOT_NESTED = {
    "another covariance": lambda: (hs(f"{HS}\nx7 ~~ x8"), hs(f"{HS}\nx1 ~~ x4")),
    "fewer factors, more paths": lambda: (
        hs(),
        hs("f =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9\nx7 ~~ x8"),
    ),
    "equal intercepts only": lambda: (
        hs(**METRIC),
        hs(group="school", group_equal=["intercepts"]),
    ),
    "fixed at another value": lambda: (
        hs(f"{HS}\nvisual ~~ 0.5*speed"),
        hs(f"{TIED}\nvisual ~~ 0.3*speed"),
    ),
    "a covariate at another variance": lambda: (
        kocsem.sem("x9 ~ x1 + x2", holzinger()).solution,
        kocsem.sem("x9 ~ x1\nx1 ~~ 1*x1 + x2\nx2 ~~ x2", holzinger()).solution,
    ),
    "a line that contradicts": lambda: (
        hs(f"{TIED}\na == 0.7"),
        hs(f"{TIED}\na == 0.8"),
    ),
}


@pytest.mark.parametrize("given", NOT_NESTED.values(), ids=NOT_NESTED)
def test_models_that_are_not_nested(given):
    found = embed(*given())
    assert found.nested is False
    assert found.discrepancy > 1e-4


def test_the_wider_model_is_not_nested_in_the_restricted_one():
    restricted = PD.replace("y2 ~~ y4 + y6", "y2 ~~ y4")
    wider, restricted = (
        kocsem.sem(text, democracy()).solution for text in (PD, restricted)
    )
    assert embed(wider, restricted).nested
    assert embed(restricted, wider).nested is False


@pytest.mark.parametrize(
    ("embedding", "nested"),
    [
        (Embedding(x=np.zeros(0), discrepancy=1e-9), True),
        (Embedding(x=np.zeros(0), discrepancy=1e-9, settled=False), True),
        (Embedding(x=np.zeros(0), discrepancy=5e-7), None),
        (Embedding(x=np.zeros(0), discrepancy=1e-3, settled=False), None),
        (Embedding(x=np.zeros(0), discrepancy=1e-3), False),
    ],
)
def test_bounds_of_nesting(embedding, nested):
    assert embedding.nested is nested
    if nested is not False:
        codes = [finding.code for finding in check_nested("m1", "m0", embedding)]
        assert codes == ([] if nested else ["nesting-in-doubt"])


# ---------------------------------------------------------------- against lavaan

NET = json.loads((HERE / "nesting.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def solutions():
    texts = NET["models"]
    return {name: kocsem.sem(texts[name], holzinger()).solution for name in texts}


PAIRS = [
    (wider, restricted, NET["nested"][row][column])
    for row, restricted in enumerate(NET["order"])
    for column, wider in enumerate(NET["order"])
    if NET["nested"][row][column] is not None and row != column
]


@pytest.mark.parametrize(("wider", "restricted", "nested"), PAIRS)
def test_every_pair_of_models(solutions, wider, restricted, nested):
    found = embed(solutions[wider], solutions[restricted])
    assert found.nested is nested
