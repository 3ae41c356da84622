"""Every word that a report prints, in Chinese and in English.

Tables and pages take their wording from here by key, so that a translation is checked
in one place. Words of a survey (names of constructs, items, options) come from the
instrument; sentences of findings come with the finding.
"""

from collections.abc import Mapping

from kocsem.instrument.types import Text


def _words(**pairs: tuple[str, str]) -> dict[str, Text]:
    """Turn key=(Chinese, English) into texts."""
    return {key: Text(zh=zh, en=en) for key, (zh, en) in pairs.items()}


TABLE = Text(zh="表", en="Table")
FIGURE = Text(zh="图", en="Figure")
NOTE = Text(zh="注：", en="Note.")
YES = Text(zh="是", en="Yes")
NO = Text(zh="否", en="No")
NO_INDEX = Text(zh="该指标对此模型不存在。", en="The index does not exist here.")
MISSING_ANSWER = Text(zh="缺失", en="Missing")

#: Titles of tables and figures, by key.
TITLES: Mapping[str, Text] = _words(
    sample_flow=("样本回收与清洗", "Sample flow: received, excluded and analysed"),
    demographics=("样本描述性统计", "Characteristics of the sample"),
    descriptives=("题项描述性统计与正态性", "Item descriptives and normality"),
    reliability=("信度与收敛效度", "Reliability and convergent validity"),
    alpha=("Cronbach α系数及其置信区间", "Cronbach's alpha with its interval"),
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
    cross_check=("第二估计引擎的核对", "Check against a second engine"),
    findings=("检查结果与提示", "Remarks on data and results"),
    diagram=(
        "结构方程模型路径图（标准化解）",
        "Path diagram with standardised estimates",
    ),
)

