"""The parameter table against what lavaan's sem() would add to a text."""

import pytest

from kocsem.errors import ModelSyntaxError, UnsupportedError
from kocsem.model.build import TableOptions, build_table, classify
from kocsem.model.statements import Statements
from kocsem.model.syntax import parse_model


def table(text, **options):
    return build_table(parse_model(text), TableOptions(**options))


def written(row):
    """Write a row in short: 'free', its value, or 'sample'."""
    if row.free:
        return f"{row.text} free"
    return f"{row.text} {'sample' if row.exogenous else format(row.fixed, 'g')}"


def added(text, **options):
    return [written(row) for row in table(text, **options) if not row.user]


THREE = "f =~ x1 + x2 + x3"
RESIDUALS = ["x1~~x1 free", "x2~~x2 free", "x3~~x3 free"]

# text, options, the rows that the text does not hold
ADDED = {
    "one factor": (THREE, {}, [*RESIDUALS, "f~~f free"]),
    "scaled by variance": (THREE, {"std_lv": True}, [*RESIDUALS, "f~~f 1"]),
    "with means": (
        THREE,
        {"meanstructure": True},
        [*RESIDUALS, "f~~f free", "x1~1 free", "x2~1 free", "x3~1 free", "f~1 0"],
    ),
    "one intercept brings all": (
        f"{THREE}\nx2 ~ 1",
        {},
        [*RESIDUALS, "f~~f free", "x1~1 free", "x3~1 free", "f~1 0"],
    ),
    "a latent mean": (
        f"{THREE}\nf ~ 1\nx1 ~ 0*1",
        {},
        [*RESIDUALS, "f~~f free", "x2~1 free", "x3~1 free"],
    ),
    "a single indicator": ("f =~ x1", {}, ["x1~~x1 0", "f~~f free"]),
    "a single indicator with its own residual": (
        "f =~ x1\nx1 ~~ 0.2*x1",
        {},
        ["f~~f free"],
    ),
    "exogenous factors covary": (
        "f =~ x1 + x2\ng =~ x3 + x4",
        {},
        [f"x{i}~~x{i} free" for i in range(1, 5)]
        + ["f~~f free", "g~~g free", "f~~g free"],
    ),
    "a covariance of the user's is not added, either way round": (
        "f =~ x1 + x2\ng =~ x3 + x4\ng ~~ 0*f",
        {},
        [f"x{i}~~x{i} free" for i in range(1, 5)] + ["f~~f free", "g~~g free"],
    ),
    "a regressed factor does not covary": (
        "f =~ x1 + x2\ng =~ x3 + x4\ng ~ f",
        {},
        [f"x{i}~~x{i} free" for i in range(1, 5)] + ["f~~f free", "g~~g free"],
    ),
    "pure outcomes covary": (
        "y1 ~ x\ny2 ~ x",
        {},
        ["y1~~y1 free", "y2~~y2 free", "y1~~y2 free", "x~~x sample"],
    ),
    "a mediator does not covary with its outcome": (
        "m ~ x\ny ~ m",
        {},
        ["m~~m free", "y~~y free", "x~~x sample"],
    ),
    "covariates keep the sample's moments": (
        "y ~ x + z",
        {"meanstructure": True},
        [
            *("y~~y free", "x~~x sample", "x~~z sample", "z~~z sample"),
            *("y~1 free", "x~1 sample", "z~1 sample"),
        ],
    ),
    "random covariates": (
        "y ~ x + z",
        {"fixed_x": False},
        ["y~~y free", "x~~x free", "x~~z free", "z~~z free"],
    ),
    "a covariate with a variance of the user's is random": (
        "y ~ x\nx ~~ x",
        {},
        ["y~~y free"],
    ),
    "second order": (
        "f =~ x1 + x2\ng =~ x3 + x4\nh =~ f + g",
        {},
        [f"x{i}~~x{i} free" for i in range(1, 5)]
        + ["f~~f free", "g~~g free", "h~~h free"],
    ),
    "a latent and an observed outcome do covary": (
        f"{THREE}\nf ~ z\ny ~ z",
        {},
        [*RESIDUALS, "y~~y free", "f~~f free", "f~~y free", "z~~z sample"],
    ),
}


@pytest.mark.parametrize(("text", "options", "rows"), ADDED.values(), ids=ADDED)
def test_default_rows(text, options, rows):
    assert sorted(added(text, **options)) == sorted(rows)


MARKERS = {
    "f =~ x1 + x2 + x3": ["f=~x1 1", "f=~x2 free", "f=~x3 free"],
    "f =~ NA*x1 + x2 + x3": ["f=~x1 free", "f=~x2 free", "f=~x3 free"],
    "f =~ NA*x1 + 1*x2 + x3": ["f=~x1 free", "f=~x2 1", "f=~x3 free"],
    "f =~ 0.5*x1 + x2 + x3": ["f=~x1 0.5", "f=~x2 free", "f=~x3 free"],
    "f =~ a*x1 + a*x2 + x3": ["f=~x1 1", "f=~x2 1", "f=~x3 free"],
    "f =~ x1 + x2\nf =~ x3": ["f=~x1 1", "f=~x2 free", "f=~x3 free"],
}


