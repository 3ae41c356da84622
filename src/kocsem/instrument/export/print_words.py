"""What a printed questionnaire says around its questions, in both languages.

In: nothing, or the condition of a page. Out: words by key, and the condition as an
instruction to a reader.
"""

from collections.abc import Mapping

from kocsem.instrument.questionnaire import Entry, Page, Questionnaire
from kocsem.instrument.types import Language, Text

PRINT_WORDS: Mapping[str, Text] = {
    "how": Text(
        zh="请在所选答案的方框内打“✓”。灰色的字母和数字供录入数据使用。",
        en="Tick the box of your answer. Letters and digits in grey serve data entry.",
    ),
    "sheet": Text(zh="问卷编号", en="Sheet no."),
    "stop": Text(zh="→ 结束作答", en="→ stop here, thank you"),
    "several": Text(zh="请勾选所有符合的选项", en="tick all that apply"),
    "number": Text(zh="请填写数字", en="a number, please"),
    "end": Text(
        zh="问卷到此结束，感谢您的参与！",
        en="This is the end. Thank you for taking part!",
    ),
}

_CONDITION = Text(
    zh="仅当您在第 {asked} 题选择{answers}时，请{do}；否则请{skip}。",
    en="Only if you chose {answers} in question {asked}, {do}; otherwise {skip}.",
)
_ONE = Text(zh="回答第 {first} 题", en="answer question {first}")
_MANY = Text(
    zh="回答第 {first}–{last} 题",
    en="answer questions {first}–{last}",
)
_READ = Text(zh="阅读下面这段话", en="read the following")
_SKIP = Text(zh="跳到第 {number} 题", en="go on to question {number}")
_END = Text(zh="结束作答", en="you have come to the end")
_OR: Mapping[Language, str] = {"zh": "或", "en": " or "}


def condition_words(asked: Questionnaire, page: Page, language: Language) -> str:
    """Say who answers a page, and where the others go on.

    Parameters
    ----------
    asked : Questionnaire
        The questionnaire.
    page : Page
        One of its pages.
    language : {"zh", "en"}
        The language.

    Returns
    -------
    str
        A sentence; empty for a page that everybody answers.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> from kocsem.instrument.questionnaire import questionnaire
    >>> koc = questionnaire(load_instrument("koc_core"))
    >>> condition_words(koc, koc.pages[0], "en")
    ''
    """
    if page.shown_if is None:
        return ""
    entry = next(e for e in asked.entries if e.code == page.shown_if.question)
    return _CONDITION.get(language).format(
        asked=entry.number,
        answers=_OR[language].join(
            f"“{option.label.get(language)}”"
            for option in entry.options
            if option.code in page.shown_if.answers
        ),
        do=_what(page, language),
        skip=_where(asked, page, language),
    )


def _what(page: Page, language: Language) -> str:
    """Say what is done on a page."""
    numbers = [entry.number for entry in page.entries if entry.kind != "note"]
    if not numbers:
        return _READ.get(language)
    words = _ONE if len(numbers) == 1 else _MANY
    return words.get(language).format(first=numbers[0], last=numbers[-1])


def _where(asked: Questionnaire, page: Page, language: Language) -> str:
    """Say where to go on without this page."""
    after = asked.pages[asked.pages.index(page) + 1 :]
    entries: list[Entry] = [entry for later in after for entry in later.entries]
    number = next((entry.number for entry in entries if entry.number), None)
    if number is None:
        return _END.get(language)
    return _SKIP.get(language).format(number=number)
