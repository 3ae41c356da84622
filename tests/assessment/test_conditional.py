"""Which path is meant, and at which values: defaults and bad input."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.assessment.conditional import ModeratedPaths, find_focus
from kocsem.assessment.moderation import moderation
from kocsem.assessment.simple_slopes import simple_slopes
from kocsem.errors import KocsemError
from moderation_cases import answers, made, reference


def test_both_values_of_a_binary_moderator():
    got = simple_slopes(made("observed_centred"))
    assert got["value"].tolist() == [0, 1]
    assert got["level"].tolist() == ["", ""]


def test_values_of_a_latent_moderator_are_those_of_its_implied_distribution():
    got = simple_slopes(made("matched_double"))
    held = reference("matched_double")["lv"]
    sd = held["cov"][held["names"].index("OC")]["OC"] ** 0.5
    assert_allclose(got["value"], [-sd, 0, sd], rtol=1e-6, atol=1e-12)


def test_slopes_are_taken_from_the_centre_of_the_product():
    # rows with holes have a part in the centre, and none in the mean
    data = answers().copy()
    data.loc[:20, "y"] = np.nan
    model = moderation("y ~ w + TR1 + w:TR1", data, centring="mean")
    raw = moderation("y ~ w + TR1 + w:TR1", data, centring="none")
    columns = ["value", "est", "se"]
    assert_allclose(
        simple_slopes(model)[columns], simple_slopes(raw)[columns], rtol=1e-6
    )
    paths = ModeratedPaths(model)
    assert paths.centre("w") == pytest.approx(data["w"].mean())
    assert paths.mean("w") == pytest.approx(data["w"][21:].mean())


@pytest.mark.parametrize(
    ("case", "wanted", "found"),
    [
        ("matched_double", (None, None, None), ("PI", "TR", "OC")),
        ("matched_double", (None, "OC", None), ("PI", "OC", "TR")),
        ("matched_double", (None, None, "TR"), ("PI", "OC", "TR")),
        ("both_stages", ("TR", None, None), ("TR", "CA", "OC")),
        ("both_stages", (None, "TR", None), ("PI", "TR", "OC")),
        ("three_way", (None, "CA", "TR"), ("PI", "CA", "TR")),
    ],
)
def test_what_a_model_leaves_no_choice_of_may_be_left_out(case, wanted, found):
    focus = find_focus(ModeratedPaths(made(case)), *wanted)
    assert (focus.outcome, focus.predictor, focus.moderator) == found


@pytest.mark.parametrize(
    ("case", "arguments", "message"),
    [
        ("three_way", {}, "Several paths are moderated"),
        ("three_way", {"predictor": "TR"}, "moderator='OC'; .*moderator='CA'"),
        ("both_stages", {}, "outcome='TR'.*outcome='PI'"),
        ("matched_double", {"outcome": "TR"}, "No such path.*outcome='PI', predictor"),
        ("matched_double", {"predictor": "CA"}, "No such path is moderated"),
        ("matched_double", {"moderator": "TR.OC"}, "No such path is moderated"),
        ("matched_double", {"predictor": "TR", "moderator": "TR"}, "No such path"),
        ("matched_double", {"values": []}, "values= is empty"),
        ("matched_double", {"values": ["high"]}, "values= must hold numbers, not 'h"),
        ("matched_double", {"values": [np.nan]}, "must hold numbers, not nan"),
        ("matched_double", {"values": [True]}, "must hold numbers, not True"),
        ("matched_double", {"at": {"OC": 1}}, "'OC', which is no further moderator"),
        ("matched_double", {"at": {"CA": 1}}, "'CA', which is no further moderator"),
        (
            "three_way",
            {"predictor": "TR", "moderator": "OC", "at": {"CA": "x"}},
            "at= must hold numbers, not 'x'",
        ),
    ],
)
def test_what_cannot_be_answered(case, arguments, message):
    with pytest.raises(KocsemError, match=message):
        simple_slopes(made(case), **arguments)
