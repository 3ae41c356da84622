"""Fonts for the figures: text in, a matplotlib font that can draw it out.

The package carries one font, Kocsem Sans SC, a subset of Noto Sans CJK SC under the SIL
Open Font License (see ``fonts/OFL.txt`` and ``scripts/make_font.py``), so that Chinese
figures look the same on every machine. Nothing is registered globally.
"""

from functools import cache
from pathlib import Path

from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font

#: A font of matplotlib's that "has" every character, as a box.
_PLACEHOLDERS = "LastResort"

BUNDLED = Path(__file__).parent / "fonts" / "KocsemSansSC-Regular.otf"


@cache
def _characters(path: Path) -> frozenset[int]:
    """Return the code points that a font file can draw."""
    return frozenset(FT2Font(str(path)).get_charmap())


def missing(text: str, path: Path = BUNDLED) -> str:
    """Return the characters of a text that a font lacks, each once, in order.

    Parameters
    ----------
    text : str
        The text to draw.
    path : Path, default the bundled font
        The font file.

    Returns
    -------
    str
        Empty when the font has them all.

    Examples
    --------
    >>> missing("信任 → 购买意愿 β = −.50")
    ''
    """
    known = _characters(path)
    lacking = (c for c in text if ord(c) not in known and c != "\n")
    return "".join(dict.fromkeys(lacking))


def _rank(path: Path) -> tuple[bool, str]:
    """Order font files: regular cuts first, then by name."""
    return "Regular" not in path.stem, str(path)


@cache
def _system_font(text: str) -> Path | None:
    """Return the most regular font of this machine that has every character."""
    files = {Path(entry.fname) for entry in fontManager.ttflist}
    for path in sorted(files, key=_rank):
        if _PLACEHOLDERS in path.stem:
            continue
        try:
            if not missing(text, path):
                return path
        except (OSError, RuntimeError):  # a listed font that is gone or unreadable
            continue
    return None


def font_for(text: str, size: float) -> FontProperties:
    """Return a font that can draw a text, the bundled one where possible.

    Parameters
    ----------
    text : str
        The text to draw.
    size : float
        Size in points.

    Returns
    -------
    matplotlib.font_manager.FontProperties
        Names a file, so that no font needs to be installed. Where neither the bundled
        font nor any font of this machine has every character, it is the bundled font;
        `undrawable` tells which characters are concerned.
    """
    path = BUNDLED if not missing(text) else _system_font(text) or BUNDLED
    return FontProperties(fname=str(path), size=size)


def undrawable(text: str) -> str:
    """Return the characters that neither the bundled nor a system font can draw.

    Parameters
    ----------
    text : str
        The text to draw.

    Returns
    -------
    str
        Each character once, in order; empty when all can be drawn.
    """
    lacking = missing(text)
    return "" if not lacking or _system_font(text) else lacking


def drawable(text: str) -> str:
    """Return a text with every character that no font has replaced by a square.

    Parameters
    ----------
    text : str
        The text to draw.

    Returns
    -------
    str
        The same text, or with "□" where `undrawable` found a character.
    """
    lacking = undrawable(text)
    return "".join("□" if character in lacking else character for character in text)
