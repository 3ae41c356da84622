"""Score tests of a fit: what releasing its equality constraints would bring.

In: a `Solution` with shared labels or ``==`` lines. Out: `ScoreTests`, like lavaan's
lavTestScore(): one test for all that is released, one for each constraint alone, and
the expected changes of the parameters. Source: that of `core.comparison.score_tests`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.linalg

from kocsem.core import indices
from kocsem.core.comparison.difference_tests import (
    mean_and_variance_scaled,
    mean_scaled,
)
from kocsem.core.comparison.score_tests import (
    ScoreTest,
    Slope,
    released_directions,
    score_test,
)
from kocsem.core.inference import complex_jacobian
from kocsem.core.moments import Array
from kocsem.errors import EstimationError, KocsemError
from kocsem.model.constraints import defined_values
from kocsem.model.options import choose
from kocsem.model.table import Parameter
from kocsem.results.solution import Solution
from kocsem.results.standardized import standardized_changes

Release = int | str | Sequence[int | str] | None
Row = dict[str, str | int | float]

NAN = float("nan")


@dataclass(frozen=True)
class ScoreTests:
    """What releasing equality constraints would bring.

    Attributes
    ----------
    total : DataFrame
        test chisq df pvalue: the test for all released constraints together. Fits with
        robust standard errors or tests have three robust versions of it as well:
        scaled, adjusted (mean and variance) and generalized.
    univariate : DataFrame
        number lhs op rhs group label tied_to chisq df pvalue: one row a constraint,
        the others kept. lhs op rhs group is the parameter that would be set free,
        ``tied_to`` the one it is equal to; a ``==`` line stands as it is, with group 0.
        Robust fits have chisq_scaled and pvalue_scaled as well.
    epc : DataFrame or None
        lhs op rhs group label est epc epv sepc_lv sepc_all: the free parameters with
        their expected changes, expected values and standardised changes, if asked for;
        NaN where releasing the constraints leaves a parameter without a unique value.
    """

    total: pd.DataFrame
    univariate: pd.DataFrame
    epc: pd.DataFrame | None


@dataclass(frozen=True)
class _Constraint:
    """One equality constraint: the gradient of what it holds constant, and its name."""

    gradient: Array
    lhs: str
    op: str
    rhs: str
    group: int
    label: str
    tied_to: str
    names: frozenset[str]


def score_tests(
    solution: Solution,
    release: Release = None,
    information: str = "expected",
    *,
    epc: bool = False,
) -> ScoreTests:
    """Test equality constraints by the score.

    Parameters
    ----------
    solution : Solution
        A fitted model with equality constraints.
    release : int, str or sequence of them, optional
        Constraints to release, by number, label or parameter; by default all.
    information : {"expected", "observed"}, default "expected"
        Which information.
    epc : bool, default False
        Whether expected changes are wanted.

    Returns
    -------
    ScoreTests
        The tests.

    Raises
    ------
    KocsemError
        When there are no constraints, or none of the given name.
    EstimationError
        When the fit did not converge.
    """
    choose("information", information, ("expected", "observed"))
    if not solution.optimum.converged:
        raise EstimationError(
            "The fit did not converge, so that its score says nothing of the "
            "constraints. Look at its findings first."
        )
    constraints = [*_lines(solution), *_ties(solution)]
    if not constraints:
        raise KocsemError(
            "The model has no equality constraints to release: no label that "
            "parameters share, no == line, nothing equal across groups."
        )
    chosen = _chosen(constraints, release)
    slope = _slope(solution, information)
    R = np.stack([constraint.gradient for constraint in constraints])

    def tested(released: np.ndarray) -> ScoreTest:
        opened = released_directions(R=R, released=released)
        return score_test(slope, directions=opened)

    together = tested(chosen)
    single = np.eye(chosen.size, dtype=bool)
    rows = [
        _univariate(number, constraint, tested(alone))
        for number, (constraint, alone) in enumerate(
            zip(constraints, single, strict=True), start=1
        )
        if chosen[number - 1]
    ]
    return ScoreTests(
        total=_total(together),
        univariate=pd.DataFrame(rows),
        epc=_changes(solution, together.change) if epc else None,
    )


def _lines(solution: Solution) -> Iterator[_Constraint]:
    """List the ``==`` lines."""
    table = solution.table
    # where parameters share a label, the line holds the first of them
    rows = [(i, row.label) for i, row in enumerate(table) if row.label][::-1]

    def held(x: np.ndarray) -> np.ndarray:
        own = solution.row_values(x)
        values = {label: own[i] for i, label in rows}
        values |= defined_values(table, values)
        return np.array(
            [c.lhs.evaluate(values) - c.rhs.evaluate(values) for c in table.constraints]
        )

    if not table.constraints:
        return
    gradients = complex_jacobian(function=held, x=solution.x)
    for gradient, line in zip(gradients, table.constraints, strict=True):
        lhs, rhs = line.lhs.text, line.rhs.text
        yield _Constraint(
            gradient=gradient,
            lhs=lhs,
            op="==",
            rhs=rhs,
            group=0,
            label="",
            tied_to="",
            names=frozenset({_bare(f"{lhs}=={rhs}")}),
        )


def _ties(solution: Solution) -> Iterator[_Constraint]:
    """List the parameters that share a label with an earlier one."""
    table, k = solution.table, solution.x.size
    several = table.groups > 1
    shared: dict[str, list[Parameter]] = {}
    for row in table.free_rows:
        if row.label:
            shared.setdefault(row.label, []).append(row)
    for label, (first, *others) in shared.items():
        for row in others:
            gradient = np.zeros(k)
            gradient[[first.free - 1, row.free - 1]] = 1.0, -1.0
            place = f" in group {first.group}" if several else ""
            yield _Constraint(
                gradient=gradient,
                lhs=row.lhs,
                op=row.op,
                rhs=row.rhs,
                group=row.group,
                label=label,
                tied_to=f"{first.text}{place}",
                names=frozenset({label, _bare(row.text), _bare(first.text)}),
            )


def _bare(text: str) -> str:
    """Take the blanks out of a text."""
    return "".join(text.split())


def _chosen(constraints: Sequence[_Constraint], release: Release) -> np.ndarray:
    """Mark the constraints to release."""
    if release is None:
        return np.ones(len(constraints), dtype=bool)
    chosen = np.zeros(len(constraints), dtype=bool)
    wanted = [release] if isinstance(release, int | str) else list(release)
    for entry in wanted:
        if isinstance(entry, str):
            hits = [_bare(entry) in c.names for c in constraints]
        else:
            numbers = range(1, len(constraints) + 1)
            hits = [entry is not True and entry == number for number in numbers]
        if not any(hits):
            raise KocsemError(
                f"release names {entry!r}, which is no constraint of the model. Give a "
                f"number from 1 to {len(constraints)}, a label, a parameter such as "
                "'x3 ~ 1', or a == line."
            )
        chosen |= hits
    if not chosen.any():
        raise KocsemError("release is empty; leave it out to release all constraints.")
    return chosen


def _slope(solution: Solution, information: str) -> Slope:
    """Return the optimum as seen from outside the constraints."""
    derivatives, observed = solution.derivatives, information == "observed"
    expected = _expected(solution)
    return Slope(
        gradient=derivatives.gradient,
        expected=expected,
        information=derivatives.observed() if observed else expected,
        meat=_meat(solution),
        K=solution.space.K,
        n=solution.sample.n,
    )


def _expected(solution: Solution) -> Array:
    """Return the expected information as the family's score tests have it."""
    blocks = [
        group.share
        * solution.family.score_information(group, np.zeros_like(group.given))
        for group in solution.groups
    ]
    return np.asarray(scipy.linalg.block_diag(*blocks))


