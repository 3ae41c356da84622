"""The pipeline behind sem() and cfa(): text to table to moments to optimum to `Fit`.

In: a model text and data, or a published covariance matrix. Out: a `Fit`. Each step is
a function of a room below; the order of the steps is this module's only knowledge.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from kocsem.core.optimise import AffineSpace, Optimum, minimise
from kocsem.data.sample import Sample, sample_from_covariance, sample_from_frame
from kocsem.errors import DataError, EstimationError, IdentificationError
from kocsem.estimation.semopy_engine import semopy_optimum
from kocsem.estimation.starts import plain_starts, start_values
from kocsem.model.build import TableOptions, build_table
from kocsem.model.constraints import check_definitions, constraint_space
from kocsem.model.layout import MatrixLayout, lay_out
from kocsem.model.options import (
    ENGINES,
    ESTIMATORS,
    MISSING,
    STANDARD_ERRORS,
    TESTS,
    Options,
    check_flag,
    choose,
    refuse_unoffered,
)
from kocsem.model.syntax import parse_model
from kocsem.model.table import ParameterTable
from kocsem.results.admissibility import weak_parameters
from kocsem.results.fit import Fit
from kocsem.results.solution import Solution

UNIDENTIFIED = 1e-11
SETTLED = 1e-9  # Newton decrement from which on the information is the optimum's


def sem(  # noqa: PLR0913 - the names and their order are lavaan's
    model: str,
    data: pd.DataFrame | None = None,
    *,
    estimator: str = "ML",
    missing: str = "listwise",
    group: str | None = None,
    group_equal: Sequence[str] = (),
    group_partial: Sequence[str] = (),
    ordered: bool | Sequence[str] | None = None,
    std_lv: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool = True,
    cluster: str | None = None,
    sampling_weights: str | None = None,
    sample_cov: pd.DataFrame | None = None,
    sample_nobs: int | None = None,
    sample_mean: Mapping[str, float] | pd.Series | None = None,
    se: str | None = None,
    test: str | None = None,
    bootstrap: int | None = None,
    seed: int | None = None,
    engine: str = "kocsem",
) -> Fit:
    """Fit a structural equation model.

    Parameters
    ----------
    model : str
        Model text in lavaan's notation.
    data : DataFrame, optional
        One respondent a row; columns that the model does not use are ignored.
    estimator : {"ML", "MLR", "MLM", "MLMV"}, default "ML"
        Normal-theory maximum likelihood; the last three with standard errors and a test
        that do not rest on normality, as in lavaan.
    missing : {"listwise"}, default "listwise"
        Rows with a missing answer in the model's variables are left out, with a
        finding.
    group, group_equal, group_partial, ordered, cluster, sampling_weights, bootstrap
        Part of the interface, refused by this version.
    std_lv : bool, default False
        Scale latent variables by variance 1 in place of a loading of 1.
    meanstructure : bool, optional
        Estimate intercepts; by default only if the model text has any.
    fixed_x : bool, default True
        Keep the moments of exogenous covariates at the sample's.
    sample_cov : DataFrame of shape (p, p), optional
        A printed covariance matrix (divisor n - 1), in place of data.
    sample_nobs : int, optional
        Number of cases behind it.
    sample_mean : mapping or Series, optional
        Means that go with it.
    se : {"standard", "robust_sem", "robust_huber_white"}, optional
        Standard errors, in place of the estimator's own.
    test : {"standard", "satorra_bentler", "scaled_shifted", ...}, optional
        Test of the model, in place of the estimator's own; the fourth choice is
        ``"yuan_bentler_mplus"``.
    seed : int, optional
        For random steps; a plain ML fit has none.
    engine : {"kocsem", "semopy"}, default "kocsem"
        Who minimises the discrepancy; see `kocsem.cross_check`.

    Returns
    -------
    Fit
        The fitted model.

    Raises
    ------
    ModelSyntaxError
        When the model text cannot be read.
    DataError
        When the data cannot carry the model.
    IdentificationError
        When the model has no unique solution.
    UnsupportedError
        When an argument asks for something that is not offered.

    Notes
    -----
    The equivalent lavaan call is ``sem(model, data)``.

    Examples
    --------
    >>> import kocsem, numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> items = 0.8 * rng.normal(size=(300, 1)) + 0.6 * rng.normal(size=(300, 4))
    >>> data = pd.DataFrame(items, columns=["x1", "x2", "x3", "x4"])
    >>> fit = kocsem.sem("f =~ x1 + x2 + x3 + x4", data)
    >>> fit.fit_measures["df"]
    2
    """
    refuse_unoffered(
        {
            "group": group,
            "group_equal": group_equal,
            "group_partial": group_partial,
            "ordered": ordered,
            "cluster": cluster,
            "sampling_weights": sampling_weights,
            "bootstrap": bootstrap,
        }
    )
    chosen = choose("estimator", estimator, tuple(ESTIMATORS))
    options = Options(
        estimator=chosen,
        se=choose("se", se or ESTIMATORS[chosen].se, STANDARD_ERRORS),
        test=choose("test", test or ESTIMATORS[chosen].test, TESTS),
        engine=choose("engine", engine, ENGINES),  # type: ignore[arg-type]
        missing=choose("missing", missing, MISSING),
        std_lv=check_flag("std_lv", std_lv),
        meanstructure=check_flag(
            "meanstructure", False if meanstructure is None else meanstructure
        ),
        fixed_x=check_flag("fixed_x", fixed_x),
    )
    del seed
    shape = TableOptions(
        std_lv=options.std_lv,
        meanstructure=options.meanstructure,
        fixed_x=options.fixed_x,
    )
    table = (_kept_table if isinstance(model, str) else _table)(model, shape)
    sample = _sample(table, data, sample_cov, sample_nobs, sample_mean)
    if options.robust and sample.cases is None:
        raise DataError(
            f"estimator={estimator!r} with se={options.se!r} and test={options.test!r} "
            "needs the answers themselves, not only a covariance matrix."
        )
    return fit_table(table, sample, options)


def cfa(model: str, data: pd.DataFrame | None = None, **options: Any) -> Fit:
    """Fit a confirmatory factor analysis.

    Parameters
    ----------
    model : str
        Model text in lavaan's notation.
    data : DataFrame, optional
        One respondent a row.
    **options
        The keyword arguments of `sem`.

    Returns
    -------
    Fit
        The fitted model; all exogenous latent variables covary.

    Notes
    -----
    The equivalent lavaan call is ``cfa(model, data)``, which sets the same defaults as
    ``sem``.

    Examples
    --------
    >>> import kocsem, pandas as pd
    >>> names = ["x1", "x2", "x3", "x4"]
    >>> printed = pd.DataFrame(0.5, index=names, columns=names)
    >>> for name in names:
    ...     printed.loc[name, name] = 1.0
    >>> fit = kocsem.cfa("f =~ x1 + x2 + x3 + x4", sample_cov=printed, sample_nobs=200)
    >>> fit.latents
    ('f',)
    """
    return sem(model, data, **options)


def _table(model: str, options: TableOptions) -> ParameterTable:
    """Parse the text and build the parameter table."""
    table = build_table(parse_model(model), options)
    check_definitions(table)
    return table


#: Tables are frozen, so that the one of a text can be kept for the next fit.
_kept_table = lru_cache(maxsize=64)(_table)


def _sample(
    table: ParameterTable,
    data: pd.DataFrame | None,
    sample_cov: pd.DataFrame | None,
    sample_nobs: int | None,
    sample_mean: Mapping[str, float] | pd.Series | None,
) -> Sample:
    """Take the moments from whichever source the user gave."""
    names = table.variables.observed
    if (data is None) == (sample_cov is None):
        raise DataError("Give either data= or sample_cov= with sample_nobs=.")
    if data is not None:
        if sample_nobs is not None or sample_mean is not None:
            raise DataError(
                "sample_nobs= and sample_mean= belong to sample_cov=; data= brings its "
                "own."
            )
        return sample_from_frame(data, names)
    if sample_nobs is None:
        raise DataError(
            "sample_cov= needs sample_nobs=, the number of cases behind it."
        )
    assert sample_cov is not None
    sample = sample_from_covariance(sample_cov, sample_nobs, sample_mean, names)
    if table.means and not sample.has_means:
        raise DataError(
            "The model has a mean structure, but no means are known: give sample_mean=."
        )
    return sample


def exogenous_values(
    table: ParameterTable, sample: Sample
) -> dict[tuple[str, str, str], float]:
    """Look up the sample value of every fixed exogenous moment.

    Parameters
    ----------
    table : ParameterTable
        The parameters.
    sample : Sample
        The data.

    Returns
    -------
    dict
        Value by the row's key.
    """
    at = {name: i for i, name in enumerate(sample.names)}
    S, ybar = sample.moments.S, sample.moments.ybar
    return {
        row.key: float(
            ybar[at[row.lhs]] if row.op == "~1" else S[at[row.lhs], at[row.rhs]]
        )
        for row in table
        if row.exogenous
    }


def fit_table(table: ParameterTable, sample: Sample, options: Options) -> Fit:
    """Fit a parameter table to a sample.

    Parameters
    ----------
    table : ParameterTable
        The model.
    sample : Sample
        The data.
    options : Options
        What was asked.

    Returns
    -------
    Fit
        The fitted model.

    Raises
    ------
    IdentificationError
        When there are more parameters than moments, or a direction in the parameters
        about which the moments say nothing.
    EstimationError
        When no start gives a positive definite implied covariance matrix.
    """
    layout = lay_out(table, exogenous_values(table, sample))
    space = constraint_space(table)
    _count_moments(table, layout, space)
    optimum = _optimum(table, layout, sample, space, options)
    solution = Solution(
        table=table,
        layout=layout,
        sample=sample,
        space=space,
        optimum=optimum,
        options=options,
    )
    if optimum.decrement < SETTLED and not solution.well_identified:
        _refuse_unidentified(solution)
    return Fit(solution=solution)


def _refuse_unidentified(solution: Solution) -> None:
    """Refuse a solution with a direction about which the moments say nothing."""
    if solution.identification.smallest < UNIDENTIFIED:
        names = ", ".join(weak_parameters(solution))
        raise IdentificationError(
            "The model is not identified: the data cannot tell these parameters apart: "
            f"{names}. Fix one of them, or give the factor more indicators."
        )


def _count_moments(
    table: ParameterTable, layout: MatrixLayout, space: AffineSpace
) -> None:
    """Refuse a model with more parameters than moments."""
    p = len(layout.observed)
    moments = p * (p + 1) // 2 + (p if table.means else 0)
    moments -= sum(1 for row in table if row.exogenous)
    free = space.K.shape[1]
    if free > moments:
        raise IdentificationError(
            f"The model is not identified: {free} free parameters, but only {moments} "
            f"sample moments (df = {moments - free}). Add indicators, or fix "
            "parameters."
        )


def _optimum(
    table: ParameterTable,
    layout: MatrixLayout,
    sample: Sample,
    space: AffineSpace,
    options: Options,
) -> Optimum:
    """Minimise the discrepancy with the engine that was asked for."""
    if options.engine == "semopy":
        return semopy_optimum(table, layout, sample, space)
    found: list[Optimum] = []
    for starts in (start_values, plain_starts):
        optimum = minimise(
            structure=layout.structure,
            moments=sample.moments,
            start=starts(table, layout, sample.moments),
            space=space,
        )
        if optimum is not None:
            found.append(optimum)
            if optimum.converged:
                return optimum
    if not found:
        raise EstimationError(
            "The implied covariance matrix is not positive definite at the start "
            "values. "
            "Check the fixed values and start() values in the model."
        )
    return min(found, key=lambda optimum: optimum.point.discrepancy)
