import pytest

from kocsem.instrument.bundled import bundled
from kocsem.reporting import fonts
from kocsem.reporting.fonts import BUNDLED, drawable, font_for, missing, undrawable

UNKNOWN = "\U00013fff"


@pytest.mark.parametrize(
    "text",
    [
        "".join(bytes((row, cell)).decode("gb2312") for row in (0xB0, 0xF7)
                for cell in range(0xA1, 0xFE)),
        "信任的构建与变现：“真实性”（利他）→购买",
        "αβχ²Δ ≤≥−×–—†‡ R² ① ★ □ … 《》、。",
        "Jöreskog Sörbom Nguyễn é ü ñ",
    ],
)  # fmt: skip
def test_the_bundled_font_has_what_reports_need(text):
    assert missing(text) == ""


def test_the_bundled_font_has_every_character_of_the_surveys():
    folder = bundled("koc_core").parent
    for path in sorted(folder.glob("*.yaml")):
        assert missing(path.read_text(encoding="utf-8")) == "", path.name


def test_missing_characters_are_named_once_in_order():
    assert missing(f"a{UNKNOWN}b{UNKNOWN}") == UNKNOWN


def test_text_that_no_font_has(monkeypatch):
    monkeypatch.setattr(fonts, "_system_font", lambda text: None)
    assert undrawable(f"信{UNKNOWN}") == UNKNOWN
    assert drawable(f"信{UNKNOWN}任") == "信□任"
    assert font_for(f"信{UNKNOWN}", 9).get_file() == str(BUNDLED)


def test_a_system_font_helps_out(monkeypatch, tmp_path):
    other = tmp_path / "other.otf"
    monkeypatch.setattr(fonts, "_system_font", lambda text: other)
    assert undrawable(UNKNOWN) == ""
    assert font_for(UNKNOWN, 9).get_file() == str(other)
    assert font_for("信任", 9).get_file() == str(BUNDLED)


def test_the_licence_travels_with_the_font():
    text = (BUNDLED.parent / "OFL.txt").read_text(encoding="utf-8")
    assert text.startswith("Copyright 2014-2021 Adobe")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert BUNDLED.stat().st_size < 3_000_000
