"""Every word that a report prints, in Chinese and in English.

Tables and pages take their wording from here by key, so that a translation is checked
in one place; sentences stand in `kocsem.reporting.notes`. Words of a survey (names of
constructs, items, options) come from the instrument; sentences of findings come with
the finding.
"""

from collections.abc import Mapping

from kocsem.instrument.types import Text


def texts(**pairs: tuple[str, str]) -> dict[str, Text]:
    """Turn key=(Chinese, English) into texts.

    Parameters
    ----------
    **pairs
        Chinese and English words by key.

    Returns
    -------
    dict
        Texts by key.
    """
    return {key: Text(zh=zh, en=en) for key, (zh, en) in pairs.items()}


TABLE = Text(zh="表", en="Table")
FIGURE = Text(zh="图", en="Figure")
NOTE = Text(zh="注：", en="Note.")
YES = Text(zh="是", en="Yes")
NO = Text(zh="否", en="No")
NO_INDEX = Text(zh="该指标对此模型不存在。", en="The index does not exist here.")
MISSING_ANSWER = Text(zh="缺失", en="Missing")

#: Titles of tables and figures, by key.
TITLES: Mapping[str, Text] = texts(
    sample_flow=("样本回收与清洗", "Sample flow: received, excluded and analysed"),
    screening_rules=("筛选规则及其命中数", "Screening rules and what they hit"),
    sensitivity=(
        "主要结果对筛选规则的敏感性",
        "Sensitivity of the main result to the screening rules",
    ),
    sensitivity_paths=(
        "各筛选方案下的路径系数",
        "Path coefficients under each choice of screening rules",
    ),
    demographics=("样本描述性统计", "Characteristics of the sample"),
    descriptives=("题项描述性统计与正态性", "Item descriptives and normality"),
    descriptives_only=("题项描述性统计", "Item descriptives"),
    missing=("缺失作答", "Missing answers"),
    reliability=("信度与收敛效度", "Reliability and convergent validity"),
    alpha=("Cronbach α系数及其置信区间", "Cronbach's alpha with its interval"),
    ordinal_alpha=("Cronbach α系数与有序α系数", "Cronbach's alpha and ordinal alpha"),
    discriminant=("区分效度", "Discriminant validity"),
    collinearity=(
        "共线性诊断：方差膨胀因子（VIF）",
        "Collinearity: variance inflation factors",
    ),
    fit_indices=("模型拟合指标", "Model fit"),
    hypotheses=("路径系数与假设检验", "Path coefficients and hypothesis tests"),
    paths=("路径系数", "Path coefficients"),
    effects=("直接效应、间接效应与总效应", "Direct, indirect and total effects"),
    items=("测量题项", "Measurement items"),
    parameters_measurement=("测量模型的全部参数", "All parameters: measurement model"),
    parameters_structural=("结构模型的全部参数", "All parameters: structural model"),
    thresholds=("有序题项的阈值", "Thresholds of the ordered items"),
    cross_check=("第二估计引擎的核对", "Check against a second engine"),
    findings=("检查结果与提示", "Remarks on data and results"),
    diagram=(
        "结构方程模型路径图（标准化解）",
        "Path diagram with standardised estimates",
    ),
)

#: Headings of columns, by key.
HEADINGS: Mapping[str, Text] = texts(
    step=("步骤", "Step"),
    rule=("规则", "Rule"),
    limit=("界限", "Limit"),
    handling=("处理", "Handling"),
    hits=("单独命中", "Hits"),
    hit_alone=("仅此规则命中", "Only rule"),
    hit_shared=("另有规则命中", "Also others"),
    dropped=("剔除", "Dropped"),
    scenario=("筛选方案", "Screening"),
    cfi=("CFI", "CFI"),
    rmsea=("RMSEA", "RMSEA"),
    variable=("变量", "Variable"),
    category=("类别", "Category"),
    n=("n", "n"),
    percent=("百分比（%）", "%"),
    share=("占回收样本（%）", "% of received"),
    construct=("构念", "Construct"),
    item=("题项", "Item"),
    wording=("题项内容", "Wording"),
    reverse=("反向", "Reversed"),
    missing=("缺失", "Missing"),
    answered=("作答", "Answered"),
    missing_percent=("缺失率（%）", "% missing"),
    mean=("均值", "M"),
    sd=("标准差", "SD"),
    skew=("偏度", "Skewness"),
    kurtosis=("峰度", "Kurtosis"),
    minimum=("最小值", "Min"),
    maximum=("最大值", "Max"),
    k=("题项数", "Items"),
    loading=("标准化载荷", "Std. loading"),
    estimate=("非标准化系数", "B"),
    beta=("标准化系数", "β"),
    se=("S.E.", "SE"),
    z=("C.R.", "z"),
    pvalue=("P", "p"),
    pvalue_holm=("P（Holm）", "p (Holm)"),
    full_vif=("全共线性VIF", "Full VIF"),
    alpha=("α", "α"),
    ordinal_alpha=("有序α", "Ordinal α"),
    alpha_interval=("α的95%置信区间", "95% CI of α"),
    cr=("CR", "CR"),
    ave=("AVE", "AVE"),
    index=("指标", "Index"),
    criterion=("判断标准", "Criterion"),
    lenient=("宽松标准", "Lenient"),
    measurement=("测量模型", "Measurement model"),
    structural=("结构模型", "Structural model"),
    verdict=("结论", "Verdict"),
    source=("依据", "Source"),
    hypothesis=("假设", "H"),
    path=("路径", "Path"),
    effect=("效应类型", "Effect"),
    value=("效应值", "Estimate"),
    lower=("LLCI", "95% LL"),
    upper=("ULCI", "95% UL"),
    std=("标准化效应", "Std. effect"),
    parameter=("参数", "Parameter"),
    lhs=("左侧", "lhs"),
    op=("关系", "op"),
    rhs=("右侧", "rhs"),
    group=("组", "Group"),
    label=("标签", "Label"),
    std_all=("标准化解", "Std. all"),
    severity=("级别", "Severity"),
    code=("代码", "Code"),
    subject=("对象", "Subject"),
    message=("说明", "Remark"),
    found=("数值", "Value"),
    threshold=("界限", "Limit"),
    own=("kocsem", "kocsem"),
    other=("第二引擎", "Second engine"),
    difference=("差值", "Difference"),
)

