"""Content words that a cause and its outcome share, which tie them together by wording.

In: the constructs, items and hypotheses of an instrument. Out: a finding for every
cause of a mediating construct, such as trust, whose items are worded with the same
words. English words are compared by their first letters, Chinese ones by pairs of
characters; words that three constructs or more have in common are the topic, and free.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Language

_MOST_CONSTRUCTS = 2
_STEM = 6
_HANZI = re.compile(r"[\u4e00-\u9fff]+")
#: Characters that carry grammar rather than content.
_PARTICLES = frozenset(
    "的了是在我您你他她它也都就还把被会以和与或及很最更不没有这那个种些着过得地让给"
    "对从到为因所上下里中时一两每各常总来去做说看人们位该"
)
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        "about also been could does each even from have into just know like make makes "
        "many more most much only other over should some such than that their them "
        "then there they thing things this very well were what when where which while "
        "with without would",
    )
)
_LANGUAGES: dict[Language, str] = {"zh": "Chinese", "en": "English"}


def shared_word_findings(instrument: Instrument) -> Iterator[Finding]:
    """Look for words shared by a cause and the mediating construct it explains.

    Parameters
    ----------
    instrument : Instrument
        The survey definition.

    Yields
    ------
    Finding
        Code ``"shared-wording"``; a warning when words are shared in both languages,
        else a remark.

    References
    ----------
    henseler-ringle-sarstedt-2015
    """
    words: dict[Language, dict[str, frozenset[str]]] = {
        language: _words_by_construct(instrument, language) for language in _LANGUAGES
    }
    for cause, outcome in _pairs(instrument):
        shared = {
            language: sorted(by_code[cause] & by_code[outcome])
            for language, by_code in words.items()
        }
        found = {language: common for language, common in shared.items() if common}
        if found:
            yield _finding(cause, outcome, found)


def _pairs(instrument: Instrument) -> Iterator[tuple[str, str]]:
    """List the paths that lead to a construct from which another path leads on."""
    steps = [pair for h in instrument.hypotheses for pair in pairwise(h.nodes)]
    causes = {cause for cause, _ in steps}
    yield from (step for step in dict.fromkeys(steps) if step[1] in causes)


def _words_by_construct(
    instrument: Instrument, language: Language
) -> dict[str, frozenset[str]]:
    """Return the content words of each construct that are not the topic's."""
    words = {
        construct.id: frozenset(
            word
            for item in instrument.items_of(construct.id)
            if item.text is not None
            for word in _content(item.text.get(language), language)
        )
        for construct in instrument.constructs
    }
    counts = Counter(chain.from_iterable(words.values()))
    comparison = instrument.comparison
    is_within = comparison is not None and comparison.design == "within"
    copies = len(comparison.referents) if comparison and is_within else 1
    topic = {w for w, count in counts.items() if count > _MOST_CONSTRUCTS * copies}
    for construct in instrument.constructs:
        if construct.dimensions:
            parts = (words[code] for code in construct.dimensions)
            words[construct.id] = frozenset().union(*parts)
    return {code: found - topic for code, found in words.items()}


def _content(text: str, language: Language) -> Iterable[str]:
    """Cut a text into its content words."""
    if language == "en":
        plain = re.findall(r"[a-z]+", text.lower().replace("'s", ""))
        long = (word for word in plain if len(word) > 3 and word not in _FILLERS)
        return {word.rstrip("s")[:_STEM] for word in long}
    return {
        first + second
        for run in _HANZI.findall(text)
        for first, second in pairwise(run)
        if not {first, second} & _PARTICLES
    }


def _finding(cause: str, outcome: str, found: dict[Language, list[str]]) -> Finding:
    """Make the finding of one pair."""
    listed = "; ".join(
        f"{_LANGUAGES[language]}: {', '.join(words)}"
        for language, words in found.items()
    )
    return Finding(
        "shared-wording",
        "warning" if len(found) == len(_LANGUAGES) else "info",
        f"{cause} -> {outcome}",
        f"The items of {cause} and {outcome} share words ({listed}). A path between "
        "constructs that are worded alike is partly wording; reword one of them, and "
        "look at their HTMT.",
        listed,
        citation="henseler-ringle-sarstedt-2015",
    )
