"""Time kocsem beside lavaan and semopy: ML, MLR, WLSMV, FIML, an invariance ladder.

The model is the KOC core model, 20 items and 5 factors, n = 500. Each program is given
the same data and model text in memory and computes estimates, standard errors, tests
and all its fit indices; it is timed inside its own process. kocsem is timed before and
after the others, round after round, so that all of them meet the same load; medians of
all runs are printed, of CPU and of wall-clock time. kocsem keeps the parameter table of
a text it has seen.
Run: python benchmarks/estimators.py [--rounds 5] [--write]
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from timing import ONE_THREAD, Time, machine, median, once

os.environ.update(ONE_THREAD)

import koc_core
import pandas as pd
import semopy
from page import milliseconds, table, write

import kocsem
from kocsem.results.fit import Fit

SCRIPT = Path(__file__).with_suffix(".R")
OWN_RUNS = 20  # of kocsem for one of lavaan, so that both take a similar time
STEPS = ((), ("loadings",), ("loadings", "intercepts"))


@dataclass(frozen=True)
class Case:
    """One thing to time.

    Attributes
    ----------
    key, title : str
        Its name for estimators.R, and in print.
    model : str
        Model text.
    data : DataFrame
        The answers.
    job : callable
        What kocsem does; returns the fit whose statistic is printed.
    semopy : str or None
        Its objective in semopy; None where semopy has none.
    runs : int
        How often lavaan does it in a round, and semopy in all.
    bar : float or None
        How many times faster than lavaan kocsem is meant to be.
    """

    key: str
    title: str
    model: str
    data: pd.DataFrame
    job: Callable[[str, pd.DataFrame], Fit]
    semopy: str | None
    runs: int
    bar: float | None


@dataclass(frozen=True)
class Timed:
    """A program with its statistic, its runs, and what it rests on."""

    program: str
    statistic: float
    times: list[Time]
    rests_on: str = ""


def fitted(**options: object) -> Callable[[str, pd.DataFrame], Fit]:
    """Fit with standard errors, tests and all indices."""

    def job(model: str, data: pd.DataFrame) -> Fit:
        fit = kocsem.sem(model, data, **options)
        _ = fit.vcov, fit.fit_measures
        return fit

    return job


def ladder(model: str, data: pd.DataFrame) -> Fit:
    """Fit configural, metric and scalar models and compare them."""
    steps = [
        fitted(estimator="MLR", group="GEN", group_equal=equal)(model, data)
        for equal in STEPS
    ]
    kocsem.compare(*steps)
    return steps[-1]


def cases() -> list[Case]:
    """List what is timed."""
    data, model = koc_core.answers(), koc_core.model()
    ordered, holes = koc_core.five_points(data), koc_core.with_holes(data)
    groups, measurement = koc_core.in_two_groups(data), koc_core.measurement()
    mlr = fitted(estimator="MLR")
    wlsmv, fiml = fitted(ordered=True), fitted(missing="fiml")
    return [
        Case("ml", "ML", model, data, fitted(), "MLW", 10, 20),
        Case("mlr", "MLR", model, data, mlr, None, 5, None),
        Case("wlsmv", "WLSMV, five points", model, ordered, wlsmv, None, 3, 10),
        Case("fiml", "FIML, 5 % missing", model, holes, fiml, "FIML", 1, 20),
        Case(
            "ladder", "MLR ladder, two groups", measurement, groups, ladder, None, 1, 15
        ),
    ]


def in_kocsem(case: Case) -> Timed:
    """Time kocsem, after one run that is not counted."""

    def job() -> Fit:
        return case.job(case.model, case.data)

    measures = job().fit_measures
    return Timed(
        program=f"kocsem {kocsem.__version__}",
        statistic=measures.get("chisq_scaled", measures["chisq"]),
        times=[once(job) for _ in range(OWN_RUNS * case.runs)],
        rests_on=machine(),
    )


def in_lavaan(case: Case) -> Timed:
    """Time lavaan in a process of its own, after one run that is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        case.data.to_csv(Path(folder) / "data.csv", index=False, na_rep="NA")
        (Path(folder) / "model.txt").write_text(case.model + "\n")
        command = ["Rscript", str(SCRIPT), folder, case.key, str(case.runs)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    first, *times = done.stdout.splitlines()
    program, language, library, statistic = first.split("\t")
    return Timed(
        program=program,
        statistic=float(statistic),
        times=[Time(*(float(value) for value in line.split())) for line in times],
        rests_on=f"{language} with {library}",
    )


def in_semopy(case: Case) -> Timed:
    """Time semopy, at a tolerance that converges, after one run that is not counted."""

    def job() -> pd.DataFrame:
        model = semopy.Model(case.model)
        model.fit(case.data, obj=case.semopy, options={"ftol": 1e-13})
        model.inspect()
        return semopy.calc_stats(model)

    return Timed(
        program=f"semopy {semopy.__version__}",
        statistic=float(job()["chi2"].iloc[0]),
        times=[once(job) for _ in range(case.runs)],
    )


def timed(case: Case, rounds: int, *, lavaan: bool) -> list[Timed]:
    """Time one case in all programs, round after round."""
    found: dict[str, Timed] = {}
    programs = (in_kocsem, in_lavaan, in_kocsem) if lavaan else (in_kocsem,)
    for program in programs * rounds:
        part = program(case)
        known = found.setdefault(part.program, part)
        if known is not part:
            known.times.extend(part.times)
    if case.semopy:
        found["semopy"] = in_semopy(case)
    return list(found.values())


def lines(case: Case, found: Sequence[Timed]) -> list[list[str]]:
    """Lay out one case: kocsem first, the others with their ratio to it."""
    own = median(found[0].times)
    rows = []
    for part in found:
        time = median(part.times)
        first, bar = part is found[0], case.bar
        rows.append(
            [
                case.title if first else "",
                part.program,
                f"{part.statistic:.4f}",
                milliseconds(time.cpu),
                milliseconds(time.wall),
                "" if first else f"{time.cpu / own.cpu:.1f}",
                f"{bar:g}" if bar and part.program.startswith("lavaan") else "",
            ]
        )
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="to docs/performance.md")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    lavaan = shutil.which("Rscript") is not None
    rows, rests_on = [], {}
    for case in cases():
        found = timed(case, chosen.rounds, lavaan=lavaan)
        rows += lines(case, found)
        rests_on |= dict.fromkeys(part.rests_on for part in found if part.rests_on)
    head = ["", "program", "statistic", "CPU ms", "wall ms", "ratio", "bar"]
    text = f"{'; '.join(rests_on)}.\n\n{table(head, rows)}"
    print(text)
    if not lavaan:
        print("lavaan was not timed: Rscript is not installed.")
    if chosen.write:
        write("estimators", text)


if __name__ == "__main__":
    main()
