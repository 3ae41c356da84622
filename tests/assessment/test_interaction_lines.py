"""Points of an interaction plot: semTools' intercepts, least squares, a known truth."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from kocsem.assessment.interaction_lines import interaction_lines
from kocsem.assessment.moderation import moderation
from kocsem.assessment.simple_slopes import simple_slopes
from kocsem.errors import KocsemError
from moderation_cases import OPENNESS, TRUST, answers, made, reference
from tolerances import ESTIMATE_ATOL

PROBED = [-0.9, 0, 1.1]


@pytest.mark.parametrize("case", ["matched_mean", "matched_residual"])
def test_intercepts_are_those_of_semtools(case):
    got = interaction_lines(made(case), values=PROBED, predictor_values=[0])
    expected = pd.DataFrame(reference(case)["probe"]["SimpleIntcept"])
    assert_allclose(got["est"], expected["est"], atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("held", [-0.5, 0.7])
def test_intercepts_of_three_variables_are_those_of_semtools(held):
    got = interaction_lines(
        made("three_way_residual"),
        *("PI", "TR", "OC"),
        values=[-0.9, 1.1],
        at={"CA": held},
        predictor_values=[0],
    )
    table = reference("three_way_residual")["probe"]["SimpleIntcept"]
    expected = pd.DataFrame(table).query("CA == @held")
    assert_allclose(got["est"], expected["est"], atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("centring", ["double_mean", "mean", "none"])
@pytest.mark.parametrize(
    "terms", ["w + d + w:d", "w + d + v + w:d + w:v + d:v + w:d:v"]
)
def test_lines_of_least_squares(centring, terms):
    data = answers().rename(columns={"TR1": "v"})
    model = moderation(f"y ~ {terms} + OC1", data, centring=centring)
    columns = [term.replace(":", "*") for term in [*terms.split(" + "), "OC1"]]

    def design(frame):
        parts = [frame.eval(column) for column in columns]
        return np.column_stack([np.ones(len(frame)), *parts])

    b = np.linalg.lstsq(design(data), data["y"], rcond=None)[0]
    held = {"v": 4.5} if "v" in terms else {}
    got = interaction_lines(
        model, "y", "w", "d", values=[0, 1], at=held, predictor_values=[1, 4]
    )
    points = pd.DataFrame({"w": [1, 4, 1, 4], "d": [0, 0, 1, 1], **held})
    points = points.assign(OC1=data["OC1"].mean())
    assert_allclose(got["est"], design(points) @ b, rtol=1e-7)


def test_products_of_three_latent_variables():
    rng = np.random.default_rng(5)
    n = 30_000
    x, z, w = np.linalg.cholesky(0.6 * np.eye(3) + 0.4) @ rng.normal(size=(3, n))
    y = 2 + 0.4 * x + 0.2 * x * z + 0.1 * x * w + 0.1 * x * z * w + rng.normal(size=n)
    factors = {"x": x, "z": z, "w": w}
    data = pd.DataFrame(
        {
            f"{k}{i}": f + 0.5 * rng.normal(size=n)
            for k, f in factors.items()
            for i in "12"
        }
    ).assign(y=y)
    measured = "x =~ x1 + x2\nz =~ z1 + z2\nw =~ w1 + w2\n"
    terms = "y ~ x + z + w + x:z + x:w + z:w + x:z:w"
    for centring in ("double_mean", "residual"):
        model = moderation(measured + terms, data, centring=centring)
        got = interaction_lines(
            model, "y", "x", "z", values=[-1, 1], at={"w": 1}, predictor_values=[-1, 1]
        )
        # 2 + .4 x + .2 x z + .1 x w + .1 x z w at w = 1
        assert_allclose(got["est"], [1.8, 2.2, 1.2, 2.8], atol=0.06)


def test_lines_do_not_depend_on_the_scale_of_factors():
    text = TRUST + OPENNESS + "y ~ TR + OC + TR:OC\nTR2.OC2 ~ 0*1\nTR:OC ~ NA*1"
    pairing = {"TR:OC": [("TR2", "OC2"), ("TR1", "OC1"), ("TR3", "OC3")]}
    marker, unit = (
        interaction_lines(
            moderation(text, answers(), pairing=pairing, centring="mean", std_lv=std_lv)
        )
        for std_lv in (False, True)
    )
    assert_allclose(marker["est"], unit["est"], rtol=1e-6)


def test_lines_have_the_slopes_of_simple_slopes():
    for case in ("matched_double", "all_double", "observed_moderator"):
        lines = interaction_lines(made(case)).pivot(
            index="value", columns="predictor_level", values=["est", "predictor_value"]
        )
        rise = lines["est"]["mean + 1 SD"] - lines["est"]["mean - 1 SD"]
        run = lines["predictor_value"]
        slope = rise / (run["mean + 1 SD"] - run["mean - 1 SD"])
        assert_allclose(slope, simple_slopes(made(case))["est"], rtol=1e-9)


def test_what_a_frame_of_lines_holds():
    got = interaction_lines(made("matched_double"))
    assert list(got) == [
        *("outcome", "predictor", "moderator", "level", "value"),
        *("predictor_level", "predictor_value", "est"),
    ]
    assert len(got) == 9
    assert (got["outcome"] + got["predictor"] + got["moderator"] == "PITROC").all()


def test_bad_points_are_refused():
    with pytest.raises(KocsemError, match="values= is empty"):
        interaction_lines(made("matched_double"), predictor_values=[])
    with pytest.raises(KocsemError, match="No such path"):
        interaction_lines(made("matched_double"), outcome="CA")
