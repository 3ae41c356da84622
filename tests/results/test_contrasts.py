"""Differences between effects, held to lavaan's definitions."""

import pytest

from kocsem.errors import KocsemError, UnsupportedError
from kocsem.results.contrasts import Contrast, contrasts_frame
from kocsem.results.effects import effects_frame
from reference.lavaan import fitted, reference
from tolerances import ESTIMATE_ATOL

CONTRASTS = [
    (case, row)
    for case in ("effects_serial_observed", "effects_groups")
    for row in reference(case)["effects"]
    if row["kind"] == "contrast"
]


def asked(row):
    """Read a contrast off lavaan's name of it, ``first minus second``."""
    effects = row["effect"].split(" minus ")
    groups = [int(g) for g in str(row["group"]).split(" minus ")]
    return Contrast(*effects, groups[0], groups[-1])


def frame(case, *contrasts, **options):
    return contrasts_frame(fitted(case).solution, contrasts, **options)


@pytest.mark.parametrize(("case", "row"), CONTRASTS)
def test_against_lavaan(case, row):
    found = frame(case, asked(row)).iloc[0]
    for column in ("est", "se", "z", "pvalue", "ci_lower", "ci_upper"):
        assert found[column] == pytest.approx(row[column], abs=ESTIMATE_ATOL)
    found = frame(case, asked(row), standardized=True).iloc[0]
    for ours, theirs in [("est", "std"), ("se", "std_se"), ("ci_lower", "std_lower")]:
        assert found[ours] == pytest.approx(row[theirs], abs=ESTIMATE_ATOL)


def test_the_cases_hold_contrasts_across_groups():
    assert {asked(row).second_group for _, row in CONTRASTS} == {1, 2}


def test_an_effect_less_itself_is_nothing():
    same = Contrast("x1 -> x4 -> x7", "x1 -> x4 -> x7")
    found = frame("effects_groups", same, interval="monte_carlo").iloc[0]
    assert found[["est", "se", "ci_lower", "ci_upper"]].eq(0).all()
    assert found[["z", "pvalue"]].isna().all()


def test_monte_carlo_limits_turn_with_the_sign():
    there = Contrast("z1 -> a1 -> y3", "z1 -> b1 -> y3")
    back = Contrast("z1 -> b1 -> y3", "z1 -> a1 -> y3")
    found = frame("effects_serial_observed", there, back, interval="monte_carlo")
    assert found["ci_lower"][0] == pytest.approx(-found["ci_upper"][1])
    assert found["ci_lower"][0] < found["est"][0] < found["ci_upper"][0]


def test_a_direct_effect_may_be_compared():
    solution = fitted("effects_serial_observed").solution
    effects = effects_frame(solution).set_index(["kind", "effect"])["est"]
    found = frame("effects_serial_observed", Contrast("z1 -> y3", "z1->a1->y3"))
    assert found["est"].item() == pytest.approx(
        effects["direct", "z1 -> y3"] - effects["indirect", "z1 -> a1 -> y3"]
    )


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("z1 -> trust -> y3", "'trust' in the effect"),
        ("y3 -> a1", "needs a path from y3 to a1"),
        ("z1 -> b1 -> a1", "needs a path from b1 to a1"),
        ("z1", "is no effect"),
        ("", "'' in the effect"),
        ("z1 ->", "'' in the effect"),
    ],
)
def test_no_such_effect(first, words):
    with pytest.raises(KocsemError, match=words):
        frame("effects_serial_observed", Contrast(first, "z1 -> y3"))


def test_no_such_group():
    with pytest.raises(KocsemError, match="numbered from 1 to 2"):
        frame("effects_groups", Contrast("x1 -> x4", "x1 -> x4", 1, 3))


def test_no_contrast():
    with pytest.raises(KocsemError, match="at least one"):
        frame("effects_groups")


def test_chains_in_a_loop():
    with pytest.raises(UnsupportedError, match="infinite sum"):
        frame("effects_loop", Contrast("z1 -> y1 -> y2", "z1 -> y1"))
    found = frame("effects_loop", Contrast("z1 -> y1", "z2 -> y1"))
    assert found["se"].item() > 0


def test_a_level_that_is_none():
    with pytest.raises(KocsemError, match="level"):
        frame("effects_groups", Contrast("x1 -> x4", "x2 -> x4"), level=2)
