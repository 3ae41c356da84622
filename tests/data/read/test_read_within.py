"""Answers on two creators in the layout of a 问卷星 export find their columns."""

from pathlib import Path

import pandas as pd

from kocsem.data.read.responses import read_responses
from kocsem.instrument.load import load_instrument
from kocsem.instrument.questionnaire import Entry, questionnaire


def headers(entry: Entry) -> list[str]:
    """Write the headers of an entry as the platform numbers and words them."""
    stem = f"{entry.number}、{entry.text.zh}"
    if entry.kind == "matrix":
        return [f"{stem}—{row.text.zh}" for row in entry.rows]
    if entry.kind == "multi":
        return [f"{stem}({option.label.zh})" for option in entry.options]
    return [stem]


def test_every_column_of_both_creators_is_read(tmp_path: Path) -> None:
    within = load_instrument("koc_kol_within")
    cells: dict[str, list[object]] = {"序号": [1, 2]}
    expected: dict[str, int] = {}
    value = 0
    for entry in questionnaire(within).entries:
        names = headers(entry) if entry.kind != "note" else []
        columns = [f"{entry.code}_{o.code}" for o in entry.options]
        for name, code in zip(
            names, columns if entry.kind == "multi" else entry.codes, strict=True
        ):
            value += 1
            top = 2 if entry.kind == "multi" else len(entry.options)
            expected[code] = value % top + (entry.kind != "multi")
            cells[name] = [expected[code]] * 2
    file = tmp_path / "answers.csv"
    pd.DataFrame(cells).to_csv(file, index=False)
    answers = read_responses(file, within).answers
    assert answers.iloc[0].to_dict() == expected
