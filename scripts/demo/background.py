"""Answers to the questions that are no scale items.

In: the share of each option. Out: option codes. Who never bought on a recommendation
was not asked how much was spent.
"""

from collections.abc import Mapping

import numpy as np

from demo.draw import IntArray

SKIPPED, UNANSWERED = -3, -2

#: Share of each option, by question, where all respondents are asked about one creator.
SHARES: Mapping[str, tuple[float, ...]] = {
    "SC2": (0.86, 0.14),
    "SC3": (0.34, 0.27, 0.07, 0.10, 0.08, 0.04, 0.07, 0.03),
    "GEN": (0.36, 0.61, 0.03),
    "AGE": (0.38, 0.29, 0.18, 0.11, 0.04),
    "EDU": (0.08, 0.19, 0.57, 0.16),
    "INC": (0.27, 0.30, 0.23, 0.12, 0.08),
    "OCC": (0.33, 0.31, 0.10, 0.11, 0.11, 0.04),
    "CITY": (0.22, 0.27, 0.23, 0.19, 0.09),
    "TIME": (0.07, 0.24, 0.43, 0.26),
    "TEN": (0.14, 0.22, 0.26, 0.28, 0.10),
    "FRQ": (0.02, 0.33, 0.38, 0.18, 0.09),
    "AMT": (0.19, 0.47, 0.26, 0.08),
    "FAN": (0.12, 0.28, 0.30, 0.14, 0.16),
}
FIELDS = "CAT"
FIELD_SHARES = (0.44, 0.31, 0.09, 0.33, 0.21, 0.20, 0.12, 0.15, 0.08, 0.05)


def draw_option(
    rng: np.random.Generator, shares: tuple[float, ...], n: int
) -> IntArray:
    """Draw option codes with given shares."""
    edges = np.cumsum(shares)[:-1]
    return np.asarray(np.searchsorted(edges, rng.random(n)) + 1, dtype=np.int64)


def draw_options(
    rng: np.random.Generator, shares: Mapping[str, tuple[float, ...]], n: int
) -> dict[str, IntArray]:
    """Draw option codes for several questions."""
    return {code: draw_option(rng, own, n) for code, own in shares.items()}


def draw_fields(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw what fields a creator covers, at least one."""
    chosen = (rng.random((n, len(FIELD_SHARES))) < FIELD_SHARES).astype(np.int64)
    nothing = chosen.sum(axis=1) == 0
    chosen[nothing, 0] = 1
    return {f"{FIELDS}_{k}": column for k, column in enumerate(chosen.T, start=1)}


def follow_purchases(answers: dict[str, IntArray]) -> dict[str, IntArray]:
    """Let the answers on purchases agree with whether there was one."""
    never = answers["SC2"] == 2
    return {
        **answers,
        "FRQ": np.where(never, 1, np.maximum(answers["FRQ"], 2)),
        "AMT": np.where(never, SKIPPED, answers["AMT"]),
    }


def draw_background(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw all questions of respondents who are asked about one creator."""
    answers = {**draw_options(rng, SHARES, n), **draw_fields(rng, n)}
    return follow_purchases(answers)
