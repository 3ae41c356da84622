from pathlib import Path

import pytest

from kocsem.data.read.cells import build_table
from kocsem.data.read.platform import Layout
from kocsem.data.read.provenance import synthetic_findings
from kocsem.data.read.registry import find_platform


def layout(header: list[str], rows: list[list[str]], file: str = "a.csv") -> Layout:
    table = build_table(Path(file), "utf-8", [header, *rows])
    return find_platform("auto", table).layout(table)


@pytest.mark.parametrize(
    ("header", "rows", "count"),
    [
        (["来源", "来源详情", "CA1"], [["synthetic 合成演示数据", "", "1"]], 1),
        (["来源", "来源详情"], [["微信", "synthetic"], ["微信", "链接"]], 1),
        (["来 源详情", "CA1"], [["合成演示数据", "1"], ["模拟数据", "2"]], 2),
        (["Source", "CA1"], [["Simulated by R", "1"]], 1),
        (["来源", "CA1"], [["微信", "synthetic"]], None),
        (["来源"], [["合成网络"]], None),
        (["CA1"], [["1"]], None),
    ],
)
def test_columns_on_the_source(header, rows, count):
    found = list(synthetic_findings(layout(header, rows)))
    assert [finding.value for finding in found] == ([] if count is None else [count])


@pytest.mark.parametrize(
    ("file", "synthetic"),
    [
        ("koc_core_demo.csv", True),
        ("Synthetic-answers.xlsx", True),
        ("my simulated data.csv", True),
        ("demographics.csv", False),
        ("answers.csv", False),
    ],
)
def test_name_of_the_file(file, synthetic):
    found = list(synthetic_findings(layout(["CA1"], [["1"], ["2"]], file)))
    assert [f.value for f in found] == ([2] if synthetic else [])
    assert all((f.code, f.severity) == ("synthetic-data", "warning") for f in found)
