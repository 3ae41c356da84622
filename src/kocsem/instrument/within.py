"""An instrument whose respondents rate several creators, written out for each of them.

In: an instrument with a comparison within subjects. Out: the same instrument in which
constructs, items, blocks and hypotheses stand once for each creator, so that all that
reads it meets an ordinary instrument.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from kocsem.instrument.types import (
    Block,
    Comparison,
    Condition,
    Construct,
    Hypothesis,
    Instrument,
    Option,
    Question,
    Referent,
    Text,
)

#: Code of the question that asks which creator was rated first.
ORDER = "ORD"


def written_out(instrument: Instrument) -> Instrument:
    """Write out a comparison within subjects for each of its referents.

    Parameters
    ----------
    instrument : Instrument
        As it stands in its file.

    Returns
    -------
    Instrument
        Where the design is not within subjects, the instrument itself. Otherwise every
        construct, item, question about the creator and block that asks for one of them
        stands once for each referent, its code ended by the referent's: ``TR_KOC``,
        ``TR1_KOC``. What is asked begins with the referent's name, so that a respondent
        knows who is meant, and the columns of an export can be told apart by their
        words. A referent's blocks follow a note with its introduction. Rows of these
        blocks that are about no creator (marker, attention) stay with the first.

    Raises
    ------
    pydantic.ValidationError
        When a code made in this way is taken.

    Notes
    -----
    A hypothesis with a path is written out too (``H26a_KOC``: the path holds for each
    creator by itself); a statement compares the creators and stays one. Where no
    question on the order is named, one is added behind the last block about a creator:
    platforms that shuffle pages seldom export the order they chose.
    """
    comparison = instrument.comparison
    if comparison is None or comparison.design == "between":
        return instrument
    repeated = _repeated(instrument, comparison)
    referents = comparison.referents
    asked_order = None if comparison.order else _order_question(referents)
    demographics = [
        copy
        for question in instrument.demographics
        for copy in _copies(question, referents, repeated)
    ]
    return replace(
        instrument,
        constructs=tuple(
            _construct(construct, referent)
            for referent in referents
            for construct in instrument.constructs
        ),
        items=tuple(
            replace(
                item,
                id=_code(item.id, referent),
                construct=_code(item.construct, referent),
                text=None if item.text is None else _said_of(item.text, referent),
            )
            for referent in referents
            for item in instrument.items
        ),
        demographics=(*demographics, *([asked_order] if asked_order else [])),
        blocks=tuple(_blocks(instrument, comparison, repeated)),
        hypotheses=tuple(_hypotheses(instrument, comparison)),
        comparison=replace(
            comparison,
            order=comparison.order or ORDER,
            manipulation_checks=_codes(comparison.manipulation_checks, referents),
            asked_of_each=_codes(comparison.asked_of_each, referents),
        ),
    )


def _code(code: str, referent: Referent) -> str:
    return f"{code}_{referent.id}"


def _codes(codes: tuple[str, ...], referents: tuple[Referent, ...]) -> tuple[str, ...]:
    return tuple(_code(code, referent) for referent in referents for code in codes)


def _repeated(instrument: Instrument, comparison: Comparison) -> frozenset[str]:
    """Collect the codes of what is asked about each referent."""
    return frozenset((*(i.id for i in instrument.items), *comparison.repeated))


def _copies(
    question: Question, referents: tuple[Referent, ...], repeated: frozenset[str]
) -> Iterator[Question]:
    """Write out a question about the creator; leave any other as it is."""
    if question.id not in repeated:
        yield question
        return
    for referent in referents:
        yield replace(
            question,
            id=_code(question.id, referent),
            name=_named(question.name, referent),
            text=_said_of(question.text, referent),
        )


def _named(name: Text, referent: Referent) -> Text:
    """Add the referent to a name."""
    zh = f"{name.zh}（{referent.name.zh}）"
    return Text(zh=zh, en=f"{name.en} ({referent.name.en})")


def _said_of(text: Text, referent: Referent) -> Text:
    """Begin a text with the referent."""
    zh = f"{referent.name.zh}：{text.zh}"
    return Text(zh=zh, en=f"{referent.name.en}: {text.en}")


def _construct(construct: Construct, referent: Referent) -> Construct:
    return replace(
        construct,
        id=_code(construct.id, referent),
        name=_named(construct.name, referent),
        dimensions=tuple(_code(code, referent) for code in construct.dimensions),
    )


def _order_question(referents: tuple[Referent, ...]) -> Question:
    """Ask which creator was rated first."""
    return Question(
        id=ORDER,
        name=Text(zh="评价顺序", en="Order of rating"),
        text=Text(
            zh="刚才您先评价的是哪一类博主？",
            en="Which kind of creator did you rate first?",
        ),
        options=tuple(
            Option(code=place, label=referent.name)
            for place, referent in enumerate(referents, start=1)
        ),
    )


def _blocks(
    instrument: Instrument, comparison: Comparison, repeated: frozenset[str]
) -> Iterator[Block]:
    """Lay out the blocks about the creators one creator after the other."""
    blocks = instrument.blocks
    about = [i for i, block in enumerate(blocks) if repeated & set(block.items)]
    if not about:
        return
    first, last = about[0], about[-1]
    yield from blocks[:first]
    for place, referent in enumerate(comparison.referents):
        note = f"about_{referent.id}"
        yield Block(id=note, kind="note", text=referent.introduction)
        for block in blocks[first : last + 1]:
            items = _rows(block, referent, repeated, is_first=place == 0)
            if not repeated & set(block.items):
                if place == 0:
                    yield block
            else:
                yield replace(
                    block,
                    id=_code(block.id, referent),
                    items=items,
                    shown_if=_condition(block, referent, repeated),
                )
    if comparison.order is None:
        yield Block(id="order", kind="questions", items=(ORDER,))
    yield from blocks[last + 1 :]


def _condition(
    block: Block, referent: Referent, repeated: frozenset[str]
) -> Condition | None:
    """Let a condition on a question about the creator ask of the same creator."""
    condition = block.shown_if
    if condition is None or condition.question not in repeated:
        return condition
    return replace(condition, question=_code(condition.question, referent))


def _rows(
    block: Block, referent: Referent, repeated: frozenset[str], *, is_first: bool
) -> tuple[str, ...]:
    """Write out the rows of a block; keep those about no creator with the first."""
    return tuple(
        _code(code, referent) if code in repeated else code
        for code in block.items
        if is_first or code in repeated
    )


def _hypotheses(instrument: Instrument, comparison: Comparison) -> Iterator[Hypothesis]:
    """Write out hypotheses with a path; let statements speak of all referents."""
    for hypothesis in instrument.hypotheses:
        if hypothesis.path is None:
            about = _codes(hypothesis.about, comparison.referents)
            yield replace(hypothesis, about=about)
            continue
        for referent in comparison.referents:
            yield replace(
                hypothesis,
                id=_code(hypothesis.id, referent),
                path=_path(hypothesis, referent),
                statement=_said_of(hypothesis.statement, referent),
            )


def _path(hypothesis: Hypothesis, referent: Referent) -> str:
    """End every code of a path with the referent's."""
    codes = "|".join(map(re.escape, sorted(hypothesis.constructs, key=len)[::-1]))
    assert hypothesis.path is not None
    whole = rf"(?<![\w.])(?:{codes})(?![\w.])"
    return re.sub(whole, lambda found: _code(found[0], referent), hypothesis.path)
