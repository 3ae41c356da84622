"""Exports in CSV that were cut, joined, recoded or edited by hand."""

import gzip
from dataclasses import replace
from functools import partial

from broken_files.clean import (
    ANCHORS,
    FIRST,
    INSTRUMENT,
    ITEMS,
    LAST,
    Case,
    Rows,
    cells,
    clean,
    csv_of,
    headed,
    one_cell,
    table,
)

WIDE = str.maketrans("12345", "１２３４５")
CELL = "TR1, column '1、请作答—我相信TA说的话。', row 5: "
ADVICE = "Correct these cells, empty them"


def _swapped(head: list[str], one: int, other: int) -> list[str]:
    head[one], head[other] = head[other], head[one]
    return head


def _renamed(place: int, header: str) -> Rows:
    return headed(lambda head: [*head[:place], header, *head[place + 1 :]])


def _without(*places: int) -> Rows:
    return [[c for i, c in enumerate(row) if i not in places] for row in clean()]


def _with(header: str, cell: str, at: int = LAST + 2) -> Rows:
    head, *sheets = clean()
    return [
        [*head[:at], header, *head[at:]],
        *([*row[:at], cell, *row[at:]] for row in sheets),
    ]


def _twice(first: int = FIRST, header: str | None = None) -> Rows:
    head, *sheets = clean()
    return [[*head, header or head[first]], *([*row, row[first]] for row in sheets)]


def _two_versions() -> Rows:
    """Join two versions, the second with one item in a column of its own."""
    rows = _with("2、我对这件商品的包装印象深刻", "")
    for row in rows[11:]:
        row[-1], row[FIRST + 2] = row[FIRST + 2], ""
    return rows


def _shifted_sheets() -> Rows:
    rows = clean()
    for row in rows[5:8]:
        row[:] = [*row[:FIRST], row[FIRST - 1], *row[FIRST:-1]]
    return rows


def _many_columns() -> Rows:
    head, *sheets = clean()
    more = [f"z{i}" for i in range(3000)]
    return [[*head, *more], *([*row, *["x"] * 3000] for row in sheets)]


def _joined(rows: Rows) -> Rows:
    return [*clean(), *rows]


def _moved_columns() -> Rows:
    return [[*row[:FIRST], *row[FIRST:][::-1]] for row in clean()]


def _unmatched_quotation() -> bytes:
    return csv_of(clean()).replace(b"\r\n4,", b'\r\n"4,', 1)


def _mixed_encodings() -> bytes:
    lines = csv_of(clean(), encoding="utf-8").splitlines(keepends=True)
    foreign = [line.decode().encode("gb18030") for line in lines[20:]]
    return b"".join((*lines[:20], *foreign))


def _decimal_commas() -> bytes:
    return csv_of(cells(lambda cell: f"{cell},0"), ";")


def _plain(rows: Rows | None = None) -> Rows:
    """Return the answers under codes, without a word on the sheets."""
    return [[*ITEMS, "GEN"], *(row[FIRST : LAST + 1] for row in (rows or clean())[1:])]


def _qualtrics() -> Rows:
    """Write the answers as Qualtrics does, with a trial and an unfinished sheet."""
    about = ["StartDate", "EndDate", "Status", "Progress", "Finished", "ResponseId"]
    codes, *sheets = _plain()
    moments = ["2025-09-01 12:00:00", "2025-09-01 12:05:00"]
    head = [*about, *codes]
    ids = [f'{{"ImportId":"{name}"}}' for name in head]
    rows = [head, [f"words of {name}" for name in head], ids]
    for number, sheet in enumerate(sheets):
        reached = ["60", "0"] if number == 3 else ["100", "1"]
        rows.append([*moments, "0", *reached, f"R_{number}", *sheet])
    rows.insert(5, [*moments, "1", "100", "1", "R_trial", *["5"] * 6, "1"])
    return rows


def _label_of_nothing(label: str) -> str:
    """Let the lowest answer go by a word that also says "not answered"."""
    return INSTRUMENT.replace("非常不同意", f'"{label}"').replace(
        "Strongly dis", "Dis "
    )


def _texts(first: str = ANCHORS[0]) -> Rows:
    return cells(lambda cell: [first, *ANCHORS[1:]][int(cell) - 1])


def _not_answered(word: str) -> Rows:
    rows = _plain()
    rows[4][0] = word
    return rows


