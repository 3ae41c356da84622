"""HTMT against semTools (htmt2=FALSE, absolute=TRUE) and by hand."""

import numpy as np
import pytest

from kocsem.assessment.validity import htmt


def block(within_first, within_second, between):
    return np.array(
        [
            [1, within_first, between, between],
            [within_first, 1, between, between],
            [between, between, 1, within_second],
            [between, between, within_second, 1],
        ],
        dtype=float,
    )


@pytest.mark.parametrize(
    ("R", "expected"),
    [
        (block(0.5, 0.5, 0.5), 1.0),
        (block(0.9, 0.4, 0.3), 0.5),
        (block(0.5, 0.5, -0.25), 0.5),
        (block(-0.5, 0.5, 0.25), 0.5),
        (block(0.5, 0.5, 0.0), 0.0),
    ],
)
def test_blocks(R, expected):
    assert htmt(R=R, first=[0, 1], second=[2, 3]) == pytest.approx(expected, rel=1e-14)


def test_is_the_same_both_ways():
    rng = np.random.Generator(np.random.PCG64(5))
    R = np.corrcoef(rng.normal(size=(60, 5)) + rng.normal(size=(60, 1)), rowvar=False)
    one = htmt(R=R, first=[0, 1, 2], second=[3, 4])
    assert htmt(R=R, first=[4, 3], second=[2, 0, 1]) == pytest.approx(one, rel=1e-14)
