r"""The text that 问卷星 (wjx.cn) turns into a questionnaire.

In: an instrument. Out: text to paste under 创建问卷 → 导入文本. Questions are separated
by blank lines; a type such as ``[单选题]`` ends the first line, the options follow, one
a line; the second line of a matrix holds its columns, separated by blanks, and its rows
follow. Questions carry no numbers, which the site adds itself.

The rules are those of the site's own editor, which also guesses: a line that begins
with a number, or with 第一, may be taken for the next question, and an option is cut at
its blanks. So blanks are written as no-break spaces, options that begin with a number
get letters (``A.``), and lines that could still be misread are named in a finding.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from string import ascii_uppercase

from kocsem.errors import InstrumentError
from kocsem.findings import Finding
from kocsem.instrument.export.byhand import skips_by_hand
from kocsem.instrument.export.target import Languages, Target, file_a_language
from kocsem.instrument.export.words import coded_words, one_line, words_shown
from kocsem.instrument.questionnaire import Entry, Questionnaire, questionnaire
from kocsem.instrument.types import Instrument, Language

_NAME = "wenjuanxing"
_TITLE = "问卷星"
_TYPES = {
    "matrix": "[矩阵量表题]",
    "single": "[单选题]",
    "multi": "[多选题]",
    "number": "[问答题]",
    "text": "[问答题]",
    "note": "[段落说明]",
}
_PAGE = "[分页栏]"
_SKIPS = "题目设置：跳题逻辑、显示逻辑"
_NO_BREAK = "\u00a0"

#: Brackets around a word by which the site knows a type, whatever their form.
_TYPE_WORD = re.compile(
    r"[\[【(（]\s*(?:(?:反向|矩阵|测试|多项)*(?:单选|复选|多选|量表|表格|比重|排序|问答|填空"
    r"|简答|判断|主观|必答|矩阵|测试)题|题目|段落说明|分页栏|标签|必答|选答)\s*[\])）】]"
    r"|[\[【][^\[\]【】]*题\s*[\]】]"
)
#: Signs by which the site joins several answers, or marks a respondent's own words.
_JOINTS = re.compile("[┋→〖〗]")
#: Words that the site takes out of a stem, made unlike themselves.
_SEVERAL = re.compile(r"[(（]\s*((?:可)?多选)\s*[)）]")
_LIMIT = re.compile(r"([限多少]选)(?=\d)")
#: Signs that the site replaces, as full-width ones, which count as the same.
_SIGNS = str.maketrans("$^|{}", "＄＾｜｛｝")
_NUMBER_FIRST = re.compile(r"\s*[A-Za-z]?\s*\d")
_RANGE = re.compile(r"\s*\d+\s*([-－—~～]{1,3}\s*\d|[次万%千小年以岁元人本个后级分])")
_NEW_PART = re.compile(
    r"(基本信息|个人信息|第[一二三四五六七八九]"
    r"|[(（][一二三四五六七八九][)）]|[一二三四五六七八九][.。、．:： \u00a0])"
)
_LONE_LETTER = re.compile("(?<![A-Za-z])[A-Za-z](?![A-Za-z0-9-])")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_LIST_SIGN = re.compile("[□○①-⑧]")
_RULE = re.compile(r"[-=_]+|.*_{3,}[)）]?")


def _write(instrument: Instrument, language: Language) -> bytes:
    """Write the whole text."""
    laid_out = questionnaire(instrument)
    shown = words_shown(instrument, laid_out, language, _TITLE)
    paragraphs: list[str] = []
    if laid_out.introduction is not None:
        words = _stem(laid_out.introduction.get(language), "introduction")
        paragraphs.append(words + _TYPES["note"])
    for place, page in enumerate(laid_out.pages):
        if place:
            paragraphs.append(_PAGE)
        paragraphs += [
            "\n".join(_lines(entry, shown, language)) for entry in page.entries
        ]
    return ("\n\n".join(paragraphs) + "\n").encode()


def _lines(entry: Entry, shown: Mapping[str, str], language: Language) -> Iterator[str]:
    """Write one question."""
    is_silent = entry.kind in ("matrix", "note")
    words = entry.text.get(language) if is_silent else shown[entry.code]
    yield _stem(words, entry.code) + _TYPES[entry.kind]
    labels = _labels(entry, language)
    if entry.kind == "matrix":
        yield " ".join(labels)
        yield from (_row(shown[row.code], row.code) for row in entry.rows)
    else:
        yield from labels


def _stem(text: str, code: str) -> str:
    """Make a stem safe; what counts for finding it again, its letters, stays."""
    words = _safe(text, code)
    words = _LIMIT.sub(r"\1 ", _SEVERAL.sub(r" \1", words))
    return re.sub("_{3,}", " ", words).strip()


def _row(text: str, code: str) -> str:
    """Make a row safe; a colon at its end would open a question."""
    return _safe(text, code).rstrip(":：")


def _labels(entry: Entry, language: Language) -> list[str]:
    """Make the options safe, with letters where one begins with a number."""
    labels = [
        _safe(option.label.get(language), f"{entry.code}, option {option.code}")
        for option in entry.options
    ]
    for option, label in zip(entry.options, labels, strict=True):
        if _RULE.fullmatch(label):
            raise InstrumentError(
                f'{entry.code}, option {option.code}: {_TITLE} reads "{label}" as a '
                "line to write on or as none at all; word the option without the line."
            )
        if joint := _JOINTS.search(label):
            raise InstrumentError(
                f"{entry.code}, option {option.code}: {_TITLE} uses {joint[0]} between "
                "answers; word the option without this sign."
            )
    if _needs_letters(entry, labels):
        letters = ascii_uppercase[: len(labels)]
        labels = [f"{a}.{label}" for a, label in zip(letters, labels, strict=True)]
    return [label.replace(" ", _NO_BREAK) for label in labels]


def _needs_letters(entry: Entry, labels: Sequence[str]) -> bool:
    """Tell whether an option begins so that it could be taken for a question."""
    if entry.kind == "matrix" or len(labels) > len(ascii_uppercase):
        return False
    lone = any(_LONE_LETTER.search(label) for label in labels)
    is_chinese = any(_CHINESE.search(label) for label in labels)
    return any(map(_opens_a_question, labels)) and not (lone and is_chinese)


def _opens_a_question(label: str) -> bool:
    return bool(_NUMBER_FIRST.match(label)) and not _RANGE.match(label)


def _safe(text: str, code: str) -> str:
    """Write words on one line without signs that mean something to the site."""
    words = one_line(text)
    if found := _TYPE_WORD.search(words):
        raise InstrumentError(
            f"{code}: {_TITLE} takes {found[0]} for the type of a question, wherever "
            "it stands; word it differently."
        )
    return words.translate(_SIGNS)


def _limits(instrument: Instrument, languages: Languages) -> tuple[Finding, ...]:
    """Say what has to be done on the site."""
    laid_out = questionnaire(instrument)
    language = languages[0]
    title = one_line(laid_out.title.get(language))
    message = f"The text holds no title; type it on {_TITLE}: {title}"
    doubts = [_to_look_at(laid_out, language) for language in languages]
    return (
        Finding("title-by-hand", "info", instrument.id, message),
        *skips_by_hand(laid_out, language, _SKIPS),
        *coded_words(words_shown(instrument, laid_out, language, _TITLE)),
        *_numbers(laid_out),
        *_same_options(laid_out, language),
        *chain.from_iterable(doubts),
    )


def _numbers(laid_out: Questionnaire) -> Iterator[Finding]:
    for entry in laid_out.entries:
        if entry.kind == "number":
            message = (
                f"Question {entry.number} ({entry.code}) asks for a number, which the "
                "text cannot say. Set on the platform (题目设置：属性验证): 数字."
            )
            yield Finding("number-by-hand", "info", entry.code, message)


def _same_options(laid_out: Questionnaire, language: Language) -> Iterator[Finding]:
    """Name questions that an export by number shows by nothing but their options."""
    several = {
        entry.code: set(_labels(entry, language))
        for entry in laid_out.entries
        if entry.kind == "multi"
    }
    for code, labels in several.items():
        others = [c for c, more in several.items() if c != code and labels <= more]
        if others:
            message = (
                f"An export by number (按序号) shows of {code} only its options, which "
                f"{', '.join(others)} has too: only the number of the question tells "
                "them apart. Add no question on the site, or export by text (按文本)."
            )
            yield Finding("same-options", "info", code, message)


def _to_look_at(laid_out: Questionnaire, language: Language) -> Iterator[Finding]:
    """Name what the site may read otherwise than it is meant."""
    for entry in laid_out.entries:
        labels = _labels(entry, language)
        rows = [_row(row.text.get(language), row.code) for row in entry.rows]
        lines = rows if entry.kind == "matrix" else [*labels, *rows]
        doubtful = [line for line in lines if _is_doubtful(line, entry)]
        if doubtful:
            shown = "; ".join(doubtful)
            message = (
                f"{_TITLE} may take a line of {entry.code} for a new question or for "
                f"two options: {shown}. Look at it in the preview; if it is, word it "
                "differently in the instrument."
            )
            yield Finding("doubtful-line", "warning", entry.code, message)
        if any(_NO_BREAK in label for label in labels):
            message = (
                f"Blanks in the answers to {entry.code} are written as no-break "
                f"spaces, for {_TITLE} would cut the answers at common ones. Look in "
                f"the preview whether it shows {len(labels)} answers."
            )
            yield Finding("no-break-spaces", "info", entry.code, message)


def _is_doubtful(line: str, entry: Entry) -> bool:
    is_number = entry.kind != "matrix" and _opens_a_question(line)
    return is_number or bool(_NEW_PART.match(line) or _LIST_SIGN.search(line))


WENJUANXING = Target(
    name=_NAME,
    title="问卷星 (wjx.cn): text to paste under 导入文本",
    languages=("zh",),
    write=file_a_language(_NAME, "txt", _write),
    limits=_limits,
)
