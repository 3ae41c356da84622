"""Whether the code and the words of a column mean the same question.

In: what each column was found to answer, and the instrument. Out: a finding for each
column whose header or title speaks of another question too, so that a variable that was
renamed or mislabelled is not read wrongly in silence.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from kocsem.data.read.matching.records import Match
from kocsem.data.read.platform import Column
from kocsem.data.read.privacy import shown_header
from kocsem.data.read.text import words_key
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument

_CODE_BEFORE = re.compile(r"^[A-Za-z][\w.]*\s*[:：、.]\s*(?=\S)")


def agreement_findings(
    matches: Iterable[Match], instrument: Instrument
) -> Iterator[Finding]:
    """Remark on columns that bear the code of one question and the words of another.

    Parameters
    ----------
    matches : iterable of Match
        What each column answers; what a study file states is not questioned.
    instrument : Instrument
        What was asked.

    Yields
    ------
    Finding
        Code ``"code-and-words-differ"``, a warning for each such column.
    """
    known = _known(instrument)
    for match in matches:
        if match.how == "mapping":
            continue
        column, code = match.column, match.target.code
        said = {key: known[key] for key in _keys(column) if key in known}
        own = [key for key in said if said[key] == code]
        strange = {key for key in said if not any(key in words for words in own)}
        if others := sorted({said[key] for key in strange}):
            header = shown_header(column.header)
            message = (
                f"column {column.position + 1} ({header}) was read as {code}, "
                f"but its header or title also speaks of {', '.join(others)}. Look "
                "which is meant, and correct the other."
            )
            yield Finding("code-and-words-differ", "warning", code, message)


def _known(instrument: Instrument) -> dict[str, str]:
    """Map codes and wordings that stand for one question to its code."""
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for code, part in instrument.asked.items():
        texts[code.casefold()].add(code)
        for words in (part.text.zh, part.text.en) if part.text else ():
            texts[words_key(words)].add(code)
    return {
        key: min(codes)
        for key, codes in texts.items()
        if len(codes) == 1 and not key.isdigit()  # digits are numbers of options
    }


def _keys(column: Column) -> Iterator[str]:
    """Go through all that the readings of a column may be a code or a wording of."""
    for reading in column.readings:
        for words in (reading.stem, reading.part or ""):
            yield words.casefold()
            yield words_key(words)
            yield words_key(_CODE_BEFORE.sub("", words))