#: Headings of columns, by key.
HEADINGS: Mapping[str, Text] = _words(
    step=("步骤", "Step"),
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
INDICES: Mapping[str, Text] = _words(
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
#: How the test of an estimator is scaled.
SCALED: Mapping[str, Text] = {
    "MLR": Text(zh="Yuan-Bentler校正", en="Yuan-Bentler scaling"),
    "MLM": Text(zh="Satorra-Bentler校正", en="Satorra-Bentler scaling"),
    "MLMV": Text(zh="均值与方差校正", en="mean- and variance-adjusted"),
}

VERDICTS: Mapping[str, Text] = {
    "good": Text(zh="理想", en="good"),
    "acceptable": Text(zh="可接受", en="acceptable"),
    "poor": Text(zh="未达标", en="poor"),
    "supported": Text(zh="成立", en="supported"),
    "not supported": Text(zh="不成立", en="not supported"),
    "contrary": Text(zh="不成立（方向相反）", en="contrary"),
    "not tested": Text(zh="未检验", en="not tested"),
}

#: Operators of the model syntax.
OPERATORS: Mapping[str, Text] = {
    "=~": Text(zh="载荷", en="Loadings"),
    "~": Text(zh="路径", en="Paths"),
    "~~": Text(zh="方差与协方差", en="Variances and covariances"),
    "~1": Text(zh="截距", en="Intercepts"),
    ":=": Text(zh="定义的量", en="Defined parameters"),
}

#: Kinds of effects.
EFFECTS: Mapping[str, Text] = _words(
    direct=("直接效应", "direct"),
    indirect=("间接效应", "indirect"),
    total_indirect=("总间接效应", "total indirect"),
    total=("总效应", "total"),
)

#: Severities of findings.
SEVERITIES: Mapping[str, Text] = _words(
    info=("提示", "note"),
    warning=("警告", "warning"),
    error=("错误", "error"),
)

#: Words of the page around the tables.
PAGE: Mapping[str, Text] = _words(
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
FACTS: Mapping[str, Text] = _words(
    data=("数据", "Data"),
    data_text=(
        "{}（平台：{}；编码：{}；{} 份）",
        "{} (platform {}, coding {}, {} rows)",
    ),
    instrument=("问卷", "Instrument"),
    cases=("分析样本", "Cases analysed"),
    estimation=("估计", "Estimation"),
    estimation_text=(
        "估计方法：{}；引擎：{}；缺失值处理：{}",
        "estimator {}, engine {}, missing answers {}",
    ),
    software=("软件", "Software"),
    measurement=("测量模型", "Measurement model"),
    structural=("结构模型", "Structural model"),
)

#: Notes under tables, by key.
NOTES: Mapping[str, Text] = _words(
    synthetic=(
        "本表由合成数据算得，仅供演示，不得引用。",
        "Computed from synthetic data, for demonstration only; not to be cited.",
    ),
    stars=(
        "*P<0.05，**P<0.01，***P<0.001（双侧检验）。",
        "*p < .05. **p < .01. ***p < .001 (two-sided).",
    ),
    flow=(
        "每一被剔除的样本只计入首个命中的原因。",
        "Each excluded answer sheet counts once, under the first rule that it met.",
    ),
    percent=(
        "各单选变量的百分比之和因四舍五入可能不等于100。",
        "Percentages of a variable may not add to 100 because of rounding.",
    ),
    multiple=(
        "标有†的变量为多选题，百分比以人数为基数。",
        "† More than one answer was possible; percentages refer to respondents.",
    ),
    moments=(
        "偏度与峰度为SPSS所用的样本统计量（峰度以正态分布为0）；绝对值通常以小于3与10（{}），"
        "从严以小于2与7（{}）为可接受。反向题已转换。",
        "Skewness and excess kurtosis are the sample statistics that SPSS prints; "
        "usual limits of their absolute values are 3 and 10 ({}), strict ones 2 and 7 "
        "({}). Reversed items are recoded.",
    ),
    shapiro_wilk=(
        "Shapiro–Wilk检验（{}）：{}个题项（共{}个）不服从正态分布（P<0.05）。",
        "Shapiro–Wilk test ({}): normality is rejected (p < .05) for {} of {} items.",
    ),
    mardia=(
        "多元正态性（n = {}）：Mardia多元偏度 = {}，χ²({}) = {}，P {}；"
        "多元峰度 = {}（正态分布为{}），z = {}，P {}（{}）。",
        "Multivariate normality (n = {}): Mardia's skewness = {}, χ²({}) = {}, p {}; "
        "kurtosis = {} (normal: {}), z = {}, p {} ({}).",
    ),
    henze_zirkler=(
        "Henze–Zirkler检验：HZ = {}，P {}（{}）。",
        "Henze–Zirkler test: HZ = {}, p {} ({}).",
    ),
    no_mardia=(
        "题项的协方差矩阵奇异，无法检验多元正态性。",
        "The covariance matrix of the items is singular, so multivariate normality "
        "cannot be tested.",
    ),
    no_henze_zirkler=(
        "样本或题项过多，未做Henze–Zirkler检验。",
        "The Henze–Zirkler test is not made for so many answer sheets or items.",
    ),
    vif=(
        "VIF为方差膨胀因子，以各构念题项均值计算。",
        "VIF = variance inflation factor, from the means of the items of each "
        "construct.",
    ),
    vif_predictors=(
        "以因变量命名的各列为同一方程各自变量之间的VIF，通常以小于5为宜（{}）。",
        "Columns named after an outcome: among its predictors, usually below 5 ({}).",
    ),
    vif_full=(
        "全共线性VIF为每一构念对其余全部构念回归所得，小于3.3时共同方法偏差不严重（{}）。",
        "Full VIF: each construct regressed on all the others; values up to 3.3 speak "
        "against a strong common method bias ({}).",
    ),
    no_vif=(
        "这些变量线性相关，或几乎没有变异，VIF不存在。",
        "The variables depend on each other linearly, or hardly vary, so there is no "
        "VIF.",
    ),
    holm=(
        "P（Holm）为对{}个直接假设作Holm多重检验校正后的P值（{}），不改变结论。",
        "p (Holm) is adjusted for the {} direct hypotheses tested together ({}); the "
        "verdict does not depend on it.",
    ),
    reliability=(
        "α为Cronbach系数（{}）；CR为组合信度，AVE为平均方差抽取量，均由标准化载荷计算（{}）。"
        "通行标准：标准化载荷大于0.5，α与CR大于0.7，AVE大于0.5（{}）。S.E.与C.R.属于非标准化载荷。",
        "α = Cronbach's alpha ({}); CR = composite reliability and AVE = average "
        "variance extracted, both from standardised loadings ({}). Usual criteria: "
        "loading > .5, α and CR > .7, AVE > .5 ({}). SE and z belong to the "
        "unstandardised loading.",
    ),
    discriminant=(
        "上半部分对角线（粗体）为AVE的平方根，对角线下方为潜变量相关系数；"
        "平方根大于相关系数即满足该标准（{}）。下半部分为HTMT，小于0.85（严格）或0.90（宽松）（{}）。",
        "Upper panel: square root of AVE on the diagonal (bold), latent correlations "
        "below; each root should exceed the correlations of its construct ({}). "
        "Lower panel: HTMT, below .85 (strict) or .90 (liberal) ({}).",
    ),
    scaled=(
        "χ²经校正（{}，结构模型的校正系数为{}）；CFI、TLI、RMSEA为稳健值，"
        "NFI与IFI由校正后的χ²计算。",
        "Chi-square is scaled ({}; factor of the structural model {}). CFI, TLI and "
        "RMSEA are robust values; NFI and IFI use the scaled test.",
    ),
    fit=(
        "N = {}。结论针对结构模型。GFI与AGFI按LISREL/AMOS的定义计算。"
        "判断标准为经验界限，而非检验。",
        "N = {}. The verdict is on the structural model. GFI and AGFI follow the "
        "definition of LISREL and AMOS. Criteria are conventions, not tests.",
    ),
    hypotheses=(
        "S.E.与C.R.（z值）属于非标准化系数；P为双侧检验。方向与假设一致且P<0.05时假设成立。",
        "SE and z belong to the unstandardised coefficient B; p is two-sided. A "
        "hypothesis is supported when the sign is as stated and p < .05.",
    ),
    diagram=(
        "椭圆为潜变量，矩形为观测变量，箭头上为标准化系数；虚线表示P ≥ 0.05。"
        "*P<0.05，**P<0.01，***P<0.001。",
        "Ellipses are latent, rectangles observed variables; arrows carry standardised "
        "estimates; dashed: p ≥ .05. *p < .05. **p < .01. ***p < .001.",
    ),
    not_tested=(
        "模型不含该路径，故未检验。",
        "The model does not contain the path, so it was not tested.",
    ),
    undefined_whole=(
        "该构念无法计算此指标，原因见“检查结果与提示”。",
        "The figure does not exist for this construct; see the remarks for the reason.",
    ),
    no_std=("该参数没有标准化解。", "The parameter has no standardised value."),
    alpha=(
        "α的置信区间按F分布计算（{}）。",
        "Intervals of alpha from the F distribution ({}).",
    ),
    engine=(
        "另一引擎：{}。差值 = 另一引擎 − 本报告；最大差值为{}个标准误（{}）。",
        "Other engine: {}. Difference = other engine minus this report; the largest is "
        "{} standard errors ({}).",
    ),
    rsquare=("R²（{}）= {}。", "R² ({}) = {}."),
    effects=(
        "间接效应为路径系数之积；标准误用delta法求得（{}），LLCI与ULCI为95%置信区间的下限与上限（正态近似）。",
        "An indirect effect is the product of its paths; standard errors by the delta "
        "method ({}), 95% confidence intervals by normal approximation.",
    ),
    fixed=(
        "该参数在模型中被固定，故无标准误与检验。",
        "The parameter is fixed by the model, so it has no standard error and no test.",
    ),
    parameters=(
        "关系：=~ 载荷，~ 回归路径，~~ 方差或协方差，~1 截距，:= 定义的量。"
        "LLCI与ULCI为95%置信区间的下限与上限。",
        "=~ loading, ~ regression, ~~ variance or covariance, ~1 intercept, := "
        "defined.",
    ),
)

#: Labels inside tables.
LABELS: Mapping[str, Text] = _words(
    fornell_larcker=("Fornell–Larcker标准", "Fornell–Larcker criterion"),
    htmt=("HTMT", "HTMT"),
    direct=("直接路径", "Direct paths"),
    indirect=("间接路径（中介）", "Indirect paths"),
    others=("未列入假设的路径", "Paths without a hypothesis"),
    indices=("拟合指标", "Fit indices"),
    parameters=("参数", "Parameters"),
)
