"""The same answers and model in other clothes, with every estimator."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from estimation.five_points import CALLS, ITEMS, MODEL, answers, called, holed
from sem_cases import by_parameter, values_in_order

SAME_RTOL = 2e-6
SAME_ATOL = 1e-7
GROUPS = {"group": "sex", "group_equal": "loadings"}
TESTS = ("chisq", "df", "chisq_scaled", "cfi", "rmsea", "srmr")


def data_of(name):
    """Return the answers that belong to a call."""
    return holed() if CALLS[name][0] else answers()


def assert_same_tests(fit, plain):
    """Compare what does not depend on units."""
    assert fit.converged
    assert fit.nobs == plain.nobs
    for name in TESTS:
        if name in plain.fit_measures:
            expected = plain.fit_measures[name]
            found = fit.fit_measures[name]
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-8), name


def assert_same(fit, plain):
    """Compare everything, whatever the order of the parameters."""
    assert_same_tests(fit, plain)
    for group in plain.parameters["group"].unique():
        own, before = (f.parameters.query(f"group == {group}") for f in (fit, plain))
        for column in ("est", "se", "std_all"):
            found, expected = values_in_order(own, column, like=before)
            assert_allclose(found, expected, SAME_RTOL, SAME_ATOL, err_msg=column)


def later(frame):
    """Shuffle rows, the first one of each group in its place."""
    order = np.random.default_rng(6).permutation(np.arange(10, len(frame)))
    return frame.iloc[[*range(10), *order]]


FRAMES = {
    "rows shuffled": later,
    "columns backwards": lambda d: d[d.columns[::-1]],
    "another index": lambda d: d.set_axis([f"r{i % 50}" for i in range(len(d))]),
    "text": lambda d: d.assign(**{n: d[n].astype("string") for n in ITEMS}),
    "nullable": lambda d: d.assign(**{n: d[n].astype("Int8") for n in ITEMS}),
    "more columns": lambda d: d.assign(note="x", empty=np.nan),
}


@pytest.mark.parametrize("options", [{}, GROUPS], ids=["one group", "groups"])
@pytest.mark.parametrize("name", CALLS)
def test_shuffled_rows(name, options):
    data = data_of(name)
    plain = called(name, data=data, **options)
    fit = called(name, data=later(data), **options)
    assert_same(fit, plain)
    found = fit.modification_indices().query("op == '~~'")
    expected = plain.modification_indices().query("op == '~~'")
    if options:
        return
    ours, theirs = values_in_order(found, "mi", like=expected)
    assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("change", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("name", ["MLR", "GLS", "FIML MLR", "WLSMV", "mixed"])
def test_frames(name, change):
    plain = called(name)
    assert_same(called(name, data=change(data_of(name))), plain)


TEXTS = {
    "lines backwards": "TR ~ CA\nCA =~ c1 + c2 + c3\nTR =~ t1 + t2 + t3",
    "items backwards": "TR =~ t1 + t3 + t2\nCA =~ c1 + c3 + c2\nTR ~ CA",
    "defaults written out": f"{MODEL}\nTR ~~ TR\nCA ~~ CA\nTR =~ 1*t1",
    "a label": MODEL.replace("TR ~ CA", "TR ~ slope*CA"),
    "start values": MODEL.replace("t2", "start(0.5)*t2"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(
    "name", ["MLM", "ULS", "GLS", "FIML", "WLSMV", "ULSMV", "mixed", "pairwise"]
)
def test_texts(name, text):
    assert_same(called(name, model=text), called(name))


@pytest.mark.parametrize("options", [{}, GROUPS], ids=["one group", "groups"])
@pytest.mark.parametrize("name", ["ML", "MLR", "MLMV", "GLS", "FIML", "FIML MLR"])
def test_units_of_continuous_items_change_nothing_but_the_units(name, options):
    scale = dict(zip(ITEMS, (1e-3, 7.0, 1e4, 250.0, 1.0, 0.02), strict=True))
    data, shift = data_of(name), 11.0
    other = data.assign(**{n: data[n] * k + shift for n, k in scale.items()})
    plain, fit = (called(name, data=frame, **options) for frame in (data, other))
    assert_same_tests(fit, plain)
    if "logl" in plain.fit_measures:  # a density is per unit
        lost = sum(data[n].notna().sum() * np.log(k) for n, k in scale.items())
        expected = plain.fit_measures["logl"] - lost
        assert fit.fit_measures["logl"] == pytest.approx(expected, rel=1e-9)
    for column in ("est_std", "se"):
        for group in plain.parameters["group"].unique():
            own, before = (
                by_parameter(
                    f.standardized().query(f"op != '~1' and group == {group}"), column
                )
                for f in (fit, plain)
            )
            for key, value in before.items():
                assert own[key] == pytest.approx(value, rel=1e-5, abs=1e-6), key


def test_units_of_continuous_items_beside_ordered_ones():
    data = answers()
    other = data.assign(**{name: 100 * data[name] - 3 for name in ITEMS[3:]})
    plain, fit = (called("mixed", data=frame) for frame in (data, other))
    # the weight of a moment is the inverse of its variance, so that units cancel
    assert_same_tests(fit, plain)
    own, before = (
        by_parameter(f.standardized().query("op != '~1'"), "est_std")
        for f in (fit, plain)
    )
    assert own == pytest.approx(before, rel=1e-5, abs=1e-6)


def test_units_matter_to_unweighted_least_squares():
    data = answers()
    other = data.assign(t1=100 * data["t1"])
    plain, fit = (called("ULS", data=frame) for frame in (data, other))
    assert fit.converged
    assert fit.fit_measures["chisq"] != pytest.approx(plain.fit_measures["chisq"])


PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
from estimation.five_points import called
for name in ("MLMV", "FIML MLR", "clusters", "mixed"):
    fit = called(name, group="sex", group_equal=["loadings", "regressions"])
    print(fit.parameters.to_csv(), dict(fit.fit_measures), fit.findings)
print(fit.modification_indices().to_csv())
"""


def test_the_hash_seed_changes_no_byte():
    tests = str(Path(__file__).parents[1])
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM.format(tests=tests)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "77")
    }
    assert len(outputs) == 1
    assert b"TR,=~,t2" in outputs.pop()
