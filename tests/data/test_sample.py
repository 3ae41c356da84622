"""From frames and printed matrices to moments: every dtype, every refusal."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.data.covariance import sample_from_covariance
from kocsem.data.sample import sample_from_frame
from kocsem.errors import DataError

NAMES = ("x1", "x2", "x3")


def answers(n=30):
    rng = np.random.default_rng(4)
    return pd.DataFrame(
        rng.integers(1, 6, size=(n, 4)), columns=["x3", "other", "x1", "x2"]
    )


def of(frame, names=NAMES):
    return sample_from_frame(frame, names)


def changed(**columns):
    return answers().assign(**columns)


def test_moments_are_those_of_the_named_columns_in_the_order_of_the_model():
    frame = answers()
    found = of(frame)
    expected = np.cov(frame[list(NAMES)].to_numpy(dtype=float).T, bias=True)
    assert_allclose(found.groups[0].moments.S, expected, rtol=1e-13)
    assert_allclose(found.groups[0].moments.ybar, frame[list(NAMES)].mean(), rtol=1e-14)
    assert found.names == NAMES
    assert (found.groups[0].moments.n, found.ntotal, found.has_means) == (30, 30, True)
    assert found.findings == ()


KINDS = [
    "int8",
    "int64",
    "uint8",
    "float32",
    "float64",
    "Int8",
    "Int64",
    "Float32",
    "Float64",
    "object",
    "category",
    "str",
    "string",
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_type_in_memory_does_not_matter(kind):
    expected = of(answers())
    found = of(answers().astype(kind))
    assert_array_equal(found.groups[0].moments.S, expected.groups[0].moments.S)
    assert_array_equal(found.groups[0].moments.ybar, expected.groups[0].moments.ybar)


OTHER_KINDS = {
    "text categories": lambda f: f.astype(str).astype("category"),
    "text with blanks": lambda f: " " + f.astype(str) + " ",
    "text with decimals": lambda f: f.astype(str) + ".0",
    "an unused category": lambda f: f.apply(
        lambda c: c.astype(pd.CategoricalDtype([1, 2, 3, 4, 5, 6]))
    ),
    "categories in another order": lambda f: f.apply(
        lambda c: c.astype(pd.CategoricalDtype([5, 1, 4, 2, 3], ordered=True))
    ),
    "one text column": lambda f: f.assign(x2=f["x2"].astype(str)),
    "one nullable column": lambda f: f.assign(x2=f["x2"].astype("Int64")),
    "sparse": lambda f: f.astype(pd.SparseDtype(int, 0)),
}


@pytest.mark.parametrize("change", OTHER_KINDS.values(), ids=OTHER_KINDS)
def test_numbers_in_disguise(change):
    found = of(change(answers()))
    assert_array_equal(found.groups[0].moments.S, of(answers()).groups[0].moments.S)


@pytest.mark.parametrize("kind", ["bool", "boolean", "int8"])
def test_yes_and_no_are_one_and_zero(kind):
    high = answers()["x1"] > 3
    found = of(changed(x1=high.astype(kind)))
    share = high.mean()
    assert found.groups[0].moments.ybar[0] == pytest.approx(share, rel=1e-14)
    assert found.groups[0].moments.S[0, 0] == pytest.approx(
        share * (1 - share), rel=1e-12
    )


def hollow(frame, value):
    frame.iloc[:3, :] = value
    return frame


HOLES = {
    "nan": hollow(answers().astype(float), np.nan),
    "NA": hollow(answers().astype("Int64"), pd.NA),
    "None": hollow(answers().astype(object), None),
    "empty text": hollow(answers().astype(str), ""),
    "missing category": hollow(answers().astype(float), np.nan).astype("category"),
}


@pytest.mark.parametrize("frame", HOLES.values(), ids=HOLES)
def test_rows_with_holes_are_left_out_and_reported(frame):
    found = of(frame)
    expected = of(answers()[3:])
    assert_allclose(found.groups[0].moments.S, expected.groups[0].moments.S, rtol=1e-13)
    assert (found.groups[0].moments.n, found.ntotal) == (27, 30)
    assert list(found.groups[0].cases.index) == list(range(3, 30))
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("listwise-deletion", "info")
    assert finding.value == 3
    assert finding.message.startswith("3 of 30 rows")


def test_holes_in_other_columns_do_not_count():
    found = of(changed(other=np.nan))
    assert found.groups[0].moments.n == 30
    assert found.findings == ()


def test_text_in_other_columns_does_not_count():
    assert_array_equal(
        of(changed(other="a nickname")).groups[0].moments.S,
        of(answers()).groups[0].moments.S,
    )


INDICES = {
    "text": [f"r{i}" for i in range(30)],
    "repeated": [1] * 30,
    "backwards": range(30, 0, -1),
    "dates": pd.date_range("2025-01-01", periods=30),
    "two levels": pd.MultiIndex.from_product([range(5), range(6)]),
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_the_index_is_kept_and_plays_no_part(index):
    frame = answers().set_axis(index, axis=0)
    found = of(frame)
    assert_array_equal(found.groups[0].moments.S, of(answers()).groups[0].moments.S)
    assert found.groups[0].cases.index.equals(frame.index)
    assert list(found.groups[0].cases.columns) == list(NAMES)


def test_the_callers_frame_is_left_alone():
    frame = answers().astype(str)
    before = frame.copy()
    of(frame)
    pd.testing.assert_frame_equal(frame, before)


A, B = answers()["x1"], answers()["x2"]
BAD_FRAMES = {
    "a list": ([[1, 2]], ["pandas DataFrame", "list", "sample_cov="]),
    "an array": (answers().to_numpy(), ["pandas DataFrame", "ndarray"]),
    "None": (None, ["pandas DataFrame", "NoneType"]),
    "a missing column": (
        answers().rename(columns={"x2": "x_2"}),
        ["no column for x2", "nearest column: x_2", "spelling"],
    ),
    "another case": (
        answers().rename(columns=str.upper),
        ["x1 (nearest column: X1), x2 (nearest column: X2), x3 (nearest column: X3)"],
    ),
    "no column at all": (pd.DataFrame(), ["no column for x1, x2, x3"]),
    "text": (
        changed(x2=["fünf", *B[1:].astype(str)]),
        ["Column x2", "'fünf'", "row 0", "(1 such)"],
    ),
    "text in a later row": (
        changed(x2=[*B[:-1], "n/a"]).set_axis([f"r{i}" for i in range(30)]),
        ["Column x2", "'n/a'", "row 'r29'"],
    ),
    "words": (
        changed(x1=["同意"] * 30),
        ["Column x1", "'同意'", "(30 such)", "Recode"],
    ),
    "True as text": (changed(x1=(A > 3).astype(str)), ["Column x1 holds text"]),
    "decimal commas": (changed(x1=A.astype(str) + ",5"), ["Column x1 holds text"]),
    "lists": (changed(x1=[[1]] * 30), ["Column x1", "'[1]'"]),
    "dates": (
        changed(x1=pd.to_datetime("2025-01-01") + pd.to_timedelta(A, "D")),
        ["x1 (datetime64", "Recode"],
    ),
    "dates with a zone": (
        changed(x1=pd.to_datetime("2025-01-01", utc=True) + pd.to_timedelta(A, "D")),
        ["x1 (datetime64", "Recode"],
    ),
    "durations": (changed(x1=pd.to_timedelta(A, "D")), ["x1 (timedelta64", "Recode"]),
    "periods": (
        changed(x1=pd.period_range("2025-01-01", periods=30)),
        ["x1 (period[D])"],
    ),
    "complex numbers": (changed(x1=A + 1j), ["x1 (complex128)"]),
    "infinity": (changed(x1=[np.inf, *A[1:]]), ["Infinite values in x1"]),
    "minus infinity": (changed(x1=[-np.inf, *A[1:]]), ["Infinite values in x1"]),
    "infinity as text": (changed(x1=["inf", *A[1:].astype(str)]), ["Infinite", "x1"]),
    "constant": (changed(x1=3), ["Constant: x1"]),
    "two constants": (changed(x1=3, x3=0.1), ["Constant: x1, x3"]),
    "identical": (changed(x2=A), ["x1 and x2 hold identical answers"]),
    "identical but for the type": (changed(x2=A.astype("str")), ["x1 and x2"]),
    "one is twice the other": (
        changed(x2=2 * A + 1),
        ["not positive definite", "x1", "x2"],
    ),
    "a sum": (changed(x3=A + B), ["not positive definite", "x3", "x1", "x2"]),
    "too few rows": (answers(3), ["3 complete rows", "3 variables"]),
    "no rows": (answers()[:0], ["0 complete rows"]),
    "nobody answered": (changed(x1=np.nan), ["Nobody answered: x1", "take the item"]),
    "no complete row": (
        changed(x1=A.where(A.index < 15), x2=B.where(B.index >= 15)),
        ["0 complete rows"],
    ),
    "the same name twice": (
        pd.concat([answers(), answers()[["x2"]]], axis=1),
        ["more than one column named x2"],
    ),
}


@pytest.mark.parametrize(("frame", "words"), BAD_FRAMES.values(), ids=BAD_FRAMES)
def test_frames_that_carry_no_model(frame, words):
    with pytest.raises(DataError) as caught:
        of(frame)
    for word in words:
        assert word in str(caught.value)


def test_a_name_twice_that_the_model_does_not_use_is_no_matter():
    frame = pd.concat([answers(), answers()[["other"]]], axis=1)
    assert_array_equal(of(frame).groups[0].moments.S, of(answers()).groups[0].moments.S)


def test_one_row_more_than_variables_is_enough():
    frame = pd.DataFrame(np.random.default_rng(1).normal(size=(4, 3)), columns=NAMES)
    assert of(frame).groups[0].moments.n == 4


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_units_far_apart_are_no_dependence(scale):
    frame = changed(x1=answers()["x1"] * scale)
    found, plain = of(frame).groups[0].moments.S, of(answers()).groups[0].moments.S
    assert found[0, 0] == pytest.approx(plain[0, 0] * scale**2)
    assert from_matrix(frame.cov()).groups[0].moments.S[0, 0] == pytest.approx(
        found[0, 0]
    )


def test_a_long_list_of_missing_columns_is_shortened():
    names = [f"item{i}" for i in range(20)]
    with pytest.raises(DataError, match="and 12 more"):
        of(answers(), names)


# ---------------------------------------------------------------- printed matrices


def printed():
    return answers()[["x2", "other", "x3", "x1"]].cov()


def from_matrix(matrix, nobs=30, means=None):
    return sample_from_covariance(matrix, nobs, means, NAMES)


@pytest.mark.parametrize("means", [None, answers().mean(), answers().mean().to_dict()])
def test_a_printed_matrix_gives_the_moments_of_its_data(means):
    found, raw = from_matrix(printed(), means=means), of(answers())
    assert_allclose(found.groups[0].moments.S, raw.groups[0].moments.S, rtol=1e-12)
    assert found.has_means == (means is not None)
    expected = np.zeros(3) if means is None else raw.groups[0].moments.ybar
    assert_allclose(found.groups[0].moments.ybar, expected)
    assert found.groups[0].cases is None
    assert (found.groups[0].moments.n, found.ntotal) == (30, 30)


def test_rows_and_columns_may_stand_in_different_orders():
    shuffled = printed().loc[["x3", "x1", "other", "x2"]]
    assert_allclose(
        from_matrix(shuffled).groups[0].moments.S, of(answers()).groups[0].moments.S
    )


def put(row, col, value, both=True):
    matrix = printed().astype(object)
    matrix.loc[row, col] = value
    if both:
        matrix.loc[col, row] = value
    return matrix


BAD_MATRICES = {
    "an array": (printed().to_numpy(), ["pandas DataFrame", "item names"]),
    "no labels": (
        pd.DataFrame(printed().to_numpy()),
        ["covariance matrix has no column for x1"],
    ),
    "labels on one side": (printed().reset_index(drop=True), ["index of the cov"]),
    "a missing item": (printed().drop(columns="x2"), ["no column for x2"]),
    "a misspelt item": (
        printed().rename(columns={"x2": "x22"}),
        ["no column for x2", "nearest column"],
    ),
    "an item twice": (
        pd.concat([printed(), printed()[["x1"]]], axis=1),
        ["names an item twice"],
    ),
    "a row twice": (pd.concat([printed(), printed()[:1]]), ["names an item twice"]),
    "a hole": (put("x1", "x2", np.nan), ["no number at x1, x2", "both triangles"]),
    "a lower triangle": (
        printed().where(np.tril(np.ones((4, 4), dtype=bool))),
        ["no number at", "both triangles"],
    ),
    "infinity": (put("x1", "x2", np.inf), ["no number at x1, x2"]),
    "text": (put("x1", "x2", "n/a"), ["something not a number"]),
    "asymmetry": (
        put("x1", "x2", 0.75, both=False),
        ["not symmetric", "x1, x2", "0.75 above"],
    ),
    "a lower triangle of zeros": (
        printed() * np.tril(np.ones((4, 4))),
        ["not symmetric"],
    ),
    "no variance": (put("x2", "x2", 0.0), ["variance of x2 is not positive"]),
    "a negative variance": (put("x2", "x2", -1.0), ["variance of x2"]),
    "a correlation beyond one": (
        put("x1", "x2", 50.0),
        ["not positive definite", "x1", "x2", "typing error"],
    ),
}


@pytest.mark.parametrize(("matrix", "words"), BAD_MATRICES.values(), ids=BAD_MATRICES)
def test_matrices_that_carry_no_model(matrix, words):
    with pytest.raises(DataError) as caught:
        from_matrix(matrix)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("nobs", [True, 0, 1, -5, 30.0, "30", None, np.nan])
def test_the_number_of_cases_is_a_whole_number(nobs):
    with pytest.raises(DataError, match="sample_nobs must be a whole number above 1"):
        from_matrix(printed(), nobs=nobs)


@pytest.mark.parametrize("nobs", [2, 3])
def test_more_cases_than_variables(nobs):
    with pytest.raises(DataError, match=f"sample_nobs={nobs} is too small for 3"):
        from_matrix(printed(), nobs=nobs)


def test_a_numpy_integer_is_a_whole_number():
    assert from_matrix(printed(), nobs=np.int64(30)).groups[0].moments.n == 30


MEANS = answers().mean()
BAD_MEANS = {
    "missing": (MEANS.drop("x2"), "no column for x2"),
    "a hole": (MEANS.where(MEANS.index != "x2"), "no number for x2"),
    "infinite": ({**MEANS, "x3": np.inf}, "no number for x3"),
    "text": ({**MEANS, "x3": "three"}, "a number for each item"),
    "repeated": (pd.concat([MEANS, MEANS]), "names an item twice"),
    "without names": ([1.0, 2.0, 3.0], "no column for x1"),
}


@pytest.mark.parametrize(("means", "words"), BAD_MEANS.values(), ids=BAD_MEANS)
def test_means_that_carry_no_model(means, words):
    with pytest.raises(DataError, match=words):
        from_matrix(printed(), means=means)
