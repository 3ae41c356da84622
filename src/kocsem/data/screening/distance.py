"""The rule on multivariate outliers: squared Mahalanobis distances.

In: the answers to the items that are always in the model, as given; turning an item
round changes no distance. Out: the sheets that lie farther from the mean than chance
takes a normal answer. Mean and covariance matrix come from the complete sheets; a sheet
with holes is judged by the items that it answers. Sources: Mahalanobis (1936); the
limit p < .001 is that of Tabachnick and Fidell (2013).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # no stubs

from kocsem.core.incomplete.distances import long_distances
from kocsem.core.moments import Array
from kocsem.data.checks import SINGULAR
from kocsem.data.screening.rule import Rule, Verdict, off
from kocsem.data.screening.settings import AppliedRules
from kocsem.data.screening.sheets import Column, Mask, Sheets, count_answers
from kocsem.findings import Finding
from kocsem.instrument.types import Text

_BLOCK = 4096  # sheets that are taken into double precision at a time


def _judge_mahalanobis(sheets: Sheets) -> Verdict:
    """Hit sheets that lie far from the mean of all.

    None, with a finding, when there are too few complete sheets or their covariance
    matrix is singular.

    D2 = (y - m)' S^-1 (y - m) is held against the chi-square distribution with as
    many degrees of freedom as the sheet answers items; m and S (divisor n - 1) are
    those of the complete sheets, and S is cut down to the items answered.
    """
    columns = sheets.battery.some(sheets.items)
    if len(columns) < 2:
        return off()
    told = count_answers(columns)
    complete = sheets.among & (told == len(columns))
    limits = _limits(len(columns), sheets.rules.quality.mahalanobis_p)
    n = int(complete.sum())
    if n < 2 or (n - 1) ** 2 / n <= limits[-1]:
        return _too_few(n, len(columns))
    mean, S = _moments(columns, complete)
    if not _regular(S):
        return _singular()
    D2 = np.full(len(told), np.nan)
    with threadpool_limits(limits=1, user_api="blas"):  # small matrices, many of them
        for part, Y in _blocks(columns, sheets.among):
            D2[part] = long_distances(Y=Y, mu=mean, Sigma=S, limits=limits[told[part]])
    places = np.flatnonzero(~np.isnan(D2))
    p = sheets.rules.quality.mahalanobis_p
    return Verdict(
        places,
        lambda i: (
            f"D2 = {D2[i]:.2f} over {told[i]} items, above "
            f"{limits[told[i]]:.2f} (p < {p:g})"
        ),
    )


def _limits(most: int, p: float) -> Array:
    """Return the limit for each number of items, 0 to the most there can be."""
    return np.asarray(chdtri(np.maximum(np.arange(most + 1), 1), p))


def _moments(columns: Sequence[Column], complete: Mask) -> tuple[Array, Array]:
    """Return mean and covariance matrix of the complete sheets, divisor n - 1."""
    n, first = int(complete.sum()), int(complete.argmax())
    near = np.array([column[first] for column in columns], dtype=float)
    total, S = np.zeros(len(columns)), np.zeros((len(columns), len(columns)))
    for _, Y in _blocks(columns, complete):
        d = Y - near
        total += d.sum(axis=0)
        S += d.T @ d
    return near + total / n, (S - np.outer(total, total) / n) / (n - 1)


def _blocks(
    columns: Sequence[Column], wanted: Mask
) -> Iterator[tuple[NDArray[np.intp], Array]]:
    """Yield positions and answers of some sheets, a block at a time."""
    places = np.flatnonzero(wanted)
    for start in range(0, len(places), _BLOCK):
        part = places[start : start + _BLOCK]
        yield part, np.column_stack([column[part] for column in columns]).astype(float)


def _regular(S: Array) -> bool:
    """Return whether a covariance matrix can be inverted safely."""
    sd = np.sqrt(np.diag(S))
    if not sd.all():
        return False
    return bool(np.linalg.eigvalsh(S / np.outer(sd, sd))[0] > SINGULAR)


def _too_few(n: int, items: int) -> Verdict:
    return _not_computed(
        f"{n} complete answer sheets are too few for distances over {items} items"
    )


def _singular() -> Verdict:
    return _not_computed(
        "the covariance matrix of the items is singular; look for an item that is "
        "constant, copied or a sum of others"
    )


def _not_computed(why: str) -> Verdict:
    message = f"Mahalanobis distances were not computed: {why}."
    return off(Finding("distances-not-computed", "info", "mahalanobis", message))


def _limit(rules: AppliedRules) -> Text:
    p = f"{rules.quality.mahalanobis_p:g}"
    return Text(zh=f"D²的P值小于{p}", en=f"p of D² under {p}")


MAHALANOBIS = Rule(
    reason="mahalanobis",
    label=Text(zh="多元异常值（马氏距离）", en="Multivariate outlier (Mahalanobis)"),
    words="an unusual combination of answers by Mahalanobis distance",
    judge=_judge_mahalanobis,
    handling=lambda rules: rules.quality.mahalanobis,
    limit=_limit,
    citations=("mahalanobis-1936", "tabachnick-fidell-2013"),
    compares=True,
    severity="info",
)
