"""The form that KoboToolbox and ODK take: an XLSForm workbook.

In: an instrument. Out: one workbook for all languages. Every answer is a node
that bears its code; a matrix is a group shown as a table; skips are ``relevant``
expressions, so a refused screening question hides all that follows.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kocsem.errors import InstrumentError
from kocsem.findings import Finding
from kocsem.instrument.archive import without_times
from kocsem.instrument.export.codes import Names, names_for
from kocsem.instrument.export.routing import Routed, Wanted, routed
from kocsem.instrument.export.target import Exported, Languages, Target
from kocsem.instrument.export.words import one_line, part_name
from kocsem.instrument.questionnaire import Entry, Questionnaire, questionnaire
from kocsem.instrument.types import Instrument, Language, Option, Text

_LANGUAGES: Mapping[Language, str] = {"zh": "中文 (zh)", "en": "English (en)"}
_TYPES = {
    "matrix": "select_one",
    "single": "select_one",
    "multi": "select_multiple",
    "number": "decimal",
    "text": "text",
    "note": "note",
}
_RESERVED = frozenset({"start", "end", "meta"})

_Line = dict[str, str]


def _write(instrument: Instrument, languages: Languages) -> tuple[Exported, ...]:
    """Write the one workbook."""
    laid_out = questionnaire(instrument)
    _refuse_codes(instrument)
    names = names_for(instrument, laid_out)
    lists = _lists(laid_out)
    survey = [*_opening(laid_out, names, languages)]
    for number, route in enumerate(routed(laid_out), start=1):
        survey += _page(route, part_name(number), names, lists, languages)
    choices: list[_Line] = []
    for options, name in lists.items():
        for option in options:
            words = _labels(option.label, languages)
            choices.append({"list_name": name, "name": str(option.code), **words})
    settings: _Line = {
        "form_title": one_line(laid_out.title.get(languages[0])),
        "form_id": laid_out.id,
        "version": laid_out.version,
        "default_language": _LANGUAGES[languages[0]],
    }
    content = _workbook({"survey": survey, "choices": choices, "settings": [settings]})
    return (Exported(f"{instrument.id}.xlsform.xlsx", content),)


def _refuse_codes(instrument: Instrument) -> None:
    """Refuse codes that the form needs for itself, or could not tell apart."""
    seen: dict[str, str] = {}
    for code in instrument.asked:
        other = seen.setdefault(code.lower(), code)
        if code.lower() in _RESERVED or other != code:
            why = "differs from it in case only" if other != code else "is taken"
            raise InstrumentError(
                f"An XLSForm cannot have a question {code}: the name {other} {why}; "
                "rename the question in the instrument."
            )


def _lists(laid_out: Questionnaire) -> Mapping[tuple[Option, ...], str]:
    """Name each different list of options once."""
    different = dict.fromkeys(e.options for e in laid_out.entries if e.options)
    return {options: f"answers{k}" for k, options in enumerate(different, start=1)}


def _opening(
    laid_out: Questionnaire, names: Names, languages: Languages
) -> Iterator[_Line]:
    """Record the time taken; greet the respondent."""
    yield {"type": "start", "name": "start"}
    yield {"type": "end", "name": "end"}
    if laid_out.introduction is not None:
        words = _labels(laid_out.introduction, languages)
        yield {"type": "note", "name": names.introduction, **words}


def _page(
    route: Routed,
    title: Text,
    names: Names,
    lists: Mapping[tuple[Option, ...], str],
    languages: Languages,
) -> Iterator[_Line]:
    """Write a page: a group of questions, a table for each matrix, or a note."""
    entries = route.page.entries
    is_group = any(entry.kind not in ("matrix", "note") for entry in entries)
    outside = () if is_group else route.wanted
    if is_group:
        name = names.pages[route.page.id]
        yield _group(name, title, "field-list", route.wanted, languages)
    for entry, wanted in zip(entries, route.within, strict=True):
        if entry.kind == "matrix":
            together = (*outside, *wanted)
            name = names.of(entry)
            yield _group(name, entry.text, "table-list", together, languages)
            for row in entry.rows:
                yield _question(entry, row.code, row.text, lists, languages)
            yield {"type": "end_group"}
        else:
            line = _question(entry, names.of(entry), entry.text, lists, languages)
            yield {**line, "relevant": _relevant((*outside, *wanted))}
    if is_group:
        yield {"type": "end_group"}


def _group(
    name: str, text: Text, shown: str, wanted: Sequence[Wanted], languages: Languages
) -> _Line:
    return {
        "type": "begin_group",
        "name": name,
        **_labels(text, languages),
        "appearance": shown,
        "relevant": _relevant(wanted),
    }


def _question(
    entry: Entry,
    name: str,
    text: Text,
    lists: Mapping[tuple[Option, ...], str],
    languages: Languages,
) -> _Line:
    kind = _TYPES[entry.kind]
    return {
        "type": f"{kind} {lists[entry.options]}" if entry.options else kind,
        "name": name,
        **_labels(text, languages),
        "required": "" if entry.kind in ("note", "text") else "yes",
    }


def _labels(text: Text, languages: Languages) -> _Line:
    """Write words in each language; ``${`` would refer to a question."""
    return {
        f"label::{_LANGUAGES[language]}": one_line(text.get(language)).replace(
            "${", "$ {"
        )
        for language in languages
    }


def _relevant(wanted: Sequence[Wanted]) -> str:
    """Write conditions as an expression."""
    return " and ".join(map(_condition, wanted))


def _condition(wanted: Wanted) -> str:
    node = f"${{{wanted.entry.code}}}"
    parts = [f"selected({node}, '{answer}')" for answer in wanted.answers]
    if wanted.if_asked:
        parts.insert(0, f"{node} = ''")
    return f"({' or '.join(parts)})" if len(parts) > 1 else parts[0]


def _workbook(sheets: Mapping[str, Sequence[_Line]]) -> bytes:
    """Write lines into sheets, as text."""
    workbook = Workbook()
    first = workbook.active
    if first is not None:
        workbook.remove(first)
    for name, lines in sheets.items():
        _fill(workbook.create_sheet(name), lines)
    workbook.properties.creator = "kocsem"
    buffer = BytesIO()
    workbook.save(buffer)
    return without_times(buffer.getvalue())


def _fill(sheet: Worksheet, lines: Sequence[_Line]) -> None:
    columns = list(dict.fromkeys(key for line in lines for key in line))
    sheet.append(columns)
    for place, line in enumerate(lines, start=2):
        for number, column in enumerate(columns, start=1):
            if words := line.get(column):
                cell = sheet.cell(place, number, words)
                cell.data_type = "s"  # words that begin with "=" are no formula


def _limits(instrument: Instrument, languages: Languages) -> tuple[Finding, ...]:
    """Nothing is left to do by hand."""
    return ()


XLSFORM = Target(
    name="xlsform",
    title="KoboToolbox, ODK: XLSForm workbook",
    languages=("zh", "en"),
    write=_write,
    limits=_limits,
)
