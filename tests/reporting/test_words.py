import pytest

from kocsem.instrument.types import Text
from kocsem.reporting import notes, screening_notes, words

CATALOGUES = {
    name: catalogue
    for module in (words, notes, screening_notes)
    for name, catalogue in vars(module).items()
    if isinstance(catalogue, dict) and name.isupper()
}


@pytest.mark.parametrize("name", sorted(CATALOGUES))
def test_both_languages_have_the_same_placeholders(name):
    for key, text in CATALOGUES[name].items():
        assert isinstance(text, Text), key
        assert text.zh.count("{}") == text.en.count("{}"), key


def test_the_catalogues_are_found():
    assert {"TITLES", "HEADINGS", "NOTES", "METHOD", "PAGE", "VERDICTS"} <= set(
        CATALOGUES
    )


@pytest.mark.parametrize(
    ("verdict", "zh"),
    [
        ("supported", "成立"),
        ("not supported", "不成立"),
        ("contrary", "不成立（方向相反）"),
        ("not tested", "未检验"),
    ],
)
def test_verdicts_in_chinese(verdict, zh):
    assert words.VERDICTS[verdict].zh == zh


def test_nothing_is_ever_proved():
    for catalogue in CATALOGUES.values():
        for text in catalogue.values():
            assert "proved" not in text.en
            assert "证明" not in text.zh
