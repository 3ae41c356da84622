"""What a format cannot carry, as findings that say what to set on the platform.

In: a questionnaire. Out: one finding for each screening question and each page that
depends on an earlier answer.
"""

from collections.abc import Iterator

from kocsem.findings import Finding
from kocsem.instrument.questionnaire import Entry, Page, Questionnaire
from kocsem.instrument.types import Language


def skips_by_hand(
    laid_out: Questionnaire, language: Language, where: str
) -> Iterator[Finding]:
    """List the skips that have to be set on the platform.

    Parameters
    ----------
    laid_out : Questionnaire
        The questionnaire.
    language : {"zh", "en"}
        Language of the labels shown.
    where : str
        What the platform calls such skips, such as ``"题目设置：跳题"``.

    Yields
    ------
    Finding
        One for each screening question and each page with a condition.
    """
    entries = {entry.code: entry for entry in laid_out.entries}
    for page in laid_out.pages:
        for entry in page.entries:
            if entry.accept:
                yield _screening(entry, language, where)
        if page.shown_if is not None and page.entries:
            yield _condition(page, entries[page.shown_if.question], language, where)


def _screening(entry: Entry, language: Language, where: str) -> Finding:
    others = [
        option.code for option in entry.options if option.code not in entry.accept
    ]
    message = (
        f"Question {entry.number} ({entry.code}) decides who goes on, which the file "
        f"cannot say. Set on the platform ({where}): the answers "
        f"{_labels(entry, others, language)} lead to the end of the questionnaire."
    )
    return Finding("screening-by-hand", "warning", entry.code, message)


def _condition(page: Page, asked: Entry, language: Language, where: str) -> Finding:
    assert page.shown_if is not None
    answers = _labels(asked, page.shown_if.answers, language)
    message = (
        f"{_place(page)} depends on an earlier answer, which the file cannot say. Set "
        f"on the platform ({where}): show it only when question {asked.number} "
        f"({asked.code}) was answered {answers}."
    )
    return Finding("condition-by-hand", "warning", page.id, message)


def _place(page: Page) -> str:
    """Name what stands on a page, by its numbers."""
    numbers = [entry.number for entry in page.entries if entry.number]
    if not numbers:
        return f"The note {page.id}"
    if len(numbers) == 1:
        return f"Question {numbers[0]} (page {page.id})"
    return f"Questions {numbers[0]} to {numbers[-1]} (page {page.id})"


def _labels(
    entry: Entry, codes: list[int] | tuple[int, ...], language: Language
) -> str:
    """List options by number and label."""
    labels = {option.code: option.label.get(language) for option in entry.options}
    return ", ".join(f"{code} ({' '.join(labels[code].split())})" for code in codes)
