"""Records of answers."""

import numpy as np
import pytest

from screening_cases import received


@pytest.mark.parametrize("known", [True, False])
def test_some_of_the_sheets(known):
    times = [9.0, 8.0, 7.0] if known else None
    whole = received([{"a": 1}, {"a": 2}, {"a": 3}], seconds=times, origin=times)
    some = whole.where(np.array([True, False, True]))
    assert some.answers.index.tolist() == [2, 4]
    for part in (some.seconds, some.origin):
        assert (None if part is None else part.tolist()) == (
            [9.0, 7.0] if known else None
        )
    assert whole.where(np.ones(3, dtype=bool)) is whole
    assert some.source == whole.source
