"""Instruments with every mistake that a hand can make in a YAML file."""

from dataclasses import dataclass

from broken_files.clean import INSTRUMENT

ITEM = "  - {id: TR1, construct: TR,"
WHOLE = "  - {id: PI, name: {zh: 购买意愿, en: Intention}}\n"
SEXES = "[{zh: 男, en: Male}, {zh: 女, en: Female}]"
HYPOTHESIS = "path: TR -> PI"
SECOND = "  - {{id: W, name: {{zh: 总, en: W}}, level: second, dimensions: [{}]}}\n"
CHAIN = "is no chain of different constructs; write it like"
LINE = {
    text: 1 + INSTRUMENT.split(text)[0].count("\n")
    for text in (ITEM, WHOLE, HYPOTHESIS, "points: 5", "  - {id: TR2", "options:")
}


@dataclass(frozen=True)
class Text:
    """An instrument, and what ``kocsem check`` says of it with status 2 or 1."""

    text: str | bytes
    words: tuple[str, ...]
    status: int = 2


def changed(old: str, new: str, *words: str, status: int = 2) -> Text:
    """Make a case of the clean instrument with a part exchanged."""
    assert INSTRUMENT.count(old) >= 1
    return Text(INSTRUMENT.replace(old, new, 1), words, status)


def added(more: str, *words: str, status: int = 2) -> Text:
    return Text(INSTRUMENT + more, words, status)


def _at(text: str, more: int = 0) -> str:
    return f"probe.yaml, line {LINE[text] + more}: "


_LAUGHS = "".join(
    f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 10)
)

#: What another file in the folder extends.
RING = "extends: probe.yaml\nid: b\nversion: '1'\ntitle: B\n"

