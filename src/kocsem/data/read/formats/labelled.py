"""Files of SPSS and Stata, whose variables carry labels, to tables of text.

In: bytes. Out: a table with variable names as headers, variable labels as titles and
value labels by code. The code stays a cell's text; codes that the file declares missing
become empty cells, and a finding says which. A row's number is the case number that the
data view of those programs shows, from 1 on.
"""

import io
import re
import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyreadstat

from kocsem.data.read.cells import Cells, RawTable
from kocsem.data.read.formats.words import cell_text, counted, listed
from kocsem.data.read.privacy import shown
from kocsem.errors import DataError
from kocsem.findings import Finding

_FROM_IDEOGRAPHS = "\u2000"
_CHINESE = "GB18030"
_ENOUGH = 3  # ideographs; "Größe" too holds a pair of letters that could be one
_FALSE_LATIN = ("cp1252", "latin-1")  # what is assumed where a file names no encoding


_FORMAT = re.compile(r"%?-?[0-9]*(tcHH|t[cCd]|[A-Za-z]+)")
_SPSS_EPOCH, _STATA_EPOCH = datetime(1582, 10, 14), datetime(1960, 1, 1)
_SPSS_DATES = "DATE ADATE EDATE JDATE SDATE QYR MOYR WKYR DATETIME YMDHMS"
#: By format of a variable: where its numbers begin, and their unit in seconds. Without
#: a beginning they are durations, which may be longer than a day.
_TIMES: Mapping[str, tuple[datetime | None, float]] = {
    **dict.fromkeys(_SPSS_DATES.split(), (_SPSS_EPOCH, 1.0)),
    **dict.fromkeys(("TIME", "DTIME", "MTIME"), (None, 1.0)),
    **dict.fromkeys(("td", "d"), (_STATA_EPOCH, 86400.0)),
    **dict.fromkeys(("tc", "tC"), (_STATA_EPOCH, 0.001)),
    "tcHH": (None, 0.001),
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """One format: how it begins, what a message calls it, who reads it."""

    name: str
    begins: Callable[[bytes], bool]
    program: str
    read: Callable[..., tuple[Mapping[str, Sequence[Any]], Any]]
    encodings: tuple[str | None, ...] = (None, _CHINESE)
    options: tuple[tuple[str, Any], ...] = (("user_missing", True),)


_KINDS = (
    _Kind(
        "sav",
        lambda start: start[:4] in (b"$FL2", b"$FL3"),
        "SPSS",
        pyreadstat.read_sav,
    ),
    _Kind(
        "por",
        lambda start: b"SPSS PORT FILE" in start[:512],
        "SPSS",
        pyreadstat.read_por,
        (None,),
        (),
    ),
    _Kind(
        "dta",
        lambda start: (
            start.startswith(b"<stata_dta>")
            or (start[:1] in b"ilnopqrs" and start[1:2] in b"\1\2" and len(start) > 2)
        ),
        "Stata",
        pyreadstat.read_dta,
    ),
)


def is_labelled(content: bytes) -> bool:
    """Tell whether a file is one of SPSS or Stata.

    Parameters
    ----------
    content : bytes
        What the file holds.

    Returns
    -------
    bool
        By its first bytes.
    """
    return any(kind.begins(content[:512]) for kind in _KINDS)


def read_labelled(file: Path, content: bytes) -> RawTable:
    """Read a file of SPSS (.sav, .zsav, .por) or Stata (.dta).

    Parameters
    ----------
    file : Path
        The file, for messages.
    content : bytes
        What it holds.

    Returns
    -------
    RawTable
        Names, labels and codes.

    Raises
    ------
    DataError
        If the file is damaged, cut off, or holds no case.
    """
    kind = next(kind for kind in _KINDS if kind.begins(content[:512]))
    values, about, encoding = _read(file, content, kind)
    header = tuple(values)
    if not header or not len(values[header[0]]):
        raise DataError(f"{file}: the {kind.program} file holds no case.")
    missing = {name: _missing(about, name) for name in header}
    shapes = about.original_variable_types
    columns = tuple(
        _cells(values[name], missing[name], shapes[name] or "") for name in header
    )
    emptied = {name: _emptied(values[name], missing[name]) for name in header}
    titles = tuple(label or "" for label in about.column_labels)
    labels = {
        header.index(name): {
            cell_text(code).strip(): text for code, text in texts.items()
        }
        for name, texts in about.variable_value_labels.items()
        if name in values
    }
    remarks = _remarks(file.name, kind, encoding, emptied)
    table = RawTable(
        file=file.name,
        encoding=kind.name,
        header=header,
        columns=columns,
        numbers=np.arange(1, len(columns[0]) + 1, dtype=np.int32),
        titles=titles if any(titles) else (),
        labels=labels or None,
        findings=tuple(remarks),
    )
    filled = np.logical_or.reduce([column.where(bool) for column in columns])
    if not filled.any():
        raise DataError(f"{file}: the {kind.program} file holds only empty cases.")
    return table.taken(filled)


def _read(
    file: Path, content: bytes, kind: _Kind
) -> tuple[Mapping[str, Sequence[Any]], Any, str | None]:
    """Read with the encoding that the file names, then with that of Chinese Windows."""
    failure: Exception | None = None
    for encoding in kind.encodings:
        given = {} if encoding is None else {"encoding": encoding}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # of names that occur twice
                values, about = kind.read(
                    io.BytesIO(content),
                    output_format="dict",
                    disable_datetime_conversion=True,
                    **dict(kind.options),
                    **given,
                )
        except Exception as error:  # the library raises whatever its parsers raise
            failure = failure or error
            continue
        rows = about.number_rows
        if rows is not None and any(len(cells) != rows for cells in values.values()):
            failure = failure or ValueError("the number of rows is another")
            break
        if encoding is None and _CHINESE in kind.encodings and _is_false(values, about):
            continue
        return values, about, encoding
    raise DataError(
        f"{file}: the {kind.program} file cannot be read; it is damaged or cut off "
        f"({failure}). Save it again in {kind.program}, or as .csv in UTF-8."
    )


def _is_false(values: Mapping[str, Sequence[Any]], about: Any) -> bool:
    """Tell whether Chinese was taken for the letters of Western Europe."""
    texts = {label for label in about.column_labels if label}
    for labels in about.variable_value_labels.values():
        texts |= set(labels.values())
    for name, kind in about.readstat_variable_types.items():
        if kind == "string":
            texts |= set(values[name]) - {None}
    foreign = [text for text in texts if not text.isascii()]
    meant = [chinese for text in foreign if (chinese := _meant(text))]
    ideographs = sum(char >= _FROM_IDEOGRAPHS for text in meant for char in text)
    return ideographs >= _ENOUGH and 2 * len(meant) > len(foreign)


def _meant(text: str) -> str | None:
    """Read letters of Western Europe as the Chinese they may have been."""
    for encoding in _FALSE_LATIN:
        try:
            return text.encode(encoding).decode("gb2312")
        except UnicodeError:
            continue
    return None


def _missing(about: Any, name: str) -> Callable[[Any], bool] | None:
    """Return what tells a value that the file declares missing."""
    ranges = about.missing_ranges.get(name, [])
    codes = set(about.missing_user_values.get(name, []))
    if not ranges and not codes:
        return None

    def is_missing(value: Any) -> bool:
        if value in codes:
            return True
        return any(
            isinstance(value, str) == isinstance(span["lo"], str)
            and span["lo"] <= value <= span["hi"]
            for span in ranges
        )

    return is_missing


def _cells(
    values: Sequence[Hashable], is_missing: Callable[[Any], bool] | None, shape: str
) -> Cells:
    """Gather a variable's values, each different one once."""
    index = {value: code for code, value in enumerate(dict.fromkeys(values))}
    codes = np.fromiter(map(index.__getitem__, values), np.int32, len(values))
    texts = {
        value: "" if _lost(value, is_missing) else _text(value, shape).strip()
        for value in index
    }
    return Cells(tuple(texts.values()), codes).renamed(str)


def _text(value: Any, shape: str) -> str:
    """Write a value; numbers that a format shows as dates become dates."""
    found = _FORMAT.match(shape)
    time = _TIMES.get(found.group(1)) if found else None
    if time is None or isinstance(value, str):
        return cell_text(value)
    epoch, unit = time
    try:
        lasting = timedelta(seconds=value * unit)
        return cell_text(lasting if epoch is None else epoch + lasting)
    except OverflowError:
        return cell_text(value)


def _lost(value: Any, is_missing: Callable[[Any], bool] | None) -> bool:
    return value is None or (is_missing is not None and is_missing(value))


def _emptied(
    values: Sequence[Any], is_missing: Callable[[Any], bool] | None
) -> tuple[int, list[str]]:
    """Count the cells that a declaration empties, and name their codes."""
    if is_missing is None:
        return 0, []
    found = [value for value in values if value is not None and is_missing(value)]
    return len(found), sorted(map(_shown, set(found)))


def _shown(code: Any) -> str:
    """Name a code; Stata's are letters behind a point."""
    if isinstance(code, str) and len(code) == 1 and code.isascii() and code.isalpha():
        return f".{code}"
    return shown(cell_text(code))


def _remarks(
    file: str,
    kind: _Kind,
    encoding: str | None,
    emptied: Mapping[str, tuple[int, list[str]]],
) -> Iterator[Finding]:
    total = sum(number for number, _ in emptied.values())
    if total:
        named = [
            f"{name} ({', '.join(codes)})"
            for name, (_, codes) in emptied.items()
            if codes
        ]
        message = (
            f"{file}: codes that the file declares missing, in "
            f"{counted(total, 'cell')} of {listed(named)}, count as empty."
        )
        yield Finding("declared-missing", "info", file, message, total)
    if kind.name == "por":
        message = (
            f"{file}: codes that a .por file declares missing count as empty, and it "
            "does not tell which; save it as .sav to see them."
        )
        yield Finding("declared-missing", "info", file, message)
    if encoding is not None:
        message = (
            f"{file}: the {kind.program} file names no encoding that fits; its text "
            "was read as GB 18030 (GBK), that of a Chinese Windows."
        )
        yield Finding("assumed-encoding", "info", file, message)
