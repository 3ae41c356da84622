"""The populations of the demo answers have the moments that were meant."""

from dataclasses import replace

import numpy as np
import pytest
from demo import koc_core, koc_extended, koc_kol
from demo.draw import SHIFT, THRESHOLDS
from demo.polynomial import constant, expectation, times, total, variable
from demo.population import (
    Population,
    Structure,
    common_variance,
    effect,
    explained_variance,
    moments,
)
from scipy.stats import norm

from kocsem.instrument.load import load_instrument

PRINTED = 0.00051  # half of the last digit of a number printed with three
CORE, EXTENDED = koc_core.STRUCTURE, koc_extended.STRUCTURE
KOC, KOL = koc_kol.POPULATIONS["KOC"], koc_kol.POPULATIONS["KOL"]
POPULATIONS = {
    "core": koc_core.POPULATION,
    "extended": koc_extended.POPULATION,
    "KOC": KOC,
    "KOL": KOL,
}
BY_NAME = pytest.mark.parametrize("population", POPULATIONS.values(), ids=POPULATIONS)


def correlation(structure: Structure, one: str, other: str) -> float:
    factors = structure.factors
    return float(moments(structure).R[factors.index(one), factors.index(other)])


@pytest.mark.parametrize(
    ("one", "other", "r"),
    [
        *[("CA", "IQ", 0.45), ("CA", "AL", 0.50), ("IQ", "AL", 0.48)],
        *[("TR", "CA", 0.588), ("TR", "IQ", 0.527), ("TR", "AL", 0.565)],
        *[("PI", "CA", 0.468), ("PI", "IQ", 0.438), ("PI", "AL", 0.400)],
        ("TR", "PI", 0.634),
    ],
)
def test_core_correlations(one: str, other: str, r: float) -> None:
    assert correlation(CORE, one, other) == pytest.approx(r, abs=PRINTED)


@pytest.mark.parametrize(
    ("construct", "ave", "cr"),
    [
        ("CA", 0.645, 0.879),
        ("IQ", 0.621, 0.868),
        ("AL", 0.602, 0.858),
        ("TR", 0.673, 0.892),
        ("PI", 0.723, 0.887),
    ],
)
def test_core_reliability(construct: str, ave: float, cr: float) -> None:
    items = load_instrument("koc_core").items_of(construct)
    loadings = np.array([koc_core.LOADINGS[item.id] for item in items])
    whole = loadings.sum() ** 2
    assert np.mean(loadings**2) == pytest.approx(ave, abs=PRINTED)
    assert whole / (whole + (1 - loadings**2).sum()) == pytest.approx(cr, abs=PRINTED)


@pytest.mark.parametrize(
    ("structure", "outcome", "share"),
    [
        (CORE, "TR", 0.485),
        (CORE, "PI", 0.426),
        (EXTENDED, "CA", 0.454),
        (EXTENDED, "PS", 0.383),
        (EXTENDED, "CI", 0.383),
        (EXTENDED, "TR", 0.494),
        (EXTENDED, "PI", 0.383),
        (EXTENDED, "PB", 0.269),
        (EXTENDED, "PV", 0.343),
        (EXTENDED, "PC", 0.161),
        (EXTENDED, "BA", 0.338),
        (EXTENDED, "TRS", 0.7744),
        (EXTENDED, "TRC", 0.64),
        (EXTENDED, "TRB", 0.7396),
    ],
)
def test_explained_variance(structure: Structure, outcome: str, share: float) -> None:
    assert explained_variance(structure, outcome) == pytest.approx(share, abs=PRINTED)


@pytest.mark.parametrize(
    ("route", "size"),
    [
        (("CA", "PS", "TR", "PI"), 0.036),
        (("IQ", "PS", "TR", "PI"), 0.055),
        (("ED", "CA", "TR", "PI"), 0.046),
        (("UG", "CI", "TR", "PI"), 0.017),
    ],
)
def test_serial_effects(route: tuple[str, ...], size: float) -> None:
    assert effect(EXTENDED, *route) == pytest.approx(size, abs=PRINTED)


