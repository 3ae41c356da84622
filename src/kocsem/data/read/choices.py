"""How a file of answers is to be read, where the file itself does not tell.

In: the keys of the ``data`` block of a study file, or the arguments of
`read_responses`. Out: `ReadingChoices`, checked against the instrument before anything
is read.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ValidationError
from pydantic.dataclasses import dataclass

from kocsem.data.read.matching.mapping import check_stated
from kocsem.data.read.platforms.registry import platform_named
from kocsem.errors import DataError
from kocsem.instrument.nearest import hinted
from kocsem.instrument.types import Instrument, Question
from kocsem.instrument.wording import STRICT, Code, Words

#: Stands for every row that is answered on the instrument's scale.
SCALE = "scale"

_CODINGS = ("auto", "number", "text")


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ReadingChoices:
    """What is said about a file of answers.

    Attributes
    ----------
    platform : str
        Name of the survey platform, or ``"auto"``.
    coding : {"auto", "number", "text"}
        Whether options are exported by number or by text.
    first_code : int or mapping of str to int
        The number that stands for the first category: one for all scale rows, or by
        code of item or question.
    mapping : mapping of str to str, int or None
        By code of item or question, or of an option (``CAT_3``), or ``seconds``,
        ``origin``: the header or the number of its column, from 1; null for what no
        column answers.
    recode : mapping of str to mapping of str to int or None
        By code of item or question, or ``scale`` for all scale rows: what cells that
        match no option stand for; null for no answer.
    """

    platform: Words = "auto"
    coding: Literal["auto", "number", "text"] = "auto"
    first_code: int | dict[Code, int] = 1
    mapping: dict[Code, Words | int | None] | None = None
    recode: dict[Code, dict[Words, int | None]] | None = None


def chosen(**said: Any) -> ReadingChoices:
    """Gather what a caller says about a file.

    Parameters
    ----------
    **said
        Fields of `ReadingChoices`.

    Returns
    -------
    ReadingChoices
        The same as a record.

    Raises
    ------
    DataError
        If a value is of the wrong kind.
    """
    coding = said.get("coding", "auto")
    if coding not in _CODINGS:
        raise DataError(hinted(f"there is no coding {coding}", str(coding), _CODINGS))
    try:
        return ReadingChoices(**said)
    except ValidationError as failure:
        detail = failure.errors(include_url=False)[0]
        where = ".".join(map(str, detail["loc"][:2]))
        raise DataError(f"{where}: {detail['msg']}.") from None


def check_choices(choices: ReadingChoices, instrument: Instrument) -> None:
    """Refuse what does not exist, before reading anything.

    Parameters
    ----------
    choices : ReadingChoices
        What is said about a file.
    instrument : Instrument
        What was asked.

    Raises
    ------
    DataError
        If there is no such platform, coding, question or answer category.
    """
    if choices.platform != "auto":
        platform_named(choices.platform)
    first = choices.first_code
    for code in first if isinstance(first, Mapping) else ():
        if code not in instrument.asked:
            said = f"first_code: there is no question {code}"
            raise DataError(hinted(said, code, instrument.asked))
    check_stated(choices.mapping or {}, instrument)
    for code, meanings in (choices.recode or {}).items():
        _check_recode(code, meanings, instrument)


def _check_recode(
    code: str, meanings: Mapping[str, int | None], instrument: Instrument
) -> None:
    """Refuse a question or a category that does not exist."""
    points = _points(code, instrument)
    if points is None:
        said = f"recode: there is no question {code} with options"
        raise DataError(hinted(said, code, [*instrument.asked, SCALE]))
    for cell, meant in meanings.items():
        if meant is not None and not 1 <= meant <= points:
            raise DataError(
                f"recode: {code}: '{cell}' cannot stand for {meant}; the codes are 1 "
                f"to {points}."
            )


def _points(code: str, instrument: Instrument) -> int | None:
    """Return the number of answer categories, None where there are none."""
    if code in instrument.asked:
        part = instrument.asked[code]
        if isinstance(part, Question):
            return len(part.options) or None
        return instrument.scale_of(code).points
    return instrument.scale.points if code == SCALE else None
