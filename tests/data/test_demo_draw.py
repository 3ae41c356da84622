"""Large samples of the demo populations give back what the populations hold."""

from functools import cache

import numpy as np
import pytest
from demo import koc_core, koc_extended, koc_kol
from demo.draw import (
    SHIFT,
    FloatArray,
    Normals,
    answers_of,
    categories,
    draw_normals,
    item_values,
    latent_scores,
)
from demo.population import METHOD_LOADING, Structure, moments

N = 50_000
WITHIN = 4.5  # standard errors: a true value lies outside once in 150,000
POPULATIONS = {
    "core": koc_core.POPULATION,
    "extended": koc_extended.POPULATION,
    "KOC": koc_kol.POPULATIONS["KOC"],
    "KOL": koc_kol.POPULATIONS["KOL"],
}
OUTCOMES = [
    (name, outcome)
    for name, population in POPULATIONS.items()
    for outcome in population.structure.paths
]


@cache
def normals(name: str) -> Normals:
    seed = list(POPULATIONS).index(name)
    return draw_normals(np.random.default_rng(seed), POPULATIONS[name], N)


@cache
def scores(name: str) -> dict[str, FloatArray]:
    return latent_scores(POPULATIONS[name].structure, normals(name).latent)


@cache
def values(name: str) -> dict[str, FloatArray]:
    return item_values(POPULATIONS[name], normals(name))


