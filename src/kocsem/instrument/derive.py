"""A survey definition made from another one: shorter, or with each creator rated.

In: a file that names what it extends and what it leaves out. Out: an `Instrument` in
which nothing that was left out is named any more.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePath, PureWindowsPath
from typing import Literal

from pydantic import ValidationError
from pydantic.dataclasses import dataclass

from kocsem.errors import InstrumentError
from kocsem.instrument.agreement import unknown
from kocsem.instrument.bundled import bundled
from kocsem.instrument.files import absent
from kocsem.instrument.problems import Problem, told
from kocsem.instrument.types import Instrument
from kocsem.instrument.wording import STRICT, Code, Text, Words
from kocsem.instrument.yamlfile import Document, read_document, record_of


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Derived:
    """A survey definition that extends another one.

    Attributes
    ----------
    extends : str
        Name of a bundled instrument, or a file in the folder of this one.
    id, version : str
        Name and version of the instrument.
    title : Text
        Title as the respondent reads it.
    leave_out : tuple of str
        Codes of constructs and items that are not asked. With them go their rows,
        constructs of which no item is left, and the hypotheses that name one of these.
    design : {"within"}, optional
        Each respondent rates each creator, not one of them.
    """

    extends: Words
    id: Code
    version: Words
    title: Text
    leave_out: tuple[Code, ...] = ()
    design: Literal["within"] | None = None


def read_definition(file: Path, above: tuple[Path, ...] = ()) -> Instrument:
    """Read a survey definition, whether it stands alone or extends another one.

    Parameters
    ----------
    file : Path
        The file.
    above : tuple of Path
        Files that extend this one, the first of them the one that was asked for.

    Returns
    -------
    Instrument
        The instrument; a comparison within subjects is not yet written out.

    Raises
    ------
    InstrumentError
        If there is no such file or it cannot be used; the message lists every problem
        with its line and key.
    """
    document = read_document(file, InstrumentError)
    if "extends" not in document.data:
        return record_of(document, Instrument, error=InstrumentError)
    derived = record_of(document, Derived, error=InstrumentError)
    path = _extended(derived, document, above)
    base = read_definition(path, (*above, file))
    problems = [*_stray_codes(derived, base), *_no_comparison(derived, base)]
    _refuse(document, problems or _left_bare(derived, base))
    try:
        return _renamed(_without(base, derived.leave_out), derived)
    except ValidationError as failure:
        said = f"what is left of {base.id} does not agree: {told(failure)}"
        raise InstrumentError(document.refusal([Problem((), said)])) from None


def definition_files(file: Path) -> tuple[Path, ...]:
    """Return the files that a survey definition is made of, as far as its folder goes.

    Parameters
    ----------
    file : Path
        A definition that can be read.

    Returns
    -------
    tuple of Path
        The file, then those in its folder that it extends; an instrument that it
        names comes with kocsem.

    Raises
    ------
    InstrumentError
        If the file, or one that it extends, cannot be used.
    """
    document = read_document(file, InstrumentError)
    if "extends" not in document.data:
        return (file,)
    derived = record_of(document, Derived, error=InstrumentError)
    base = _extended(derived, document, ())
    if not base.is_relative_to(file.parent):
        return (file,)
    return (file, *definition_files(base))


def _refuse(document: Document, problems: list[Problem]) -> None:
    if problems:
        raise InstrumentError(document.refusal(problems))


def _extended(derived: Derived, document: Document, above: tuple[Path, ...]) -> Path:
    """Find the file that is extended, in the same folder or among the bundled ones."""
    written = PureWindowsPath(derived.extends)
    beside = document.file.parent.joinpath(*written.parts)
    if written.anchor:
        _refuse(document, [_outside(PurePath(derived.extends))])
    is_name = len(written.parts) == 1 and not beside.suffix and not beside.is_file()
    file = _bundled(document, derived) if is_name else _beside(document, beside)
    chain = [part.resolve() for part in (*above, document.file, file)]
    if chain[-1] in chain[:-1]:
        names = " -> ".join(part.name for part in chain)
        said = f"the files extend each other ({names}); let one stand alone"
        _refuse(document, [Problem(("extends",), said)])
    return file


def _outside(path: PurePath) -> Problem:
    said = f"{path} is outside the folder of this file; copy it beside this one"
    return Problem(("extends",), said)


def _bundled(document: Document, derived: Derived) -> Path:
    """Find a bundled instrument; say where the name stands when there is none."""
    try:
        return bundled(derived.extends)
    except InstrumentError as error:
        said = str(error).rstrip(".")
    raise InstrumentError(document.refusal([Problem(("extends",), said)]))


def _beside(document: Document, file: Path) -> Path:
    """Hold a file against the folder that it must be in."""
    folder = document.file.parent.resolve()
    if not file.resolve().is_relative_to(folder):
        _refuse(document, [_outside(file)])
    if not file.is_file():
        _refuse(document, [Problem(("extends",), absent(file).rstrip("."))])
    return file


def _stray_codes(derived: Derived, base: Instrument) -> list[Problem]:
    """Find codes to leave out that are neither constructs nor items."""
    known = [c.id for c in base.constructs] + [item.id for item in base.items]
    return [
        Problem(("leave_out", i), unknown(code, "construct or item", known))
        for i, code in enumerate(derived.leave_out)
        if code not in known
    ]


def _no_comparison(derived: Derived, base: Instrument) -> list[Problem]:
    if derived.design is None or base.comparison is not None:
        return []
    said = f"{base.id} compares no creators, so there is none to rate one by one"
    return [Problem(("design",), said)]


def _measured(base: Instrument, left: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the constructs that remain, each with the dimensions that remain."""
    gone = set(left)
    measured = {
        item.construct
        for item in base.items
        if not item.optional and not {item.id, item.construct} & gone
    }
    return {
        construct.id: tuple(code for code in construct.dimensions if code in measured)
        for construct in base.constructs
        if construct.id in measured
        or (construct.level == "second" and construct.id not in gone)
    }


