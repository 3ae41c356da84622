"""Start values: exact where the model is, in the units of the items, never useless."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.core.maximum_likelihood import evaluate, log_determinant
from kocsem.core.moments import SampleMoments, sample_moments
from kocsem.estimation.starts import plain_starts, start_values
from kocsem.model.build import TableOptions, build_table
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model
from sem_cases import HS, PD, democracy, holzinger

BOTH = pytest.mark.parametrize("function", [start_values, plain_starts])


def prepared(text, **options):
    table = build_table(parse_model(text), TableOptions(**options))
    given = {row.key: 1.0 for row in table if row.exogenous}
    return table, lay_out(table, given)


def starts(text, S, ybar=None, function=start_values, **options):
    """Return the start values by the text of the parameter."""
    table, layout = prepared(text, **options)
    S = np.asarray(S, dtype=float)
    ybar = np.zeros(len(S)) if ybar is None else np.asarray(ybar, dtype=float)
    x = function(table, layout, SampleMoments(S=S, ybar=ybar, n=100))
    return {row.text: x[row.free - 1] for row in table.free_rows}


def one_factor(loadings, residuals, variance=1.0):
    loadings = np.array(loadings, dtype=float)
    return variance * np.outer(loadings, loadings) + np.diag(residuals)


FOUR = "f =~ x1 + x2 + x3 + x4"


@pytest.mark.parametrize(
    "loadings",
    [(1, 1, 1, 1), (1, 2, 0.5, 1.5), (1, -1, 2, 0.7), (-1, 1, 1, 1), (0.5, 1, 1, 1)],
)
def test_exact_where_the_sample_is_the_models(loadings):
    S = one_factor(loadings, [0.5, 0.8, 1.0, 0.9])
    found = starts(FOUR, S)
    for i in (1, 2, 3):
        relative = loadings[i] / loadings[0]
        assert found[f"f=~x{i + 1}"] == pytest.approx(relative, rel=1e-12)
    assert found["f~~f"] == pytest.approx(loadings[0] ** 2, rel=1e-12)
    for i, residual in enumerate([0.5, 0.8, 1.0, 0.9]):
        assert found[f"x{i + 1}~~x{i + 1}"] == pytest.approx(residual, rel=1e-9)


def test_exact_with_std_lv():
    found = starts(FOUR, one_factor([0.8, 1.2, 0.6, 1.0], [1, 1, 1, 1]), std_lv=True)
    for i, loading in enumerate([0.8, 1.2, 0.6, 1.0]):
        assert found[f"f=~x{i + 1}"] == pytest.approx(loading, rel=1e-12)


@pytest.mark.parametrize("marker", [2.0, 0.5, -1.0])
def test_exact_with_another_marker(marker):
    text = f"f =~ NA*x1 + {marker}*x2 + x3 + x4"
    found = starts(text, one_factor([0.8, 1.2, 0.6, 1.0], [1, 1, 1, 1]))
    for i, loading in ((1, 0.8), (3, 0.6), (4, 1.0)):
        assert found[f"f=~x{i}"] == pytest.approx(marker * loading / 1.2, rel=1e-12)
    assert found["f~~f"] == pytest.approx((1.2 / marker) ** 2, rel=1e-12)


@BOTH
@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("f =~ x1 + start(7)*x2 + x3", "f=~x2", 7),
        ("f =~ x1 + x2 + x3\nf ~~ start(3)*f", "f~~f", 3),
        ("f =~ x1 + x2 + x3\nx2 ~~ start(0.2)*x2", "x2~~x2", 0.2),
        ("f =~ x1 + x2 + x3\nx2 ~ start(9)*1", "x2~1", 9),
    ],
)
def test_the_users_start_wins(function, text, name, value):
    S = one_factor([1, 1, 1], [1, 1, 1])
    assert starts(text, S, function=function)[name] == value


@BOTH
def test_means_start_at_the_samples(function):
    S = one_factor([1, 1, 1], [1, 1, 1])
    found = starts(
        "f =~ x1 + x2 + x3", S, [3, 4, 5], function=function, meanstructure=True
    )
    assert [found[f"x{i}~1"] for i in (1, 2, 3)] == [3, 4, 5]


@BOTH
def test_random_covariates_start_at_the_samples_moments(function):
    S = np.array([[2.0, 0.3, 0.2], [0.3, 1.5, 0.4], [0.2, 0.4, 1.2]])
    found = starts("y ~ x + z", S, function=function, fixed_x=False)
    assert found["x~~z"] == 0.4


CASES = {
    "cfa": (HS, holzinger, {}),
    "std_lv": (HS, holzinger, {"std_lv": True}),
    "sem": (PD, democracy, {}),
    "second order": (f"{HS}\ng =~ visual + textual + speed", holzinger, {}),
    "higher order, std_lv": (
        f"{HS}\ng =~ visual + textual + speed",
        holzinger,
        {"std_lv": True},
    ),
    "cross loadings": (f"{HS}\nvisual =~ x9\nspeed =~ x1", holzinger, {}),
    "single items": ("a =~ x1\nb =~ x2 + x3 + x4\nb ~ a", holzinger, {}),
    "means": (HS, holzinger, {"meanstructure": True}),
    "path": ("x9 ~ x1 + x5\nx5 ~ x1", holzinger, {"fixed_x": False}),
    "random covariates": (f"{HS}\nvisual ~ sex + ageyr", holzinger, {"fixed_x": False}),
}


def sample_of(table, read):
    data = read()[list(table.variables.observed)]
    return sample_moments(Y=data.to_numpy(dtype=float))


@BOTH
@pytest.mark.parametrize(("text", "read", "options"), CASES.values(), ids=CASES)
def test_the_start_is_inside_the_parameter_space(function, text, read, options):
    table, layout = prepared(text, **options)
    moments = sample_of(table, read)
    point = evaluate(
        structure=layout.structure,
        x=function(table, layout, moments),
        moments=moments,
        logdet_S=log_determinant(S=moments.S),
    )
    assert point is not None
    assert np.isfinite(point.discrepancy)


@BOTH
@pytest.mark.parametrize("name", ["cfa", "sem", "second order", "cross loadings"])
def test_rescaled_items_rescale_the_start(function, name):
    text, read, options = CASES[name]
    table, layout = prepared(text, **options)
    moments = sample_of(table, read)
    scale = 10.0 ** np.resize([3, -3, 0, 2, -1], moments.ybar.size)
    rescaled = SampleMoments(
        S=moments.S * np.outer(scale, scale), ybar=moments.ybar * scale, n=moments.n
    )
    marker = {}
    for row in table:
        if row.op == "=~":
            marker.setdefault(row.lhs, row.rhs)
    unit = dict(zip(layout.observed, scale, strict=True))

    def unit_of(variable):
        while variable in marker:
            variable = marker[variable]
        return unit[variable]

    before, after = (function(table, layout, m) for m in (moments, rescaled))
    for row in table.free_rows:
        left, right = unit_of(row.lhs), unit_of(row.rhs)
        factor = {"=~": right / left, "~": left / right, "~~": left * right}[row.op]
        at = row.free - 1
        assert after[at] == pytest.approx(before[at] * factor, rel=1e-9), row.text


@BOTH
def test_uncorrelated_items_still_give_finite_starts(function):
    found = starts(FOUR, np.diag([1.0, 4.0, 9.0, 16.0]), function=function)
    assert np.isfinite(list(found.values())).all()
    assert all(value > 0 for name, value in found.items() if "~~" in name)


@BOTH
def test_a_factor_of_nothing_but_latent_names_is_no_crash(function):
    found = starts(
        "top =~ f + g\nf =~ x1 + x2\ng =~ x3 + x4",
        one_factor([1, 1, 1, 1], [1, 1, 1, 1]),
        function=function,
    )
    assert np.isfinite(list(found.values())).all()


@pytest.mark.parametrize(("text", "read", "options"), CASES.values(), ids=CASES)
def test_few_steps_lead_from_the_start_to_the_optimum(text, read, options):
    fit = kocsem.sem(text, read(), **options)
    assert fit.converged
    assert fit.solution.optimum.iterations <= 25


@pytest.mark.parametrize("value", [0.01, 0.5, 5.0, 50.0])
def test_the_optimum_does_not_depend_on_the_users_start(value):
    text = HS.replace("+ x2", f"+ start({value})*x2")
    plain, moved = kocsem.cfa(HS, holzinger()), kocsem.cfa(text, holzinger())
    assert moved.converged
    assert_allclose(moved.parameters["est"], plain.parameters["est"], rtol=1e-6)
