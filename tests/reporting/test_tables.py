"""Builders on the analysis of conftest.py; every expected cell is typed by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from kocsem.assessment.records import HypothesisResult
from kocsem.findings import Finding, Unavailable
from kocsem.instrument.types import Hypothesis
from kocsem.reporting.render import render
from kocsem.reporting.tables import (
    collinearity,
    cross_check,
    demographics,
    descriptives,
    discriminant,
    effects,
    findings,
    fit_indices,
    hypotheses,
    items,
    parameters,
    reliability,
    sample_flow,
)
from kocsem.reporting.tables.collection import make_tables

ENGLISH, CHINESE = ("en", "apa"), ("zh", "gb")

EXPECTED = {
    (sample_flow.build, ENGLISH): """
        Received | 230 | 100.0
        Too fast | 30 | 13.0
        Analysed | 200 | 87.0""",
    (demographics.build, CHINESE): """
        # 性别
        男 | 90 | 45.0
        女 | 109 | 54.5
        缺失 | 1 | 0.5""",
    (descriptives.build, ENGLISH): """
        # Content authenticity (CA)
        CA1 | 200 | 0 | 3.61 | 0.91 | −0.43 | 0.00 | 1 | 5
        CA2 | 199 | 1 | 3.20 | 1.01 | 0.10 | −0.60 | 1 | 5
        # Trust (TR)
        TR1 | 200 | 0 | 3.50 | 0.90 | −0.30 | −0.20 | 1 | 5
        TR2 | 200 | 0 | 3.40 | 0.95 | −0.20 | −0.30 | 1 | 5
        # Purchase intention (PI)
        PI1 | 200 | 0 | 4.00 | 0.00 | –^a | –^a | 4 | 4""",
    (reliability.build, ENGLISH): """
        Content authenticity (CA) | CA1 | 0.812 | 1.000 | –^a | –^a | .763 | .764 | .619
         | CA2 | 0.760 | 0.900 | 0.050 | 18.000 |  |  |
        Trust (TR) | TR1 | 0.830 | 1.000 | –^a | –^a | .832 | .833 | .714
         | TR2 | 0.860 | 1.100 | 0.060 | 18.330 |  |  |
        Purchase intention (PI) | PI1 | 1.000 | 1.000 | –^a | –^a | –^b | –^b | –^b""",
    (reliability.build_alpha, CHINESE): """
        内容真实性 (CA) | 2 | 0.763 | [0.690, 0.820] | 0.764 | 0.619
        信任 (TR) | 2 | 0.832 | [0.780, 0.870] | 0.833 | 0.714
        购买意愿 (PI) | 1 | –^a | –^a | –^a | –^a""",
    (discriminant.build, ENGLISH): """
        # Fornell–Larcker criterion
        Content authenticity (CA) | .787 |  |
        Trust (TR) | .500 | .845 |
        Purchase intention (PI) | .180 | .390 | –^a
        # HTMT
        Trust (TR) | .510 |  |
        Purchase intention (PI) | .200 | .400 | """,
    (collinearity.build, ENGLISH): """
        Content authenticity (CA) | 1.000 | 1.333 | 1.334
        Trust (TR) |  | 1.333 | 1.550
        Purchase intention (PI) |  |  | –^a""",
    (fit_indices.build, ENGLISH): """
        χ² | 9.500 | 10.010 |  |  |  |
        df | 4 | 4 |  |  |  |
        p of χ² | .040 | .040 |  |  |  |
        χ²/df | 2.503 | 2.503 | < 3 | < 5 | good | Kline (2016); Marsh & Hocevar (1985)
        CFI | .991 | .991 | ≥ .95 | ≥ .9 | good | Hu & Bentler (1999)
        RMSEA | .069 | .071 | ≤ .06 | ≤ .08 | acceptable | """
    """Hu & Bentler (1999); Browne & Cudeck (1993)
        GFI (LISREL/AMOS) | –^a | –^a | > .9 |  |  | Hair et al. (2019)
        90% CI of RMSEA | [.012, .129] | [.012, .129] |  |  |  |
        p of RMSEA ≤ .05 | .220 | .220 |  |  |  |
        AIC | 2301.250 | 2301.250 |  |  |  |
        BIC | 2340.500 | 2340.500 |  |  |  | """,
    (hypotheses.build, CHINESE): """
        # 直接路径
        H1 | 内容真实性 → 信任 | 0.500*** | 0.510 | 0.070 | 7.286 | <0.001 | """
    """<0.001 | 成立
        H2 | 信任 → 购买意愿 | 0.400* | 0.450 | 0.200 | 2.250 | 0.024 | 0.053 | 成立
        # 间接路径（中介）
        H3 | 内容真实性 → 信任 → 购买意愿 | –^a | –^a | –^a | –^a | –^a |  | 未检验
        # 未列入假设的路径
         | 内容真实性 → 购买意愿 | −0.020 | −0.020 | 0.100 | −0.200 | 0.842 |  | """,
    (effects.build, ENGLISH): """
        Content authenticity → Purchase intention | direct | −0.020 | 0.100 | """
    """−0.200 | .842 | −0.216 | 0.176 | −0.020
        Content authenticity → Trust → Purchase intention | indirect | 0.230* | """
    """0.107 | 2.151 | .032 | 0.020 | 0.439 | 0.200
        Content authenticity → Purchase intention | total | 0.210* | 0.097 | """
    """2.162 | .031 | 0.020 | 0.399 | 0.180""",
    (items.build, CHINESE): """
        # 内容真实性 (CA)
        CA1 | TA分享的内容来自亲身使用。 | 否
        CA2 | TA的表达朴实自然。 | 是
        # 信任 (TR)
        TR1 | 我信得过TA的推荐。 | 否
        TR2 | TA值得信赖。 | 否
        # 购买意愿 (PI)
        PI1 | 我会考虑购买。 | 否""",
    (parameters.build_structural, ENGLISH): """
        # Loadings
        CA | =~ | CA1 | 1.000 | –^a | –^a | –^a | –^a | –^a | 0.812
        CA | =~ | CA2 | 0.900 | 0.050 | 18.000 | < .001 | 0.802 | 0.998 | 0.760
        TR | =~ | TR1 | 1.000 | –^a | –^a | –^a | –^a | –^a | 0.830
        TR | =~ | TR2 | 1.100 | 0.060 | 18.330 | < .001 | 0.982 | 1.218 | 0.860
        PI | =~ | PI1 | 1.000 | –^a | –^a | –^a | –^a | –^a | 1.000
        # Paths
        TR | ~ | CA | 0.510 | 0.070 | 7.286 | < .001 | 0.373 | 0.647 | 0.500
        PI | ~ | TR | 0.450 | 0.200 | 2.250 | .024 | 0.058 | 0.842 | 0.400
        PI | ~ | CA | −0.020 | 0.100 | −0.200 | .842 | −0.216 | 0.176 | −0.020
        # Variances and covariances
        CA | ~~ | CA | 0.640 | 0.080 | 8.000 | < .001 | 0.483 | 0.797 | 1.000""",
    (cross_check.build, ENGLISH): """
        # Fit indices
        χ² | 10.010 | 10.010 | 0
        # Parameters
        TR ~ CA | 0.510 | 0.510 | 1.2 × 10⁻⁶""",
    (findings.build, ENGLISH): """
        warning | low-ave | CA | AVE of CA is low. | 0.419 | 0.5 | """
    """Fornell & Larcker (1981)
        note | synthetic-data | answers.csv | The answers are synthetic. |  |  | """,
}


def grid(shown):
    """Write a rendered table as lines of cells; a label begins with #."""
    lines = []
    for group in shown.groups:
        if group.label:
            lines.append(f"# {group.label}")
        for row in group.rows:
            cells = (
                c.text + c.marks + (f"^{c.letter}" if c.letter else "") for c in row
            )
            lines.append(" | ".join(cells))
    return [line.rstrip() for line in lines]


