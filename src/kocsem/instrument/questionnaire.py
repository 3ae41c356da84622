"""The questionnaire as a respondent meets it: pages of numbered questions.

In: an instrument. Out: a `Questionnaire`, in which every block is a page, every matrix
has one answer scale, and questions are numbered as survey platforms number them. All
that leaves kocsem for a platform, for paper or for a codebook is written from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from kocsem.errors import InstrumentError
from kocsem.instrument.types import (
    Block,
    Condition,
    Instrument,
    Option,
    Question,
    Scale,
    Screener,
    Text,
)

EntryKind = Literal["matrix", "single", "multi", "number", "text", "note"]

_STEM = Text(
    zh="以下说法，您在多大程度上同意？", en="How far do you agree with the following?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a matrix.

    Attributes
    ----------
    code : str
        Code of the item, marker item or attention check.
    text : Text
        Its wording.
    """

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One question, one matrix, or words to be read.

    Attributes
    ----------
    number : int
        Number of the question, counted through the questionnaire from 1; 0 for a note.
    code : str
        Code of the question; of a matrix or a note the code of its block, with
        ``_2``, ``_3`` ... when a block falls into several.
    kind : {"matrix", "single", "multi", "number", "text", "note"}
        What the respondent does with it.
    text : Text
        The question, the stem of a matrix, or the words of a note.
    options : tuple of Option
        Answer categories, codes 1 to k in display order; of a matrix its columns.
    rows : tuple of Row
        Rows of a matrix.
    accept : tuple of int
        Codes that let a respondent go on; empty when every answer does.
    """

    number: int
    code: str
    kind: EntryKind
    text: Text
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    accept: tuple[int, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of what is answered here: its rows, or the question itself."""
        if self.kind == "note":
            return ()
        return tuple(row.code for row in self.rows) or (self.code,)


@dataclass(frozen=True, slots=True)
class Page:
    """What a respondent sees at once.

    Attributes
    ----------
    id : str
        Code of the block.
    entries : tuple of Entry
        What stands on it, in order.
    shown_if : Condition or None
        The earlier answer on which it depends whether a respondent meets it.
    """

    id: str
    entries: tuple[Entry, ...]
    shown_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire ready to be written out.

    Attributes
    ----------
    id, version : str
        Name and version of the instrument.
    title : Text
        Title as the respondent reads it.
    introduction : Text or None
        What the respondent reads first.
    pages : tuple of Page
        In order.
    """

    id: str
    version: str
    title: Text
    introduction: Text | None
    pages: tuple[Page, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in order."""
        return tuple(entry for page in self.pages for entry in page.entries)


def questionnaire(instrument: Instrument) -> Questionnaire:
    """Lay out an instrument as a questionnaire.

    Parameters
    ----------
    instrument : Instrument
        The survey definition.

    Returns
    -------
    Questionnaire
        Its pages. An instrument without blocks gets three: screening questions, one
        battery of all rows, demographics.

    Raises
    ------
    InstrumentError
        If a row has no wording, so that nobody can answer it.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> pages = questionnaire(load_instrument("koc_core")).pages
    >>> [(page.id, len(page.entries)) for page in pages][:3]
    [('consent', 1), ('screening', 3), ('content', 1)]
    """
    asked = instrument.asked
    silent = [code for code, part in asked.items() if part.text is None]
    if silent:
        raise InstrumentError(
            f"The instrument {instrument.id} has no wording for {', '.join(silent)}; a "
            "questionnaire needs the text of every row."
        )
    pages, number = [], 0
    for block in instrument.blocks or tuple(_blocks(instrument)):
        entries = []
        for entry in _entries(instrument, block):
            number += entry.kind != "note"
            entries.append(_numbered(entry, number))
        pages.append(Page(block.id, tuple(entries), block.shown_if))
    return Questionnaire(
        instrument.id,
        instrument.version,
        instrument.title,
        instrument.introduction,
        tuple(pages),
    )


def scale_options(scale: Scale) -> tuple[Option, ...]:
    """Return the categories of an answer scale as options.

    Parameters
    ----------
    scale : Scale
        An answer scale.

    Returns
    -------
    tuple of Option
        One a point; the number itself is the label where there are no anchors.

    Examples
    --------
    >>> [option.label.en for option in scale_options(Scale(points=3))]
    ['1', '2', '3']
    """
    numbers = range(1, scale.points + 1)
    labels = scale.anchors or tuple(Text(zh=str(k), en=str(k)) for k in numbers)
    return tuple(Option(code=k, label=s) for k, s in zip(numbers, labels, strict=True))


def _blocks(instrument: Instrument) -> Iterator[Block]:
    """Make up blocks where the instrument has none."""
    parts = {
        "screening": ("questions", tuple(part.id for part in instrument.screening)),
        "battery": ("matrix", instrument.likert_rows),
        "background": ("questions", tuple(part.id for part in instrument.demographics)),
    }
    for name, (kind, codes) in parts.items():
        if codes:
            yield Block(id=name, kind=kind, items=codes)  # type: ignore[arg-type]


def _entries(instrument: Instrument, block: Block) -> Iterator[Entry]:
    """Lay out one block."""
    if block.kind == "note":
        assert block.text is not None
        yield Entry(0, block.id, "note", block.text)
        return
    if block.kind == "matrix":
        runs = groupby(block.items, instrument.scale_of)
        for place, (scale, codes) in enumerate(runs, start=1):
            name = block.id if place == 1 else f"{block.id}_{place}"
            yield _matrix(instrument, name, block.text or _STEM, scale, tuple(codes))
        return
    if block.text is not None:
        yield Entry(0, block.id, "note", block.text)
    for code in block.items:
        yield _question(instrument, code)


def _matrix(
    instrument: Instrument, name: str, stem: Text, scale: Scale, codes: tuple[str, ...]
) -> Entry:
    asked = instrument.asked
    rows = [Row(code, text) for code in codes if (text := asked[code].text) is not None]
    return Entry(0, name, "matrix", stem, scale_options(scale), tuple(rows))


def _question(instrument: Instrument, code: str) -> Entry:
    """Lay out a question, or a row of the scale that stands alone."""
    part = instrument.asked[code]
    assert part.text is not None
    if not isinstance(part, Question):
        options = scale_options(instrument.scale_of(code))
        return Entry(0, code, "single", part.text, options)
    accept = part.accept if isinstance(part, Screener) else ()
    return Entry(0, code, part.kind, part.text, part.options, accept=accept)


def _numbered(entry: Entry, number: int) -> Entry:
    return entry if entry.kind == "note" else replace(entry, number=number)
