"""Headers that show a code in another guise find it, and take nothing else's place."""

from pathlib import Path
from typing import Any

import pytest

from kocsem.data.read.responses import read_responses
from kocsem.instrument.types import Instrument

ANSWERS = ["1", "2", "3"]


def _instrument(*codes: str, **more: Any) -> Instrument:
    items = [{"id": c, "construct": "X", "text": f"The text of {c}"} for c in codes]
    return Instrument(
        id="s",
        version="1",
        title="A survey",
        scale=5,
        constructs=[{"id": "X", "name": "X"}],
        items=items,
        **more,
    )


def _read(folder: Path, instrument: Instrument, *headers: str) -> dict[str, float]:
    file = folder / "answers.csv"
    cells = ANSWERS[: len(headers)]
    file.write_text("\n".join(map(",".join, (headers, cells))), encoding="utf-8")
    return dict(read_responses(file, instrument).answers.iloc[0])


@pytest.mark.parametrize(
    ("codes", "headers"),
    [
        (("T_1", "T_2"), ("T1", "T2")),
        (("T_1", "T_2"), ("t1", "T_2")),
        (("T.1", "U"), ("T1", "u")),
        (("T1", "T_1"), ("T1", "T_1")),
        (("T_1", "T1"), ("t_1", "t1")),
        (("T1_A", "T1_B"), ("T1_A. Words", "T1_B：words, and more")),
        (("T1_A", "T1_B"), ("2、Stem—T1_A. Words", "2、T1_B. Words")),
        (("T1_A", "T1_B"), ("第2题(T1_A. Words)", "第2题(t1_b. Words)")),
    ],
)
def test_a_code_is_known_in_other_guises(codes, headers, tmp_path):
    found = _read(tmp_path, _instrument(*codes), *(f'"{h}"' for h in headers))
    assert found == {codes[0]: 1, codes[1]: 2}


def test_a_box_of_a_question_is_no_item_of_a_like_code(tmp_path):
    fields = {
        "id": "CAT",
        "kind": "multi",
        "name": "Fields",
        "text": "Which?",
        "options": ["Food", "Other"],
    }
    instrument = _instrument("CAT1", demographics=[fields])
    file = tmp_path / "answers.csv"
    file.write_text("CAT_1,CAT1,CAT[2]\n0,4,1", encoding="utf-8")
    (found,) = read_responses(file, instrument).answers.to_dict("records")
    assert found == {"CAT1": 4, "CAT_1": 0, "CAT_2": 1}
