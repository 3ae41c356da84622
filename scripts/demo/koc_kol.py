"""The comparison of key opinion consumers with key opinion leaders, in both designs.

Between: one half rates a KOC, the other half a KOL. Within: each respondent rates both.
Loadings are the same for both creators; means and paths are not, and at a given level
of polish PR3 is easier to agree with for a KOL, so that its intercept differs.
"""

from dataclasses import replace

import numpy as np

from demo.background import (
    SHARES,
    draw_fields,
    draw_options,
    follow_purchases,
)
from demo.draw import IntArray, Normals, answers_of, draw_normals
from demo.polynomial import FloatArray
from demo.population import Population, Structure
from demo.sheets import Demo

EXOGENOUS = ("IE", "EX", "EC", "PR", "CMI", "RC", "RD")

#: Our own choice: an everyday, close, experience-based pole against a polished,
#: commercial, distant one; closeness and distance are near opposites.
OPEN_R = {
    **{("IE", "EX"): -0.10, ("IE", "EC"): 0.45, ("IE", "PR"): -0.15},
    **{("IE", "CMI"): -0.25, ("IE", "RC"): 0.50, ("IE", "RD"): -0.35},
    **{("EX", "EC"): -0.05, ("EX", "PR"): 0.40, ("EX", "CMI"): 0.15},
    **{("EX", "RC"): 0.10, ("EX", "RD"): 0.20},
    **{("EC", "PR"): -0.35, ("EC", "CMI"): -0.25, ("EC", "RC"): 0.40},
    **{("EC", "RD"): -0.30},
    **{("PR", "CMI"): 0.35, ("PR", "RC"): -0.10, ("PR", "RD"): 0.25},
    **{("CMI", "RC"): -0.25, ("CMI", "RD"): 0.30},
    ("RC", "RD"): -0.60,
}


def _exogenous_correlations() -> FloatArray:
    """Write the correlations of what is seen of a creator as a matrix."""
    R = np.eye(len(EXOGENOUS))
    for (one, other), r in OPEN_R.items():
        i, j = EXOGENOUS.index(one), EXOGENOUS.index(other)
        R[i, j] = R[j, i] = r
    return R


CORRELATIONS = _exogenous_correlations()
PATHS = {
    "KOC": {"TR": {"RC": 0.36, "EX": 0.16, "CMI": -0.18}, "PI": {"TR": 0.52}},
    "KOL": {"TR": {"RC": 0.22, "EX": 0.38, "CMI": -0.34}, "PI": {"TR": 0.44}},
}

#: Latent mean for a KOC less that for a KOL, in standard deviations.
DIFFERENCES = {
    **{"IE": 0.60, "EC": 0.70, "RC": 0.55, "TR": 0.25, "PI": 0.05},
    **{"EX": -0.50, "PR": -0.80, "CMI": -0.70, "RD": -0.60},
}
SIDE = {"KOC": 0.5, "KOL": -0.5}

#: The intercept that is not the same, and the difference, KOL less KOC.
UNEQUAL_ITEM, UNEQUAL_BY = "PR3", 0.35

LOADINGS = {
    **{"IE1": 0.80, "IE2": 0.78, "IE3": 0.76},
    **{"EX1": 0.82, "EX2": 0.80, "EX3": 0.77},
    **{"EC1": 0.81, "EC2": 0.83, "EC3": 0.74},
    **{"PR1": 0.84, "PR2": 0.80, "PR3": 0.79},
    **{"CMI1": 0.82, "CMI2": 0.84, "CMI3": 0.78},
    **{"RC1": 0.80, "RC2": 0.78, "RC3": 0.84},
    **{"RD1": 0.80, "RD2": 0.76, "RD3": 0.78},
    **{"TR1": 0.83, "TR2": 0.86, "TR3": 0.81, "TR4": 0.78},
    **{"PI1": 0.85, "PI2": 0.88, "PI3": 0.82},
}
PROFILES = {"B": ("IE", "EX", "EC", "PR", "RC", "TR", "MV"), "D": ("CMI", "RD", "PI")}


def _population(creator: str) -> Population:
    """Return the population of ratings of one kind of creator."""
    side = SIDE[creator]
    return Population(
        structure=Structure(EXOGENOUS, CORRELATIONS, PATHS[creator]),
        loadings=LOADINGS,
        profile_of={code: name for name, codes in PROFILES.items() for code in codes},
        means={name: side * d for name, d in DIFFERENCES.items()},
        intercepts={UNEQUAL_ITEM: -side * UNEQUAL_BY},
    )


POPULATIONS = {creator: _population(creator) for creator in PATHS}

