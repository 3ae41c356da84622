"""A small instrument and a way to write files of answers."""

import csv
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument

# for make_demo and the package demo, which draw the demo answers
sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

WriteCsv = Callable[..., Path]


@pytest.fixture(scope="session")
def koc() -> Instrument:
    return load_instrument("koc_core")


@pytest.fixture(scope="session")
def small() -> Instrument:
    """Two constructs, wording in both languages, every kind of question."""
    anchors = [
        {"zh": "不同意", "en": "Disagree"},
        {"zh": "一般", "en": "Neither"},
        {"zh": "同意", "en": "Agree"},
    ]
    fields = [
        {"zh": "美食", "en": "Food"},
        {"zh": "数码(含手机)", "en": "Digital"},
        {"zh": "其他", "en": "Other"},
    ]
    items = [
        ("A1", "TA说实话。", "This KOC tells the truth."),
        ("A2", "TA有话直说。", "This KOC is frank."),
        ("B1", "我会买。", "I would buy."),
    ]
    return TypeAdapter(Instrument).validate_python(
        {
            "id": "small",
            "version": "1",
            "title": "Small",
            "scale": {"points": 3, "anchors": anchors},
            "constructs": [{"id": "A", "name": "A"}, {"id": "B", "name": "B"}],
            "items": [
                {"id": code, "construct": code[0], "text": {"zh": zh, "en": en}}
                for code, zh, en in items
            ]
            + [{"id": "B2", "construct": "B", "reverse": True, "optional": True}],
            "attention": [{"id": "AT", "kind": "instructed", "accept": [3]}],
            "screening": [
                {
                    "id": "SC",
                    "name": "Follows",
                    "text": {"zh": "您关注KOC吗？", "en": "Do you follow a KOC?"},
                    "options": [{"zh": "是", "en": "Yes"}, {"zh": "否", "en": "No"}],
                    "accept": [1],
                }
            ],
            "demographics": [
                {
                    "id": "GEN",
                    "name": {"zh": "性别", "en": "Gender"},
                    "text": {"zh": "您的性别", "en": "Your gender"},
                    "options": [
                        {"zh": "男", "en": "Male"},
                        {"zh": "女", "en": "Female"},
                    ],
                },
                {
                    "id": "CAT",
                    "kind": "multi",
                    "name": {"zh": "领域", "en": "Field"},
                    "text": {
                        "zh": "哪些领域？（可多选）",
                        "en": "Which fields? (several)",
                    },
                    "options": fields,
                },
                {
                    "id": "YEARS",
                    "kind": "number",
                    "name": {"zh": "年龄", "en": "Age"},
                    "text": {"zh": "您多大？", "en": "How old are you?"},
                },
                {
                    "id": "WHY",
                    "kind": "text",
                    "name": {"zh": "原因", "en": "Why"},
                    "text": {"zh": "为什么？", "en": "Why?"},
                },
            ],
        }
    )


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteCsv:
    """Write rows to a CSV file and return its path."""

    def write(
        rows: Sequence[Sequence[object]],
        encoding: str = "utf-8",
        separator: str = ",",
        name: str = "answers.csv",
    ) -> Path:
        text = io.StringIO()
        csv.writer(text, delimiter=separator).writerows(rows)
        file = tmp_path / name
        file.write_bytes(text.getvalue().encode(encoding))
        return file

    return write
