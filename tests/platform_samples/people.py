"""Columns about the respondents, to be put behind an export of any platform."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from platform_samples.samples import SAMPLES, SECRETS, Sample

#: What platforms store of a person, and what people write of themselves.
PEOPLE = {
    "姓名": ["欧阳震华", "Zhuge Liangliang"],
    "您的昵称": ["快乐小鱼儿", "laowang_88"],
    "手机号码": ["13911112222", "+86 137 0000 1111"],
    "邮箱": ["han.meimei@example.com", "wang@example.cn"],
    "openid": ["oXyZ9876543210AbCdEfGhIjKl", "oZZZ9876543210AbCdEfGhIj"],
    "IP归属": ["203.0.113.77(黑龙江-哈尔滨)", "2001:db8::8a2e:370:7334"],
    "省份": ["黑龙江省", "内蒙古"],
    "城市": ["哈尔滨市", "呼和浩特"],
    "经度": ["126.64256", "111.75199"],
    "latitude": ["45.75697", "40.84149"],
    "user agent": ["Opera/9.80 (Android; Linux)", "Safari/537.36"],
    "device id": ["3f2c9a77-aa11", "IMEI-35209900"],
    "referrer": ["https://example.net/?from=laowang", "https://example.net/xh"],
    "token": ["tk9ZqW7Lm2", "tkA1b2C3d4"],
    "请留下其他建议": ["我叫司马相如一请联系我", "write to Zhuge Liangliang"],
}
PARTS = ("203.0.113", "黑龙江", "哈尔滨", "司马相如一", "Zhuge")

Rows = list[list[str]]


def found_in(text: str) -> list[str]:
    """Return what a text tells of the respondents."""
    told = [value for values in PEOPLE.values() for value in values]
    return [secret for secret in (*SECRETS, *PARTS, *told) if secret in text]


def with_people(rows: Sequence[Sequence[str]], headers: int = 1) -> Rows:
    """Put the columns behind those of an export with so many rows of headers."""
    sheets = len(rows) - headers
    cells = [np.resize(values, sheets).tolist() for values in PEOPLE.values()]
    told = [*([*PEOPLE] for _ in range(headers)), *zip(*cells, strict=True)]
    return [[*row, *who] for row, who in zip(rows, told, strict=True)]


def headers_of(sample: Sample) -> int:
    """Count the rows of headers of a sample."""
    several = {"qualtrics/numbers": 3, "qualtrics/words": 3}
    several |= {"qualtrics/no_import_ids": 2, "qualtrics/legacy": 2}
    return next((n for name, n in several.items() if SAMPLES[name] is sample), 1)


def write_with_people(sample: Sample, folder: Path) -> Path:
    """Write a sample with people as its platform does, and return the file."""
    rows = with_people(sample.rows(), headers_of(sample))
    if sample.kind:
        return _labelled(sample, rows, folder / f"answers.{sample.kind}")
    file = folder / "answers.csv"
    file.write_text(sample.with_rows(rows).text, encoding="utf-8-sig")
    return file


def _labelled(sample: Sample, rows: Rows, file: Path) -> Path:
    """Write a file of SPSS or Stata; other words than names stand in the titles."""
    header, *sheets = rows
    own = len(header) - len(PEOPLE)
    names = [*header[:own], *(f"V{place}" for place in range(len(PEOPLE)))]
    frame = pd.DataFrame(sheets, columns=names)
    for name in names[:own]:
        filled = frame[name] != ""
        numbers = pd.to_numeric(frame[name].where(filled), errors="coerce")
        if numbers.notna().sum() == filled.sum():
            frame[name] = numbers.astype(float)
    write = {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[sample.kind]
    write(
        frame,
        str(file),
        column_labels=[*(sample.titles or [""] * own), *PEOPLE],
        variable_value_labels={
            names[place]: {float(code): word for code, word in words.items()}
            for place, words in (sample.labels or {}).items()
        },
    )
    return file
