"""From a `Table` to the strings that a reader sees, in one language and style.

Every writer of text (html, docx, latex) takes its strings from here, so that the same
table reads the same in each of them. Reasons for empty cells become lettered notes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Literal

from kocsem.instrument.types import Language, Text
from kocsem.reporting.format import Style, format_interval, format_number
from kocsem.reporting.table import Cell, Column, Note, Table
from kocsem.reporting.words import NOTE, TABLE

Align = Literal["left", "center", "right"]

#: What stands in an empty cell whose number does not exist.
DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as it is printed.

    Attributes
    ----------
    text : str
        The words or the formatted number.
    marks : str
        Significance marks, printed behind it.
    letter : str
        Letter of the note that explains why the number is missing.
    align : {"left", "center", "right"}
        Where it stands in its column.
    bold : bool
        Whether it stands out.
    """

    text: str
    marks: str = ""
    letter: str = ""
    align: Align = "left"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class ShownHeading:
    """The heading of a column as it is printed.

    Attributes
    ----------
    text : str
        The words.
    align : {"left", "center", "right"}
        Where it stands.
    italic : bool
        Whether it is a statistical symbol that the style prints in italics.
    """

    text: str
    align: Align
    italic: bool


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Rows that belong together, as they are printed.

    Attributes
    ----------
    label : str
        Their heading; may be empty.
    rows : tuple of tuple of ShownCell
        The rows.
    """

    label: str
    rows: tuple[tuple[ShownCell, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note as it is printed.

    Attributes
    ----------
    lead : str
        What the note begins with: the word "Note", a letter, or nothing.
    text : str
        The note.
    letter : bool
        Whether the lead is a letter, which is raised.
    """

    lead: str
    text: str
    letter: bool = False


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as it is printed, in one language and style.

    Attributes
    ----------
    key : str
        Name for machines.
    number : str
        "Table 3" or "表3".
    title : str
        The title.
    headings : tuple of ShownHeading
        The head.
    groups : tuple of ShownGroup
        The body.
    notes : tuple of ShownNote
        The notes in order of print.
    language : {"zh", "en"}
        The language of the words.
    style : {"apa", "gb"}
        The rules followed.
    supplementary : bool
        Whether it belongs into the appendix.
    """

    key: str
    number: str
    title: str
    headings: tuple[ShownHeading, ...]
    groups: tuple[ShownGroup, ...]
    notes: tuple[ShownNote, ...]
    language: Language
    style: Style
    supplementary: bool

    @property
    def caption(self) -> str:
        """Number and title on one line."""
        return f"{self.number}\N{EN SPACE}{self.title}"


def show_words(value: Text | str, language: Language) -> str:
    """Return words in one language.

    Parameters
    ----------
    value : Text or str
        The words; a plain string is the same in every language.
    language : {"zh", "en"}
        The language wanted.

    Returns
    -------
    str
        The words.
    """
    return value if isinstance(value, str) else value.get(language)


def show_value(cell: Cell, language: Language, style: Style) -> str:
    """Return the content of a cell as a string, without marks and letters.

    Parameters
    ----------
    cell : Cell
        The cell.
    language : {"zh", "en"}
        The language of words.
    style : {"apa", "gb"}
        The rules for numbers.

    Returns
    -------
    str
        A dash when the number does not exist; empty when the cell is empty by design.
    """
    value = cell.value
    if value is None:
        return DASH if cell.reason is not None else ""
    if isinstance(value, Text | str):
        return show_words(value, language)
    if isinstance(value, tuple):
        return format_interval(value, cell.kind, style)
    return cell.lead + format_number(value, cell.kind, style)


def render(table: Table, language: Language, style: Style) -> ShownTable:
    """Format a table for one language and style.

    Parameters
    ----------
    table : Table
        The table.
    language : {"zh", "en"}
        The language wanted.
    style : {"apa", "gb"}
        The rules for numbers and captions.

    Returns
    -------
    ShownTable
        Strings only.
    """
    reasons = _reasons(table, language)

    def shown(cell: Cell, column: Column) -> ShownCell:
        missing = cell.value is None and cell.reason is not None
        return ShownCell(
            text=show_value(cell, language, style),
            marks=cell.marks,
            letter=_letter(reasons, cell, language) if missing else "",
            align=_align(column),
            bold=cell.bold,
        )

    return ShownTable(
        key=table.key,
        number=_number(table.number, language),
        title=table.title.get(language),
        headings=tuple(_heading(column, language, style) for column in table.columns),
        groups=tuple(
            ShownGroup(
                label=show_value(group.label, language, style) if group.label else "",
                rows=tuple(
                    tuple(
                        shown(cell, column)
                        for cell, column in zip(row, table.columns, strict=True)
                    )
                    for row in group.rows
                ),
            )
            for group in table.groups
        ),
        notes=_notes(table.notes, reasons, language, style),
        language=language,
        style=style,
        supplementary=table.supplementary,
    )


def _number(number: str, language: Language) -> str:
    word = TABLE.get(language)
    return f"{word}{number}" if language == "zh" else f"{word} {number}"


def _align(column: Column) -> Align:
    return "left" if column.kind in ("text", "label") else "center"


def _heading(column: Column, language: Language, style: Style) -> ShownHeading:
    return ShownHeading(
        text=column.heading.get(language),
        align=_align(column),
        italic=column.symbol and style == "apa",
    )


def _reasons(table: Table, language: Language) -> tuple[str, ...]:
    """Return the reasons for empty cells, each once, in reading order."""
    found = (
        show_words(cell.reason, language)
        for row in table.rows()
        for cell in row
        if cell.value is None and cell.reason is not None
    )
    return tuple(dict.fromkeys(found))


def _letter(reasons: Sequence[str], cell: Cell, language: Language) -> str:
    if cell.reason is None:
        return ""
    position = reasons.index(show_words(cell.reason, language))
    rounds, place = divmod(position, len(ascii_lowercase))
    return ascii_lowercase[place] * (rounds + 1)


def _notes(
    notes: Sequence[Note], reasons: Sequence[str], language: Language, style: Style
) -> tuple[ShownNote, ...]:
    """Order the notes: general, then lettered, then the meaning of the stars."""
    general = [note for note in notes if note.kind == "general"]
    stars = [note for note in notes if note.kind == "probability"]
    words = show_notes(general, language, style)
    shown = [ShownNote(NOTE.get(language), words)] if general else []
    for position, reason in enumerate(reasons):
        rounds, place = divmod(position, len(ascii_lowercase))
        shown.append(ShownNote(ascii_lowercase[place] * (rounds + 1), reason, True))
    last = (ShownNote("", _filled(note, language, style)) for note in stars)
    return (*shown, *last)


def show_notes(notes: Iterable[Note], language: Language, style: Style) -> str:
    """Write notes as the sentences of one paragraph.

    Parameters
    ----------
    notes : iterable of Note
        The notes.
    language : {"zh", "en"}
        The language wanted.
    style : {"apa", "gb"}
        The rules for numbers.

    Returns
    -------
    str
        The paragraph.
    """
    gap = "" if language == "zh" else " "
    return gap.join(_filled(note, language, style) for note in notes)


def _filled(note: Note, language: Language, style: Style) -> str:
    values = [show_value(value, language, style) for value in note.values]
    return note.text.get(language).format(*values)
