"""The survey structure that LimeSurvey imports: a tab-separated text.

In: an instrument. Out: one file for all languages. Each page is a group, each matrix an
array whose subquestions bear the codes of the rows; skips are relevance equations, so
a refused screening question hides all that follows. Words are HTML there, and a brace
opens an expression; both are written as entities.
"""

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

from kocsem.errors import InstrumentError
from kocsem.findings import Finding
from kocsem.instrument.export.codes import Names, names_for
from kocsem.instrument.export.routing import Routed, Wanted, routed
from kocsem.instrument.export.target import Exported, Languages, Target
from kocsem.instrument.export.words import part_name
from kocsem.instrument.questionnaire import Entry, Questionnaire, questionnaire
from kocsem.instrument.types import Instrument, Language

_COLUMNS = (
    *("id", "related_id", "class", "type/scale", "name", "relevance", "text", "help"),
    *("language", "validation", "mandatory", "other", "default", "same_default"),
)
_TYPES = {
    "matrix": "F",
    "single": "L",
    "multi": "M",
    "number": "N",
    "text": "S",
    "note": "X",
}
_LANGUAGES: Mapping[Language, str] = {"zh": "zh-Hans", "en": "en"}
_SETTINGS = {
    "format": "G",  # one group a page
    "datestamp": "Y",
    "savetimings": "Y",
    "ipaddr": "N",
    "refurl": "N",
    "showgroupinfo": "X",
    "showqnumcode": "X",
    "shownoanswer": "N",
}
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}")
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})

_Line = dict[str, str]


def _write(instrument: Instrument, languages: Languages) -> tuple[Exported, ...]:
    """Write the one file."""
    _refuse_codes(instrument)
    laid_out = questionnaire(instrument)
    names = names_for(instrument, laid_out)
    lines = [*_settings(laid_out, languages)]
    for language in languages:
        for number, route in enumerate(routed(laid_out), start=1):
            lines += _page(route, number, names, language)
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, restval="", dialect="excel-tab")
    writer.writeheader()
    writer.writerows(lines)
    name = f"{instrument.id}.limesurvey.txt"
    return (Exported(name, text.getvalue().encode("utf-8-sig")),)


def _refuse_codes(instrument: Instrument) -> None:
    """Refuse codes that the platform would refuse."""
    wrong = [code for code in instrument.asked if not _CODE.fullmatch(code)]
    if wrong:
        raise InstrumentError(
            "LimeSurvey takes codes of up to 20 letters and digits that begin with a "
            f"letter, which {', '.join(wrong)} are not; rename them in the instrument."
        )


def _settings(laid_out: Questionnaire, languages: Languages) -> Iterator[_Line]:
    """Write what belongs to the whole survey, then to each language of it."""
    number = 100_000 + crc32(laid_out.id.encode()) % 900_000
    main, *others = [_LANGUAGES[language] for language in languages]
    settings = {
        "sid": str(number),
        "language": main,
        "additional_languages": " ".join(others),
        **_SETTINGS,
    }
    for name, value in settings.items():
        yield {"class": "S", "name": name, "text": value}
    for language in languages:
        introduction = laid_out.introduction
        words = {
            "surveyls_survey_id": str(number),
            "surveyls_language": _LANGUAGES[language],
            "surveyls_title": _words(laid_out.title.get(language)),
            "surveyls_welcometext": (
                _words(introduction.get(language)) if introduction else ""
            ),
        }
        for name, text in words.items():
            yield {
                "class": "SL",
                "name": name,
                "text": text,
                "language": _LANGUAGES[language],
            }


def _page(
    route: Routed, number: int, names: Names, language: Language
) -> Iterator[_Line]:
    """Write a group with its questions."""
    spoken = {"language": _LANGUAGES[language]}
    yield {
        "class": "G",
        "type/scale": f"G{number}",
        "name": part_name(number).get(language),
        "relevance": _relevance(route.wanted),
        **spoken,
    }
    for entry, wanted in zip(route.page.entries, route.within, strict=True):
        yield {
            "class": "Q",
            "type/scale": _TYPES[entry.kind],
            "name": names.of(entry).replace("_", ""),
            "relevance": _relevance(wanted),
            "text": _words(entry.text.get(language)),
            "mandatory": "N" if entry.kind in ("note", "text") else "Y",
            "other": "N",
            **spoken,
        }
        for kind, code, text in _parts(entry, language):
            yield {
                "class": kind,
                "type/scale": "0",
                "name": code,
                "text": _words(text),
                **({"relevance": "1"} if kind == "SQ" else {}),
                **spoken,
            }


def _parts(entry: Entry, language: Language) -> Iterator[tuple[str, str, str]]:
    """List rows as subquestions and options as answers; those of a multi are rows."""
    for row in entry.rows:
        yield "SQ", row.code, row.text.get(language)
    kind = "SQ" if entry.kind == "multi" else "A"
    for option in entry.options:
        yield kind, str(option.code), option.label.get(language)


def _relevance(wanted: Sequence[Wanted]) -> str:
    """Write conditions as an equation."""
    return " and ".join(map(_condition, wanted)) or "1"


def _condition(wanted: Wanted) -> str:
    code = wanted.entry.code
    if wanted.entry.kind == "multi":
        chosen = [f"{code}_{answer}.NAOK == 'Y'" for answer in wanted.answers]
        asked = [f"{code}_{option.code}.NAOK" for option in wanted.entry.options]
    else:
        chosen = [f"{code}.NAOK == '{answer}'" for answer in wanted.answers]
        asked = [f"{code}.NAOK"]
    if wanted.if_asked:
        unasked = " and ".join(f"is_empty({name})" for name in asked)
        chosen.insert(0, f"({unasked})")
    return f"({' or '.join(chosen)})"


def _words(text: str) -> str:
    """Write words as HTML, on one line of the file."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "<br />".join(html.escape(line).translate(_BRACES) for line in lines)


def _limits(instrument: Instrument, languages: Languages) -> tuple[Finding, ...]:
    """Nothing is left to do by hand."""
    return ()


LIMESURVEY = Target(
    name="limesurvey",
    title="LimeSurvey: survey structure to import",
    languages=("zh", "en"),
    write=_write,
    limits=_limits,
)
