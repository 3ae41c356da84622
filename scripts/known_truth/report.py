"""The tables of docs/simulation.md, and those that docs/methods.md shows of them.

In: the frame of all results. Out: Markdown between the markers of a page, one pair a
table, ``<!-- table: bias -->`` to ``<!-- end -->``. In parentheses stands the
Monte-Carlo standard error.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pandas as pd

from known_truth.analyses import (
    BCA,
    BOLLEN_STINE,
    DIFFERENCE,
    MEDIATION,
    MODEL,
    MONTE_CARLO,
    PERCENTILE,
    WALD,
    ZERO_PATH,
)
from known_truth.population import HEAVY, NORMAL, ROUNDED, SKIPPED
from known_truth.summary import Z_TEST

Key = Mapping[str, object]  # columns of the results, with the value wanted
Show = Callable[[pd.Series], str]
Labelled = tuple[str, Key]

COMPLETE = (NORMAL, HEAVY, ROUNDED)
ROBUST = ("ML", "MLR", "MLM", "MLMV")
MARKERS = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    title : str
        Its head.
    key : mapping
        Which results it shows.
    show : callable
        Writes one result.
    """

    title: str
    key: Key
    show: Show


def number(measure: str, digits: int, scale: float = 1.0) -> Show:
    """Return what writes a measure with its Monte-Carlo error."""

    def show(row: pd.Series) -> str:
        value, error = scale * row[measure], scale * row[f"{measure}_error"]
        return f"{round(value, digits) + 0.0:.{digits}f} ({error:.{digits}f})"

    return show


def tails(row: pd.Series) -> str:
    """Write how often an interval lies below the truth, and above it."""
    return f"{100 * row['below']:.1f} / {100 * row['above']:.1f}"


def plain(measure: str, digits: int) -> Show:
    """Return what writes a measure that has no error."""
    return lambda row: f"{round(row[measure], digits) + 0.0:.{digits}f}"


BIAS, RATIO = number("relative_bias", 1, 100.0), number("se_ratio", 3)
COVERAGE, SHARE = number("coverage", 1, 100.0), number("share", 1, 100.0)


def grid(
    results: pd.DataFrame, heads: str, rows: list[Labelled], columns: list[Column]
) -> str:
    """Write a table in Markdown; a result that is not there leaves a dash.

    `heads` are the heads of the columns that name the rows, with bars between them.
    """
    titles = [*heads.split("|"), *(column.title for column in columns)]
    lines = [titles, ["---"] * len(titles)]
    for labels, key in rows:
        cells = [_cell(results, {**key, **c.key}, c.show) for c in columns]
        lines.append([*labels.split("|"), *cells])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(results: pd.DataFrame, key: Key, show: Show) -> str:
    """Write the one result that the key leads to."""
    for name, value in key.items():
        results = results[results[name] == value]
    if len(results) > 1:
        raise ValueError(f"More than one result has {dict(key)}.")
    return show(results.iloc[0]) if len(results) else "–"


def _sizes(results: pd.DataFrame) -> list[int]:
    """Return the sample sizes, smallest first."""
    return sorted(int(n) for n in results["n"].unique())


def _by_kind(
    results: pd.DataFrame, kinds: Mapping[str, str], show: Show
) -> list[Column]:
    """Make a column for every kind of quantity and sample size."""
    return [
        Column(
            f"{title}, {n}",
            {"kind": kind, "name": "", "interval": WALD, "n": n},
            show,
        )
        for (kind, title), n in product(kinds.items(), _sizes(results))
    ]


def _analyses(answers: str, *labels: str) -> list[Labelled]:
    """Make a row for every analysis of a kind of answers."""
    return [
        (f"{answers}|{label}", {"answers": answers, "analysis": label})
        for label in labels
    ]


ESTIMATED = [
    *_analyses(NORMAL, "ML", "GLS", "ULS"),
    *_analyses(HEAVY, "ML"),
    *_analyses(ROUNDED, "ML", "WLSMV", "ULSMV"),
]
INFERRED = [
    *_analyses(NORMAL, "ML", "MLR", "MLM", "GLS", "ULS"),
    *_analyses(HEAVY, "ML", "MLR", "MLM"),
    *_analyses(ROUNDED, "ML", "MLR", "MLM", "WLSMV", "ULSMV"),
]


def fits(results: pd.DataFrame) -> str:
    """Show how many fits converged and are admissible."""
    columns = [
        Column(f"{name}, {n}", {"kind": "share", "name": name, "n": n}, SHARE)
        for name, n in product(("converged", "admissible"), _sizes(results))
    ]
    rows = [
        *_analyses(NORMAL, "ML"),
        *_analyses(HEAVY, "ML"),
        *_analyses(ROUNDED, "ML", "WLSMV", "ULSMV"),
        *_analyses(SKIPPED, "FIML", "listwise"),
    ]
    return grid(results, "answers|estimator", rows, columns)


