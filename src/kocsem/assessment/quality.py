"""The thresholds of reliability and validity, and a finding for each one not met.

In: the frames of an assessment. Out: findings with the number, the limit and the source
of the limit. A threshold is a habit of the field; a finding says what is asked about.
"""

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from kocsem.findings import Finding
from kocsem.instrument.types import Instrument

#: Column of the constructs' frame, its name in words, lower limit, source.
_LIMITS = (
    ("alpha", "Cronbach's alpha", 0.70, "nunnally-1978"),
    ("cr", "CR", 0.70, "hair-2019"),
    ("ave", "AVE", 0.50, "fornell-larcker-1981"),
)
MIN_LOADING = 0.50
HTMT_STRICT, HTMT_LIBERAL = 0.85, 0.90


def item_findings(
    loadings: pd.DataFrame, instrument: Instrument | None
) -> Iterator[Finding]:
    """Find indicators that measure their construct badly, or another one.

    Parameters
    ----------
    loadings : DataFrame
        ``construct item std_all``.
    instrument : Instrument, optional
        What the items are meant to measure.

    Yields
    ------
    Finding
        ``"negative-loading"``, ``"low-loading"`` or ``"other-construct"``.
    """
    meant = {item.id: item.construct for item in instrument.items} if instrument else {}
    columns = (loadings[name] for name in ("construct", "item", "std_all"))
    for construct, item, value in zip(*columns, strict=True):
        if value < 0:
            message = (
                f"{item} loads {value:.3f} on {construct}; a reverse-worded item must "
                "be recoded before the model is fitted."
            )
            yield Finding("negative-loading", "warning", item, message, value, 0.0)
        elif value < MIN_LOADING:
            message = (
                f"{item} loads {value:.3f} on {construct}, below {MIN_LOADING:.2f}."
            )
            yield Finding(
                "low-loading", "warning", item, message, value, MIN_LOADING, "hair-2019"
            )
        if meant.get(item, construct) != construct:
            message = (
                f"{item} measures {construct} in the model, but {meant[item]} in the "
                "instrument."
            )
            yield Finding("other-construct", "info", item, message)


def quality_findings(
    constructs: pd.DataFrame,
    correlations: pd.DataFrame,
    ratios: pd.DataFrame,
    nested: frozenset[tuple[str, str]] = frozenset(),
) -> Iterator[Finding]:
    """Find constructs that are not reliable or not distinct.

    Parameters
    ----------
    constructs : DataFrame
        ``construct alpha cr ave sqrt_ave``.
    correlations, ratios : DataFrame
        Correlations and HTMT of the constructs, square.
    nested : frozenset of tuple of str
        Pairs of a higher-order construct and one of its dimensions, in this order,
        which are not meant to be distinct.

    Yields
    ------
    Finding
        ``"low-alpha"``, ``"low-cr"``, ``"low-ave"``, ``"fornell-larcker"``,
        ``"high-htmt"``.
    """
    for _, row in constructs.iterrows():
        yield from _reliability_findings(row)
    roots = dict(zip(constructs["construct"], constructs["sqrt_ave"], strict=True))
    for first, second in combinations(roots, 2):
        if {(first, second), (second, first)} & nested:
            continue
        r = float(correlations.loc[first, second])
        yield from _fornell_larcker(first, second, r, min(roots[first], roots[second]))
        yield from _htmt_finding(first, second, float(ratios.loc[first, second]))


def _reliability_findings(row: pd.Series) -> Iterator[Finding]:
    """Hold the coefficients of one construct against their limits."""
    for column, name, limit, citation in _LIMITS:
        value = float(row[column])
        if not value < limit:
            continue
        message = f"{name} of {row['construct']} is {value:.3f}, below {limit:.2f}."
        if column == "ave" and float(row["cr"]) > 0.6:
            message += (
                " With CR above .60 convergent validity is still accepted by some."
            )
        yield Finding(
            f"low-{column}",
            "warning",
            str(row["construct"]),
            message,
            value,
            limit,
            citation,
        )


def _fornell_larcker(
    first: str, second: str, r: float, root: float
) -> Iterator[Finding]:
    """Hold a correlation against the smaller root of AVE."""
    if abs(r) > root:
        message = (
            f"{first} and {second} correlate {r:.3f}, more than the square root of the "
            f"smaller AVE ({root:.3f})."
        )
        yield Finding(
            "fornell-larcker",
            "warning",
            f"{first}, {second}",
            message,
            r,
            root,
            "fornell-larcker-1981",
        )


def _htmt_finding(first: str, second: str, value: float) -> Iterator[Finding]:
    """Hold an HTMT against the liberal and the strict limit."""
    if not value > HTMT_STRICT:
        return
    liberal = value > HTMT_LIBERAL
    limit = HTMT_LIBERAL if liberal else HTMT_STRICT
    message = (
        f"HTMT of {first} and {second} is {value:.3f}, above the "
        f"{'liberal' if liberal else 'strict'} limit of {limit:.2f}."
    )
    yield Finding(
        "high-htmt",
        "warning" if liberal else "info",
        f"{first}, {second}",
        message,
        value,
        limit,
        "henseler-ringle-sarstedt-2015",
    )
