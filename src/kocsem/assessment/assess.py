"""Reliability and validity of a fitted measurement model.

In: a fit with latent variables, best the CFA. Out: an `Assessment` with a finding for
each threshold that is not met and for each number that does not exist. The formulas are
in `reliability` and `validity`; here they are given their arrays and their names.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from kocsem.assessment.quality import item_findings, quality_findings
from kocsem.assessment.records import Assessment
from kocsem.assessment.reliability import (
    alpha_interval,
    average_variance_extracted,
    composite_reliability,
    cronbach_alpha,
)
from kocsem.assessment.validity import htmt
from kocsem.errors import UnsupportedError
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument
from kocsem.results.fit import Fit
from kocsem.results.frames import latent_correlations, square
from kocsem.results.group import Group

Array = npt.NDArray[np.float64]

#: Columns of the two frames of an assessment.
LOADING_COLUMNS = ("construct", "item", "est", "se", "z", "pvalue", "std_all")
CONSTRUCT_COLUMNS = (
    "construct",
    "k",
    "alpha",
    "alpha_lower",
    "alpha_upper",
    "cr",
    "ave",
    "sqrt_ave",
)
_NAN = float("nan")


@dataclass(frozen=True)
class _Measured:
    """What the assessment needs of a fit, by name.

    Attributes
    ----------
    loadings : DataFrame
        ``construct item est se z pvalue std_all``.
    errors : DataFrame
        Covariances of the measurement errors of observed items, items standardised.
    S : DataFrame
        Sample covariances of the observed items.
    nobs : int
        Number of cases.
    """

    loadings: pd.DataFrame
    errors: pd.DataFrame
    S: pd.DataFrame
    nobs: int

    @cached_property
    def constructs(self) -> tuple[str, ...]:
        """The latent variables in the order of the model."""
        return tuple(dict.fromkeys(self.loadings["construct"]))

    @cached_property
    def shared(self) -> frozenset[str]:
        """Indicators of more than one construct."""
        counts = Counter(self.loadings["item"])
        return frozenset(item for item, count in counts.items() if count > 1)

    @property
    def nested(self) -> frozenset[tuple[str, str]]:
        """Pairs of a higher-order construct and one of its dimensions."""
        pairs = zip(self.loadings["construct"], self.loadings["item"], strict=True)
        return frozenset((c, item) for c, item in pairs if item in self.constructs)

    def items(self, construct: str) -> list[str]:
        """Return the indicators of a construct."""
        return list(self._rows(construct)["item"])

    def standardised(self, construct: str) -> Array:
        """Return the standardised loadings of a construct."""
        return self._rows(construct)["std_all"].to_numpy(dtype=float)

    def error_block(self, construct: str) -> Array | None:
        """Return the error covariances of a construct, None when all are zero."""
        items = self.items(construct)
        if not set(items) <= set(self.errors.index):
            return None
        block = self.errors.loc[items, items].to_numpy(dtype=float)
        apart = block[~np.eye(len(items), dtype=bool)]
        return block if apart.any() else None

    def _rows(self, construct: str) -> pd.DataFrame:
        return self.loadings[self.loadings["construct"] == construct]


def assess(
    fit: Fit, instrument: Instrument | None = None, *, group: str | None = None
) -> Assessment:
    """Assess the reliability and the validity of a measurement model.

    Parameters
    ----------
    fit : Fit
        A model with latent variables; best the CFA, in which the correlations of all
        constructs are free.
    instrument : Instrument, optional
        When given, items that measure another construct than it says are reported.
    group : str, optional
        Label of the group to assess; needed for a fit in several groups.

    Returns
    -------
    Assessment
        Loadings, reliability, correlations, HTMT, and findings.

    Raises
    ------
    UnsupportedError
        When the model has no latent variable, or in several groups none is named.

    Notes
    -----
    Alpha is the raw coefficient, from covariances. CR is the coefficient of Fornell and
    Larcker from standardised loadings; when errors within the construct covary, their
    covariances enter the denominator as in Raykov (2001), and a finding gives the value
    without them. AVE is the mean of the squared standardised loadings. Neither exists
    for a single indicator, for a loading beyond 1, or for a construct with an indicator
    that it shares, since then no definition is agreed on. HTMT takes correlations
    without their sign.

    References
    ----------
    cronbach-1951, fornell-larcker-1981, raykov-2001, henseler-ringle-sarstedt-2015

    Examples
    --------
    >>> import pandas as pd
    >>> import kocsem
    >>> R = [[1, .5, .5, .2, .2, .2], [.5, 1, .5, .2, .2, .2], [.5, .5, 1, .2, .2, .2],
    ...      [.2, .2, .2, 1, .6, .6], [.2, .2, .2, .6, 1, .6], [.2, .2, .2, .6, .6, 1]]
    >>> names = ["x1", "x2", "x3", "y1", "y2", "y3"]
    >>> R = pd.DataFrame(R, index=names, columns=names)
    >>> model = "x =~ x1 + x2 + x3; y =~ y1 + y2 + y3"
    >>> fit = kocsem.cfa(model, sample_cov=R, sample_nobs=200)
    >>> kocsem.assess(fit).constructs[["construct", "alpha", "cr", "ave"]].round(3)
      construct  alpha     cr  ave
    0         x  0.750  0.750  0.5
    1         y  0.818  0.818  0.6
    """
    chosen = _chosen(fit, group)
    measured = _measured(fit, chosen)
    if measured.loadings.empty:
        raise UnsupportedError(
            "The model has no latent variable, so there is no measurement to assess."
        )
    rows, findings = [], list(item_findings(measured.loadings, instrument))
    for construct in measured.constructs:
        row, remarks = _construct_row(measured, construct)
        rows.append(row)
        findings += remarks
    constructs = pd.DataFrame(rows, columns=list(CONSTRUCT_COLUMNS))
    names = list(measured.constructs)
    correlations = latent_correlations(chosen).loc[names, names]
    ratios = _htmt_frame(measured)
    findings += quality_findings(constructs, correlations, ratios, measured.nested)
    return Assessment(
        measured.loadings, constructs, correlations, ratios, tuple(findings)
    )


def _chosen(fit: Fit, label: str | None) -> Group:
    """Return the group to assess."""
    groups = fit.solution.groups
    if label is None and len(groups) == 1:
        return groups[0]
    for group in groups:
        if label is not None and group.label == label:
            return group
    if not fit.groups:
        raise UnsupportedError(f"group={label!r}: the model was fitted in one group.")
    raise UnsupportedError(
        f"Name the group to assess, group=...; the groups are {', '.join(fit.groups)}."
    )


def _measured(fit: Fit, group: Group) -> _Measured:
    """Collect what the assessment needs of one group of a fit."""
    frame = fit.parameters
    frame = frame[frame["group"] == group.number]
    rows = frame[frame["op"] == "=~"]
    loadings = rows[["lhs", "rhs", *LOADING_COLUMNS[2:]]].reset_index(drop=True)
    loadings.columns = pd.Index(LOADING_COLUMNS)
    items = [item for item in dict.fromkeys(loadings["item"]) if item in fit.observed]
    return _Measured(
        loadings=loadings,
        errors=_error_covariances(frame, items),
        S=square(group.moments.S, fit.observed).loc[items, items],
        nobs=round(group.moments.n),
    )


def _error_covariances(parameters: pd.DataFrame, items: list[str]) -> pd.DataFrame:
    """Return the error covariances of standardised items.

    A standardised variance is a share of the item's variance and a standardised
    covariance is a correlation of errors, so their product is what is wanted.
    """
    rows = parameters[parameters["op"] == "~~"]
    pairs = zip(rows["lhs"], rows["rhs"], strict=True)
    std = dict(zip(pairs, rows["std_all"].astype(float), strict=True))
    share = np.array([max(std.get((item, item), 0.0), 0.0) for item in items])
    R = np.eye(len(items))
    for i, first in enumerate(items):
        for j, second in enumerate(items):
            if i != j:
                R[i, j] = std.get((first, second), std.get((second, first), 0.0))
    scale = np.sqrt(share)
    return pd.DataFrame(R * np.outer(scale, scale), index=items, columns=items)


def _construct_row(
    measured: _Measured, construct: str
) -> tuple[dict[str, object], list[Finding]]:
    """Compute the reliability of one construct."""
    items = measured.items(construct)
    alpha, lower, upper = _alpha(measured, items)
    cr, ave, findings = _convergent(measured, construct)
    if np.isnan(alpha):
        reason = "alpha needs two or more observed items."
        findings.append(_absent(construct, "alpha", reason))
    row = {
        "construct": construct,
        "k": len(items),
        "alpha": alpha,
        "alpha_lower": lower,
        "alpha_upper": upper,
        "cr": cr,
        "ave": ave,
        "sqrt_ave": float(np.sqrt(ave)),
    }
    return row, findings


def _alpha(measured: _Measured, items: list[str]) -> tuple[float, float, float]:
    """Return alpha with its interval, NaN when it does not exist."""
    if len(items) < 2 or not set(items) <= set(measured.S.index):
        return _NAN, _NAN, _NAN
    alpha = float(cronbach_alpha(measured.S.loc[items, items].to_numpy(dtype=float)))
    return alpha, *alpha_interval(alpha=alpha, k=len(items), n=measured.nobs)


def _convergent(
    measured: _Measured, construct: str
) -> tuple[float, float, list[Finding]]:
    """Return CR, AVE and what must be said of them."""
    std = measured.standardised(construct)
    reason = _no_convergent(measured, construct, std)
    if reason:
        return _NAN, _NAN, [_absent(construct, "CR and AVE", reason)]
    ave, plain = (
        float(average_variance_extracted(std)),
        float(composite_reliability(std)),
    )
    errors = measured.error_block(construct)
    if errors is None:
        return plain, ave, []
    cr = float(composite_reliability(std, errors))
    message = (
        f"Errors of the indicators of {construct} covary, so CR counts their "
        f"covariances as error ({cr:.3f}); without them it would be {plain:.3f}."
    )
    remark = Finding(
        "correlated-errors", "info", construct, message, cr, plain, "raykov-2001"
    )
    return cr, ave, [remark]


def _no_convergent(measured: _Measured, construct: str, std: Array) -> str:
    """Return why a construct has no CR and AVE; empty when it has."""
    shared = measured.shared & set(measured.items(construct))
    if len(std) < 2:
        return "they need two or more indicators."
    if not np.isfinite(std).all():
        return "a standardised loading does not exist."
    if (np.abs(std) > 1).any():
        return "a standardised loading is beyond 1."
    if shared:
        listed = ", ".join(sorted(shared))
        return f"{listed} loads on another construct as well."
    return ""


def _absent(construct: str, what: str, reason: str) -> Finding:
    """Make the finding for a number that does not exist."""
    message = f"{construct}: no {what}, because {reason}"
    return Finding("not-available", "info", construct, message)


def _htmt_frame(measured: _Measured) -> pd.DataFrame:
    """Return the HTMT of all pairs of constructs with ones on the diagonal."""
    names = list(measured.constructs)
    frame = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    S = measured.S.to_numpy(dtype=float)
    scale = np.sqrt(np.diag(S))
    R = S / np.outer(scale, scale)
    position = {item: at for at, item in enumerate(measured.S.index)}
    for i, first in enumerate(names):
        for second in names[:i]:
            a, b = measured.items(first), measured.items(second)
            value = _NAN
            if (
                min(len(a), len(b)) > 1
                and {*a, *b} <= position.keys()
                and not {*a} & {*b}
            ):
                at, other = ([position[x] for x in own] for own in (a, b))
                value = float(htmt(R=R, first=at, second=other))
            frame.loc[first, second] = frame.loc[second, first] = value
    return frame