def test_the_structural_part_is_as_far_from_singular_as_was_worked_out() -> None:
    """Facets and correlated residuals were no part of that matrix."""
    alone = replace(EXTENDED, products={}, residual_correlations={}, residual_paths={})
    at = [i for i, name in enumerate(alone.factors) if name[:2] != "TR" or name == "TR"]
    R = moments(alone).R[np.ix_(at, at)]
    assert np.linalg.eigvalsh(R)[0] == pytest.approx(0.245, abs=PRINTED)


@pytest.mark.parametrize(
    ("one", "other", "r"),
    [
        *[("ED", "CO", 0.45), ("IQ", "UG", 0.48), ("IQ", "AL", 0.45)],
        *[("NP", "UG", 0.42), ("ED", "AL", 0.42), ("ED", "SF", 0.35)],
        *[("CM", "DS", -0.32), ("CM", "AL", -0.35), ("CM", "IQ", -0.25)],
    ],
)
def test_exogenous_correlations(one: str, other: str, r: float) -> None:
    assert correlation(EXTENDED, one, other) == pytest.approx(r, abs=1e-12)


@BY_NAME
def test_every_population_is_admissible(population: Population) -> None:
    implied = moments(population.structure)
    np.testing.assert_allclose(np.diag(implied.R), 1, atol=1e-12)
    for matrix in (implied.Psi, implied.R):
        np.testing.assert_allclose(matrix, matrix.T, atol=1e-12)
        assert np.linalg.eigvalsh(matrix)[0] > 0.05


@BY_NAME
def test_every_item_leaves_room_for_error(population: Population) -> None:
    R = moments(population.structure).R
    shares = [common_variance(population, code, R) for code in population.loadings]
    assert 0.4 < min(shares) < max(shares) < 0.96


def test_moments_are_those_of_the_matrices() -> None:
    """Without products they are (I - B)^-1 Psi (I - B)^-T."""
    linear = replace(EXTENDED, products={})
    factors = linear.factors
    B = np.zeros((len(factors), len(factors)))
    for outcome, paths in linear.paths.items():
        for predictor, b in paths.items():
            B[factors.index(outcome), factors.index(predictor)] = b
    implied = moments(linear)
    through = np.linalg.inv(np.eye(len(factors)) - B)
    np.testing.assert_allclose(implied.R, through @ implied.Psi @ through.T, atol=1e-12)


def test_residuals_correlate_as_said() -> None:
    implied, factors = moments(EXTENDED), EXTENDED.factors
    spread = np.sqrt(np.diag(implied.Psi))
    r = implied.Psi / np.outer(spread, spread)
    for one, other in (("PI", "PB"), ("PI", "PV"), ("PB", "BA"), ("PV", "BA")):
        assert r[factors.index(one), factors.index(other)] == pytest.approx(0.25)
    # what is particular to competence has variance 1 - .80^2; .25 of it, standardised
    own = implied.Psi[factors.index("TRC"), factors.index("PC")]
    assert own == pytest.approx(0.25 * 0.6)


def test_a_product_adds_its_variance() -> None:
    """Products of two standard normal variables have variance 1 + r^2."""
    one = Structure(
        exogenous=("A", "B"),
        correlations=np.array([[1, 0.3], [0.3, 1]]),
        paths={"C": {"A": 0.5}},
        products={("C", "A", "B"): 0.2},
    )
    explained = 0.5**2 + 0.2**2 * (1 + 0.3**2)
    assert moments(one).Psi[2, 2] == pytest.approx(1 - explained)


@pytest.mark.parametrize(
    ("powers", "value"),
    [
        ((0, 0), 1.0),
        ((0, 0, 0, 0), 3.0),
        ((0, 0, 0, 0, 0, 0), 15.0),
        ((0, 0, 1, 1), 1 + 2 * 0.3**2),
        ((0, 1, 1, 1), 3 * 0.3),
        ((0, 0, 1), 0.0),
        ((), 1.0),
    ],
)
def test_expectations_of_products(powers: tuple[int, ...], value: float) -> None:
    product = constant(1.0)
    for number in powers:
        product = times(product, variable(number))
    Psi = np.array([[1, 0.3], [0.3, 1]])
    assert expectation(product, Psi) == pytest.approx(value)


