"""The core model: authenticity, interaction and altruism, trust, purchase intention.

The population has the flaws of real data: a common method, two pairs of items that
share more than their construct, one item that shows two constructs.
"""

import numpy as np

from demo.background import draw_background
from demo.draw import IntArray, answers_of, draw_normals
from demo.population import Population, Structure
from demo.sheets import Demo

STRUCTURE = Structure(
    exogenous=("CA", "IQ", "AL"),
    correlations=np.array([[1, 0.45, 0.50], [0.45, 1, 0.48], [0.50, 0.48, 1]]),
    paths={
        "TR": {"CA": 0.34, "IQ": 0.24, "AL": 0.28},
        "PI": {"TR": 0.50, "CA": 0.12, "IQ": 0.12},
    },
)
LOADINGS = {
    **{"CA1": 0.80, "CA2": 0.84, "CA3": 0.76, "CA4": 0.81},
    **{"IQ1": 0.78, "IQ2": 0.83, "IQ3": 0.80, "IQ4": 0.74, "IQ5": -0.66},
    **{"AL1": 0.79, "AL2": 0.82, "AL3": 0.77, "AL4": 0.72},
    **{"TR1": 0.83, "TR2": 0.86, "TR3": 0.81, "TR4": 0.78},
    **{"PI1": 0.85, "PI2": 0.88, "PI3": 0.82, "PI4": 0.76},
}
POPULATION = Population(
    structure=STRUCTURE,
    loadings=LOADINGS,
    profile_of={"CA": "A", "AL": "A", "IQ": "B", "TR": "B", "MV": "B", "PI": "D"},
    cross_loadings={"AL4": ("CA", 0.12)},
    minor_pairs=(("CA1", "CA2"), ("IQ3", "IQ4")),
)


def draw_answers(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw the answers to all items."""
    return answers_of(POPULATION, draw_normals(rng, POPULATION, n))


DEMO = Demo(
    instrument="koc_core",
    coding="number",
    # one of the seeds whose sample shows what the population holds: all paths
    # significant, estimates within one standard error of the truth
    seed=2174,
    honest=420,
    answers=draw_answers,
    background=draw_background,
)