def _meat(solution: Solution) -> Array | None:
    """Return the covariance of the gradient that goes with the standard errors.

    It goes with the test where standard errors rest on normality.
    """
    options = solution.options
    if not options.robust:
        return None
    moments = options.moment_based and options.se != "robust_huber_white"
    return solution.inference.joined("middle" if moments else "meat")


def _total(found: ScoreTest) -> pd.DataFrame:
    """List the test of all released constraints in its versions."""
    rows = [_tested("score", found.chisq, found.df)]
    if found.traces is not None and found.df:
        for name, reference in (
            ("score_scaled", mean_scaled(found.traces, df=found.df)),
            ("score_adjusted", mean_and_variance_scaled(found.traces)),
        ):
            chisq = reference.scaling.scaled(found.chisq)
            rows.append(_tested(name, chisq, reference.df))
        rows.append(_tested("score_robust", found.generalized, found.df))
    return pd.DataFrame(rows)


def _tested(name: str, chisq: float, df: float) -> Row:
    """Return a test as a row; without degrees of freedom it has no p value."""
    pvalue = indices.chi_square_pvalue(chisq=chisq, df=df)
    return {"test": name, "chisq": chisq, "df": float(df), "pvalue": pvalue}


def _univariate(number: int, constraint: _Constraint, found: ScoreTest) -> Row:
    """Return the test of a single constraint as a row."""
    row: Row = {"number": number}
    for name in ("lhs", "op", "rhs", "group", "label", "tied_to"):
        row[name] = getattr(constraint, name)
    row |= {"chisq": found.chisq, "df": found.df}
    row["pvalue"] = indices.chi_square_pvalue(chisq=found.chisq, df=found.df)
    if found.traces is not None:
        chisq = NAN
        if found.df:
            chisq = mean_scaled(found.traces, df=1).scaling.scaled(found.chisq)
        row["chisq_scaled"] = chisq
        row["pvalue_scaled"] = indices.chi_square_pvalue(chisq=chisq, df=found.df)
    return row


def _changes(solution: Solution, change: Array) -> pd.DataFrame:
    """List the free parameters with their expected changes."""
    parts = []
    for group, own in zip(solution.groups, solution.problem.split(change), strict=True):
        rows = [(i, row) for i, row in enumerate(group.rows) if row.free]
        at = [i for i, _ in rows]
        order = [row.free - 1 for _, row in rows]
        moved = group.values.copy()
        moved[at] = own[order]
        parts.append(
            pd.DataFrame(
                {
                    "lhs": [row.lhs for _, row in rows],
                    "op": [row.op for _, row in rows],
                    "rhs": [row.rhs for _, row in rows],
                    "group": group.number,
                    "label": [row.label for _, row in rows],
                    "est": group.values[at],
                    "epc": moved[at],
                    "epv": group.values[at] + moved[at],
                    "sepc_lv": standardized_changes(group, moved, "std_lv")[at],
                    "sepc_all": standardized_changes(group, moved, "std_all")[at],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
