"""What the demo populations hold can be seen in the samples that are shipped."""

from functools import cache

import pandas as pd
import pytest
from demo import koc_extended, koc_kol

import kocsem
from kocsem.data.score import score_items
from kocsem.instrument.bundled import bundled
from kocsem.instrument.types import Instrument
from kocsem.model.from_instrument import measurement_text
from kocsem.results.fit import Fit
from kocsem.study.plan import plan_study

STRUCTURE = koc_extended.STRUCTURE
TRUST = ("TRS", "TRC", "TRB")
IN_GROUPS = {
    "configural": ((), ()),
    "metric": (("loadings",), ()),
    "partial": (("loadings", "intercepts"), ("PR3 ~ 1",)),
    "scalar": (("loadings", "intercepts"), ()),
}


@cache
def sample(name: str) -> tuple[Instrument, pd.DataFrame]:
    instrument = kocsem.load_instrument(name)
    responses = kocsem.read_responses(bundled(f"{name}_demo.csv"), instrument)
    kept = kocsem.screen(responses, instrument).kept.answers
    return instrument, score_items(kept, instrument)


def measured(name: str, *constructs: str) -> str:
    lines = measurement_text(sample(name)[0]).splitlines()
    return "\n".join(line for line in lines if line.split()[0] in constructs)


def completed(name: str) -> pd.DataFrame:
    """Fill holes with the item's median, which is quick and moves little."""
    answers = sample(name)[1]
    return answers.fillna(answers.median()).copy()


@cache
def extended() -> Fit:
    """Return the fit of the shipped study's model."""
    plan = plan_study("koc_extended_study")
    return kocsem.sem(plan.model, completed("koc_extended"))


@cache
def in_groups(step: str) -> Fit:
    equal, partial = IN_GROUPS[step]
    return kocsem.cfa(
        measurement_text(sample("koc_kol")[0]),
        completed("koc_kol").sort_values("GRP"),
        group="GRP",
        group_equal=equal,
        group_partial=partial,
    )


def pvalue(less: str, more: str) -> float:
    """Test what the second model ties together in addition."""
    return float(kocsem.compare(in_groups(less), in_groups(more))["pvalue"].iloc[-1])


def test_trust_is_a_second_order_factor() -> None:
    text = measured("koc_extended", "TR", *TRUST, "CA", "PI")
    fit = kocsem.cfa(text, completed("koc_extended"))
    assert fit.fit_measures["cfi"] > 0.98
    assert fit.fit_measures["rmsea"] < 0.04
    loadings = fit.standardized().query("op == '=~' and lhs == 'TR'")
    expected = pd.Series(STRUCTURE.paths).loc[list(TRUST)].map(lambda p: p["TR"])
    off = (loadings.set_index("rhs")["est_std"] - expected).abs()
    assert (off < 0.06).all()


def test_authenticity_and_sincerity_are_told_apart() -> None:
    text = measured("koc_extended", "CA", *TRUST)
    htmt = kocsem.assess(kocsem.cfa(text, completed("koc_extended"))).htmt
    assert 0.3 < htmt.loc["CA", "TRS"] < 0.90


def test_the_extended_model_fits_but_not_perfectly() -> None:
    found = extended().fit_measures
    assert found["cfi"] > 0.97
    assert found["rmsea"] < 0.03
    assert found["pvalue"] < 0.05


def test_the_extended_study_states_the_paths_of_its_population() -> None:
    paths = extended().parameters.query("op == '~'")
    stated = {(row.lhs, row.rhs) for row in paths.itertuples()}
    outcomes = set(STRUCTURE.paths) - set(TRUST)
    assert stated == {(o, p) for o in outcomes for p in STRUCTURE.paths[o]}


def test_the_paths_of_the_extended_model_are_seen() -> None:
    for row in extended().standardized().query("op == '~'").itertuples():
        true = STRUCTURE.paths[row.lhs][row.rhs]
        assert row.est_std * true > 0, (row.lhs, row.rhs)
        assert abs(row.est_std - true) < 2 * row.se, (row.lhs, row.rhs)
        assert abs(true) < 0.10 or row.pvalue < 0.05, (row.lhs, row.rhs)


def test_competence_has_to_do_with_paid_advice_beyond_trust() -> None:
    found = extended().parameters.query("lhs == 'TRC' and op == '~~' and rhs == 'PC'")
    assert found["est"].item() > 0
    assert found["pvalue"].item() < 0.01


@pytest.mark.parametrize(("moved", "one", "other"), STRUCTURE.products)
def test_products_are_seen(moved: str, one: str, other: str) -> None:
    """Means of its facets' items stand for trust; products need three items each."""
    answers, instrument = completed("koc_extended"), sample("koc_extended")[0]
    facets = {
        f"{facet}m": answers[[i.id for i in instrument.items_of(facet)]].mean(axis=1)
        for facet in TRUST
    }
    own = {"CM": "CM =~ CM1 + CM2 + CM3", "TR": f"TR =~ {' + '.join(facets)}"}
    predictors = list(dict.fromkeys((*STRUCTURE.paths[moved], one, other)))
    shown = [moved, *predictors]
    lines = [own.get(code) or measured("koc_extended", code) for code in shown]
    lines.append(f"{moved} ~ {' + '.join(predictors)} + {one}:{other}")
    found = kocsem.moderation(
        "\n".join(lines), answers.assign(**facets), estimator="MLR"
    ).fit.parameters.query("lhs == @moved and op == '~' and rhs == @one + '.' + @other")
    assert found["est"].item() * STRUCTURE.products[moved, one, other] > 0
    assert found["pvalue"].item() < 0.05


