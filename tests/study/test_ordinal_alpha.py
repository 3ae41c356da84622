"""Alpha of the answers beside the one of polychoric correlations."""

import pandas as pd
import pytest

import kocsem
from kocsem.assessment.assess import assess
from kocsem.study.ordinal_alpha import with_ordinal_alpha
from small_study import draw

MODEL = "X =~ x1 + x2 + x3\nM =~ m1 + m2 + m3\nS =~ y1"
X = ["x1", "x2", "x3"]


@pytest.fixture(scope="module")
def data():
    return draw(n=300).astype(float)


def assessed(data, ordered):
    fit = kocsem.cfa(MODEL, data, ordered=ordered)
    found = with_ordinal_alpha(assess(fit), data, ordered)
    return assess(fit), found, found.constructs.set_index("construct")


def raw_alpha(frame):
    total = frame.sum(axis=1).var()
    return 3 / 2 * (1 - frame.var().sum() / total)


def test_alpha_is_that_of_the_answers(data):
    before, after, rows = assessed(data, [*X, "m1", "m2", "m3"])
    assert rows.loc["X", "alpha"] == pytest.approx(raw_alpha(data[X]), rel=1e-12)
    assert rows.loc["X", "alpha_lower"] < rows.loc["X", "alpha"]
    ordinal = before.constructs.set_index("construct")["alpha"]
    assert rows.loc["X", "ordinal_alpha"] == ordinal["X"] > rows.loc["X", "alpha"]
    assert list(after.constructs) == [*before.constructs, "ordinal_alpha"]
    for column in ("k", "cr", "ave"):
        pd.testing.assert_series_equal(
            after.constructs[column], before.constructs[column]
        )


def test_a_construct_that_is_ordered_in_part_has_no_ordinal_alpha(data):
    _, _, rows = assessed(data, ["x1", "x2"])
    assert rows.loc["X", "alpha"] == pytest.approx(raw_alpha(data[X]), rel=1e-12)
    assert rows["ordinal_alpha"].isna().all()
    assert rows.loc["M", "alpha"] == pytest.approx(
        raw_alpha(data[["m1", "m2", "m3"]]), rel=1e-12
    )


def test_one_item_has_no_alpha(data):
    _, _, rows = assessed(data, [*X, "m1", "m2", "m3"])
    assert rows.loc["S", ["alpha", "alpha_lower", "ordinal_alpha"]].isna().all()


def test_a_low_alpha_is_the_one_of_the_answers(data):
    # two categories take so much of alpha that it falls below the limit
    rough = data.assign(**{name: (data[name] > 5.4).astype(float) for name in X})
    before, after, rows = assessed(rough, [*X, "m1", "m2", "m3"])
    low = [f for f in after.findings if f.code == "low-alpha"]
    assert rows.loc["X", "ordinal_alpha"] > 0.7 > rows.loc["X", "alpha"]
    assert [(f.subject, f.value) for f in low] == [("X", rows.loc["X", "alpha"])]
    others = [f for f in before.findings if f.code != "low-alpha"]
    assert others == [f for f in after.findings if f.code != "low-alpha"]


def test_sheets_that_answer_the_construct_are_used(data):
    holes = data.copy()
    holes.loc[:20, "x1"] = None
    fit = kocsem.cfa(MODEL, holes, ordered=X, missing="pairwise")
    found = with_ordinal_alpha(assess(fit), holes, X).constructs.set_index("construct")
    alpha = raw_alpha(holes[X].dropna())
    assert found.loc["X", "alpha"] == pytest.approx(alpha, rel=1e-12)
