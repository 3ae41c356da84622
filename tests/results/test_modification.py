"""Modification indices: what freeing a parameter really brings, and empty cells."""

import numpy as np
import pandas as pd
import pytest

import kocsem
from kocsem.results.modification import candidates


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(8)
    f = rng.normal(size=5000)
    g = 0.4 * f + rng.normal(size=5000)
    frame = {f"a{i}": f + rng.normal(size=5000) for i in range(1, 5)}
    frame |= {f"b{i}": g + rng.normal(size=5000) for i in range(1, 4)}
    frame["b1"] = frame["b1"] + 0.05 * f
    return pd.DataFrame(frame)


FACTORS = "f =~ a1 + a2 + a3 + a4\ng =~ b1 + b2 + b3"


def index_of(frame, text):
    found = frame[frame.lhs + frame.op + frame.rhs == text]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize("text", ["f=~b1", "a1~~a2", "a4~~b2", "g=~a1"])
def test_freeing_the_parameter_brings_what_was_promised(data, text):
    # a score test is first order; with small misfit the likelihood ratio agrees
    fit = kocsem.cfa(FACTORS, data)
    promised = index_of(fit.modification_indices(), text)
    wider = kocsem.cfa(f"{FACTORS}\n{text.replace('=~', ' =~ ')}", data)
    fall = fit.fit_measures["chisq"] - wider.fit_measures["chisq"]
    assert promised.mi == pytest.approx(fall, rel=0.05, abs=0.02)
    change = index_of(wider.parameters, text)
    assert promised.epc == pytest.approx(change.est, rel=0.05, abs=0.005)
    assert promised.sepc_all == pytest.approx(change.std_all, rel=0.05, abs=0.005)


def test_nothing_is_listed_that_is_free_or_not_identified(data):
    fit = kocsem.cfa(FACTORS, data)
    listed = fit.modification_indices()
    texts = set(listed.lhs + listed.op + listed.rhs)
    assert "f=~a1" not in texts  # the marker
    assert "f=~a2" not in texts
    assert "f~~g" not in texts
    assert "a1~~a1" not in texts


def test_a_variance_of_zero_leaves_no_standardised_change(data):
    fit = kocsem.sem("f =~ a1 + a2 + a3 + a4\ns =~ b1\ns ~ f", data)
    listed = fit.modification_indices()
    row = index_of(listed, "a2~~b1")
    assert np.isfinite(row.mi)
    assert np.isnan(row.sepc_all)
    assert not np.isinf(listed.select_dtypes("number")).any().any()


def test_a_fixed_variance_shows_the_change_not_the_value(data):
    fit = kocsem.sem("f =~ a1 + a2 + a3\nf ~~ 1*f\nb1 ~ 0.3*f", data)
    row = index_of(fit.modification_indices(), "f~~f")
    total = index_of(fit.parameters, "f~~f").est
    assert row.sepc_lv == pytest.approx(row.epc / total, rel=1e-10)


def test_saturated_model_has_no_candidates(data):
    assert kocsem.sem("f =~ a1 + a2 + a3", data).modification_indices().empty


def test_residual_variances_of_ordered_items_follow_from_their_scales(data):
    # no moment depends on them, so that an index would be rounding over rounding
    items = data.apply(lambda item: pd.cut(item, [-99, -0.8, 0.9, 99], labels=False))
    fit = kocsem.cfa(FACTORS, items, estimator="DWLS", ordered=list(items))
    assert not [
        row for row in candidates(fit.table) if row.op == "~~" and row.lhs == row.rhs
    ]
