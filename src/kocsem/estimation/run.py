"""sem() and cfa(): a model text and data, or a published matrix, to a `Fit`.

In: what the user asks for. Out: the fitted model. The call is checked here; the steps
are those of `pipeline`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from kocsem.data.checks import listed, named_frame, require_columns
from kocsem.data.design import group_labels
from kocsem.data.ordered import Coding, code_ordered
from kocsem.errors import DataError, KocsemError
from kocsem.estimation.pipeline import fit_table
from kocsem.estimation.source import Printed, take_sample
from kocsem.model.bounds import PROFILES
from kocsem.model.build import TableOptions, build_table, classify
from kocsem.model.constraints import check_definitions
from kocsem.model.options import (
    as_names,
    choose,
    refuse_unoffered,
    resolve,
)
from kocsem.model.syntax import parse_model
from kocsem.model.table import ParameterTable
from kocsem.results.fit import Fit


def sem(  # noqa: PLR0913 - the names and their order are lavaan's
    model: str,
    data: pd.DataFrame | None = None,
    *,
    estimator: str | None = None,
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
    bounds: str | None = None,
) -> Fit:
    """Fit a structural equation model.

    Parameters
    ----------
    model : str
        Model text in lavaan's notation.
    data : DataFrame, optional
        One respondent a row; columns that the model does not use are ignored.
    estimator : str, optional
        ``"ML"``, the default; ``"MLR"``, ``"MLM"``, ``"MLMV"``, the same estimates with
        standard errors and a test that do not rest on normality; ``"GLS"``, ``"ULS"``;
        for ordered items ``"WLSMV"``, their default, ``"WLSM"``, ``"DWLS"``,
        ``"ULSMV"``, ``"ULSM"``, ``"ULS"``. All as in lavaan.
    missing : {"listwise", "pairwise", "fiml"}, default "listwise"
        Leave rows with a missing answer in the model's variables out, with a finding;
        or keep them: pair by pair for ordered items, by full-information maximum
        likelihood for continuous ones. Standard errors of the latter come from the
        observed information, as in lavaan.
    group : str, optional
        Column of the groups; the model is fitted in all of them together.
    group_equal : sequence of str, optional
        What is held equal: ``"loadings"``, ``"intercepts"``, ``"means"``,
        ``"regressions"``, ``"residuals"``, ``"residual_covariances"``,
        ``"lv_variances"``, ``"lv_covariances"``.
    group_partial : sequence of str, optional
        Parameters that stay free all the same, such as ``"x3 ~ 1"``.
    ordered : bool or sequence of str, optional
        Items whose answers are ordered categories; True for every observed variable
        that the model explains.
    bootstrap : None
        Ask the fit instead, `Fit.bootstrap`.
    std_lv : bool, default False
        Scale latent variables by variance 1 in place of a loading of 1.
    meanstructure : bool, optional
        Estimate intercepts; by default only if the model text has any.
    fixed_x : bool, default True
        Keep the moments of exogenous covariates at the sample's; ordered items are
        then taken given the covariates, which may have any distribution.
    cluster : str, optional
        Column of the clusters in which respondents were drawn together; standard errors
        and test are then robust to the dependence within them.
    sampling_weights : str, optional
        Column of sampling weights; standard errors and test are then robust.
    sample_cov : DataFrame of shape (p, p), optional
        A printed covariance matrix (divisor n - 1), in place of data.
    sample_nobs : int, optional
        Number of cases behind it.
    sample_mean : mapping or Series, optional
        Means that go with it.
    se : {"standard", "robust_sem", "robust_sem_nt", "robust_huber_white"}, optional
        Standard errors, in place of the estimator's own.
    test : {"standard", "satorra_bentler", "scaled_shifted", ...}, optional
        Test of the model, in place of the estimator's own; the fourth choice is
        ``"yuan_bentler_mplus"``.
    seed : int, optional
        For random steps; a plain ML fit has none.
    bounds : str, optional
        Keep estimates where they can be interpreted: ``"standard"``, ``"wide"``,
        ``"wide_zerovar"``, ``"pos_var"``, ``"pos_ov_var"`` or ``"pos_lv_var"``, as in
        lavaan; ``"none"`` by default. A parameter at its bound is a finding.
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
    refuse_unoffered({"bootstrap": bootstrap})
    del seed
    data = None if data is None else named_frame(data)
    known = choose("bounds", (bounds or "none").replace(".", "_"), ("none", *PROFILES))
    coding = _coding(model, data, ordered)
    data = data if coding is None else coding.frame
    options = resolve(
        estimator=estimator,
        se=se,
        test=test,
        missing=missing,
        engine=engine,
        columns={"group": group, "cluster": cluster, "weights": sampling_weights},
        flags={
            "ordered": coding is not None,
            "std_lv": std_lv,
            "meanstructure": meanstructure,
            "fixed_x": fixed_x,
        },
    )
    options = replace(options, bounds=known)
    labels = ("",) if data is None else group_labels(data, group)
    shape = TableOptions(
        std_lv=options.std_lv,
        meanstructure=options.meanstructure,
        fixed_x=options.fixed_x,
        groups=len(labels),
        equal=_equal(group_equal, coding),
        partial=as_names("group_partial", group_partial),
        levels=() if coding is None else coding.levels,
    )
    table = (_kept_table if isinstance(model, str) else _table)(model, shape)
    printed = Printed(sample_cov, sample_nobs, sample_mean)
    sample = take_sample(table, options, data, printed)
    if coding is not None:
        sample = replace(sample, findings=(*coding.findings, *sample.findings))
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


def _coding(
    model: str, data: pd.DataFrame | None, ordered: bool | Sequence[str] | None
) -> Coding | None:
    """Find the ordered items of the model and code their answers."""
    wanted = () if isinstance(ordered, bool) else as_names("ordered", ordered)
    if not (ordered is True or wanted):
        return None
    if data is None:
        raise DataError(
            "Ordered items need the answers themselves, not a covariance matrix."
        )
    require_columns(wanted, list(data.columns), "data frame", "ordered= names")
    variables = classify(parse_model(model).terms)
    if ordered is True:
        wanted = tuple(set(variables.observed) - set(variables.exogenous))
    names = tuple(name for name in variables.observed if name in wanted)
    if not names:
        raise KocsemError(
            f"ordered={ordered!r} names no item of the model. Its observed variables "
            f"are {listed(variables.observed)}."
        )
    return code_ordered(data, names)


def _equal(group_equal: Sequence[str], coding: Coding | None) -> tuple[str, ...]:
    """Read what is equal across groups."""
    equal = as_names("group_equal", group_equal)
    if "thresholds" in equal and coding is None:
        raise KocsemError(
            "group_equal names 'thresholds', but no item is ordered. Name the ordered "
            "items in ordered=, or make 'intercepts' equal."
        )
    return equal


def _table(model: str, options: TableOptions) -> ParameterTable:
    """Parse the text and build the parameter table."""
    table = build_table(parse_model(model), options)
    check_definitions(table)
    return table


#: Tables are frozen, so that the one of a text can be kept for the next fit.
_kept_table = lru_cache(maxsize=64)(_table)