@pytest.mark.parametrize(("builder", "how"), EXPECTED)
def test_cells(builder, how, analysis):
    wanted = [
        line.removeprefix("        ").rstrip()
        for line in EXPECTED[builder, how].lstrip("\n").split("\n")
    ]
    assert grid(render(builder(analysis), *how)) == wanted


def notes(table, language="en"):
    style = "apa" if language == "en" else "gb"
    return " ".join(note.text for note in render(table, language, style).notes)


def test_rsquares_stand_in_the_note(analysis):
    table = hypotheses.build(analysis)
    assert "R² (Trust) = .250." in notes(table)
    assert "R²（购买意愿）= 0.160。" in notes(table, "zh")


@pytest.mark.parametrize(
    ("builder", "source"),
    [
        (descriptives.build, "Kline, 2016"),
        (descriptives.build, "Mardia, 1970"),
        (descriptives.build, "Henze & Zirkler, 1990"),
        (collinearity.build, "Kock, 2015"),
        (hypotheses.build, "2 direct hypotheses tested together (Holm, 1979)"),
        (reliability.build, "Nunnally, 1978; Fornell & Larcker, 1981"),
        (reliability.build_alpha, "Feldt, Woodruff & Salih, 1987"),
        (discriminant.build, "Henseler, Ringle & Sarstedt, 2015"),
        (effects.build, "Sobel, 1982"),
        (cross_check.build, "semopy 2.3.11"),
        (fit_indices.build, "N = 200."),
    ],
)
def test_notes_name_their_sources(builder, source, analysis):
    assert source in notes(builder(analysis))


