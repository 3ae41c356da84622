"""Time the bootstrap of the core model in kocsem and, where installed, its neighbours.

The model: 20 items, 5 factors, two structural equations, n = 500. kocsem makes 5,000
draws, the jackknife and BCa limits of all parameters on two threads. lavaan makes fewer
draws, in one process (it leaves a core of every machine alone, so that there is no
second one here), and its time is scaled up to 5,000; so is that of semopy, which fits
one resample after the other. All are timed in one run, each inside its own process, the
median of the runs; compilation is timed apart.
Run: python benchmarks/bootstrap.py [--runs 5]
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import semopy

from kocsem.core.batched import Bootstrap, Jackknife, MaximumLikelihood
from kocsem.core.intervals import acceleration, bca_interval, jackknife_deviations
from kocsem.core.optimise import AffineSpace, minimise
from kocsem.core.packed import SampleCells
from kocsem.core.replicates import replicate
from kocsem.core.resampling import Units, case_units
from kocsem.core.samples import gather_cases
from kocsem.core.structure import Matrix
from kocsem.instrument.load import load_instrument
from kocsem.model.build import TableOptions, build_table
from kocsem.model.from_instrument import measurement_text
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model

DRAWS, LAVAAN_DRAWS, SEMOPY_DRAWS, THREADS = 5000, 200, 20, 2
MEASUREMENT = measurement_text(load_instrument("koc_core"), include=["PI4"])
MODEL = MEASUREMENT + "\nTR ~ CA + IQ + AL\nPI ~ TR + CA + IQ"

LAVAAN = """
suppressMessages(library(lavaan))
data <- read.csv(commandArgs(TRUE)[1])
model <- paste(readLines(commandArgs(TRUE)[2]), collapse = "\\n")
draws <- as.integer(commandArgs(TRUE)[3])
runs <- as.integer(commandArgs(TRUE)[4])
once <- function() {
  start <- proc.time()[["elapsed"]]
  suppressWarnings(sem(model, data, se = "bootstrap", bootstrap = draws))
  proc.time()[["elapsed"]] - start
}
seconds <- median(sapply(1:runs, function(run) once()))
cat(as.character(packageVersion("lavaan")), seconds)
"""

FIRST_CALL = """
import time
from bootstrap import fitted, make_data
from kocsem.core.batched import Bootstrap
model, units = fitted(make_data())
start = time.perf_counter()
Bootstrap(model, units, seed=1)(range(1))
print(time.perf_counter() - start)
"""


def make_data(n: int = 500) -> pd.DataFrame:
    """Draw multivariate normal items of five correlated factors."""
    rng = np.random.default_rng(20251212)
    names = build_table(parse_model(MODEL), TableOptions()).variables.observed
    Lambda = np.kron(np.eye(5), np.array([[0.80], [0.75], [0.70], [0.85]]))
    Phi = np.full((5, 5), 0.4) + 0.6 * np.eye(5)
    Sigma = Lambda @ Phi @ Lambda.T
    Sigma += np.diag(1 - np.diag(Sigma))
    items = rng.multivariate_normal(np.zeros(20), Sigma, n)
    return pd.DataFrame(items, columns=list(names))


def fitted(data: pd.DataFrame) -> tuple[MaximumLikelihood, Units]:
    """Fit the full sample."""
    table = build_table(parse_model(MODEL), TableOptions())
    structure = lay_out(table, {}).structure
    cases = gather_cases(groups=[data[list(table.variables.observed)].to_numpy()])
    loading = structure.matrix == Matrix.LAMBDA
    model = MaximumLikelihood(
        structures=(structure,),
        cells=(SampleCells(*np.zeros((5, 0), dtype=np.intp)),),
        space=AffineSpace(K=np.eye(structure.k), offset=np.zeros(structure.k)),
        starts=(np.where(loading, 1.0, np.where(structure.diagonal, 0.5, 0.0)),),
        cases=cases,
    )
    optimum = minimise(
        problem=model.problem(cases.moments.of(0)),
        start=model.starts[0],
        space=model.space,
    )
    assert optimum is not None
    assert optimum.converged
    units = case_units(sizes=cases.sizes)
    return replace(model, starts=(optimum.point.x,)), units


def bootstrap(data: pd.DataFrame) -> None:
    """Fit, draw, leave out and find the limits of all parameters."""
    model, units = fitted(data)
    with ThreadPoolExecutor(THREADS) as pool:
        drawn = replicate(
            block=Bootstrap(model, units, seed=1), count=DRAWS, run=pool.map
        )
        out = replicate(block=Jackknife(model, units), count=units.size, run=pool.map)
    assert drawn.converged.all()
    assert out.converged.all()
    deviations = jackknife_deviations(left_out=out.x, strata=units.stratum)
    bca_interval(
        replicates=drawn.x,
        estimate=model.starts[0],
        acceleration=acceleration(deviations=deviations),
        level=0.95,
    )


def bootstrap_semopy(data: pd.DataFrame) -> None:
    """Fit some resamples."""
    rng = np.random.default_rng(1)
    model = semopy.Model(MODEL)
    for _ in range(SEMOPY_DRAWS):
        rows = rng.integers(len(data), size=len(data))
        model.fit(data.iloc[rows], options={"ftol": 1e-13})


def median_seconds(job: Callable[[], None], runs: int) -> float:
    """Return the median duration of a job, after one warm-up."""
    job()
    durations = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def time_lavaan(data: pd.DataFrame, runs: int) -> tuple[str, float] | None:
    """Return lavaan's version and seconds for its draws."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("data.csv", "model.txt", "time.R")]
        data.to_csv(paths[0], index=False)
        paths[1].write_text(MODEL + "\n")
        paths[2].write_text(LAVAAN)
        command = ["Rscript", *(str(paths[i]) for i in (2, 0, 1))]
        command += [str(LAVAAN_DRAWS), str(runs)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None
    version, seconds = done.stdout.split()
    return version, float(seconds)


def first_call() -> tuple[float, float]:
    """Return seconds of a first draw: compiled anew, and loaded from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NUMBA_CACHE_DIR": folder}
        durations = [
            float(
                subprocess.run(
                    [sys.executable, "-c", FIRST_CALL],
                    capture_output=True,
                    text=True,
                    check=True,
                    cwd=Path(__file__).parent,
                    env=environment,
                ).stdout
            )
            for _ in range(2)
        ]
    return durations[0], durations[1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    data = make_data()
    warnings.simplefilter("ignore")
    own = median_seconds(lambda: bootstrap(data), runs)
    scale = DRAWS / SEMOPY_DRAWS
    rows = [("kocsem, BCa limits, 2 threads", own, DRAWS)]
    lavaan = time_lavaan(data, runs)
    if lavaan:
        version, seconds = lavaan
        scaled = seconds * DRAWS / LAVAAN_DRAWS
        rows.append((f"lavaan {version}", scaled, LAVAAN_DRAWS))
    else:
        print("lavaan was not timed: Rscript with the package lavaan is not installed.")
    other = median_seconds(lambda: bootstrap_semopy(data), max(runs // 2, 1)) * scale
    rows.append((f"semopy {semopy.__version__}, one by one", other, SEMOPY_DRAWS))
    print(f"{'5,000 draws of 20 items, 5 factors, n = 500':<46}{'s':>8}{'ratio':>8}")
    for name, seconds, made in rows:
        note = "" if made == DRAWS else f"   scaled up from {made} draws"
        print(f"{name:<46}{seconds:>8.2f}{seconds / own:>8.0f}{note}")
    compiled, loaded = first_call()
    print(
        f"first draw: {compiled:.1f} s to compile, once a machine; "
        f"{loaded:.2f} s to load what was compiled"
    )


if __name__ == "__main__":
    main()
