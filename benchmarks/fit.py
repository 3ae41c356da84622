"""Time one ML fit in kocsem, semopy and, where R is installed, lavaan.

The model: 20 items, 5 factors, two structural equations, n = 500. Each program is given
the same data and model text in memory, does the fit with standard errors, the test and
its fit indices, and is timed inside its own process; the median of the runs is printed
with the ratio to kocsem. kocsem keeps the parameter table of a text it has seen.
Run: python benchmarks/fit.py [--runs 50]
"""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import semopy

import kocsem

LETTERS = "abcde"
MODEL = "\n".join(
    [f"{c.upper()} =~ " + " + ".join(f"{c}{i}" for i in range(1, 5)) for c in LETTERS]
    + ["D ~ A + B + C", "E ~ D + A"]
)

LAVAAN = """
suppressMessages(library(lavaan))
data <- read.csv(commandArgs(TRUE)[1])
model <- paste(readLines(commandArgs(TRUE)[2]), collapse = "\\n")
runs <- as.integer(commandArgs(TRUE)[3])
invisible(fitMeasures(sem(model, data)))
now <- function() proc.time()[["elapsed"]]
once <- function(job) { start <- now(); job(); now() - start }
only <- replicate(runs, once(function() sem(model, data)))
full <- replicate(runs, once(function() fitMeasures(sem(model, data))))
cat(as.character(packageVersion("lavaan")), mean(only), mean(full), "\\n")
"""


def make_data(n: int = 500) -> pd.DataFrame:
    """Draw multivariate normal items of five correlated factors."""
    rng = np.random.default_rng(20251212)
    Lambda = np.kron(np.eye(5), np.array([[0.80], [0.75], [0.70], [0.85]]))
    Phi = np.full((5, 5), 0.4) + 0.6 * np.eye(5)
    Sigma = Lambda @ Phi @ Lambda.T
    Sigma += np.diag(1 - np.diag(Sigma))
    names = [f"{c}{i}" for c in LETTERS for i in range(1, 5)]
    return pd.DataFrame(rng.multivariate_normal(np.zeros(20), Sigma, n), columns=names)


def fit_kocsem(data: pd.DataFrame) -> None:
    """Fit with standard errors, test and all indices."""
    fit = kocsem.sem(MODEL, data)
    _ = fit.solution.vcov, fit.fit_measures


def fit_semopy(data: pd.DataFrame) -> None:
    """Fit with standard errors and semopy's indices, at a tolerance that converges."""
    model = semopy.Model(MODEL)
    model.fit(data, options={"ftol": 1e-13})
    model.inspect()
    semopy.calc_stats(model)


def median_ms(job: Callable[[], None], runs: int) -> float:
    """Return the median duration of a job in milliseconds, after one warm-up."""
    job()
    durations = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations) * 1e3


def time_lavaan(data: pd.DataFrame, runs: int) -> tuple[str, float, float] | None:
    """Return lavaan's version and mean milliseconds without and with fit measures."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("data.csv", "model.txt", "time.R")]
        data.to_csv(paths[0], index=False)
        paths[1].write_text(MODEL + "\n")
        paths[2].write_text(LAVAAN)
        command = ["Rscript", str(paths[2]), str(paths[0]), str(paths[1]), str(runs)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None
    version, only, full = done.stdout.split()
    return version, float(only) * 1e3, float(full) * 1e3


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    runs = parser.parse_args().runs
    data = make_data()
    warnings.simplefilter("ignore")
    own = median_ms(lambda: fit_kocsem(data), runs)
    other = median_ms(lambda: fit_semopy(data), max(runs // 5, 3))
    rows = [("kocsem", own), (f"semopy {semopy.__version__}", other)]
    lavaan = time_lavaan(data, runs)
    if lavaan:
        version, only, full = lavaan
        rows += [
            (f"lavaan {version}, sem()", only),
            (f"lavaan {version}, sem() and fitMeasures()", full),
        ]
    else:
        print("lavaan was not timed: Rscript with the package lavaan is not installed.")
    print(f"{'20 items, 5 factors, n = 500':<46}{'ms':>8}{'ratio':>8}")
    for name, duration in rows:
        print(f"{name:<46}{duration:>8.2f}{duration / own:>8.1f}")


if __name__ == "__main__":
    main()