def estimands(results: pd.DataFrame) -> str:
    """Show what the two ways to treat answers on five points estimate."""
    kinds = (
        "standardised loading",
        "standardised path",
        "standardised indirect effect",
    )
    own = results[(results["answers"] == ROUNDED) & (results["interval"] == WALD)]
    own = own[(own["n"] == _sizes(results)[0]) & own["kind"].isin(kinds)]
    labels = own[["kind", "name"]].drop_duplicates().itertuples(index=False)
    rows: list[Labelled] = [
        (
            f"{kind} {name.replace('_', ' → ')}" if name else f"{kind}, mean",
            {"kind": kind, "name": name},
        )
        for kind, name in labels
    ]
    columns = [
        Column("ordered (WLSMV)", {"analysis": "WLSMV"}, plain("truth", 3)),
        Column("continuous (ML)", {"analysis": "ML"}, plain("truth", 3)),
    ]
    return grid(own, "quantity", rows, columns)


def bias(results: pd.DataFrame) -> str:
    """Show relative bias in per cent."""
    kinds = {"loading": "loadings", "path": "paths", "indirect effect": "indirect"}
    columns = _by_kind(results, kinds, BIAS)
    return grid(results, "answers|estimator", ESTIMATED, columns)


INFERENCE = {
    "loading": "loadings",
    "standardised loading": "standardised loadings",
    "path": "paths",
}


def errors(results: pd.DataFrame) -> str:
    """Show mean standard errors over true ones."""
    columns = _by_kind(results, INFERENCE, RATIO)
    return grid(results, "answers|estimator", INFERRED, columns)


def coverage(results: pd.DataFrame) -> str:
    """Show the coverage of Wald intervals."""
    columns = _by_kind(results, INFERENCE, COVERAGE)
    return grid(results, "answers|estimator", INFERRED, columns)


def indirect(results: pd.DataFrame) -> str:
    """Show the coverage of intervals of the indirect effects, and where they miss."""
    intervals = [
        ("delta", "ML", WALD),
        ("delta, robust", "MLR", WALD),
        ("Monte-Carlo", "ML", MONTE_CARLO),
        ("Monte-Carlo, robust", "MLR", MONTE_CARLO),
        ("percentile", "ML", PERCENTILE),
        ("BCa", "ML", BCA),
    ]
    ordered = [
        ("WLSMV, delta", "WLSMV", WALD),
        ("WLSMV, Monte-Carlo", "WLSMV", MONTE_CARLO),
    ]
    rows: list[Labelled] = [
        (
            f"{answers}|{title}",
            {"answers": answers, "analysis": label, "interval": interval},
        )
        for answers in COMPLETE
        for title, label, interval in intervals + ordered * (answers == ROUNDED)
    ]
    columns = [
        Column(f"{title}, {n}", {"kind": "indirect effect", "name": "", "n": n}, show)
        for n, (title, show) in product(
            _sizes(results), (("covers", COVERAGE), ("below / above", tails))
        )
    ]
    return grid(results, "answers|interval", rows, columns)


def _tested(
    results: pd.DataFrame, heads: str, rows: list[Labelled], sizes: list[int]
) -> str:
    """Show how often tests reject."""
    columns = [Column(f"n = {n}", {"kind": "test", "n": n}, SHARE) for n in sizes]
    return grid(results, heads, rows, columns)


def _test_rows(answers: str, labels: tuple[str, ...], name: str) -> list[Labelled]:
    """Make a row for one test by every estimator."""
    return [
        (labelled, {**key, "name": name})
        for labelled, key in _analyses(answers, *labels)
    ]


def _bollen_stine(answers: str) -> Labelled:
    """Make a row for the bootstrap test."""
    key = {"answers": answers, "analysis": "ML", "name": BOLLEN_STINE}
    return f"{answers}|Bollen-Stine", key


def model_tests(results: pd.DataFrame) -> str:
    """Show how often a true model is rejected."""
    rows = [
        *_test_rows(NORMAL, (*ROBUST, "GLS", "ULS"), MODEL),
        _bollen_stine(NORMAL),
        *_test_rows(HEAVY, ROBUST, MODEL),
        _bollen_stine(HEAVY),
        *_test_rows(ROUNDED, (*ROBUST, "WLSMV", "ULSMV"), MODEL),
        *_test_rows(SKIPPED, ("FIML", "FIML, MLR", "listwise"), MODEL),
    ]
    return _tested(results, "answers|test", rows, _sizes(results))