_RECOVERED: dict[str, Case] = {
    "clean": table(clean, 0, "wenjuanxing, utf-8-sig, answers by number"),
    "by text": table(_texts, 0, "answers by number and text"),
    "in English": table(
        lambda: cells(
            lambda c: dict(
                zip(
                    "12345",
                    (
                        "STRONGLY DISAGREE",
                        "disagree",
                        "Neither",
                        "Agree",
                        "Strongly agree",
                    ),
                    strict=True,
                )
            )[c]
        ),
        0,
    ),
    "letters before the options": table(
        lambda: cells(lambda c: f"{'ABCDE'[int(c) - 1]}. {ANCHORS[int(c) - 1]}"), 0
    ),
    "letters and Chinese signs": table(
        lambda: cells(lambda c: f"{'ABCDE'[int(c) - 1]}、{ANCHORS[int(c) - 1]}"), 0
    ),
    "full-width digits": table(lambda: cells(lambda c: c.translate(WIDE)), 0),
    "a blank before a full-width digit": table(
        lambda: cells(lambda c: f" {c.translate(WIDE)}"), 0
    ),
    "numbers with a point": table(lambda: cells(lambda c: f"{c}.0"), 0),
    "blanks behind numbers": table(lambda: cells(lambda c: f"{c} "), 0),
    "signs nobody sees": table(
        lambda: cells(lambda c: f"\u200b{ANCHORS[int(c) - 1]}\ufeff"), 0
    ),
    "semicolons": Case(lambda: csv_of(clean(), ";"), 0, ("wenjuanxing",)),
    "tabs": Case(lambda: csv_of(clean(), "\t"), 0, name="answers.tsv"),
    "GB 18030": Case(lambda: csv_of(clean(), encoding="gb18030"), 0, ("gb18030",)),
    "UTF-16": Case(lambda: csv_of(clean(), encoding="utf-16"), 0, ("utf-16",)),
    "UTF-8 without mark": Case(lambda: csv_of(clean(), encoding="utf-8"), 0),
    "line feeds of old": Case(lambda: csv_of(clean()).replace(b"\r\n", b"\r"), 0),
    "thousands of empty rows": Case(
        lambda: csv_of([*clean(), *[[""] * 15] * 20_000]), 0, ("40 answer sheets",)
    ),
    "columns nobody asked for": table(_many_columns, 0, "and 2962 more"),
    "columns in another order": table(_moved_columns, 0),
    "renumbered questions": table(
        lambda: headed(
            lambda head: [h.replace("2、", "7、").replace("1、", "4、") for h in head]
        ),
        0,
    ),
    "an item reworded a little": table(
        lambda: _renamed(FIRST + 4, "2、下单之前会先看TA怎么说的。"),
        1,
        "column 12",
        "was taken for PI2",
        "Confirm it in the study file",
        "mapping: {PI2: 12}",
    ),
    "unread columns with personal data": table(
        lambda: _with("您的邮箱", "wanqing@example.org"), 0, "asks for personal data"
    ),
    "codes alone": table(_plain, 0, "plain, utf-8-sig, answers by number"),
    "a name of an export by score": table(
        clean,
        1,
        "looks like an export by score (按分数), by its name",
        "Export by option number (按序号)",
        name="问卷_按分数.csv",
    ),
    "an end whose label says nothing": table(
        lambda: [_plain()[0], *_plain(_texts("n/a"))[1:]],
        1,
        "'n/a' in TR1 was read as option 1",
        'recode: {TR1: {"n/a": null}}',
        instrument=_label_of_nothing("n/a"),
    ),
    "an end whose label is in brackets": table(
        lambda: _texts("〖不〗"), 0, instrument=_label_of_nothing("〖不〗")
    ),
}

#: Files that give the answers of the clean one.
RECOVERED = {name: replace(case, reads=True) for name, case in _RECOVERED.items()}

