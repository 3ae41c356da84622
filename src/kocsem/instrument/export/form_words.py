"""What an offline form says of itself, in both languages.

In: nothing. Out: the words around the questions, by key. ``{n}`` stands for a number,
``{k}`` for another, both filled in while the form is used.
"""

from collections.abc import Mapping

from kocsem.instrument.types import Text

FORM_WORDS: Mapping[str, Text] = {
    "page": Text(zh="第 {n} 页，共 {k} 页", en="Page {n} of {k}"),
    "start": Text(zh="开始作答", en="Start"),
    "next": Text(zh="下一页", en="Next"),
    "finish": Text(zh="提交", en="Submit"),
    "back": Text(zh="上一页", en="Back"),
    "optional": Text(zh="选填", en="optional"),
    "several": Text(zh="请勾选所有符合的选项", en="Tick all that apply"),
    "words": Text(
        zh="请勿填写姓名、电话等个人信息",
        en="Please leave out names, telephone numbers and the like",
    ),
    "choose_one": Text(zh="请选择一项。", en="Please choose an answer."),
    "choose_some": Text(zh="请至少选择一项。", en="Please tick at least one."),
    "number": Text(
        zh="请填写一个数字，例如 12 或 3.5。",
        en="Please enter a number, such as 12 or 3.5.",
    ),
    "left": Text(
        zh="本页还有 {n} 处需要作答，已用红色标出。",
        en="{n} on this page still to be answered; marked in red.",
    ),
    "draft": Text(
        zh="这台设备上有一份尚未完成的问卷。",
        en="There is an unfinished questionnaire on this device.",
    ),
    "resume": Text(zh="接着作答", en="Continue it"),
    "discard": Text(zh="删除并重新开始", en="Delete it and start afresh"),
    "done": Text(zh="感谢您的参与！", en="Thank you for taking part!"),
    "done_more": Text(
        zh="您的回答已记录在这台设备上，没有上传到任何地方。"
        "请按约定交还设备，或保存答卷文件并发给研究者。",
        en="Your answers are recorded on this device and were sent nowhere. As agreed, "
        "hand the device back, or save the answers and send the file to the "
        "researcher.",
    ),
    "out": Text(zh="感谢您的时间！", en="Thank you for your time!"),
    "out_more": Text(
        zh="本次研究面向的是另一类参与者，您无需继续作答。到目前为止的回答只用于统计询问的人数。",
        en="This study looks for people in a different situation, so you need not go "
        "on. What you answered so far only serves to count how many people were asked.",
    ),
    "declined": Text(zh="感谢您的时间！", en="Thank you for your time!"),
    "declined_more": Text(
        zh="您没有同意参加，因此没有保存您的任何回答。",
        en="You did not agree to take part, so none of your answers has been kept.",
    ),
    "again": Text(zh="下一位参与者", en="Next participant"),
    "researcher": Text(zh="研究者", en="For the researcher"),
    "kept": Text(
        zh="这台设备上已有 {n} 份答卷。",
        en="Answer sheets kept on this device: {n}.",
    ),
    "memory": Text(
        zh="这个浏览器不保存数据：关闭本页之前，请先保存CSV文件。",
        en="This browser keeps no data: save the CSV file before you close this page.",
    ),
    "save": Text(zh="保存答卷（CSV）", en="Save the answers (CSV)"),
    "delete": Text(
        zh="删除这台设备上的全部答卷", en="Delete all answers on this device"
    ),
    "confirm": Text(
        zh="确定要删除这台设备上的 {n} 份答卷吗？没有保存为CSV的答卷将无法恢复。",
        en="Delete all {n} answer sheets on this device? Those not saved as CSV cannot "
        "be brought back.",
    ),
    "deleted": Text(zh="已全部删除。", en="All answers are deleted."),
    "script": Text(
        zh="此问卷需要启用JavaScript才能填写；也可以打印后在纸上填写。",
        en="This form needs JavaScript; without it, it can be printed and filled in on "
        "paper.",
    ),
}