def test_the_short_instrument_shows_the_stronger_paths() -> None:
    outcomes = ("CA", "PS", "CI", "TR", "PI", "PB", "PV")
    paths = [f"{o} ~ {' + '.join(STRUCTURE.paths[o])}" for o in outcomes]
    residuals = ["PI ~~ PB + PV", "PB ~~ PV"]
    measurement = measurement_text(sample("koc_extended_short")[0])
    text = "\n".join([measurement, *paths, *residuals])
    fit = kocsem.sem(text, completed("koc_extended_short"))
    for row in fit.standardized().query("op == '~'").itertuples():
        true = STRUCTURE.paths[row.lhs][row.rhs]
        assert abs(row.est_std - true) < 2 * row.se, (row.lhs, row.rhs)
        assert abs(true) < 0.20 or row.pvalue < 0.05, (row.lhs, row.rhs)


def test_one_intercept_keeps_the_groups_from_one_scale() -> None:
    assert pvalue("configural", "metric") > 0.05
    assert pvalue("metric", "scalar") < 0.001
    assert pvalue("metric", "partial") > 0.05


def test_that_intercept_is_of_the_planned_item() -> None:
    tests = in_groups("scalar").score_tests().univariate
    worst = tests.loc[tests["chisq"].idxmax()]
    assert (worst["lhs"], worst["op"]) == ("PR3", "~1")
    assert worst["chisq"] > 2 * tests["chisq"].drop(worst.name).max()


def test_the_groups_differ_in_their_means_as_planned() -> None:
    table = in_groups("partial").parameters
    variances = table[(table["op"] == "~~") & (table["lhs"] == table["rhs"])]
    pooled = variances.groupby("lhs")["est"].mean() ** 0.5
    means = table[(table["op"] == "~1") & (table["group"] == 2)].set_index("lhs")
    for code, difference in koc_kol.DIFFERENCES.items():
        found = means.loc[code]
        assert abs(-found["est"] - difference * pooled[code]) < 2 * found["se"], code
        assert (found["pvalue"] < 0.05) == (code != "PI"), code


def test_the_groups_differ_in_their_paths_as_planned() -> None:
    text = f"{measurement_text(sample('koc_kol')[0])}\nTR ~ RC + EX + CMI\nPI ~ TR"
    answers = completed("koc_kol").sort_values("GRP")
    fit = kocsem.sem(text, answers, group="GRP", group_equal=["loadings"])
    for row in fit.standardized().query("op == '~'").itertuples():
        true = koc_kol.PATHS[("KOC", "KOL")[row.group - 1]][row.lhs][row.rhs]
        assert abs(row.est_std - true) < 2 * row.se, (row.group, row.lhs, row.rhs)
        assert row.pvalue < 0.05, (row.group, row.lhs, row.rhs)


def within_text(construct: str) -> str:
    """Write two ratings of one construct: equal loadings and intercepts but PR3's."""
    items = [code for code in koc_kol.LOADINGS if code.rstrip("1234") == construct]
    lines = [f"{code}_KOC ~~ {code}_KOL" for code in items]
    for creator, mean in (("KOC", "0*1"), ("KOL", "NA*1")):
        shown = " + ".join(f"l{k}*{c}_{creator}" for k, c in enumerate(items[1:]))
        lines += [
            f"{construct}_{creator} =~ 1*{items[0]}_{creator} + {shown}",
            f"{construct}_{creator} ~ {mean}",
            *(f"{c}_{creator} ~ i{c}*1" for c in items if c != "PR3"),
        ]
    return "\n".join(lines)


@pytest.mark.parametrize("construct", koc_kol.DIFFERENCES)
def test_two_ratings_by_one_person_differ_and_go_together(construct: str) -> None:
    answers = completed("koc_kol_within")
    fit = kocsem.cfa(within_text(construct), answers, meanstructure=True)
    assert fit.fit_measures["pvalue"] > 0.05
    koc, kol = f"{construct}_KOC", f"{construct}_KOL"
    table = fit.parameters.set_index(["lhs", "op", "rhs"])
    pooled = (sum(table.loc[(c, "~~", c), "est"] for c in (koc, kol)) / 2) ** 0.5
    mean = table.loc[(kol, "~1", "")]
    difference = koc_kol.DIFFERENCES[construct]
    assert abs(-mean["est"] - difference * pooled) < 2 * mean["se"]
    r = table.loc[(koc, "~~", kol), "std_all"]
    assert 0.15 < r < 0.45
    together = [table.loc[pair, "std_all"] for pair in table.index if is_twice(pair)]
    assert sum(together) / len(together) > 0.1


def is_twice(pair: tuple[str, str, str]) -> bool:
    """Tell whether a row is the covariance of one item's two errors."""
    one, op, other = pair
    digits = any(character.isdigit() for character in one)
    return op == "~~" and one != other and digits
