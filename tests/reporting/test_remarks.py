import ast
import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

import kocsem
from kocsem.assessment import assess
from kocsem.data.screening.order import QUALITY
from kocsem.findings import Finding
from kocsem.reporting.remarks import PATTERNS, remark, subject_of


@pytest.mark.parametrize(
    ("finding", "zh"),
    [
        (
            Finding("low-alpha", "warning", "TR", "x", 0.65432, 0.7),
            "TR的Cronbach α系数为0.654，低于0.7。",
        ),
        (
            Finding("poor-fit", "warning", "rmsea", "x", 0.11, "<= 0.08"),
            "拟合指标RMSEA为0.11，未达到可接受标准（<= 0.08）。",
        ),
        (
            Finding("feedback-loop", "warning", "the structural model", "x"),
            "结构路径构成回路，间接效应为无穷级数，未计算。",
        ),
        (
            Finding("not-converged", "error", "the structural model", "x"),
            "结构模型：优化在收敛之前停止，结果不可使用。",
        ),
        (
            Finding("not-multivariate-normal", "warning", "items", "x", 18.2517, 5.0),
            "题项不服从多元正态分布：Mardia多元峰度的临界比为18.252，绝对值大于5；"
            "最大似然法的卡方与标准误只是近似值。",
        ),
        (
            Finding("high-vif", "warning", "CA -> TR", "x", 5.4321, 5.0),
            "路径CA -> TR中自变量的VIF为5.432，高于5。",
        ),
        (
            Finding("not-significant-after-holm", "info", "H2", "x", 0.0624, 0.05),
            "H2单独检验显著，但经Holm多重检验校正后P为0.062，不再小于0.05。",
        ),
        (
            Finding("flagged-duplicate", "warning", "rows 3, 9", "x", 2),
            "有2份保留的答卷与前面某份答卷来源和答案均相同（第3, 9行）。",
        ),
        (
            Finding("personal-column", "info", "{IP}", "x"),
            "“{IP}”列可能含个人信息，未读取。",
        ),
    ],
)
def test_chinese_sentence(finding, zh):
    assert remark(finding).zh == zh


@pytest.mark.parametrize(
    "finding",
    [
        Finding("never-heard-of", "info", "x", "An English sentence."),
        Finding("low-ave", "info", "x", "An English sentence."),
        Finding("low-ave", "info", "x", "An English sentence.", 0.4),
        Finding("low-ave", "info", "x", "An English sentence.", float("nan"), 0.5),
    ],
)
def test_without_pattern_or_number_the_english_sentence_stays(finding):
    assert remark(finding).zh == finding.message


def test_english_is_what_the_finding_says():
    finding = Finding("low-ave", "warning", "CA", "AVE of CA is .4.", 0.4, 0.5)
    assert remark(finding).en == "AVE of CA is .4."


SOURCES = Path(kocsem.__file__).parent
NAMES = [field.name for field in fields(Finding)]


#: What is left to do by hand on a platform is told on the command line, in English.
EXPORTS = SOURCES / "instrument" / "export"


def calls():
    """Find every place that makes a finding of a report, with its arguments."""
    for file in sorted(set(SOURCES.rglob("*.py")) - set(EXPORTS.rglob("*.py"))):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                given = dict(zip(NAMES, node.args, strict=False))
                given |= {word.arg: word.value for word in node.keywords}
                yield f"{file.name}:{node.lineno}", given


def codes_of(node):
    """Return the codes that an expression may stand for, from a written list."""
    if isinstance(node, ast.Constant):
        return [node.value]
    return MADE_CODES[ast.unparse(node)]


#: Codes that are put together when kocsem runs, by the expression that does it.
MADE_CODES = {
    "SYNTHETIC": ["synthetic-data"],
    "need.code": ["incomplete-left-out", "rows-without-answers", "covariate-missing"],
    "f'low-{column}'": ["low-alpha", "low-cr", "low-ave"],
    "f'high-{name}'": ["high-skewness", "high-kurtosis"],
    "self.code": [
        "flagged-attention",
        *(f"flagged-{rule.reason.replace('_', '-')}" for rule in QUALITY),
    ],
}


def test_every_finding_of_kocsem_has_a_chinese_sentence():
    made = list(calls())
    assert len(made) > 30
    for place, given in made:
        for code in codes_of(given["code"]):
            pattern = PATTERNS.get(code, "")
            assert re.search("[\u4e00-\u9fff]", pattern), (place, code)
            wanted = set(re.findall(r"{(\w+)}", pattern)) & {"value", "threshold"}
            assert wanted <= set(given), (place, code)


def test_no_pattern_is_left_over():
    used = {code for _, given in calls() for code in codes_of(given["code"])}
    assert set(PATTERNS) - used == set()


@pytest.mark.parametrize(
    ("words", "zh"),
    [
        (
            "no alpha, because alpha needs two or more observed items.",
            "TR无法计算α：至少需要两个观测题项。",
        ),
        (
            "no CR and AVE, because they need two or more indicators.",
            "TR无法计算CR与AVE：至少需要两个指标。",
        ),
        (
            "no CR and AVE, because a standardised loading is beyond 1.",
            "TR无法计算CR与AVE：有标准化载荷的绝对值大于1。",
        ),
        (
            "no CR and AVE, because TR1, TR2 loads on another construct as well.",
            "TR无法计算CR与AVE：TR1, TR2还属于另一个构念。",
        ),
    ],
)
def test_why_a_figure_does_not_exist(words, zh):
    finding = Finding("not-available", "info", "TR", f"TR: {words}")
    assert remark(finding).zh == zh


def reasons_in(function):
    """Return the constant reasons that a function of the sources gives."""
    tree = ast.parse(inspect.getsource(function))
    constants = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    sentences = (c for c in constants if isinstance(c, str) and c.endswith("."))
    return [s for s in sentences if " " in s and s[0].islower()]


@pytest.mark.parametrize("function", [assess._no_convergent, assess._construct_row])
def test_every_reason_has_a_chinese_clause(function):
    reasons = reasons_in(function)
    assert reasons
    for reason in reasons:
        finding = Finding("not-available", "info", "TR", f"TR: no x, because {reason}")
        assert reason.rstrip(".") not in remark(finding).zh


@pytest.mark.parametrize(
    ("subject", "zh"),
    [
        ("row 6", "第6行"),
        ("rows 3, 9", "第3, 9行"),
        ("sample", "样本"),
        ("CA", "CA"),
    ],
)
def test_subjects(subject, zh):
    found = subject_of(Finding("x", "info", subject, "m"))
    assert (found.zh, found.en) == (zh, subject)
