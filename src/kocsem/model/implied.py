"""The models that an instrument implies: degrees of freedom and identification.

In: an instrument. Out: the measurement model of all constructs and the structural model
that the hypotheses state, each with its counts, and findings. Identification is judged
by the rank of the Jacobian of the implied moments at a point without special values
(Bollen, 1989, chapter 8).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kocsem.core.structure import fill, implied_moments, jacobian, tangents
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument
from kocsem.model.build import TableOptions, build_table
from kocsem.model.from_instrument import (
    measurement_for,
    measurement_text,
    structural_text,
)
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model
from kocsem.model.table import Parameter, ParameterTable

#: A singular value smaller than this share of the largest counts as zero.
_NOTHING = 1e-9
_MOST_NAMES = 6
#: Where a parameter of each kind may lie at the point looked at.
_LOADING, _PATH, _VARIANCE, _COVARIANCE = (0.6, 1.2), (0.2, 0.5), (0.6, 1.4), (0.1, 0.3)


@dataclass(frozen=True, slots=True)
class ImpliedModel:
    """A model that an instrument implies.

    Attributes
    ----------
    name : str
        ``"measurement model"`` or ``"structural model"``.
    text : str
        The model, in lavaan's notation.
    moments : int
        Number of variances and covariances of its items.
    free : int
        Number of free parameters.
    undetermined : tuple of str
        Free parameters that the moments do not determine; empty when it is identified.
    """

    name: str
    text: str
    moments: int
    free: int
    undetermined: tuple[str, ...]

    @property
    def df(self) -> int:
        """Degrees of freedom."""
        return self.moments - self.free


def implied_models(instrument: Instrument) -> tuple[ImpliedModel, ...]:
    """Return the models that an instrument implies.

    Parameters
    ----------
    instrument : Instrument
        The survey definition; optional items stay out.

    Returns
    -------
    tuple of ImpliedModel
        The measurement model of all constructs, in which they correlate freely, and
        the structural model of the hypotheses with those constructs that it names,
        both with the defaults of lavaan's ``cfa`` and ``sem``. None of what has no
        items or no paths.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> models = implied_models(load_instrument("koc_core"))
    >>> [(model.name, model.df) for model in models]
    [('measurement model', 142), ('structural model', 145)]
    """
    texts = {"measurement model": measurement_text(instrument)}
    structural = structural_text(instrument.hypotheses)
    if structural and not _composites(instrument, structural):
        measurement = measurement_for(instrument, structural)
        texts["structural model"] = f"{measurement}\n{structural}"
    return tuple(_implied(name, text) for name, text in texts.items() if text)


def check_implied_model(instrument: Instrument) -> tuple[Finding, ...]:
    """Check whether the models that an instrument implies are identified.

    Parameters
    ----------
    instrument : Instrument
        The survey definition.

    Returns
    -------
    tuple of Finding
        ``"implied-df"`` with the degrees of freedom of each model; the error
        ``"not-identified"`` with the parameters that cannot be told apart; the warning
        ``"few-dimensions"`` for a second-order construct with two dimensions, the
        remark ``"just-identified-second-order"`` for one with three; the error
        ``"composite-in-model"`` for a composite that a path names.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> for finding in check_implied_model(load_instrument("koc_core")):
    ...     print(finding.message)
    The measurement model has df = 142 (190 moments, 48 free parameters).
    The structural model has df = 145 (190 moments, 45 free parameters).
    """
    found = [*_second_order(instrument)]
    structural = structural_text(instrument.hypotheses)
    for code in _composites(instrument, structural):
        said = (
            f"{code} is a composite, which its items make up and do not measure, so "
            "that it cannot stand in a path as it is. Give it two reflective outcomes "
            "or more in a model of your own, or use a sum score."
        )
        found.append(Finding("composite-in-model", "error", code, said))
    for model in implied_models(instrument):
        found += _findings(model, instrument)
    return tuple(found)


def _implied(name: str, text: str) -> ImpliedModel:
    """Count moments and parameters of a model, and look for undetermined ones."""
    table = build_table(parse_model(text), TableOptions(fixed_x=False))
    p, k = len(table.variables.observed), len(table.free_rows)
    return ImpliedModel(name, text, p * (p + 1) // 2, k, _undetermined(table))


def _undetermined(table: ParameterTable) -> tuple[str, ...]:
    """Name the free parameters that can change without changing the moments."""
    structure = lay_out(table, {}).structure
    rng = np.random.default_rng(1)
    x = np.array([rng.uniform(*_range(row)) for row in table.free_rows])
    implied = implied_moments(matrices=fill(structure=structure, x=x))
    Delta = jacobian(
        tangents=tangents(structure=structure, implied=implied), means=False
    )
    information = Delta.T @ Delta
    scale = 1.0 / np.sqrt(np.maximum(np.diag(information), np.finfo(float).tiny))
    return tuple(
        name
        for name, moves in zip(
            table.free_names, _moving(information * np.outer(scale, scale)), strict=True
        )
        if moves
    )


def _moving(information: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which parameters take part in a direction without information."""
    values, vectors = np.linalg.eigh(information)
    idle = vectors[:, values < _NOTHING * values[-1]]
    return np.asarray((np.abs(idle) > 1e-4).any(axis=1))


