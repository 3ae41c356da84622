from io import BytesIO

import pytest
from openpyxl import load_workbook

from kocsem.reporting.export.xlsx import to_xlsx
from kocsem.reporting.table import Column, RowGroup, Table, words
from kocsem.reporting.tables.collection import make_tables
from kocsem.reporting.tables.common import same


@pytest.fixture(scope="module")
def workbook(analysis):
    content = to_xlsx(make_tables(analysis), "zh", "gb")
    return load_workbook(BytesIO(content))


def test_one_sheet_a_table(workbook):
    assert workbook.sheetnames[0] == "1 样本回收与清洗"
    assert len(workbook.sheetnames) == 15
    assert all(len(name) <= 31 for name in workbook.sheetnames)


def test_numbers_stay_numbers_in_full_precision(workbook):
    sheet = workbook["7 路径系数与假设检验"]
    assert sheet["A1"].value == "表7\N{EN SPACE}路径系数与假设检验"
    assert [cell.value for cell in sheet[3]][:3] == ["假设", "路径", "标准化系数"]
    assert sheet["A4"].value == "直接路径"
    beta, pvalue = sheet["C5"], sheet["G5"]
    assert (beta.value, beta.number_format) == (0.4996, '0.000"***"')
    assert (pvalue.value, pvalue.data_type) == (3e-13, "n")
    assert pvalue.number_format.startswith('[<0.001]"<0.001"')


def test_missing_numbers_point_to_their_note(workbook):
    sheet = workbook["7 路径系数与假设检验"]
    assert sheet["C8"].value == "– a"
    values = [row[0].value for row in sheet.iter_rows()]
    assert "a)模型不含该路径，故未检验。" in values


def test_signs_are_part_of_the_format(workbook):
    cell = workbook["6 模型拟合指标"]["D8"]
    assert (cell.value, cell.number_format) == (0.95, '"≥ "General')


def test_head_is_frozen_and_rules_are_three(workbook):
    sheet = workbook["1 样本回收与清洗"]
    assert sheet.freeze_panes == "B4"
    assert sheet["A3"].border.top.style == "medium"
    assert sheet["A3"].border.bottom.style == "thin"
    assert sheet["A6"].border.bottom.style == "medium"
    assert sheet["A5"].border.bottom.style is None


def test_words_are_never_formulas():
    column = Column("x", same("x"))
    rows = (RowGroup(((words("=1+1"),), (words("CA =~ CA1"),))),)
    table = Table("t", same("a/b[c]:*?"), (column,), rows).numbered("1")
    sheet = load_workbook(BytesIO(to_xlsx([table], "en", "apa"))).worksheets[0]
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("=1+1", "s")
    assert sheet.title == "1 a b c"


def test_same_bytes_twice(analysis):
    tables = make_tables(analysis)
    assert to_xlsx(tables, "en", "apa") == to_xlsx(tables, "en", "apa")
