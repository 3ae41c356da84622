import pytest

from kocsem.findings import Finding
from kocsem.reporting.remarks import remark


@pytest.mark.parametrize(
    ("finding", "zh"),
    [
        (
            Finding("low-alpha", "warning", "TR", "x", 0.65432, 0.7),
            "TR的Cronbach α系数为0.654，低于0.7。",
        ),
        (
            Finding("poor-fit", "warning", "rmsea", "x", 0.11, "<= 0.08"),
            "拟合指标rmsea为0.11，未达到可接受标准（<= 0.08）。",
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
            Finding("flagged-duplicates", "warning", "rows 3, 9", "x", 2),
            "有2份答卷触发该项检查但予以保留（rows 3, 9）。",
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
    ],
)
def test_without_pattern_or_number_the_english_sentence_stays(finding):
    assert remark(finding).zh == finding.message


def test_english_is_what_the_finding_says():
    finding = Finding("low-ave", "warning", "CA", "AVE of CA is .4.", 0.4, 0.5)
    assert remark(finding).en == "AVE of CA is .4."
