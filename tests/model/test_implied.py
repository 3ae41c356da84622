"""Degrees of freedom counted by hand, and models that no answers can determine."""

from functools import cache
from typing import Any

import pytest

from kocsem.findings import worst
from kocsem.instrument import load
from kocsem.instrument.types import Instrument
from kocsem.model.implied import check_implied_model, implied_models

load_instrument = cache(load.load_instrument)


def triangle(count: int) -> int:
    return count * (count + 1) // 2


#: Free parameters by hand: loadings beyond the markers, item residuals, variances and
#: covariances of exogenous factors, residual variances of the others, paths, and
#: residual covariances of outcomes that explain nothing.
COUNTED = {
    "koc_core": (
        (19, 14 + 19 + triangle(5)),
        (19, 14 + 19 + triangle(3) + 2 + 4),
    ),
    "koc_extended": (
        (72, 51 + 2 + 72 + triangle(19) + 3),
        (66, 47 + 2 + 66 + triangle(8) + 12 + 18 + 10),
    ),
    "koc_extended_short": (
        (51, 34 + 2 + 51 + triangle(15) + 3),
        (51, 34 + 2 + 51 + triangle(8) + 10 + 16 + 3),
    ),
    "koc_kol": ((28, 19 + 28 + triangle(9)), (19, 13 + 19 + triangle(4) + 2 + 5)),
    "koc_kol_within": (
        (56, 38 + 56 + triangle(18)),
        (38, 26 + 38 + triangle(8) + 4 + 10 + 1),
    ),
}


@pytest.mark.parametrize("name", COUNTED)
def test_counts_of_bundled_instruments(name: str) -> None:
    models = implied_models(load_instrument(name))
    assert [(model.moments, model.free) for model in models] == [
        (triangle(items), free) for items, free in COUNTED[name]
    ]
    assert [model.undetermined for model in models] == [(), ()]


def test_core_has_the_published_degrees_of_freedom() -> None:
    measurement, structural = implied_models(load_instrument("koc_core"))
    assert (measurement.df, structural.df) == (142, 145)


@pytest.mark.parametrize("name", COUNTED)
def test_bundled_instruments_are_identified(name: str) -> None:
    assert worst(check_implied_model(load_instrument(name))) == "info"


def test_second_order_trust_is_remarked_on() -> None:
    codes = [f.code for f in check_implied_model(load_instrument("koc_extended"))]
    assert codes == ["just-identified-second-order", "implied-df", "implied-df"]


def survey(sizes: dict[str, int], *paths: str, **whole: Any) -> Instrument:
    constructs: list[dict[str, Any]] = [
        {"id": code, "name": code, "items": [f"{code}{i}" for i in range(1, n + 1)]}
        for code, n in sizes.items()
    ]
    constructs += [whole] if whole else []
    hypotheses = [
        {"id": f"H{i}", "path": path, "sign": "+", "statement": "It does."}
        for i, path in enumerate(paths)
    ]
    return Instrument(
        id="s",
        version="1",
        title="S",
        scale=5,
        constructs=constructs,
        hypotheses=hypotheses,
    )  # type: ignore[arg-type]


def second(*dimensions: str) -> dict[str, Any]:
    return {"id": "W", "name": "Whole", "level": "second", "dimensions": dimensions}


@pytest.mark.parametrize(
    ("instrument", "df"),
    [
        (survey({"A": 3}), [0]),
        (survey({"A": 2, "B": 2}), [1]),
        (survey({"A": 3, "B": 3}, "A -> B"), [8, 8]),
        (survey({"A": 3, "B": 3, "C": 3}, **second("A", "B", "C")), [24]),
        (survey({"A": 3, "B": 3, "C": 3}, "A -> B", "B -> A", "C -> A"), [24, None]),
    ],
)
def test_degrees_of_freedom(instrument: Instrument, df: list[int | None]) -> None:
    found = [model.df for model in implied_models(instrument)]
    assert all(known in (None, seen) for known, seen in zip(df, found, strict=True))


@pytest.mark.parametrize(
    ("instrument", "models", "words"),
    [
        (survey({"A": 1}), 0, ""),
        (survey({"A": 2}), 1, "Fewer than three indicators: A."),
        (survey({"A": 3, "B": 3}, **second("A", "B")), 1, "W=~B"),
        (survey({"A": 3, "B": 3}, "A -> B", "B -> A"), 1, "A~B"),
        (survey({"A": 3, "B": 3, "C": 3}, "A -> B", "B -> A", "C -> A"), 0, ""),
        (
            survey({"A": 3, "B": 3, "C": 3}, "W -> C", **second("A", "B")),
            0,
            "",
        ),
    ],
)
def test_what_answers_cannot_determine(
    instrument: Instrument, models: int, words: str
) -> None:
    found = [f for f in check_implied_model(instrument) if f.code == "not-identified"]
    assert len(found) == models
    assert {f.severity for f in found} <= {"error"}
    assert all(words in finding.message for finding in found)


def test_two_dimensions_rest_on_their_ties() -> None:
    instrument = survey({"A": 3, "B": 3, "C": 3}, "W -> C", **second("A", "B"))
    found = {f.code: f.severity for f in check_implied_model(instrument)}
    assert found == {"few-dimensions": "warning", "implied-df": "info"}


def test_a_composite_is_measured_by_nothing() -> None:
    composite = {"id": "M", "name": "Mix", "kind": "composite", "items": ["M1", "M2"]}
    instrument = survey({"A": 3, "B": 3}, "A -> M", **composite)
    assert [model.name for model in implied_models(instrument)] == ["measurement model"]
    found = {f.code: f.subject for f in check_implied_model(instrument)}
    assert found == {"composite-in-model": "M", "implied-df": "the measurement model"}


def test_nothing_to_measure_implies_nothing() -> None:
    composite = {"id": "M", "name": "Mix", "kind": "composite", "items": ["M1"]}
    assert implied_models(survey({}, **composite)) == ()
