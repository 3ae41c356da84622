"""Time fits as items, cases and bootstrap draws grow, for ML, MLR, FIML and WLSMV.

Each cost is CPU time on one thread, of one fit with standard errors, tests and all fit
indices, or of the draws of a bootstrap with percentile limits: the median of five runs,
or a single run where that takes longer than a second. The tables and the figure of
docs/performance.md are made with --write.
Run: python benchmarks/growth.py [--write]
"""

import argparse
import os
import warnings
from collections.abc import Callable, Mapping, Sequence

from timing import ONE_THREAD, Time, machine, median, once

os.environ.update(ONE_THREAD)

import koc_core
import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from page import FIGURES, milliseconds, table, write

import kocsem
from kocsem.results.fit import Fit

ITEMS = (20, 40, 60, 80, 100)
CASES = (200, 1_000, 10_000, 100_000, 1_000_000)
DRAWS = {"ML": (100, 1_000, 10_000), "FIML": (100, 1_000), "WLSMV": (100, 1_000)}
USUAL_ITEMS, USUAL_CASES = 20, 500
SLOW = 1.0  # seconds of CPU time from which one run is enough
RUNS = 5
LINES = {"ML": "C0o-", "MLR": "C1s-", "FIML": "C2^-", "WLSMV": "C3D-"}

#: By estimator and size.
Costs = dict[str, dict[int, Time]]


def cost(job: Callable[[], object]) -> Time:
    """Time a job, once if it is slow."""
    first = once(job)
    if first.cpu > SLOW:
        return first
    return median(once(job) for _ in range(RUNS))


def fitting(estimator: str, items: int, n: int) -> Callable[[], Fit]:
    """Draw answers and return what fits them."""
    prepare, options = koc_core.ESTIMATORS[estimator]
    data, model = prepare(koc_core.answers(n, items)), koc_core.model(items)

    def job() -> Fit:
        fit = kocsem.sem(model, data, **options)
        _ = fit.vcov, fit.fit_measures
        return fit

    return job


def draws(fit: Fit, count: int) -> Callable[[], object]:
    """Return what draws so many samples and refits the model to them."""
    return lambda: fit.bootstrap(count, interval="percentile", workers=1).parameters


def by_items() -> Costs:
    """Time fits to more and more items."""
    return {
        name: {size: cost(fitting(name, size, USUAL_CASES)) for size in ITEMS}
        for name in koc_core.ESTIMATORS
    }


def by_cases() -> Costs:
    """Time fits to more and more cases."""
    return {
        name: {size: cost(fitting(name, USUAL_ITEMS, size)) for size in CASES}
        for name in koc_core.ESTIMATORS
    }


def by_draws() -> Costs:
    """Time more and more draws, after a few that are not counted."""
    found: Costs = {}
    for name, sizes in DRAWS.items():
        fit = fitting(name, USUAL_ITEMS, USUAL_CASES)()
        draws(fit, 50)()
        found[name] = {size: cost(draws(fit, size)) for size in sizes}
    return found


def rows_of(found: Costs) -> list[list[str]]:
    """Write CPU milliseconds, one row a size."""
    sizes = sorted({size for times in found.values() for size in times})
    return [
        [
            f"{size:,}",
            *(
                milliseconds(times[size].cpu) if size in times else ""
                for times in found.values()
            ),
        ]
        for size in sizes
    ]


def panel(axes: Axes, label: str, found: Costs) -> None:
    """Draw CPU seconds against size, both on a logarithmic scale."""
    for name, times in found.items():
        seconds = [time.cpu for time in times.values()]
        axes.loglog(list(times), seconds, LINES[name], markersize=4, label=name)
    axes.set_xlabel(label)
    axes.grid(alpha=0.3)


def draw(panels: Mapping[str, Costs]) -> None:
    """Save the figure, the same bytes for the same numbers."""
    mpl.rcParams.update(
        {"svg.hashsalt": "kocsem", "svg.fonttype": "none", "font.size": 9}
    )
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    axes: Sequence[Axes] = figure.subplots(1, len(panels))
    for at, (label, found) in zip(axes, panels.items(), strict=True):
        panel(at, label, found)
    axes[0].set_xticks(ITEMS, [str(items) for items in ITEMS])
    axes[0].set_xticks([], minor=True)
    axes[0].set_ylabel("CPU seconds")
    axes[0].legend(frameon=False)
    FIGURES.mkdir(exist_ok=True)
    figure.savefig(FIGURES / "growth.svg", metadata={"Date": None})


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="to docs/performance.md")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in koc_core.ESTIMATORS:  # what is loaded or compiled once
        fitting(name, USUAL_ITEMS, USUAL_CASES)()
    panels = {
        f"items (n = {USUAL_CASES})": by_items(),
        f"cases ({USUAL_ITEMS} items)": by_cases(),
        f"bootstrap draws ({USUAL_ITEMS} items, n = {USUAL_CASES})": by_draws(),
    }
    tables = [table([label, *found], rows_of(found)) for label, found in panels.items()]
    text = "\n\n".join([f"CPU milliseconds. {machine()}.", *tables])
    print(text)
    if chosen.write:
        draw(panels)
        write("growth", text)


if __name__ == "__main__":
    main()
