"""Rules that hold for every test: one BLAS thread, no touching of global randomness."""

import os
import sys
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is first imported
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parent))  # for tolerances and the helpers

import numpy as np
import pytest

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def untouched_random_state():
    """Fail a test that draws from, or seeds, numpy's global generator."""
    before = np.random.get_state()  # noqa: NPY002 - the global state is the subject
    yield
    after = np.random.get_state()  # noqa: NPY002
    same = before[0] == after[0] and before[2:] == after[2:]
    if not (same and np.array_equal(before[1], after[1])):
        np.random.set_state(before)  # noqa: NPY002
        pytest.fail("The global random state of numpy was touched; pass a Generator.")


@pytest.fixture(scope="session")
def shared_data():
    """Folder of the published data sets that are not part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the published data sets are not beside the project")
    return SHARED_DATA