INSTRUMENTS: dict[str, Text] = {
    "no byte": Text("", ("probe.yaml: the file is empty",)),
    "a remark alone": Text("# soon\n", ("probe.yaml: the file is empty",)),
    "a list": Text("- a\n", ("probe.yaml", "expected keys with values")),
    "bytes": Text(bytes(range(256)), ("this is no text",)),
    "GB 18030": Text(INSTRUMENT.encode("gb18030"), ("line 3", "GB 18030", "UTF-8")),
    "cut off": Text(INSTRUMENT[:-12], ("line 32, column 70", "this is no YAML")),
    "a tab": changed("  points: 5", "\tpoints: 5", "line 5", "not with tabs"),
    "a full-width colon": changed("id: probe", "id：probe", "full-width '：'"),
    "an unclosed quotation mark": changed('"1"', '"1', "this is no YAML"),
    "aliases that explode": Text(
        "l0: &l0 [lol]\n" + _LAUGHS,
        (
            "line 1: the file grows beyond",
            "look for aliases",
        ),
    ),
    "a deep list": Text(
        "a: " + "[" * 5000 + "]" * 5000, ("nested too deep to be read",)
    ),
    "a deep mapping": Text(
        "a: " + "{a: " * 2000 + "1" + "}" * 2000, ("nested too deep to be read",)
    ),
    "an alias to itself": Text(
        "a: &a [*a]\n",
        (
            "line 1, column 4",
            "a part that contains itself",
        ),
    ),
    "a tag of Python": Text(
        "id: !!python/object:os.system x\n", ("line 1, column 5: this is no YAML",)
    ),
    "a key twice": changed("title:", "id: other\ntitle:", "line 3", "id"),
    "an unknown key": added("titel: x\n", "line 33: titel: unknown key", "mean title?"),
    "an unknown key of an item": changed(
        ITEM, f"{ITEM} revers: true,", _at(ITEM), "unknown key; did you mean reverse?"
    ),
    "a missing key": changed("id: probe\n", "", "line 1: id: this key is missing"),
    "a number for a list": added(
        "attention: 3\n", "line 33: attention: must be a list"
    ),
    "a text for a list": changed(
        "items:\n", "items: x\nno:\n", "line 15: items: must be a list"
    ),
    "a word for a yes": changed(
        ITEM, f"{ITEM} reverse: maybe,", _at(ITEM), "reverse", "must be a boolean"
    ),
    "a fraction of a point": changed(
        "points: 5", "points: 5.5", _at("points: 5"), "a fractional part"
    ),
    "a scale of one point": changed(
        "points: 5", "points: 1", _at("points: 5"), "equal to 2, not 1"
    ),
    "more points than anchors": changed(
        "points: 5",
        "points: 7",
        "line 6: scale.anchors: 5 anchors for 7 points; give one",
    ),
    "an anchor in one language": changed(
        "{zh: 同意, en: Agree}",
        "{zh: 同意}",
        "line 10: scale.anchors[4].en: this key is missing",
    ),
    "an anchor of one string": changed(
        "{zh: 同意, en: Agree}",
        "同意",
        "1 texts are not in English: scale",
        "Write 'zh:' and 'en:'",
        status=1,
    ),
    "an item in one language": changed(
        "{zh: TA靠得住。, en: TA can be relied upon.}",
        "{zh: TA靠得住。}",
        _at("  - {id: TR2"),
        "en",
    ),
    "an empty wording": changed(
        "zh: TA靠得住。", "zh: ''", _at("  - {id: TR2"), "empty"
    ),
    "two items of one code": changed(
        "id: TR2",
        "id: TR1",
        "line 17: items[2].id: the code TR1 is used before",
        "line 28: blocks[1].items[2]: there is no code TR2",
    ),
    "codes that differ in case": changed(
        "id: TR2", "id: tr1", "line 17: items[2]: tr1 is in no block"
    ),
    "two constructs of one code": changed(
        "id: PI, name",
        "id: TR, name",
        "line 14: constructs[2].id: the code TR is used before",
    ),
    "an item and a question of one code": changed(
        "id: GEN", "id: TR1", "line 23: demographics[1].id: the code TR1 is used before"
    ),
    "a code with a blank": changed("id: TR2", "id: TR 2", _at("  - {id: TR2")),
    "an unknown construct": changed(
        "construct: PI,", "construct: PJ,", "there is no construct PJ; did you mean PI?"
    ),
    "a construct without items": changed(
        WHOLE, f"{WHOLE}  - {{id: X, name: X}}\n", "line 15: ", "X has no item"
    ),
    "a path to nowhere": changed(
        HYPOTHESIS, "path: TR -> PX", _at(HYPOTHESIS), "construct PX; did you mean PI?"
    ),
    "a path of one construct": changed(HYPOTHESIS, "path: TR", _at(HYPOTHESIS), CHAIN),
    "a path with another arrow": changed(
        HYPOTHESIS, "path: TR => PI", _at(HYPOTHESIS), CHAIN
    ),
    "a path to itself": changed(HYPOTHESIS, "path: TR -> TR", _at(HYPOTHESIS), CHAIN),
    "a moderation by nothing known": changed(
        HYPOTHESIS,
        "path: TR x ZZ -> PI",
        _at(HYPOTHESIS),
        "no construct ZZ; known: TR, PI",
    ),
    "a sign that is none": changed(
        'sign: "+"', "sign: up", _at(HYPOTHESIS), "must be '+', '-' or '?', not 'up'"
    ),
    "two hypotheses of one code": added(
        '  - {id: H1, path: PI -> TR, sign: "+", statement: s}\n',
        "line 33: hypotheses[2].id: the code H1 is used before",
    ),
    "one dimension": changed(
        WHOLE,
        WHOLE + SECOND.format("TR"),
        "line 15",
        "a second-order construct needs two dimensions or more",
    ),
    "the same dimension twice": changed(
        WHOLE, WHOLE + SECOND.format("TR, TR"), "line 15", "two dimensions or more"
    ),
    "a dimension that is none": changed(
        WHOLE,
        WHOLE + SECOND.format("TR, QQ"),
        "line 15: ",
        "there is no first-order construct QQ",
    ),
    "a construct that is its own dimension": changed(
        WHOLE,
        WHOLE + SECOND.format("TR, W"),
        "line 15: ",
        "there is no first-order construct W",
    ),
    "a block with a code twice": changed(
        "items: [TR1, TR2, TR3]",
        "items: [TR1, TR2, TR1, TR3]",
        "line 28: blocks[1].items[3]: TR1 stands 2 times",
        "keep one",
    ),
    "two blocks with a code": changed(
        "[PI1, PI2, PI3]",
        "[PI1, TR1, PI2, PI3]",
        "line 29: blocks[2].items[2]: TR1 stands 2",
        "keep",
    ),
    "a block without an item": changed(
        "[PI1, PI2, PI3]", "[PI1, PI2]", "line 21: items[6]: PI3 is in no block"
    ),
    "a block with an unknown code": changed(
        "[PI1, PI2, PI3]",
        "[PI1, PI2, PI3, PI4]",
        "line 29: blocks[2].items[4]: there is no code PI4; did you mean PI3?",
    ),
    "codes of options that are not 1 to k": changed(
        SEXES,
        "[{code: 0, label: {zh: 男, en: Male}}, {code: 1, label: {zh: 女, en: F}}]",
        "line 26: demographics[1].options[1].code: must be greater than or equal to 1",
    ),
    "a gap in the codes of options": changed(
        SEXES,
        "[{code: 1, label: {zh: 男, en: Male}}, {code: 3, label: {zh: 女, en: F}}]",
        "line 26: demographics[1].options",
    ),
    "a question without options": changed(
        "    options: [{zh: 男, en: Male}, {zh: 女, en: Female}]\n",
        "",
        "line 23: demographics[1].options: a single",
        "question needs at least two",
    ),
    "shown if a later answer": changed(
        "kind: matrix, text: {zh: 请作答",
        "kind: matrix, shown_if: {question: GEN, answers: [1]}, text: {zh: 请作答",
        "line 28: blocks[1].shown_if.question: no question GEN with one answer",
    ),
    "a study file with constructs": Text(
        "constructs: []\nstudy: s\ninstrument: probe.yaml\n",
        (
            "line 2: study: unknown key",
            "line 1: scale: this key is missing",
        ),
    ),
    "extends itself": Text(
        "extends: probe.yaml\nid: a\nversion: '1'\ntitle: A\n",
        ("the files extend each other (probe.yaml -> probe.yaml)",),
    ),
    "extends what extends it": Text(
        "extends: ring.yaml\nid: a\nversion: '1'\ntitle: A\n",
        ("the files extend each other", "let one stand alone"),
    ),
    "extends a file elsewhere": Text(
        "extends: ../probe.yaml\nid: a\nversion: '1'\ntitle: A\n",
        ("line 1: extends: ", "outside the folder", "copy it beside this one"),
    ),
    "extends a file of the system": Text(
        "extends: /etc/passwd\nid: a\nversion: '1'\ntitle: A\n",
        ("line 1: extends: /etc/passwd is outside", "copy it beside this one"),
    ),
    "extends no file": Text(
        "extends: prob.yaml\nid: a\nversion: '1'\ntitle: A\n",
        ("line 1: extends: prob.yaml: there is no such file; did you mean probe",),
    ),
}
