"""The demo answers are what the script makes, and what it says they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from demo.sheets import Demo, Sheets, make_sheets
from demo.wenjuanxing import file_name, make_csv
from make_demo import DEMOS

from kocsem.data.read.responses import read_responses
from kocsem.data.screening.screen import screen
from kocsem.data.types import Responses, Screening
from kocsem.instrument.bundled import bundled, surveys_folder
from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument

CODINGS = {
    "koc_core": "number",
    "koc_extended": "number",
    "koc_extended_short": "text",
    "koc_kol": "number",
    "koc_kol_within": "text",
}
#: Received, dropped by each rule in its order, kept.
STEPS = (
    *("received", "consent", "screener", "instructed", "infrequency", "speed"),
    *("straightlining", "duplicate", "missing", "kept"),
)
FLOW_OF_420 = (470, 2, 3, 8, 0, 13, 13, 8, 3, 420)
FLOWS: Mapping[str, tuple[int, ...]] = {
    "koc_core": FLOW_OF_420,
    "koc_extended": (896, 4, 6, 15, 0, 25, 25, 15, 6, 800),
    "koc_extended_short": FLOW_OF_420,
    "koc_kol": (671, 3, 4, 11, 0, 19, 19, 11, 4, 600),
    "koc_kol_within": (335, 1, 2, 6, 0, 9, 9, 6, 2, 300),
}


@dataclass(frozen=True)
class Shipped:
    """A file of demo answers, as it is drawn and as it is read."""

    demo: Demo
    instrument: Instrument
    sheets: Sheets
    responses: Responses
    screening: Screening


@pytest.fixture(scope="module", params=DEMOS)
def shipped(request: pytest.FixtureRequest) -> Shipped:
    demo = DEMOS[request.param]
    instrument = load_instrument(demo.instrument)
    responses = read_responses(bundled(file_name(demo)), instrument)
    screening = screen(responses, instrument)
    return Shipped(demo, instrument, make_sheets(demo), responses, screening)


def test_every_instrument_has_demo_answers() -> None:
    files = {file.stem for file in surveys_folder().glob("*.yaml")}
    instruments = {name for name in files if not name.endswith("_study")}
    assert set(DEMOS) == instruments == set(CODINGS)


def test_the_file_is_what_the_script_makes(shipped: Shipped) -> None:
    made = make_csv(shipped.demo)
    assert bundled(file_name(shipped.demo)).read_bytes() == made


def test_another_seed_makes_other_answers() -> None:
    demo = DEMOS["koc_core"]
    assert make_csv(demo, 1) != make_csv(demo)


def test_every_column_is_matched_with_certainty(shipped: Shipped) -> None:
    findings = shipped.responses.findings
    assert [finding.code for finding in findings] == ["synthetic-data"]
    assert set(shipped.responses.answers) == set(shipped.instrument.known_columns)


def test_both_codings_are_shipped(shipped: Shipped) -> None:
    source = shipped.responses.source
    assert source.platform == "wenjuanxing"
    assert source.coding == CODINGS[shipped.demo.instrument]


def test_what_is_read_is_what_was_drawn(shipped: Shipped) -> None:
    read = shipped.responses.answers
    for code in read:
        drawn = shipped.sheets.answers[code].astype(float)
        drawn[drawn < 0] = np.nan
        np.testing.assert_array_equal(read[code], drawn, err_msg=code)
    np.testing.assert_array_equal(shipped.responses.seconds, shipped.sheets.seconds)


def test_screening_finds_what_was_planted_and_nothing_else(shipped: Shipped) -> None:
    dropped = shipped.screening.dropped
    found = dict(zip(dropped["row"], dropped["reason"], strict=True))
    planted = enumerate(shipped.sheets.spoilt, start=2)
    assert found == {row: reason for row, reason in planted if reason}
    assert {finding.severity for finding in shipped.screening.findings} <= {"info"}


def planted_rows(shipped: Shipped, *reasons: str) -> list[int]:
    """Return the rows of the file that were spoilt for one of these reasons."""
    spoilt = enumerate(shipped.sheets.spoilt, start=2)
    return [row for row, reason in spoilt if reason in reasons]


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        ("consent", ("consent",)),
        # who stops at the door answers nothing behind it
        ("screener", ("screener", "consent")),
        ("instructed", ("instructed",)),
        ("infrequency", ()),
        ("speed", ("speed",)),
        ("straightlining", ("straightlining",)),
        ("duplicate", ("duplicate",)),
        ("same_answers", ("duplicate",)),
        ("same_origin", ("duplicate",)),
        ("missing", ("missing", "screener", "consent")),
    ],
)
def test_every_rule_by_itself_finds_what_was_planted(
    shipped: Shipped, rule: str, planted: tuple[str, ...]
) -> None:
    reasons = shipped.screening.reasons
    found = reasons.index[reasons[rule]].tolist()
    assert found == planted_rows(shipped, *planted)


def test_who_agrees_with_everything_contradicts_a_reversed_item(
    shipped: Shipped,
) -> None:
    if not any(item.reverse for item in shipped.instrument.items):
        pytest.skip("no item is reversed")
    first = shipped.instrument.items[0].id
    same = [
        row
        for row in planted_rows(shipped, "straightlining")
        if shipped.sheets.answers[first][row - 2] in (1, 5)
    ]
    assert len(same) > 3
    assert shipped.screening.reasons.loc[same, "contradiction"].all()


def test_the_sample_flow(shipped: Shipped) -> None:
    flow = [(step.reason, step.n) for step in shipped.screening.flow]
    counts = FLOWS[shipped.demo.instrument]
    assert flow == list(zip(STEPS, counts, strict=True))


def test_about_one_answer_in_a_hundred_is_missing(shipped: Shipped) -> None:
    items = [item.id for item in shipped.instrument.items]
    missing = shipped.screening.kept.answers[items].isna().to_numpy().mean()
    assert 0.006 < missing < 0.014


def test_some_do_not_notice_that_an_item_is_reversed(shipped: Shipped) -> None:
    """Who agrees with everything else of a construct agrees with this as well."""
    kept = shipped.screening.kept.answers
    for item in shipped.instrument.items:
        if not item.reverse:
            continue
        others = [
            other.id
            for other in shipped.instrument.items
            if other.construct == item.construct and not other.reverse
        ]
        high = kept[others].min(axis=1) >= 4
        r = kept[others].mean(axis=1).corr(kept[item.id])
        assert (kept.loc[high, item.id] >= 4).sum() >= 2
        assert -0.75 < r < -0.3


def test_the_file_is_marked_and_holds_no_address(shipped: Shipped) -> None:
    file = bundled(file_name(shipped.demo))
    assert file.name.endswith("_demo.csv")
    _, *lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == FLOWS[shipped.demo.instrument][0]
    for line in lines:
        cells = line.split(",")
        assert cells[3] == cells[4] == "synthetic 合成演示数据"
        assert re.fullmatch(r"synthetic-\d{4}\(.+-.+\)", cells[5])
        assert not re.search(r"\d+\.\d+\.\d+\.\d+", line)


def test_nobody_reads_faster_than_screening_believes(shipped: Shipped) -> None:
    seconds = shipped.screening.kept.seconds
    assert seconds is not None
    rows = len(shipped.instrument.likert_rows)
    assert seconds.min() > 2 * rows
    assert abs(np.log(seconds / (80 + 5 * rows)).median()) < 0.1


def test_half_rate_one_creator_and_half_the_other() -> None:
    demo = DEMOS["koc_kol"]
    sheets = make_sheets(demo)
    honest = np.array([reason == "" for reason in sheets.spoilt])
    kind = sheets.answers["GRP"][honest]
    assert np.bincount(kind).tolist() == [0, 300, 300]
    seen = sheets.answers["MC1"][honest]
    assert seen[kind == 1].mean() < 3
    assert seen[kind == 2].mean() > 5


def test_the_order_of_two_ratings_is_balanced() -> None:
    sheets = make_sheets(DEMOS["koc_kol_within"])
    honest = np.array([reason == "" for reason in sheets.spoilt])
    assert np.bincount(sheets.answers["ORD"][honest]).tolist() == [0, 150, 150]
    koc, kol = (sheets.answers[f"MC1_{c}"][honest].mean() for c in ("KOC", "KOL"))
    assert koc < 3 < 5 < kol


@pytest.mark.parametrize("name", DEMOS)
def test_who_never_bought_was_not_asked_how_much(name: str) -> None:
    sheets = make_sheets(DEMOS[name])
    honest = np.array([reason == "" for reason in sheets.spoilt])
    never = sheets.answers["SC2"][honest] == 2
    assert (sheets.answers["FRQ"][honest][never] == 1).all()
    assert (sheets.answers["AMT"][honest] < 0).tolist() == never.tolist()
