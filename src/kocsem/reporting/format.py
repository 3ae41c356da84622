"""Numbers as a reader sees them: a value and its kind in, a string out.

Two styles. ``"apa"`` follows the Publication Manual of the American Psychological
Association (7th ed.): no zero before the point where a value cannot exceed 1, p to
three decimals, "< .001". ``"gb"`` follows the Chinese three-line table (CY/T 170-2019):
the zero stays. Values are rounded half up in decimal, from the shortest digits that
identify the number: what a reader does who rounds the figures of ``results.json``.
"""

from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Literal, get_args

from kocsem.instrument.types import Language

Style = Literal["apa", "gb"]
Kind = Literal[
    "text",  # words, in two languages or in neither
    "label",  # words that have a code, such as a construct's name
    "count",  # a whole number
    "percent",  # 0 to 100, one decimal
    "moment",  # mean, standard deviation, skewness, kurtosis: two decimals
    "estimate",  # any number that may exceed 1: three decimals
    "bounded",  # a number that cannot, or by custom does not, exceed 1
    "pvalue",  # a probability
    "limit",  # a threshold, with the digits it is stated in
    "rounded",  # a quantity of unknown nature: up to three decimals, no zeros behind
    "small",  # a difference that should be nought: powers of ten
    "interval",  # lower and upper limit of an estimate
    "bounded_interval",  # lower and upper limit of a bounded number
]

MINUS = "\N{MINUS SIGN}"
STYLES: tuple[str, ...] = get_args(Style)
DEFAULT_STYLE: dict[Language, Style] = {"zh": "gb", "en": "apa"}

_DECIMALS: dict[str, int] = {"count": 0, "percent": 1, "moment": 2}
_OTHER_FORMATS = {"small": "0.0E+00", "limit": "General", "rounded": "General"}
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SMALLEST_P = Decimal("0.001")


def rounded(value: float, decimals: int) -> str:
    """Round a number half up in decimal.

    Parameters
    ----------
    value : float
        A finite number.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        The digits with a typographic minus sign; never a negative zero.

    Examples
    --------
    >>> rounded(2.675, 2), rounded(0.0005, 3), rounded(-0.0004, 3), rounded(-1.5, 0)
    ('2.68', '0.001', '0.000', '−2')
    """
    unit = Decimal(1).scaleb(-decimals)
    number = Decimal(repr(float(value))).quantize(unit, rounding=ROUND_HALF_UP)
    digits = f"{abs(number):f}"
    return MINUS + digits if number < 0 else digits


def _without_zero(digits: str) -> str:
    """Drop the zero before the point."""
    if digits.startswith("0."):
        return digits[1:]
    if digits.startswith(f"{MINUS}0."):
        return MINUS + digits[2:]
    return digits


def _pvalue(value: float, style: Style) -> str:
    """Format a probability; one that rounds to 0 or to 1 is given as a bound."""
    number = Decimal(repr(float(value)))
    if number < _SMALLEST_P:
        return "< .001" if style == "apa" else "<0.001"
    if number > 1 - _SMALLEST_P:
        return "> .999" if style == "apa" else ">0.999"
    digits = rounded(value, 3)
    return _without_zero(digits) if style == "apa" else digits


def is_bound(pvalue: float) -> bool:
    """Return whether a probability is printed as a bound, such as "< .001".

    Parameters
    ----------
    pvalue : float
        A probability.

    Returns
    -------
    bool
        Whether its first character is a sign of comparison.

    Examples
    --------
    >>> is_bound(0.0009), is_bound(0.001), is_bound(0.9995)
    (True, False, True)
    """
    number = Decimal(repr(float(pvalue)))
    return not _SMALLEST_P <= number <= 1 - _SMALLEST_P


def _power_of_ten(value: float) -> str:
    """Format a small number as 1.2 × 10⁻⁶."""
    if value == 0:
        return "0"
    digits, exponent = f"{value:.1e}".split("e")
    raised = str(int(exponent)).translate(_SUPERSCRIPTS)
    return f"{digits} × 10{raised}".replace("-", MINUS)


def format_number(value: float, kind: Kind, style: Style) -> str:
    """Format a number for a reader.

    Parameters
    ----------
    value : float
        The number.
    kind : str
        What the number is; one of `Kind` that stands for a single number.
    style : {"apa", "gb"}
        Rules to follow.

    Returns
    -------
    str
        The formatted number.

    Raises
    ------
    ValueError
        When the value is not finite: a number that does not exist is an empty cell with
        a note and never comes here.

    Examples
    --------
    >>> format_number(-0.5, "bounded", "apa"), format_number(-0.5, "bounded", "gb")
    ('−.500', '−0.500')
    >>> format_number(0.0004, "pvalue", "apa"), format_number(0.0125, "pvalue", "gb")
    ('< .001', '0.013')
    """
    if not isfinite(value):
        raise ValueError(f"{value} cannot be printed; make an empty cell with a note.")
    if kind == "pvalue":
        return _pvalue(value, style)
    if kind == "limit":
        digits = f"{value:g}".replace("-", MINUS)
        return _without_zero(digits) if style == "apa" else digits
    if kind == "small":
        return _power_of_ten(value)
    if kind == "rounded":
        return rounded(value, 3).rstrip("0").rstrip(".")
    digits = rounded(value, _DECIMALS.get(kind, 3))
    return _without_zero(digits) if kind == "bounded" and style == "apa" else digits


def format_interval(limits: tuple[float, float], kind: Kind, style: Style) -> str:
    """Format an interval as "[lower, upper]".

    Parameters
    ----------
    limits : tuple of float
        Lower and upper limit.
    kind : {"interval", "bounded_interval"}
        Whether the limits are limits of a bounded number.
    style : {"apa", "gb"}
        Rules to follow.

    Returns
    -------
    str
        The formatted interval.

    Examples
    --------
    >>> format_interval((-0.02, 0.31), "bounded_interval", "apa")
    '[−.020, .310]'
    """
    inner: Kind = "bounded" if kind == "bounded_interval" else "estimate"
    lower, upper = (format_number(limit, inner, style) for limit in limits)
    return f"[{lower}, {upper}]"


def excel_format(kind: Kind, style: Style) -> str:
    """Return the spreadsheet number format that shows a kind of number in a style.

    Parameters
    ----------
    kind : str
        What the number is.
    style : {"apa", "gb"}
        Rules to follow.

    Returns
    -------
    str
        A number format of Office Open XML.

    Examples
    --------
    >>> excel_format("bounded", "apa"), excel_format("bounded", "gb")
    ('.000', '0.000')
    """
    if kind == "pvalue":
        if style == "apa":
            return '[<0.001]"< .001";[>0.999]"> .999";.000'
        return '[<0.001]"<0.001";[>0.999]">0.999";0.000'
    if kind == "bounded" and style == "apa":
        return ".000"
    if kind in _OTHER_FORMATS:
        return _OTHER_FORMATS[kind]
    decimals = _DECIMALS.get(kind, 3)
    return "0" if decimals == 0 else "0." + "0" * decimals
