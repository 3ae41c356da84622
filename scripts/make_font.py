"""Make the font that the figures carry with them, so that no system font is needed.

In goes Noto Sans CJK SC Regular (SIL Open Font License 1.1; Debian package
``fonts-noto-cjk``); out goes a subset of it under the name Kocsem Sans SC: Latin,
Greek, punctuation, arrows, mathematical signs, full-width forms, every character of
GB 2312 and whatever the bundled surveys use. The same input gives the same bytes.

    python scripts/make_font.py [NotoSansCJK-Regular.ttc]
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TARGET = ROOT / "src/kocsem/reporting/fonts/KocsemSansSC-Regular.otf"
FAMILY = "Kocsem Sans SC"
FACE = "Noto Sans CJK SC"

# First and last character of each block.
BLOCKS = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x024F),  # Latin-1, Latin Extended A and B
    (0x0370, 0x03FF),  # Greek
    (0x1E00, 0x1EFF),  # Latin Extended Additional (Vietnamese names)
    (0x2000, 0x206F),  # General punctuation
    (0x2070, 0x209F),  # Superscripts and subscripts
    (0x20A0, 0x20BF),  # Currency
    (0x2100, 0x214F),  # Letter-like symbols
    (0x2190, 0x21FF),  # Arrows
    (0x2200, 0x22FF),  # Mathematical operators
    (0x2460, 0x24FF),  # Enclosed numbers
    (0x25A0, 0x25FF),  # Geometric shapes
    (0x3000, 0x303F),  # CJK punctuation
    (0xFF00, 0xFFEF),  # Full-width forms
)


def gb2312_characters() -> set[int]:
    """Every character that Python's GB 2312 codec can decode, rows 1 to 87."""
    points = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                points.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:  # an empty cell of the code table
                continue
    return points


def survey_characters(folder: Path) -> set[int]:
    """Every character in the bundled survey definitions."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml")))
    return {ord(character) for text in texts for character in text}


def wanted_characters() -> set[int]:
    """The characters of the subset."""
    points = {point for first, last in BLOCKS for point in range(first, last + 1)}
    return points | gb2312_characters() | survey_characters(ROOT / "surveys")


def face(path: Path) -> TTFont:
    """The simplified-Chinese face of the collection."""
    for font in TTCollection(str(path)).fonts:
        if font["name"].getDebugName(1) == FACE:
            font.recalcTimestamp = False
            return font
    raise SystemExit(f"{path} holds no face named {FACE}.")


def subset(font: TTFont, points: set[int]) -> None:
    """Keep these characters, without layout features, hints and glyph names."""
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = False
    options.glyph_names = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE", "DSIG", "GPOS", "GSUB"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)


def rename(font: TTFont) -> None:
    """Give the derived font its own name and leave the copyright line as it is."""
    postscript = FAMILY.replace(" ", "") + "-Regular"
    names = {1: FAMILY, 2: "Regular", 3: postscript, 4: FAMILY, 6: postscript}
    for record in list(font["name"].names):
        if record.nameID in names:
            record.string = names[record.nameID]
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    cff.topDictIndex[0].FamilyName = FAMILY
    cff.topDictIndex[0].FullName = FAMILY


def main() -> None:
    """Write the font."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    font = face(source)
    subset(font, wanted_characters())
    rename(font)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font.save(str(TARGET), reorderTables=True)
    count, size = len(font.getBestCmap()), TARGET.stat().st_size / 1e6
    print(f"{TARGET.relative_to(ROOT)}: {count} characters, {size:.1f} MB")


if __name__ == "__main__":
    main()
