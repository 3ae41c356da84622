"""What a questionnaire brings back from each platform is matched without hand work."""

from pathlib import Path

import pandas as pd
import pytest

from kocsem.data.read.responses import read_responses
from kocsem.instrument.export.registry import survey_files
from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument
from survey_sites import kobo, limesurvey, qualtrics, redcap
from survey_sites.instruments import odd_instrument, twin_instrument
from survey_sites.sheets import as_read, made_up

#: Target, who answers for it, the reader's name, the ending of the answers.
PLATFORMS = {
    "qualtrics": (qualtrics.write_answers, "qualtrics", "csv"),
    "limesurvey": (limesurvey.write_answers, "limesurvey", "csv"),
    "xlsform": (kobo.write_answers, "kobo", "xlsx"),
    "redcap": (redcap.write_answers, "redcap", "csv"),
}


@pytest.mark.parametrize(
    "instrument", [load_instrument("koc_core"), odd_instrument()], ids=lambda i: i.id
)
@pytest.mark.parametrize("coding", ["number", "text"])
@pytest.mark.parametrize("target", PLATFORMS)
def test_answers_come_back_to_their_codes(
    target: str, coding: str, instrument: Instrument, tmp_path: Path
) -> None:
    answer, platform, ending = PLATFORMS[target]
    answers = made_up(instrument, n=40, seed=5)
    for exported in survey_files(instrument, target).files:
        file = tmp_path / f"answers.{ending}"
        file.write_bytes(answer(exported.content, answers, coding))
        responses = read_responses(file, instrument)
        assert responses.source.platform == platform
        pd.testing.assert_frame_equal(
            responses.answers.reset_index(drop=True),
            as_read(instrument, answers),
            check_names=False,
        )


@pytest.mark.parametrize("coding", ["number", "text"])
@pytest.mark.parametrize("target", PLATFORMS)
def test_the_same_words_come_back_to_their_codes(
    target: str, coding: str, tmp_path: Path
) -> None:
    test_answers_come_back_to_their_codes(target, coding, twin_instrument(), tmp_path)
