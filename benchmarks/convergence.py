"""Count how often kocsem and lavaan reach an optimum, on the same simulated studies.

Both fit the models of `simulated` by ML with their own defaults. Where lavaan converges
and kocsem does not, or both do in different places, lavaan's estimates are judged by
kocsem's derivatives: at an optimum the Hessian is positive definite and the Newton
decrement small. Fails where a discrepancy of kocsem's is the higher one, or where
lavaan converges more often.
Run: python benchmarks/convergence.py [--studies 1000] [--first 0] [--write]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from timing import ONE_THREAD

os.environ.update(ONE_THREAD)

import numpy as np
from page import table, write
from simulated import FLAWS, Study, draw_study

import kocsem
from kocsem.data.sample import sample_from_frame
from kocsem.errors import KocsemError
from kocsem.estimation.pose import Posed, pose
from kocsem.model.build import TableOptions, build_table
from kocsem.model.constraints import constraint_space
from kocsem.model.options import Options
from kocsem.model.syntax import parse_model
from kocsem.results.families import family_for

PROCESSES = 2
SAME = 1e-6  # discrepancies closer than this belong to one optimum
SETTLED = 1e-6  # Newton decrement, per case, beyond which a point is no optimum
INADMISSIBLE = {"negative-variance", "latent-covariance-not-positive-definite"}


@dataclass(frozen=True)
class Outcome:
    """What a program made of a study."""

    converged: bool = False
    admissible: bool = False
    discrepancy: float = np.inf
    remark: str = ""


@dataclass(frozen=True)
class Judgement:
    """A point, seen with kocsem's derivatives.

    `curvature` is the smallest eigenvalue of the Hessian, in units of expected
    information; `decrement` the Newton decrement.
    """

    discrepancy: float
    curvature: float
    decrement: float

    @property
    def optimum(self) -> bool:
        """Whether the point is one."""
        return self.curvature > 0 and abs(self.decrement) < SETTLED


def fit_kocsem(study: Study) -> Outcome:
    """Fit a study with kocsem."""
    try:
        fit = kocsem.sem(study.model, study.data)
    except KocsemError as error:
        return Outcome(remark=f"refused: {error}")
    found = {finding.code for finding in fit.findings}
    return Outcome(
        converged=fit.converged,
        admissible=fit.converged and not found & INADMISSIBLE,
        discrepancy=fit.solution.point.discrepancy,
        remark=f"decrement {fit.solution.optimum.decrement:.0e}, "
        f"largest estimate {np.abs(fit.solution.x).max():.3g}",
    )


def start_lavaan(folder: Path) -> list[subprocess.Popen[str]]:
    """Let R fit the studies of a folder, a part of them in each process."""
    script = Path(__file__).with_suffix(".R")
    return [
        subprocess.Popen(
            ["Rscript", str(script), str(folder), str(number), str(PROCESSES)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for number in range(1, PROCESSES + 1)
    ]


def read_lavaan(folder: Path) -> dict[int, dict]:
    """Read what R wrote."""
    files = sorted(folder.glob("lavaan-*.json"))
    return {
        one["number"]: one for file in files for one in json.loads(file.read_text())
    }


def outcome(found: Mapping) -> Outcome:
    """Return lavaan's outcome."""
    if "error" in found:
        return Outcome(remark=f"error: {found['error']}")
    converged = bool(found["converged"])
    return Outcome(
        converged=converged,
        admissible=converged and bool(found["admissible"]),
        discrepancy=found["discrepancy"],
    )


def posed(study: Study) -> Posed:
    """Pose the model of a study as kocsem does."""
    model = build_table(parse_model(study.model), TableOptions())
    sample = sample_from_frame(study.data, model.variables.observed)
    return pose(model, sample, constraint_space(model), family_for(Options()))


def judge(study: Study, found: Mapping) -> Judgement:
    """Look at lavaan's estimates with kocsem's derivatives."""
    model = posed(study)
    problem, x = model.problem, estimates(model, found)
    point = problem.at(x)
    if point is None:
        return Judgement(np.inf, -np.inf, np.inf)
    at = problem.derivatives(point)
    scale = np.sqrt(np.diag(at.expected()))
    hessian, gradient = at.observed() / np.outer(scale, scale), at.gradient / scale
    return Judgement(
        discrepancy=point.discrepancy,
        curvature=float(np.linalg.eigvalsh(hessian)[0]),
        decrement=float(gradient @ np.linalg.solve(hessian, gradient)),
    )


def estimates(model: Posed, found: Mapping) -> np.ndarray:
    """Put lavaan's estimates in kocsem's order, scaled by the first item of a factor.

    lavaan chooses another item where the first has little in common with the others.
    """
    columns = (found["lhs"], found["op"], found["rhs"], found["est"])
    rows = list(zip(*columns, strict=True))
    unit: dict[str, float] = {}
    for lhs, op, _, value in rows:
        if op == "=~":
            unit.setdefault(lhs, value)
    power = {"=~": (-1, 0), "~": (1, -1), "~~": (1, 1)}
    values = {}
    for lhs, op, rhs, value in rows:
        if op in power:
            left, right = power[op]
            rescaled = value * unit.get(lhs, 1.0) ** left * unit.get(rhs, 1.0) ** right
            values[lhs, op, rhs] = values[rhs, op, lhs] = rescaled
    return np.array([values[r.lhs, r.op, r.rhs] for r in model.table.free_rows])


