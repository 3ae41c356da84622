"""What must not leave a file: who answered.

In: headers and cells. Out: whether a header asks for personal data, numbers that tell
only which answer sheets share an origin, and cells in a form that a message may show.
"""

import re
from collections.abc import Collection
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from kocsem.data.read.cells import Cells
from kocsem.data.read.text import label_key, number_in

FloatArray = NDArray[np.float64]

_PERSONAL_HEADER = re.compile(
    r"姓名|昵称|网名|手机号|电话|联系方式|邮箱|邮件|微信号|微信名|qq号?$|身份证|学号|工号"
    r"|地址|填写者|用户id|用户标识|openid|unionid|nickname|\bname\b|phone|mobile"
    r"|e-?mail|address|^ip|ip$|wechat id|user[ _]?(?:id|name|agent)|latitude|longitude"
    r"|地理位置|头像|^(?:省份?|城市|国家|国家/地区|国家和地区|经度|纬度)$|\blocation\b"
    r"|geopoint|geolocation|\bgps\b|^ua$|^referr?er|\btoken\b|access ?code|device ?id"
    r"|\bimei\b|subscriber ?id|simserial|^recipient|^(?:first|last|full)[ _]?name$",
    re.IGNORECASE,
)
_PERSONAL_CELL = re.compile(
    r"\d{7}|\d{3,4}[- ]\d{3,4}[- ]\d{4}|@|\d+\.\d+\.\d+\.\d+|[0-9a-f]+:[0-9a-f:]+:"
    r"|(?-i:(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{20})"
    r"|\bR_[a-z0-9]{15}\b|[0-9a-f]{8}-[0-9a-f]{4}-|\d\.\d{5}",
    re.IGNORECASE,
)
_NOBODY = re.compile(  # numbers in another writing, and words of programs
    r"[-+]?\d{1,4}[,.]?\d{0,2}[%％]?|#[a-z/0!?]{2,8}|null|none|n/?an?|true|false"
    r"|[-+]?inf(inity)?",
    re.IGNORECASE,
)
_ALIKE, _LONGEST = 0.7, 24
_REGION = re.compile(r"[(（].*$")


def asks_who(header: str) -> bool:
    """Tell whether a column would hold personal data, by its header.

    Parameters
    ----------
    header : str
        The header.

    Returns
    -------
    bool
        True for names, numbers, addresses and accounts.

    Examples
    --------
    >>> asks_who("12、您的手机号码"), asks_who("8、您的性别")
    (True, False)
    """
    return _PERSONAL_HEADER.search(header) is not None


def origin_numbers(cells: Cells) -> FloatArray:
    """Give every origin of answer sheets a number, in order of appearance.

    Parameters
    ----------
    cells : Cells
        Addresses; a region in brackets behind the address does not count.

    Returns
    -------
    float array of shape (n,)
        The same number for the same address, NaN for none. The address cannot be
        recovered from it.

    Examples
    --------
    >>> cells = Cells(("a(Beijing)", "b", "a", ""), np.arange(4, dtype=np.int32))
    >>> origin_numbers(cells).tolist()
    [0.0, 1.0, 0.0, nan]
    """
    addresses = cells.renamed(lambda cell: _REGION.sub("", cell).strip())
    filled = np.array([bool(word) for word in addresses.words])
    numbers = np.where(filled, np.cumsum(filled) - 1.0, np.nan)
    return np.asarray(numbers[addresses.codes])


def shown(cell: str, labels: Collection[str] = ()) -> str:
    """Return a cell in a form that a message may show.

    Parameters
    ----------
    cell : str
        What stands in the file.
    labels : collection of str
        Words that could have been meant. Other words stay unsaid: in a row that is
        shifted by one cell they may be anybody's name.

    Returns
    -------
    str
        A short number, a word of a program (``#N/A``), or words much like one of the
        labels, in quotes; of all else only what kind it is and how long.

    Examples
    --------
    >>> shown("agre", ["Agree"]), shown("Li Lei", ["Agree"]), shown("13800000000")
    ("'agre'", '(a text of 6 characters)', '(a value that looks personal)')
    """
    if _PERSONAL_CELL.search(cell):
        return "(a value that looks personal)"
    words = label_key(cell)
    keys = [label_key(label) for label in labels]
    meant = get_close_matches(words, keys, 1, _ALIKE) or any(
        key and words.startswith(key) and len(words) <= len(key) + 2 for key in keys
    )
    if number_in(cell) is None and not meant and not _NOBODY.fullmatch(cell):
        return f"(a text of {len(cell)} characters)"
    return repr(cell if len(cell) <= _LONGEST else f"{cell[: _LONGEST - 1]}…")


def shown_header(header: str) -> str:
    """Return a header in a form that a message may show.

    Parameters
    ----------
    header : str
        What stands in row 1.

    Returns
    -------
    str
        The header in quotes, or that it looks personal: like a number or an
        address of a person: a file may lack its headers.

    Examples
    --------
    >>> shown_header("CA1"), shown_header("li.lei@example.org")
    ("'CA1'", '(a value that looks personal)')
    """
    if _PERSONAL_CELL.search(header):
        return "(a value that looks personal)"
    return f"'{header}'"
