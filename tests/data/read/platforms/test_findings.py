"""What each platform's reader takes out, warns of, or leaves to the reader."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from kocsem.data.types import Responses
from kocsem.errors import DataError
from kocsem.findings import Finding
from platform_samples.samples import SAMPLES, Sample, check

Read = Callable[..., Responses]


def changed(sample: Sample, column: str, cells: list[str]) -> Sample:
    """Return a sample with other cells in the last rows of one column."""
    rows = sample.rows()
    place = rows[0].index(column)
    for row, cell in zip(rows[-len(cells) :], cells, strict=True):
        row[place] = cell
    return sample.with_rows(rows)


def with_column(sample: Sample, header: str, cells: list[str]) -> Sample:
    rows = sample.rows()
    added = [header, *[""] * (len(rows) - 1 - len(cells)), *cells]
    return sample.with_rows(
        [[*row, cell] for row, cell in zip(rows, added, strict=True)]
    )


def found(responses: Responses, code: str) -> list[Finding]:
    return [finding for finding in responses.findings if finding.code == code]


@pytest.mark.parametrize(
    "name",
    [
        *("qualtrics/numbers", "qualtrics/words", "qualtrics/legacy"),
        "qualtrics/no_import_ids",
    ],
)
def test_previews_are_taken_out_and_counted(name: str, read: Read) -> None:
    (finding,) = found(read(SAMPLES[name]), "preview-answers")
    assert (finding.severity, finding.value, finding.threshold) == ("warning", 1, 4)


@pytest.mark.parametrize("word", ["Survey Test", "2", "17", "调查预览"])
def test_every_kind_of_trial_is_taken_out(word: str, read: Read) -> None:
    sample = changed(SAMPLES["qualtrics/numbers"], "Status", ["0", "0", "0", word])
    check(read(sample), sample)


def test_an_unknown_status_is_kept_and_told(read: Read) -> None:
    sample = changed(SAMPLES["qualtrics/numbers"], "Status", ["77"])
    responses = read(sample)
    assert len(responses.answers) == 4
    (finding,) = found(responses, "unknown-status")
    assert "holds '77', of unknown meaning" in finding.message
    assert not found(responses, "preview-answers")


@pytest.mark.parametrize(
    ("name", "count"),
    [
        *(("qualtrics/numbers", 1), ("qualtrics/words", 1), ("qualtrics/legacy", 1)),
        *(("limesurvey/codes", 1), ("limesurvey/full_text", 1)),
        *(("redcap/raw", 1), ("redcap/labels", 1), ("redcap/headers", 1)),
        *(("limesurvey/underscores", 0), ("kobo/split", 0), ("plain/codes", 0)),
    ],
)
def test_unfinished_sheets_are_kept_and_counted(
    name: str, count: int, read: Read
) -> None:
    findings = found(read(SAMPLES[name]), "unfinished-answers")
    assert [f.value for f in findings] == ([1] if count else [])
    assert all("they are kept" in finding.message for finding in findings)


def test_row_numbers_count_the_further_headers(read: Read) -> None:
    assert list(read(SAMPLES["qualtrics/numbers"]).answers.index) == [4, 5, 6]
    assert list(read(SAMPLES["qualtrics/legacy"]).answers.index) == [3, 4, 5]


@pytest.mark.parametrize(
    "name",
    [
        *("108397328_1_答案.csv", "问卷_按分数_216_214.csv", "答案_800_1.csv"),
        *("108397328_0_答案.csv", "问卷_按文本_216_214.csv", "答案_800_2.csv"),
    ],
)
def test_a_name_of_an_export_by_score_is_told(name: str, read: Read) -> None:
    responses = read(SAMPLES["wenjuanxing/number"], name)
    findings = found(responses, "export-by-score")
    by_score = "按分数" in name or "_1_" in name or name.endswith("_1.csv")
    assert [f.severity for f in findings] == (["warning"] if by_score else [])


@pytest.mark.parametrize(("total", "told"), [("总分", True), ("合计", False)])
def test_zeros_beside_a_total_tell_an_export_by_score(
    total: str, told: bool, read: Read
) -> None:
    sample = SAMPLES["wenjuanxing/number"]
    rows = sample.rows()
    rows[0][-1] = total
    first, last = rows[0].index("2、请作答—TA说实话。"), rows[0].index("2、AT")
    rows[1][first : last + 1] = ["2", "0", "0", "1", "2"]
    rows[3][first : last + 1] = ["0", "2", "-2", "0", "2"]
    responses = read(sample.with_rows(rows), first_code=0)
    assert bool(found(responses, "export-by-score")) == told
    assert list(responses.answers["A1"].dropna()) == [3, 1]


def test_a_count_of_zero_is_no_score(read: Read) -> None:
    sample = changed(SAMPLES["wenjuanxing/number"], "5、您多大？", ["0", "-3", "41"])
    assert not found(read(sample), "export-by-score")


def test_options_put_in_order_are_told(read: Read) -> None:
    sample = SAMPLES["wenjuanxing/text"]
    header = "4、哪些领域？（可多选）"
    ranked = changed(sample, header, ["其他→美食", "(跳过)", "数码(含手机)"])
    responses = read(ranked)
    check(responses, sample)
    (finding,) = found(responses, "ranking-not-read")
    assert finding.message.startswith("column 18 holds options put in order")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("tencent/export", "7.您的电话"),
        ("google_forms/sheet", "您的手机号码"),
        ("kobo/joined", "about_phone"),
        ("qualtrics/words", "Q9_mobile"),
        ("redcap/raw", "email_address"),
        ("limesurvey/codes", "PHONE[1]"),
        ("plain/codes", "location"),
        ("spss/codes", "wechat_openid"),
    ],
)
def test_questions_about_the_person_are_not_read(
    name: str, header: str, read: Read
) -> None:
    sample = with_column(SAMPLES[name], header, ["13800001111"])
    if sample.titles:
        sample = replace(sample, titles=(*sample.titles, ""))
    responses = read(sample)
    assert [f.subject for f in found(responses, "personal-column")] == [header]
    assert "13800001111" not in repr(responses) + responses.answers.to_csv()


def test_a_question_on_the_city_is_no_personal_column(read: Read) -> None:
    sample = with_column(SAMPLES["plain/codes"], "您所在的城市", ["1"])
    assert not found(read(sample), "personal-column")


def test_words_filled_in_are_not_taken_for_the_question(read: Read) -> None:
    responses = read(SAMPLES["tencent/export"])
    (finding,) = found(responses, "unknown-columns")
    assert finding.message.endswith("'4.哪些领域？（可多选）_填空3'.")


@pytest.mark.parametrize("header", ["CAT[other]", "CAT_other_"])
def test_other_words_say_that_the_option_was_chosen(header: str, read: Read) -> None:
    sample = SAMPLES["limesurvey/codes"]
    rows = sample.rows()
    rows[0][rows[0].index("CAT[3]")] = header
    sample = changed(sample.with_rows(rows), header, ["张三", "", ""])
    responses = read(sample)
    check(responses, sample)
    assert "张三" not in repr(responses)


def test_an_option_has_one_column(read: Read) -> None:
    sample = with_column(SAMPLES["limesurvey/codes"], "CAT[other]", ["张三"])
    with pytest.raises(DataError, match=r"both answer CAT(_3)?; remove or rename one"):
        read(sample)


def test_options_may_hold_the_separator(read: Read) -> None:
    sample = SAMPLES["google_forms/linear"]
    with pytest.raises(DataError, match="holds what is no option"):
        read(changed(sample, "CAT", ["美食, 张三", "", ""]))


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2025-09-01T12:00:00+08:00", "2025-09-01T04:03:32Z", 212.0),
        ("2025-09-01T12:00:00+08:00", "2025-09-01T12:03:32", None),
        ("2025-09-01T12:00:00+08:00", "2025-09-01T11:00:00+08:00", None),
        ("2025-09-01T12:00:00+08:00", "later", None),
    ],
)
def test_moments_that_tell_no_time_are_told(
    start: str, end: str, seconds: float | None, read: Read
) -> None:
    sample = SAMPLES["kobo/joined"]
    sample = changed(changed(sample, "start", [start]), "end", [end])
    responses = read(sample)
    expected = np.nan if seconds is None else seconds
    np.testing.assert_array_equal(responses.seconds, [212.0, 8.0, expected])
    assert bool(found(responses, "unread-duration")) == (seconds is None)


def test_a_sheet_that_was_not_handed_in_has_no_time(read: Read) -> None:
    sample = changed(SAMPLES["kobo/joined"], "end", [""])
    responses = read(sample)
    np.testing.assert_array_equal(responses.seconds, [212.0, 8.0, np.nan])
    assert not found(responses, "unread-duration")


def test_the_address_goes_before_the_device(read: Read) -> None:
    sample = with_column(SAMPLES["plain/english"], "ip", ["9.9.9.1"] * 3)
    assert list(read(sample).origin) == [0.0, 0.0, 0.0]  # type: ignore[arg-type]
    empty = with_column(SAMPLES["plain/english"], "ip", [""] * 3)
    assert list(read(empty).origin) == [0.0, 1.0, 0.0]  # type: ignore[arg-type]
