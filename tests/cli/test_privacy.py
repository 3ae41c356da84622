"""Who answered never leaves the file: not in a report, a message or an exception."""

import csv
import io
import re
import zipfile
from importlib import import_module

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from kocsem.data.read.responses import read_responses
from kocsem.errors import DataError
from kocsem.instrument.load import load_instrument
from kocsem.reporting.result import run_study
from platform_samples import people
from small_study import HYPOTHESES, INSTRUMENT, STUDY, draw

PEOPLE = {
    "来自IP": ["203.0.113.77(北京-北京)", "2001:db8::8a2e:370:7334", "198.51.100.9"],
    "昵称": ["快乐小鱼儿", "ZhangWei_88", "老王爱喝茶"],
    "姓名": ["欧阳震华", "Li Leiming", "司马相如一"],
    "openid": ["oAbC1dEfGhIjKlMnOpQrStUv01", "oXyZ9876543210AbCdEfGhIjKl", "oQqQ12345"],
    "手机号": ["13800138000", "139-1234-5678", "+86 137 0000 1111"],
    "邮箱": ["lilei@example.org", "han.meimei@example.com", "wang@example.cn"],
    "您的微信号是多少？": ["wxid_7f3k9q2m", "wx-laowang", "meimei_wx"],
    "用户ID": ["U-772001", "U-772002", "U-772003"],
    "请留下其他建议": ["我叫欧阳震华请联系我", "call Li Leiming", "没有建议谢谢你"],
}
SECRETS = [secret.split("(")[0] for values in PEOPLE.values() for secret in values] + [
    "example.org",
    "203.0.113",
]


def with_people(frame):
    """Put columns about the respondents before and behind the answers."""
    n = len(frame)
    columns = {name: np.resize(values, n) for name, values in PEOPLE.items()}
    about = pd.DataFrame(columns, index=frame.index)
    meta = pd.DataFrame(
        {
            "序号": range(1, n + 1),
            "提交答卷时间": "2026/1/2 10:00:00",
            "所用时间": "300秒",
        },
        index=frame.index,
    )
    return pd.concat([meta, about.iloc[:, :5], frame, about.iloc[:, 5:]], axis=1)


def content(path):
    """Return everything that a file holds, archives unpacked."""
    raw = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        return raw.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return "".join(
            archive.read(n).decode("utf-8", "replace") for n in archive.namelist()
        )


def found_in(text):
    return [secret for secret in SECRETS if secret in text]


def test_report_and_summary(folder, kocsem):
    folder.answers(with_people(draw()))
    folder.study(text=STUDY.replace("duplicates: keep", "duplicates: flag"))
    outcome = kocsem("run", "study.yaml", "--out", "out")
    assert outcome.status == 0
    assert found_in(outcome.out + outcome.err) == []
    written = [p for p in (folder.path / "out").rglob("*") if p.is_file()]
    assert len(written) > 40
    leaks = {p.name: found for p in written if (found := found_in(content(p)))}
    assert leaks == {}


def test_workbook(folder, kocsem):
    with_people(draw()).to_excel(folder.path / "answers.xlsx", index=False)
    args = ("--data", "answers.xlsx", "--format", "xlsx", "--out", "out")
    outcome = kocsem("run", "study.yaml", *args)
    assert outcome.status == 0
    leaks = [p for p in (folder.path / "out").rglob("*.*") if found_in(content(p))]
    assert leaks == []
    assert found_in(outcome.out) == []


def shifted(frame):
    """Move the cells of some rows to the right, as a stray separator does."""
    text = frame.astype(str)
    for row in (3, 4, 5):
        text.iloc[row] = ["x", *text.iloc[row, :-1]]
    return text


def swapped(frame):
    """Give the answers of one item the nicknames."""
    return frame.assign(x2=frame["昵称"], m1=frame["手机号"], y1=frame["openid"])


def headless(frame):
    """Lose the headers, so that the first respondent stands in row 1."""
    return frame.astype(str).T.set_index(0).T


def half_headless(frame):
    """Lose the headers of the columns about the respondents."""
    first = {name: str(frame[name].iloc[0]) for name in PEOPLE}
    return frame.rename(columns=first).drop(columns="x2")


