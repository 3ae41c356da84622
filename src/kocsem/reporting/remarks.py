"""Remarks in Chinese: a finding in, its sentence in both languages out.

A finding carries an English sentence, and its code, subject and numbers. The Chinese
sentence is made from the latter by a pattern per code; every code of kocsem has one. A
code from elsewhere keeps its English sentence, so that nothing is lost.
"""

import re
from collections.abc import Mapping
from math import isfinite

from kocsem.findings import Finding
from kocsem.instrument.types import Text
from kocsem.reporting.format import format_number
from kocsem.reporting.words import INDICES

_SMALLEST = 0.0005  # what is smaller would be rounded to nought

#: Chinese patterns by code; subject, value and threshold are filled in.
PATTERNS: Mapping[str, str] = {
    # Instruments
    "few-items": "{subject}在模型中只有{value}个题项；少于{threshold}个题项的构念"
    "须依靠它与其他构念的联系才能识别。",
    "reversed-items": "模型中反向计分的题项有{value}个（{subject}）。",
    "no-wording": "有{value}个题项没有题干（首个为{subject}），因此未检查文字，"
    "也无法生成问卷。",
    "untranslated": "有{value}处文字只有一种语言：{subject}；请分别写明zh和en。",
    "same-words": "以下{value}处文字相同，无法区分：{subject}。",
    "long-item": "{subject}有{value}个汉字，请缩短到{threshold}个以内。",
    "may-ask-two-things": "请重读以下{value}个题项，看每题是否只问一件事：{subject}。",
    "shared-wording": "{subject}两端构念的题项用词相同（{value}）；路径系数因此部分来自"
    "措辞，请改写其一，并查看两者的HTMT。",
    "no-anchors": "{subject}：量表各选项没有文字。",
    "no-attention-check": "问卷没有注意力检测题，请加入一道要求选择指定答案的题。",
    "no-marker": "问卷没有标记变量，共同方法变异无从比照。",
    "questionnaire-length": "{subject}有{value}行量表题，作答时间按本软件的惯例估计。",
    "overlapping-bands": "{subject}的数值选项有重叠，同一答案可能属于两个选项。",
    "gap-between-bands": "{subject}的数值选项之间有空缺。",
    "touching-bands": "{subject}的相邻选项共用一个界限，请说明界限值属于哪一个。",
    "composite-in-model": "{subject}是组合构念，题项构成它而不测量它，不能直接"
    "进入路径；请另设两个以上反映型结果变量，或使用总分。",
    "implied-df": "{subject}的自由度为{value}。",
    "not-identified": "{subject}无法识别（自由度为{value}），答案无法确定其全部参数。",
    "few-dimensions": "{subject}只有{value}个维度，须依靠它与其他构念的联系才能识别；"
    "请增加维度，或只让两个维度相关。",
    "just-identified-second-order": "{subject}有{value}个维度：仅就这些题项而言，"
    "其拟合与维度彼此相关的模型完全相同，只有与其他构念的联系才能检验它。",
    # Files and answers
    "personal-column": "“{subject}”列可能含个人信息，未读取。",
    "unknown-column": "“{subject}”列不对应问卷中的任何题目，未读取；是否应为{value}？",
    "uncertain-column": "“{subject}”列的措辞与{value}题相近但不相同"
    "（相似度{threshold}），已按{value}题读取；请在研究文件的mapping中确认或否定。",
    "outside-the-folder": "{subject}所指文件不在研究文件夹内，他人拿到该文件夹后无法"
    "重复分析；请把文件放在一起。",
    "code-and-words-differ": "按编码读作{subject}题的列，其表头或标题却是另一题的措辞；"
    "请核对是哪一题并更正。",
    "value-labels": "{subject}的取值标签与问卷的作答选项不一致：同一数字在文件和问卷中"
    "含义不同。请写明coding: text（按标签读取）或coding: number（标签有误）。",
    "unknown-labels": "{subject}的取值标签不是问卷的作答选项，已按数字读取；请核对两者"
    "含义是否相同，相同则写明coding: number。",
    "export-by-score": "{subject}像是按分数导出的文件：分数不是选项序号，反向题可能已被"
    "反转。请改用按序号导出。",
    "ranking-not-read": "{subject}是排序题：只读取选了哪些选项，未读取次序。",
    "preview-answers": "{subject}中有{value}份（共{threshold}份）答卷是预览或测试时填"
    "写的，已剔除。",
    "unknown-status": "{subject}的Status列有含义不明的取值，相应答卷已保留；请核对其是"
    "否为预览答卷。",
    "unfinished-answers": "{subject}：有{value}份答卷未提交或未完成；已保留，是否剔除由"
    "缺失比例决定。",
    "line-breaks": "{subject}中有{value}行的答案含换行和多个分隔符，请检查引号是否吞并"
    "了后面的行。",
    "declared-missing": "{subject}中声明为缺失的取值按未作答处理。",
    "assumed-encoding": "{subject}未注明可用的编码，文字按GB 18030（GBK）读取。",
    "other-sheets": "{subject}还有{value}个有内容的工作表未读取；若答卷在其中，请将其"
    "移到最前或另存为文件。",
    "hidden-sheet": "{subject}中读取的是隐藏的工作表，可见的工作表没有内容。",
    "merged-header": "{subject}的表头有合并单元格（{value}处），只有第一列有表头；请取"
    "消合并并逐列填写。",
    "merged-answers": "{subject}的答案有合并单元格（{value}处），只有第一个单元格有答"
    "案，其余按未作答处理；请取消合并并逐格填写。",
    "formula-cells": "{subject}中有{value}个单元格是公式，读取的是随文件保存的结果。",
    "uncomputed-formula": "{subject}中有{value}个公式没有保存结果，不能作为答案；请用E"
    "xcel打开并保存。",
    "error-cells": "{subject}中有{value}个单元格是错误值（如#N/A），不能作为答案。",
    "hidden-rows": "{subject}中有{value}行被隐藏，同样已读取；若不属于答卷，请删除。",
    "hidden-columns": "{subject}中有{value}列被隐藏，同样已读取。",
    "unknown-columns": "以下{value}列不对应问卷中的任何题目，未读取：{subject}。",
    "ambiguous-coding": "{subject}的答案既可能是选项序号，也可能是选项文字，"
    "两者对应的选项不同；请在研究文件中写明coding: number或coding: text。",
    "absent-column": "文件中没有以下题目的列：{subject}；依赖它们的步骤已略过。",
    "unread-duration": "“{subject}”列有{value}份答卷的作答时间无法读取，"
    "未据此判断这些答卷。",
    "row-without-answer": "{subject}中有{value}行未回答任何题目，却计为答卷；请删除"
    "数据下方的备注与合计行。",
    "repeated-number": "{subject}中有{value}行的答卷编号与前面某行重复；请检查是否把"
    "同一批答卷合并了两次。",
    "unanswered-stretch": "{subject}在连续{value}份答卷中无人作答，而相邻题目有作答；"
    "请检查是否合并了两个版本的问卷。",
    "end-never-chosen": "没有人在以下题目中选过{value}（量表为1至{threshold}）："
    "{subject}；请检查编码的起点，或答案是否经过重新编码。",
    "option-or-nothing": "{subject}中的“{value}”按同名选项读取，但该词也可能表示未作"
    "答；若是后者，请在recode中写为null。",
    "short-row": "{subject}中有{value}行不完整，所缺单元格按未作答处理。",
    "rule-not-applied": "筛选规则“{subject}”因文件缺少所需信息而未执行。",
    "synthetic-data": "{subject}中有{value}份（共{threshold}份）答卷是合成数据，"
    "并非真实受访者的回答，不得作为研究结论引用。",
    "listwise-deletion": "{subject}：有缺失值的行已按列删法剔除。",
    "incomplete-left-out": "有{value}份答卷未答全模型所用题项，已剔除。"
    "只有当缺失与答案无关时，估计才是无偏的。",
    "empty-item": "{subject}没有任何作答，请将其移出模型。",
    "constant-item": "所有人对{subject}的回答都是{value}，方差为零，无法分析。",
    "identical-items": "{subject}的回答完全相同，请检查是否误复制了列。",
    "fewer-cases-than-items": "样本量（{value}）不多于题项数（{threshold}），"
    "协方差矩阵奇异。",
    "flagged-attention": "有{value}份保留的答卷未作答注意力检测题（{subject}）。",
    "distances-not-computed": "完整答卷过少，或题项的协方差矩阵奇异，未计算马氏距离。",
    "flagged-instructed": "有{value}份保留的答卷未按指示作答（{subject}）。",
    "flagged-infrequency": "有{value}份保留的答卷认同了不可能的陈述（{subject}）。",
    "flagged-speed": "有{value}份保留的答卷作答过快（{subject}）。",
    "flagged-straightlining": "有{value}份保留的答卷几乎始终选同一项（{subject}）。",
    "flagged-longstring": "有{value}份保留的答卷连续相同的答案过长（{subject}）。",
    "flagged-irv": "有{value}份保留的答卷各题答案几乎没有变化（{subject}）。",
    "flagged-missing": "有{value}份保留的答卷缺答过多（{subject}）。",
    "flagged-contradiction": "有{value}份保留的答卷与反向题自相矛盾（{subject}）。",
    "flagged-mahalanobis": "有{value}份保留的答卷按马氏距离属于多元异常值"
    "（{subject}）。",
    "verdict-depends-on-screening": "{subject}的结论取决于筛选规则："
    "在{value}种其他筛选方案下结论不同（见敏感性分析表）。",
    "flagged-duplicate": "有{value}份保留的答卷与前面某份答卷来源和答案均相同"
    "（{subject}）。",
    "flagged-same-answers": "有{value}份保留的答卷的量表答案与前面某份答卷完全相同"
    "（{subject}）。",
    "flagged-same-origin": "有{value}份保留的答卷与前面某份答卷来源相同（{subject}）。",
    "group-unknown": "有{value}份答卷的“{subject}”为空，不属于任何一组，已剔除。",
    "covariate-missing": "有{value}份答卷缺少模型视为给定的协变量，已剔除。",
    "rows-without-answers": "有{value}份答卷未回答模型中的任何题项，已剔除。",
    "low-coverage": "以下题项对同时作答的比例低于10%：{subject}；"
    "其协方差几乎无从得知。",
    "never-answered-together": "没有人同时回答以下题项对：{subject}；"
    "数据对其协方差毫无信息。",
    "not-missing-completely-at-random": "Little检验拒绝了完全随机缺失（p = {value}）；"
    "剔除不完整的答卷可能使结果有偏，请使用missing='fiml'。",
    "missing-at-random-assumed": "Little检验拒绝了完全随机缺失（p = {value}）；"
    "全部作答均已保留，只要缺失取决于已有的作答（随机缺失），全信息估计仍然无偏。",
    "pairwise-needs-mcar": "Little检验拒绝了完全随机缺失（p = {value}），"
    "而成对计算的相关系数以此为前提；"
    "可将题项视为连续变量，以MLR与missing: fiml的结果作对照。",
    "empty-category": "{subject}有{value}个选项无人选择，仅按出现过的选项分析。",
    "many-categories": "{subject}有{value}种不同答案，作为有序题项过多；"
    "若为连续变量，请勿列入ordered。",
    "zero-weight": "有{value}份答卷的权重（“{subject}”）为0，已剔除，不计入样本量。",
    "empty-cells": "有{value}对题项的某些答案组合从未出现，"
    "其多分格相关所依据的单元格较少。",
    # Estimation
    "not-converged": "{subject}：优化在收敛之前停止，结果不可使用。",
    "negative-variance": "{subject}的方差估计为负（Heywood现象），解不可接受。",
    "loading-above-one": "{subject}的标准化载荷绝对值大于1（{value}）。",
    "latent-covariance-not-positive-definite": "潜变量协方差矩阵非正定（{subject}），"
    "请检查是否有相关系数超过1。",
    "near-singular-information": "数据几乎无法区分以下参数：{subject}；"
    "其标准误不可信。",
    "unstable-loop": "反馈回路的稳定性指数为{value}，未低于{threshold}，"
    "间接效应与总效应不存在；请检查模型。",
    "many-chains": "路径链超过{threshold}条，只列总间接效应，不逐条列出。",
    "products-not-normal": "{subject}：正态变量的乘积不服从正态分布，"
    "检验与标准误为近似值；可使用estimator='MLR'。",
    "residual-centring-normality": "{subject}：残差中心化下的简单斜率"
    "仅在构念正态时成立；答案偏态时宜用双重均值中心化。",
    "nesting-in-doubt": "{subject}是否嵌套存疑，差异检验以嵌套为前提。",
    "restricted-model-fits-better": "{subject}：受限模型的卡方反而更小（差{value}），"
    "较宽的模型停在了局部极小值。",
    "negative-scaling-factor": "{subject}：差异检验的校正因子为{value}，不是正数，"
    "该检验不存在；请改用其他方法。",
    "bootstrap-failed-draws": "有{value}个自助样本没有估计结果，已剔除。",
    "bootstrap-inadmissible-draws": "有{value}个自助样本的解不可接受（如方差为负），"
    "已按设定保留或剔除。",
    "estimate-at-bound": "{subject}的估计停在边界（{value}），其标准误与模型检验"
    "不同于边界之内的估计。",
    "feedback-loop": "结构路径构成回路，间接效应为无穷级数，未计算。",
    "no-measurement": "模型没有潜变量，因此没有测量模型可评价。",
    "no-cross-check": "第二引擎{subject}未给出可供比较的解。",
    "estimator-not-compared": "第二引擎{subject}只提供数值变量的最大似然估计，"
    "无法核对本研究所用估计方法的结果。",
    "engines-disagree": "两个引擎对{subject}的估计相差{value}个标准误，"
    "至少有一个未到达最优解。",
    # Assessment
    "poor-fit": "拟合指标{subject}为{value}，未达到可接受标准（{threshold}）。",
    "statistic-not-distributed": "所用估计方法的统计量不服从卡方分布，"
    "无法检验模型拟合，由它算得的指标不作判断；"
    "请改用检验经校正的估计方法，如MLR，有序题项用WLSMV。",
    "low-loading": "{subject}的标准化载荷为{value}，低于{threshold}。",
    "negative-loading": "{subject}的标准化载荷为负（{value}），反向题须先转换。",
    "other-construct": "{subject}在模型中所属的构念与问卷不同。",
    "low-alpha": "{subject}的Cronbach α系数为{value}，低于{threshold}。",
    "low-cr": "{subject}的组合信度CR为{value}，低于{threshold}。",
    "low-ave": "{subject}的平均方差抽取量AVE为{value}，低于{threshold}。",
    "fornell-larcker": "{subject}的相关系数为{value}，大于较小的AVE平方根{threshold}。",
    "high-htmt": "{subject}的HTMT为{value}，高于{threshold}。",
    "correlated-errors": "{subject}的指标误差相关，CR为{value}"
    "（忽略误差相关时为{threshold}）。",
    "not-available": "{subject}无法计算{what}：{why}。",
    "construct-not-used": "问卷测量了{subject}，但模型未使用。",
    "groups-pooled": "每位受访者只评价一类博主（{value}，见{subject}题），而模型把"
    "全部受访者合在一起估计，其数值不作任何比较；分组估计请在Python中使用group参数。",
    "high-skewness": "{subject}的偏度为{value}，绝对值大于{threshold}。",
    "high-kurtosis": "{subject}的峰度为{value}，绝对值大于{threshold}。",
    "not-multivariate-normal": "题项不服从多元正态分布：Mardia多元峰度的临界比为"
    "{value}，绝对值大于{threshold}；最大似然法的卡方与标准误只是近似值。",
    "not-normal-but-robust": "题项不服从多元正态分布：Mardia多元峰度的临界比为{value}，"
    "绝对值大于{threshold}；所用估计方法的标准误与检验不要求正态。",
    "high-vif": "路径{subject}中自变量的VIF为{value}，高于{threshold}。",
    "high-full-vif": "{subject}的全共线性VIF为{value}，高于{threshold}。",
    "no-vif": "{subject}：变量之间线性相关或几乎没有变异，VIF不存在。",
    "not-significant-after-holm": "{subject}单独检验显著，但经Holm多重检验校正后P为"
    "{value}，不再小于{threshold}。",
    # Reporting
    "undrawable-character": "路径图中{subject}的名称含有无字体可显示的字符，以□代替。",
}
#: What findings are about when it is no code of the instrument.
_SUBJECTS: Mapping[str, str] = {
    "sample": "样本",
    "items": "题项",
    "data": "数据",
    "model": "模型",
    "the model": "模型",
    "the structural model": "结构模型",
    "the measurement model": "测量模型",
    "consent": "知情同意",
    "screener": "甄别题",
    "instructed": "指示作答题",
    "infrequency": "不可能陈述题",
    "scale": "量表",
    "marker": "标记变量",
    "speed": "作答时间",
    "duplicate": "重复提交",
    "mahalanobis": "马氏距离",
}
_ROWS = re.compile(r"^rows? (\d.*)$")
#: Why a construct lacks a figure, as its finding says it.
_ABSENT = re.compile(r": no (?P<what>.+), because (?P<why>.+)\.$")
_REASONS: Mapping[str, str] = {
    "alpha needs two or more observed items": "至少需要两个观测题项",
    "they need two or more indicators": "至少需要两个指标",
    "a standardised loading does not exist": "有标准化载荷不存在",
    "a standardised loading is beyond 1": "有标准化载荷的绝对值大于1",
}
_SHARED = re.compile("(?P<items>.+) loads on another construct as well")


