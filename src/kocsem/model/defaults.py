"""The rows of one group before any modifier, as lavaan's sem() sets them up.

In: the terms of a text and a `Setting`. Out: one row a parameter: those that the text
names, then those that are added, each free or fixed as it is when nothing more is said.
The first loading of each factor is 1 (or its variance is, with std_lv), the residual
variance of a single indicator is 0, all other variances are free, exogenous factors
covary, pure outcomes covary, moments of observed predictors are the sample's. Ordered
items have thresholds; their latent responses have intercept 0 and scale 1 (the delta
parameterisation of Muthén, 1984), so that their residual variances are implied.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from kocsem.model.statements import Term
from kocsem.model.table import Parameter, Variables


@dataclass(frozen=True, slots=True)
class Setting:
    """What the defaults of a model depend on.

    Attributes
    ----------
    variables : Variables
        The names, by the part they play.
    levels : mapping
        Number of categories of each ordered variable.
    markers : tuple of (str, str)
        Each factor with its first indicator.
    single : frozenset of str
        Indicators that are alone and measure nothing else.
    std_lv, fixed_x, means : bool
        As in `TableOptions`; ``means`` is whether there is a mean structure.
    equal : frozenset of str
        What is equal across groups.
    """

    variables: Variables
    levels: Mapping[str, int]
    markers: tuple[tuple[str, str], ...]
    single: frozenset[str]
    std_lv: bool
    fixed_x: bool
    means: bool
    equal: frozenset[str]


def markers_of(terms: tuple[Term, ...]) -> tuple[tuple[str, str], ...]:
    """Find the first indicator of each factor.

    Parameters
    ----------
    terms : tuple of Term
        The model's terms.

    Returns
    -------
    tuple of (str, str)
        Factor and indicator.
    """
    first: dict[str, str] = {}
    for term in terms:
        if term.op == "=~":
            first.setdefault(term.lhs, term.rhs)
    return tuple(first.items())


def single_indicators(terms: tuple[Term, ...]) -> frozenset[str]:
    """Find the indicators that are alone on their factor and on no other.

    Parameters
    ----------
    terms : tuple of Term
        The model's terms.

    Returns
    -------
    frozenset of str
        Their names.
    """
    loadings = [term for term in terms if term.op == "=~"]
    items = Counter(term.lhs for term in loadings)
    factors = Counter(term.rhs for term in loadings)
    return frozenset(
        t.rhs for t in loadings if items[t.lhs] == 1 and factors[t.rhs] == 1
    )


def default_rows(terms: tuple[Term, ...], setting: Setting) -> list[Parameter]:
    """List the rows of one group, each as it is without modifiers.

    Parameters
    ----------
    terms : tuple of Term
        The model's terms.
    setting : Setting
        What the defaults depend on.

    Returns
    -------
    list of Parameter
        One row a term, in the order of the text; then the added rows in lavaan's order.
        A free row has the number 1.
    """
    rows = [Parameter(t.lhs, t.op, t.rhs, user=True) for t in terms]
    taken = {row.key for row in rows}
    rows += [row for row in _added(terms, setting) if row.key not in taken]
    return [_as_default(row, setting) for row in rows]


def _added(terms: tuple[Term, ...], setting: Setting) -> list[Parameter]:
    """List everything that a model could be expected to name."""
    names = setting.variables
    inner = [name for name in names.observed if name not in names.exogenous]
    pairs = [
        (name, "|", f"t{number}")
        for name in names.ordered
        for number in range(1, setting.levels[name])
    ]
    pairs += [(name, "~~", name) for name in (*inner, *names.latent)]
    pairs += [(a, "~~", b) for a, b in _covariances(terms, names)]
    pairs += [
        (first, "~~", second)
        for position, first in enumerate(names.exogenous)
        for second in names.exogenous[position:]
    ]
    pairs += [(name, "~*~", name) for name in names.ordered]
    if setting.means:
        pairs += [(name, "~1", "") for name in (*names.observed, *names.latent)]
    return [Parameter(*pair) for pair in pairs]


def _covariances(
    terms: tuple[Term, ...], variables: Variables
) -> list[tuple[str, str]]:
    """List the covariances of exogenous factors and of pure outcomes."""
    measured = {t.rhs for t in terms if t.op == "=~"}
    outcomes = {t.lhs for t in terms if t.op == "~"}
    predictors = {t.rhs for t in terms if t.op == "~"}
    sources = [n for n in variables.latent if n not in measured | outcomes]
    ends = [
        name
        for name in (*variables.latent, *variables.observed)
        if name in outcomes - predictors - measured
    ]
    return [*combinations(sources, 2), *combinations(ends, 2)]


def _as_default(row: Parameter, setting: Setting) -> Parameter:
    """Set a row free, or fix it, as it is when nothing more is said of it."""
    names = setting.variables
    if not row.user and row.op in ("~~", "~1") and row.lhs in names.exogenous:
        return replace(row, exogenous=True) if setting.fixed_x else row.freed()
    if row.is_variance and row.lhs in names.ordered:
        return replace(row, implied=True)
    value = _fixed_value(row, setting)
    return row.freed() if value is None else row.fixed_at(value)


def _fixed_value(row: Parameter, setting: Setting) -> float | None:
    """Return the value at which a row is fixed by default; None when it is free."""
    names = setting.variables
    if row.op == "=~" and (row.lhs, row.rhs) in setting.markers:
        return None if setting.std_lv else 1.0
    if row.is_variance and row.lhs in setting.single and not row.user:
        return 0.0
    if row.is_variance and row.lhs in names.latent and setting.std_lv:
        return 1.0
    if row.op == "~*~" and not row.user:
        return 1.0
    held = row.op == "~1" and row.lhs in {*names.latent, *names.ordered}
    return 0.0 if held and not row.user else None
