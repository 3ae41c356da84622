"""Reversal uses the defined range and leaves the given frame alone."""

import numpy as np
import pandas as pd

from kocsem.data.score import score_items
from kocsem.instrument.types import Instrument


def test_reversed_items_turn_round_in_the_defined_range(small: Instrument) -> None:
    given = pd.DataFrame({"A1": [1.0, 2.0], "B2": [1.0, np.nan]})
    scored = score_items(given, small)
    assert scored["B2"].tolist()[0] == 3.0  # 3 points, though only 1 was observed
    assert np.isnan(scored["B2"][1])
    assert scored["A1"].tolist() == [1.0, 2.0]
    assert given["B2"][0] == 1.0


def test_an_item_that_was_not_asked_is_no_trouble(small: Instrument) -> None:
    given = pd.DataFrame({"A1": [1.0, 2.0]})
    pd.testing.assert_frame_equal(score_items(given, small), given)
