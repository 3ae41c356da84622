"""Rows that cannot carry what a call asks of them, and rows that are left out."""

import numpy as np
import pandas as pd
import pytest

import kocsem
from estimation.five_points import CALLS, ITEMS, MODEL, answers, holed, refused
from kocsem.errors import (
    DataError,
    KocsemError,
    ModelSyntaxError,
    UnsupportedError,
)

DATA = answers()
COVARIATE = f"{MODEL}\nTR ~ age"
ORDERED = {"ordered": ITEMS}
HALF = DATA.index < 150


def changed(**columns):
    return answers().assign(**columns)


def upper(frame=DATA):
    """Return data in which men never give the highest answer to t1."""
    return frame.assign(
        t1=frame["t1"].where(frame["sex"] == "f", frame["t1"].clip(0, 4))
    )


# ---------------------------------------------------------------- ordered items

BAD_ITEMS = {
    "words": (
        DataError,
        MODEL,
        changed(t1="agree"),
        ORDERED,
        ["Column t1 holds text: 'agree' at row 0 (300 such)", "Recode"],
    ),
    "one answer": (
        DataError,
        MODEL,
        changed(t1=3),
        ORDERED,
        ["t1 has 1 different answers", "Take it out"],
    ),
    "no answer": (
        DataError,
        MODEL,
        changed(t1=np.nan),
        ORDERED | {"missing": "pairwise"},
        ["t1 has 0 different answers"],
    ),
    "categories without an order": (
        DataError,
        MODEL,
        changed(t1=DATA["t1"].astype("category")),
        ORDERED,
        ["t1 is a categorical without an order", "recode"],
    ),
    "a group without an answer": (
        DataError,
        MODEL,
        upper(),
        ORDERED | {"group": "sex"},
        ["t1 has 5 categories, but only 4", "in group m", "Collapse"],
    ),
    "an answer lost with incomplete rows": (
        DataError,
        MODEL,
        changed(t2=DATA["t2"].where(DATA["t1"] < 5)),
        ORDERED,
        ["t1 has 5 categories, but only 4", "rows that are used"],
    ),
    "an unknown name": (
        DataError,
        MODEL,
        DATA,
        {"ordered": ["t1", "t22"]},
        ["no column for t22 (nearest column: t2)", "ordered= names"],
    ),
    "a latent variable": (
        DataError,
        MODEL,
        DATA,
        {"ordered": "TR"},
        ["no column for TR", "ordered= names"],
    ),
    "nothing of the model": (
        KocsemError,
        MODEL,
        DATA,
        {"ordered": ["age", "koc"]},
        ["names no item of the model", "t1, t2, t3, c1, c2, c3"],
    ),
    "nothing but predictors": (
        KocsemError,
        "t1 ~~ t2",
        DATA,
        {"ordered": ["c1"]},
        ["names no item of the model", "t1, t2"],
    ),
    "a covariate": (
        UnsupportedError,
        COVARIATE,
        DATA,
        {"ordered": ["t1", "age"]},
        ["age is called ordered", "only predicts", "dummy"],
    ),
    "a constant covariate": (
        DataError,
        COVARIATE,
        changed(age=30.0),
        ORDERED,
        ["Constant: age"],
    ),
    "a covariate that follows from another": (
        DataError,
        f"{COVARIATE} + w",
        changed(w=2 * DATA["age"] - 1),
        ORDERED,
        ["not positive definite", "dependence lies among age, w"],
    ),
    "a covariate that parts the categories of an item": (
        DataError,
        COVARIATE,
        changed(age=(DATA["t1"] > 3) * 1.0),
        ORDERED,
        ["have no covariance matrix", "whether age parts the categories"],
    ),
    "thresholds of a continuous item": (
        ModelSyntaxError,
        f"{MODEL}\nt1 | t1",
        DATA,
        {"ordered": ["t2"]},
        ["line 4", "t1 has no thresholds", "Name it in ordered=", "^"],
    ),
    "thresholds without ordered items": (
        ModelSyntaxError,
        f"{MODEL}\nt1 | t1",
        DATA,
        {},
        ["line 4", "t1 has no thresholds", "Name it in ordered="],
    ),
    "a threshold too many": (
        ModelSyntaxError,
        f"{MODEL}\nt1 | t5",
        DATA,
        ORDERED,
        ["t1 has 5 categories", "t1, t2, t3, t4", "no t5"],
    ),
    "a residual variance": (
        ModelSyntaxError,
        f"{MODEL}\nt1 ~~ t1",
        DATA,
        ORDERED,
        ["residual variance of the ordered item t1", "~*~"],
    ),
    "equal thresholds of continuous items": (
        KocsemError,
        MODEL,
        DATA,
        {"group": "sex", "group_equal": ["loadings", "thresholds"]},
        ["'thresholds'", "no item is ordered", "ordered="],
    ),
    "the same item twice": (
        DataError,
        MODEL,
        changed(t2=DATA["t1"]),
        ORDERED,
        ["perfect correlation of t1 and t2", "Take one of the items out"],
    ),
    "the same item upside down": (
        DataError,
        MODEL,
        changed(t2=6 - DATA["t1"]),
        ORDERED,
        ["perfect correlation of t1 and t2"],
    ),
    "never answered together": (
        DataError,
        MODEL,
        changed(t1=DATA["t1"].where(HALF), t2=DATA["t2"].where(~HALF)),
        ORDERED | {"missing": "pairwise"},
        ["Nobody answered both t1 and t2"],
    ),
    "two values beside ordered items": (
        DataError,
        MODEL,
        changed(t1=(DATA["t1"] > 3).astype(float)),
        {"ordered": ITEMS[1:]},
        ["t1 takes two values only", "Name it in ordered="],
    ),
}


