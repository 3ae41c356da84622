"""The assessment of whole fits: published data sets, and models that lack something."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kocsem import citations
from kocsem.assessment.assess import assess
from kocsem.errors import UnsupportedError
from kocsem.estimation.run import cfa, sem
from kocsem.instrument.types import Instrument

SHARED = Path(__file__).parents[3] / "shared"
HOLZINGER = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


def correlated(blocks, between):
    """Return a correlation matrix of items x1, x2 ... with equal blocks."""
    sizes = [size for size, _ in blocks]
    names = [f"x{i + 1}" for i in range(sum(sizes))]
    R = np.full((len(names), len(names)), float(between))
    start = 0
    for size, within in blocks:
        R[start : start + size, start : start + size] = within
        start += size
    np.fill_diagonal(R, 1.0)
    return pd.DataFrame(R, index=names, columns=names)


def assessed(model, R, **options):
    return assess(cfa(model, sample_cov=R, sample_nobs=300, **options))


def row(assessment, construct):
    return assessment.constructs.set_index("construct").loc[construct]


def codes(assessment):
    return [(finding.code, finding.subject) for finding in assessment.findings]


@pytest.fixture(scope="module")
def holzinger():
    file = SHARED / "reference" / "data" / "holzinger.csv"
    if not file.exists():
        pytest.skip("the Holzinger-Swineford data are not beside the project")
    return assess(cfa(HOLZINGER, pd.read_csv(file)))


# semTools 0.5-6 and psych; see test_reliability for the formulas.
@pytest.mark.parametrize(
    ("construct", "alpha", "cr", "ave"),
    [
        ("visual", 0.6261, 0.6258, 0.3710),
        ("textual", 0.8827, 0.8850, 0.7195),
        ("speed", 0.6885, 0.6914, 0.4298),
    ],
)
def test_holzinger_reliability(holzinger, construct, alpha, cr, ave):
    got = row(holzinger, construct)
    assert got[["alpha", "cr", "ave"]].tolist() == pytest.approx(
        [alpha, cr, ave], abs=5e-5
    )
    assert got["sqrt_ave"] ** 2 == pytest.approx(got["ave"])
    assert got["alpha_lower"] < alpha < got["alpha_upper"]


@pytest.mark.parametrize(
    ("first", "second", "ratio", "r"),
    [
        ("visual", "textual", 0.424323, 0.459),
        ("visual", "speed", 0.466550, 0.471),
        ("textual", "speed", 0.289568, 0.283),
    ],
)
def test_holzinger_validity(holzinger, first, second, ratio, r):
    assert holzinger.htmt.loc[first, second] == pytest.approx(ratio, abs=5e-7)
    assert holzinger.htmt.loc[second, first] == holzinger.htmt.loc[first, second]
    assert holzinger.correlations.loc[first, second] == pytest.approx(r, abs=5e-4)


def test_holzinger_findings(holzinger):
    assert codes(holzinger) == [
        ("low-loading", "x2"),
        ("low-alpha", "visual"),
        ("low-cr", "visual"),
        ("low-ave", "visual"),
        ("low-alpha", "speed"),
        ("low-cr", "speed"),
        ("low-ave", "speed"),
    ]
    assert all(citations.cite(str(f.citation)) for f in holzinger.findings)


# domain figures of the Hanoi authors' constructs; HTMT by semTools, htmt2=FALSE.
HANOI_ALPHA = {"PAR": 0.631, "INT": 0.811, "HED": 0.830, "CON": 0.808, "URG": 0.809}
HANOI_HTMT = {
    ("PAR", "INT"): 0.478380,
    ("PAR", "HED"): 0.475793,
    ("PAR", "CON"): 0.458420,
    ("PAR", "URG"): 0.579239,
    ("INT", "HED"): 0.530038,
    ("INT", "CON"): 0.335025,
    ("INT", "URG"): 0.205692,
    ("HED", "CON"): 0.406582,
    ("HED", "URG"): 0.473512,
    ("CON", "URG"): 0.347386,
}


def test_hanoi():
    file = SHARED / "data" / "hanoi" / "responses.csv"
    if not file.exists():
        pytest.skip("the Hanoi answers are not beside the project")
    model = "\n".join(f"{c} =~ {c}1 + {c}2 + {c}3" for c in HANOI_ALPHA)
    result = assess(cfa(model, pd.read_csv(file)))
    alphas = dict(result.constructs[["construct", "alpha"]].itertuples(index=False))
    assert alphas == pytest.approx(HANOI_ALPHA, abs=5e-4)
    for (first, second), expected in HANOI_HTMT.items():
        assert result.htmt.loc[first, second] == pytest.approx(expected, abs=5e-7)
    # Printed by the authors.
    std = result.loadings.set_index("item")["std_all"]
    assert std[["PAR1", "PAR2", "PAR3"]].tolist() == pytest.approx(
        [0.501, 0.669, 0.672], abs=5e-4
    )


def test_equal_blocks_have_closed_forms():
    # Within .64 means loadings of .8; between .32 means r = .5 and HTMT = .5.
    result = assessed(
        "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6", correlated([(3, 0.64)] * 2, 0.32)
    )
    f = row(result, "f")
    expected_cr = 2.4**2 / (2.4**2 + 3 * 0.36)
    assert f["ave"] == pytest.approx(0.64, abs=1e-6)
    assert f["cr"] == pytest.approx(expected_cr, abs=1e-6)
    assert f["alpha"] == pytest.approx(expected_cr, abs=1e-6)
    assert result.correlations.loc["f", "g"] == pytest.approx(0.5, abs=1e-6)
    assert result.htmt.loc["f", "g"] == pytest.approx(0.5, abs=1e-12)
    assert result.findings == ()


@pytest.mark.parametrize(
    ("within", "between", "expected"),
    [
        (0.64, 0.60, {"fornell-larcker": "warning", "high-htmt": "warning"}),
        (0.64, 0.56, {"fornell-larcker": "warning", "high-htmt": "info"}),
        (0.64, 0.52, {"fornell-larcker": "warning"}),
        (0.64, 0.50, {}),
        (
            0.42,
            0.10,
            {"low-ave": "warning", "low-alpha": "warning", "low-cr": "warning"},
        ),
    ],
)
def test_thresholds(within, between, expected):
    k = 3 if within > 0.5 else 2
    R = correlated([(k, within)] * 2, between)
    items = [f"x{i + 1}" for i in range(2 * k)]
    model = f"f =~ {' + '.join(items[:k])}\ng =~ {' + '.join(items[k:])}"
    result = assessed(model, R)
    assert {f.code: f.severity for f in result.findings} == expected


def test_correlated_errors_are_counted_and_told():
    R = correlated([(4, 0.49)], 0)
    R.loc["x1", "x2"] = R.loc["x2", "x1"] = 0.49 + 0.20
    result = assessed("f =~ x1 + x2 + x3 + x4\nx1 ~~ x2", R)
    f = row(result, "f")
    true = (4 * 0.7) ** 2
    assert f["cr"] == pytest.approx(true / (true + 4 * 0.51 + 2 * 0.20), abs=1e-5)
    told = {x.code: x for x in result.findings}["correlated-errors"]
    assert told.threshold == pytest.approx(true / (true + 4 * 0.51), abs=1e-5)
    assert told.citation == "raykov-2001"


def test_errors_that_covary_across_constructs_change_nothing():
    R = correlated([(3, 0.64)] * 2, 0.32)
    R.loc["x1", "x4"] = R.loc["x4", "x1"] = 0.42
    result = assessed("f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; x1 ~~ x4", R)
    assert row(result, "f")["cr"] == pytest.approx(2.4**2 / (2.4**2 + 1.08), abs=1e-5)
    assert "correlated-errors" not in dict(codes(result))


def test_a_single_indicator_has_no_reliability():
    R = correlated([(3, 0.64), (1, 1)], 0.4)
    result = assessed("f =~ x1 + x2 + x3; g =~ x4; x4 ~~ 0*x4", R)
    assert row(result, "g")[["alpha", "cr", "ave", "sqrt_ave"]].isna().all()
    assert np.isnan(result.htmt.loc["f", "g"])
    assert [c for c in codes(result) if c[1] == "g"] == [("not-available", "g")] * 2


def test_a_shared_indicator_leaves_no_agreed_definition():
    # Loadings .8; x3 also loads .3 on g, and r = .5.
    R = correlated([(3, 0.64), (3, 0.64)], 0.32)
    R.loc["x3", ["x4", "x5", "x6"]] = R.loc[["x4", "x5", "x6"], "x3"] = 0.32 + 0.24
    R.loc["x3", ["x1", "x2"]] = R.loc[["x1", "x2"], "x3"] = 0.64 + 0.12
    result = assessed("f =~ x1 + x2 + x3; g =~ x4 + x5 + x6 + x3", R)
    assert result.constructs[["cr", "ave"]].isna().all(axis=None)
    assert result.constructs["alpha"].notna().all()
    assert np.isnan(result.htmt.loc["f", "g"])
    messages = [f.message for f in result.findings if f.code == "not-available"]
    assert (
        messages[0]
        == "f: no CR and AVE, because x3 loads on another construct as well."
    )


def test_a_loading_beyond_one_leaves_no_convergent_validity():
    R = correlated([(3, 0.5)], 0)
    R.loc["x1", ["x2", "x3"]] = R.loc[["x2", "x3"], "x1"] = 0.8
    result = assessed("f =~ x1 + x2 + x3", R)
    assert row(result, "f")[["cr", "ave"]].isna().all()
    assert "beyond 1" in result.findings[0].message


def test_a_reversed_item_is_named():
    R = correlated([(4, 0.49)], 0)
    R.loc["x4", ["x1", "x2", "x3"]] = R.loc[["x1", "x2", "x3"], "x4"] = -0.49
    result = assessed("f =~ x1 + x2 + x3 + x4", R)
    assert ("negative-loading", "x4") in codes(result)


def test_a_second_order_factor_has_cr_but_no_alpha():
    R = correlated([(3, 0.64)] * 3, 0.36)
    model = "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; h =~ x7 + x8 + x9; top =~ f + g + h"
    result = assessed(model, R)
    top = row(result, "top")
    # First-order factors correlate .36/.64, so second-order loadings are .75.
    assert top["ave"] == pytest.approx(0.5625, abs=1e-5)
    assert top["cr"] == pytest.approx(2.25**2 / (2.25**2 + 3 * 0.4375), abs=1e-5)
    assert np.isnan(top["alpha"])
    assert result.htmt.loc["top", ["f", "g", "h"]].isna().all()
    assert result.htmt.loc["f", "g"] == pytest.approx(0.5625)


def test_a_dimension_need_not_differ_from_its_higher_order_construct():
    # Second-order loadings of .9, above the root of the AVE of .64.
    R = correlated([(3, 0.64)] * 3, 0.64 * 0.81)
    model = "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; h =~ x7 + x8 + x9; top =~ f + g + h"
    found = [
        subject for code, subject in codes(assessed(model, R)) if "fornell" in code
    ]
    assert found == ["f, g", "f, h", "g, h"]


def test_the_instrument_says_what_items_are_meant_for():
    constructs = [
        {"id": "f", "name": "F", "items": ["x1", "x2", "x3", "x4"]},
        {"id": "g", "name": "G", "items": ["x5", "x6"]},
    ]
    instrument = Instrument(
        id="s", version="1", title="S", scale=5, constructs=constructs
    )
    R = correlated([(3, 0.64)] * 2, 0.32)
    fit = cfa("f =~ x1 + x2 + x3; g =~ x4 + x5 + x6", sample_cov=R, sample_nobs=300)
    result = assess(fit, instrument)
    assert codes(result) == [("other-construct", "x4")]


def test_a_path_model_has_no_measurement():
    R = correlated([(3, 0.4)], 0)
    with pytest.raises(UnsupportedError, match="no latent variable"):
        assess(sem("x3 ~ x1 + x2", sample_cov=R, sample_nobs=100))


def test_unstandardised_scale_does_not_matter():
    R = correlated([(3, 0.64)] * 2, 0.32)
    scale = np.array([1.0, 2.0, 3.0, 0.5, 1.0, 10.0])
    S = R * np.outer(scale, scale)
    model = "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6"
    one, other = assessed(model, R), assessed(model, S, std_lv=True)
    np.testing.assert_allclose(one.constructs["cr"], other.constructs["cr"], atol=1e-6)
    np.testing.assert_allclose(one.htmt, other.htmt, atol=1e-12)