@pytest.mark.parametrize("spoil", [shifted, swapped, headless])
@pytest.mark.parametrize("command", ["run", "check"])
def test_messages(folder, kocsem, spoil, command):
    folder.answers(spoil(with_people(draw())))
    args = {"run": ["study.yaml"], "check": ["answers.csv", "--instrument=small.yaml"]}
    outcome = kocsem(command, *args[command])
    assert outcome.status == 2
    assert "answers.csv" in outcome.err
    assert found_in(outcome.out + outcome.err) == []


@pytest.mark.parametrize("spoil", [shifted, swapped, headless])
def test_exceptions(folder, spoil):
    folder.answers(spoil(with_people(draw())))
    with pytest.raises(DataError) as caught:
        read_responses(folder.path / "answers.csv", load_instrument("small.yaml"))
    error = caught.value
    assert found_in(str(error)) == []
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


def test_numbers_and_addresses_in_place_of_headers(folder, kocsem):
    folder.answers(half_headless(with_people(draw())))
    heard = kocsem("check", "answers.csv", "--instrument", "small.yaml").err
    assert "no column for the items x2" in heard
    for secret in ("203.0.113", "13800138000", "lilei@", "oAbC1dEf"):
        assert secret not in heard


def test_answers_hold_codes_and_numbers_only(folder):
    folder.answers(with_people(draw()))
    file, instrument = folder.path / "answers.csv", load_instrument("small.yaml")
    responses = read_responses(file, instrument)
    assert set(responses.answers.columns) <= set(instrument.known_columns)
    assert {str(kind) for kind in responses.answers.dtypes} == {"float64"}
    assert set(responses.origin.dropna()) == {0.0, 1.0, 2.0}
    assert found_in(repr(responses)) == []


PLATFORMS = (
    *("wenjuanxing", "tencent", "qualtrics", "limesurvey", "redcap", "kobo"),
    *("google_forms", "plain", "sav", "dta"),
)


def worded():
    """Give the rows of the small instrument words, for platforms that show words."""
    rows = re.sub(r"\{id: (\w+), construct: (\w)", r"{id: \1, text: Row \1 一, "
                  r"construct: \2", INSTRUMENT)  # fmt: skip
    return rows + HYPOTHESES


def export(platform, instrument, file):
    """Write answers with people as a platform does."""
    answers = draw().astype(float)
    if platform in ("sav", "dta"):
        for place, values in enumerate(people.PEOPLE.values()):
            answers[f"V{place}"] = np.resize(values, len(answers))
        writer = getattr(pyreadstat, f"write_{platform}")
        names = [*answers.columns[: -len(people.PEOPLE)], *people.PEOPLE]
        writer(answers, str(file), column_labels=names)
        return
    module = import_module(f"platform_answers.{platform}")
    rng = np.random.Generator(np.random.PCG64(3))
    write = getattr(module, f"write_{platform}")
    raw = write(instrument, answers, coding="number", rng=rng)
    rows = list(csv.reader(io.StringIO(decoded(raw), newline="")))
    headers = 3 if platform == "qualtrics" else 1
    text = io.StringIO()
    csv.writer(text).writerows(people.with_people(rows, headers))
    file.write_text(text.getvalue(), encoding="utf-8-sig")


def decoded(raw):
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_to_the_report(folder, kocsem, platform):
    folder.instrument(text=worded())
    name = f"answers.{platform if platform in ('sav', 'dta') else 'csv'}"
    export(platform, load_instrument("small.yaml"), folder.path / name)
    assert len(people.found_in(content(folder.path / name))) > 20
    study = STUDY.replace("answers.csv", name)
    folder.study(text=study.replace("duplicates: keep", "duplicates: flag"))
    checked = kocsem("check", name, "--instrument", "small.yaml")
    assert people.found_in(checked.out + checked.err) == []
    assert "Screening: received 400" in checked.out
    outcome = kocsem("run", "study.yaml", "--out", "out")
    assert (outcome.status, outcome.err) == (0, "")
    assert people.found_in(outcome.out) == []
    written = [p for p in (folder.path / "out").rglob("*") if p.is_file()]
    assert len(written) > 40
    leaks = {p.name: found for p in written if (found := people.found_in(content(p)))}
    assert leaks == {}


def test_the_records_of_a_study(folder):
    folder.answers(with_people(draw()))
    result = run_study(folder.file)
    assert found_in(repr(result)) == []
    assert found_in(repr(result.responses)) == []