@pytest.mark.parametrize(
    ("error", "model", "data", "options", "words"), BAD_ITEMS.values(), ids=BAD_ITEMS
)
def test_ordered_items(error, model, data, options, words):
    refused(error, words, model, data, **options)


# ---------------------------------------------------------------- rows and columns

BAD_ROWS = {
    "nobody answered, listwise": (changed(t1=np.nan), {}, ["Nobody answered: t1"]),
    "nobody answered, FIML": (
        changed(t1=np.nan),
        {"missing": "fiml"},
        ["Nobody answered: t1", "take the item out"],
    ),
    "no complete row": (
        changed(t1=DATA["t1"].where(HALF), t2=DATA["t2"].where(~HALF)),
        {},
        ["0 complete rows are too few for 6 variables"],
    ),
    "a copy under FIML": (
        changed(t2=DATA["t1"]),
        {"missing": "fiml"},
        ["t1 and t2 hold identical answers"],
    ),
    "a sum under FIML": (
        changed(t3=DATA["t1"] + DATA["t2"]),
        {"missing": "fiml"},
        ["covariance matrix", "t1, t2, t3"],
    ),
    "a group too small": (
        changed(sex=["x"] * 4 + ["y"] * 296),
        {"group": "sex"},
        ["4 complete rows in group x are too few for 6 variables"],
    ),
    "a group too small for FIML": (
        changed(sex=["x"] * 4 + ["y"] * 296),
        {"group": "sex", "missing": "fiml"},
        ["in group x"],
    ),
    "a group too small for categories": (
        changed(sex=["x"] * 4 + ["y"] * 296),
        ORDERED | {"group": "sex"},
        ["5 categories", "in group x"],
    ),
    "a group without complete rows": (
        changed(t1=DATA["t1"].where(DATA["sex"] == "f")),
        {"group": "sex"},
        ["0 complete rows in group m"],
    ),
    "a group that answered nothing": (
        changed(t1=DATA["t1"].where(DATA["sex"] == "f")),
        {"group": "sex", "missing": "fiml"},
        ["Nobody answered in group m: t1"],
    ),
    "one cluster": (changed(koc=1), {"cluster": "koc"}, ["only one cluster"]),
    "a missing cluster": (
        changed(koc=DATA["koc"].where(DATA.index > 1)),
        {"cluster": "koc"},
        ["cluster='koc' is missing at row 0 (2 such)"],
    ),
    "a negative weight": (
        changed(w=-1.0),
        {"sampling_weights": "w"},
        ["missing or negative weight at row 0 (300 such)"],
    ),
    "weights of nought": (
        changed(w=0.0),
        {"sampling_weights": "w"},
        ["All weights in w are zero"],
    ),
    "a group of weight nought": (
        changed(w=(DATA["sex"] == "f").astype(float)),
        {"sampling_weights": "w", "group": "sex"},
        ["0 complete rows in group m"],
    ),
    "a group of weight nought under FIML": (
        changed(w=(DATA["sex"] == "f").astype(float)),
        {"sampling_weights": "w", "group": "sex", "missing": "fiml"},
        ["Nobody answered in group m"],
    ),
    "a group that is an item": (
        DATA,
        {"group": "t1"},
        ["t1 is the group and a variable"],
    ),
    "groups of one": (DATA, {"group": "w"}, ["1 complete rows in group 1.93"]),
}


