"""The extended model: what comes before trust, its three facets, what it pays off in.

The long and the short instrument are drawn from one population, each by itself. The
population has the flaws of the core model's.
"""

import numpy as np

from demo.background import draw_background
from demo.draw import IntArray, answers_of, draw_normals
from demo.koc_core import POPULATION as CORE
from demo.polynomial import FloatArray
from demo.population import Population, Structure
from demo.sheets import Demo

EXOGENOUS = ("ED", "CO", "DS", "CM", "IQ", "NP", "UG", "AL", "SF", "TW")

#: Exogenous variables correlate like this where nothing else is said below.
COMMON_R, WITH_COMMERCE_R = 0.35, -0.25
OTHER_R = {
    ("ED", "CO"): 0.45,
    ("IQ", "UG"): 0.48,
    ("IQ", "AL"): 0.45,
    ("NP", "UG"): 0.42,
    ("ED", "AL"): 0.42,
    ("DS", "CM"): -0.32,
    ("CM", "AL"): -0.35,
    # Fragility of trust: who is quick to withdraw it sees more commerce and is a little
    # warier of all else; nothing in the model depends on it.
    ("CM", "TW"): 0.20,
    **{(other, "TW"): -0.05 for other in EXOGENOUS if other not in ("CM", "TW")},
}


def _exogenous_correlations() -> FloatArray:
    """Fill in the correlations of the exogenous variables."""
    R = np.full((len(EXOGENOUS), len(EXOGENOUS)), COMMON_R)
    commerce = EXOGENOUS.index("CM")
    R[commerce, :] = R[:, commerce] = WITH_COMMERCE_R
    for (one, other), r in OTHER_R.items():
        i, j = EXOGENOUS.index(one), EXOGENOUS.index(other)
        R[i, j] = R[j, i] = r
    np.fill_diagonal(R, 1.0)
    return R


_PAYS_OFF = ("PI", "PB", "PV", "BA")

STRUCTURE = Structure(
    exogenous=EXOGENOUS,
    correlations=_exogenous_correlations(),
    paths={
        "CA": {"ED": 0.38, "CO": 0.24, "DS": 0.14, "CM": -0.16},
        "PS": {"IQ": 0.42, "CA": 0.28, "NP": 0.10},
        "CI": {"UG": 0.34, "NP": 0.28, "IQ": 0.16},
        "TR": {
            **{"PS": 0.26, "CA": 0.24, "AL": 0.20},
            **{"CI": 0.10, "DS": 0.08, "CM": -0.16},
        },
        "TRS": {"TR": 0.88},
        "TRC": {"TR": 0.80},
        "TRB": {"TR": 0.86},
        "PI": {"TR": 0.50, "PS": 0.14, "CI": 0.08},
        "PB": {"TR": 0.46, "PS": 0.10},
        "PV": {"TR": 0.34, "PS": 0.24, "CI": 0.16},
        "PC": {"TR": 0.34, "PS": 0.10},
        "BA": {"TR": 0.36, "DS": 0.18, "CM": -0.20},
    },
    products={
        ("TR", "DS", "CM"): 0.10,
        ("PI", "CM", "TR"): -0.12,
        ("PB", "SF", "TR"): 0.10,
    },
    residual_correlations={
        (one, other): 0.25
        for place, one in enumerate(_PAYS_OFF)
        for other in _PAYS_OFF[place + 1 :]
    },
    # what is particular to competence makes people pay for advice
    residual_paths={("TRC", "PC"): 0.25},
)

_NEW_LOADINGS = {
    **{"ED1": 0.80, "ED2": 0.84, "ED3": 0.79, "ED4": 0.78},
    **{"CO1": 0.78, "CO2": 0.83, "CO3": 0.80, "CO4": -0.66},
    **{"PS1": 0.82, "PS2": 0.85, "PS3": 0.80, "PS4": 0.78},
    **{"NP1": 0.81, "NP2": 0.84, "NP3": 0.79, "NP4": 0.78},
    **{"UG1": 0.80, "UG2": 0.84, "UG3": 0.78},
    **{"CI1": 0.84, "CI2": 0.80, "CI3": 0.82},
    **{"DS1": 0.84, "DS2": 0.82, "DS3": 0.79},
    **{"CM1": 0.80, "CM2": 0.83, "CM3": 0.85, "CM4": 0.78},
    **{"SF1": 0.81, "SF2": 0.79, "SF3": 0.83},
    **{"TRS1": 0.84, "TRS2": 0.81, "TRS3": 0.83},
    **{"TRC1": 0.82, "TRC2": 0.85, "TRC3": 0.78},
    **{"TRB1": 0.86, "TRB2": 0.82, "TRB3": 0.79},
    **{"PB1": 0.83, "PB2": 0.85, "PB3": 0.80},
    **{"PV1": 0.82, "PV2": 0.86, "PV3": 0.83, "PV4": 0.78},
    **{"PC1": 0.85, "PC2": 0.83, "PC3": 0.80},
    **{"BA1": 0.81, "BA2": 0.84, "BA3": 0.79},
    **{"TW1": 0.78, "TW2": 0.80, "TW3": 0.82},
}
_FROM_CORE = tuple(
    code for code in CORE.loadings if code[:2] != "TR" and code not in ("IQ5", "PI4")
)

PROFILES = {
    "A": ("CA", "AL", "CO", "ED", "NP", "TRS", "TRC"),
    "B": ("IQ", "PS", "CI", "TRB", "UG", "DS", "MV"),
    "C": ("SF", "TW"),
    "D": ("PI", "PB", "PV", "CM", "BA"),
    "mirrored B": ("PC",),
}

POPULATION = Population(
    structure=STRUCTURE,
    loadings={**{code: CORE.loadings[code] for code in _FROM_CORE}, **_NEW_LOADINGS},
    profile_of={code: name for name, codes in PROFILES.items() for code in codes},
    cross_loadings=CORE.cross_loadings,
    minor_pairs=CORE.minor_pairs,
)


def draw_answers(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw the answers to all items; the short instrument asks for some of them."""
    return answers_of(POPULATION, draw_normals(rng, POPULATION, n))


LONG = Demo(
    instrument="koc_extended",
    coding="number",
    # one of the seeds whose sample shows what the population holds: every path of .10
    # or more significant, so are the three products, none two standard errors off
    seed=2022,
    honest=800,
    answers=draw_answers,
    background=draw_background,
)
SHORT = Demo(
    instrument="koc_extended_short",
    coding="text",
    # one of the seeds whose sample shows the paths of .20 or more, all significant; of
    # the weaker ones it misses some, as samples of this size do
    seed=3011,
    honest=420,
    answers=draw_answers,
    background=draw_background,
)
