"""The parameter table: common language of parser, inference and report.

One row a parameter, free or fixed, in lavaan's order: what the user wrote, then what
was added. The table knows names and never a number of the data.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from kocsem.model.statements import Constraint, Definition


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the parameter table.

    Attributes
    ----------
    lhs, op, rhs : str
        As in lavaan: ``=~``, ``~``, ``~~``, ``~1`` (with an empty rhs).
    group : int
        1-based number of the group.
    label : str
        The user's label, or an empty string.
    free : int
        1-based position among the free parameters; 0 when fixed.
    fixed : float or None
        The value of a fixed parameter; None when free or taken from the sample.
    start : float or None
        The user's start value.
    exogenous : bool
        Moment of an exogenous covariate, fixed at its sample value.
    user : bool
        Written by the user, not added by default.
    """

    lhs: str
    op: str
    rhs: str
    group: int = 1
    label: str = ""
    free: int = 0
    fixed: float | None = None
    start: float | None = None
    exogenous: bool = False
    user: bool = False

    @property
    def is_variance(self) -> bool:
        """Whether the row is a variance."""
        return self.op == "~~" and self.lhs == self.rhs

    @property
    def key(self) -> tuple[str, str, str]:
        """The row's identity; a covariance is the same either way round."""
        if self.op == "~~" and self.rhs < self.lhs:
            return (self.rhs, self.op, self.lhs)
        return (self.lhs, self.op, self.rhs)

    @property
    def text(self) -> str:
        """The row as a user would write it, such as ``TR~CA``."""
        return f"{self.lhs}{self.op}{self.rhs}"


@dataclass(frozen=True)
class Variables:
    """The names in a model, sorted by the part they play.

    Attributes
    ----------
    observed : tuple of str
        Indicators, then observed outcomes, observed predictors, and others.
    latent : tuple of str
        Latent variables in order of appearance.
    indicators : tuple of str
        Observed indicators.
    exogenous : tuple of str
        Observed predictors that nothing predicts and no covariance or intercept of
        the user's mentions.
    """

    observed: tuple[str, ...]
    latent: tuple[str, ...]
    indicators: tuple[str, ...]
    exogenous: tuple[str, ...]


@dataclass(frozen=True)
class ParameterTable:
    """All parameters of a model, with what is defined from them.

    Attributes
    ----------
    rows : tuple of Parameter
        The parameters.
    variables : Variables
        The names.
    definitions : tuple of Definition
        ``:=`` lines.
    constraints : tuple of Constraint
        ``==`` lines.
    means : bool
        Whether the mean structure is part of the model.
    text : str
        The model text, for messages that point into it.
    """

    rows: tuple[Parameter, ...]
    variables: Variables
    definitions: tuple[Definition, ...]
    constraints: tuple[Constraint, ...]
    means: bool
    text: str

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.rows)

    @cached_property
    def free_rows(self) -> tuple[Parameter, ...]:
        """The free rows, in the order of their numbers."""
        return tuple(sorted((r for r in self.rows if r.free), key=lambda r: r.free))

    @cached_property
    def free_names(self) -> tuple[str, ...]:
        """A name for each free parameter: its label, or its text."""
        return tuple(row.label or row.text for row in self.free_rows)

    @cached_property
    def indicators_of(self) -> dict[str, tuple[str, ...]]:
        """For each latent variable its indicators, observed or latent."""
        found: dict[str, list[str]] = {name: [] for name in self.variables.latent}
        for row in self.rows:
            if row.op == "=~" and row.group == 1:
                found[row.lhs].append(row.rhs)
        return {name: tuple(items) for name, items in found.items()}

    def with_candidates(self, candidates: tuple[Parameter, ...]) -> "ParameterTable":
        """Return the table with more free rows at the end.

        Parameters
        ----------
        candidates : tuple of Parameter
            Rows that are fixed or absent; a fixed one is set free in its place.

        Returns
        -------
        ParameterTable
            The candidates are numbered after the free parameters there were.
        """
        first = len(self.free_rows) + 1
        numbered = [
            replace(row, free=first + position, fixed=None, exogenous=False)
            for position, row in enumerate(candidates)
        ]
        taken = {row.key for row in numbered}
        kept = tuple(row for row in self.rows if row.key not in taken)
        return replace(self, rows=(*kept, *numbered))
