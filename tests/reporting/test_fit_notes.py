"""What the note under the table of fit says, by estimator."""

import pytest

from kocsem.reporting.render import render
from kocsem.reporting.tables import fit_indices
from kocsem.study.estimation import Estimation
from small_reports import ITEMS, estimated

NAN = float("nan")
SCALED = {"chisq_scaling_factor": 1.2345, "cfi_robust": 0.99, "cfi_scaled": 0.98}
ORDERED = Estimation(ordered=True)
CASES = {
    "ML": (Estimation(), (), {}, [], ["scaled", "robust", "means", "weight"]),
    "means": (Estimation(meanstructure=True), (), {}, ["count the means"], []),
    "MLR": (
        Estimation(estimator="MLR"),
        (),
        SCALED,
        ["(Yuan-Bentler scaling; factor of the structural model 1.235)", "robust"],
        ["no AIC", "all answers"],
    ),
    "MLM": (Estimation(estimator="MLM"), (), SCALED, ["Satorra-Bentler scaling"], []),
    "FIML": (
        Estimation(missing="fiml"),
        (),
        {"cfi_robust": 0.99},
        ["Zhang & Savalei, 2023", "moments of all answers", "count the means"],
        ["Chi-square is scaled", "no AIC"],
    ),
    "WLSMV": (
        ORDERED,
        ITEMS,
        SCALED,
        ["mean- and variance-adjusted", "Savalei, 2021", "no AIC and BIC", "weight"],
        ["count the means", "no p value"],
    ),
    "ordered in part": (
        Estimation(ordered=("CA1",)),
        ("CA1",),
        {"chisq_scaling_factor": 1.0, "cfi_robust": NAN, "cfi_scaled": 0.9534},
        ["There is no robust CFI; its scaled value is .953."],
        ["robust values", "no robust TLI"],
    ),
    "DWLS": (
        Estimation(ordered=True, estimator="DWLS"),
        ITEMS,
        {"pvalue": NAN},
        ["The statistic of DWLS follows no chi-square distribution"],
        ["Chi-square is scaled"],
    ),
    "saturated": (
        Estimation(ordered=True),
        ITEMS,
        {"pvalue": NAN, "df": 0},
        ["no AIC"],
        ["follows no chi-square"],
    ),
}


def shown(case, analysis, language="en"):
    chosen, ordered, measures, *_ = CASES[case]
    table = fit_indices.build(estimated(analysis, chosen, ordered, **measures))
    return render(table, language, "apa" if language == "en" else "gb")


@pytest.mark.parametrize("case", CASES)
def test_note(case, analysis):
    *_, said, unsaid = CASES[case]
    note = shown(case, analysis).notes[0].text
    for words in said:
        assert words in note
    for words in unsaid:
        assert words not in note
    assert "{" not in shown(case, analysis, "zh").notes[0].text


@pytest.mark.parametrize(("drop", "rows"), [((), 2), (("aic", "bic"), 0)])
def test_information_criteria_are_there_where_a_likelihood_is(drop, rows, analysis):
    given = estimated(analysis, Estimation())
    for fit in (given.measurement, given.structural):
        for name in drop:
            del fit.reported_measures[name]
    table = fit_indices.build(given)
    assert sum(row[0].code in ("aic", "bic") for row in table.rows()) == rows