def percent(outcomes: Sequence[Outcome], name: str) -> str:
    """Return the share of outcomes of a kind."""
    return f"{100 * np.mean([getattr(one, name) for one in outcomes]):.1f} %"


def shares(
    studies: Mapping[int, Study], own: Mapping[int, Outcome], other: Mapping
) -> str:
    """Compare the shares that converged, by kind of study."""
    kinds = {
        "all": lambda study: True,
        "n <= 200 and loadings .3 to .6": lambda study: study.hard,
        "all others": lambda study: not study.hard,
        **{flaw: lambda study, flaw=flaw: study.flaw == flaw for flaw in FLAWS},
    }
    rows = []
    for name, belongs in kinds.items():
        chosen = [number for number, study in studies.items() if belongs(study)]
        if chosen:
            pair = [
                [outcomes[number] for number in chosen] for outcomes in (own, other)
            ]
            cells = [percent(o, n) for n in ("converged", "admissible") for o in pair]
            rows.append([name, str(len(chosen)), *cells])
    head = ["studies", "number", "kocsem converged", "lavaan", "kocsem admissible"]
    return table([*head, "lavaan"], rows)


@dataclass(frozen=True)
class Comparison:
    """Numbers of studies, by how the two programs part."""

    both: list[int]
    lower: list[int]
    higher: list[int]
    only_kocsem: list[int]
    only_lavaan: list[int]

    @property
    def parted(self) -> list[int]:
        """The studies in which they part and lavaan says that it converged."""
        return [*self.lower, *self.higher, *self.only_lavaan]

    @property
    def behind(self) -> bool:
        """Whether lavaan is anywhere ahead."""
        return bool(self.higher) or len(self.only_lavaan) > len(self.only_kocsem)

    def words(self, optima: Sequence[int]) -> str:
        """Say how they part; optima are the studies with an optimum of lavaan's."""
        agreed = len(self.both) - len(self.lower) - len(self.higher)
        missed = len(set(optima) & set(self.only_lavaan))
        return (
            f"Both converge in {len(self.both)} studies, in {agreed} of them in one "
            "place; where the places differ kocsem's discrepancy is the lower one "
            f"{len(self.lower)} times, the higher one {len(self.higher)} times. Only "
            f"kocsem converges in {len(self.only_kocsem)} studies; only lavaan says "
            f"that it does in {len(self.only_lavaan)}. Of the {len(self.parted)} "
            "places that lavaan stopped at and kocsem did not, "
            f"{len(self.parted) - len(optima)} are no optimum by their Newton "
            f"decrement and curvature; optima that kocsem missed: {missed}."
        )


def compare(own: Mapping[int, Outcome], other: Mapping[int, Outcome]) -> Comparison:
    """Find where the programs part."""
    both = [n for n in own if own[n].converged and other[n].converged]
    gaps = {n: own[n].discrepancy - other[n].discrepancy for n in both}
    return Comparison(
        both=both,
        lower=[n for n in both if gaps[n] < -SAME],
        higher=[n for n in both if gaps[n] > SAME],
        only_kocsem=[n for n in own if own[n].converged and not other[n].converged],
        only_lavaan=[n for n in own if other[n].converged and not own[n].converged],
    )


def judged(number: int, study: Study, own: Outcome, found: Mapping) -> bool:
    """Print what lavaan stopped at; tell whether it is an optimum."""
    seen = judge(study, found)
    verdict = "an optimum" if seen.optimum else "no optimum"
    print(
        f"  study {number}: lavaan {seen.discrepancy:.7f} is {verdict} (curvature "
        f"{seen.curvature:.0e}, decrement {seen.decrement:.0e}); kocsem "
        f"{own.discrepancy:.7f}, {own.remark}"
    )
    return seen.optimum


def main() -> None:
    """Draw, fit, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    parser.add_argument("--write", action="store_true", help="to docs/performance.md")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    if shutil.which("Rscript") is None:
        sys.exit("This comparison needs Rscript with the packages lavaan and jsonlite.")
    begin = time.perf_counter()
    numbers = range(asked.first, asked.first + asked.studies)
    studies = {number: draw_study(number) for number in numbers}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, study in studies.items():
            (folder / f"{number}.txt").write_text(study.model + "\n")
            study.data.to_csv(folder / f"{number}.csv", index=False)
        processes = start_lavaan(folder)
        own = {number: fit_kocsem(study) for number, study in studies.items()}
        versions = [process.communicate()[0].strip() for process in processes]
        found = read_lavaan(folder)
    if len(found) < len(studies):
        sys.exit("R stopped before it had fitted all studies.")
    other = {number: outcome(found[number]) for number in numbers}
    print(f"{time.perf_counter() - begin:.0f} seconds\n")
    compared = compare(own, other)
    optima = [n for n in compared.parted if judged(n, studies[n], own[n], found[n])]
    text = "\n\n".join(
        [
            f"kocsem {kocsem.__version__}, lavaan {versions[0]}.",
            shares(studies, own, other),
            compared.words(optima),
        ]
    )
    print(text)
    if asked.write:
        write("convergence", text)
    if compared.behind:
        sys.exit("lavaan converges more often than kocsem, or in a better place.")


if __name__ == "__main__":
    main()
