"""Who meets what: the earlier answers on which every question depends.

In: a questionnaire. Out: for each page and each entry its conditions; a platform that
can skip writes them in its own language. A refused screening question ends the
questionnaire: all that follows depends on it.
"""

from dataclasses import dataclass

from kocsem.instrument.questionnaire import Entry, Page, Questionnaire


@dataclass(frozen=True, slots=True)
class Wanted:
    """An earlier answer without which something is not shown.

    Attributes
    ----------
    entry : Entry
        The question.
    answers : tuple of int
        Codes of its options, any of which will do.
    if_asked : bool
        The condition also holds when the question itself was not shown.
    """

    entry: Entry
    answers: tuple[int, ...]
    if_asked: bool = False


@dataclass(frozen=True, slots=True)
class Routed:
    """A page with what it depends on.

    Attributes
    ----------
    page : Page
        The page.
    wanted : tuple of Wanted
        What the whole page depends on; all must hold.
    within : tuple of tuple of Wanted
        For each entry, what it depends on among the questions of the same page.
    """

    page: Page
    wanted: tuple[Wanted, ...]
    within: tuple[tuple[Wanted, ...], ...]


def routed(laid_out: Questionnaire) -> tuple[Routed, ...]:
    """Find what each page and each entry depends on.

    Parameters
    ----------
    laid_out : Questionnaire
        The questionnaire.

    Returns
    -------
    tuple of Routed
        The pages in order.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> from kocsem.instrument.questionnaire import questionnaire
    >>> pages = routed(questionnaire(load_instrument("koc_core")))
    >>> [wanted.entry.code for wanted in pages[2].wanted]
    ['CONS', 'SC1']
    """
    entries = {entry.code: entry for entry in laid_out.entries}
    passed: tuple[Wanted, ...] = ()
    pages = []
    for page in laid_out.pages:
        wanted = passed
        if page.shown_if is not None:
            asked = entries[page.shown_if.question]
            wanted += (Wanted(asked, page.shown_if.answers),)
        here: tuple[Wanted, ...] = ()
        within = []
        for entry in page.entries:
            within.append(here)
            if entry.accept:
                here += (Wanted(entry, entry.accept, page.shown_if is not None),)
        pages.append(Routed(page, wanted, tuple(within)))
        passed += here
    return tuple(pages)