@pytest.mark.parametrize(("data", "options", "words"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_rows(data, options, words):
    refused(DataError, words, MODEL, data, **options)


NO_FRAMES = {
    "an array": DATA[ITEMS].to_numpy(),
    "a dictionary": DATA.to_dict("list"),
    "a list": DATA.to_dict("records"),
    "a path": "answers.csv",
    "a series": DATA["t1"],
}
ASKED = {
    "nothing": {},
    "ordered": ORDERED,
    "all ordered": {"ordered": True},
    "groups": {"group": "sex"},
    "clusters": {"cluster": "koc"},
    "FIML": {"missing": "fiml"},
}


@pytest.mark.parametrize("options", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("data", NO_FRAMES.values(), ids=NO_FRAMES)
def test_what_is_no_frame(data, options):
    words = [f"pandas DataFrame, not {type(data).__name__}"]
    refused(DataError, words, MODEL, data, **options)


# ---------------------------------------------------------------- every row counts

LEFT_OUT = {
    "listwise-deletion",
    "group-unknown",
    "covariate-missing",
    "rows-without-answers",
    "zero-weight",
}


def spoilt():
    """Return data with every reason for which a row is left out."""
    data = holed(0.05)
    data.loc[[0, 20, 40], "age"] = np.nan
    data.loc[[1, 21], ITEMS] = np.nan
    data.loc[[1], "age"] = np.nan  # for two reasons
    data.loc[[2, 22, 42, 62], "sex"] = None
    data.loc[[3, 23, 43], "w"] = 0.0
    return data


@pytest.mark.parametrize("model", [MODEL, COVARIATE], ids=["", "covariate"])
@pytest.mark.parametrize("extra", [{}, {"group": "sex"}, {"sampling_weights": "w"}])
@pytest.mark.parametrize("name", ["ML", "GLS", "FIML", "WLSMV", "mixed", "pairwise"])
def test_rows_used_and_rows_counted_are_all_rows(name, extra, model):
    options = CALLS[name][1] | extra
    data = spoilt()
    fit = kocsem.sem(model, data, **options)
    counts = {f.code: f.value for f in fit.findings if f.code in LEFT_OUT}
    assert fit.nobs == len(fit.data)
    assert fit.nobs + sum(counts.values()) == len(data) == 300
    assert counts.get("group-unknown", 0) == (4 if "group" in extra else 0)
    if "sampling_weights" in extra:
        assert counts["zero-weight"] > 0
    if "missing" not in options:
        assert counts["listwise-deletion"] > 50
    elif model == COVARIATE:
        assert counts["covariate-missing"] == 4
    for finding in fit.findings:
        if finding.code in LEFT_OUT:
            assert finding.message.startswith(f"{finding.value} of ")
            assert finding.message.rstrip(".").endswith(
                ("out", "listwise deletion)", "kept", "cases")
            )


def test_items_never_answered_together_are_a_warning_under_full_information():
    data = changed(t1=DATA["t1"].where(HALF), t2=DATA["t2"].where(~HALF))
    fit = kocsem.sem(MODEL, data, missing="fiml")
    assert fit.converged
    (finding,) = fit.findings
    assert (finding.code, finding.severity) == ("never-answered-together", "warning")
    assert finding.subject == "t1 with t2"


def test_the_callers_frame_is_left_alone():
    for name, (holes, options) in CALLS.items():
        data = holed() if holes else answers()
        data = data.astype({"sex": "category"})
        before = data.copy()
        kocsem.sem(MODEL, data, **options).fit_measures  # noqa: B018 - it is computed
        pd.testing.assert_frame_equal(data, before, obj=name)