def _left_bare(derived: Derived, base: Instrument) -> list[Problem]:
    """Find second-order constructs that keep too few dimensions, or nothing at all."""
    remain = _measured(base, derived.leave_out)
    if not remain:
        return [Problem(("leave_out",), f"nothing of {base.id} is left to measure")]
    return [
        Problem(
            ("leave_out",),
            f"{code} keeps fewer than two dimensions; leave out {code} as well",
        )
        for code, dimensions in remain.items()
        if base.construct(code).level == "second" and len(dimensions) < 2
    ]


def _without(base: Instrument, codes: Iterable[str]) -> Instrument:
    """Leave out constructs and items, and all that names them."""
    left = set(codes)
    remain = _measured(base, left)
    items = tuple(
        item for item in base.items if item.construct in remain and item.id not in left
    )
    gone = {item.id for item in base.items} - {item.id for item in items}
    stays = {c.theory for c in base.constructs if c.id in remain}
    idle = {c.theory for c in base.constructs} - stays
    return replace(
        base,
        theories=tuple(part for part in base.theories if part.id not in idle),
        constructs=tuple(
            replace(construct, dimensions=remain[construct.id])
            for construct in base.constructs
            if construct.id in remain
        ),
        items=items,
        blocks=tuple(
            replace(block, items=tuple(c for c in block.items if c not in gone))
            for block in base.blocks
            if block.kind == "note" or set(block.items) - gone
        ),
        hypotheses=tuple(
            h for h in base.hypotheses if set(h.constructs) <= set(remain)
        ),
    )


def _renamed(instrument: Instrument, derived: Derived) -> Instrument:
    """Give the instrument its own name, and the design that was asked for."""
    own = replace(
        instrument, id=derived.id, version=derived.version, title=derived.title
    )
    comparison = own.comparison
    if derived.design is None or comparison is None or comparison.design == "within":
        return own
    group = comparison.group
    return replace(
        own,
        comparison=replace(comparison, design="within", group=None),
        screening=tuple(q for q in own.screening if q.id != group),
        demographics=tuple(q for q in own.demographics if q.id != group),
        blocks=tuple(
            replace(block, items=tuple(code for code in block.items if code != group))
            for block in own.blocks
            if set(block.items) != {group}
            and (block.shown_if is None or block.shown_if.question != group)
        ),
    )
