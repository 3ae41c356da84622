"""Instruments with every mistake that a hand can make in a YAML file."""

from dataclasses import dataclass

from broken_files.clean import INSTRUMENT

ITEM = "  - {id: TR1, construct: TR,"
WHOLE = "  - {id: PI, name: {zh: 购买意愿, en: Intention}}\n"
HYPOTHESIS = "path: TR -> PI"
SECOND = "  - {{id: W, name: {{zh: 总, en: W}}, level: second, dimensions: [{}]}}\n"
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
    "cut off": Text(INSTRUMENT[:-12], ("line 35", "this is no YAML")),
    "a tab": changed("  points: 5", "\tpoints: 5", "line 5", "not with tabs"),
    "a full-width colon": changed("id: probe", "id：probe", "full-width '：'"),
    "an unclosed quotation mark": changed('"1"', '"1', "this is no YAML"),
    "aliases that explode": Text("l0: &l0 [lol]\n" + _LAUGHS, ("probe.yaml",)),
    "a deep list": Text("a: " + "[" * 5000 + "]" * 5000, ("probe.yaml",)),
    "a deep mapping": Text("a: " + "{a: " * 2000 + "1" + "}" * 2000, ("probe.yaml",)),
    "an alias to itself": Text("a: &a [*a]\n", ("probe.yaml",)),
    "a tag of Python": Text(
        "id: !!python/object:os.system x\n", ("probe.yaml, line 1",)
    ),
    "a key twice": changed("title:", "id: other\ntitle:", "line 3", "id"),
    "an unknown key": added("titel: x\n", "line 36: titel: unknown key", "mean title?"),
    "an unknown key of an item": changed(
        ITEM, f"{ITEM} revers: true,", _at(ITEM), "unknown key; did you mean reverse?"
    ),
    "a missing key": changed("id: probe\n", "", "id: ", "missing"),
    "a number for a list": added(
        "attention: 3\n", "line 36: attention: must be a list"
    ),
    "a text for a list": changed(
        "items:\n", "items: x\nno:\n", "items: must be a list"
    ),
    "a word for a yes": changed(
        ITEM, f"{ITEM} reverse: maybe,", _at(ITEM), "reverse", "true or false"
    ),
    "a fraction of a point": changed("points: 5", "points: 5.5", _at("points: 5")),
    "a scale of one point": changed("points: 5", "points: 1", _at("points: 5")),
    "more points than anchors": changed("points: 5", "points: 7", "anchors", "7"),
    "an anchor in one language": changed(
        "{zh: 同意, en: Agree}", "{zh: 同意}", "line 10", "en", "missing"
    ),
    "an anchor of one string": changed(
        "{zh: 同意, en: Agree}", "同意", "English", status=1
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
    "two items of one code": changed("id: TR2", "id: TR1", _at("  - {id: TR2"), "TR1"),
    "codes that differ in case": changed("id: TR2", "id: tr1", "TR1", "tr1"),
    "two constructs of one code": changed(
        "id: PI, name", "id: TR, name", "line 14", "TR"
    ),
    "an item and a question of one code": changed("id: GEN", "id: TR1", "TR1"),
    "two items of the same words": changed(
        "TA靠得住。", "我相信TA说的话。", "TR1", "TR2"
    ),
    "a code with a blank": changed("id: TR2", "id: TR 2", _at("  - {id: TR2")),
    "an unknown construct": changed(
        "construct: PI,", "construct: PJ,", "there is no construct PJ; did you mean PI?"
    ),
    "a construct without items": changed(
        WHOLE, f"{WHOLE}  - {{id: X, name: X}}\n", "X", "no items"
    ),
    "a path to nowhere": changed(HYPOTHESIS, "path: TR -> PX", _at(HYPOTHESIS), "PX"),
    "a path of one construct": changed(HYPOTHESIS, "path: TR", _at(HYPOTHESIS)),
    "a path with another arrow": changed(HYPOTHESIS, "path: TR => PI", _at(HYPOTHESIS)),
    "a path to itself": changed(HYPOTHESIS, "path: TR -> TR", _at(HYPOTHESIS), "TR"),
    "a moderation by nothing known": changed(
        HYPOTHESIS, "path: TR x ZZ -> PI", _at(HYPOTHESIS), "ZZ"
    ),
    "a sign that is none": changed('sign: "+"', "sign: up", _at(HYPOTHESIS), "sign"),
    "two hypotheses of one code": added(
        '  - {id: H1, path: PI -> TR, sign: "+", statement: s}\n', "line 36", "H1"
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
        WHOLE, WHOLE + SECOND.format("TR, QQ"), "line 15", "QQ"
    ),
    "a construct that is its own dimension": changed(
        WHOLE, WHOLE + SECOND.format("TR, W"), "line 15", "W"
    ),
    "a block with a code twice": changed(
        "items: [TR1, TR2, TR3]", "items: [TR1, TR2, TR1, TR3]", "TR1", "twice"
    ),
    "two blocks with a code": changed("[PI1, PI2, PI3]", "[PI1, TR1, PI2, PI3]", "TR1"),
    "a block without an item": changed("[PI1, PI2, PI3]", "[PI1, PI2]", "PI3"),
    "a block with an unknown code": changed(
        "[PI1, PI2, PI3]", "[PI1, PI2, PI3, PI4]", "PI4", "did you mean PI"
    ),
    "codes of options that are not 1 to k": changed(
        "[{zh: 男, en: Male}, {zh: 女, en: Female}]",
        "[{code: 0, label: {zh: 男, en: Male}}, {code: 1, label: {zh: 女, en: Female}}]",
        "options",
        "code",
    ),
    "two options of the same words": changed(
        "{zh: 女, en: Female}", "{zh: 男, en: Male}", "Male"
    ),
    "a question without options": changed(
        "    options: [{zh: 男, en: Male}, {zh: 女, en: Female}]\n",
        "",
        "GEN",
        "options",
    ),
    "shown if a later answer": changed(
        "kind: matrix, text: {zh: 请作答",
        "kind: matrix, shown_if: {question: GEN, codes: [1]}, text: {zh: 请作答",
        "GEN",
    ),
    "a study file": Text(
        "study: s\ninstrument: probe.yaml\ndata: {file: none.csv}\n", ("none.csv",)
    ),
    "extends itself": Text("extends: probe.yaml\nid: a\n", ("probe.yaml",)),
    "extends what extends it": Text(
        "extends: ring.yaml\nid: a\nversion: '1'\ntitle: A\n", ("ring.yaml",)
    ),
    "extends a file elsewhere": Text(
        "extends: ../probe.yaml\nid: a\nversion: '1'\ntitle: A\n",
        ("line 1: extends: ", "outside the folder", "copy it beside this one"),
    ),
    "extends a file of the system": Text(
        "extends: /etc/passwd\nid: a\nversion: '1'\ntitle: A\n",
        ("extends: ", "outside"),
    ),
    "extends no file": Text(
        "extends: prob.yaml\nid: a\nversion: '1'\ntitle: A\n",
        ("there is no such file",),
    ),
}
