"""A codebook as sections of words and tables, before it is written to any format.

In: an instrument and languages. Out: `Section`s. Where two languages are wanted, both
stand in the same cell, one line each.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kocsem.instrument.export.codebook import Variable, variables
from kocsem.instrument.export.codebook_words import CODEBOOK_WORDS, RULES
from kocsem.instrument.export.target import Languages
from kocsem.instrument.types import Construct, Instrument, Question, Scale, Text

#: The lines of one cell.
Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes
    ----------
    heads : tuple of str
        Heads of the columns; the first column holds codes.
    shares : tuple of int
        How wide the columns are, relative to each other.
    rows : tuple of tuple of Cell
        The cells.
    """

    heads: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a codebook.

    Attributes
    ----------
    key : str
        Short name, for links.
    title : str
        Its heading.
    lines : tuple of str
        Paragraphs.
    grid : Grid or None
        A table below them.
    """

    key: str
    title: str
    lines: tuple[str, ...] = ()
    grid: Grid | None = None


def sections(instrument: Instrument, languages: Languages) -> tuple[Section, ...]:
    """Put together what a codebook says.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    languages : tuple of {"zh", "en"}
        Languages, in the order in which they stand.

    Returns
    -------
    tuple of Section
        Rules, scales, constructs, variables, what is not in the data, sources.

    Raises
    ------
    InstrumentError
        If a row has no wording.
    """
    found = (
        Section("coding", heading("coding", languages), _lines(RULES, languages)),
        _scales(instrument, languages),
        _constructs(instrument, languages),
        _variables(instrument, languages),
        _unread(instrument, languages),
        _sources(instrument, languages),
    )
    return tuple(s for s in found if s.lines or (s.grid and s.grid.rows))


def said(text: Text, languages: Languages) -> Cell:
    """Return words in each language, the same words once.

    Parameters
    ----------
    text : Text
        The words.
    languages : tuple of {"zh", "en"}
        Languages wanted.

    Returns
    -------
    tuple of str
        One line a language.

    Examples
    --------
    >>> said(Text(zh="信任", en="Trust"), ("en", "zh"))
    ('Trust', '信任')
    """
    return tuple(dict.fromkeys(text.get(language) for language in languages))


def heading(key: str, languages: Languages) -> str:
    """Return a heading in all languages wanted.

    Parameters
    ----------
    key : str
        Key in `CODEBOOK_WORDS`.
    languages : tuple of {"zh", "en"}
        Languages wanted.

    Returns
    -------
    str
        Words joined by a stroke.
    """
    return " / ".join(said(CODEBOOK_WORDS[key], languages))


def remarks(variable: Variable, languages: Languages) -> Cell:
    """Say what else a reader of the data must know about a variable.

    Parameters
    ----------
    variable : Variable
        The variable.
    languages : tuple of {"zh", "en"}
        Languages wanted.

    Returns
    -------
    tuple of str
        One line a remark and language.
    """
    numbers = {"sum": len(variable.values) + 1, **listed(variable.accept)}
    holds = {
        "reverse": variable.reverse,
        "optional": variable.optional,
        "admits": variable.role == "screener",
        "passes": variable.role == "attention",
    }
    lines = [
        line for key in holds if holds[key] for line in filled(key, languages, numbers)
    ]
    return (*lines, *condition(variable, languages))


def condition(variable: Variable, languages: Languages) -> Cell:
    """Say on which earlier answer it depends whether a variable is asked.

    Parameters
    ----------
    variable : Variable
        The variable.
    languages : tuple of {"zh", "en"}
        Languages wanted.

    Returns
    -------
    tuple of str
        One line a language; none when it is always asked.
    """
    if variable.shown_if is None:
        return ()
    numbers = listed(variable.shown_if.answers)
    return filled(
        "shown_if", languages, {"question": variable.shown_if.question, **numbers}
    )


def filled(key: str, languages: Languages, numbers: Mapping[str, object]) -> Cell:
    """Fill numbers into words of the codebook.

    Parameters
    ----------
    key : str
        Key in `CODEBOOK_WORDS`.
    languages : tuple of {"zh", "en"}
        Languages wanted.
    numbers : mapping of str to object
        What stands for the names in braces.

    Returns
    -------
    tuple of str
        One line a language.
    """
    return tuple(w.format(**numbers) for w in said(CODEBOOK_WORDS[key], languages))


def listed(codes: Iterable[int]) -> dict[str, object]:
    """List codes for words of the codebook that name values.

    Parameters
    ----------
    codes : iterable of int
        Values of a variable.

    Returns
    -------
    dict of str to object
        What stands for ``{values}``.

    Examples
    --------
    >>> listed((1, 2))
    {'values': '1, 2'}
    """
    return {"values": ", ".join(map(str, codes))}


def _lines(texts: Iterable[Text], languages: Languages) -> Cell:
    return tuple(line for text in texts for line in said(text, languages))


def _heads(keys: Iterable[str], languages: Languages) -> tuple[str, ...]:
    return tuple(heading(key, languages) for key in keys)


def _scale_names(instrument: Instrument) -> dict[Scale, str]:
    """Name the different answer scales S1, S2 ... in order of use."""
    used = dict.fromkeys(instrument.scale_of(code) for code in instrument.likert_rows)
    return {scale: f"S{place}" for place, scale in enumerate(used, start=1)}


def _scales(instrument: Instrument, languages: Languages) -> Section:
    names = _scale_names(instrument)
    rows = []
    for scale, name in names.items():
        codes = [c for c in instrument.likert_rows if instrument.scale_of(c) == scale]
        labels = [
            f"{code} = {' / '.join(said(label, languages))}"
            for code, label in enumerate(scale.anchors, start=1)
        ]
        bare = filled("bare", languages, {"points": scale.points})
        rows.append(((name,), tuple(labels) or bare, (", ".join(codes),)))
    heads = _heads(("code", "values", "items"), languages)
    grid = Grid(heads, (2, 8, 10), tuple(rows))
    return Section("scales", heading("scales", languages), grid=grid)


def _constructs(instrument: Instrument, languages: Languages) -> Section:
    rows = []
    for construct in instrument.constructs:
        codes = [item.id for item in instrument.items if item.construct == construct.id]
        definition = construct.definition
        rows.append(
            (
                (construct.id,),
                said(construct.name, languages),
                said(definition, languages) if definition else (),
                theory_of(instrument, construct, languages),
                construct.source_scales,
                (", ".join(codes),),
            )
        )
    keys = ("code", "name", "definition", "theory", "published", "items")
    grid = Grid(_heads(keys, languages), (2, 4, 7, 6, 9, 4), tuple(rows))
    return Section("constructs", heading("constructs", languages), grid=grid)


def theory_of(
    instrument: Instrument, construct: Construct, languages: Languages
) -> Cell:
    """Say from which theory a construct comes, and from which sections.

    Parameters
    ----------
    instrument : Instrument
        The instrument.
    construct : Construct
        One of its constructs.
    languages : tuple of {"zh", "en"}
        Languages wanted.

    Returns
    -------
    tuple of str
        Theory, strand and sections, as far as they are known.
    """
    theories = [t.name for t in instrument.theories if t.id == construct.theory]
    strands = [construct.strand] if construct.strand else []
    places = ", ".join(construct.sections)
    cited = filled("sections", languages, {"sections": places}) if places else ()
    return (*_lines((*theories, *strands), languages), *cited)


def _variables(instrument: Instrument, languages: Languages) -> Section:
    names = _scale_names(instrument)
    rows = tuple(
        _variable(instrument, variable, names, languages)
        for variable in variables(instrument)
    )
    keys = ("code", "number", "question", "role", "values", "remarks")
    grid = Grid(_heads(keys, languages), (3, 2, 10, 4, 7, 6), rows)
    return Section("variables", heading("variables", languages), grid=grid)


def _variable(
    instrument: Instrument,
    variable: Variable,
    names: dict[Scale, str],
    languages: Languages,
) -> tuple[Cell, ...]:
    """Write one row; the words of a scale stand in its own table."""
    role = said(CODEBOOK_WORDS[variable.role], languages)
    if variable.construct:
        role = (f"{variable.construct.id} {role[0]}", *role[1:])
    stem: Cell = ()
    if variable.measurement == "ordinal":
        scale = instrument.scale_of(variable.code)
        values: Cell = (f"{names[scale]}: 1–{scale.points}",)
    else:
        values = tuple(value_lines(variable, languages))
        stem = said(variable.stem, languages) if variable.stem else ()
    words = said(variable.question, languages)
    return (
        (variable.code,),
        (str(variable.number),),
        (*stem, *(f"— {line}" for line in words)) if stem else words,
        role,
        values or said(CODEBOOK_WORDS[variable.measurement], languages),
        remarks(variable, languages),
    )


def value_lines(variable: Variable, languages: Languages) -> Iterator[str]:
    """List the values of a variable with their labels.

    Parameters
    ----------
    variable : Variable
        The variable.
    languages : tuple of {"zh", "en"}
        Languages wanted.

    Yields
    ------
    str
        Such as ``"1 = 是 / Yes"``.
    """
    for value in variable.values:
        yield f"{value.code} = {' / '.join(said(value.label, languages))}"


def _unread(instrument: Instrument, languages: Languages) -> Section:
    rows = tuple(
        ((code,), said(part.text, languages))
        for code, part in instrument.asked.items()
        if isinstance(part, Question) and part.kind == "text"
    )
    grid = Grid(_heads(("code", "question"), languages), (3, 20), rows)
    return Section("unread", heading("unread", languages), grid=grid)


def _sources(instrument: Instrument, languages: Languages) -> Section:
    origin = instrument.provenance
    known = (origin.licence, origin.source, origin.note) if origin else ()
    theories = (f"{t.name.get(languages[0])}: {t.source}" for t in instrument.theories)
    lines = (*(words for words in known if words), *theories)
    return Section("sources", heading("sources", languages), lines)