#: Fit indices, by their name in ``fit_measures``.
INDICES: Mapping[str, Text] = texts(
    chisq=("χ²", "χ²"),
    df=("df", "df"),
    pvalue=("χ²的P值", "p of χ²"),
    chisq_df=("χ²/df", "χ²/df"),
    cfi=("CFI", "CFI"),
    tli=("TLI", "TLI"),
    nfi=("NFI", "NFI"),
    ifi=("IFI", "IFI"),
    gfi_lisrel=("GFI（LISREL/AMOS）", "GFI (LISREL/AMOS)"),
    agfi_lisrel=("AGFI（LISREL/AMOS）", "AGFI (LISREL/AMOS)"),
    rmsea=("RMSEA", "RMSEA"),
    rmsea_interval=("RMSEA的90%置信区间", "90% CI of RMSEA"),
    rmsea_pvalue=("RMSEA ≤ .05的P值", "p of RMSEA ≤ .05"),
    srmr=("SRMR", "SRMR"),
    aic=("AIC", "AIC"),
    bic=("BIC", "BIC"),
    logl=("对数似然值", "Log-likelihood"),
)

#: Verdicts on indices and hypotheses.
VERDICTS: Mapping[str, Text] = {
    "good": Text(zh="理想", en="good"),
    "acceptable": Text(zh="可接受", en="acceptable"),
    "poor": Text(zh="未达标", en="poor"),
    "supported": Text(zh="成立", en="supported"),
    "not supported": Text(zh="不成立", en="not supported"),
    "contrary": Text(zh="不成立（方向相反）", en="contrary"),
    "not tested": Text(zh="未检验", en="not tested"),
}

#: What happens to answer sheets that a rule hits.
HANDLINGS: Mapping[str, Text] = texts(
    drop=("剔除", "dropped"),
    flag=("标记", "flagged"),
    keep=("保留", "kept"),
)

#: Operators of the model syntax.
OPERATORS: Mapping[str, Text] = {
    "=~": Text(zh="载荷", en="Loadings"),
    "~": Text(zh="路径", en="Paths"),
    "~~": Text(zh="方差与协方差", en="Variances and covariances"),
    "~1": Text(zh="截距", en="Intercepts"),
    "|": Text(zh="阈值", en="Thresholds"),
    "~*~": Text(zh="量尺", en="Scales"),
    ":=": Text(zh="定义的量", en="Defined parameters"),
}

#: Kinds of effects.
EFFECTS: Mapping[str, Text] = texts(
    direct=("直接效应", "direct"),
    indirect=("间接效应", "indirect"),
    total_indirect=("总间接效应", "total indirect"),
    total=("总效应", "total"),
)

#: Severities of findings.
SEVERITIES: Mapping[str, Text] = texts(
    info=("提示", "note"),
    warning=("警告", "warning"),
    error=("错误", "error"),
)

#: Words of the page around the tables.
PAGE: Mapping[str, Text] = texts(
    language=("中文", "English"),
    contents=("目录", "Contents"),
    tables=("表", "Tables"),
    supplement=("附录", "Supplement"),
    figure=("图", "Figure"),
    references=("参考文献", "References"),
    method=("方法说明", "How this was made"),
    source=("数据来源", "Data"),
    subtitle=("结构方程模型分析报告", "Structural equation model report"),
    synthetic=(
        "注意：本报告使用的是合成演示数据，并非真实受访者的回答，不得作为研究结论引用。",
        "Caution: these data are synthetic. They are no answers of real respondents, "
        "and nothing here may be cited as a research result.",
    ),
)

#: How a report was made.
FACTS: Mapping[str, Text] = texts(
    data=("数据", "Data"),
    data_text=(
        "{}（平台：{}；编码：{}；{} 份）",
        "{} (platform {}, coding {}, {} rows)",
    ),
    instrument=("问卷", "Instrument"),
    cases=("分析样本", "Cases analysed"),
    estimation=("估计", "Estimation"),
    software=("软件", "Software"),
    measurement=("测量模型", "Measurement model"),
    structural=("结构模型", "Structural model"),
)

#: Labels inside tables.
LABELS: Mapping[str, Text] = texts(
    fornell_larcker=("Fornell–Larcker标准", "Fornell–Larcker criterion"),
    htmt=("HTMT", "HTMT"),
    direct=("直接路径", "Direct paths"),
    indirect=("间接路径（中介）", "Indirect paths"),
    moderation=("调节效应", "Moderation"),
    statement=("未对应单一路径的假设", "Hypotheses without a path"),
    others=("未列入假设的路径", "Paths without a hypothesis"),
    indices=("拟合指标", "Fit indices"),
    parameters=("参数", "Parameters"),
    population=("除研究对象外不作筛选", "None beyond the population"),
    all=("全部规则（本研究）", "All rules (this study)"),
    only=("仅用一条规则", "One rule alone"),
    without=("少用一条规则", "All rules but one"),
    also=("另剔除仅被标记者", "All rules, and flagged sheets dropped as well"),
)
