"""The second engine: an independent program at the same optimum."""

import logging
import warnings

import numpy as np
import pytest

import kocsem
from kocsem.errors import UnsupportedError
from kocsem.estimation.semopy_engine import semopy_text
from kocsem.model.build import TableOptions, build_table
from kocsem.model.syntax import parse_model
from sem_cases import HS, PD, by_parameter, democracy, holzinger, values_in_order
from tolerances import ESTIMATE_ATOL

# semopy stops on the change of its objective, 1e-14, so its estimates are good to
# about 1e-6 of a standard error
CASES = {
    "cfa": (HS, holzinger, {}),
    "std_lv": (HS, holzinger, {"std_lv": True}),
    "sem": (PD, democracy, {}),
    "sem with std_lv": (PD, democracy, {"std_lv": True}),
    "labels": (
        "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + b*x5 + b*x6\ntextual ~ c*visual",
        holzinger,
        {},
    ),
    "a label used once": (HS.replace("x2", "k*x2"), holzinger, {}),
    "second order": (f"{HS}\ng =~ visual + textual + speed", holzinger, {}),
    "covariates": (
        f"{HS}\nvisual ~ ageyr + sex\ntextual ~ ageyr\nspeed ~ visual + ageyr",
        holzinger,
        {},
    ),
    "random covariates": (f"{HS}\nvisual ~ ageyr + sex", holzinger, {"fixed_x": False}),
    "path": ("x9 ~ x1 + x5\nx5 ~ x1", holzinger, {}),
    "two outcomes": ("x8 ~ x1 + x2\nx9 ~ x1", holzinger, {}),
    "a free marker": (
        HS.replace("=~ x1", "=~ NA*x1") + "\nvisual ~~ 1*visual",
        holzinger,
        {},
    ),
    "fixed values": (f"{HS}\nvisual ~~ 0*speed\nx7 ~~ 0.1*x8", holzinger, {}),
    "covariances the other way round": (
        f"{HS}\nspeed ~~ visual\nx9 ~~ x1\nx8 ~~ x2",
        holzinger,
        {},
    ),
    "definitions": (
        f"{HS}\nspeed ~ b*textual + c*visual\ntextual ~ a*visual\nab := a*b",
        holzinger,
        {},
    ),
}


@pytest.mark.parametrize(("text", "read", "options"), CASES.values(), ids=CASES)
def test_both_engines_agree(text, read, options):
    ours = kocsem.sem(text, read(), **options)
    theirs = kocsem.sem(text, read(), engine="semopy", **options)
    assert theirs.converged
    assert theirs.options.engine == "semopy"
    for column in ("est", "se", "std_all"):
        found, expected = values_in_order(theirs.parameters, column, ours.parameters)
        np.testing.assert_allclose(found, expected, atol=ESTIMATE_ATOL, rtol=1e-5)
    for name in ("chisq", "cfi", "rmsea", "srmr"):
        expected = ours.fit_measures[name]
        assert theirs.fit_measures[name] == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert theirs.fit_measures["df"] == ours.fit_measures["df"]


def test_the_optimum_is_semopys_own():
    fit = kocsem.cfa(HS, holzinger(), engine="semopy")
    # the independent minimiser leaves a gradient, ours does not
    assert fit.solution.optimum.decrement > 1e-20
    assert kocsem.cfa(HS, holzinger()).solution.optimum.decrement < 1e-20


def test_names_that_semopys_grammar_cannot_read():
    data = holzinger().rename(columns={"x1": "题1", "x2": "x.2", "x3": "START"})
    text = HS.replace("x1", "题1").replace("x2", "x.2").replace("x3", "START")
    text = text.replace("visual", "视觉")
    fit = kocsem.cfa(text, data, engine="semopy")
    plain = by_parameter(kocsem.cfa(HS, holzinger()).parameters, "est")
    found = by_parameter(fit.parameters, "est")
    assert found["视觉", "=~", "x.2"] == pytest.approx(
        plain["visual", "=~", "x2"], abs=ESTIMATE_ATOL
    )
    assert found["题1", "~~", "题1"] == pytest.approx(
        plain["x1", "~~", "x1"], abs=ESTIMATE_ATOL
    )


def test_a_covariance_matrix_serves_as_well():
    data = holzinger()[[f"x{i}" for i in range(1, 10)]]
    fit = kocsem.cfa(HS, sample_cov=data.cov(), sample_nobs=301, engine="semopy")
    raw = kocsem.cfa(HS, data)
    assert fit.fit_measures["chisq"] == pytest.approx(raw.fit_measures["chisq"])


REFUSED = {
    "means": (HS, {"meanstructure": True}, "no mean structure"),
    "an intercept": (f"{HS}\nx1 ~ 1", {}, "no mean structure"),
    "constraints": (
        f"{HS.replace('x2', 'a*x2').replace('x3', 'b*x3')}\na == b",
        {},
        "== constraints; use labels",
    ),
}


@pytest.mark.parametrize(("text", "options", "words"), REFUSED.values(), ids=REFUSED)
def test_refused(text, options, words):
    with pytest.raises(UnsupportedError, match=words):
        kocsem.sem(text, holzinger(), engine="semopy", **options)


def test_nothing_global_is_touched(capfd, monkeypatch):
    root = logging.getLogger()
    monkeypatch.setattr(root.manager, "disable", logging.NOTSET)
    before = (
        list(root.handlers),
        root.level,
        root.manager.disable,
        list(warnings.filters),
        np.geterr(),
    )
    kocsem.cfa(HS, holzinger(), engine="semopy")
    after = (
        list(root.handlers),
        root.level,
        root.manager.disable,
        list(warnings.filters),
        np.geterr(),
    )
    assert after == before
    assert capfd.readouterr() == ("", "")


def test_log_lines_still_pass_afterwards(caplog, monkeypatch):
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    kocsem.cfa(HS, holzinger(), engine="semopy")
    with caplog.at_level(logging.INFO):
        logging.getLogger("somebody").info("still heard")
    assert "still heard" in caplog.text


def lines(text, **options):
    table = build_table(parse_model(text), TableOptions(**options))
    start = np.full(len(table.free_rows), 0.5)
    return semopy_text(table, start).splitlines()


def test_the_text_leaves_nothing_to_defaults():
    found = lines("f =~ x1 + x2\ng =~ x3 + x4\nf ~~ 0*g")
    assert "l0 =~ 1.0*o0" in found
    assert "l0 =~ p1*o1" in found
    assert "START(0.5) p1" in found
    assert "l0 ~~ 0.0*l1" in found
    assert "o0 ~~ o0" in found
    assert "l1 ~~ l1" in found


def test_the_text_fixes_covariances_that_semopy_would_add():
    # semopy lets the disturbances of factors under one factor covary
    found = lines("f =~ x1 + x2\ng =~ x3 + x4\ntop =~ f + g")
    assert "l0 ~~ 0*l1" in found


def test_a_covariance_of_the_users_stands_once():
    found = lines("y ~ x\nz ~ x\nz ~~ 0*y")
    assert [
        line for line in found if "~~" in line and "o0" in line and "o1" in line
    ] == ["o0 ~~ 0.0*o1"]


def test_shared_labels_become_shared_names():
    found = lines("f =~ x1 + a*x2 + a*x3 + b*x4")
    assert "l0 =~ q0*o1" in found
    assert "l0 =~ q0*o2" in found
    assert "l0 =~ p3*o3" in found
    assert "q1" not in " ".join(found)
