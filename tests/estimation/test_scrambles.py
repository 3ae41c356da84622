"""The same data and the same model in other clothes must give the same numbers."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from sem_cases import by_parameter, values_in_order

STRUCTURE = """
TR =~ t1 + t2 + t3
CA =~ c1 + c2 + c3
PI =~ p1 + p2 + p3
TR ~ CA + age
PI ~ TR + CA + age
t1 ~~ c1
"""
ITEMS = [f"{letter}{i}" for letter in "tcp" for i in (1, 2, 3)]
# the same optimum reached in another way: twice the rounding of the optimiser
SAME_RTOL = 1e-8
SAME_ATOL = 1e-9
MI_ATOL = 1e-7


def answers(n=300):
    """Draw answers on five points that the model fits neither well nor badly."""
    rng = np.random.default_rng(12)
    age = rng.integers(18, 40, size=n)
    ca = rng.normal(size=n)
    tr = 0.5 * ca + 0.03 * (age - 29) + rng.normal(size=n)
    pi = 0.4 * tr + 0.2 * ca + rng.normal(size=n)
    frame = {"age": age}
    for letter, factor in (("t", tr), ("c", ca), ("p", pi)):
        for i in (1, 2, 3):
            score = 3 + 0.7 * factor + 0.6 * rng.normal(size=n)
            frame[f"{letter}{i}"] = np.clip(np.round(score), 1, 5).astype(int)
    return pd.DataFrame(frame)


DATA = answers()


@pytest.fixture(scope="module")
def plain():
    return kocsem.sem(STRUCTURE, DATA, meanstructure=True)


def assert_same_standardised(fit, plain, names=None):
    """Compare everything that does not depend on the scale of the items."""
    assert fit.converged
    assert fit.nobs == plain.nobs
    for name in ("chisq", "df", "pvalue", "cfi", "rmsea", "srmr"):
        assert_allclose(
            fit.fit_measures[name],
            plain.fit_measures[name],
            rtol=SAME_RTOL,
            err_msg=name,
        )
    slopes = [f.standardized().query("op != '~1'") for f in (fit, plain)]
    for column in ("est_std", "se"):
        ours, expected = values_in_order(slopes[0], column, like=slopes[1])
        assert_allclose(ours, expected, rtol=SAME_RTOL, atol=SAME_ATOL, err_msg=column)


def assert_same(fit, plain):
    """Compare estimates and standard errors as well."""
    assert_same_standardised(fit, plain)
    for column in ("est", "se", "pvalue"):
        ours, expected = values_in_order(fit.parameters, column, like=plain.parameters)
        assert_allclose(ours, expected, rtol=SAME_RTOL, atol=SAME_ATOL, err_msg=column)


def modification(fit, column="mi"):
    frame = fit.modification_indices().query("op != '~1'")
    return by_parameter(frame, column)


ROWS = np.random.default_rng(0).permutation(len(DATA))
FRAMES = {
    "columns backwards": DATA[DATA.columns[::-1]],
    "columns shuffled": DATA.sample(frac=1, axis=1, random_state=3),
    "more columns": DATA.assign(nickname="x", zzz=np.nan).iloc[:, ::-1],
    "rows backwards": DATA[::-1],
    "rows shuffled": DATA.iloc[ROWS],
    "rows shuffled, index new": DATA.iloc[ROWS].reset_index(drop=True),
    "text index": DATA.set_axis([f"sheet {i}" for i in ROWS], axis=0),
    "repeated index": DATA.set_axis(np.arange(len(DATA)) % 7, axis=0),
    "index named as an item": DATA.rename_axis("t1", axis=0),
    "named columns": DATA.rename_axis("item", axis=1),
    "int8": DATA.astype("int8"),
    "Int64": DATA.astype("Int64"),
    "Float32": DATA.astype("Float32"),
    "float32": DATA.astype("float32"),
    "object": DATA.astype(object),
    "category": DATA.astype("category"),
    "text": DATA.astype(str),
    "string": DATA.astype("string"),
    "an unused category": DATA.astype(pd.CategoricalDtype(range(100))),
    "an empty row": pd.concat([DATA, pd.DataFrame({"t1": [np.nan]})]),
    "columns stored by row": pd.DataFrame(
        np.ascontiguousarray(DATA.to_numpy()), columns=DATA.columns
    ),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_frames(frame, plain):
    fit = kocsem.sem(STRUCTURE, frame, meanstructure=True)
    assert_same(fit, plain)
    found, expected = modification(fit), modification(plain)
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-6, abs=MI_ATOL), key


# ---------------------------------------------------------------- other scales

SCALES = {
    "a thousand": dict.fromkeys(ITEMS, 1e3),
    "a thousandth": dict.fromkeys(ITEMS, 1e-3),
    "each different": dict(zip(ITEMS, 10.0 ** np.arange(-4, 5), strict=True)),
    "markers only": {"t1": 1e3, "c1": 1e-3, "p1": 1e3},
    "all but the markers": {n: 1e3 for n in ITEMS if not n.endswith("1")},
    "one reversed": {"t2": -1.0},
    "the covariate": {"age": 1 / 365.25},
}


def unit(name):
    """Return the item whose unit a variable of the model is measured in."""
    return {"TR": "t1", "CA": "c1", "PI": "p1"}.get(name, name)


def factor_of(scale, lhs, op, rhs):
    """Return by what a parameter is multiplied when the items are."""
    left, right = (scale.get(unit(name), 1.0) for name in (lhs, rhs))
    return {"=~": right / left, "~": left / right, "~~": left * right, "~1": left}[op]


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_rescaled_items_change_nothing_but_the_units(scale, plain):
    change = pd.Series({name: scale.get(name, 1.0) for name in DATA.columns})
    fit = kocsem.sem(STRUCTURE, DATA * change, meanstructure=True)
    assert fit.converged
    for column in ("est", "se"):
        found = by_parameter(fit.parameters, column)
        for key, value in by_parameter(plain.parameters, column).items():
            factor = factor_of(scale, *key)
            factor = abs(factor) if column == "se" else factor
            assert found[key] / factor == pytest.approx(value, rel=1e-6, abs=1e-8), key
    assert fit.fit_measures["chisq"] == pytest.approx(plain.fit_measures["chisq"])
    if min(scale.values()) > 0:
        assert_same_standardised(fit, plain)
        found, expected = modification(fit), modification(plain)
        assert found.keys() == expected.keys()
        for key, value in expected.items():
            assert found[key] == pytest.approx(value, rel=1e-5, abs=1e-6), key
        changes = modification(fit, "sepc_all")
        for key, value in modification(plain, "sepc_all").items():
            assert changes[key] == pytest.approx(value, rel=1e-5, abs=1e-6), key


@pytest.mark.parametrize("shift", [-1, 4, 1000])
def test_other_codes_change_nothing_but_the_means(shift, plain):
    fit = kocsem.sem(
        STRUCTURE,
        DATA.assign(**{n: DATA[n] + shift for n in ITEMS}),
        meanstructure=True,
    )
    assert_same_standardised(fit, plain)
    slopes = [f.parameters.query("op != '~1'") for f in (fit, plain)]
    for column in ("est", "se"):
        ours, expected = values_in_order(slopes[0], column, like=slopes[1])
        assert_allclose(ours, expected, rtol=1e-7, atol=1e-8)
    means = by_parameter(fit.parameters.query("op == '~1'"), "est")
    for key, value in by_parameter(plain.parameters.query("op == '~1'"), "est").items():
        moved = value + shift if key[0] in ITEMS else value
        assert means[key] == pytest.approx(moved, rel=1e-8, abs=1e-7), key


def test_yes_and_no_items_may_be_of_any_type():
    high = DATA.median() < DATA
    text = "f =~ t1 + t2 + t3 + c1"
    expected = kocsem.cfa(text, high.astype(float))
    for kind in ("bool", "boolean", "int8", "Int8"):
        assert_same(kocsem.cfa(text, high.astype(kind)), expected)


# ---------------------------------------------------------------- the model text

TEXTS = {
    "lines backwards": "\n".join(reversed(STRUCTURE.strip().splitlines())),
    "structure first": """
        PI ~ TR + CA + age; TR ~ CA + age; t1 ~~ c1
        TR =~ t1 + t2 + t3; CA =~ c1 + c2 + c3; PI =~ p1 + p2 + p3""",
    "terms in another order": """
        PI =~ p1 + p3 + p2
        TR =~ t1 + t3 + t2
        CA =~ c1 + c3 + c2
        c1 ~~ t1
        PI ~ age + CA + TR
        TR ~ age + CA""",
    "one term a line": """
        TR =~ t1; TR =~ t2; TR =~ t3; CA =~ c1; CA =~ c2; CA =~ c3
        PI =~ p1; PI =~ p2; PI =~ p3; TR ~ CA; TR ~ age
        PI ~ TR; PI ~ CA; PI ~ age; t1 ~~ c1""",
    "defaults written out": STRUCTURE
    + "TR =~ 1*t1\nt1 ~~ t1\nPI ~~ PI\nCA ~~ CA\nt1 ~ 1\nTR ~ 0*1\np3 ~ 1",
    "comments and blanks": STRUCTURE.replace("\n", "  # a remark\n\n"),
    "labels that nobody uses": STRUCTURE.replace("TR ~ CA", "TR ~ k*CA"),
    "start values": STRUCTURE.replace("TR ~ CA", "TR ~ start(0.3)*CA").replace(
        "t1 + t2", "t1 + start(1.4)*t2"
    ),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_texts(text, plain):
    fit = kocsem.sem(text, DATA, meanstructure=True)
    assert_same(fit, plain)
    found, expected = modification(fit), modification(plain)
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-6, abs=MI_ATOL), key


NAMES = {
    "Chinese": {
        "TR": "信任",
        "CA": "相似性",
        "PI": "购买意愿",
        "t1": "题1",
        "age": "年龄",
    },
    "dots": {"TR": "T.R", "t1": "t.1", "t2": "t.1.1", "age": ".age"},
    "underscores": {"TR": "_TR", "t1": "t_1", "t2": "t1_", "age": "__age"},
    "accents": {"TR": "Qualité", "t1": "é1", "age": "âge"},
    "words of Python": {"TR": "lambda", "t1": "class", "age": "None", "c1": "def"},
    "words of numbers": {"TR": "nan", "t1": "inf", "age": "e1", "c1": "pi"},
    "words of semopy": {"TR": "START", "t1": "DEFINE", "age": "BOUND"},
    "case only": {"t1": "T2", "c1": "C2"},
    "names of columns in frames": {"TR": "lhs", "t1": "rhs", "age": "est", "c1": "op"},
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_names(names, plain):
    words = STRUCTURE.replace("+", " + ").split(" ")
    text = " ".join(
        "\n".join(names.get(part, part) for part in word.split("\n")) for word in words
    )
    fit = kocsem.sem(text, DATA.rename(columns=names), meanstructure=True)
    back = {new: old for old, new in names.items()}
    frame = fit.parameters
    frame = frame.assign(lhs=frame["lhs"].replace(back), rhs=frame["rhs"].replace(back))
    for column in ("est", "se", "std_all"):
        ours, expected = values_in_order(frame, column, like=plain.parameters)
        assert_allclose(ours, expected, rtol=SAME_RTOL, atol=SAME_ATOL)


PROGRAM = """
import numpy as np, pandas as pd, kocsem
rng = np.random.default_rng(5)
f = rng.normal(size=(200, 1))
frame = pd.DataFrame(f + rng.normal(size=(200, 6)), columns=list("abcdef"))
fit = kocsem.sem("x =~ a + b + c; y =~ d + e + f; y ~ x; a ~~ d", frame)
print(fit.parameters.to_csv(), fit.modification_indices().to_csv(), fit.vcov.to_csv())
"""


def test_the_hash_seed_changes_no_byte():
    outputs = set()
    for seed in ("0", "1", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1
    assert b"x,=~,b" in outputs.pop()


def test_the_same_call_twice_gives_the_same_bytes(plain):
    again = kocsem.sem(STRUCTURE, DATA.copy(), meanstructure=True)
    assert again.parameters.to_csv() == plain.parameters.to_csv()
    assert again.standardized().to_csv() == plain.standardized().to_csv()


def test_the_callers_frame_is_left_alone():
    frame = DATA.astype("category")
    before = frame.copy()
    kocsem.sem(STRUCTURE, frame)
    pd.testing.assert_frame_equal(frame, before)
