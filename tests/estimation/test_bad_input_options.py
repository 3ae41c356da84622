"""Options that exclude each other, and options in another spelling."""

import numpy as np
import pandas as pd
import pytest

import kocsem
from estimation.five_points import ITEMS, MODEL, answers, refused
from kocsem.errors import DataError, KocsemError, UnsupportedError

DATA = answers()

# ---------------------------------------------------------------- spelling

SPELLINGS = {
    "lower case": ({"estimator": "mlr"}, {"estimator": "MLR"}),
    "mixed case": ({"estimator": "WlsMv", "ordered": True}, {"ordered": True}),
    "lavaan's se": (
        {"se": "robust.sem", "test": "satorra.bentler"},
        {"estimator": "MLM"},
    ),
    "capitals": (
        {"se": "Robust.Huber.White", "test": "Yuan.Bentler.Mplus"},
        {"estimator": "MLR"},
    ),
    "FIML": ({"missing": "FIML"}, {"missing": "fiml"}),
    "lavaan's ml": ({"missing": "ml"}, {"missing": "fiml"}),
    "direct": ({"missing": "direct"}, {"missing": "fiml"}),
    "Pairwise": (
        {"missing": "Pairwise", "ordered": True},
        {"missing": "pairwise", "ordered": True},
    ),
    "engine": ({"engine": "KOCSEM"}, {}),
}


@pytest.mark.parametrize(("given", "plain"), SPELLINGS.values(), ids=SPELLINGS)
def test_case_and_dots_do_not_matter(given, plain):
    first, second = (kocsem.sem(MODEL, DATA, **o) for o in (given, plain))
    pd.testing.assert_frame_equal(first.parameters, second.parameters)
    assert first.options.test == second.options.test
    assert first.options.missing == second.options.missing
    assert dict(first.fit_measures).keys() == dict(second.fit_measures).keys()


def test_results_are_asked_for_in_any_case_and_with_dots():
    fit = kocsem.sem(MODEL, DATA)
    for plain, other, ask in (
        ("cor_bollen", "cor.bollen", fit.residuals),
        ("bartlett", "Bartlett", fit.factor_scores),
        ("std_lv", "std.lv", fit.standardized),
        ("std_all", "Std.All", fit.standardized),
    ):
        pd.testing.assert_frame_equal(ask(plain), ask(other))
        with pytest.raises(UnsupportedError, match=f"'{plain}"):
            ask(plain[:-1])


NEAR = {
    "estimator": ("mle", "ML"),
    "se": ("Robust", "robust_sem"),
    "test": ("yuan.bentler", "yuan_bentler_mplus"),
    "missing": ("FIML.x", "fiml"),
}


@pytest.mark.parametrize(("name", "given", "near"), [(k, *v) for k, v in NEAR.items()])
def test_the_nearest_choice_is_named(name, given, near):
    words = [f"Did you mean {near!r}?", f"{name}="]
    refused(UnsupportedError, words, MODEL, DATA, **{name: given})


STRANGE = [5, True, ["MLR"], ("ML",), np.array(["ML"]), b"ML", ""]


@pytest.mark.parametrize("given", STRANGE, ids=repr)
@pytest.mark.parametrize("name", ["estimator", "se", "test", "missing", "engine"])
def test_a_choice_is_a_text(name, given):
    refused(UnsupportedError, [f"{name}=", "offered"], MODEL, DATA, **{name: given})


# ---------------------------------------------------------------- together

