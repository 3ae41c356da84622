"""Tables in, a workbook out: one sheet a table, numbers stay numbers.

Stars and signs such as "≥" are part of a cell's number format, so that the cell still
holds the number in full precision.
"""

import re
from collections.abc import Iterable
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kocsem.instrument.archive import without_times
from kocsem.instrument.types import Language
from kocsem.reporting.format import Style, excel_format
from kocsem.reporting.layout import text_width
from kocsem.reporting.render import ShownCell, ShownTable, render
from kocsem.reporting.table import Cell, Table

_THICK, _THIN = Side(style="medium"), Side(style="thin")
_HEAD_ROW = 3
_WIDEST = 46
_NOTE_WIDTH, _DEFAULT_WIDTH, _LINE_HEIGHT = 72, 8.43, 12.5
_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_FONT = "Times New Roman"


def to_xlsx(tables: Iterable[Table], language: Language, style: Style) -> bytes:
    """Write a workbook.

    Parameters
    ----------
    tables : iterable of Table
        Numbered tables.
    language : {"zh", "en"}
        Language of captions, headings and words.
    style : {"apa", "gb"}
        How numbers look.

    Returns
    -------
    bytes
        An Office Open XML workbook; the same tables give the same bytes.
    """
    workbook = Workbook()
    first = workbook.active
    if first is not None:
        workbook.remove(first)
    for table in tables:
        shown = render(table, language, style)
        _fill(workbook.create_sheet(_sheet_name(table, shown)), table, shown)
    workbook.properties.creator = "kocsem"
    buffer = BytesIO()
    workbook.save(buffer)
    return without_times(buffer.getvalue())


def _sheet_name(table: Table, shown: ShownTable) -> str:
    name = _FORBIDDEN.sub(" ", f"{table.number} {shown.title}")
    return name[:_LONGEST_NAME].strip()


def _fill(sheet: Worksheet, table: Table, shown: ShownTable) -> None:
    """Write caption, head, body and notes."""
    sheet.cell(1, 1, shown.caption).font = Font(name=_FONT, bold=True, size=12)
    for place, heading in enumerate(shown.headings, 1):
        cell = sheet.cell(_HEAD_ROW, place, heading.text)
        cell.font = Font(name=_FONT, bold=True, italic=heading.italic)
        cell.alignment = Alignment(horizontal=heading.align, wrap_text=True)
        cell.border = Border(top=_THICK, bottom=_THIN)
    last = _fill_body(sheet, table, shown)
    for place in range(1, len(shown.headings) + 1):
        edge = sheet.cell(last, place)
        edge.border = Border(bottom=_THICK, top=edge.border.top)
    widths = _set_widths(sheet, shown)
    _write_notes(sheet, shown, last, widths)
    _set_page(sheet)


def _write_notes(
    sheet: Worksheet, shown: ShownTable, last: int, widths: list[float]
) -> None:
    """Write each note in one cell over the table, as high as its lines need."""
    span, room = len(widths), sum(widths)
    while room < _NOTE_WIDTH:
        span, room = span + 1, room + _DEFAULT_WIDTH
    for offset, note in enumerate(shown.notes, 1):
        row = last + offset
        gap = " " if note.lead and shown.language == "en" else ""
        text = f"{note.lead}{')' if note.letter else ''}{gap}{note.text}"
        cell = sheet.cell(row, 1, text)
        cell.font = Font(name=_FONT, size=9)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=span)
        lines = ceil(1.05 * text_width(text) / room)
        sheet.row_dimensions[row].height = _LINE_HEIGHT * lines + 2


def _set_page(sheet: Worksheet) -> None:
    """Freeze the head, repeat it on paper, and fit the width of the page."""
    sheet.freeze_panes = f"B{_HEAD_ROW + 1}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _fill_body(sheet: Worksheet, table: Table, shown: ShownTable) -> int:
    """Write the rows; return the number of the last one."""
    line = _HEAD_ROW
    for group, printed in zip(table.groups, shown.groups, strict=True):
        if printed.label:
            line += 1
            sheet.cell(line, 1, printed.label).font = Font(name=_FONT, bold=True)
        for row, strings in zip(group.rows, printed.rows, strict=True):
            line += 1
            for place, (cell, string) in enumerate(zip(row, strings, strict=True), 1):
                _write(sheet.cell(line, place), cell, string, shown.style)
    return line


def _write(
    target: SheetCell | MergedCell, cell: Cell, shown: ShownCell, style: Style
) -> None:
    """Write one cell: a number with its format, or words."""
    target.font = Font(name=_FONT, bold=cell.bold)
    target.alignment = Alignment(
        horizontal=shown.align, vertical="top", wrap_text=shown.align == "left"
    )
    if isinstance(cell.value, int | float):
        target.value = cell.value
        target.number_format = _number_format(cell, style)
        return
    text = f"{shown.text} {shown.letter}" if shown.letter else shown.text
    if text:
        target.value = text
        target.data_type = "s"  # words that begin with "=" are no formula


def _number_format(cell: Cell, style: Style) -> str:
    basic = excel_format(cell.kind, style)
    lead = f'"{cell.lead}"' if cell.lead else ""
    marks = f'"{cell.marks}"' if cell.marks else ""
    return f"{lead}{basic}{marks}"


def _set_widths(sheet: Worksheet, shown: ShownTable) -> list[float]:
    """Make each column as wide as its longest line, within reason."""
    widths: list[float] = []
    for place, heading in enumerate(shown.headings):
        cells = (row[place] for group in shown.groups for row in group.rows)
        lengths = (text_width(cell.text) + len(cell.marks) for cell in cells)
        longest = max((text_width(heading.text), *lengths))
        letter = get_column_letter(place + 1)
        widths.append(min(longest + 3, _WIDEST))
        sheet.column_dimensions[letter].width = widths[-1]
    return widths
