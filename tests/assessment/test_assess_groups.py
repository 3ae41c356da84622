"""The assessment of one group of a fit in several groups."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import kocsem
from kocsem.errors import UnsupportedError
from sem_cases import holzinger

MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"


@pytest.fixture(scope="module")
def fit():
    return kocsem.cfa(MODEL, holzinger(), group="school")


@pytest.mark.parametrize("label", ["Pasteur", "Grant-White"])
def test_a_group_is_assessed_as_if_it_were_alone(fit, label):
    # with nothing held equal the groups are fitted apart
    data = holzinger()
    alone = kocsem.cfa(MODEL, data[data["school"] == label], meanstructure=True)
    ours, theirs = kocsem.assess(fit, group=label), kocsem.assess(alone)
    for part in ("constructs", "correlations", "htmt", "loadings"):
        first, second = getattr(ours, part), getattr(theirs, part)
        assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second), rtol=1e-6)


@pytest.mark.parametrize("label", [None, "Lincoln", ""])
def test_a_group_must_be_named(fit, label):
    with pytest.raises(UnsupportedError, match="Pasteur, Grant-White"):
        kocsem.assess(fit, group=label)


def test_there_is_no_group_to_name():
    alone = kocsem.cfa(MODEL, holzinger())
    with pytest.raises(UnsupportedError, match="in one group"):
        kocsem.assess(alone, group="Pasteur")
