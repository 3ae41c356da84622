"""Tables of a study with ordered items, and of one that keeps missing answers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kocsem.findings import Finding, Unavailable
from kocsem.reporting.render import render
from kocsem.reporting.tables import (
    collinearity,
    cross_check,
    descriptives,
    discriminant,
    missing,
    parameters,
    reliability,
)
from kocsem.reporting.tables.collection import make_tables
from kocsem.study.estimation import Estimation
from small_reports import ITEMS, estimated, holes

NAN = float("nan")
FIML = Estimation(estimator="MLR", missing="fiml")
ORDERED = Estimation(ordered=True)


def grid(table, language="en"):
    shown = render(table, language, "apa" if language == "en" else "gb")
    return [
        [c.text + (f"^{c.letter}" if c.letter else "") for c in row]
        for group in shown.groups
        for row in group.rows
    ]


def notes(table, language="en"):
    shown = render(table, language, "apa" if language == "en" else "gb")
    return " ".join(note.text for note in shown.notes)


@pytest.fixture
def kept(analysis):
    """Return a study that keeps missing answers."""
    return estimated(replace(analysis, missing=holes()), FIML)


@pytest.fixture
def ordered(analysis):
    """Return a study of ordered items, with a threshold and what goes with it."""
    found = estimated(analysis, ORDERED, ITEMS)
    more = [
        ("CA1", "|", "t1", 1, "", -1.5, 0.1, -15.0, 0.0, -1.7, -1.3, -1.5, -1.5),
        ("CA1", "~*~", "CA1", 1, "", 1.0, 0.0, NAN, NAN, 1.0, 1.0, 1.0, 1.0),
        ("CA1", "~1", "", 1, "", 0.0, 0.0, NAN, NAN, 0.0, 0.0, 0.0, 0.0),
        ("CA1", "~~", "CA1", 1, "", 0.34, 0.0, NAN, NAN, 0.34, 0.34, 0.34, 0.34),
    ]
    for fit in (found.measurement, found.structural):
        extra = pd.DataFrame(more, columns=list(fit.parameters))
        fit.parameters = pd.concat([fit.parameters, extra], ignore_index=True)
    constructs = found.assessment.constructs.assign(ordinal_alpha=[0.8012, 0.86, NAN])
    return replace(
        found,
        assessment=replace(found.assessment, constructs=constructs),
        normality=replace(found.normality, items=found.normality.items.iloc[:0]),
    )


def test_missing_answers(kept):
    table = missing.build(kept)
    assert grid(table) == [["CA1", "9", "1", "10.0"], ["CA2", "7", "3", "30.0"]]
    shown = notes(table)
    assert "Of the 10 answer sheets that screening keeps, 6 have no missing" in shown
    assert "there are 3 patterns" in shown
    assert "fewest answered both is CA1 and CA2 (60.0%)" in shown
    test = kept.missing.mcar
    assert f"χ²({test.df}) = {test.chisq:.2f}, p = " in shown
    assert "(Little, 1988)" in shown
    assert "{" not in notes(table, "zh")


def test_without_missing_answers_there_is_no_table(analysis):
    assert missing.build(analysis) is None
    assert "missing" not in {table.key for table in make_tables(analysis)}


def test_a_test_that_could_not_be_made_is_said(kept):
    report = replace(kept.missing, mcar=Unavailable("why"))
    assert "could not be made" in notes(missing.build(replace(kept, missing=report)))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (descriptives.build, "rest on all who answered it"),
        (collinearity.build, "From the 6 answer sheets without a missing answer"),
        (reliability.build, "maximum likelihood covariances of all answers"),
        (reliability.build_alpha, "Its interval is therefore approximate"),
    ],
)
def test_what_rests_on_which_answers(build, words, kept, analysis):
    assert words in notes(build(kept))
    assert words not in notes(build(analysis))
    listwise = replace(analysis, missing=holes())
    assert words not in notes(build(listwise))


def test_a_comparison_on_other_sheets_says_so(analysis):
    fewer = replace(analysis.cross_check, nobs=150)
    shown = notes(cross_check.build(replace(analysis, cross_check=fewer)))
    assert "the 150 answer sheets without a missing answer" in shown
    assert "Both engines" not in notes(cross_check.build(analysis))


def test_what_cannot_be_compared_is_said_in_the_table(analysis):
    found = Finding("estimator-not-compared", "info", "semopy", "It cannot.")
    empty = replace(
        analysis.cross_check,
        where="",
        largest=NAN,
        parameters=analysis.cross_check.parameters.iloc[:0],
        indices=analysis.cross_check.indices.iloc[:0],
        findings=(found,),
    )
    table = cross_check.build(replace(analysis, cross_check=empty))
    assert grid(table) == []
    assert notes(table) == "It cannot."
    assert "无法核对本研究所用估计方法的结果" in notes(table, "zh")


def test_thresholds_are_for_the_files_of_numbers(ordered):
    made = {table.key: table for table in make_tables(ordered)}
    assert [key for key, table in made.items() if table.data_only] == ["thresholds"]
    numbers = [table.number for table in made.values()]
    assert numbers[-1] == made["thresholds"].number == f"S{len(numbers) - 8}"
    (row,) = grid(made["thresholds"])
    assert row[:5] == ["CA1", "|", "t1", "−1.500", "0.100"]


def test_parameters_leave_out_what_identifies_the_model(ordered, analysis):
    table = parameters.build_structural(ordered)
    operators = [row[1] for row in grid(table)]
    assert not {"|", "~*~", "~1"} & set(operators)
    assert grid(table)[-1] == ["CA1", "~~", "CA1", "0.340", *["–^b"] * 5, "0.340"]
    shown = notes(table)
    assert "follows from other parameters" in shown
    assert "stand in the workbook" in shown
    assert "fixed at 0 for identification are left out" in shown
    plain = notes(parameters.build_structural(analysis))
    assert "workbook" not in plain
    assert "identification" not in plain


@pytest.mark.parametrize(
    ("est", "z", "shown"), [(3.2, 9.0, True), (3.0, NAN, True), (0.0, NAN, False)]
)
def test_means_are_listed_unless_they_are_fixed_at_nought(est, z, shown, ordered):
    frame = ordered.structural.parameters
    frame.loc[frame["op"] == "~1", ["est", "z"]] = est, z
    operators = [row[1] for row in grid(parameters.build_structural(ordered))]
    assert ("~1" in operators) == shown


def test_both_alphas_of_ordered_items(ordered):
    table = reliability.build_alpha(ordered)
    assert table.title.en == "Cronbach's alpha and ordinal alpha"
    first = ["Content authenticity (CA)", "2", ".763", "[.690, .820]", ".801", ".764"]
    assert grid(table)[0][:6] == first
    assert grid(table)[2][2:] == ["–^a", "–^a", "–^b", "–^a", "–^a"]
    assert "exists where all items of a construct" in notes(table)
    assert "Zumbo, Gadermann & Zeisser, 2007" in notes(table)
    assert "Chalmers, 2018" in notes(table)


@pytest.mark.parametrize(
    ("build", "en", "zh"),
    [
        (
            reliability.build,
            "α is that of the sum of the answers",
            "α仍是作答总分的系数",
        ),
        (discriminant.build, "HTMT rests on polychoric", "HTMT由多分格相关系数算得"),
        (descriptives.build, "are not tested for it", "不作正态性检验"),
    ],
)
def test_what_ordered_items_mean_for_a_table(build, en, zh, ordered, analysis):
    assert en in notes(build(ordered))
    assert zh in notes(build(ordered), "zh")
    assert en not in notes(build(analysis))


def test_items_that_are_not_tested_are_only_described(ordered, analysis):
    assert descriptives.build(ordered).title.en == "Item descriptives"
    assert "normality" in descriptives.build(analysis).title.en
    assert "Shapiro" not in notes(descriptives.build(ordered))


def test_the_page_names_the_method_and_its_sources(ordered):
    from kocsem.reporting.report import diagram_of, make_report

    report = make_report(ordered, make_tables(ordered), "en", diagram_of(ordered, "en"))
    assert "thresholds" not in {table.key for table in report.tables}
    (estimation,) = [fact.text for fact in report.facts if fact.name == "Estimation"]
    assert "All 5 items were treated as ordered categories" in estimation
    for author in ("Muthén, B. (1984)", "Asparouhov, T.", "Olsson, U. (1979)"):
        assert any(work.startswith(author) for work in report.references)
    assert np.all([work.count("{") == 0 for work in report.references])
