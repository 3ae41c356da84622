"""What a study sets, over what the instrument says, over the defaults."""

from dataclasses import fields

import pytest
from pydantic import ValidationError

from kocsem.data.screening.order import QUALITY
from kocsem.data.screening.settings import ScreeningRules, resolve_rules
from kocsem.instrument.types import Quality
from screening_cases import survey

ITEMS = {"A": ["a1", "a2"]}


def in_force(key, study, instrument):
    given = survey(ITEMS, quality=instrument)
    return getattr(resolve_rules(ScreeningRules(**study), given).quality, key)


@pytest.mark.parametrize(
    ("key", "default", "other"),
    [
        *(
            (key, "drop", "flag")
            for key in ("instructed", "infrequency", "speed", "straightlining")
        ),
        *((key, "drop", "keep") for key in ("longstring", "duplicates", "missing")),
        *((key, "flag", "drop") for key in ("irv", "contradictions", "mahalanobis")),
        ("same_answers", "flag", "drop"),
        ("same_origin", "flag", "keep"),
        ("min_seconds_per_item", 2.0, 1.5),
        ("max_same_share", 0.95, 0.9),
        ("max_longstring", None, 8),
        ("min_irv", None, 0.5),
        ("missing_share", 0.2, 0.4),
        ("contradiction_points", None, 2),
        ("mahalanobis_p", 0.001, 0.01),
    ],
)
def test_study_over_instrument_over_default(key, default, other):
    assert in_force(key, {}, {}) == default
    assert in_force(key, {}, {key: other}) == other
    assert in_force(key, {key: other}, {}) == other


def test_every_limit_of_the_instrument_is_a_key_of_a_study():
    keys = {field.name for field in fields(ScreeningRules)}
    own = {"consent", "screeners", "attention", "sensitivity"}
    assert keys == own | {field.name for field in fields(Quality)}


@pytest.mark.parametrize(
    ("rules", "off"),
    [
        ({}, {"longstring", "irv"}),
        ({"max_longstring": 8, "min_irv": 0.4}, set()),
        ({"min_seconds_per_item": 0}, {"speed", "longstring", "irv"}),
        (
            {"duplicates": "keep"},
            {"longstring", "irv", "duplicate", "same_answers", "same_origin"},
        ),
        ({"mahalanobis": "keep"}, {"longstring", "irv", "mahalanobis"}),
    ],
)
def test_a_rule_without_a_limit_is_off(rules, off):
    applied = resolve_rules(ScreeningRules(**rules), survey(ITEMS))
    assert {r.reason for r in QUALITY if r.handling(applied) == "keep"} == off


@pytest.mark.parametrize(
    "rules",
    [
        {"irv": "remove"},
        {"min_irv": 0},
        {"max_longstring": 1},
        {"contradiction_points": 0},
        {"mahalanobis_p": 0},
        {"mahalanobis_p": 1},
        {"same_origin": "drop"},
        {"max_same_share": 0},
    ],
)
def test_values_without_sense_are_refused(rules):
    with pytest.raises(ValidationError):
        ScreeningRules(**rules)
    with pytest.raises(ValidationError):
        Quality(**rules)


def test_every_rule_says_its_limit_in_both_languages():
    rules = ScreeningRules(max_longstring=8, min_irv=0.4, mahalanobis_p=0.01)
    applied = resolve_rules(rules, survey(ITEMS))
    said = {rule.reason: rule.limit(applied) for rule in QUALITY}
    assert all(text.zh != text.en for text in said.values())
    assert said["longstring"].en == "over 8 same answers in a row"
    assert said["irv"].zh == "个体内标准差小于0.4"
    assert said["mahalanobis"].en == "p of D² under 0.01"
    assert said["straightlining"].zh == "同一答案超过95%"
