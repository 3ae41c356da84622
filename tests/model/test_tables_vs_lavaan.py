"""Parameter tables, row by row, against those of lavaan (tests/reference/tables.R)."""

import json
from pathlib import Path

import pytest

from kocsem.model.build import TableOptions, build_table
from kocsem.model.constraints import constraint_space
from kocsem.model.syntax import parse_model

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "tables.json").read_text("utf-8")
)
CASES = REFERENCE["cases"]


def frozen(value):
    """Turn lists into tuples, all the way down."""
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def built(case):
    """Build kocsem's table of a case."""
    options = {name: frozen(value) for name, value in dict(case["options"]).items()}
    return build_table(parse_model(case["model"]), TableOptions(**options))


def lavaan_rows(case):
    """Read lavaan's rows; a number is its ustart, 'sample' or 'implied' its stand-in.

    lavaan marks paths from covariates as exogenous too when it conditions on them, and
    keeps 1 as a stand-in for the residual variance of an ordered item.
    """
    ordered = {name for name, _ in dict(case["options"]).get("levels", ())}
    found = []
    for line in case["rows"]:
        row = dict(zip(REFERENCE["columns"], line.split(" ; "), strict=True))
        value = None if row["ustart"] == "NA" else float(row["ustart"])
        if row["exo"] == "1" and row["op"] != "~":
            value = "sample"
        elif row["op"] == "~~" and row["lhs"] == row["rhs"] and row["lhs"] in ordered:
            value = "implied"
        names = (row["lhs"], row["op"], row["rhs"])
        numbers = (int(row["group"]), bool(int(row["user"])), int(row["free"]))
        found.append((*names, *numbers, value, row["label"]))
    return found


def kocsem_rows(table):
    """Write kocsem's rows in the same way."""
    found = []
    for row in table:
        value = row.start if row.free else row.fixed
        if row.exogenous or row.implied:
            value = "sample" if row.exogenous else "implied"
        names, numbers = (row.lhs, row.op, row.rhs), (row.group, row.user, row.free)
        found.append((*names, *numbers, value, row.label))
    return found


def connected(pairs):
    """Gather pairs of rows into sets of equal ones."""
    sets = []
    for pair in map(set, pairs):
        apart = [other for other in sets if not other & pair]
        joined = pair.union(*(other for other in sets if other & pair))
        sets = [*apart, joined]
    return {frozenset(found) for found in sets}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_rows(case):
    assert kocsem_rows(built(case)) == lavaan_rows(case)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_ties(case):
    shared = {}
    for at, row in enumerate(built(case), start=1):
        if row.free and row.label:
            shared.setdefault(row.label, set()).add(at)
    ours = {frozenset(found) for found in shared.values() if len(found) > 1}
    assert ours == connected(case["ties"])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_degrees_of_freedom_that_ties_take(case):
    table = built(case)
    tied = sum(len(found) - 1 for found in connected(case["ties"]))
    free = len(table.free_rows) - tied - len(table.constraints)
    assert constraint_space(table).K.shape == (len(table.free_rows), free)


def test_there_are_ties_and_values_to_compare():
    rows = [row for case in CASES.values() for row in lavaan_rows(case)]
    assert {"sample", "implied", 0.0, 1.0} <= {row[-2] for row in rows}
    assert sum(len(case["ties"]) for case in CASES.values()) > 200
