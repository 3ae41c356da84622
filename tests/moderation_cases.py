"""Models with products that semTools and lavaan fitted, fitted by kocsem."""

import json
from functools import cache
from pathlib import Path

import pandas as pd

from kocsem.assessment.moderation import moderation

REFERENCE = Path(__file__).parent / "reference"

TRUST = "TR =~ TR1 + TR2 + TR3\n"
OPENNESS = "OC =~ OC1 + OC2 + OC3\n"
INTENT = "PI =~ PI1 + PI2 + PI3\n"
THREE = TRUST + OPENNESS + INTENT
FOUR = THREE + "CA =~ CA1 + CA2 + CA3\n"
TWO_WAY = "PI ~ TR + OC + TR:OC\n"
THREE_WAY = "PI ~ TR + OC + CA + TR:OC + TR:CA + OC:CA + TR:OC:CA\n"
INTERCEPT = "PI1 ~ 0*1\nPI ~ NA*1\n"
LISTED = {"TR:OC": [("TR4", "OC1"), ("TR2", "OC3"), ("TR3", "OC2")]}

#: The text and the options of each case; the R script writes the models out by hand.
CASES = {
    "matched_double": (THREE + TWO_WAY, {}),
    "matched_double_mlr": (THREE + TWO_WAY, {"estimator": "MLR"}),
    "matched_std_lv": (THREE + TWO_WAY, {"std_lv": True}),
    "all_double": (THREE + TWO_WAY, {"pairing": "all"}),
    "matched_mean": (
        THREE + TWO_WAY + INTERCEPT + "TR1.OC1 ~ 0*1\nTR:OC ~ NA*1",
        {"centring": "mean"},
    ),
    "matched_residual": (THREE + TWO_WAY + INTERCEPT, {"centring": "residual"}),
    "observed_moderator": (TRUST + INTENT + "PI ~ TR + w + TR:w + d", {}),
    "observed_raw": ("y ~ w + d + w:d", {"centring": "none"}),
    "observed_centred": ("y ~ w + d + w:d", {}),
    "three_way": (FOUR + THREE_WAY, {}),
    "three_way_residual": (FOUR + THREE_WAY + INTERCEPT, {"centring": "residual"}),
    "second_stage": (FOUR + "TR ~ CA\nPI ~ TR + OC + CA + TR:OC", {}),
    "first_stage": (FOUR + "TR ~ CA + OC + CA:OC\nPI ~ TR + OC + CA", {}),
    "both_stages": (FOUR + "TR ~ CA + OC + CA:OC\nPI ~ TR + OC + CA + TR:OC", {}),
    "listed_pairs": (
        "TR =~ TR1 + TR2 + TR3 + TR4\n" + OPENNESS + INTENT + TWO_WAY,
        {"pairing": LISTED},
    ),
    "listwise": (THREE + TWO_WAY, {}),
    "fiml": (THREE + TWO_WAY, {"missing": "fiml"}),
}


@cache
def answers(name="moderation"):
    """Return the data that the R script simulated."""
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


@cache
def reference(case):
    """Return what semTools and lavaan reported for a case."""
    text = (REFERENCE / "moderation.json").read_text(encoding="utf-8")
    return json.loads(text)["fits"][case]


@cache
def made(case):
    """Fit the model of a case with kocsem, once."""
    text, options = CASES[case]
    holes = case in ("listwise", "fiml")
    name = "moderation_missing" if holes else "moderation"
    return moderation(text, answers(name), **options)


def defined(case):
    """Return what lavaan computed from ``:=`` lines: estimate and standard error."""
    rows = reference(case)["parameters"]
    return {r["lhs"]: (r["est"], r["se"]) for r in rows if r["op"] == ":="}
