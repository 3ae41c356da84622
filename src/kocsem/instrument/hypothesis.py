"""What a study expects: a path, a chain of paths, an interaction, or a statement.

In: mappings as they stand in a survey definition or a study file. Out: validated,
frozen records that know their kind and the constructs they name.
"""

import re
from typing import Literal, Self

from pydantic import model_validator
from pydantic.dataclasses import dataclass

from kocsem.instrument.problems import Problem, refuse
from kocsem.instrument.wording import STRICT, Section, Text, Words

HypothesisKind = Literal["direct", "indirect", "moderation", "statement"]
Sign = Literal["+", "-", "?"]

_TIMES = re.compile(r"\s+x\s+")


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Hypothesis:
    """An expectation about constructs.

    Attributes
    ----------
    id : str
        Number, such as ``"H1"`` or ``"H5a"``.
    path : str, optional
        Construct codes joined by arrows: ``"CA -> TR"``, or ``"CA -> TR -> PI"`` for a
        mediation. ``"DS x CM -> TR"`` is a moderation: the two in interaction. Without
        a path the hypothesis is a statement, which no single estimate tests.
    sign : {"+", "-", "?"}, optional
        Expected sign, ``"?"`` for a two-sided hypothesis. A path needs one, a statement
        has none.
    about : tuple of str
        Codes of the constructs that a statement is about.
    sections : tuple of str
        Sections of Cai et al. (2025) that it comes from.
    statement : Text
        The hypothesis in words.

    Examples
    --------
    >>> Hypothesis(id="H1", path="CA -> TR", sign="+", statement="CA raises TR").nodes
    ('CA', 'TR')
    >>> buffer = Hypothesis(
    ...     id="H18", path="DS x CM -> TR", sign="+", statement="DS buffers CM"
    ... )
    >>> buffer.kind, buffer.nodes, buffer.product, buffer.outcome
    ('moderation', (), ('DS', 'CM'), 'TR')
    """

    id: Words
    path: str | None = None
    sign: Sign | None = None
    about: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    statement: Text

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        refuse(_statement_problems(self) if self.path is None else _path_problems(self))
        return self

    @property
    def kind(self) -> HypothesisKind:
        """Whether it is about one path, a chain, an interaction, or none of these."""
        if self.path is None:
            return "statement"
        if self.product:
            return "moderation"
        return "direct" if len(self.nodes) == 2 else "indirect"

    @property
    def nodes(self) -> tuple[str, ...]:
        """The construct codes along a path or chain, cause first; else empty."""
        steps = self._steps()
        return () if self.product else tuple(code for step in steps for code in step)

    @property
    def product(self) -> tuple[str, ...]:
        """The two constructs of a moderation that interact; else empty."""
        steps = self._steps()
        return steps[0] if steps and len(steps[0]) > 1 else ()

    @property
    def outcome(self) -> str | None:
        """The construct at the end of the path; None for a statement."""
        steps = self._steps()
        return steps[-1][-1] if steps else None

    @property
    def constructs(self) -> tuple[str, ...]:
        """Every construct that it names, in the order in which they stand."""
        return tuple(code for step in self._steps() for code in step) or self.about

    def _steps(self) -> tuple[tuple[str, ...], ...]:
        """Return the path cut at its arrows, and each part at its products."""
        parts = [] if self.path is None else self.path.split("->")
        return tuple(tuple(_TIMES.split(part.strip())) for part in parts)


def _path_problems(hypothesis: Hypothesis) -> list[Problem]:
    """Hold a path against the forms that there are."""
    found = []
    steps, codes = hypothesis._steps(), hypothesis.constructs
    sizes = [len(step) for step in steps]
    is_chain = len(sizes) > 1 and set(sizes) == {1}
    if not (is_chain or sizes == [2, 1]) or not _are_different_codes(codes):
        said = f"{hypothesis.path!r} is no chain of different constructs"
        way = 'write it like "CA -> TR -> PI", or "DS x CM -> TR" for an interaction'
        found.append(Problem(("path",), f"{said}; {way}"))
    if hypothesis.sign is None:
        said = 'a path needs the expected sign: "+", "-", or "?" for either'
        found.append(Problem(("sign",), said))
    if hypothesis.about:
        said = "the path names its constructs already; remove 'about'"
        found.append(Problem(("about",), said))
    return found


def _statement_problems(hypothesis: Hypothesis) -> list[Problem]:
    """Refuse the sign of a hypothesis that has no path."""
    if hypothesis.sign is None:
        return []
    said = "without a path there is nothing that could have a sign; remove it"
    return [Problem(("sign",), f"{said}, or add the path")]


def _are_different_codes(codes: tuple[str, ...]) -> bool:
    is_whole = all(code and not re.search(r"\s", code) for code in codes)
    return is_whole and len(set(codes)) == len(codes)