NORMALITY = {
    "en": [
        "normality is rejected (p < .05) for 3 of 4 items.",
        "(n = 199): Mardia's skewness = 1.21, χ²(35) = 40.00, p = .258; "
        "kurtosis = 41.06 (normal: 35), z = 5.11, p < .001 (Mardia, 1970).",
        "HZ = 1.013, p = .013 (",
    ],
    "zh": [
        "3个题项（共4个）不服从正态分布",
        "多元偏度 = 1.21，χ²(35) = 40.00，P = 0.258；"
        "多元峰度 = 41.06（正态分布为35），z = 5.11，P <0.001（",
        "HZ = 1.013，P = 0.013（",
    ],
}


@pytest.mark.parametrize("language", NORMALITY)
def test_normality_stands_in_the_note(language, analysis):
    shown = notes(descriptives.build(analysis), language)
    for words in NORMALITY[language]:
        assert words in shown


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        ({"henze_zirkler": Unavailable("x")}, "not made for so many", "HZ ="),
        ({"mardia_skewness": Unavailable("x")}, "is singular", "χ²("),
        ({"items": 1}, "for 1 of 1 items", "Mardia"),
        ({"items": 0}, "Skewness and excess", "Shapiro"),
    ],
)
def test_tests_of_normality_that_do_not_exist(changes, said, unsaid, analysis):
    found = analysis.normality
    if "items" in changes:
        changes = {"items": found.items.iloc[: changes["items"]]}
    changed = replace(analysis, normality=replace(found, **changes))
    shown = notes(descriptives.build(changed))
    assert said in shown
    assert unsaid not in shown


@pytest.mark.parametrize(
    ("paths", "wholes", "headings"),
    [
        (3, 3, ["Variable", "VIF (TR)", "VIF (PI)", "Full VIF"]),
        (1, 0, ["Variable", "VIF (TR)"]),
        (0, 2, ["Variable", "Full VIF"]),
        (0, 0, None),
    ],
)
def test_columns_of_the_variance_inflation(paths, wholes, headings, analysis):
    found = replace(
        analysis.collinearity,
        predictors=analysis.collinearity.predictors.iloc[:paths],
        constructs=analysis.collinearity.constructs.iloc[:wholes],
    )
    table = collinearity.build(replace(analysis, collinearity=found))
    shown = None if table is None else [c.heading.en for c in table.columns]
    assert shown == headings


def test_columns_of_the_hypotheses_in_chinese(analysis):
    shown = render(hypotheses.build(analysis), *CHINESE)
    assert [heading.text for heading in shown.headings] == [
        "假设", "路径", "标准化系数", "非标准化系数", "S.E.", "C.R.", "P", "P（Holm）",
        "结论",
    ]  # fmt: skip


def test_the_diagonal_is_bold(analysis):
    shown = render(discriminant.build(analysis), *ENGLISH)
    bold = [cell.text for row in shown.groups[0].rows for cell in row if cell.bold]
    assert bold == [".787", ".845"]


def test_tables_are_numbered_and_the_appendix_apart(analysis):
    made = [(table.number, table.key) for table in make_tables(analysis)]
    assert made == [
        ("1", "sample_flow"),
        ("2", "demographics"),
        ("3", "descriptives"),
        ("4", "reliability"),
        ("5", "discriminant"),
        ("6", "fit_indices"),
        ("7", "hypotheses"),
        ("8", "effects"),
        ("S1", "items"),
        ("S2", "alpha"),
        ("S3", "collinearity"),
        ("S4", "parameters_measurement"),
        ("S5", "parameters_structural"),
        ("S6", "cross_check"),
        ("S7", "findings"),
    ]


def test_what_has_nothing_to_show_is_left_out(analysis):
    bare = replace(
        analysis,
        demographics=analysis.demographics.iloc[:0],
        effects=analysis.effects.iloc[:0],
        cross_check=None,
        findings=(),
    )
    made = [(table.number, table.key) for table in make_tables(bare)]
    assert ("6", "hypotheses") in made
    absent = {"demographics", "effects", "cross_check", "findings"}
    assert not absent & {key for _, key in made}


