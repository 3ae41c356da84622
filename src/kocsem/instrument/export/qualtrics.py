"""The text that Qualtrics imports as a survey: its Advanced Format.

In: an instrument. Out: one text a language, each page a block, each option with its
code. The format has no place for the codes of matrix rows, so an export names them by
the matrix and a number; they are matched by their words, and a matrix gets a name of
which no code of the instrument could be a column.
"""

from collections.abc import Iterable, Iterator, Mapping

from kocsem.findings import Finding
from kocsem.instrument.export.byhand import skips_by_hand
from kocsem.instrument.export.codes import Names, names_for
from kocsem.instrument.export.target import Languages, Target, file_a_language
from kocsem.instrument.export.words import coded_words, one_line, words_shown
from kocsem.instrument.questionnaire import Entry, Questionnaire, questionnaire
from kocsem.instrument.types import Instrument, Language

_NAME = "qualtrics"
_TITLE = "Qualtrics"
_TYPES = {
    "matrix": "Matrix",
    "single": "MC:SingleAnswer:Vertical",
    "multi": "MC:MultipleAnswer:Vertical",
    "number": "TE:SingleLine",
    "text": "TE:Essay",
    "note": "DB",
}
_LOGIC = "Survey flow and display logic"


def _write(instrument: Instrument, language: Language) -> bytes:
    """Write the whole text."""
    laid_out = questionnaire(instrument)
    shown = words_shown(instrument, laid_out, language, _TITLE)
    names = names_for(instrument, laid_out)
    parts = ["[[AdvancedFormat]]"]
    if laid_out.introduction is not None:
        head = _head("note", names.introduction)
        words = _safe(laid_out.introduction.get(language))
        parts += [f"[[Block:{names.introduction}]]", f"{head}\n{words}"]
    for page in laid_out.pages:
        parts.append(f"[[Block:{page.id}]]")
        parts += [
            "\n".join(_lines(entry, names, shown, language)) for entry in page.entries
        ]
    return ("\n\n".join(parts) + "\n").encode()


def _head(kind: str, name: str) -> str:
    return f"[[Question:{_TYPES[kind]}]]\n[[ID:{name}]]"


def _lines(
    entry: Entry, names: Names, shown: Mapping[str, str], language: Language
) -> Iterator[str]:
    """Write one question."""
    yield _head(entry.kind, names.of(entry))
    is_silent = entry.kind in ("matrix", "note")
    yield _safe(entry.text.get(language) if is_silent else shown[entry.code])
    options = [
        (option.code, _safe(option.label.get(language))) for option in entry.options
    ]
    if entry.kind == "matrix":
        rows = [_safe(shown[row.code]) for row in entry.rows]
        yield from _listed("Choice", enumerate(rows, start=1))
        yield from _listed("Answer", options)
    elif options:
        yield from _listed("Choice", options)


def _listed(kind: str, lines: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Write options or rows, each with its code."""
    yield f"\n[[Advanced{kind}s]]"
    for code, words in lines:
        yield f"[[{kind}:{code}]]\n{words}"


def _safe(text: str) -> str:
    """Write words on one line without signs of the format, of HTML or of piping."""
    words = one_line(text).replace("[[", "[ [").replace("]]", "] ]")
    return words.replace("${", "$ {").translate(str.maketrans("<>", "＜＞"))


def _limits(instrument: Instrument, languages: Languages) -> tuple[Finding, ...]:
    """Say what has to be done on the platform."""
    laid_out = questionnaire(instrument)
    language = languages[0]
    return (
        *skips_by_hand(laid_out, language, _LOGIC),
        *coded_words(words_shown(instrument, laid_out, language, _TITLE)),
        *_by_hand(laid_out, language),
    )


def _by_hand(laid_out: Questionnaire, language: Language) -> Iterator[Finding]:
    title = one_line(laid_out.title.get(language))
    message = f"The text holds no title; name the project: {title}"
    yield Finding("title-by-hand", "info", laid_out.id, message)
    message = (
        "The text cannot say that an answer is required. Set on the platform (Response "
        "requirements: Force response) for all questions but free text."
    )
    yield Finding("required-by-hand", "info", laid_out.id, message)
    if any(entry.kind == "matrix" for entry in laid_out.entries):
        message = (
            "Exports name the rows of a matrix by a number; kocsem matches them by "
            "their words, so leave the wording as it is and export the CSV with its "
            "three header rows."
        )
        yield Finding("rows-by-words", "info", laid_out.id, message)
    for entry in laid_out.entries:
        if entry.kind == "number":
            message = (
                f"Question {entry.number} ({entry.code}) asks for a number, which the "
                "text cannot say. Set on the platform (Content validation): Number."
            )
            yield Finding("number-by-hand", "info", entry.code, message)


QUALTRICS = Target(
    name=_NAME,
    title="Qualtrics: Advanced Format text to import",
    languages=("zh", "en"),
    write=file_a_language(_NAME, "txt", _write),
    limits=_limits,
)
