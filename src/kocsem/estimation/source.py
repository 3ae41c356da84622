"""Where the sample of a fit comes from: rows of a frame, or a printed matrix.

In: the parameter table, the options, and what the user passed. Out: a `Sample` of the
kind that the options ask for. A source that cannot carry the options is an error.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from kocsem.core.least_squares import unbiased
from kocsem.data.covariance import sample_from_covariance
from kocsem.data.design import Design
from kocsem.data.group_sample import incomplete_group
from kocsem.data.ordered import ordinal_group
from kocsem.data.sample import (
    Sample,
    answered_rows,
    complete_rows,
    sample_from_frame,
)
from kocsem.errors import DataError
from kocsem.model.options import Options
from kocsem.model.table import ParameterTable


@dataclass(frozen=True, slots=True)
class Printed:
    """A published covariance matrix, with what belongs to it.

    Attributes
    ----------
    cov : DataFrame or None
        Covariance matrix with divisor n - 1.
    nobs : int or None
        Number of cases behind it.
    mean : mapping, Series or None
        Means that go with it.
    """

    cov: pd.DataFrame | None
    nobs: int | None
    mean: Mapping[str, float] | pd.Series | None


def take_sample(
    table: ParameterTable,
    options: Options,
    data: pd.DataFrame | None,
    printed: Printed,
) -> Sample:
    """Take the moments from whichever source the user gave.

    Parameters
    ----------
    table : ParameterTable
        The model.
    options : Options
        What was asked.
    data : DataFrame or None
        Rows; codes in place of the answers to ordered items.
    printed : Printed
        A printed matrix in their place.

    Returns
    -------
    Sample
        The moments; covariances with divisor n - 1 for least squares.

    Raises
    ------
    DataError
        When there is no source, or two, or it cannot carry the options.
    """
    if (data is None) == (printed.cov is None):
        raise DataError("Give either data= or sample_cov= with sample_nobs=.")
    if data is None:
        sample = _from_printed(table, options, printed)
    elif printed.nobs is not None or printed.mean is not None:
        raise DataError(
            "sample_nobs= and sample_mean= belong to sample_cov=; data= brings its own."
        )
    else:
        sample = _from_rows(table, options, data)
    if options.discrepancy == "ML" or options.ordered:
        return sample
    return replace(
        sample,
        groups=tuple(
            replace(group, moments=unbiased(moments=group.moments))
            for group in sample.groups
        ),
    )


def _from_rows(table: ParameterTable, options: Options, data: pd.DataFrame) -> Sample:
    """Compute the moments that the options ask for."""
    names = table.variables.observed
    design = Design(
        group=options.group, cluster=options.cluster, weights=options.weights
    )
    first = table.of_group(1)
    covariates = tuple(dict.fromkeys(row.lhs for row in first if row.exogenous))
    if options.missing == "fiml":
        return sample_from_frame(
            data,
            names,
            design,
            usable=answered_rows(covariates),
            build=incomplete_group,
        )
    if not options.ordered:
        return sample_from_frame(data, names, design)
    counts = Counter(row.lhs for row in first if row.op == "|")
    pairwise = options.missing == "pairwise"
    return sample_from_frame(
        data,
        names,
        design,
        usable=answered_rows(covariates, alone=False) if pairwise else complete_rows,
        build=ordinal_group(
            [(name, count + 1) for name, count in counts.items()], covariates
        ),
    )


def _from_printed(table: ParameterTable, options: Options, printed: Printed) -> Sample:
    """Take the moments from a published covariance matrix."""
    assert printed.cov is not None
    asked = {
        "group=": options.group,
        "cluster=": options.cluster,
        "sampling_weights=": options.weights,
        "missing='fiml'": options.missing == "fiml",
        f"se={options.se!r}": options.se not in ("standard", "robust_sem_nt"),
        f"test={options.test!r}": options.test != "standard",
    }
    for name, wanted in asked.items():
        if wanted:
            raise DataError(
                f"estimator={options.estimator!r} with {name} needs the answers "
                "themselves, not only a covariance matrix."
            )
    if printed.nobs is None:
        raise DataError(
            "sample_cov= needs sample_nobs=, the number of cases behind it."
        )
    sample = sample_from_covariance(
        printed.cov, printed.nobs, printed.mean, table.variables.observed
    )
    if table.means and not sample.has_means:
        raise DataError(
            "The model has a mean structure, but no means are known: give sample_mean=."
        )
    return sample
