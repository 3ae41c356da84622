"""Time the bootstrap of the core model beside lavaan and semopy: ML, WLSMV, FIML.

The model: 20 items, 5 factors, two structural equations, n = 500. kocsem makes all
draws and the limits of all parameters on two threads, for ML those of BCa with their
jackknife. lavaan and semopy make fewer draws and no limits, and their time is scaled
up: lavaan draws in one process, its default, and on two; semopy fits one resample after
the other. Each is timed inside its own process by the clock on the wall, after the
model was fitted; medians of all rounds are printed. Compilation, once a machine, is
timed apart.
Run: python benchmarks/bootstrap.py [--rounds 3] [--write]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from timing import ONE_THREAD, machine, once

os.environ.update(ONE_THREAD)

import koc_core
import numpy as np
import semopy
from page import table, write

import kocsem

WORKERS = 2
SEMOPY_DRAWS = 20
SCRIPT = Path(__file__).with_suffix(".R")
FIRST = "--first"


@dataclass(frozen=True)
class Case:
    """One bootstrap to time.

    Attributes
    ----------
    title, estimator : str
        Its name in print, and in `koc_core.ESTIMATORS`.
    draws, lavaan_draws : int
        How many kocsem and lavaan make.
    options : mapping
        What `Fit.bootstrap` is asked.
    bar : float or None
        How many times faster than lavaan in one process kocsem is meant to be.
    """

    title: str
    estimator: str
    draws: int
    lavaan_draws: int
    options: Mapping[str, object]
    bar: float | None


PERCENTILE = {"interval": "percentile"}
CASES = (
    Case("ML, BCa limits", "ML", 5000, 200, {"interval": "bca"}, 100),
    Case("WLSMV, percentile limits", "WLSMV", 1000, 20, PERCENTILE, 20),
    Case("FIML, percentile limits", "FIML", 1000, 20, PERCENTILE, None),
)


def in_kocsem(case: Case) -> float:
    """Time kocsem, after a few draws that are not counted."""
    prepare, options = koc_core.ESTIMATORS[case.estimator]
    fit = kocsem.sem(koc_core.model(), prepare(koc_core.answers()), **options)
    _ = fit.bootstrap(50, workers=WORKERS, interval="percentile").parameters

    def job() -> None:
        made = fit.bootstrap(case.draws, workers=WORKERS, **case.options)
        assert np.isfinite(made.parameters["ci_lower"]).all()

    return once(job).wall


def in_lavaan(case: Case) -> dict[str, float]:
    """Time lavaan in a process of its own; by the version and number of processes."""
    prepare, _ = koc_core.ESTIMATORS[case.estimator]
    data = prepare(koc_core.answers())
    with tempfile.TemporaryDirectory() as folder:
        data.to_csv(Path(folder) / "data.csv", index=False, na_rep="NA")
        (Path(folder) / "model.txt").write_text(koc_core.model() + "\n")
        command = ["Rscript", str(SCRIPT), folder, case.estimator.lower()]
        command += [str(case.lavaan_draws)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    program, *times = done.stdout.splitlines()
    scale = case.draws / case.lavaan_draws
    ways = (f"{program.strip()}, one process", f"{program.strip()}, two")
    return {way: float(time) * scale for way, time in zip(ways, times, strict=True)}


def in_semopy(case: Case) -> float:
    """Time semopy on resamples, one after the other."""
    data, rng = koc_core.answers(), np.random.default_rng(1)
    model = semopy.Model(koc_core.model())
    model.fit(data)

    def job() -> None:
        for _ in range(SEMOPY_DRAWS):
            rows = rng.integers(len(data), size=len(data))
            model.fit(data.iloc[rows], options={"ftol": 1e-13})

    return once(job).wall * case.draws / SEMOPY_DRAWS


def timed(case: Case, rounds: int, *, lavaan: bool) -> dict[str, list[float]]:
    """Time one case in all programs, round after round, kocsem before and after R."""
    own = f"kocsem {kocsem.__version__}"
    found: dict[str, list[float]] = {own: []}
    for _ in range(rounds):
        found[own].append(in_kocsem(case))
        if lavaan:
            for program, seconds in in_lavaan(case).items():
                found.setdefault(program, []).append(seconds)
            found[own].append(in_kocsem(case))
    if case.estimator == "ML":
        found[f"semopy {semopy.__version__}"] = [in_semopy(case)]
    return found


def lines(case: Case, found: Mapping[str, list[float]]) -> list[list[str]]:
    """Lay out one case: kocsem first, the others with their ratio to it."""
    (_, own), *_ = found.items()
    made = {"kocsem": case.draws, "lavaan": case.lavaan_draws, "semopy": SEMOPY_DRAWS}
    rows = []
    for program, seconds in found.items():
        first = seconds is own
        barred = case.bar and program.endswith("one process")
        rows.append(
            [
                f"{case.title}, {case.draws:,} draws" if first else "",
                program,
                f"{made[program.split()[0]]:,}",
                f"{median(seconds):,.2f}",
                "" if first else f"{median(seconds) / median(own):,.0f}",
                f"{case.bar:g}" if barred else "",
            ]
        )
    return rows


def first_draws() -> None:
    """Fit, and print how long the first draws take."""
    fit = kocsem.sem(koc_core.model(), koc_core.answers())
    print(once(lambda: fit.bootstrap(50, interval="percentile")).wall)


def compilation() -> str:
    """Time the first draws in new processes: compiled anew, and from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NUMBA_CACHE_DIR": folder}
        command = [sys.executable, __file__, FIRST]
        new, kept = (
            float(subprocess.check_output(command, text=True, env=environment))
            for _ in range(2)
        )
    return (
        f"The first draws of complete answers on a machine take {new:.0f} s, in which "
        f"they are compiled; in a later process {kept:.1f} s, in which the compiled "
        "code is loaded."
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="to docs/performance.md")
    parser.add_argument(FIRST, action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    if chosen.first:
        first_draws()
        return
    lavaan = shutil.which("Rscript") is not None
    rows = []
    for case in CASES:
        rows += lines(case, timed(case, chosen.rounds, lavaan=lavaan))
    head = ["", "program", "draws made", "seconds", "ratio", "bar"]
    text = f"{machine()}.\n\n{table(head, rows)}\n\n{compilation()}"
    print(text)
    if not lavaan:
        print("lavaan was not timed: Rscript is not installed.")
    if chosen.write:
        write("bootstrap", text)


if __name__ == "__main__":
    main()
