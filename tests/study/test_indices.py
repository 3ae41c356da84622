"""Verdicts on fit, where the statistic has a distribution and where it has none."""

import pytest

import kocsem
from kocsem.study.indices import index_findings, judged_indices
from small_study import draw

CFA = "X =~ x1 + x2 + x3\nM =~ m1 + m2 + m3\nY =~ y1 + y2 + y3"
SEM = f"{CFA}\nM ~ X\nY ~ M"
RESIDUAL = {"srmr", "gfi_lisrel", "agfi_lisrel"}


@pytest.fixture(scope="module")
def data():
    return draw(n=250).astype(float)


@pytest.mark.parametrize(
    ("options", "distributed"),
    [
        ({}, True),
        ({"estimator": "MLR"}, True),
        ({"estimator": "GLS"}, True),
        ({"ordered": True}, True),
        ({"estimator": "ULS"}, True),
        ({"ordered": True, "estimator": "DWLS"}, False),
        ({"ordered": True, "estimator": "ULS"}, False),
    ],
)
def test_only_a_statistic_with_a_distribution_is_judged(data, options, distributed):
    fit = kocsem.sem(SEM, data, **options)
    judged = judged_indices(fit)
    assert all(index.value is not None for index in judged)
    without = {index.index for index in judged if index.verdict is None}
    everything = {index.index for index in judged}
    assert without == (set() if distributed else everything - RESIDUAL)
    codes = [finding.code for finding in index_findings(fit, fit)]
    assert ("statistic-not-distributed" in codes) != distributed
    if not distributed:
        assert set(codes) <= {"statistic-not-distributed", "poor-fit"}


def test_a_saturated_model_has_no_test_and_no_remark(data):
    fit = kocsem.cfa("X =~ x1 + x2 + x3", data, ordered=True)
    assert all(index.verdict is None for index in judged_indices(fit))
    assert list(index_findings(fit, fit)) == []


def test_poor_fit_is_said_of_both_models_where_they_differ(data):
    apart = CFA.replace("m3", "y3").replace("y2 + y3", "y2 + m3")
    measurement = kocsem.cfa(apart, data)
    structural = kocsem.sem(f"{apart}\nM ~ X\nY ~ M", data)
    both = list(index_findings(measurement, structural))
    once = list(index_findings(measurement, measurement))
    assert {f.code for f in both} == {"poor-fit"}
    assert len(both) > len(once) > 0
    assert "of the measurement model" in both[0].message
    assert "of the structural model" in both[-1].message