@pytest.mark.parametrize(
    ("keys", "language", "shown", "note"),
    [
        (
            {"path": "CA x TR -> PI", "sign": "-"},
            "en",
            "Content authenticity × Trust → Purchase intention",
            "only paths and chains of paths are tested here.",
        ),
        (
            {"path": "CA x TR -> PI", "sign": "-"},
            "zh",
            "内容真实性 × 信任 → 购买意愿",
            "此处只检验路径和路径链，故未检验。",
        ),
        ({"about": ["CA"]}, "en", "It differs.", "a statement without a path"),
        ({"about": ["CA"]}, "zh", "有差异。", "不对应单一路径"),
    ],
)
def test_hypotheses_that_are_no_path_are_listed(analysis, keys, language, shown, note):
    hypothesis = Hypothesis(
        id="H9", statement={"zh": "有差异。", "en": "It differs."}, **keys
    )
    absent = dict.fromkeys(("est", "se", "z", "pvalue", "ci_lower", "ci_upper", "std"))
    result = HypothesisResult(
        hypothesis=hypothesis,
        kind=hypothesis.kind,
        verdict="not tested",
        reason="It is no path.",
        **absent,
    )
    listed = replace(analysis, hypotheses=(*analysis.hypotheses, result))
    table = hypotheses.build(listed)
    style = "apa" if language == "en" else "gb"
    (row,) = [r for r in grid(render(table, language, style)) if "H9" in r]
    assert shown in row
    assert note in notes(table, language)


def test_paths_without_hypotheses_have_their_own_title(analysis):
    table = hypotheses.build(replace(analysis, hypotheses=()))
    assert table.title.en == "Path coefficients"
    assert [len(group.rows) for group in table.groups] == [3]
    assert table.groups[0].label is None


def test_findings_are_printed_once_and_the_gravest_first(analysis):
    error = Finding("negative-variance", "error", "CA", "A variance is negative.")
    found = replace(analysis, findings=(*analysis.findings, error, error))
    shown = render(findings.build(found), *ENGLISH)
    assert [row[1].text for row in shown.groups[0].rows] == [
        "negative-variance", "low-ave", "synthetic-data",
    ]  # fmt: skip


def test_unknown_variables_and_codes_stand_for_themselves(analysis):
    rows = [("CLICK", 7.0, 12, 6.0), ("GEN", 9.0, 1, 0.5)]
    frame = pd.DataFrame(rows, columns=["variable", "code", "n", "percent"])
    table = demographics.build(replace(analysis, demographics=frame))
    assert grid(render(table, *ENGLISH)) == [
        "# CLICK", "7 | 12 | 6.0", "# Gender", "9 | 1 | 0.5",
    ]  # fmt: skip


def test_a_path_model_over_observed_variables(analysis):
    assessment = replace(
        analysis.assessment,
        loadings=analysis.assessment.loadings.iloc[:0],
        constructs=analysis.assessment.constructs.iloc[:0],
        correlations=pd.DataFrame(),
        htmt=pd.DataFrame(),
    )
    bare = replace(
        analysis,
        assessment=assessment,
        measurement=analysis.structural,
        measurement_indices=(),
    )
    made = {table.key: table for table in make_tables(bare)}
    absent = {"reliability", "alpha", "discriminant", "parameters_measurement"}
    assert not absent & set(made)
    shown = render(made["fit_indices"], *ENGLISH)
    assert [heading.text for heading in shown.headings][:3] == [
        "Index", "Structural model", "Criterion",
    ]  # fmt: skip
    assert grid(shown)[4] == "CFI | .991 | ≥ .95 | ≥ .9 | good | Hu & Bentler (1999)"


def test_nothing_received(analysis):
    empty = replace(analysis.screening.flow[0], n=0)
    screening = replace(analysis.screening, flow=(empty,))
    table = sample_flow.build(replace(analysis, screening=screening))
    assert grid(render(table, *ENGLISH)) == ["Received | 0 | –^a"]


def test_a_failed_cross_check_says_why(analysis):
    failed = Finding("no-cross-check", "warning", "semopy", "No solution for {x}.")
    check = replace(analysis.cross_check, where="", findings=(failed,))
    table = cross_check.build(replace(analysis, cross_check=check))
    assert notes(table) == "No solution for {x}."
    assert notes(table, "zh") == "第二引擎semopy未给出可供比较的解。"