def regression(y: FloatArray, *predictors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return slopes and their standard errors."""
    X = np.column_stack([np.ones(len(y)), *predictors])
    slopes, (rss,), *_ = np.linalg.lstsq(X, y)
    errors = np.sqrt(np.diag(np.linalg.inv(X.T @ X)) * rss / (len(y) - X.shape[1]))
    return slopes[1:], errors[1:]


def products_of(structure: Structure, outcome: str) -> dict[tuple[str, str], float]:
    return {
        (one, other): b
        for (moved, one, other), b in structure.products.items()
        if moved == outcome
    }


@pytest.mark.parametrize("name", POPULATIONS)
def test_scores_have_the_moments_worked_out(name: str) -> None:
    structure = POPULATIONS[name].structure
    drawn = np.cov(np.array(list(scores(name).values())))
    # products have heavier tails than normal variables: three times as much is allowed
    allowed = 3 * WITHIN / np.sqrt(N)
    assert np.abs(drawn - moments(structure).R).max() < allowed
    assert abs(np.array([s.mean() for s in scores(name).values()])).max() < allowed


@pytest.mark.parametrize(("name", "outcome"), OUTCOMES)
def test_paths_and_products_come_back(name: str, outcome: str) -> None:
    structure, drawn = POPULATIONS[name].structure, scores(name)
    paths, products = structure.paths[outcome], products_of(structure, outcome)
    single = list(dict.fromkeys((*paths, *(c for pair in products for c in pair))))
    columns = [drawn[c] for c in single] + [drawn[a] * drawn[b] for a, b in products]
    slopes, errors = regression(drawn[outcome], *columns)
    expected = [*(paths.get(code, 0.0) for code in single), *products.values()]
    assert np.abs((slopes - expected) / errors).max() < WITHIN


def test_what_is_particular_to_competence_makes_people_pay() -> None:
    drawn = scores("extended")
    own = (drawn["TRC"] - 0.80 * drawn["TR"]) / 0.6
    slopes, errors = regression(drawn["PC"], drawn["TR"], drawn["PS"], own)
    assert np.abs((slopes - [0.34, 0.10, 0.25]) / errors).max() < WITHIN


@pytest.mark.parametrize("name", POPULATIONS)
def test_loadings_come_back(name: str) -> None:
    population, drawn = POPULATIONS[name], scores(name)
    for code, loading in population.loadings.items():
        construct = code.rstrip("0123456789")
        other, cross = population.cross_loadings.get(code, ("", 0.0))
        columns = [drawn[construct], normals(name).method]
        columns += [drawn[other]] if other else []
        slopes, errors = regression(values(name)[code], *columns)
        expected = [loading, METHOD_LOADING, *([cross] if other else [])]
        assert np.abs((slopes - expected) / errors).max() < WITHIN, code


@pytest.mark.parametrize("name", POPULATIONS)
def test_items_have_unit_variance(name: str) -> None:
    for code, drawn in values(name).items():
        assert drawn.var() == pytest.approx(1, abs=2 * WITHIN * np.sqrt(2 / N)), code


@pytest.mark.parametrize(("one", "other"), koc_core.POPULATION.minor_pairs)
def test_pairs_share_more_than_their_construct(one: str, other: str) -> None:
    """They share 18% of their variance, and the method 2% of that of all items."""
    loadings = koc_core.LOADINGS
    r = loadings[one] * loadings[other] + 0.18 + 0.0225
    drawn = np.corrcoef(values("core")[one], values("core")[other])[0, 1]
    assert drawn == pytest.approx(r, abs=WITHIN / np.sqrt(N))


def test_items_of_different_constructs_correlate_by_them_and_the_method() -> None:
    r = 0.80 * 0.78 * 0.45 + 0.0225
    drawn = np.corrcoef(values("core")["CA1"], values("core")["IQ1"])[0, 1]
    assert drawn == pytest.approx(r, abs=WITHIN / np.sqrt(N))


def test_group_means_differ_as_said() -> None:
    """By the loading times the latent difference; PR3 by its intercept as well."""
    spread = WITHIN * np.sqrt(2 / N)
    for code, loading in koc_kol.LOADINGS.items():
        latent = koc_kol.DIFFERENCES[code.rstrip("0123456789")]
        expected = loading * latent - (0.35 if code == "PR3" else 0.0)
        drawn = values("KOC")[code].mean() - values("KOL")[code].mean()
        assert drawn == pytest.approx(expected, abs=spread), code


def test_intercepts_alternate() -> None:
    """Constructs of mean 0 leave an item its own shift."""
    drawn = values("extended")
    for number, code in enumerate(koc_extended.POPULATION.loadings):
        expected = SHIFT if number % 2 == 0 else -SHIFT
        assert drawn[code].mean() == pytest.approx(expected, abs=WITHIN / np.sqrt(N))


@pytest.mark.parametrize(
    ("profile", "is_reversed", "shares"),
    [
        ("A", False, (0.03, 0.08, 0.24, 0.41, 0.24)),
        ("D", False, (0.06, 0.14, 0.32, 0.33, 0.15)),
        ("B", True, (0.18, 0.37, 0.30, 0.11, 0.04)),
        ("mirrored B", False, (0.18, 0.37, 0.30, 0.11, 0.04)),
    ],
)
def test_categories_have_the_shares(
    profile: str, is_reversed: bool, shares: tuple[float, ...]
) -> None:
    drawn = np.random.default_rng(2).standard_normal(N)
    cut = categories(drawn, profile, is_reversed=is_reversed)
    observed = np.bincount(cut, minlength=6)[1:] / N
    assert np.abs(observed - shares).max() < WITHIN * np.sqrt(0.25 / N)


def test_paid_advice_is_wanted_by_few() -> None:
    answers = answers_of(koc_extended.POPULATION, normals("extended"))
    means = {c: np.mean([answers[f"{c}{k}"] for k in (1, 2, 3)]) for c in ("PC", "SF")}
    assert means["PC"] == pytest.approx(2.46, abs=0.1)
    assert means["SF"] == pytest.approx(3.90, abs=0.1)


def test_two_ratings_by_one_person_are_alike() -> None:
    koc, kol = koc_kol.POPULATIONS.values()
    rng = np.random.default_rng(3)
    first = draw_normals(rng, koc, N)
    second = koc_kol.alike(first, draw_normals(rng, kol, N))
    one = latent_scores(koc.structure, first.latent)
    other = latent_scores(kol.structure, second.latent)
    for code in koc_kol.EXOGENOUS:
        r = np.corrcoef(one[code], other[code])[0, 1]
        assert r == pytest.approx(0.30, abs=WITHIN / np.sqrt(N)), code
    pairs = zip(first.errors, second.errors, strict=True)
    errors = [np.corrcoef(a, b)[0, 1] for a, b in pairs]
    assert np.abs(np.array(errors) - 0.25).max() < WITHIN / np.sqrt(N)
    np.testing.assert_array_equal(first.method, second.method)


def test_a_second_rating_is_a_rating_like_any_other() -> None:
    """Alike or not, it has the means and the moments of its own population."""
    koc, kol = koc_kol.POPULATIONS.values()
    rng = np.random.default_rng(4)
    first = draw_normals(rng, koc, N)
    drawn = item_values(kol, koc_kol.alike(first, draw_normals(rng, kol, N)))
    alone = values("KOL")
    for code in koc_kol.LOADINGS:
        spread = WITHIN * np.sqrt(2 / N)
        assert drawn[code].mean() == pytest.approx(alone[code].mean(), abs=spread)
        assert drawn[code].std() == pytest.approx(1, abs=spread)


@pytest.mark.parametrize("name", POPULATIONS)
def test_everybody_answers_from_one_to_five(name: str) -> None:
    drawn = answers_of(POPULATIONS[name], normals(name))
    for code, answers in drawn.items():
        assert np.unique(answers).tolist() == [1, 2, 3, 4, 5], code
