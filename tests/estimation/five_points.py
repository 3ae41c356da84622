"""Answers on five points, and a call of each kind, that several tests share."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

import kocsem
from kocsem.errors import KocsemError

MODEL = "TR =~ t1 + t2 + t3\nCA =~ c1 + c2 + c3\nTR ~ CA"
ITEMS = ["t1", "t2", "t3", "c1", "c2", "c3"]


@cache
def _answers(n, seed):
    rng = np.random.default_rng(seed)
    ca = rng.normal(size=n)
    tr = 0.5 * ca + rng.normal(size=n)
    frame = {}
    for letter, factor in (("t", tr), ("c", ca)):
        for i in (1, 2, 3):
            score = 3 + 0.7 * factor + 0.6 * rng.normal(size=n)
            frame[f"{letter}{i}"] = np.clip(np.round(score), 1, 5)
    frame["age"] = rng.integers(18, 40, size=n).astype(float)
    frame["sex"] = rng.choice(["m", "f"], size=n)
    frame["koc"] = rng.integers(0, 30, size=n)
    frame["w"] = rng.uniform(0.5, 2.0, size=n)
    return pd.DataFrame(frame)


def answers(n=300, seed=12):
    """Return answers of n respondents, with group, cluster and weight."""
    return _answers(n, seed).copy()


def holed(share=0.08, n=300, seed=3):
    """Return the same with items left out at random, never all of them."""
    data, rng = answers(n), np.random.default_rng(seed)
    holes = rng.random((n, len(ITEMS))) < share
    holes[holes.all(axis=1)] = False
    data[ITEMS] = data[ITEMS].mask(holes)
    return data


#: A call of each kind: whether the data have holes, and the options.
CALLS = {
    "ML": (False, {}),
    "MLR": (False, {"estimator": "MLR"}),
    "MLM": (False, {"estimator": "MLM"}),
    "MLMV": (False, {"estimator": "MLMV"}),
    "GLS": (False, {"estimator": "GLS"}),
    "ULS": (False, {"estimator": "ULS"}),
    "FIML": (True, {"missing": "fiml"}),
    "FIML MLR": (True, {"missing": "fiml", "estimator": "MLR"}),
    "clusters": (False, {"cluster": "koc"}),
    "weights": (False, {"sampling_weights": "w"}),
    "WLSMV": (False, {"ordered": ITEMS}),
    "WLSM": (False, {"ordered": ITEMS, "estimator": "WLSM"}),
    "DWLS": (False, {"ordered": ITEMS, "estimator": "DWLS"}),
    "ULSMV": (False, {"ordered": ITEMS, "estimator": "ULSMV"}),
    "ULSM": (False, {"ordered": ITEMS, "estimator": "ULSM"}),
    "mixed": (False, {"ordered": ITEMS[:3]}),
    "pairwise": (True, {"ordered": ITEMS, "missing": "pairwise"}),
}


def called(name, model=MODEL, data=None, **options):
    """Fit by one of the calls, to the answers that belong to it or to others."""
    holes, own = CALLS[name]
    if data is None:
        data = holed() if holes else answers()
    return kocsem.sem(model, data, **(own | options))


def refused(error, words, *call, **options):
    """Make a call, and check the class and the content of its error."""
    with pytest.raises(KocsemError) as caught:
        kocsem.sem(*call, **options)
    assert type(caught.value) is error, repr(caught.value)
    for word in words:
        assert word in str(caught.value)
