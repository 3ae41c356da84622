"""The sentences of a report: notes under tables, and the account of the method.

Each is there in Chinese and in English under one key; ``{}`` stands for what is filled
in, in the same order in both.
"""

from collections.abc import Mapping

from kocsem.instrument.types import Text
from kocsem.reporting.words import texts

#: Notes under tables, by key.
NOTES: Mapping[str, Text] = texts(
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
    ordered_items=(
        "有序题项按类别分析，模型不要求其正态，故不作正态性检验。",
        "Ordered items are analysed by their categories; they need not be normal and "
        "are not tested for it.",
    ),
    all_answers=(
        "各题项的统计量由全部作答算得。",
        "Figures of an item rest on all who answered it.",
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
    vif_complete=(
        "由{}份无缺答的答卷算得。",
        "From the {} answer sheets without a missing answer.",
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
    polychoric=(
        "载荷、CR与AVE属于有序作答背后的潜在连续反应，由多分格相关系数估计；"
        "α仍是作答总分的系数，由作答算得。",
        "Loadings, CR and AVE are those of the continuous responses behind the ordered "
        "answers, from polychoric correlations; α is that of the sum of the answers.",
    ),
    ordinal_alpha=(
        "有序α由多分格相关系数算得（{}），是潜在连续反应的信度而非作答总分的信度，"
        "不能代替α（{}）。",
        "Ordinal α comes from polychoric correlations ({}). It is the reliability of "
        "the responses behind the answers and of no score of a respondent, and no "
        "substitute for α ({}).",
    ),
    alpha_all_answers=(
        "α由全部作答的最大似然协方差算得。",
        "α comes from the maximum likelihood covariances of all answers.",
    ),
    no_ordinal_alpha=(
        "构念的全部题项（至少两个）均按有序变量处理时才有有序α。",
        "Ordinal α exists where all items of a construct, two or more, are ordered.",
    ),
    alpha_approximate=(
        "其区间因此为近似值。",
        "Its interval is therefore approximate.",
    ),
    htmt_polychoric=(
        "HTMT由多分格相关系数算得。",
        "HTMT rests on polychoric correlations.",
    ),
    discriminant=(
        "上半部分对角线（粗体）为AVE的平方根，对角线下方为潜变量相关系数；"
        "平方根大于相关系数即满足该标准（{}）。下半部分为HTMT，小于0.85（严格）或0.90（宽松）（{}）。",
        "Upper panel: square root of AVE on the diagonal (bold), latent correlations "
        "below; each root should exceed the correlations of its construct ({}). "
        "Lower panel: HTMT, below .85 (strict) or .90 (liberal) ({}).",
    ),
    scaled=(
        "χ²经校正（{}，结构模型的校正系数为{}）；NFI与IFI由校正后的χ²计算。",
        "Chi-square is scaled ({}; factor of the structural model {}); NFI and IFI use "
        "the scaled test.",
    ),
    robust=(
        "CFI、TLI与RMSEA为稳健值（{}）。",
        "CFI, TLI and RMSEA are robust values ({}).",
    ),
    no_robust=(
        "{}没有稳健值；其校正值为{}。",
        "There is no robust {}; its scaled value is {}.",
    ),
    no_distribution=(
        "{}的统计量不服从卡方分布，故无P值，由它算得的指标亦不作判断。",
        "The statistic of {} follows no chi-square distribution, so that it has no p "
        "value, and indices made of it have no verdict.",
    ),
    no_likelihood=(
        "该估计方法没有似然函数，故无AIC与BIC。",
        "This estimator has no likelihood, and so no AIC and BIC.",
    ),
    saturated=(
        "SRMR、GFI与AGFI以全部作答的最大似然矩为参照。",
        "SRMR, GFI and AGFI compare with maximum likelihood moments of all answers.",
    ),
    counted_means=(
        "模型含均值结构，GFI与AGFI计入均值，因而高于不计均值时的值。",
        "GFI and AGFI count the means, which are part of the model, and are higher "
        "than without them.",
    ),
    weighted=(
        "GFI与AGFI按估计方法的权重计算，不宜与最大似然法下的值比较。",
        "GFI and AGFI weight the moments as the estimator does; they do not compare "
        "with those of maximum likelihood.",
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
    moderation_not_tested=(
        "调节假设对应交互项；此处只检验路径和路径链，故未检验。",
        "The hypothesis is about an interaction; only paths and chains of paths are "
        "tested here.",
    ),
    statement_not_tested=(
        "该假设是文字陈述，不对应单一路径，故未在此检验。",
        "The hypothesis is a statement without a path; no single estimate tests it.",
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
    engine_complete=(
        "两个引擎均以最大似然法拟合{}份无缺答的答卷，因为{}不提供含均值的全信息估计；"
        "核对的是引擎与模型，而非正文的估计值。",
        "Both engines fitted the {} answer sheets without a missing answer by maximum "
        "likelihood, because {} has no full-information estimates with means; what is "
        "checked is engine and model, not the estimates of the other tables.",
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
    implied=(
        "该残差方差由其他参数决定，故无标准误与检验。",
        "The residual variance follows from other parameters, so it has no standard "
        "error and no test.",
    ),
    identification=(
        "为识别而固定为0的均值未列出。",
        "Means that are fixed at 0 for identification are left out.",
    ),
    thresholds=(
        "有序题项的阈值见电子表格。",
        "The thresholds of ordered items stand in the workbook of tables.",
    ),
    missing=(
        "筛选后保留的{}份答卷中，{}份无缺答，共{}种缺失模式。",
        "Of the {} answer sheets that screening keeps, {} have no missing answer; "
        "there are {} patterns.",
    ),
    coverage=(
        "同时作答比例最低的是{}与{}（{}%）。",
        "The pair that fewest answered both is {} and {} ({}%).",
    ),
    little=(
        "Little完全随机缺失（MCAR）检验：χ²({}) = {}，P {}（{}）。",
        "Little's test that answers are missing completely at random: "
        "χ²({}) = {}, p {} ({}).",
    ),
    no_little=(
        "未能进行Little检验。",
        "Little's test could not be made.",
    ),
    parameters=(
        "关系：=~ 载荷，~ 回归路径，~~ 方差或协方差，~1 截距，:= 定义的量。"
        "LLCI与ULCI为95%置信区间的下限与上限。",
        "=~ loading, ~ regression, ~~ variance or covariance, ~1 intercept, := "
        "defined.",
    ),
)

#: How the test of a fit is scaled.
SCALED: Mapping[str, Text] = texts(
    yuan_bentler_mplus=("Yuan-Bentler校正", "Yuan-Bentler scaling"),
    satorra_bentler=("Satorra-Bentler校正", "Satorra-Bentler scaling"),
    scaled_shifted=("均值与方差校正", "mean- and variance-adjusted"),
)

#: How parameters were estimated, by estimator; ``ordinal_ULS`` is ULS of ordered items.
ESTIMATORS: Mapping[str, Text] = texts(
    ML=(
        "采用最大似然法（ML）估计参数。",
        "Parameters were estimated by maximum likelihood (ML).",
    ),
    MLR=(
        "采用稳健最大似然法（MLR）估计参数，标准误与检验不要求正态（{}）。",
        "Parameters were estimated by maximum likelihood with standard errors and a "
        "test that do not ask for normality (MLR; {}).",
    ),
    MLM=(
        "采用最大似然法估计参数，标准误稳健，检验经均值校正（MLM；{}）。",
        "Parameters were estimated by maximum likelihood with robust standard errors "
        "and a mean-adjusted test (MLM; {}).",
    ),
    MLMV=(
        "采用最大似然法估计参数，标准误稳健，检验经均值与方差校正（MLMV；{}）。",
        "Parameters were estimated by maximum likelihood with robust standard errors "
        "and a mean- and variance-adjusted test (MLMV; {}).",
    ),
    GLS=(
        "采用广义最小二乘法（GLS）估计参数（{}）。",
        "Parameters were estimated by generalised least squares (GLS; {}).",
    ),
    ULS=(
        "采用未加权最小二乘法（ULS）估计参数，标准误按正态理论计算（{}）。",
        "Parameters were estimated by unweighted least squares with normal-theory "
        "standard errors (ULS; {}).",
    ),
    WLSMV=(
        "采用对角加权最小二乘法估计参数，标准误稳健，检验经均值与方差校正（WLSMV；{}）。",
        "Parameters were estimated by diagonally weighted least squares with robust "
        "standard errors and a mean- and variance-adjusted test (WLSMV; {}).",
    ),
    WLSM=(
        "采用对角加权最小二乘法估计参数，标准误稳健，检验经均值校正（WLSM；{}）。",
        "Parameters were estimated by diagonally weighted least squares with robust "
        "standard errors and a mean-adjusted test (WLSM; {}).",
    ),
    DWLS=(
        "采用对角加权最小二乘法（DWLS）估计参数，标准误稳健，检验未经校正（{}）。",
        "Parameters were estimated by diagonally weighted least squares with robust "
        "standard errors; the test is not adjusted (DWLS; {}).",
    ),
    ULSMV=(
        "采用未加权最小二乘法估计参数，标准误稳健，检验经均值与方差校正（ULSMV；{}）。",
        "Parameters were estimated by unweighted least squares with robust standard "
        "errors and a mean- and variance-adjusted test (ULSMV; {}).",
    ),
    ULSM=(
        "采用未加权最小二乘法估计参数，标准误稳健，检验经均值校正（ULSM；{}）。",
        "Parameters were estimated by unweighted least squares with robust standard "
        "errors and a mean-adjusted test (ULSM; {}).",
    ),
    ordinal_ULS=(
        "采用未加权最小二乘法（ULS）估计参数，标准误稳健，检验未经校正（{}）。",
        "Parameters were estimated by unweighted least squares with robust standard "
        "errors; the test is not adjusted (ULS; {}).",
    ),
)

#: The rest of the account of the method.
METHOD: Mapping[str, Text] = texts(
    engine=("估计引擎：{}。", "Engine: {}."),
    all_ordered=(
        "全部{}个题项按有序分类变量处理，分析其阈值与多分格相关系数（{}）。",
        "All {} items were treated as ordered categories, by their thresholds and "
        "polychoric correlations ({}).",
    ),
    some_ordered=(
        "{}个观测变量中的{}个按有序分类变量处理（{}），"
        "分析其阈值以及多分格与多系列相关系数（{}）。",
        "Of {} observed variables {} were treated as ordered categories ({}), by their "
        "thresholds and by polychoric and polyserial correlations ({}).",
    ),
    complete=(
        "模型的题项没有缺失作答。",
        "No answer to the items of the model is missing.",
    ),
    listwise=(
        "有缺失作答的答卷整份剔除（列删法，{}份）。",
        "Answer sheets with a missing answer were left out (listwise deletion, {}).",
    ),
    fiml=(
        "有缺失作答的答卷予以保留，采用全信息最大似然法（FIML），假定随机缺失（{}）。",
        "Answer sheets with missing answers were kept and used by full-information "
        "maximum likelihood (FIML), which assumes that answers are missing at random "
        "({}).",
    ),
    pairwise=(
        "有缺失作答的答卷予以保留，各阈值与相关系数由作答了相应题项者算得（成对处理），"
        "假定完全随机缺失。",
        "Answer sheets with missing answers were kept; each threshold and correlation "
        "rests on all who answered the items concerned (pairwise), which assumes that "
        "answers are missing completely at random.",
    ),
    covariates=(
        "观测预测变量（{}）视为给定。",
        "Observed predictors ({}) were taken as given.",
    ),
    random_covariates=(
        "观测预测变量（{}）按连续随机变量建模。",
        "Observed predictors ({}) were modelled as continuous random variables.",
    ),
)
