import pytest

from kocsem.reporting.format import (
    excel_format,
    format_interval,
    format_number,
    rounded,
)

CASES = [
    # value, kind, apa, gb
    (0.832, "bounded", ".832", "0.832"),
    (-0.832, "bounded", "−.832", "−0.832"),
    (1.0, "bounded", "1.000", "1.000"),
    (1.0042, "bounded", "1.004", "1.004"),
    (0.0, "bounded", ".000", "0.000"),
    (-0.0, "bounded", ".000", "0.000"),
    (-0.0004, "bounded", ".000", "0.000"),
    (-0.0005, "bounded", "−.001", "−0.001"),
    (0.4996, "estimate", "0.500", "0.500"),
    (-1.2345, "estimate", "−1.235", "−1.235"),
    (0.0005, "estimate", "0.001", "0.001"),
    (2.0005, "estimate", "2.001", "2.001"),
    (1234.5, "estimate", "1234.500", "1234.500"),
    (2.675, "moment", "2.68", "2.68"),
    (-0.004, "moment", "0.00", "0.00"),
    (1.005, "moment", "1.01", "1.01"),
    (200.0, "count", "200", "200"),
    (12.25, "percent", "12.3", "12.3"),
    (99.95, "percent", "100.0", "100.0"),
    (0.0402, "pvalue", ".040", "0.040"),
    (0.001, "pvalue", ".001", "0.001"),
    (0.00099, "pvalue", "< .001", "<0.001"),
    (0.0, "pvalue", "< .001", "<0.001"),
    (1e-300, "pvalue", "< .001", "<0.001"),
    (0.9994, "pvalue", "> .999", ">0.999"),
    (0.999, "pvalue", ".999", "0.999"),
    (1.0, "pvalue", "> .999", ">0.999"),
    (0.05, "limit", ".05", "0.05"),
    (3.0, "limit", "3", "3"),
    (0.9, "limit", ".9", "0.9"),
    (12.0, "rounded", "12", "12"),
    (100.0, "rounded", "100", "100"),
    (0.41888, "rounded", "0.419", "0.419"),
    (0.0, "small", "0", "0"),
    (1.2e-06, "small", "1.2 × 10⁻⁶", "1.2 × 10⁻⁶"),
    (-3.4e-12, "small", "−3.4 × 10⁻¹²", "−3.4 × 10⁻¹²"),
]


@pytest.mark.parametrize(("value", "kind", "apa", "gb"), CASES)
def test_number(value, kind, apa, gb):
    assert format_number(value, kind, "apa") == apa
    assert format_number(value, kind, "gb") == gb


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_does_not_exist_is_never_printed(value):
    with pytest.raises(ValueError, match="cannot be printed"):
        format_number(value, "estimate", "apa")


@pytest.mark.parametrize(
    ("value", "decimals", "digits"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.4, 0, "0"),
        (1e-9, 3, "0.000"),
        (1e21, 0, "1000000000000000000000"),
        (0.1 + 0.2, 16, "0.3000000000000000"),
    ],
)
def test_rounding_is_half_up_in_decimal(value, decimals, digits):
    assert rounded(value, decimals) == digits


def test_interval():
    assert format_interval((0.012, 0.1287), "bounded_interval", "apa") == "[.012, .129]"
    assert format_interval((-0.0001, 2.5), "interval", "apa") == "[0.000, 2.500]"
    assert format_interval((0.1, 0.2), "bounded_interval", "gb") == "[0.100, 0.200]"


@pytest.mark.parametrize(
    ("kind", "apa", "gb"),
    [
        ("estimate", "0.000", "0.000"),
        ("bounded", ".000", "0.000"),
        ("count", "0", "0"),
        ("percent", "0.0", "0.0"),
        ("moment", "0.00", "0.00"),
        ("limit", "General", "General"),
        ("rounded", "General", "General"),
        ("small", "0.0E+00", "0.0E+00"),
    ],
)
def test_spreadsheet_format(kind, apa, gb):
    assert excel_format(kind, "apa") == apa
    assert excel_format(kind, "gb") == gb


def test_spreadsheet_format_of_p_bounds_small_values():
    assert excel_format("pvalue", "apa").startswith('[<0.001]"< .001"')
    assert excel_format("pvalue", "gb").endswith(";0.000")
