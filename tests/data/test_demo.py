"""The demo answers are what the script makes, and what it says they are."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from kocsem.data.read.responses import read_responses
from kocsem.data.screening.screen import screen
from kocsem.data.types import Screening
from kocsem.instrument.bundled import bundled
from kocsem.instrument.types import Instrument

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_demo.py"


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_demo", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def screening(koc: Instrument) -> Screening:
    return screen(read_responses(bundled("koc_core_demo.csv"), koc), koc)


def test_the_file_is_what_the_script_makes(demo: ModuleType) -> None:
    assert bundled("koc_core_demo.csv").read_bytes() == demo.make_csv()


def test_another_seed_makes_other_answers(demo: ModuleType) -> None:
    assert demo.make_csv(1) != demo.make_csv()


def test_population_correlations(demo: ModuleType) -> None:
    R = demo.factor_correlations()
    expected = {
        **{("CA", "IQ"): 0.45, ("CA", "AL"): 0.50, ("IQ", "AL"): 0.48},
        **{("TR", "CA"): 0.588, ("TR", "IQ"): 0.527, ("TR", "AL"): 0.565},
        **{("PI", "CA"): 0.468, ("PI", "IQ"): 0.438, ("PI", "AL"): 0.400},
        ("TR", "PI"): 0.634,
    }
    for (one, other), r in expected.items():
        place = demo.FACTORS.index(one), demo.FACTORS.index(other)
        assert R[place] == pytest.approx(r, abs=0.0006)


@pytest.mark.parametrize(
    ("construct", "ave", "cr"),
    [
        ("CA", 0.645, 0.879),
        ("IQ", 0.621, 0.868),
        ("AL", 0.602, 0.858),
        ("TR", 0.673, 0.892),
        ("PI", 0.723, 0.887),
    ],
)
def test_population_reliability(
    demo: ModuleType, koc: Instrument, construct: str, ave: float, cr: float
) -> None:
    loadings = np.array([demo.LOADINGS[i.id] for i in koc.items_of(construct)])
    total = loadings.sum() ** 2
    assert np.mean(loadings**2) == pytest.approx(ave, abs=0.0006)
    assert total / (total + (1 - loadings**2).sum()) == pytest.approx(cr, abs=0.0006)


def test_every_item_leaves_room_for_error(demo: ModuleType) -> None:
    shares = [demo.common_variance(code) for code in demo.LOADINGS]
    assert 0.4 < min(shares) < max(shares) < 0.95


def test_large_samples_show_the_population(demo: ModuleType) -> None:
    scores = demo.draw_latent(np.random.default_rng(1), 40_000)
    observed = np.corrcoef(scores.T)
    assert np.abs(observed - demo.factor_correlations()).max() < 0.02


@pytest.mark.parametrize(
    ("code", "shares"),
    [
        ("CA1", (0.03, 0.08, 0.24, 0.41, 0.24)),
        ("TR1", (0.04, 0.11, 0.30, 0.37, 0.18)),
        ("PI1", (0.06, 0.14, 0.32, 0.33, 0.15)),
        ("IQ5", (0.18, 0.37, 0.30, 0.11, 0.04)),
    ],
)
def test_thresholds_give_the_shares(
    demo: ModuleType, code: str, shares: tuple[float, ...]
) -> None:
    values = np.random.default_rng(2).standard_normal(40_000)
    cut = demo.categories(values, demo.LOADINGS[code] < 0, code[:2])
    observed = np.bincount(cut, minlength=6)[1:] / len(cut)
    assert np.abs(observed - shares).max() < 0.012


def test_screening_finds_what_was_planted_and_nothing_else(
    demo: ModuleType, screening: Screening
) -> None:
    planted = enumerate(demo.make_sheets().spoilt, start=2)
    found = zip(screening.dropped["row"], screening.dropped["reason"], strict=True)
    assert dict(found) == {row: reason for row, reason in planted if reason}


def planted_rows(demo: ModuleType, *reasons: str) -> list[int]:
    """Return the rows of the file that were spoilt for one of these reasons."""
    spoilt = enumerate(demo.make_sheets().spoilt, start=2)
    return [row for row, reason in spoilt if reason in reasons]


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        ("consent", ("consent",)),
        # who stops at the door answers nothing behind it
        ("screener", ("screener", "consent")),
        ("instructed", ("instructed",)),
        ("infrequency", ()),
        ("speed", ("speed",)),
        ("straightlining", ("straightlining",)),
        ("duplicate", ("duplicate",)),
        ("same_answers", ("duplicate",)),
        ("same_origin", ("duplicate",)),
        ("missing", ("missing", "screener", "consent")),
    ],
)
def test_every_rule_by_itself_finds_what_was_planted(
    demo: ModuleType, screening: Screening, rule: str, planted: tuple[str, ...]
) -> None:
    found = screening.reasons.index[screening.reasons[rule]].tolist()
    assert found == planted_rows(demo, *planted)


def test_who_agrees_with_everything_contradicts_the_reversed_item(
    demo: ModuleType, screening: Screening
) -> None:
    sheets = demo.make_sheets()
    same = [
        row
        for row in planted_rows(demo, "straightlining")
        if sheets.answers["CA1"][row - 2] in (1, 5)
    ]
    assert len(same) > 3
    assert screening.reasons.loc[same, "contradiction"].all()


def test_the_sample_flow(screening: Screening) -> None:
    assert {step.reason: step.n for step in screening.flow} == {
        **{"received": 470, "consent": 2, "screener": 3, "instructed": 8},
        **{"infrequency": 0, "speed": 13, "straightlining": 13, "duplicate": 8},
        **{"missing": 3, "kept": 420},
    }


def test_about_one_answer_in_a_hundred_is_missing(
    screening: Screening, koc: Instrument
) -> None:
    items = [item.id for item in koc.items]
    assert 0.006 < screening.kept.answers[items].isna().to_numpy().mean() < 0.014


def test_the_file_is_marked_and_holds_no_address() -> None:
    lines = bundled("koc_core_demo.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 471
    for line in lines[1:]:
        cells = line.split(",")
        assert cells[3] == cells[4] == "synthetic 合成演示数据"
        assert re.fullmatch(r"synthetic-\d{4}\(.+-.+\)", cells[5])
        assert not re.search(r"\d+\.\d+\.\d+\.\d+", line)