ORDERED = {"ordered": ITEMS}
TOGETHER = {
    "WLSMV without ordered": ({"estimator": "WLSMV"}, ["'WLSMV'", "name them in"]),
    "DWLS without ordered": ({"estimator": "dwls"}, ["'DWLS'", "ordered="]),
    "ULSMV without ordered": (
        {"estimator": "ULSMV", "cluster": "koc"},
        ["'ULSMV'", "cluster"],
    ),
    "ML with ordered": (ORDERED | {"estimator": "ML"}, ["ask for WLSMV"]),
    "MLR with ordered": (ORDERED | {"estimator": "mlr"}, ["'MLR'", "ask for WLSMV"]),
    "GLS with ordered": (ORDERED | {"estimator": "GLS"}, ["'GLS'", "ask for WLSMV"]),
    "FIML with MLM": (
        {"missing": "fiml", "estimator": "MLM"},
        ["'MLM'", "complete rows", "ask for ML or MLR"],
    ),
    "FIML with MLMV": ({"missing": "fiml", "estimator": "MLMV"}, ["complete rows"]),
    "FIML with GLS": ({"missing": "fiml", "estimator": "GLS"}, ["complete rows"]),
    "FIML with robust.sem": (
        {"missing": "fiml", "se": "robust.sem"},
        ["se='robust_sem'", "complete rows"],
    ),
    "FIML with ordered": (ORDERED | {"missing": "fiml"}, ["'WLSMV'", "complete rows"]),
    "pairwise with ML": ({"missing": "pairwise"}, ["for ordered items"]),
    "pairwise with GLS": (
        {"missing": "pairwise", "estimator": "GLS"},
        ["for ordered items"],
    ),
    "clusters with MLM": ({"cluster": "koc", "estimator": "MLM"}, ["ask for MLR"]),
    "clusters with GLS": ({"cluster": "koc", "estimator": "GLS"}, ["ask for MLR"]),
    "clusters with WLSMV": (ORDERED | {"cluster": "koc"}, ["clusters", "MLR"]),
    "weights with FIML and expected information": (
        {"sampling_weights": "w", "missing": "fiml", "se": "standard"},
        ["weights", "ask for MLR"],
    ),
    "ULS with casewise scores": (
        {"estimator": "ULS", "se": "robust_huber_white"},
        ["only ML has casewise scores"],
    ),
    "GLS with a Yuan-Bentler test": (
        {"estimator": "GLS", "test": "yuan.bentler.mplus"},
        ["only ML has casewise scores"],
    ),
    "ML with the errors of ULS": ({"se": "robust.sem.nt"}, ["for ULS of continuous"]),
    "semopy with FIML": ({"engine": "semopy", "missing": "fiml"}, ["by ML only"]),
    "semopy with GLS": ({"engine": "semopy", "estimator": "GLS"}, ["by ML only"]),
    "semopy with ULS": ({"engine": "semopy", "estimator": "ULS"}, ["by ML only"]),
    "semopy with ordered": (ORDERED | {"engine": "semopy"}, ["by ML only"]),
    "semopy with groups": (
        {"engine": "semopy", "group": "sex"},
        ["group=", "engine='semopy' fits one group"],
    ),
    "semopy with clusters": (
        {"engine": "semopy", "cluster": "koc"},
        ["cluster=", "engine='semopy' fits one group"],
    ),
    "semopy with weights": (
        {"engine": "semopy", "sampling_weights": "w"},
        ["sampling_weights=", "engine='semopy' fits one group"],
    ),
    "semopy with means": (
        {"engine": "semopy", "meanstructure": True},
        ["no mean structure"],
    ),
}


@pytest.mark.parametrize(("options", "words"), TOGETHER.values(), ids=TOGETHER)
def test_choices_that_exclude_each_other(options, words):
    refused(UnsupportedError, words, MODEL, DATA, **options)


COV = {"sample_cov": DATA[ITEMS].cov(), "sample_nobs": len(DATA)}
WITHOUT_ANSWERS = {
    "groups": ({"group": "sex"}, ["group=", "needs the answers themselves"]),
    "clusters": ({"cluster": "koc"}, ["cluster=", "answers themselves"]),
    "weights": ({"sampling_weights": "w"}, ["sampling_weights=", "answers themselves"]),
    "FIML": ({"missing": "fiml"}, ["missing='fiml'", "answers themselves"]),
    "MLR": ({"estimator": "MLR"}, ["estimator='MLR'", "answers themselves"]),
    "MLM": ({"estimator": "MLM"}, ["se='robust_sem'", "answers themselves"]),
    "MLMV": ({"estimator": "MLMV"}, ["answers themselves"]),
    "a robust test": (
        {"estimator": "ULS", "test": "satorra_bentler"},
        ["test='satorra_bentler'", "answers themselves"],
    ),
    "ordered": (ORDERED, ["answers themselves"]),
    "all ordered": ({"ordered": True}, ["answers themselves"]),
}


@pytest.mark.parametrize(
    ("options", "words"), WITHOUT_ANSWERS.values(), ids=WITHOUT_ANSWERS
)
def test_what_a_printed_matrix_cannot_carry(options, words):
    refused(DataError, words, MODEL, **COV, **options)


