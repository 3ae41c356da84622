"""What stands in the folders beside: one export a file, as its platform writes it.

All hold the same three answer sheets. A ``.csv`` file in `wenjuanxing/sav` or in
`labelled` holds the cells of a file of SPSS or Stata, whose labels stand here.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kocsem.data.read.cells import RawTable, build_table

FOLDER = Path(__file__).parent
NAN = np.nan
COLUMNS = ["SC", "A1", "A2", "B1", "B2", "AT", "GEN"]
COLUMNS += ["CAT_1", "CAT_2", "CAT_3", "YEARS"]
EXPECTED = [
    [1, 3, 2, 1, 2, 3, 2, 1, 0, 1, 30],
    [2, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN],
    [1, 1, 3, NAN, 1, 3, 1, 0, 1, 0, 41],
]
SECONDS = [212.0, 8.0, 182.0]
ORIGIN = [0.0, 1.0, 0.0]

#: Personal data that the samples are strewn with.
SECRETS = (
    *("9.9.9.9", "9.9.9.8", "广东", "北京", "张三", "小红", "13800001111"),
    *("oAbC1dEfGhIjKlMnOpQrStUv", "li.lei@example.org", "Mozilla", "Lei"),
    *("31.2304", "121.4737", "collect:9f", "uuid:7c1e", "R_3abcdEFGH1jkLmN", "t0k3n"),
)


@dataclass(frozen=True)
class Sample:
    """One export: its text, and what its platform tells of the answer sheets.

    `kind` is the kind of file where it is none of text: such a file has `titles` and
    `labels` beside its cells, and `text` stands for the cells alone.
    """

    platform: str
    coding: str
    text: str
    seconds: bool = True
    origin: bool = True
    kind: str = ""
    titles: tuple[str, ...] = ()
    labels: Mapping[int, Mapping[str, str]] | None = None

    def rows(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.text, newline="")))

    def table(self) -> RawTable:
        table = build_table(Path("a.csv"), self.kind or "utf-8", self.rows())
        return replace(table, titles=self.titles, labels=self.labels)

    def with_rows(self, rows: list[list[str]]) -> "Sample":
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return replace(self, text=text.getvalue())

    def turned(self) -> "Sample":
        """Return the same file with its columns in the opposite order."""
        last = len(self.rows()[0]) - 1
        labels = {last - place: found for place, found in (self.labels or {}).items()}
        return replace(
            self.with_rows([row[::-1] for row in self.rows()]),
            titles=self.titles[::-1],
            labels=labels or None,
        )


def check(responses: Any, sample: Sample) -> None:
    """Hold what was read against the three answer sheets."""
    assert list(responses.answers.columns) == COLUMNS
    np.testing.assert_array_equal(responses.answers.to_numpy(), EXPECTED)
    source = responses.source
    assert (source.platform, source.coding) == (sample.platform, sample.coding)
    found = None if responses.seconds is None else list(responses.seconds)
    assert found == (SECONDS if sample.seconds else None)
    found = None if responses.origin is None else list(responses.origin)
    assert found == (ORIGIN if sample.origin else None)


def _sample(platform: str, coding: str, file: str, **more: Any) -> Sample:
    text = (FOLDER / f"{file}.csv").read_text(encoding="utf-8")
    return Sample(platform, coding, text, **more)


def _of(platform: str, codings: dict[str, str], **more: Any) -> dict[str, Sample]:
    return {
        f"{platform}/{name}": _sample(platform, coding, f"{platform}/{name}", **more)
        for name, coding in codings.items()
    }


SCALE = {"1": "不同意", "2": "一般", "3": "同意"}
SPSS_CODES = _sample(
    "spss",
    "number",
    "labelled/codes",
    kind="sav",
    titles=(
        *("", "您关注KOC吗？", "TA说实话。", "TA有话直说。", "我会买。", "", ""),
        *("您的性别", "哪些领域？（可多选）: 美食", "", "", "您多大？", "", "", "昵称"),
    ),
    labels={
        1: {"1": "是", "2": "否"},
        **dict.fromkeys(range(2, 7), SCALE),
        7: {"1": "男", "2": "女"},
        8: {"0": "未选", "1": "选中"},
    },
)
SPSS_TITLES = _sample(
    "spss",
    "number",
    "labelled/titles",
    kind="sav",
    titles=(
        *(
            "Do you follow a KOC?",
            "A1: This KOC tells the truth.",
            "This KOC is frank.",
        ),
        *("Please answer - I would buy.", "B2", "AT. attention", "Gender"),
        *("Which fields? (several) - Food", "Which fields? (several): Digital"),
        *("Which fields? (several) [Other]", "How old are you?", "", "", ""),
    ),
)
WENJUANXING_SAV = _sample(
    "wenjuanxing",
    "number",
    "wenjuanxing/sav",
    kind="sav",
    titles=(
        *("序号", "所用时间", "来自IP", "1、您关注KOC吗？", "2、请作答—TA说实话。"),
        *(
            "2、TA有话直说。",
            "2、我会买。",
            "2、B2",
            "2、AT",
            "3、您的性别",
            "4、(美食)",
        ),
        *("4、(数码(含手机))", "4、(其他)", "5、您多大？"),
    ),
)
QUALTRICS_SAV = _sample(
    "qualtrics",
    "number",
    "qualtrics/sav",
    kind="sav",
    titles=(
        *("Start Date", "End Date", "Response Type", "IP Address", "Progress"),
        *("Duration (in seconds)", "Finished", "Response ID", "Do you follow a KOC?"),
        *("Please answer. - This KOC tells the truth.", "x - This KOC is frank."),
        *("x - I would buy.", "x - B2", "x - AT", "Your gender"),
        *("Which fields? (several) - Selected Choice - Food", "", "", "", ""),
    ),
    labels={2: {"0": "IP Address", "1": "Survey Preview"}},
)

SAMPLES: dict[str, Sample] = {
    **_of(
        "wenjuanxing",
        {"number": "number", "old": "number", "text": "text", "tagged": "text"},
    ),
    "wenjuanxing/sav": WENJUANXING_SAV,
    **_of("tencent", {"export": "text", "filled_in": "text"}),
    **_of(
        "qualtrics",
        {
            "numbers": "number",
            "words": "text",
            "legacy": "number",
            "no_import_ids": "text",
        },
    ),
    "qualtrics/sav": QUALTRICS_SAV,
    **_of(
        "limesurvey",
        {
            "codes": "number",
            "underscores": "number",
            "full_text": "text",
            "both": "text",
        },
    ),
    **_of(
        "redcap",
        {"raw": "number", "labels": "text", "headers": "text"},
        seconds=False,
        origin=False,
    ),
    **_of(
        "kobo",
        {"split": "number", "joined": "number", "labels": "text", "odk": "number"},
    ),
    **_of(
        "google_forms",
        {"sheet": "text", "english": "text", "linear": "mixed"},
        seconds=False,
        origin=False,
    ),
    "spss/codes": SPSS_CODES,
    "spss/titles": SPSS_TITLES,
    "stata/codes": replace(SPSS_CODES, platform="stata", kind="dta"),
    **_of("plain", {"codes": "number", "english": "text"}),
}
