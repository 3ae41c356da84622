"""The proposed block settles what is open, and pasted into a study it is accepted."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kocsem.data.read.choices import ReadingChoices
from kocsem.data.read.inspect import inspect_export
from kocsem.data.read.proposal import proposed_block
from kocsem.data.read.responses import read_chosen, responses_of
from kocsem.errors import DataError
from kocsem.instrument.types import Instrument

#: B1 by words much like it, GEN in words of its own, SC not asked.
SHEETS = [
    ["A1", "A2", "我会买的", "B2", "AT", "GEN", "备注"],
    ["1", "2", "3", "1", "3", "男性", "张三 13800001111"],
    ["2", "2", "1", "1", "3", "女", "李四"],
]


def _block(file: Path, small: Instrument, **said: Any) -> str:
    inspection = inspect_export(file, small, ReadingChoices(**said))
    return proposed_block(inspection, small)


def test_what_is_open_is_named_with_its_remedy(
    write_csv: Any, small: Instrument
) -> None:
    block = _block(write_csv(SHEETS), small)
    data = yaml.safe_load(block)["data"]
    assert data["mapping"] == {"B1": 3, "SC": None, "CAT": None, "YEARS": None}
    assert data["recode"] == {"GEN": {"男性": 1}}
    assert "    B1: 3  # likely (86%): '我会买的'" in block.splitlines()
    assert "张三" not in block
    assert "13800001111" not in block


def test_the_pasted_block_settles_it(write_csv: Any, small: Instrument) -> None:
    file = write_csv(SHEETS)
    with pytest.raises(DataError, match="1 cell is no answer"):
        responses_of(inspect_export(file, small, ReadingChoices()), small)
    data = yaml.safe_load(_block(file, small))["data"]
    assert data.pop("file") == file.name
    responses = read_chosen(file, small, ReadingChoices(**data))
    assert responses.answers["B1"].tolist() == [3.0, 1.0]
    assert responses.answers["GEN"].tolist() == [1.0, 2.0]
    assert not [f for f in responses.findings if f.code == "uncertain-column"]
    assert _block(file, small, **data) == ""
