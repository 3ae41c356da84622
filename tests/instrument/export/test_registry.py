"""Every target writes the same bytes twice, in the languages asked for."""

import pytest

from kocsem.errors import InstrumentError, UnsupportedError
from kocsem.instrument.export.registry import TARGETS, find_target, survey_files
from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument
from survey_sites.instruments import odd_instrument

NAMES = {
    ("wenjuanxing", ()): ["odd.wenjuanxing.zh.txt"],
    ("wenjuanxing", ("en",)): ["odd.wenjuanxing.en.txt"],
    ("qualtrics", ()): ["odd.qualtrics.zh.txt", "odd.qualtrics.en.txt"],
    ("limesurvey", ()): ["odd.limesurvey.txt"],
    ("xlsform", ("en", "zh", "en")): ["odd.xlsform.xlsx"],
    ("redcap", ("en", "zh")): ["odd.redcap.en.csv", "odd.redcap.zh.csv"],
}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize(
    "instrument", [load_instrument("koc_core"), odd_instrument()], ids=lambda i: i.id
)
def test_the_same_questionnaire_gives_the_same_bytes(target, instrument):
    first, second = (survey_files(instrument, target.name) for _ in range(2))
    assert first == second
    assert all(file.content for file in first.files)
    assert find_target(target.name) is target


@pytest.mark.parametrize(("to", "languages"), NAMES, ids=str)
def test_files_are_named_after_instrument_target_and_language(to, languages):
    files = survey_files(odd_instrument(), to, languages).files
    assert [file.name for file in files] == NAMES[to, languages]


def test_an_unknown_target_is_refused_with_the_nearest():
    with pytest.raises(UnsupportedError, match=r"no target redcup; did you mean redc"):
        survey_files(odd_instrument(), "redcup")
    with pytest.raises(UnsupportedError, match=r"known: wenjuanxing, .*\.$"):
        survey_files(odd_instrument(), "?")


@pytest.mark.parametrize("target", sorted({target for target, _ in NAMES}))
def test_rows_without_wording_cannot_be_exported(target):
    silent = Instrument(
        id="s",
        version="1",
        title="A survey",
        scale=5,
        constructs=[{"id": "TR", "name": "Trust", "items": ["TR1", "TR2"]}],
    )
    with pytest.raises(InstrumentError, match="no wording for TR1, TR2"):
        survey_files(silent, target)
