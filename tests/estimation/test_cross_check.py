"""Two engines side by side: what agrees, what does not, what cannot be compared."""

from dataclasses import replace

import numpy as np
import pytest

import kocsem
from kocsem.estimation import cross_check as room
from sem_cases import HS, PD, democracy, holzinger


@pytest.fixture(scope="module")
def fit():
    return kocsem.cfa(HS, holzinger())


def test_agreement(fit):
    found = kocsem.cross_check(fit)
    assert found.engine == "semopy"
    assert found.version.count(".") >= 1
    assert found.findings == ()
    assert found.largest < 1e-3
    assert found.where in [row.text for row in fit.table.free_rows]


def test_parameters_side_by_side(fit):
    frame = kocsem.cross_check(fit).parameters
    assert list(frame) == ["lhs", "op", "rhs", "est", "other", "difference"]
    assert list(frame["lhs"] + frame["op"] + frame["rhs"]) == [
        row.text for row in fit.table.free_rows
    ]
    free = fit.parameters[fit.parameters["se"] > 0]
    np.testing.assert_array_equal(frame["est"], free["est"])
    np.testing.assert_array_equal(frame["difference"], frame["other"] - frame["est"])
    assert (frame["difference"] != 0).any()


def test_indices_side_by_side(fit):
    frame = kocsem.cross_check(fit).indices.set_index("index")
    assert list(frame.index) == ["chisq", "cfi", "tli", "rmsea", "srmr"]
    for name in frame.index:
        assert frame.loc[name, "value"] == fit.fit_measures[name]
    np.testing.assert_allclose(frame["difference"], 0, atol=1e-6)


def test_the_largest_difference_is_in_standard_errors(fit):
    found = kocsem.cross_check(fit)
    free = fit.parameters[fit.parameters["se"] > 0].reset_index(drop=True)
    share = found.parameters["difference"].abs() / free["se"]
    assert found.largest == pytest.approx(share.max(), rel=1e-12)
    at = share.idxmax()
    assert found.where == "".join(found.parameters.loc[at, ["lhs", "op", "rhs"]])


def test_a_fit_of_semopys_is_checked_by_kocsem():
    found = kocsem.cross_check(kocsem.cfa(HS, holzinger(), engine="semopy"))
    assert found.engine == "kocsem"
    assert found.version == kocsem.__version__
    assert found.findings == ()


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (HS, {"meanstructure": True}, "no mean structure"),
        (HS.replace("x2", "a*x2") + "\na == 0.5", {}, "== constraints"),
    ],
)
def test_no_comparison_is_a_finding(text, options, words):
    found = kocsem.cross_check(kocsem.cfa(text, holzinger(), **options))
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("no-cross-check", "warning")
    assert words in finding.message
    assert np.isnan(found.largest)
    assert found.where == ""
    assert found.parameters.empty
    assert found.indices.empty
    assert list(found.parameters) == ["lhs", "op", "rhs", "est", "other", "difference"]


def test_disagreement_is_a_finding(fit, monkeypatch):
    other = kocsem.cfa(HS, holzinger()[:299])
    moved = replace(fit.solution, optimum=other.solution.optimum)
    monkeypatch.setattr(room, "fit_table", lambda *_: replace(other, solution=moved))
    found = kocsem.cross_check(fit)
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("engines-disagree", "warning")
    assert finding.subject == found.where
    assert finding.value == found.largest > finding.threshold == room.TOLERANCE
    assert "semopy estimates" in finding.message
    assert found.where in finding.message


def test_shared_labels():
    text = "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + x6"
    assert kocsem.cross_check(kocsem.cfa(text, holzinger())).findings == ()


def test_a_structural_model():
    found = kocsem.cross_check(kocsem.sem(PD, democracy()))
    assert found.findings == ()
    assert found.largest < 1e-3


def test_everything_fixed_leaves_nothing_to_compare():
    fit = kocsem.cfa("x1 ~~ 1.4*x1\nx2 ~~ 1.4*x2\nx1 ~~ 0.4*x2", holzinger())
    found = kocsem.cross_check(fit)
    assert found.parameters.empty


@pytest.fixture(scope="module")
def holed():
    """Return the Holzinger-Swineford answers with one in twenty missing."""
    holes = np.random.default_rng(1).random((301, 9)) < 0.05
    data = holzinger()
    items = [f"x{i}" for i in range(1, 10)]
    return data.assign(**data[items].mask(holes))


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_answers_with_holes_are_compared_on_the_complete_rows(estimator, holed):
    fit = kocsem.cfa(HS, holed, missing="fiml", estimator=estimator)
    found = kocsem.cross_check(fit)
    plain = kocsem.cfa(HS, holed)
    assert found.nobs == plain.nobs < fit.nobs == 301
    assert found.findings == ()
    assert found.largest < 1e-3
    free = plain.parameters[plain.parameters["se"] > 0]
    np.testing.assert_allclose(found.parameters["est"], free["est"], rtol=1e-9)
    values = found.indices.set_index("index")["value"]
    for name in values.index:
        assert values[name] == pytest.approx(plain.fit_measures[name], rel=1e-9)


@pytest.mark.parametrize(
    "more",
    ["\nx1 ~ 0*1\nvisual ~ 1", "\nx1 ~ a*1\nx2 ~ a*1", "\nx2 ~ 3*1"],
)
def test_means_that_are_a_model_of_their_own_stay_in_it(more, holed):
    fit = kocsem.cfa(HS + more, holed, missing="fiml")
    (finding,) = kocsem.cross_check(fit).findings
    assert finding.code == "no-cross-check"
    assert "no mean structure" in finding.message


def test_weighted_rows_with_holes_are_not_compared(holed):
    data = holed.assign(w=np.linspace(0.5, 1.5, 301))
    fit = kocsem.cfa(HS, data, missing="fiml", estimator="MLR", sampling_weights="w")
    (finding,) = kocsem.cross_check(fit).findings
    assert finding.code == "no-cross-check"


@pytest.mark.parametrize(
    "options", [{"estimator": "GLS"}, {"estimator": "ULS"}, {"ordered": ["x1"]}]
)
def test_what_semopy_has_no_counterpart_of_is_said(options):
    data = holzinger().assign(x1=lambda f: f["x1"].round().clip(3, 6))
    found = kocsem.cross_check(kocsem.cfa(HS, data, **options))
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("estimator-not-compared", "info")
    assert f"by {options.get('estimator', 'WLSMV')} cannot" in finding.message
    assert found.parameters.empty
    assert found.where == ""
