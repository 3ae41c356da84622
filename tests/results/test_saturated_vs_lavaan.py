"""Scaled and robust measures of saturated models: reference/saturated.R."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from reference.lavaan import HERE, reference
from tolerances import INDEX_ATOL, NONCENTRALITY_ATOL, ROBUST_RTOL

CASES = reference("saturated")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore::kocsem.errors.KocsemWarning")
def test_scaled_and_robust_measures(name):
    options = dict(CASES[name]["given"])
    data = pd.read_csv(HERE / "data" / f"{options.pop('data')}.csv")
    found = kocsem.sem(options.pop("model"), data, **options).fit_measures
    compared = 0
    for key, value in CASES[name]["measures"].items():
        # with holes lavaan's CFI is rounding over rounding, or NA
        exists = value is not None or "fiml" not in name
        if exists and ("scal" in key or "robust" in key):
            assert_allclose(
                found[key.replace(".", "_")],
                np.nan if value is None else value,
                rtol=ROBUST_RTOL,
                atol=NONCENTRALITY_ATOL if "ci" in key else INDEX_ATOL,
                err_msg=key,
            )
            compared += 1
    assert compared