def zero_path(results: pd.DataFrame) -> str:
    """Show how often a path that is zero is found to differ from it."""
    rows: list[Labelled] = []
    for answers, labels in (
        (NORMAL, ("ML", "MLR")),
        (HEAVY, ("ML", "MLR", "MLM", "MLMV")),
        (ROUNDED, ("ML", "MLR", "WLSMV")),
        (SKIPPED, ("FIML", "FIML, MLR", "listwise")),
    ):
        rows += _test_rows(answers, labels, "")
    columns = [
        Column(f"{title}, {n}", {"kind": "test", "name": name, "n": n}, SHARE)
        for (title, name), n in product(
            (("z", Z_TEST), ("difference", ZERO_PATH + DIFFERENCE)), _sizes(results)
        )
    ]
    return grid(results, "answers|estimator", rows, columns)


def false_model(results: pd.DataFrame) -> str:
    """Show how often a model without direct effects is rejected, which is false."""
    rows: list[Labelled] = []
    for answers, labels in (
        (NORMAL, ("ML",)),
        (HEAVY, ("MLR", "MLM", "MLMV")),
        (ROUNDED, ("WLSMV",)),
    ):
        rows += _test_rows(answers, labels, "")
    columns = [
        Column(f"{title}, {n}", {"kind": "test", "name": name, "n": n}, SHARE)
        for (title, name), n in product(
            (("model", MEDIATION), ("difference", MEDIATION + DIFFERENCE)),
            _sizes(results),
        )
    ]
    return grid(results, "answers|estimator", rows, columns)


def missing(results: pd.DataFrame) -> str:
    """Show the paths with and without the answers that were left out."""
    rows: list[Labelled] = [
        ("complete, ML", {"answers": NORMAL, "analysis": "ML"}),
        ("FIML", {"answers": SKIPPED, "analysis": "FIML"}),
        ("FIML, MLR", {"answers": SKIPPED, "analysis": "FIML, MLR"}),
        ("listwise, ML", {"answers": SKIPPED, "analysis": "listwise"}),
    ]
    columns = [
        column
        for title, show in (("bias %", BIAS), ("SE ratio", RATIO), ("covers", COVERAGE))
        for column in _by_kind(results, {"path": title}, show)
    ]
    return grid(results, "analysis", rows, columns)


def summary(results: pd.DataFrame) -> str:
    """Show bias and coverage of the paths, by the usual estimators."""
    rows = [
        *_analyses(NORMAL, "ML", "MLR"),
        *_analyses(HEAVY, "ML", "MLR"),
        *_analyses(ROUNDED, "ML", "MLR", "WLSMV"),
        *_analyses(SKIPPED, "FIML", "listwise"),
    ]
    columns = [
        column
        for title, show in (("bias %", BIAS), ("covers", COVERAGE))
        for column in _by_kind(results, {"path": title}, show)
    ]
    return grid(results, "answers|estimator", rows, columns)


TABLES: Mapping[str, Callable[[pd.DataFrame], str]] = {
    "fits": fits,
    "estimands": estimands,
    "bias": bias,
    "errors": errors,
    "coverage": coverage,
    "indirect": indirect,
    "model-tests": model_tests,
    "zero-path": zero_path,
    "false-model": false_model,
    "missing": missing,
    "summary": summary,
}
IN_METHODS = ("summary", "indirect", "model-tests")
ALONE = tuple(name for name in TABLES if name != "summary")  # the page of its own


def with_tables(page: str, results: pd.DataFrame, wanted: Sequence[str]) -> str:
    """Put the wanted tables between the markers of a page."""
    named = [match[2] for match in MARKERS.finditer(page)]
    if sorted(named) != sorted(wanted):
        raise ValueError(
            f"The page has markers for {', '.join(named)}; the tables are "
            f"{', '.join(wanted)}. Give every table one pair of markers."
        )
    return MARKERS.sub(lambda m: f"{m[1]}{TABLES[m[2]](results)}\n{m[3]}", page)


def read_results(path: Path) -> pd.DataFrame:
    """Read the results; a kind of quantities has no name."""
    return pd.read_csv(path).fillna({"name": "", "interval": ""})


def write_tables(results: Path, pages: Mapping[Path, Sequence[str]]) -> None:
    """Put the tables of a file of results into pages, those wanted in each."""
    found = read_results(results)
    for page, wanted in pages.items():
        text = with_tables(page.read_text(encoding="utf-8"), found, wanted)
        page.write_text(text, encoding="utf-8")
