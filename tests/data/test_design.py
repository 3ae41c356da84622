"""Groups, clusters and weights: which rows count, with what, and in plain words."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.data.design import Design, group_labels
from kocsem.data.group_sample import incomplete_group
from kocsem.data.sample import answered_rows, sample_from_frame
from kocsem.errors import DataError

NAMES = ("x1", "x2", "x3")


def answers(n=40):
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.normal(size=(n, 3)), columns=NAMES)
    frame["part"] = np.where(np.arange(n) % 4 < 3, "a", "b")
    frame["team"] = np.arange(n) // 2
    frame["w"] = rng.uniform(1, 3, size=n)
    return frame


def changed(**columns):
    return answers().assign(**columns)


def of(frame, **design):
    return sample_from_frame(frame, NAMES, Design(**design))


def full(frame, **design):
    """Keep the rows with missing answers."""
    return sample_from_frame(
        frame,
        NAMES,
        Design(**design),
        usable=answered_rows(()),
        build=incomplete_group,
    )


# ---------------------------------------------------------------- groups


def test_groups_are_the_rows_with_their_label():
    found = of(answers(), group="part")
    assert [group.label for group in found.groups] == ["a", "b"]
    assert [group.moments.n for group in found.groups] == [30, 10]
    assert (found.n, found.ntotal) == (40, 40)
    for group in found.groups:
        own = answers().query("part == @group.label")[list(NAMES)]
        assert_allclose(group.moments.S, np.cov(own.T, bias=True), rtol=1e-12)
        assert group.cases.index.equals(own.index)


ORDERS = {
    "appearance": (["b", "a", "b", "a"], ("b", "a")),
    "numbers": ([2, 1, 2, 1], ("2", "1")),
    "floats": ([2.0, 1.0, np.nan, 1.0], ("2", "1")),
    "halves": ([2.5, 1.0, 2.5, 1.0], ("2.5", "1")),
    "flags": ([True, False, True, False], ("True", "False")),
    "None": (["b", None, "a", None], ("b", "a")),
    "one value in two types": ([1, "1", 2, "2"], ("1", "2")),
    "categories": (
        pd.Categorical(["b", "a", "b", "a"], categories=["a", "b", "c"]),
        ("b", "a"),
    ),
}


@pytest.mark.parametrize(("values", "labels"), ORDERS.values(), ids=ORDERS)
def test_labels_in_order_of_appearance(values, labels):
    assert group_labels(pd.DataFrame({"part": values}), "part") == labels


def test_no_column_is_one_group_without_a_label():
    assert group_labels(answers(), None) == ("",)
    assert [group.label for group in of(answers()).groups] == [""]


def test_rows_of_no_group_are_left_out_and_counted():
    frame = changed(part=answers()["part"].where(answers().index > 6))
    found = of(frame, group="part")
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("group-unknown", "warning")
    assert (finding.subject, finding.value) == ("part", 7)
    assert finding.message.startswith("7 of 40 rows have no value in part")
    assert found.n + finding.value == found.ntotal == 40


def test_every_row_is_counted_once():
    frame = changed(part=answers()["part"].where(answers().index > 6))
    frame.loc[[0, 10, 11], "x1"] = np.nan  # the first has no group either
    frame.loc[[12, 13], "w"] = 0.0
    found = of(frame, group="part", weights="w")
    counts = {finding.code: finding.value for finding in found.findings}
    assert counts == {"group-unknown": 7, "listwise-deletion": 2, "zero-weight": 2}
    assert found.n == pytest.approx(40 - 11)
    assert sum(len(group.cases) for group in found.groups) == 40 - 11


# ---------------------------------------------------------------- weights


def test_weights_have_mean_one_within_each_group():
    frame = changed(w=answers()["w"] * np.where(answers()["part"] == "a", 1, 9))
    found = of(frame, group="part", weights="w")
    for group in found.groups:
        own = frame[frame["part"] == group.label]
        weights = own["w"] / own["w"].mean()
        assert_allclose(group.rows.weights, weights, rtol=1e-12)
        assert group.moments.n == pytest.approx(len(own))
        mean = np.average(own[list(NAMES)], axis=0, weights=own["w"])
        assert_allclose(group.moments.ybar, mean, rtol=1e-12)
        cov = np.cov(own[list(NAMES)].T, aweights=own["w"], bias=True)
        assert_allclose(group.moments.S, cov, rtol=1e-12)


def test_only_the_rows_that_are_used_are_weighed():
    frame = answers()
    frame.loc[[3, 4], "x2"] = np.nan
    frame.loc[[3], "w"] = np.nan  # the row is not used, so its weight is no matter
    frame.loc[[4], "w"] = -1.0
    found = of(frame, weights="w").groups[0]
    expected = of(answers().drop([3, 4]), weights="w").groups[0]
    assert_allclose(found.moments.S, expected.moments.S, rtol=1e-12)
    assert_allclose(found.rows.weights, expected.rows.weights, rtol=1e-12)


@pytest.mark.parametrize("take", [of, full])
def test_rows_of_weight_nought_are_left_out_and_counted(take):
    frame = changed(w=answers()["w"].where(answers().index > 3, 0.0))
    found = take(frame, weights="w")
    (finding,) = found.findings
    assert (finding.code, finding.subject, finding.value) == ("zero-weight", "w", 4)
    assert found.n == pytest.approx(36)
    assert list(found.groups[0].cases.index) == list(range(4, 40))
    expected = take(answers()[4:], weights="w").groups[0]
    assert_allclose(found.groups[0].moments.S, expected.moments.S, rtol=1e-10)


# ---------------------------------------------------------------- clusters


def test_clusters_are_numbered_within_groups():
    found = of(answers(), group="part", cluster="team")
    for group in found.groups:
        own = answers().query("part == @group.label")["team"].to_numpy()
        numbers = group.rows.clusters
        assert_array_equal(np.unique(numbers), np.arange(len(set(own))))
        same = own[:, None] == own
        assert_array_equal(numbers[:, None] == numbers, same)


KINDS = {
    "text": lambda t: "team " + t.astype(str),
    "floats": lambda t: t / 3,
    "category": lambda t: t.astype("category"),
    "dates": lambda t: pd.Timestamp("2025-01-01") + pd.to_timedelta(t, "D"),
    "flags": lambda t: t > 9,
    "tuples": lambda t: t.map(lambda number: (number, "x")),
}


@pytest.mark.parametrize("change", KINDS.values(), ids=KINDS)
def test_clusters_of_any_type(change):
    team = change(answers()["team"])
    found = of(changed(team=team), cluster="team").groups[0].rows.clusters
    same = np.array([[a == b for b in team] for a in team])
    assert_array_equal(found[:, None] == found, same)


# ---------------------------------------------------------------- refusals

LISTS = pd.Series([[1]] * 40)
BAD = {
    "no such group": ({"group": "prat"}, {}, ["prat", "part", "group= names"]),
    "no such cluster": ({"cluster": "Team"}, {}, ["nearest column: team", "cluster="]),
    "no such weight": ({"weights": "v"}, {}, ["v", "sampling_weights= names"]),
    "a number for a group": ({"group": 3}, {}, ["group= takes the name of one column"]),
    "two columns": ({"cluster": ["team", "w"]}, {}, ["cluster= takes the name of one"]),
    "a frame": ({"weights": answers()["w"]}, {}, ["sampling_weights= takes the name"]),
    "one group": (
        {"group": "part"},
        {"part": "a"},
        ["group='part' has 1 different values", "Leave group= out"],
    ),
    "no group": ({"group": "part"}, {"part": np.nan}, ["has 0 different values"]),
    "a group that is an item": (
        {"group": "x1"},
        {},
        ["x1 is the group and a variable"],
    ),
    "groups of lists": ({"group": "part"}, {"part": LISTS}, ["cannot be told apart"]),
    "clusters of lists": (
        {"cluster": "team"},
        {"team": LISTS},
        ["cluster='team'", "cannot be told apart, such as [1]", "Recode"],
    ),
    "a group too small": (
        {"group": "part"},
        {"part": ["a"] * 37 + ["b"] * 3},
        ["3 complete rows in group b are too few for 3 variables"],
    ),
    "a constant in a group": (
        {"group": "part"},
        {"x2": answers()["x2"].where(answers()["part"] == "a", 1.0)},
        ["Constant in group b: x2"],
    ),
    "one cluster": ({"cluster": "team"}, {"team": 7}, ["only one cluster", "several"]),
    "one cluster in a group": (
        {"cluster": "team", "group": "part"},
        {"team": answers()["team"].where(answers()["part"] == "a", 0)},
        ["only one cluster in group b"],
    ),
    "a missing cluster": (
        {"cluster": "team"},
        {"team": answers()["team"].where(answers().index != 5)},
        ["cluster='team' is missing at row 5 (1 such)", "cluster of their own"],
    ),
    "a negative weight": (
        {"weights": "w"},
        {"w": answers()["w"].where(answers().index != 5, -1.0)},
        ["negative weight at row 5 (1 such)", "take the row out"],
    ),
    "missing weights": (
        {"weights": "w"},
        {"w": answers()["w"].where(answers().index > 5)},
        ["missing or negative weight at row 0 (6 such)"],
    ),
    "weights of nought": ({"weights": "w"}, {"w": 0}, ["All weights in w are zero"]),
    "weights in words": (
        {"weights": "w"},
        {"w": "one"},
        ["Column w holds text: 'one'"],
    ),
    "an infinite weight": ({"weights": "w"}, {"w": np.inf}, ["Infinite values in w"]),
}


@pytest.mark.parametrize(("design", "columns", "words"), BAD.values(), ids=BAD)
def test_designs_that_make_no_sense(design, columns, words):
    with pytest.raises(DataError) as caught:
        of(changed(**columns), **design)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("role", ["group", "cluster", "weights"])
def test_a_column_of_the_design_that_is_there_twice(role):
    frame = pd.concat([answers(), answers()[["team"]]], axis=1)
    with pytest.raises(DataError, match="more than one column named team"):
        of(frame, **{role: "team"})


@pytest.mark.parametrize("role", ["group", "cluster", "weights"])
def test_columns_may_be_numbered(role):
    column = {"group": "part", "cluster": "team", "weights": "w"}[role]
    numbered = answers().rename(columns={column: 5})
    found, expected = of(numbered, **{role: "5"}), of(answers(), **{role: column})
    assert found.findings == expected.findings
    for ours, own in zip(found.groups, expected.groups, strict=True):
        assert_allclose(ours.moments.S, own.moments.S, rtol=1e-14)


# ---------------------------------------------------------------- rows with holes


def holes(frame):
    frame = frame.astype(dict.fromkeys(NAMES, float))
    frame.loc[[1, 5], "x1"] = np.nan
    frame.loc[[5, 8], "x2"] = np.nan
    frame.loc[[2, 30], list(NAMES)] = np.nan
    return frame


def test_rows_with_an_answer_are_kept():
    found = full(holes(answers()))
    (finding,) = found.findings
    assert (finding.code, finding.value) == ("rows-without-answers", 2)
    assert found.n + finding.value == found.ntotal == 40
    assert {2, 30}.isdisjoint(found.groups[0].cases.index)


def test_covariates_that_are_given_must_be_known():
    frame = holes(answers())
    usable = answered_rows(("x3",))
    found = sample_from_frame(frame, NAMES, usable=usable, build=incomplete_group)
    (finding,) = found.findings
    assert (finding.code, finding.value) == ("covariate-missing", 2)
    assert finding.subject == "x3"
    assert "fixed_x=False" in finding.message
    assert found.n == 38


HOLLOW = {
    "nobody answered": (
        changed(x2=np.nan),
        ["Nobody answered: x2", "take the item out of the model"],
    ),
    "a constant": (changed(x2=1.0), ["Constant: x2"]),
    "a constant with holes": (
        changed(x2=np.where(np.arange(40) % 2, 1.0, np.nan)),
        ["Constant: x2"],
    ),
    "a copy": (changed(x2=answers()["x1"]), ["x1 and x2 hold identical answers"]),
    "a copy with the same holes": (
        changed(x1=holes(answers())["x1"], x2=holes(answers())["x1"]),
        ["x1 and x2 hold identical answers"],
    ),
    "a copy with other holes": (
        changed(x1=holes(answers())["x1"], x2=answers()["x1"]),
        ["has no estimate", "x1, x2, x3"],
    ),
    "too few rows": (answers()[:3], ["has no estimate"]),
}


@pytest.mark.parametrize(("frame", "words"), HOLLOW.values(), ids=HOLLOW)
def test_holes_that_leave_no_moments(frame, words):
    with pytest.raises(DataError) as caught:
        full(frame)
    for word in words:
        assert word in str(caught.value)


def test_nobody_of_a_group_answered():
    frame = changed(x2=answers()["x2"].where(answers()["part"] == "a"))
    with pytest.raises(DataError, match="Nobody answered in group b: x2"):
        full(frame, group="part")


def test_items_never_answered_together_are_reported():
    x1 = answers()["x1"].where(answers().index < 20)
    x2 = answers()["x2"].where(answers().index >= 20)
    found = full(changed(x1=x1, x2=x2))
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("never-answered-together", "warning")
    assert finding.subject == "x1 with x2"