@pytest.mark.parametrize(("text", "expected"), MARKERS.items())
def test_markers(text, expected):
    assert [written(row) for row in table(text) if row.user] == expected


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("f =~ x1 + x2 + x3", []),
        ("f =~ NA*x1 + x2 + x3", []),
        ("f =~ 1*x1 + x2 + x3", ["f=~x1 1"]),
        ("f =~ x1 + 0.5*x2 + x3", ["f=~x2 0.5"]),
    ],
)
def test_no_marker_with_std_lv_unless_written(text, fixed):
    rows = [r for r in table(text, std_lv=True) if r.op == "=~" and not r.free]
    assert [written(row) for row in rows] == fixed


def test_free_parameters_are_numbered_in_order():
    rows = table("f =~ x1 + x2 + x3\ng =~ x4 + x5\ng ~ f")
    assert [row.free for row in rows if row.free] == list(range(1, 12))
    assert [row.free for row in rows.free_rows] == list(range(1, 12))


def test_user_rows_come_first():
    flags = [row.user for row in table("y ~ x\nf =~ x1 + x2\ny ~~ f")]
    assert flags == sorted(flags, reverse=True)


def test_modifiers_reach_the_rows():
    rows = table("f =~ x1 + a*x2 + start(0.7)*x3\ny ~ 0.3*f\ny ~~ NA*y")
    found = {
        row.text: (row.label, row.fixed, row.start, bool(row.free)) for row in rows
    }
    assert found["f=~x2"] == ("a", None, None, True)
    assert found["f=~x3"] == ("", None, 0.7, True)
    assert found["y~f"] == ("", 0.3, None, False)
    assert found["y~~y"] == ("", None, None, True)


CLASSES = {
    "f =~ x1 + x2": (("x1", "x2"), ("f",), ("x1", "x2"), ()),
    "y ~ x": (("y", "x"), (), (), ("x",)),
    "m ~ x\ny ~ m + x": (("m", "y", "x"), (), (), ("x",)),
    "y ~ x + z\nx ~~ z": (("y", "x", "z"), (), (), ()),
    "y ~ x + z\nx ~ 1": (("y", "x", "z"), (), (), ("z",)),
    "f =~ x1\nx1 ~ z": (("x1", "z"), ("f",), ("x1",), ("z",)),
    "h =~ f\nf =~ x1": (("x1",), ("h", "f"), ("x1",), ()),
    "x1 ~~ x2": (("x1", "x2"), (), (), ()),
    "y ~ f\nf =~ x1": (("x1", "y"), ("f",), ("x1",), ()),
}


@pytest.mark.parametrize(("text", "expected"), CLASSES.items())
def test_variables_by_the_part_they_play(text, expected):
    found = classify(parse_model(text).terms)
    parts = (found.observed, found.latent, found.indicators, found.exogenous)
    assert parts == expected


BAD = {
    "a factor inside itself": (
        "f =~ x1 + g\ng =~ x2 + f",
        ["latent variable f cannot be its own indicator", "line 2", "^"],
    ),
    "a ring of three": (
        "f =~ g + x1\ng =~ h + x2\nh =~ f + x3",
        ["cannot be its own indicator", "line 3"],
    ),
    "a start value for the marker": (
        "f =~ start(0.8)*x1 + x2 + x3",
        ["x1 is the marker of f", "NA*", "line 1", "^"],
    ),
    "no terms": ("p := 2*3", ["no terms", "PI ~ TR"]),
    "a label that ties give": ("y ~ x + .p12.*z", [".p12.", "choose another", "^"]),
    "one label, two values": (
        "y ~ a*x + 1*x + a*z + 2*z",
        ["y~x and y~z share the label 'a'", "1.0 and 2.0", "two labels", "^"],
    ),
    "one label, a marker and a value": (
        "f =~ a*x1 + x2 + x3\ny ~ a*f + 0.5*f",
        ["f=~x1 and y~f share the label 'a'", "line 2", "^"],
    ),
}


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_refused(text, words):
    with pytest.raises(ModelSyntaxError) as caught:
        table(text)
    for word in words:
        assert word in str(caught.value)


def test_no_statements_at_all():
    with pytest.raises(ModelSyntaxError, match="no terms"):
        build_table(Statements((), (), (), ""), TableOptions())


@pytest.mark.parametrize("modifier", ["c(a, b)", "c(1, 2)", "start(c(1, 2))"])
@pytest.mark.parametrize(("groups", "count"), [(1, "one group"), (3, "3 groups")])
def test_one_value_for_each_group(modifier, groups, count):
    with pytest.raises(UnsupportedError) as caught:
        table(f"f =~ x1 + x2 + {modifier}*x3", groups=groups)
    message = str(caught.value)
    assert f"one value per group, but this model has {count}" in message
    assert message.splitlines()[-1].strip() == "^"


def test_a_start_for_a_variance_that_scales_its_factor():
    with pytest.raises(ModelSyntaxError, match=r"f~~f is 1 and has no start value"):
        table("f =~ x1 + x2 + x3\nf ~~ start(2)*f", std_lv=True)


def test_a_start_for_the_first_loading_is_fine_with_std_lv():
    (first, *_) = table("f =~ start(0.8)*x1 + x2 + x3", std_lv=True)
    assert (first.start, bool(first.free)) == (0.8, True)
