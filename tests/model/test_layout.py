"""Where parameters stand in the matrices, read off by hand."""

import pytest
from numpy.testing import assert_array_equal

from kocsem.core.structure import Matrix
from kocsem.model.build import TableOptions, build_table
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model


def laid_out(text, exogenous=None, **options):
    table = build_table(parse_model(text), TableOptions(**options))
    values = {row.key: 1.0 for row in table if row.exogenous}
    return table, lay_out(table, values | (exogenous or {}))


def places(text, **options):
    """Return for each row the matrix and the names along it."""
    table, layout = laid_out(text, **options)
    items, factors = layout.observed, layout.factors
    names = {
        Matrix.LAMBDA: (items, factors),
        Matrix.BETA: (factors, factors),
        Matrix.PSI: (factors, factors),
        Matrix.THETA: (items, items),
        Matrix.NU: (items, ("",)),
        Matrix.ALPHA: (factors, ("",)),
    }
    found = {}
    for row, cell in zip(table, layout.cells, strict=True):
        down, across = names[cell.matrix]
        found[row.text] = (cell.matrix.name, down[cell.row], across[cell.col])
    return found


def test_a_factor_model():
    found = places("f =~ x1 + x2\ng =~ x3 + x4\nx1 ~~ x3", meanstructure=True)
    assert found["f=~x2"] == ("LAMBDA", "x2", "f")
    assert found["x1~~x1"] == ("THETA", "x1", "x1")
    assert found["x1~~x3"] == ("THETA", "x1", "x3")
    assert found["f~~g"] == ("PSI", "f", "g")
    assert found["x1~1"] == ("NU", "x1", "")
    assert found["f~1"] == ("ALPHA", "f", "")


def test_a_second_order_loading_is_a_path():
    found = places("f =~ x1 + x2\ng =~ x3 + x4\nh =~ f + g")
    assert found["h=~g"] == ("BETA", "g", "h")
    assert found["f~~f"] == ("PSI", "f", "f")


def test_an_observed_variable_in_a_regression_is_its_own_factor():
    _, layout = laid_out("f =~ x1 + x2\ny ~ f + z", meanstructure=True)
    assert layout.observed == ("x1", "x2", "y", "z")
    assert layout.factors == ("f", "y", "z")
    found = places("f =~ x1 + x2\ny ~ f + z", meanstructure=True)
    assert found["y~f"] == ("BETA", "y", "f")
    assert found["y~~y"] == ("PSI", "y", "y")
    assert found["y~1"] == ("ALPHA", "y", "")
    assert found["z~~z"] == ("PSI", "z", "z")
    template = layout.structure.template
    assert_array_equal(template.Lambda[2:], [[0, 1, 0], [0, 0, 1]])
    assert_array_equal(template.Theta, 0)


def test_an_indicator_that_is_regressed_on_a_covariate_keeps_its_loading():
    _, layout = laid_out("f =~ x1 + x2 + x3\nx2 ~ z")
    assert layout.factors == ("f", "x2", "z")
    found = places("f =~ x1 + x2 + x3\nx2 ~ z")
    assert found["f=~x2"] == ("BETA", "x2", "f")
    assert found["f=~x3"] == ("LAMBDA", "x3", "f")
    assert found["x2~~x2"] == ("PSI", "x2", "x2")


@pytest.mark.parametrize("text", ["f =~ x1 + x2\ny ~~ f", "f =~ x1 + x2\nf ~~ y"])
def test_a_covariance_with_a_factor_stands_among_factors(text):
    found = places(text)
    assert next(v for k, v in found.items() if k in ("y~~f", "f~~y"))[0] == "PSI"
    assert found["y~~y"] == ("PSI", "y", "y")


def test_covariances_with_promoted_items_promote_in_turn():
    # f ~~ y makes y a factor, so y ~~ w makes w one, and so on down the line
    _, layout = laid_out("f =~ x1 + x2\nw ~~ v\ny ~~ w\nf ~~ y")
    assert set(layout.factors) == {"f", "y", "w", "v"}


def test_residual_covariances_of_items_promote_nothing():
    _, layout = laid_out("f =~ x1 + x2 + x3\nx1 ~~ x2")
    assert layout.factors == ("f",)


def test_fixed_values_stand_in_the_template_on_both_sides():
    text = "f =~ x1 + 0.5*x2 + x3\ng =~ x4 + x5\nf ~~ 0.3*g\nx1 ~~ 0.2*x4\nx2 ~ 4*1"
    _, layout = laid_out(text)
    template = layout.structure.template
    assert_array_equal(template.Lambda[:3, 0], [1, 0.5, 0])
    assert_array_equal(template.Psi, [[0, 0.3], [0.3, 0]])
    assert template.Theta[0, 3] == template.Theta[3, 0] == 0.2
    assert_array_equal(template.nu, [0, 4, 0, 0, 0])
    assert layout.structure.means


def test_exogenous_moments_are_the_given_ones():
    given = {
        ("x", "~~", "x"): 2.0,
        ("z", "~~", "z"): 3.0,
        ("x", "~~", "z"): 0.5,
        ("x", "~1", ""): 7.0,
        ("z", "~1", ""): 8.0,
    }
    _, layout = laid_out("y ~ z + x", given, meanstructure=True)
    assert layout.factors == ("y", "z", "x")
    assert_array_equal(layout.structure.template.Psi[1:, 1:], [[3, 0.5], [0.5, 2]])
    assert_array_equal(layout.structure.template.alpha, [0, 8, 7])


def test_free_parameters_stand_where_their_rows_do():
    table, layout = laid_out("f =~ x1 + x2 + x3\ny ~ f\nx1 ~~ x2", meanstructure=True)
    structure = layout.structure
    for row, cell in zip(table, layout.cells, strict=True):
        if row.free:
            at = row.free - 1
            place = (structure.matrix[at], structure.row[at], structure.col[at])
            assert place == (cell.matrix, cell.row, cell.col)
    assert structure.k == len(table.free_rows)


def test_equal_tables_share_a_layout_and_others_do_not():
    text = "f =~ x1 + x2 + x3"
    table, layout = laid_out(text)
    assert laid_out(text)[1] is layout
    assert laid_out(text, std_lv=True)[1].structure.k == layout.structure.k
    assert laid_out(text, std_lv=True)[1].cells == layout.cells
    assert laid_out(text, std_lv=True)[1].structure.template.Psi[0, 0] == 1.0
    assert lay_out(table, {}).structure.template.Psi[0, 0] == 0.0


def test_given_moments_are_looked_at_every_time():
    for value in (2.0, 5.0):
        layout = laid_out("y ~ x", {("x", "~~", "x"): value})[1]
        assert layout.structure.template.Psi[1, 1] == value


@pytest.mark.parametrize("name", ["Lambda", "Beta", "Psi", "Theta", "nu", "alpha"])
def test_the_template_of_a_layout_cannot_be_changed(name):
    template = laid_out("f =~ x1 + x2 + x3\ny ~ f")[1].structure.template
    with pytest.raises(ValueError, match="read-only"):
        getattr(template, name)[...] = 1.0
