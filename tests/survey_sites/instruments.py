"""Small instruments whose wording tries every format."""

from typing import Any

from kocsem.instrument.types import Instrument

#: A text a format could stumble over, by what is odd about it.
ODD_TEXTS = {
    "commas": "真实, 可信，有用, 对吗",
    "quotes": '他说"好"，我说“不好”，it\'s fine',
    "line break": "第一行\n第二行",
    "tab": "左\t右",
    "pipes": "甲|乙｜丙",
    "brackets": "可信(真的)（确实）[是] {吗}",
    "leading digits": "2024年以来, 3C数码",
    "emoji": "我喜欢😀它👍🏽",
    "full-width": "ＫＯＣ　１２３％",
    "angles": "x < 3 & y > 2 <b>bold</b>",
    "dashes": "一方面—另一方面--最后",
    "equals": "=1+1",
    "dollar": "花 $50 还是 ${x}^2",
    "braces": "{TOKEN:FIRSTNAME} {_}",
    "backslash": 'C:\\temp\\" end',
    "blanks": "  两边  有空格  ",
}


def _both(words: str, number: int) -> dict[str, str]:
    return {"zh": f"{words}", "en": f"English {number}: {words}"}


def odd_instrument(**more: Any) -> Instrument:
    """Every kind of block, scale and question, with odd wording."""
    items = [
        {"id": f"A{k}", "construct": "A", "text": _both(words, k)}
        for k, words in enumerate(ODD_TEXTS.values(), start=1)
    ]
    items += [
        {"id": f"B{k}", "construct": "B", "text": {"zh": f"乙{k}", "en": f"Row B{k}"}}
        for k in (1, 2)
    ]
    items += [
        {"id": f"C{k}", "construct": "C", "text": {"zh": f"丙{k}", "en": f"Row C{k}"}}
        for k in (1, 2)
    ]
    anchors = ["非常 不同意|", "$不同意", "一般, 或不清楚", "同意 (是)", "非常同意😀"]
    english = ["Strongly disagree", "Disagree", "Neither, or not sure", "Agree", "Yes!"]
    base: dict[str, Any] = {
        "id": "odd",
        "version": "1.0",
        "title": {"zh": "古怪的问卷", "en": "An odd survey"},
        "introduction": {
            "zh": "欢迎！\n请认真作答。",
            "en": "Welcome.\nTake your time.",
        },
        "scale": {
            "points": 5,
            "anchors": [
                {"zh": z, "en": e} for z, e in zip(anchors, english, strict=True)
            ],
        },
        "constructs": [
            {"id": "A", "name": "A"},
            {"id": "B", "name": "B", "scale": 7},
            {
                "id": "C",
                "name": "C",
                "scale": {"points": 2, "anchors": ["否 no", "是 yes"]},
            },
        ],
        "items": items,
        "attention": [
            {"id": "AT", "kind": "instructed", "accept": [2], "text": "请选第二项"}
        ],
        "screening": _screening(),
        "demographics": _demographics(),
        "blocks": _blocks(),
    }
    return Instrument(**{**base, **more})


def _screening() -> list[dict[str, Any]]:
    return [
        {
            "id": "SC1",
            "name": "Follows",
            "text": {"zh": "您关注KOC吗？", "en": "Do you follow a KOC?"},
            "options": [
                {"zh": "是", "en": "Yes"},
                {"zh": "以前 是", "en": "I used to"},
                {"zh": "否", "en": "No"},
            ],
            "accept": [1, 2],
        },
        {
            "id": "SC2",
            "name": "Bought",
            "text": {"zh": "您买过吗？", "en": "Have you bought?"},
            "options": [{"zh": "买过", "en": "Yes"}, {"zh": "没有", "en": "No"}],
            "accept": [1],
        },
    ]


