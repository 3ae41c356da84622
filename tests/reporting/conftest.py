"""A small analysis, typed by hand: three constructs, one of them with a single item."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter

from kocsem.assessment.records import (
    Assessment,
    Collinearity,
    HypothesisResult,
    JudgedIndex,
    Normality,
    NormalityTest,
    Threshold,
)
from kocsem.data.types import FlowStep, Responses, Screening, Source
from kocsem.estimation.cross_check import EngineComparison
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Text
from kocsem.model.options import Options
from kocsem.model.table import Variables
from kocsem.study.analysis import Analysis
from kocsem.study.file import DataSource, StudyFile

NAN = float("nan")
ITEMS = ("CA1", "CA2", "TR1", "TR2", "PI1")
VARIABLES = Variables(ITEMS, ("CA", "TR", "PI"), ITEMS, ())
PARAMETERS = "lhs op rhs group label est se z pvalue ci_lower ci_upper std_lv std_all"
CONSTRUCTS = "construct k alpha alpha_lower alpha_upper cr ave sqrt_ave"
DESCRIPTIVES = "item n missing mean sd skew kurtosis minimum maximum"
EFFECTS = "outcome predictor mediator kind est se z pvalue ci_lower ci_upper std"


def _instrument() -> Instrument:
    def names(code: str, zh: str, en: str) -> dict[str, object]:
        return {"id": code, "name": {"zh": zh, "en": en}}

    items = [
        ("CA1", "CA", "TA分享的内容来自亲身使用。", "It comes from first-hand use."),
        ("CA2", "CA", "TA的表达朴实自然。", "It is told plainly & simply."),
        ("TR1", "TR", "我信得过TA的推荐。", "I find it dependable."),
        ("TR2", "TR", "TA值得信赖。", "This KOC can be relied on."),
        ("PI1", "PI", "我会考虑购买。", "I would consider buying."),
    ]
    return TypeAdapter(Instrument).validate_python(
        {
            "id": "small",
            "version": "1.0",
            "title": {"zh": "小型问卷", "en": "Small survey"},
            "scale": 5,
            "constructs": [
                names("CA", "内容真实性", "Content authenticity"),
                names("TR", "信任", "Trust"),
                names("PI", "购买意愿", "Purchase intention"),
            ],
            "items": [
                {
                    "id": code,
                    "construct": construct,
                    "text": {"zh": zh, "en": en},
                    "reverse": code == "CA2",
                }
                for code, construct, zh, en in items
            ],
            "demographics": [
                {
                    "id": "GEN",
                    "name": {"zh": "性别", "en": "Gender"},
                    "text": {"zh": "您的性别？", "en": "Your gender?"},
                    "options": [
                        {"code": 1, "label": {"zh": "男", "en": "Male"}},
                        {"code": 2, "label": {"zh": "女", "en": "Female"}},
                    ],
                }
            ],
            "hypotheses": [
                _hypothesis("H1", "CA -> TR"),
                _hypothesis("H2", "TR -> PI"),
                _hypothesis("H3", "CA -> TR -> PI"),
            ],
        }
    )


def _hypothesis(code: str, path: str) -> dict[str, object]:
    return {"id": code, "path": path, "sign": "+", "statement": f"{path} (+)"}


def _parameters() -> pd.DataFrame:
    fixed = (0.0, NAN, NAN, 1.0, 1.0)
    rows = [
        ("CA", "=~", "CA1", 1, "", 1.0, *fixed, 0.8, 0.812),
        ("CA", "=~", "CA2", 1, "", 0.9, 0.05, 18.0, 0.0, 0.802, 0.998, 0.72, 0.7604),
        ("TR", "=~", "TR1", 1, "", 1.0, *fixed, 0.7, 0.83),
        ("TR", "=~", "TR2", 1, "", 1.1, 0.06, 18.33, 0.0, 0.982, 1.218, 0.77, 0.86),
        ("PI", "=~", "PI1", 1, "", 1.0, *fixed, 0.9, 1.0),
        ("TR", "~", "CA", 1, "", 0.51, 0.07, 7.286, 3e-13, 0.373, 0.647, 0.5, 0.4996),
        ("PI", "~", "TR", 1, "b", 0.45, 0.2, 2.25, 0.0244, 0.058, 0.842, 0.4, 0.4),
        ("PI", "~", "CA", 1, "", -0.02, 0.1, -0.2, 0.8415, -0.216, 0.176, -0.02, -0.02),
        ("CA", "~~", "CA", 1, "", 0.64, 0.08, 8.0, 1e-15, 0.483, 0.797, 1.0, 1.0),
    ]
    return pd.DataFrame(rows, columns=PARAMETERS.split())


def _fit(measures: dict[str, float]) -> SimpleNamespace:
    return SimpleNamespace(
        parameters=_parameters(),
        fit_measures=measures,
        reported_measures=measures,
        rsquare=pd.Series({"TR": 0.2496, "PI": 0.16}),
        nobs=200,
        converged=True,
        options=Options(),
        table=SimpleNamespace(means=False, variables=VARIABLES),
    )


def _measures(chisq: float) -> dict[str, float]:
    return {
        "chisq": chisq,
        "df": 4.0,
        "pvalue": 0.0402,
        "cfi": 0.9912,
        "tli": 0.9781,
        "rmsea": 0.0713,
        "rmsea_ci_lower": 0.012,
        "rmsea_ci_upper": 0.1287,
        "rmsea_pvalue": 0.2201,
        "srmr": 0.0312,
        "aic": 2301.25,
        "bic": 2340.5,
    }


def _indices(rmsea: float) -> tuple[JudgedIndex, ...]:
    return (
        JudgedIndex(
            "chisq_df",
            2.5025,
            Threshold("<", 3.0),
            Threshold("<", 5.0),
            "good",
            ("kline-2016", "marsh-hocevar-1985"),
        ),
        JudgedIndex(
            "cfi",
            0.9912,
            Threshold(">=", 0.95),
            Threshold(">=", 0.9),
            "good",
            ("hu-bentler-1999",),
        ),
        JudgedIndex(
            "rmsea",
            rmsea,
            Threshold("<=", 0.06),
            Threshold("<=", 0.08),
            "acceptable",
            ("hu-bentler-1999", "browne-cudeck-1993"),
        ),
        JudgedIndex(
            "gfi_lisrel",
            None,
            Threshold(">", 0.9),
            None,
            None,
            ("hair-2019",),
            "GFI needs complete data.",
        ),
    )


def _assessment() -> Assessment:
    codes = ["CA", "TR", "PI"]
    loadings = pd.DataFrame(
        [
            ("CA", "CA1", 1.0, 0.0, NAN, NAN, 0.812),
            ("CA", "CA2", 0.9, 0.05, 18.0, 0.0, 0.7604),
            ("TR", "TR1", 1.0, 0.0, NAN, NAN, 0.83),
            ("TR", "TR2", 1.1, 0.06, 18.33, 0.0, 0.86),
            ("PI", "PI1", 1.0, 0.0, NAN, NAN, 1.0),
        ],
        columns=["construct", "item", "est", "se", "z", "pvalue", "std_all"],
    )
    constructs = pd.DataFrame(
        [
            ("CA", 2, 0.7625, 0.69, 0.82, 0.764, 0.6188, 0.7866),
            ("TR", 2, 0.8321, 0.78, 0.87, 0.833, 0.7143, 0.8451),
            ("PI", 1, NAN, NAN, NAN, NAN, NAN, NAN),
        ],
        columns=[
            "construct",
            "k",
            "alpha",
            "alpha_lower",
            "alpha_upper",
            "cr",
            "ave",
            "sqrt_ave",
        ],
    )
    correlations = pd.DataFrame(
        [[1.0, 0.4996, 0.18], [0.4996, 1.0, 0.39], [0.18, 0.39, 1.0]], codes, codes
    )
    htmt = pd.DataFrame(
        [[1.0, 0.51, 0.2], [0.51, 1.0, 0.4], [0.2, 0.4, 1.0]], codes, codes
    )
    return Assessment(loadings, constructs, correlations, htmt, ())


def _hypotheses(instrument: Instrument) -> tuple[HypothesisResult, ...]:
    first, second, third = instrument.hypotheses
    return (
        HypothesisResult(
            first, "direct", 0.51, 0.07, 7.286, 3e-13, 0.373, 0.647, 0.4996,
            "supported", "CA has the stated effect.", 6e-13,
        ),
        HypothesisResult(
            second, "direct", 0.45, 0.2, 2.25, 0.0244, 0.058, 0.842, 0.4,
            "supported", "TR has the stated effect.", 0.0531,
        ),
        HypothesisResult(
            third, "indirect", None, None, None, None, None, None, None,
            "not tested", "The model has no such chain.",
        ),
    )  # fmt: skip


def _responses() -> Responses:
    return Responses(
        answers=pd.DataFrame({"CA1": [1.0]}, index=pd.Index([2], name="row")),
        seconds=None,
        origin=None,
        source=Source("answers.csv", "wenjuanxing", "number", "utf-8", 230, 9),
    )


def _screening(kept: Responses) -> Screening:
    flow = (
        FlowStep("received", Text(zh="回收", en="Received"), 230),
        FlowStep("speeding", Text(zh="作答过快", en="Too fast"), 30),
        FlowStep("kept", Text(zh="有效样本", en="Analysed"), 200),
    )
    nobody = pd.DataFrame(columns=["row", "reason", "detail"])
    return Screening(kept, nobody, flow, ())


def _descriptives() -> pd.DataFrame:
    rows = [
        ("CA1", 200, 0, 3.605, 0.912, -0.425, -0.004, 1.0, 5.0),
        ("CA2", 199, 1, 3.2, 1.005, 0.1, -0.6, 1.0, 5.0),
        ("TR1", 200, 0, 3.5, 0.9, -0.3, -0.2, 1.0, 5.0),
        ("TR2", 200, 0, 3.4, 0.95, -0.2, -0.3, 1.0, 5.0),
        ("PI1", 200, 0, 4.0, 0.0, NAN, NAN, 4.0, 4.0),
    ]
    columns = [
        "item",
        "n",
        "missing",
        "mean",
        "sd",
        "skew",
        "kurtosis",
        "minimum",
        "maximum",
    ]
    return pd.DataFrame(rows, columns=columns)


def _normality() -> Normality:
    rows = [
        ("CA1", -0.425, -0.004, 0.91, 2e-9),
        ("CA2", 0.1, -0.6, 0.92, 1e-8),
        ("TR1", -0.3, -0.2, 0.93, 6e-8),
        ("TR2", -0.2, -0.3, 0.995, 0.7512),
        ("PI1", NAN, NAN, NAN, NAN),
    ]
    return Normality(
        nobs=199,
        items=pd.DataFrame(rows, columns=["item", "skew", "kurtosis", "w", "pvalue"]),
        mardia_skewness=NormalityTest(1.206, 0.0, 39.999, 35, 0.2577),
        mardia_kurtosis=NormalityTest(41.055, 35.0, 5.106, None, 3.3e-7),
        henze_zirkler=NormalityTest(1.0125, None, 1.0125, None, 0.0131),
        findings=(),
    )


def _collinearity() -> Collinearity:
    paths = [("TR", "CA", 1.0), ("PI", "TR", 1.3326), ("PI", "CA", 1.3326)]
    wholes = [("CA", 1.3341), ("TR", 1.5504), ("PI", NAN)]
    return Collinearity(
        predictors=pd.DataFrame(paths, columns=["outcome", "predictor", "vif"]),
        constructs=pd.DataFrame(wholes, columns=["construct", "vif"]),
        findings=(),
    )


def _effects() -> pd.DataFrame:
    rows = [
        ("PI", "CA", "", "direct", -0.02, 0.1, -0.2, 0.8415, -0.216, 0.176, -0.02),
        (
            "PI",
            "CA",
            "TR",
            "indirect",
            0.2295,
            0.1067,
            2.151,
            0.0315,
            0.020,
            0.439,
            0.2,
        ),
        ("PI", "CA", "", "total", 0.2095, 0.0969, 2.162, 0.0306, 0.020, 0.399, 0.18),
    ]
    return pd.DataFrame(rows, columns=EFFECTS.split())


def _comparison() -> EngineComparison:
    return EngineComparison(
        engine="semopy",
        version="2.3.11",
        nobs=200,
        parameters=pd.DataFrame(
            [("TR", "~", "CA", 0.51, 0.5100012, 0.0000012)],
            columns=["lhs", "op", "rhs", "est", "other", "difference"],
        ),
        indices=pd.DataFrame(
            [("chisq", 10.01, 10.01, 0.0)],
            columns=["index", "value", "other", "difference"],
        ),
        largest=0.000015,
        where="TR~CA",
        findings=(),
    )


def _demographics() -> pd.DataFrame:
    rows = [("GEN", 1, 90, 45.0), ("GEN", 2, 109, 54.5), ("GEN", np.nan, 1, 0.5)]
    return pd.DataFrame(rows, columns=["variable", "code", "n", "percent"])


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    """Everything a report needs, typed by hand."""
    instrument = _instrument()
    responses = _responses()
    findings = (
        Finding("synthetic-data", "info", "answers.csv", "The answers are synthetic."),
        Finding(
            "low-ave", "warning", "CA", "AVE of CA is low.", 0.4188, 0.5,
            "fornell-larcker-1981",
        ),
    )  # fmt: skip
    return Analysis(
        study=StudyFile(
            study="small-study",
            title=Text(zh="小型研究", en="Small study <1> & co"),
            instrument="/home/someone/private/small.yaml",
            data=DataSource(file="C:\\Users\\someone\\answers.csv"),
        ),
        instrument=instrument,
        responses=responses,
        screening=_screening(responses),
        nobs=200,
        measurement_text="CA =~ CA1 + CA2\nTR =~ TR1 + TR2\nPI =~ PI1",
        structural_text="TR ~ CA\nPI ~ b*TR + CA",
        demographics=_demographics(),
        missing=None,
        descriptives=_descriptives(),
        normality=_normality(),
        measurement=_fit(_measures(9.5)),
        structural=_fit(_measures(10.01)),
        assessment=_assessment(),
        indices=_indices(0.0713),
        measurement_indices=_indices(0.0688),
        collinearity=_collinearity(),
        hypotheses=_hypotheses(instrument),
        effects=_effects(),
        sensitivity=None,
        cross_check=_comparison(),
        findings=findings,
    )
