"""The parameter table: common language of parser, inference and report.

One row a parameter, free or fixed, in lavaan's order: group by group what the user
wrote, then what was added. Free rows with one label are equal, across groups or within
one. The table knows names and never a number of the data.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from kocsem.model.statements import Constraint, Definition, Key, parameter_key


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the parameter table.

    Attributes
    ----------
    lhs, op, rhs : str
        As in lavaan: ``=~``, ``~``, ``~~``, ``~1`` (with an empty rhs), ``|``
        (threshold ``t1``, ``t2``, ... of an ordered item) and ``~*~`` (its scale).
    group : int
        1-based number of the group.
    label : str
        The user's label; ``.p2.`` where rows are tied across groups, 2 being the first
        of them in the table; or an empty string.
    free : int
        1-based position among the free parameters; 0 when fixed.
    fixed : float or None
        The value of a fixed parameter; None when free, implied, or taken from the
        sample.
    start : float or None
        The user's start value.
    exogenous : bool
        Moment of an exogenous covariate, fixed at its sample value.
    user : bool
        Written by the user, not added by default.
    implied : bool
        Residual variance of an ordered item: what the total variance of its latent
        response, one over its squared scale, leaves.
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
    implied: bool = False

    @property
    def is_variance(self) -> bool:
        """Whether the row is a variance."""
        return self.op == "~~" and self.lhs == self.rhs

    @property
    def is_covariance(self) -> bool:
        """Whether the row is a covariance of two variables."""
        return self.op == "~~" and self.lhs != self.rhs

    @property
    def key(self) -> Key:
        """What the row is, whatever its group; a covariance either way round."""
        return parameter_key(self.lhs, self.op, self.rhs)

    @property
    def identity(self) -> tuple[int, str, str, str]:
        """Its group and its key: no two rows of a table share it."""
        return (self.group, *self.key)

    @property
    def text(self) -> str:
        """The row as a user would write it, such as ``TR~CA``."""
        return f"{self.lhs}{self.op}{self.rhs}"

    @property
    def name(self) -> str:
        """Its label, or its text with the group from the second on: ``TR~CA.g2``."""
        return self.label or self.text + (f".g{self.group}" if self.group > 1 else "")

    def freed(self) -> "Parameter":
        """Return the row set free; its number comes with the whole table."""
        return replace(self, free=1, fixed=None, exogenous=False, implied=False)

    def fixed_at(self, value: float) -> "Parameter":
        """Return the row fixed at a value."""
        return replace(self, free=0, fixed=value, exogenous=False, implied=False)


def numbered(rows: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Give the free rows their numbers, from 1 on in the order given.

    Parameters
    ----------
    rows : iterable of Parameter
        Rows of all groups, one group after the other.

    Returns
    -------
    tuple of Parameter
        The same rows; the numbers of a group follow those of the group before.
    """
    count, found = 0, []
    for row in rows:
        count += row.free > 0
        found.append(replace(row, free=count) if row.free else row)
    return tuple(found)


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
    ordered : tuple of str
        Observed variables with thresholds, in the order of ``observed``.
    """

    observed: tuple[str, ...]
    latent: tuple[str, ...]
    indicators: tuple[str, ...]
    exogenous: tuple[str, ...]
    ordered: tuple[str, ...] = ()


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
    def groups(self) -> int:
        """The number of groups."""
        return len({row.group for row in self.rows})

    def of_group(self, group: int) -> tuple[Parameter, ...]:
        """Return the rows of a group, by its 1-based number."""
        return tuple(row for row in self.rows if row.group == group)

    @cached_property
    def known_count(self) -> int:
        """How many of the sample's moments are taken as they are, in all groups.

        Moments given the covariates, as with ordered items, hold none of these.
        """
        if self.variables.ordered:
            return 0
        return sum(1 for row in self.rows if row.exogenous)

    @cached_property
    def free_rows(self) -> tuple[Parameter, ...]:
        """The free rows, in the order of their numbers."""
        return tuple(row for row in self.rows if row.free)

    @cached_property
    def free_names(self) -> tuple[str, ...]:
        """A name for each free parameter: its label, or its text and group."""
        return tuple(row.name for row in self.free_rows)

    @cached_property
    def indicators_of(self) -> dict[str, tuple[str, ...]]:
        """For each latent variable its indicators, observed or latent."""
        found: dict[str, dict[str, None]] = {n: {} for n in self.variables.latent}
        for row in self.rows:
            if row.op == "=~":
                found[row.lhs][row.rhs] = None
        return {name: tuple(items) for name, items in found.items()}

    def with_candidates(self, candidates: Iterable[Parameter]) -> "ParameterTable":
        """Return the table with more free rows.

        Parameters
        ----------
        candidates : iterable of Parameter
            Rows that are fixed or absent, each with its group; one that is fixed is
            taken out of its place.

        Returns
        -------
        ParameterTable
            The candidates of a group stand at its end, free and numbered after the
            free parameters that the group had.
        """
        freed = [row.freed() for row in candidates]
        taken = {row.identity for row in freed}
        kept = [row for row in self.rows if row.identity not in taken]
        ordered = sorted([*kept, *freed], key=lambda row: row.group)
        return replace(self, rows=numbered(ordered))
