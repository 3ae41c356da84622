"""The data dictionary that REDCap imports as a survey.

In: an instrument. Out: one CSV file a language, with 18 columns in a fixed order and
the record number first. REDCap knows lower-case names only, so codes are written so;
kocsem's readers know them again whatever their case. Skips are branching logic.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kocsem.errors import InstrumentError
from kocsem.findings import Finding
from kocsem.instrument.export.codes import Names, names_for
from kocsem.instrument.export.routing import Routed, Wanted, routed
from kocsem.instrument.export.target import Languages, Target, file_a_language
from kocsem.instrument.export.words import one_line, part_name
from kocsem.instrument.questionnaire import Entry, questionnaire
from kocsem.instrument.types import Instrument, Language

_NAME = "redcap"
_RECORD = "record_id"
_COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
_TYPES = {
    "matrix": "radio",
    "single": "radio",
    "multi": "checkbox",
    "number": "text",
    "text": "notes",
    "note": "descriptive",
}
_NAMED = re.compile(r"[a-z](?:_?[a-z0-9])*")
_LONGEST = 26
#: Signs of choices, HTML and piping, as full-width ones, which count as the same.
_SIGNS = str.maketrans("|<>[]", "｜＜＞［］")


@dataclass(frozen=True, slots=True)
class _Field:
    """One line of the dictionary, as far as fields differ."""

    name: str
    kind: str
    label: str
    header: str = ""
    choices: str = ""
    validation: str = ""
    logic: str = ""
    required: bool = False
    matrix: str = ""


def _write(instrument: Instrument, language: Language) -> bytes:
    """Write the whole dictionary."""
    _refuse_codes(instrument)
    laid_out = questionnaire(instrument)
    names = names_for(instrument, laid_out)
    form = re.sub("[^a-z0-9]+", "_", instrument.id.lower()).strip("_")
    fields = [_Field(_RECORD, "text", "Record ID")]
    if laid_out.introduction is not None:
        words = _words(laid_out.introduction.get(language))
        fields.append(_Field(names.introduction, "descriptive", words))
    for number, route in enumerate(routed(laid_out), start=1):
        fields += _page(route, part_name(number).get(language), names, language)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(_line(field, form) for field in fields)
    return text.getvalue().encode()


def _refuse_codes(instrument: Instrument) -> None:
    """Refuse codes that REDCap cannot take, or that only differ in case."""
    seen = {_RECORD: _RECORD}
    for code in instrument.asked:
        name = code.lower()
        other = seen.setdefault(name, code)
        if other != code or code == _RECORD:
            raise InstrumentError(
                f"REDCap cannot have a question {code} beside {other}: it knows "
                "lower-case names only, and they would be the same; rename one."
            )
        if not _NAMED.fullmatch(name) or len(name) > _LONGEST:
            raise InstrumentError(
                f"REDCap cannot name a question {code}: names are up to {_LONGEST} "
                "letters and digits, with single _ between them; rename it in the "
                "instrument."
            )


def _page(
    route: Routed, title: str, names: Names, language: Language
) -> Iterator[_Field]:
    """Write the fields of a page; its first one carries the heading."""
    heading = title
    for entry, within in zip(route.page.entries, route.within, strict=True):
        logic = " and ".join(map(_condition, (*route.wanted, *within)))
        text = _words(entry.text.get(language))
        if entry.kind == "matrix":
            heading = text
        for code, label in _asked(entry, names, language):
            yield _Field(
                name=code.lower(),
                kind=_TYPES[entry.kind],
                label=label,
                header=heading,
                choices=_choices(entry, language),
                validation="number" if entry.kind == "number" else "",
                logic=logic,
                required=entry.kind not in ("note", "text"),
                matrix=names.of(entry) if entry.kind == "matrix" else "",
            )
            heading = ""


def _asked(entry: Entry, names: Names, language: Language) -> list[tuple[str, str]]:
    """List the fields of an entry by code and words."""
    if entry.kind == "matrix":
        return [(row.code, _words(row.text.get(language))) for row in entry.rows]
    return [(names.of(entry), _words(entry.text.get(language)))]


def _choices(entry: Entry, language: Language) -> str:
    labels = [(o.code, _words(o.label.get(language))) for o in entry.options]
    return " | ".join(f"{code}, {label}" for code, label in labels)


def _line(field: _Field, form: str) -> Sequence[str]:
    """Put a field into the 18 columns."""
    return (
        *(field.name, form, field.header, field.kind, field.label, field.choices),
        *("", field.validation, "", "", "", field.logic),
        *("y" if field.required else "", "", "", field.matrix, "", ""),
    )


def _condition(wanted: Wanted) -> str:
    name = wanted.entry.code.lower()
    if wanted.entry.kind == "multi":
        parts = [f"[{name}({answer})] = '1'" for answer in wanted.answers]
        empty = [f"[{name}({option.code})] = '0'" for option in wanted.entry.options]
    else:
        parts = [f"[{name}] = '{answer}'" for answer in wanted.answers]
        empty = [f"[{name}] = ''"]
    if wanted.if_asked:
        parts.insert(0, f"({' and '.join(empty)})" if len(empty) > 1 else empty[0])
    return f"({' or '.join(parts)})"


def _words(text: str) -> str:
    return one_line(text).translate(_SIGNS)


def _limits(instrument: Instrument, languages: Languages) -> tuple[Finding, ...]:
    """Say what has to be done on the platform."""
    title = one_line(instrument.title.get(languages[0]))
    lower = [code for code in instrument.asked if code != code.lower()]
    messages = {
        "title-by-hand": (
            "The dictionary holds no title. Enable the form as a survey on the "
            f"platform and name it: {title}"
        ),
    }
    if lower:
        messages["lower-case"] = (
            f"REDCap knows lower-case names only: {lower[0]} is written "
            f"{lower[0].lower()}, and so on. kocsem reads them whatever their case."
        )
    return tuple(
        Finding(code, "info", instrument.id, message)
        for code, message in messages.items()
    )


REDCAP = Target(
    name=_NAME,
    title="REDCap: data dictionary to upload",
    languages=("zh", "en"),
    write=file_a_language(_NAME, "csv", _write),
    limits=_limits,
)