def _range(row: Parameter) -> tuple[float, float]:
    """Return where a parameter may lie at the point looked at."""
    if row.op == "=~":
        return _LOADING
    if row.op == "~":
        return _PATH
    return _VARIANCE if row.is_variance else _COVARIANCE


def _composites(instrument: Instrument, structural: str) -> tuple[str, ...]:
    """List the composites that a structural model names."""
    if not structural:
        return ()
    terms = parse_model(structural).terms
    named = {name for term in terms for name in (term.lhs, term.rhs)}
    composites = (c.id for c in instrument.constructs if c.kind == "composite")
    return tuple(code for code in composites if code in named)


def _findings(model: ImpliedModel, instrument: Instrument) -> Iterator[Finding]:
    """Report the counts of a model, and why it is not identified."""
    counted = f"{model.moments} moments, {model.free} free parameters"
    said = f"The {model.name} has df = {model.df} ({counted})."
    yield Finding("implied-df", "info", f"the {model.name}", said, model.df)
    if not model.undetermined and model.df >= 0:
        return
    names = ", ".join(model.undetermined[:_MOST_NAMES])
    more = len(model.undetermined) - _MOST_NAMES
    names += f" and {more} more" if more > 0 else ""
    said = f"The {model.name} is not identified (df = {model.df}; {counted})"
    said += f": the answers cannot tell apart {names}." if names else "."
    yield Finding(
        "not-identified",
        "error",
        f"the {model.name}",
        f"{said}{_why(instrument)}",
        model.df,
        0,
        "bollen-1989",
    )


def _why(instrument: Instrument) -> str:
    """Name the constructs that cannot be identified by themselves."""
    few = [
        construct.id
        for construct in instrument.constructs
        if max(len(construct.dimensions), len(instrument.items_of(construct.id))) < 3
    ]
    if not few:
        return ""
    return (
        f" Fewer than three indicators: {', '.join(few)}. Give these more, or tie them "
        "to other constructs."
    )


def _second_order(instrument: Instrument) -> Iterator[Finding]:
    """Say what the dimensions of second-order constructs can show."""
    for construct in instrument.constructs:
        count = len(construct.dimensions)
        if count == 2:
            yield Finding(
                "few-dimensions",
                "warning",
                construct.id,
                f"{construct.id} has two dimensions, so that it is identified only by "
                "its ties to other constructs; add one, or let the two correlate.",
                count,
                3,
                "bollen-1989",
            )
        if count == 3:
            yield Finding(
                "just-identified-second-order",
                "info",
                construct.id,
                f"{construct.id} has three dimensions: in a model of their items alone "
                "it fits exactly as three correlated dimensions do; only its ties to "
                "other constructs put it to a test.",
                count,
                citation="bollen-1989",
            )
