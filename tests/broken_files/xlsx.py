"""Workbooks of the new format, written part by part."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

import openpyxl

from kocsem.data.read.formats.sheet import column_letters

NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def cell(place: str, value: object) -> str:
    """Write a cell; a pair is a formula and the value saved with it."""
    match value:
        case None:
            return ""
        case (formula, None):
            return f'<c r="{place}"><f>{formula}</f><v></v></c>'
        case (formula, str(saved)):
            return f'<c r="{place}" t="str"><f>{formula}</f><v>{saved}</v></c>'
        case (formula, saved):
            return f'<c r="{place}"><f>{formula}</f><v>{saved}</v></c>'
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case str() if value.startswith("#"):
            return f'<c r="{place}" t="e"><v>{value}</v></c>'
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def sheet(
    rows: Sequence[Sequence[object]],
    before: str = "",
    after: str = "",
    hidden: Sequence[int] = (),
) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            cell(f"{column_letters(column)}{number}", value)
            for column, value in enumerate(row, start=1)
        )
        mark = ' hidden="1"' if number in hidden else ""
        lines.append(f'<row r="{number}"{mark}>{cells}</row>')
    data = "".join(lines)
    return (
        f"<worksheet {NAMES}>{before}<sheetData>{data}</sheetData>{after}</worksheet>"
    )


def workbook(
    *sheets: str, states: Sequence[str] = (), **more: str | bytes | None
) -> bytes:
    """Write a workbook; further parts are added, replaced or, with None, left out."""
    tabs, links = [], []
    for number in range(1, len(sheets) + 1):
        state = f' state="{states[number - 1]}"' if states else ""
        tabs.append(
            f'<sheet name="表{number}" sheetId="{number}"{state} r:id="r{number}"/>'
        )
        links.append(
            f'<Relationship Id="r{number}" Type="{OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
        )
    parts: dict[str, str | bytes | None] = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {NAMES} xmlns:r="{OFFICE}"><sheets>'
        f"{''.join(tabs)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f"{''.join(links)}</Relationships>",
    }
    for number, content in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = content
    parts |= more
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            if part is not None:
                book.writestr(name, part)
    return made.getvalue()


def written(rows: Sequence[Sequence[object]]) -> bytes:
    """Let openpyxl write a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