#: Share of each option for the questions that are about the creator.
CREATOR_SHARES = {
    "KOC": {
        "MC1": (0.28, 0.34, 0.21, 0.10, 0.04, 0.02, 0.01),
        "SC3": SHARES["SC3"],
        "TEN": SHARES["TEN"],
        "FAN": SHARES["FAN"],
    },
    "KOL": {
        "MC1": (0.01, 0.02, 0.05, 0.11, 0.22, 0.34, 0.25),
        "SC3": (0.24, 0.33, 0.07, 0.12, 0.08, 0.10, 0.04, 0.02),
        "TEN": (0.10, 0.17, 0.25, 0.32, 0.16),
        "FAN": (0.01, 0.02, 0.12, 0.75, 0.10),
    },
}
PERSON_SHARES = {
    code: shares for code, shares in SHARES.items() if code not in CREATOR_SHARES["KOC"]
}

#: How alike two ratings by one person are: in what they are of each construct, and in
#: what is particular to each item. The common method is the person's, so it is one.
SAME_LATENT, SAME_ERROR = 0.30, 0.25


def kinds(n: int) -> IntArray:
    """Assign a kind of creator in turn: 1 a KOC, 2 a KOL."""
    return np.asarray(1 + np.arange(n) % 2, dtype=np.int64)


def draw_between(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw one rating a person."""
    ratings = [answers_of(p, draw_normals(rng, p, n)) for p in POPULATIONS.values()]
    return _of_kind(kinds(n), *ratings)


def draw_background_between(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw what is asked besides, the creator's kind included."""
    about = [_about_creator(rng, creator, n) for creator in PATHS]
    own = draw_options(rng, PERSON_SHARES, n)
    return follow_purchases({**own, **_of_kind(kinds(n), *about), "GRP": kinds(n)})


def draw_within(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw two ratings a person."""
    koc, kol = POPULATIONS.values()
    first = draw_normals(rng, koc, n)
    second = alike(first, draw_normals(rng, kol, n))
    ratings = {"KOC": answers_of(koc, first), "KOL": answers_of(kol, second)}
    written = {
        f"{code}_{creator}": values
        for creator, rating in ratings.items()
        for code, values in rating.items()
        if code in LOADINGS
    }
    marker = {c: v for c, v in ratings["KOC"].items() if c not in LOADINGS}
    return {**written, **marker}


def draw_background_within(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw what is asked besides: of each creator, and which came first."""
    about = {
        _of_creator(code, creator): values
        for creator in PATHS
        for code, values in _about_creator(rng, creator, n).items()
    }
    own = draw_options(rng, PERSON_SHARES, n)
    return follow_purchases({**own, **about, "ORD": kinds(n)})


def alike(first: Normals, fresh: Normals) -> Normals:
    """Make a person's second rating resemble the first."""
    return replace(
        fresh,
        latent=_blend(first.latent, fresh.latent, SAME_LATENT),
        method=first.method,
        errors=_blend(first.errors, fresh.errors, SAME_ERROR),
    )


def _blend(first: FloatArray, fresh: FloatArray, r: float) -> FloatArray:
    return np.asarray(r * first + np.sqrt(1 - r**2) * fresh)


def _about_creator(
    rng: np.random.Generator, creator: str, n: int
) -> dict[str, IntArray]:
    """Draw the questions about one kind of creator."""
    return {**draw_options(rng, CREATOR_SHARES[creator], n), **draw_fields(rng, n)}


def _of_creator(code: str, creator: str) -> str:
    """Write a column's name for one creator: CAT_3 becomes CAT_KOC_3."""
    question, _, option = code.partition("_")
    return f"{question}_{creator}_{option}" if option else f"{question}_{creator}"


def _of_kind(
    kind: IntArray, koc: dict[str, IntArray], kol: dict[str, IntArray]
) -> dict[str, IntArray]:
    """Take each answer from the rating that the person gave."""
    return {code: np.where(kind == 1, koc[code], kol[code]) for code in koc}


BETWEEN = Demo(
    instrument="koc_kol",
    coding="number",
    # one of the seeds whose sample shows what the population holds: one intercept that
    # is not the same, every mean but that of PI different, every path significant
    seed=2081,
    honest=600,
    answers=draw_between,
    background=draw_background_between,
)
WITHIN = Demo(
    instrument="koc_kol_within",
    # by text, because by number the options of the two CAT questions have like headers
    coding="text",
    # one of the seeds whose sample shows the means and how alike two ratings are
    seed=4026,
    honest=300,
    answers=draw_within,
    background=draw_background_within,
)
