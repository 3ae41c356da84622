"""The page of a form: one file, the same bytes, nothing of a text taken for markup."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from kocsem.data.read.plain import PLAIN

import kocsem.instrument.export.html_form as module
from kocsem.instrument.export.html_form import (
    RESERVED,
    form_columns,
    form_limits,
    html_form,
)
from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument
from odd_survey import ODD

KOC = load_instrument("koc_core")
CSS = (Path(module.__file__).parent / "templates" / "form.css").read_text("utf-8")


class Page(HTMLParser):
    """Tags with their attributes, and the words of elements that a reader sees."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._inside: list[str] = []
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"script", "style"} & set(self._inside):
            self.words.append(data)


def page(instrument, languages=("zh", "en")):
    (file,) = html_form(instrument, languages)
    return Page(file.content)


def test_the_same_instrument_gives_the_same_bytes():
    assert html_form(KOC, ("zh", "en")) == html_form(KOC, ("zh", "en"))


@pytest.mark.parametrize("instrument", [KOC, ODD], ids=["koc_core", "odd"])
def test_nothing_is_loaded_from_elsewhere(instrument):
    for tag, attributes in page(instrument).tags:
        assert tag not in ("img", "iframe", "object", "base", "audio", "video"), tag
        assert "src" not in attributes
        assert attributes.get("href", "data:,") == "data:,"
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"https?:|@import|url\(", CSS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_signs_of_markup_are_words(language):
    found = page(ODD, (language,))
    tags = [tag for tag, _ in found.tags]
    assert tags.count("script") == 1
    assert "i" not in tags
    assert tags.count("b") == 11  # the numbers of the questions
    words = "".join(found.words)
    for said in (
        ODD.title.get(language),
        "I <b>trust</b> \"them\" & 'him' </script>",
        'C "D"',
        "E <i>",
        "Think of one creator.\n<b>Only one.</b>",
    ):
        assert said in words


def test_one_language_has_no_switch_and_no_other_words():
    found = page(KOC, ("en",))
    assert not [a for _, a in found.tags if "data-show" in a]
    assert not re.search("[\u4e00-\u9fff]", "".join(found.words))


def test_every_answer_has_a_column():
    assert form_columns(KOC) == [*KOC.known_columns, "seconds"]


def test_own_words_are_kept_though_no_frame_holds_them():
    assert set(form_columns(ODD)) == {*ODD.known_columns, "WHY", "seconds"}


def named(code: str) -> Instrument:
    constructs = [{"id": "TR", "name": "Trust"}]
    items = [{"id": code, "construct": "TR", "text": "Row"}]
    return Instrument(
        id="s", version="1", title="t", scale=5, constructs=constructs, items=items
    )


@pytest.mark.parametrize("code", sorted(RESERVED | {"ID", "Seconds", "IP"}))
def test_a_code_that_is_read_as_something_else_is_an_error(code):
    assert PLAIN.columns((code,))[0].role != "question"
    (finding,) = form_limits(named(code), ("zh",))
    assert (finding.code, finding.severity, finding.subject) == (
        "reserved-code",
        "error",
        code,
    )


@pytest.mark.parametrize("code", ["TR1", "identity", "rows", "second", "IPX", "o"])
def test_other_codes_are_fine(code):
    assert PLAIN.columns((code,))[0].role == "question"
    assert form_limits(named(code), ("zh",)) == ()


def luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])
    parts = [int(full[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("ink", "card"), ("ink", "paper"), ("ink", "chosen"), ("soft", "card"),
        ("soft", "paper"), ("soft", "chosen"), ("accent", "card"), ("red", "card"),
        ("red", "pink"), ("red", "paper"), ("on-accent", "accent"),
    ],
)  # fmt: skip
def test_words_stand_out_from_their_ground(scheme, words, ground):
    """WCAG 2.2, success criterion 1.4.3: a contrast of at least 4.5 to 1."""
    colours = dict(re.findall(r"--([\w-]+): (#\w+)", CSS.split(":root {")[1 + scheme]))
    one, two = sorted((luminance(colours[words]), luminance(colours[ground])))
    assert (two + 0.05) / (one + 0.05) >= 4.5
