"""What a codebook says around the variables, in both languages.

In: nothing. Out: headings, names of roles and measurements, and the rules of coding.
"""

from collections.abc import Mapping

from kocsem.instrument.types import Text

CODEBOOK_WORDS: Mapping[str, Text] = {
    "codebook": Text(zh="编码手册", en="Codebook"),
    "version": Text(zh="版本", en="version"),
    "coding": Text(zh="编码规则", en="Rules of coding"),
    "scales": Text(zh="作答量表", en="Answer scales"),
    "constructs": Text(zh="构念", en="Constructs"),
    "variables": Text(zh="变量", en="Variables"),
    "unread": Text(zh="不进入数据的开放题", en="Own words, not part of the data"),
    "sources": Text(zh="来源与许可", en="Source and licence"),
    "code": Text(zh="编码", en="Code"),
    "number": Text(zh="题号", en="No."),
    "question": Text(zh="题目", en="Question"),
    "role": Text(zh="用途", en="Role"),
    "values": Text(zh="取值", en="Values"),
    "remarks": Text(zh="备注", en="Remarks"),
    "name": Text(zh="名称", en="Name"),
    "definition": Text(zh="定义", en="Definition"),
    "theory": Text(zh="理论与章节", en="Theory, sections"),
    "published": Text(
        zh="相关的已发表量表（仅引用）", en="Published scales (cited only)"
    ),
    "items": Text(zh="题项", en="Items"),
    "item": Text(zh="题项", en="item"),
    "marker": Text(zh="标记变量", en="marker item"),
    "attention": Text(zh="注意力检测", en="attention check"),
    "screener": Text(zh="甄别题", en="screening question"),
    "demographic": Text(zh="背景信息", en="background"),
    "ordinal": Text(zh="有序", en="ordinal"),
    "categorical": Text(zh="分类", en="categorical"),
    "binary": Text(zh="二分（0/1）", en="binary (0/1)"),
    "numeric": Text(zh="数值", en="numeric"),
    "bare": Text(
        zh="1 到 {points}，各点没有文字标签", en="1 to {points}, points without words"
    ),
    "reverse": Text(
        zh="反向题：分析前换算为 {sum} − x",
        en="reversed: recoded as {sum} − x before analysis",
    ),
    "optional": Text(
        zh="备选题：仅在研究指定时进入模型",
        en="optional: in the model only when a study includes it",
    ),
    "admits": Text(zh="{values} 可继续作答", en="{values} may go on"),
    "passes": Text(zh="{values} 为通过", en="{values} passes"),
    "shown_if": Text(
        zh="仅当 {question} = {values} 时提问", en="asked only if {question} = {values}"
    ),
    "sections": Text(
        zh="Cai 等（2025）第 {sections} 节", en="Cai et al. (2025), sections {sections}"
    ),
}

#: The rules that hold for every column.
RULES = (
    Text(
        zh="每一列的名称就是变量编码；数值是受访者所选答案在问卷中的序号（从1起），"
        "尚未反向换算。",
        en="Each column is named by its code. Values are the answers as given, "
        "numbered from 1 in the order of the questionnaire, not yet reversed.",
    ),
    Text(
        zh="缺失值没有数字编码：未作答、被跳过或未被问到的题目，单元格为空。"
        "平台导出文件中的缺失标记（例如问卷星的 -3、-2）在读取时都转为空。",
        en="Missing answers have no code: where a question was left out, skipped or "
        "not asked, the cell is empty. The marks of platforms, such as -3 and -2 of "
        "问卷星, become empty cells when a file is read.",
    ),
    Text(
        zh="多选题的每个选项各占一列（例如 CAT_1）：1 为选中，0 为未选；"
        "整题未作答时各列为空。",
        en="A question with several answers has a column for each option (such as "
        "CAT_1): 1 ticked, 0 not ticked; empty when the question was left out.",
    ),
)
