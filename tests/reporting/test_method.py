"""The account of the method: every estimator has its sentence and its source."""

from dataclasses import replace

import pytest

from kocsem.data.types import FlowStep
from kocsem.instrument.types import Text
from kocsem.model.options import ESTIMATORS as OFFERED
from kocsem.reporting.method import method_notes
from kocsem.reporting.notes import ESTIMATORS
from kocsem.reporting.render import show_notes
from kocsem.study.estimation import Estimation
from small_reports import ITEMS, estimated, holes


def paragraph(analysis, language="en"):
    return show_notes(method_notes(analysis), language, "apa")


def test_every_estimator_has_a_sentence():
    assert set(ESTIMATORS) == {*OFFERED, "ordinal_ULS"}


@pytest.mark.parametrize("name", OFFERED)
def test_estimator_and_source(name, analysis):
    ordinal = "WLS" in name or name in ("ULSM", "ULSMV")
    chosen = Estimation(estimator=name, ordered=ordinal)
    for language in ("en", "zh"):
        shown = paragraph(estimated(analysis, chosen, ITEMS * ordinal), language)
        assert "{" not in shown
        assert name in shown
    assert (name == "ML") == ("19" not in shown and "20" not in shown)


CASES = [
    (
        Estimation(),
        (),
        ["maximum likelihood (ML).", "No answer to the items"],
        ["robust"],
    ),
    (Estimation(engine="semopy"), (), ["Engine: semopy."], []),
    (Estimation(ordered=True), ITEMS, ["All 5 items", "Olsson, 1979"], ["polyserial"]),
    (
        Estimation(ordered=("CA1", "CA2"), estimator="ULS"),
        ("CA1", "CA2"),
        ["Of 5 observed variables 2 were", "(CA1, CA2)", "the test is not adjusted"],
        ["All"],
    ),
]


@pytest.mark.parametrize(("chosen", "ordered", "said", "unsaid"), CASES)
def test_sentences(chosen, ordered, said, unsaid, analysis):
    shown = paragraph(estimated(analysis, chosen, ordered))
    for words in said:
        assert words in shown
    for words in unsaid:
        assert words not in shown


@pytest.mark.parametrize(
    ("chosen", "ordered", "en", "zh"),
    [
        (Estimation(), (), "left out (listwise deletion, 30)", "列删法，30份"),
        (Estimation(missing="fiml"), (), "Enders & Bandalos, 2001", "假定随机缺失"),
        (
            Estimation(ordered=True, missing="pairwise"),
            ITEMS,
            "(pairwise), which assumes that answers are missing completely at random",
            "成对处理",
        ),
    ],
)
def test_missing_answers(chosen, ordered, en, zh, analysis):
    flow = (
        *analysis.screening.flow,
        FlowStep("incomplete", Text(zh="缺", en="No"), 30),
    )
    screening = replace(analysis.screening, flow=flow)
    given = replace(analysis, missing=holes(), screening=screening)
    assert en in paragraph(estimated(given, chosen, ordered))
    assert zh in paragraph(estimated(given, chosen, ordered), "zh")


@pytest.mark.parametrize(
    ("chosen", "ordered", "source"),
    [
        (Estimation(estimator="MLR"), (), "Brosseau-Liard & Savalei, 2014"),
        (Estimation(missing="fiml"), (), "(Zhang & Savalei, 2023)"),
        (Estimation(ordered=True), ITEMS, "(Savalei, 2021)"),
    ],
)
def test_robust_indices_have_a_source(chosen, ordered, source, analysis):
    given = estimated(analysis, chosen, ordered, cfi_robust=0.99)
    assert "CFI, TLI and RMSEA are robust values (" in paragraph(given)
    assert source in paragraph(given)
    none = estimated(analysis, chosen, ordered, cfi_robust=float("nan"))
    assert "robust values" not in paragraph(none)


@pytest.mark.parametrize(
    ("fixed_x", "words"), [(True, "taken as given"), (False, "modelled as continuous")]
)
def test_observed_predictors(fixed_x, words, analysis):
    given = estimated(analysis, Estimation(fixed_x=fixed_x), exogenous=("PI1",))
    assert f"(PI1) were {words}" in paragraph(given)
