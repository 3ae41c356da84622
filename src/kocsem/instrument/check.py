"""What a reader of an instrument should know before anybody answers it.

In: an instrument. Out: findings on its constructs, its wording and its length. Whether
its model is identified is for `kocsem.model.implied` to say.
"""

from collections.abc import Iterator

from kocsem.findings import Finding
from kocsem.instrument.bands import band_findings
from kocsem.instrument.shared_words import shared_word_findings
from kocsem.instrument.types import Instrument
from kocsem.instrument.wording_checks import wording_findings

#: Items of a construct from which on it is identified by itself.
FEWEST_ITEMS = 3
#: Time that a scale row takes; a convention of this package, not a measured value.
SECONDS_PER_ROW = 5
_COUNTED = {1: "one item", 2: "two items"}


def check_instrument(instrument: Instrument) -> tuple[Finding, ...]:
    """Check a survey definition for what can be mended before it is fielded.

    Parameters
    ----------
    instrument : Instrument
        The survey definition.

    Returns
    -------
    tuple of Finding
        Warnings on constructs with fewer than three items, texts in one language, texts
        that stand twice, long items, words shared between a cause and what it explains,
        options that overlap or leave gaps, and a battery without attention checks;
        remarks on reversed items, on items that may ask two things at once, on length
        and on markers. Of an instrument without wording only the constructs are
        checked.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> from kocsem.findings import worst
    >>> worst(check_instrument(load_instrument("koc_core")))
    'info'
    """
    found = [*_few_items(instrument), *_reversed(instrument)]
    silent = [item.id for item in instrument.items if item.text is None]
    if silent:
        said = (
            f"{len(silent)} items have no wording ({silent[0]} is the first), so that "
            "the wording was not checked and no questionnaire can be written."
        )
        return (*found, Finding("no-wording", "info", silent[0], said, len(silent)))
    return (
        *found,
        *wording_findings(instrument),
        *shared_word_findings(instrument),
        *band_findings((*instrument.screening, *instrument.demographics)),
        *_bare_scales(instrument),
        *_checks(instrument),
        _length(instrument),
    )


def _few_items(instrument: Instrument) -> Iterator[Finding]:
    """Find constructs that are not identified by their own items."""
    for construct in instrument.constructs:
        count = len(instrument.items_of(construct.id))
        if construct.level == "first" and count < FEWEST_ITEMS:
            yield Finding(
                "few-items",
                "warning",
                construct.id,
                f"{construct.id} has {_COUNTED[count]} in the model; with fewer than "
                "three it rests on its ties to other constructs.",
                count,
                FEWEST_ITEMS,
                "bollen-1989",
            )


def _reversed(instrument: Instrument) -> Iterator[Finding]:
    """Say which items are worded against their construct."""
    regular = [item for item in instrument.items if not item.optional]
    against = [item.id for item in regular if item.reverse]
    count = len(against)
    alone = " A single one cannot carry that source as a factor." if count == 1 else ""
    if not count:
        said = (
            "No item in the model is worded against its construct, so that agreeing "
            "with everything shows only in the attention checks."
        )
    else:
        said = (
            f"Worded against its construct: {', '.join(against)}; recoded when read. "
            "Next to items worded for it, the direction of wording adds a common "
            f"source of variance: look at the loadings.{alone}"
        )
    yield Finding("reversed-items", "info", ", ".join(against) or "items", said, count)


def _bare_scales(instrument: Instrument) -> Iterator[Finding]:
    """Find answer scales whose categories have no words."""
    scales = {"scale": instrument.scale} | {
        c.id: c.scale for c in instrument.constructs if c.scale is not None
    }
    for subject, scale in scales.items():
        if not scale.anchors:
            said = f"The categories of the {scale.points}-point scale have no words."
            yield Finding("no-anchors", "warning", subject, f"{subject}: {said}")


def _checks(instrument: Instrument) -> Iterator[Finding]:
    """Miss the rows that tell careless answers and common method apart."""
    if not instrument.attention:
        said = "No row checks attention; add one that asks for a given answer."
        yield Finding(
            "no-attention-check", "warning", "attention", said, citation="huang-2012"
        )
    if not instrument.marker:
        said = "There is no marker, so that common method variance has no yardstick."
        yield Finding(
            "no-marker", "info", "marker", said, citation="lindell-whitney-2001"
        )


def _length(instrument: Instrument) -> Finding:
    """Estimate how long the scale rows take."""
    rows = len(instrument.likert_rows)
    minutes = rows * SECONDS_PER_ROW / 60
    said = (
        f"{rows} scale rows take about {minutes:.0f} minutes at {SECONDS_PER_ROW} "
        "seconds a row (a convention of kocsem), other questions not counted."
    )
    return Finding("questionnaire-length", "info", instrument.id, said, rows)
