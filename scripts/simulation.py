"""Simulate the KOC core model with known truth: docs/simulation.csv and its tables.

In: a number of replications for each sample size. Out: the frame of all results, and
the tables between the markers of docs/simulation.md and docs/methods.md, which are made
from that frame alone. A replication depends on the seed, the sample size and its own
number, so that neither workers nor the number of replications change it.
Run: python scripts/simulation.py [--replications 500] [--workers 2] [--tables-only]
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported

import pandas as pd
from joblib import Parallel, delayed  # type: ignore[import-untyped] # no stubs
from known_truth.analyses import replication
from known_truth.report import ALONE, IN_METHODS, write_tables
from known_truth.summary import summarise

SIZES = (150, 300, 600)
DOCS = Path(__file__).resolve().parents[1] / "docs"
RESULTS = DOCS / "simulation.csv"
PAGES = {DOCS / "simulation.md": ALONE, DOCS / "methods.md": IN_METHODS}


def simulate(sizes: Sequence[int], replications: int, workers: int) -> pd.DataFrame:
    """Run all replications and summarise them, one sample size after the other."""
    run = Parallel(n_jobs=workers)
    frames = [
        summarise(n, run(delayed(replication)(n, i) for i in range(replications)))
        for n in sizes
    ]
    return pd.concat(frames, ignore_index=True)


def main() -> None:
    """Simulate, and write the results and their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=500)
    parser.add_argument("--workers", type=int, default=-1)
    parser.add_argument("--tables-only", action="store_true")
    given = parser.parse_args()
    if not given.tables_only:
        found = simulate(SIZES, given.replications, given.workers)
        found.to_csv(RESULTS, index=False, float_format="%.4g", lineterminator="\n")
    write_tables(RESULTS, PAGES)


if __name__ == "__main__":
    main()
