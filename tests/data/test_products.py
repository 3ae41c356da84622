"""Products of items: semTools' ``indProd()``, definitions by hand, and bad input."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from kocsem.data.products import product_indicators
from kocsem.errors import DataError, UnsupportedError

REFERENCE = Path(__file__).parents[1] / "reference"
CASES = json.loads((REFERENCE / "moderation.json").read_text())["products"]


@cache
def answers(name):
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


def made_as(case):
    return product_indicators(
        answers(case["data"]),
        *case["parts"],
        pairing=case["pairing"],
        centring=case["centring"],
    )


def label(case):
    words = (case["data"], case["pairing"], case["centring"], len(case["parts"]))
    return "-".join(map(str, words))


@pytest.mark.parametrize("case", CASES, ids=label)
def test_products_are_those_of_semtools(case):
    made = made_as(case)
    assert list(made.columns) == case["columns"]
    products = made.data[case["columns"]]
    expected = pd.DataFrame(case["head"], columns=case["columns"], dtype=float)
    holes = case["data"] == "moderation_missing"
    if holes and case["centring"] == "residual":
        # indProd() leaves products unresidualised in rows with a hole elsewhere
        used = [item for part in case["parts"] for item in part]
        known = answers(case["data"])[used].notna().all(axis=1)
        assert (products.notna().all(axis=1) == known).all()
        assert products[~known].isna().all(axis=None)
        expected = expected[known.head()]
        assert 0 < len(expected) < 5
    else:
        assert_allclose(products.mean(), case["mean"], atol=1e-10)
        assert_allclose(products.std(), case["sd"], rtol=1e-10)
    assert_allclose(products.loc[expected.index], expected, atol=2e-9)
    pd.testing.assert_frame_equal(
        made.data.drop(columns=case["columns"]), answers(case["data"])
    )


def frame(**columns):
    rng = np.random.default_rng(4)
    base = {name: rng.normal(size=12) for name in ("x1", "x2", "z1", "z2", "w")}
    return pd.DataFrame({**base, **columns})


@pytest.mark.parametrize("centring", ["double_mean", "mean", "residual", "none"])
def test_a_missing_answer_makes_a_product_missing_and_no_other(centring):
    data = frame()
    data.loc[3, "x1"] = np.nan
    made = product_indicators(data, ["x1", "x2"], ["z1", "z2"], centring=centring)
    products = made.data[list(made.columns)]
    assert products.isna().loc[3].tolist() == [True, centring == "residual"]
    assert products.drop(index=3).notna().all(axis=None)


def test_centres_are_means_of_the_answers_that_are_known():
    data = frame()
    data.loc[3, "x1"] = np.nan
    made = product_indicators(data, "x1", "z1", centring="mean")
    assert made.centres == pytest.approx(
        {"x1": np.delete(data["x1"], 3).mean(), "z1": data["z1"].mean()}
    )
    expected = (data["x1"] - made.centres["x1"]) * (data["z1"] - made.centres["z1"])
    assert_allclose(made.data["x1.z1"], expected, atol=1e-15)


def test_residuals_are_orthogonal_to_what_explains_them():
    data = frame()
    made = product_indicators(data, ["x1", "x2"], "w", centring="residual")
    design = np.column_stack([np.ones(12), data[["x1", "x2", "w"]]])
    left = made.data[["x1.w", "x2.w"]].to_numpy()
    assert_allclose(design.T @ left, 0, atol=1e-13)


@pytest.mark.parametrize(
    ("parts", "pairing", "columns"),
    [
        ((["x1", "x2"], ["z1", "z2"]), "matched", ["x1.z1", "x2.z2"]),
        ((["x1", "x2"], "w"), "matched", ["x1.w", "x2.w"]),
        (("w", ["x1", "x2"]), "all", ["w.x1", "w.x2"]),
        (("x1", "w"), "matched", ["x1.w"]),
        (
            (["x1", "x2"], ["z1", "z2"]),
            [("x2", "z1"), ["x2", "z2"], ("x2", "z1")],
            ["x2.z1", "x2.z2"],
        ),
        (
            (["x1", "x2"], "z1", "w"),
            "matched",
            ["x1.z1", "x2.z1", "x1.w", "x2.w", "z1.w", "x1.z1.w", "x2.z1.w"],
        ),
    ],
)
def test_which_items_go_together(parts, pairing, columns):
    made = product_indicators(frame(), *parts, pairing=pairing)
    assert list(made.columns) == columns
    block = tuple(range(len(parts)))
    assert [".".join(x.items) for x in made.blocks[block]] == [
        name for name in columns if name.count(".") == len(parts) - 1
    ]


def test_the_frame_and_its_index_stay_as_they_are():
    data = frame(word=["a"] * 12).set_index(pd.Index([7] * 6 + [8] * 6))
    before = data.copy()
    made = product_indicators(data, "x1", "w")
    pd.testing.assert_frame_equal(data, before)
    pd.testing.assert_frame_equal(made.data[list(data.columns)], before)
    assert made.data.index.equals(before.index)


def test_numbers_stored_as_text_are_numbers():
    data = frame()
    as_text = data.assign(x1=data["x1"].map(str))
    for centring in ("double_mean", "residual"):
        want, got = (
            product_indicators(d, "x1", "w", centring=centring).data["x1.w"]
            for d in (data, as_text)
        )
        assert_allclose(got, want, rtol=1e-15)


HALF = [1.0, 2.0] * 3 + [np.nan] * 6
BAD = {
    "one part": (frame(), (["x1"],), {}, UnsupportedError, "two or three"),
    "four parts": (frame(), ("x1", "x2", "z1", "w"), {}, UnsupportedError, "4 parts"),
    "empty part": (frame(), (["x1"], []), {}, DataError, "no columns"),
    "no frame": ([[1]], ("x1", "w"), {}, DataError, "DataFrame, not list"),
    "unknown": (frame(), ("x1", "W1"), {}, DataError, "W1 .nearest column: w"),
    "same twice": (frame(), (["x1", "x2"], ["x2"]), {}, DataError, "x2 stands in"),
    "unequal": (
        frame(),
        (["x1", "x2"], ["z1", "z2", "w"]),
        {},
        DataError,
        r"2 \(x1, x2\) and 3 \(z1, z2, w\).*pairing=",
    ),
    "pairing": (frame(), ("x1", "w"), {"pairing": "best"}, UnsupportedError, "'best'"),
    "pairing kind": (frame(), ("x1", "w"), {"pairing": 3}, UnsupportedError, "=3 is"),
    "no pairs": (frame(), ("x1", "w"), {"pairing": []}, DataError, "list.* is empty"),
    "swapped pair": (
        frame(),
        ("x1", "w"),
        {"pairing": [("w", "x1")]},
        DataError,
        r"one of x1 and one of w",
    ),
    "half a pair": (
        frame(),
        ("x1", "w"),
        {"pairing": ["x1"]},
        DataError,
        "'x1' is no pair",
    ),
    "centring": (frame(), ("x1", "w"), {"centring": "z"}, UnsupportedError, "'mean'"),
    "text": (frame(w=["a"] * 12), ("x1", "w"), {}, DataError, "w holds text: 'a'"),
    "infinite": (frame(w=[np.inf] + [1] * 11), ("x1", "w"), {}, DataError, "Infinite"),
    "constant": (frame(w=3), ("x1", "w"), {}, DataError, "w has no two different"),
    "unanswered": (frame(w=np.nan), ("x1", "w"), {}, DataError, "w has no two"),
    "never together": (
        frame(x1=HALF, w=HALF[::-1]),
        ("x1", "w"),
        {},
        DataError,
        "No row has an answer to all of x1, w",
    ),
    "too few rows": (
        frame().head(4),
        (["x1", "x2"], "w"),
        {"centring": "residual"},
        DataError,
        "4 complete rows are too few",
    ),
    "name taken": (
        frame(**{"x1.w": 1}),
        ("x1", "w"),
        {},
        DataError,
        r"would be called x1\.w",
    ),
    "name twice": (
        frame(**{"a": range(12), "a.b": range(12), "b.c": range(12), "c": HALF}),
        (["a", "a.b"], ["b.c", "c"]),
        {},
        DataError,
        r"would be called a\.b\.c",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_multiplied_is_an_error(case):
    data, parts, options, error, message = BAD[case]
    with pytest.raises(error, match=message):
        product_indicators(data, *parts, **options)