#: Files that are refused, or read with a warning that something is lost.
REFUSED: dict[str, Case] = {
    "no byte": Case(lambda: b"", 2, ("answers.csv: the file is empty",)),
    "a mark alone": Case(lambda: b"\xef\xbb\xbf", 2, ("the file is empty",)),
    "blank lines": Case(lambda: b"\r\n\r\n , \r\n", 2, ("the file is empty",)),
    "a header alone": table(
        lambda: clean()[:1], 2, "there is a header but no answer below it"
    ),
    "cut within a character": Case(
        lambda: (
            csv_of(clean(), encoding="utf-8")[:-1180].rpartition("链".encode())[0]
            + "链".encode()[:2]
        ),
        2,
        ("line 3", "the file ends within a character", "download the answers again"),
    ),
    "cut within a row": Case(
        lambda: csv_of(clean())[:-25],
        1,
        ("1 rows end before the last column (rows 41)",),
    ),
    "two encodings": Case(
        _mixed_encodings,
        2,
        (
            "line 21",
            "changes its encoding, from UTF-8 to GB 18030",
            "export the answers",
        ),
    ),
    "the mark of another encoding": Case(
        lambda: b"\xff\xfe" + csv_of(clean(), encoding="utf-8"),
        2,
        ("line 1", "the text is cut off or no UTF-16", "export the answers as .xlsx"),
    ),
    "UTF-16 without its mark": Case(
        lambda: csv_of(clean(), encoding="utf-16-le"),
        2,
        ("line 1", "neither a workbook nor a text", "export the answers as .xlsx"),
    ),
    "a zero byte": Case(
        lambda: csv_of(clean()).replace(b"\r\n7,", b"\r\n\0007,"),
        2,
        ("line 8", "a character that no text has", "export the answers as .xlsx"),
    ),
    "packed": Case(
        lambda: gzip.compress(csv_of(clean())), 2, ("an archive; unpack it",)
    ),
    "a picture": Case(
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), 2, ("this is a picture",)
    ),
    "JSON": Case(lambda: b'[{"TR1": 4}]', 2, ("JSON", "export the answers as .xlsx")),
    "JSON of one record": Case(lambda: b'{"TR1": 4}', 2, ("this is JSON",)),
    "an open quotation mark": Case(
        _unmatched_quotation, 2, ("row 5", "quotation mark")
    ),
    "a separator in an answer": Case(
        lambda: csv_of(clean()).replace("链接".encode(), "链,接".encode(), 1),
        2,
        ("row 2: 16 cells, but the header has 15", "look for a separator"),
    ),
    "a title over the headers": table(
        lambda: [["博主问卷"], *clean()],
        2,
        "row 1: the row holds a single cell, a title it seems",
    ),
    "a wide title over the headers": table(
        lambda: [["博主问卷", *[""] * 14], *clean()], 2, "row 1", "title"
    ),
    "no header": table(
        lambda: clean()[1:], 2, "none of the 15 headers in row 1", "Look whether row 1"
    ),
    "headers one column off": table(
        lambda: headed(lambda head: ["", *head[:-1]]),
        2,
        "GEN, column '3、您的性别', rows",
        "rows",
    ),
    "another instrument": table(
        clean,
        2,
        "none of the 15 headers in row 1",
        "of the instrument other",
        "names another under 'instrument:'",
        instrument="id: other\nversion: '1'\ntitle: Other\nscale: 5\nconstructs:\n"
        "  - {id: A, name: A, items: [A1, A2]}\n",
    ),
    "an item missing": table(
        lambda: _without(FIRST + 1), 2, "no column for the items TR2", "'mapping:'"
    ),
    "an item of another version": table(
        lambda: _renamed(FIRST + 1, "1、价格合理，值得一试"),
        2,
        "no column for the items TR2",
        "each needs a header with its code or its wording",
    ),
    "two items that swapped words": table(
        lambda: headed(
            lambda head: [
                *head[:FIRST],
                *("TR1: TA靠得住。", "TR2: 我相信TA说的话。"),
                *head[FIRST + 2 :],
            ]
        ),
        1,
        "column 8 ('TR1: TA靠得住。') was read as TR1",
        "also speaks of TR2",
        "Look which is meant",
    ),
    "the same header twice": table(
        _twice,
        2,
        "columns 8",
        "and 16",
        "both answer TR1; remove or rename one",
        "mapping: {TR1: 8}",
    ),
    "two headers that mean the same": table(
        lambda: _twice(header="TR1"), 2, "and 16 ('TR1') both answer TR1; remove"
    ),
    "one seven in a scale of five": table(
        lambda: one_cell("7"), 2, CELL + "'7' is not one of 1 to 5", ADVICE
    ),
    "a scale of seven": table(
        lambda: cells(lambda c: str(int(c) + 5)),
        2,
        "Most items hold answers above 5",
        "Correct scale: points in the instrument",
    ),
    "codes from zero": table(
        lambda: cells(lambda c: str(int(c) - 1)),
        2,
        "'0' is not one of 1 to 5",
        "say first_code: 0",
    ),
    "an export by score": table(
        lambda: [
            [*row, "总分" if i == 0 else "9"]
            for i, row in enumerate(cells(lambda c: str(int(c) - 1)))
        ],
        2,
        "looks like an export by score (按分数)",
        "'0' is not one of 1 to 5",
        "Export by option number (按序号)",
    ),
    "words that match no option": table(
        lambda: one_cell("还可以"), 2, CELL + "(a text of 3 characters)", ADVICE
    ),
    "a word that is nearly an option": table(
        lambda: [*_texts()[:4], one_cell("非常 同意啊")[4], *_texts()[5:]],
        2,
        "row 5: '非常 同意啊' is no option text",
        "Correct these cells",
    ),
    "an option letter alone": table(
        lambda: one_cell("A."), 2, CELL + "(a text of 2 characters)"
    ),
    "own words alone": table(
        lambda: one_cell("〖欧阳婉清〗"), 2, CELL + "(a text of 6 characters)", ADVICE
    ),
    "an open category": table(
        lambda: one_cell("３～４"), 2, CELL + "(a text of 3 characters)", ADVICE
    ),
    "decimal commas": Case(
        _decimal_commas,
        2,
        ("TR1", "'3,0' is no option text", "a decimal comma", "by points"),
    ),
    "a name in an item": table(
        lambda: one_cell("欧阳婉清"), 2, CELL + "(a text of 4 characters)", ADVICE
    ),
    "a phone number in an item": table(
        lambda: one_cell("13800001111"), 2, CELL + "(a value that looks personal)"
    ),
    "personal data in the place of an item": table(
        lambda: cells(lambda _: "欧阳婉清", [FIRST]),
        2,
        "TR1",
        "(a text of 4 characters)",
    ),
    "a column of addresses in the place of an item": table(
        lambda: cells(lambda _: "wanqing@example.org", [FIRST]),
        2,
        "TR1",
        "(a value that looks personal)",
    ),
    "a phone number for a header": table(
        lambda: _renamed(FIRST, "13800001111"), 2, "no column for the items TR1"
    ),
    "sheets that slipped by a cell": table(
        _shifted_sheets, 2, "rows 6, 7, 8: (a text of 4 characters)", ADVICE
    ),
    "a repeated header": table(
        lambda: _joined(clean()),
        2,
        "row 42: the row repeats the headers",
        "delete the row",
    ),
    "an export in another order below": table(
        lambda: _joined(_moved_columns()),
        2,
        "row 42: the row repeats the headers",
        "join them by their headers",
    ),
    "a second row of headers": table(
        lambda: [clean()[0], *clean()], 2, "row 2: the row repeats the headers"
    ),
    "the same export joined twice": table(
        lambda: _joined(clean()[1:]),
        1,
        "column 1 ('序号') numbers the answer sheets, but the number of an earlier one",
        "comes again in 40 rows (42, 43, 44, 45, 46, 47, 48, 49 ...)",
        "remove them",
    ),
    "totals": table(
        lambda: _joined([["合计", *[""] * 6, *["120"] * 7, ""]]),
        2,
        "row 42: the row holds totals",
        "delete it",
    ),
    "averages within the scale": table(
        lambda: _joined([["平均值：", *[""] * 6, *["2"] * 7, ""]]),
        2,
        "row 42: the row holds totals or averages",
        "delete it",
    ),
    "a note below the answers": table(
        lambda: _joined([["共40份答卷", *[""] * 14]]),
        1,
        "no question is answered in 1 row (42)",
        "Delete notes and totals",
    ),
    "two versions joined": table(
        _two_versions,
        1,
        "TR3 is open in 30 answer sheets on end (rows 12 to 41)",
        "mapping: {TR3: its number}",
    ),
    "an item without any answer": table(
        lambda: cells(lambda _: "", [FIRST]), 1, "TR1 is open in 40 answer sheets"
    ),
    "two codings in one column": table(
        lambda: [*_texts()[:11], *clean()[11:]],
        2,
        "TR1, column",
        "is no",
        '"4": 4  #',
        ADVICE,
    ),
}

_CELLS: dict[str, str] = {
    "四": "(a text of 1 characters)",
    "#N/A": "'#N/A'",
    "#NUM!": "'#NUM!'",
    "NULL": "'NULL'",
    "-99": "'-99'",
    "0": "'0'",
    "-4": "'-4'",
    "3.5": "'3.5'",
    "1e308": "'1e308'",
    "1e999": "'1e999'",
    "inf": "'inf'",
    "-Infinity": "'-Infinity'",
    "TRUE": "'TRUE'",
    "60%": "'60%'",
    "3分": "(a text of 2 characters)",
    "2025-01-02": "(a text of 10 characters)",
}
REFUSED["a trial and an unfinished sheet"] = table(
    _qualtrics,
    1,
    "qualtrics, ",
    "40 answer sheets",
    "[preview-answers]",
    "[unfinished-answers]",
    "they are kept",
)
REFUSED |= {
    f"a cell that holds {cell}": table(
        partial(one_cell, cell), 2, f"{CELL}{shown} is not one of 1 to 5"
    )
    for cell, shown in _CELLS.items()
}
REFUSED |= {
    f"{word} under 问卷星": table(partial(one_cell, word), 2, CELL, ADVICE)
    for word in ("NA", "n/a", "nan", ".")
}
