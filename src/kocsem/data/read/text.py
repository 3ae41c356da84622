"""The same words written differently: half and full width, spaces, signs, numbering.

In: text from a header, a cell or an instrument. Out: a key under which variants of the
same words agree.
"""

import re
import unicodedata

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_LETTERED = re.compile(r"^[a-z][.、:](?=.)")
_SAME_SIGN = str.maketrans("・•‧∙～—–−“”‘’", "····~---\"\"''")
_OWN_WORDS = re.compile(r"〖.*?〗")


def words_key(text: str) -> str:
    """Return a key in which only letters, digits and ideographs count.

    Parameters
    ----------
    text : str
        A question or an item.

    Returns
    -------
    str
        The key; empty when the text holds no letter or digit.

    Examples
    --------
    >>> words_key("您的性别 ：") == words_key("您的性别")
    True
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char.isalnum())


def label_key(text: str) -> str:
    """Return a key of an answer's label, in which signs count and spaces do not.

    Parameters
    ----------
    text : str
        The label as it stands in a cell; words that a respondent added in 〖〗 and a
        lettered prefix (``A.``) are no part of it.

    Returns
    -------
    str
        The key.

    Examples
    --------
    >>> label_key("A．其他〖宠物〗") == label_key("其他")
    True
    """
    plain = unicodedata.normalize("NFKC", without_own_words(text)).casefold()
    return _LETTERED.sub("", "".join(plain.translate(_UNSEEN | _SAME_SIGN).split()))


def without_own_words(text: str) -> str:
    """Remove the words that a respondent wrote next to an option.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    str
        The cell without 〖〗 and what stands between them; a cell that holds nothing
        else stays, for it is an answer.

    Examples
    --------
    >>> without_own_words("美食┋其他〖宠物〗"), without_own_words("〖宠物〗")
    ('美食┋其他', '〖宠物〗')
    """
    rest = _OWN_WORDS.sub("", text)
    return rest if rest.strip() else text


def number_in(text: str) -> float | None:
    """Read a cell as a number, full-width digits included.

    Parameters
    ----------
    text : str
        The cell.

    Returns
    -------
    float or None
        The number, or None when the cell is no finite number.

    Examples
    --------
    >>> number_in("４"), number_in("agree")
    (4.0, None)
    """
    if any(unicodedata.category(sign) == "No" for sign in text):
        return None  # a raised or circled digit, which would count as a plain one
    plain = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", plain, re.ASCII):
        return None
    return float(plain)
