"""Measure the peak memory of one fit to a million rows of 20 items.

Each fit runs in a process of its own, with standard errors and all fit indices, after a
small fit that loads what is needed. Two peaks are given, both on top of what the
process held before, the data among it: what Python and numpy asked for (tracemalloc),
and what the system says was resident (getrusage); in multiples of the data, rows x 20 x
8 bytes. Fails when ML or MLR takes three times the data or more.
Run: python benchmarks/memory.py [--write]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tracemalloc
import warnings
from pathlib import Path

from timing import ONE_THREAD, machine

os.environ.update(ONE_THREAD)

import koc_core
from page import table, write

import kocsem

ITEMS = 20
ROWS = 1_000_000
BOUND = {"ML": 3.0, "MLR": 3.0}  # peak over the data
MEGABYTE = 2**20


def resident() -> float:
    """Return the peak of resident memory so far, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def fit(estimator: str, *, traced: bool) -> dict[str, float]:
    """Fit and return the size of the data and the peak on top of them, in bytes."""
    prepare, options = koc_core.ESTIMATORS[estimator]
    small, data = (prepare(koc_core.answers(n, ITEMS)) for n in (500, ROWS))
    for answers in (small, data):
        before = resident()
        if traced and answers is data:
            tracemalloc.start()
        found = kocsem.sem(koc_core.model(ITEMS), answers, **options)
        _ = found.vcov, found.fit_measures
    peak = tracemalloc.get_traced_memory()[1] if traced else resident() - before
    return {"peak": float(peak), "data": float(data.to_numpy().nbytes)}


def apart(estimator: str, how: str) -> dict[str, float]:
    """Fit in a process of its own."""
    command = [sys.executable, str(Path(__file__)), "--one", estimator, how]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Print the table; fail where a peak is too high."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="to docs/performance.md")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    if chosen.one:
        estimator, how = chosen.one
        print(json.dumps(fit(estimator, traced=how == "tracemalloc")))
        return
    rows, failed = [], []
    for estimator in koc_core.ESTIMATORS:
        for how in ("tracemalloc", "resident"):
            found = apart(estimator, how)
            ratio = found["peak"] / found["data"]
            sizes = [f"{found[key] / MEGABYTE:,.0f}" for key in ("data", "peak")]
            rows.append([f"{estimator}, {how}", f"{ROWS:,}", *sizes, f"{ratio:.2f}"])
            if ratio >= BOUND.get(estimator, float("inf")):
                failed.append(f"{estimator} took {ratio:.2f} times its data ({how}).")
    head = ["peak on top of the data", "rows", "data MB", "peak MB", "peak / data"]
    text = f"{machine()}.\n\n{table(head, rows)}"
    print(text)
    if chosen.write:
        write("memory", text)
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
