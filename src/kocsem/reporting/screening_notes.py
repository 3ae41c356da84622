"""The sentences under the tables on screening, in Chinese and in English."""

from collections.abc import Mapping

from kocsem.instrument.types import Text
from kocsem.reporting.words import texts

#: Notes under tables, by key.
SCREENING_NOTES: Mapping[str, Text] = texts(
    rules=(
        "“单独命中”为该规则独自判定全部{}份回收答卷时的命中数，分为仅此规则命中与另有规则命中两部分；"
        "“剔除”为按顺序首先因该规则剔除的答卷数。",
        "Hits: what the rule finds by itself among all {} answer sheets received, "
        "whether or not other rules hit them too. Dropped: sheets of which the rule is "
        "the first to hit, in this order.",
    ),
    compared=(
        "重复与马氏距离由答卷相互比较得出：单独命中时比较全部研究对象，按顺序剔除时只比较此前保留的答卷。",
        "Duplicates and Mahalanobis distances compare sheets with each other: for hits "
        "those of the whole population, in order those that are left by then.",
    ),
    no_source=(
        "该规则为惯例，无专门文献。",
        "The rule is a convention without a source of its own.",
    ),
    by_design=(
        "不属于研究对象者在所有方案中均被剔除。",
        "Sheets from outside the population are left out throughout.",
    ),
    sensitivity=(
        "剔除：质量规则剔除的答卷数；n：用于分析的答卷数；各路径为标准化系数，其下星号为非标准化系数的检验。"
        "各方案均以本研究的模型与估计方法重新估计。",
        "Dropped: answer sheets that rules on quality drop; n: sheets analysed; paths: "
        "standardised coefficients, stars from the test of the unstandardised one. The "
        "model is fitted again each time, by the options of the study.",
    ),
    unchanged=(
        "各方案下假设检验的结论均与本研究相同。",
        "No verdict on a hypothesis differs from this study's under any choice.",
    ),
    changed=(
        "{}：本研究结论为“{}”，在以下方案下为“{}”：{}。",
        "{} is {} in this study, but {} with: {}.",
    ),
    inadmissible=(
        "以下方案的解不可接受：{}。",
        "The solution is inadmissible with: {}.",
    ),
)

#: Choices of rules within a sentence; ``{}`` is the rule.
CHOICES: Mapping[str, Text] = texts(
    population=("不作质量筛选", "no screening for quality"),
    only=("仅用“{}”", 'only "{}"'),
    all=("全部规则", "all rules"),
    without=("不用“{}”", 'all but "{}"'),
    also=("另剔除“{}”", '"{}" dropped as well'),
)
