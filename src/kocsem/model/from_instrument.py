"""Model text from a survey definition.

In: an instrument's constructs and items, and hypotheses. Out: the measurement part and
the structural part as text in lavaan's notation, which a reader can print and change.
"""

from collections.abc import Iterable
from itertools import pairwise

from kocsem.errors import InstrumentError
from kocsem.instrument.nearest import hint
from kocsem.instrument.types import Hypothesis, Instrument
from kocsem.model.syntax import parse_model


def measurement_text(
    instrument: Instrument, include: Iterable[str] = (), exclude: Iterable[str] = ()
) -> str:
    """Write the measurement model of an instrument.

    Parameters
    ----------
    instrument : Instrument
        The survey definition.
    include : iterable of str
        Codes of optional items that come in.
    exclude : iterable of str
        Codes of items that stay out. A construct of which no item or dimension is left
        is left out.

    Returns
    -------
    str
        One line a construct, in the instrument's order; a second-order construct is
        measured by its dimensions. A composite is left out: its items make it up, so
        that they do not measure it.

    Raises
    ------
    InstrumentError
        When a code is no item of the instrument, stands in both lists, or is included
        without being optional.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> koc = load_instrument("koc_core")
    >>> print(measurement_text(koc, include=["PI4"], exclude=["CA4"]))
    CA =~ CA1 + CA2 + CA3
    IQ =~ IQ1 + IQ2 + IQ3 + IQ4
    AL =~ AL1 + AL2 + AL3 + AL4
    TR =~ TR1 + TR2 + TR3 + TR4
    PI =~ PI1 + PI2 + PI3 + PI4
    """
    wanted, unwanted = tuple(include), tuple(exclude)
    _check_choice(instrument, wanted, unwanted)
    items = {
        construct.id: [
            item.id
            for item in instrument.items_of(construct.id, wanted)
            if item.id not in unwanted
        ]
        for construct in instrument.constructs
        if construct.kind == "reflective"
    }
    lines = []
    for construct in instrument.constructs:
        dimensions = [code for code in construct.dimensions if items.get(code)]
        kept = items.get(construct.id) or dimensions
        if kept and construct.kind == "reflective":
            lines.append(f"{construct.id} =~ {' + '.join(kept)}")
    return "\n".join(lines)


def measurement_for(
    instrument: Instrument,
    structural: str,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
) -> str:
    """Write the measurement model of the constructs that a structural model names.

    Parameters
    ----------
    instrument : Instrument
        The survey definition.
    structural : str
        The structural model; when it is empty all constructs are measured.
    include, exclude : iterable of str
        As for `measurement_text`.

    Returns
    -------
    str
        One line a construct, dimensions included; constructs that `structural`
        measures itself are left to it.

    Raises
    ------
    InstrumentError
        As `measurement_text` does.
    ModelSyntaxError
        When `structural` cannot be read.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> print(measurement_for(load_instrument("koc_extended"), "TR ~ UG"))
    UG =~ UG1 + UG2 + UG3
    TRS =~ TRS1 + TRS2 + TRS3
    TRC =~ TRC1 + TRC2 + TRC3
    TRB =~ TRB1 + TRB2 + TRB3
    TR =~ TRS + TRC + TRB
    """
    whole = measurement_text(instrument, include, exclude)
    if not structural:
        return whole
    terms = parse_model(structural).terms
    named = {name for term in terms for name in (term.lhs, term.rhs)}
    wanted = named - {term.lhs for term in terms if term.op == "=~"}
    dimensions = {c.id: c.dimensions for c in instrument.constructs}
    wanted |= {code for name in wanted for code in dimensions.get(name, ())}
    return "\n".join(line for line in whole.splitlines() if line.split()[0] in wanted)


def structural_text(hypotheses: Iterable[Hypothesis]) -> str:
    """Write the structural model that hypotheses state.

    Parameters
    ----------
    hypotheses : iterable of Hypothesis
        Each step of a path becomes a regression, also the steps of a chain. A
        moderation adds no path by itself, and a statement adds nothing.

    Returns
    -------
    str
        One line an outcome, in order of appearance; empty without hypotheses.

    Examples
    --------
    >>> said = {"sign": "+", "statement": "It does."}
    >>> print(structural_text([
    ...     Hypothesis(id="H1", path="CA -> TR", **said),
    ...     Hypothesis(id="H2", path="IQ -> TR", **said),
    ...     Hypothesis(id="H3", path="CA -> TR -> PI", **said),
    ... ]))
    TR ~ CA + IQ
    PI ~ TR
    """
    causes: dict[str, list[str]] = {}
    for hypothesis in hypotheses:
        for cause, outcome in pairwise(hypothesis.nodes):
            known = causes.setdefault(outcome, [])
            if cause not in known:
                known.append(cause)
    return "\n".join(f"{outcome} ~ {' + '.join(c)}" for outcome, c in causes.items())


def _check_choice(
    instrument: Instrument, include: tuple[str, ...], exclude: tuple[str, ...]
) -> None:
    """Refuse codes that are no items, and choices that say nothing or both."""
    items = {item.id: item for item in instrument.items}
    for code in (*include, *exclude):
        if code not in items:
            raise InstrumentError(
                f"The instrument {instrument.id} has no item {code} "
                f"({hint(code, items)})."
            )
    for code in include:
        if not items[code].optional:
            raise InstrumentError(
                f"The item {code} is not optional, so it is in the model anyway; take "
                "it out of the included items."
            )
        if code in exclude:
            raise InstrumentError(f"The item {code} is both included and excluded.")