@pytest.mark.parametrize("estimator", ["ML", "GLS", "ULS"])
def test_what_a_printed_matrix_can_carry(estimator):
    raw = kocsem.sem(MODEL, DATA, estimator=estimator)
    printed = kocsem.sem(MODEL, **COV, estimator=estimator)
    for column in ("est", "se", "std_all"):
        expected = raw.parameters[column].to_numpy()
        assert printed.parameters[column].to_numpy() == pytest.approx(expected, 1e-8)
    assert printed.fit_measures == pytest.approx(
        dict(raw.fit_measures), rel=1e-7, abs=1e-9, nan_ok=True
    )


# ---------------------------------------------------------------- names

NAMES = {
    "a number": ({"ordered": 5}, ["ordered takes a list of texts, not 5"]),
    "a list of numbers": ({"ordered": [1, 2]}, ["ordered takes a list of texts"]),
    "group_equal": ({"group_equal": 3}, ["group_equal takes a list of texts, not 3"]),
    "group_partial": ({"group_partial": [5]}, ["group_partial takes a list of texts"]),
}


@pytest.mark.parametrize(("options", "words"), NAMES.values(), ids=NAMES)
def test_lists_of_names(options, words):
    refused(KocsemError, words, MODEL, DATA, group="sex", **options)


LISTS = {
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "keys": dict.fromkeys,
    "array": np.array,
    "index": pd.Index,
    "series": pd.Series,
    "generator": lambda names: (name for name in names),
    "backwards": lambda names: names[::-1],
    "twice": lambda names: [*names, *names],
    "with columns that the model does not use": lambda names: [*names, "age"],
}


@pytest.mark.parametrize("make", LISTS.values(), ids=LISTS)
def test_any_list_of_ordered_items_will_do(make):
    plain = kocsem.sem(MODEL, DATA, ordered=ITEMS)
    fit = kocsem.sem(MODEL, DATA, ordered=make(ITEMS))
    assert fit.options.estimator == "WLSMV"
    pd.testing.assert_frame_equal(fit.parameters, plain.parameters)


GROUPS = {
    "no group": (
        KocsemError,
        {"group_equal": "loadings"},
        ["group_equal is about equality across groups", "group="],
    ),
    "partial without a group": (
        KocsemError,
        {"group_partial": "TR=~t2"},
        ["group_partial is about equality across groups", "group="],
    ),
    "an unknown word": (
        UnsupportedError,
        {"group": "sex", "group_equal": ["loading"]},
        ["cannot make 'loading' equal", "loadings"],
    ),
    "an unknown parameter": (
        KocsemError,
        {"group": "sex", "group_equal": "loadings", "group_partial": ["TR=~t9"]},
        ["'TR=~t9'", "no parameter of the model", "TR=~t3"],
    ),
    "a parameter that is not equal": (
        KocsemError,
        {"group": "sex", "group_equal": "loadings", "group_partial": ["t1~1"]},
        ["'t1~1'", "does not make equal", "add its kind"],
    ),
}


@pytest.mark.parametrize(("error", "options", "words"), GROUPS.values(), ids=GROUPS)
def test_equality_across_groups(error, options, words):
    refused(error, words, MODEL, DATA, **options)


# ---------------------------------------------------------------- what follows

FOLLOWS = {
    "nothing": ({}, ("ML", "standard", "standard", False)),
    "ordered": (ORDERED, ("WLSMV", "robust_sem", "scaled_shifted", True)),
    "clusters": (
        {"cluster": "koc"},
        ("ML", "robust_huber_white", "yuan_bentler_mplus", True),
    ),
    "weights": (
        {"sampling_weights": "w"},
        ("ML", "robust_huber_white", "yuan_bentler_mplus", False),
    ),
    "weighted GLS": (
        {"sampling_weights": "w", "estimator": "GLS"},
        ("GLS", "robust_sem", "satorra_bentler", False),
    ),
    "weighted ULS": (
        {"sampling_weights": "w", "estimator": "uls"},
        ("ULS", "robust_sem", "satorra_bentler", False),
    ),
    "ULS of ordered items": (
        ORDERED | {"estimator": "ULS"},
        ("ULS", "robust_sem", "standard", True),
    ),
    "what is said counts": (
        {"sampling_weights": "w", "se": "standard"},
        ("ML", "standard", "yuan_bentler_mplus", False),
    ),
}


@pytest.mark.parametrize(("options", "expected"), FOLLOWS.values(), ids=FOLLOWS)
def test_what_a_choice_brings_with_it(options, expected):
    found = kocsem.sem(MODEL, DATA, **options).options
    assert (found.estimator, found.se, found.test, found.meanstructure) == expected
