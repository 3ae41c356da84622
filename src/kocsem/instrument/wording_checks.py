"""Whether the words of an instrument are there in both languages, short, and one idea.

In: an instrument. Out: findings on texts without a translation, texts that stand twice,
long items and items that may ask two things at once.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Language, Question, Text

#: More Chinese characters than this make an item long; a convention of this package.
LONGEST_ITEM = 30
_MOST_CODES = 12

_HANZI = re.compile(r"[\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[a-z]{2}")
#: Words that may join two ideas; 和 before a person is "with".
_JOINING: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"并且|而且|以及|或者?|和(?!我|您|TA|大家|粉丝|品牌|平时)|、|；"),
    "en": re.compile(r"\b(?:and|or)\b|;"),
}
#: Words that make the first of two clauses depend on the second.
_DEPENDING = re.compile(
    r"[时若如后虽因]|要是|只要|就算|哪怕|即使|总的来说|知道|[^，]{1,9}[里下上]，"
)


def wording_findings(instrument: Instrument) -> Iterator[Finding]:
    """Check the words of an instrument.

    Parameters
    ----------
    instrument : Instrument
        The survey definition.

    Yields
    ------
    Finding
        Codes ``"untranslated"``, ``"same-words"`` and ``"long-item"``, warnings, and
        ``"may-ask-two-things"``, a remark that lists items to read again.
    """
    yield from _untranslated(instrument)
    yield from _same_words(instrument)
    yield from _long_items(instrument)
    yield from _double_items(instrument)


def _untranslated(instrument: Instrument) -> Iterator[Finding]:
    """Find texts that are in one language only, such as a plain string of words."""
    texts = list(_texts(instrument, "title"))
    missing = {
        "Chinese": [subject for subject, text in texts if _lacks_chinese(text)],
        "English": [subject for subject, text in texts if _HANZI.search(text.en)],
    }
    for language, subjects in missing.items():
        if subjects:
            yield Finding(
                "untranslated",
                "warning",
                _listed(subjects),
                f"{len(subjects)} texts are not in {language}: {_listed(subjects)}. "
                "Write 'zh:' and 'en:' for each.",
                len(subjects),
            )


def _same_words(instrument: Instrument) -> Iterator[Finding]:
    """Find questions, or options of one question, that nobody can tell apart."""
    texts = {c: part.text for c, part in instrument.asked.items() if part.text}
    yield from _alike("Questions", texts)
    for code, part in instrument.asked.items():
        options = part.options if isinstance(part, Question) else ()
        labels = {f"{code}={option.code}": option.label for option in options}
        yield from _alike(f"Options of {code}", labels)


def _alike(what: str, texts: Mapping[str, Text]) -> Iterator[Finding]:
    languages: tuple[Language, ...] = ("zh", "en")
    groups = {
        tuple(code for code in texts if texts[code].get(lang) == text.get(lang))
        for text in texts.values()
        for lang in languages
    }
    for codes in sorted(group for group in groups if len(group) > 1):
        listed = ", ".join(codes)
        said = (
            f"{what} with the same words in one language: {listed}. Respondents cannot "
            "tell them apart, and an export by words cannot either."
        )
        yield Finding("same-words", "warning", listed, said, len(codes))


def _lacks_chinese(text: Text) -> bool:
    """Tell words in Latin letters from numbers and abbreviations."""
    return not _HANZI.search(text.zh) and bool(_LATIN_WORD.search(text.zh))


def _texts(part: Any, subject: str) -> Iterator[tuple[str, Text]]:
    """Go through all texts below a record, each with the nearest code above it."""
    if isinstance(part, Text):
        yield subject, part
    elif isinstance(part, tuple):
        for member in part:
            yield from _texts(member, subject)
    elif is_dataclass(part):
        own = subject if isinstance(part, Instrument) else getattr(part, "id", subject)
        for field in fields(part):
            name = field.name if isinstance(part, Instrument) else own
            yield from _texts(getattr(part, field.name), name)


def _long_items(instrument: Instrument) -> Iterator[Finding]:
    """Find items of more Chinese characters than are read at a glance."""
    for item in instrument.items:
        count = len(_HANZI.findall(item.text.zh)) if item.text else 0
        if count > LONGEST_ITEM:
            yield Finding(
                "long-item",
                "warning",
                item.id,
                f"{item.id} has {count} Chinese characters; shorten it to "
                f"{LONGEST_ITEM}.",
                count,
                LONGEST_ITEM,
            )


def _double_items(instrument: Instrument) -> Iterator[Finding]:
    """List the items that may ask two things at once."""
    hints = {
        item.id: signs
        for item in instrument.items
        if item.text is not None and (signs := _joined(item.text))
    }
    if hints:
        listed = "; ".join(f"{code} ({', '.join(s)})" for code, s in hints.items())
        yield Finding(
            "may-ask-two-things",
            "info",
            ", ".join(hints),
            f"Read again whether these items ask one thing each: {listed}.",
            len(hints),
        )


def _joined(text: Text) -> list[str]:
    """Return what in a text may join two ideas."""
    found = [
        word
        for language, joining in _JOINING.items()
        for word in joining.findall(text.get(language))
    ]
    first, *more = re.split("，", text.zh)
    if more and not _DEPENDING.search(f"{first}，"):
        found.append("two clauses")
    return list(dict.fromkeys(found))


def _listed(codes: Iterable[str]) -> str:
    """List codes, the first of many."""
    every = list(dict.fromkeys(codes))
    more = len(every) - _MOST_CODES
    rest = f" and {more} more" if more > 0 else ""
    return ", ".join(every[:_MOST_CODES]) + rest
