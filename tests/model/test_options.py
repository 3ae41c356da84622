"""Options: choices by name, flags, and what is not offered."""

import numpy as np
import pandas as pd
import pytest

from kocsem.errors import KocsemError, UnsupportedError
from kocsem.model.options import check_flag, choose, refuse_unoffered

CHOICES = ("ML", "MLR", "WLSMV")


@pytest.mark.parametrize("value", CHOICES)
def test_a_choice_is_returned(value):
    assert choose("estimator", value, CHOICES) == value


@pytest.mark.parametrize(
    ("value", "near"),
    [("MLE", "ML"), ("WLSM", "WLSMV"), ("MLRR", "MLR"), ("WLS", "WLSMV")],
)
def test_a_near_choice_is_proposed(value, near):
    with pytest.raises(UnsupportedError) as caught:
        choose("estimator", value, CHOICES)
    message = str(caught.value)
    assert message.startswith(f"estimator={value!r} is not offered")
    assert "'ML', 'MLR', 'WLSMV'" in message
    assert message.endswith(f"Did you mean {near!r}?")


@pytest.mark.parametrize("value", ["bayes", "", None, 3, True, ("ML",)])
def test_nothing_is_proposed_where_nothing_is_near(value):
    with pytest.raises(UnsupportedError) as caught:
        choose("estimator", value, CHOICES)
    assert f"estimator={value!r} is not offered" in str(caught.value)
    assert "Did you mean" not in str(caught.value)


@pytest.mark.parametrize("value", [True, False])
def test_a_flag(value):
    assert check_flag("std_lv", value) is value


@pytest.mark.parametrize("value", ["yes", "no", "", 0, 1, None, np.True_, [True]])
def test_what_is_no_flag(value):
    with pytest.raises(KocsemError, match="std_lv must be True or False, not"):
        check_flag("std_lv", value)


NEUTRAL = {"bootstrap": None}


def test_neutral_values_pass():
    refuse_unoffered(NEUTRAL)
    refuse_unoffered({})


NOT_OFFERED = {
    "bootstrap": 500,
}


@pytest.mark.parametrize(("name", "value"), NOT_OFFERED.items())
def test_what_is_not_offered_is_named(name, value):
    with pytest.raises(UnsupportedError) as caught:
        refuse_unoffered(NEUTRAL | {name: value})
    message = str(caught.value)
    assert message.startswith(f"{name}={value!r} is not offered")
    assert "fit.bootstrap()" in message


@pytest.mark.parametrize("value", [np.ones(3), pd.Series([1.0, 2.0]), True, 0])
def test_values_of_other_types_are_refused_too(value):
    with pytest.raises(UnsupportedError, match="bootstrap="):
        refuse_unoffered(NEUTRAL | {"bootstrap": value})