def _demographics() -> list[dict[str, Any]]:
    return [
        {
            "id": "AGE",
            "name": "Age group",
            "text": {"zh": "您的年龄", "en": "Your age"},
            "options": ["18-25", "26岁", {"zh": "46及以上", "en": "46 and over"}],
        },
        {
            "id": "CAT",
            "kind": "multi",
            "name": "Fields",
            "text": {"zh": "哪些领域？（可多选）", "en": "Which fields? (several)"},
            "options": [
                {"zh": "美食", "en": "Food, drink"},
                {"zh": "数码(含 手机)", "en": "Digital | phones"},
                {"zh": "家居", "en": '"Home"'},
                {"zh": "其他：请注明", "en": "Other"},
            ],
        },
        {
            "id": "YEARS",
            "kind": "number",
            "name": "Years",
            "text": {"zh": "您几岁？", "en": "How old are you?"},
        },
        {
            "id": "WHY",
            "kind": "text",
            "name": "Reason",
            "text": {"zh": "为什么？", "en": "Why?"},
        },
        {
            "id": "TIMES",
            "name": "Times",
            "text": {"zh": "几次？", "en": "How often?"},
            "options": [{"zh": "0", "en": "0"}, {"zh": "1-2次", "en": "1-2"}],
        },
    ]


def _blocks() -> list[dict[str, Any]]:
    a = [f"A{k}" for k in range(1, len(ODD_TEXTS) + 1)]
    return [
        {"id": "hello", "kind": "note", "text": {"zh": "你好，\n世界", "en": "Hello"}},
        {
            "id": "screen",
            "kind": "questions",
            "text": {"zh": "先问两个问题", "en": "Two questions first"},
            "items": ["SC1", "SC2", "TIMES"],
        },
        {
            "id": "a",
            "kind": "matrix",
            "text": {"zh": "您同意吗？", "en": "Do you agree?"},
            "items": [*a[:3], "AT", *a[3:], "B1", "B2", "C2", "C1"],
            "shown_if": {"question": "TIMES", "answers": [1, 2]},
        },
        {
            "id": "SC2",
            "kind": "note",
            "text": {"zh": "快完了", "en": "Nearly done"},
            "shown_if": {"question": "TIMES", "answers": [2]},
        },
        {
            "id": "background",
            "kind": "questions",
            "items": ["AGE", "CAT", "YEARS", "WHY"],
        },
    ]


def twin_instrument() -> Instrument:
    """Everything asked of two persons in the same words."""
    rows = {
        "zh": ["TA说实话。", "TA有话直说。"],
        "en": ["Tells the truth.", "Is frank."],
    }
    fields = {"zh": ["美食", "数码"], "en": ["Food", "Digital"]}
    constructs, items, demographics, blocks = [], [], [], []
    for who in ("KOC", "KOL"):
        constructs.append({"id": f"TR_{who}", "name": f"Trust in a {who}"})
        items += [
            {
                "id": f"T{k}_{who}",
                "construct": f"TR_{who}",
                "text": {"zh": rows["zh"][k - 1], "en": rows["en"][k - 1]},
            }
            for k in (1, 2)
        ]
        demographics += [
            {
                "id": f"SEX_{who}",
                "name": "Sex",
                "text": {"zh": "TA的性别", "en": "The sex of this person"},
                "options": [{"zh": "男", "en": "Male"}, {"zh": "女", "en": "Female"}],
            },
            {
                "id": f"CAT_{who}",
                "kind": "multi",
                "name": "Fields",
                "text": {"zh": "哪些领域？（可多选）", "en": "Which fields?"},
                "options": [
                    {"zh": z, "en": e}
                    for z, e in zip(fields["zh"], fields["en"], strict=True)
                ],
            },
        ]
        blocks += [
            {
                "id": f"rows_{who}",
                "kind": "matrix",
                "items": [f"T2_{who}", f"T1_{who}"],
            },
            {
                "id": f"who_{who}",
                "kind": "questions",
                "items": [f"SEX_{who}", f"CAT_{who}"],
            },
        ]
    return Instrument(
        id="twins",
        version="1",
        title="Two persons",
        scale=5,
        constructs=constructs,
        items=items,
        demographics=demographics,
        blocks=blocks,
    )