def test_polynomials_add_up() -> None:
    found = total((2.0, variable(0)), (3.0, variable(0)), (1.0, constant(4.0)))
    assert found == {(0,): 5.0, (): 4.0}


@pytest.mark.parametrize(
    ("profile", "shares"),
    [
        ("A", (0.03, 0.08, 0.24, 0.41, 0.24)),
        ("B", (0.04, 0.11, 0.30, 0.37, 0.18)),
        ("C", (0.02, 0.06, 0.20, 0.44, 0.28)),
        ("D", (0.06, 0.14, 0.32, 0.33, 0.15)),
        ("mirrored B", (0.18, 0.37, 0.30, 0.11, 0.04)),
    ],
)
def test_thresholds_give_the_shares(profile: str, shares: tuple[float, ...]) -> None:
    edges = [-np.inf, *THRESHOLDS[profile], np.inf]
    np.testing.assert_allclose(np.diff(norm.cdf(edges)), shares, atol=PRINTED)


@pytest.mark.parametrize(
    ("name", "profiles"),
    [
        ("koc_core", koc_core.POPULATION.profile_of),
        ("koc_extended", koc_extended.POPULATION.profile_of),
        ("koc_kol", KOC.profile_of),
    ],
)
def test_every_construct_with_items_has_a_profile(
    name: str, profiles: dict[str, str]
) -> None:
    instrument = load_instrument(name)
    assert set(profiles) == {item.construct for item in instrument.items} | {"MV"}


@pytest.mark.parametrize(
    ("name", "population"),
    [
        ("koc_core", koc_core.POPULATION),
        ("koc_extended", koc_extended.POPULATION),
        ("koc_kol", KOC),
    ],
)
def test_loadings_are_those_of_the_items(name: str, population: Population) -> None:
    items = load_instrument(name).items
    assert set(population.loadings) == {item.id for item in items}
    for item in items:
        assert (population.loadings[item.id] < 0) == item.reverse


def test_facets_load_on_trust_and_items_on_facets() -> None:
    facets = {code: EXTENDED.paths[code]["TR"] for code in ("TRS", "TRC", "TRB")}
    assert facets == {"TRS": 0.88, "TRC": 0.80, "TRB": 0.86}
    loadings = koc_extended.POPULATION.loadings
    on_facets = [loadings[code] for code in loadings if code[:2] == "TR"]
    assert len(on_facets) == 9
    assert 0.78 <= min(on_facets) <= max(on_facets) <= 0.86


def test_groups_differ_in_means_paths_and_one_intercept() -> None:
    assert {c: KOC.means[c] - KOL.means[c] for c in KOC.means} == pytest.approx(
        {
            **{"IE": 0.60, "EC": 0.70, "RC": 0.55, "TR": 0.25, "PI": 0.05},
            **{"EX": -0.50, "PR": -0.80, "CMI": -0.70, "RD": -0.60},
        }
    )
    assert KOC.structure.paths["TR"] == {"RC": 0.36, "EX": 0.16, "CMI": -0.18}
    assert KOL.structure.paths["TR"] == {"RC": 0.22, "EX": 0.38, "CMI": -0.34}
    assert KOC.structure.paths["PI"] == {"TR": 0.52}
    assert KOL.structure.paths["PI"] == {"TR": 0.44}
    assert KOC.loadings == KOL.loadings
    assert set(KOC.intercepts) == set(KOL.intercepts) == {"PR3"}
    assert KOL.intercepts["PR3"] - KOC.intercepts["PR3"] == pytest.approx(0.35)
    assert KOL.intercepts["PR3"] + KOC.intercepts["PR3"] == 0
    assert SHIFT < 0.35 / 2  # the difference is no accident of neighbouring items


def test_closeness_and_distance_are_two_poles() -> None:
    for population in (KOC, KOL):
        assert -0.7 <= correlation(population.structure, "RC", "RD") <= -0.5
