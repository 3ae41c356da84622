import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kocsem.reporting.export.json import plain, to_json
from kocsem.study.file import DataSource


@pytest.fixture(scope="module")
def content(analysis):
    return json.loads(to_json(analysis))


def test_numbers_are_in_full_precision(content):
    first = content["hypotheses"][0]
    assert (first["std"], first["pvalue"]) == (0.4996, 3e-13)
    assert content["structural"]["fit_measures"]["rmsea_ci_upper"] == 0.1287
    assert content["structural"]["rsquare"] == {"TR": 0.2496, "PI": 0.16}
    assert content["correlations"]["TR"]["CA"] == 0.4996


def test_missing_numbers_are_null(content):
    assert content["loadings"][0]["z"] is None
    assert content["constructs"][2]["alpha"] is None
    assert content["hypotheses"][2]["est"] is None


def test_normality_collinearity_and_adjusted_p_values(content):
    assert content["normality"]["mardia_kurtosis"]["statistic"] == 5.106
    assert content["normality"]["items"][3]["pvalue"] == 0.7512
    assert content["collinearity"]["predictors"][1] == {
        "outcome": "PI", "predictor": "TR", "vif": 1.3326,
    }  # fmt: skip
    assert content["collinearity"]["constructs"][2]["vif"] is None
    assert "findings" not in content["collinearity"]
    assert content["hypotheses"][1]["pvalue_holm"] == 0.0531


def test_options_source_and_versions(content):
    assert content["study"]["estimation"]["estimator"] is None
    assert content["options"]["estimator"] == "ML"
    assert content["missing"] is None
    assert content["source"]["platform"] == "wenjuanxing"
    assert content["software"]["kocsem"] == "0.1.0"
    assert content["structural"]["text"] == "TR ~ CA\nPI ~ b*TR + CA"
    assert content["indices"][1]["criterion"] == {"relation": ">=", "limit": 0.95}


def test_no_folder_of_the_machine(analysis):
    text = to_json(analysis)
    assert "someone" not in text
    assert json.loads(text)["study"]["instrument"] == "small.yaml"
    relative = replace(analysis.study, data=DataSource(file="data/a.csv"))
    shown = json.loads(to_json(replace(analysis, study=relative)))
    assert shown["study"]["data"]["file"] == "data/a.csv"


def test_no_answers(content):
    assert "answers" not in content
    assert content["flow"][1] == {
        "reason": "speeding",
        "label": {"zh": "作答过快", "en": "Too fast"},
        "n": 30,
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(0.1), 0.1),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (float("inf"), None),
        (pd.NA, None),
        (None, None),
        ("x", "x"),
        ({1: (2, [np.nan])}, {"1": [2, [None]]}),
        (pd.Series({"a": 1.5}), {"a": 1.5}),
        (pd.DataFrame({"a": [1, 2]}), [{"a": 1}, {"a": 2}]),
    ],
)
def test_plain(value, expected):
    assert plain(value) == expected


def test_synthetic_by_finding(analysis, content):
    assert content["synthetic"] is True
    real = replace(analysis, findings=())
    assert json.loads(to_json(real))["synthetic"] is False