def subject_of(finding: Finding) -> Text:
    """Return what a finding is about in both languages.

    Parameters
    ----------
    finding : Finding
        The remark.

    Returns
    -------
    Text
        Codes are the same in both.

    Examples
    --------
    >>> subject_of(Finding("flagged-duplicate", "warning", "rows 3, 9", "m", 2)).zh
    '第3, 9行'
    """
    english = finding.subject
    rows = _ROWS.match(english)
    chinese = f"第{rows[1]}行" if rows else _SUBJECTS.get(english, english)
    return Text(zh=chinese, en=english)


def remark(finding: Finding) -> Text:
    """Return the sentence of a finding in both languages.

    Parameters
    ----------
    finding : Finding
        The remark.

    Returns
    -------
    Text
        English as the finding says it; Chinese by the pattern of its code.

    Examples
    --------
    >>> remark(Finding("low-ave", "warning", "CA", "AVE of CA is low.", 0.4188, 0.5)).zh
    'CA的平均方差抽取量AVE为0.419，低于0.5。'
    """
    return Text(zh=_chinese(finding), en=finding.message)


def _chinese(finding: Finding) -> str:
    pattern = PATTERNS.get(finding.code)
    subject = subject_of(finding).zh
    if finding.code == "poor-fit" and finding.subject in INDICES:
        subject = INDICES[finding.subject].zh
    filled = {
        "subject": subject,
        "value": _shown(finding.value),
        "threshold": _shown(finding.threshold),
        **_absence(finding.message),
    }
    if pattern is None or any(
        f"{{{key}}}" in pattern and not shown for key, shown in filled.items()
    ):
        return finding.message
    return pattern.format_map(filled)


def _absence(message: str) -> dict[str, str]:
    """Return what does not exist, and why, from a sentence that says so."""
    found = _ABSENT.search(message)
    if found is None:
        return {"what": "", "why": ""}
    shared = _SHARED.fullmatch(found["why"])
    why = f"{shared['items']}还属于另一个构念" if shared else _REASONS.get(found["why"])
    what = found["what"].replace("alpha", "α").replace(" and ", "与")
    return {"what": what, "why": why or found["why"]}


def _shown(value: float | str | None) -> str:
    """Return a number or words as in a sentence; empty when there is none."""
    if value is None or isinstance(value, str):
        return value or ""
    if not isfinite(value):
        return ""
    tiny = 0 < abs(value) < _SMALLEST
    return format_number(value, "small" if tiny else "rounded", "gb")
