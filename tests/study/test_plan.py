"""Plans: paths found, model texts put together."""

import pytest

from kocsem.errors import (
    InstrumentError,
    ModelSyntaxError,
    StudyError,
    UnsupportedError,
)
from kocsem.study.plan import measurement_model, plan_study
from small_study import INSTRUMENT

X = "X =~ x1 + x2 + x3"
M = "M =~ m1 + m2 + m3"
Y = "Y =~ y1 + y2 + y3"
ALL = f"{X}\n{M}\n{Y}"


ITEMS = ["x1", "x2", "x3", "m1", "m2", "m3", "y1", "y2", "y3"]


@pytest.mark.parametrize(
    ("study", "ordered"),
    [
        ("", []),
        ("estimation: {ordered: false}", []),
        ("estimation: {ordered: true}", ITEMS),
        ("estimation: {ordered: [m1, x2]}", ["m1", "x2"]),
        ("model: Y ~ X\nestimation: {ordered: true}", [*ITEMS[:3], *ITEMS[6:]]),
        ("model: |\n  SEX ~ X\nestimation: {ordered: true}", ITEMS[:3]),
        ("model: |\n  SEX ~ X\nestimation: {ordered: [x1, SEX]}", ["x1", "SEX"]),
        ("model: Y ~ x4\nestimation: {ordered: true, fixed_x: false}", ITEMS[6:]),
        ("model: Y ~ x4 + SEX\nestimation: {ordered: true}", ITEMS[6:]),
        (
            "items: {exclude: [y2, y3]}\nmodel: y1 ~ X\nestimation: {ordered: true}",
            [*ITEMS[:3], "y1"],
        ),
        (
            "measurement: |\n  X =~ x1 + x2\n  S =~ y1\n  S ~~ 1*S\nmodel: X ~ S\n"
            "estimation: {ordered: true}",
            ["x1", "x2", "y1"],
        ),
    ],
)
def test_ordered_items(folder, study, ordered):
    assert plan_study(folder.study(study).file).ordered == tuple(ordered)


@pytest.mark.parametrize(
    ("study", "place", "words"),
    [
        (
            "estimation:\n  ordered: [x1, z9]",
            "line 7: estimation.ordered[2]",
            "there is no z9 in the model; ",
        ),
        (
            "estimation:\n  ordered:\n    - x1\n    - x4",
            "line 9: estimation.ordered[2]",
            "x4 is not in the model; take it out of this list.",
        ),
        (
            "estimation: {ordered: [X]}",
            "line 6: estimation.ordered[1]",
            "X is a construct; name the items that measure it.",
        ),
        (
            "model: Y ~ SEX\nestimation: {ordered: [y1, SEX]}",
            "line 7: estimation.ordered[2]",
            "SEX only predicts in this model",
        ),
        (
            "model: Y ~ SEX\nestimation: {ordered: true, fixed_x: false}",
            "line 7: estimation.ordered",
            "predictors with two categories (SEX) are no continuous variables",
        ),
        (
            "items: {exclude: [y2, y3]}\nestimation: {ordered: true}",
            "line 7: estimation.ordered",
            "a construct with one ordered item is not identified (y1 of Y). Name",
        ),
        (
            "model: |\n  SEX ~ X\nestimation: {ordered: [SEX]}",
            "line 8: estimation.ordered",
            "none of the items that the model explains is among the ordered ones",
        ),
        (
            "model: SEX ~ x1\nestimation: {ordered: true}",
            "line 7: estimation.ordered",
            "none of the items that the model explains",
        ),
    ],
)
def test_what_cannot_be_ordered(folder, study, place, words):
    with pytest.raises(StudyError) as caught:
        plan_study(folder.study(study).file)
    assert str(caught.value).startswith(f"{folder.file}, {place}: ")
    assert words in str(caught.value)


def test_the_cfa_keeps_what_is_said_of_thresholds(folder):
    text = "estimation: {ordered: true}\nmodel: |\n  Y ~ X\n  x1 | a*t1\n  x2 | a*t1"
    plan = plan_study(folder.study(text).file)
    assert measurement_model(plan) == f"{X}\n{Y}\nx1 | a*t1\nx2 | a*t1"


def test_paths_start_at_the_study_file(folder, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    plan = plan_study(folder.file)
    assert plan.data_file == folder.path / "answers.csv"
    assert plan.instrument.id == "small"
    assert plan_study(folder.file, "other.csv").data_file.name == "other.csv"


def test_a_bundled_instrument_needs_no_path(folder):
    folder.study(text="study: s\ninstrument: koc_core\ndata: {file: a.csv}\n")
    assert plan_study(folder.file).instrument.id == "koc_core"


@pytest.mark.parametrize(
    ("study", "measurement", "structural"),
    [
        ("", ALL, "M ~ X\nY ~ M"),
        ("model: Y ~ X", f"{X}\n{Y}", "Y ~ X"),
        ("model: |\n  Y ~ M + X\n  M ~ X", ALL, "Y ~ M + X\nM ~ X"),
        ("model: y1 ~ x1", "", "y1 ~ x1"),
        ("model: Y ~ SEX", Y, "Y ~ SEX"),
        ("items: {include: [x4], exclude: [y3]}", None, "M ~ X\nY ~ M"),
        (
            "measurement: X =~ x1 + x2; M =~ m1 + m2; Y =~ y1 + y2",
            "X =~ x1 + x2; M =~ m1 + m2; Y =~ y1 + y2",
            "M ~ X\nY ~ M",
        ),
        ("model: |\n  X =~ x1 + x2\n  Y ~ X", Y, "X =~ x1 + x2\nY ~ X"),
        ("model: |\n  T =~ X + M + Y", ALL, "T =~ X + M + Y"),
        ("hypotheses: []", ALL, ""),
        (
            "hypotheses: [{id: H, path: X -> Y, sign: '+', statement: s}]",
            f"{X}\n{Y}",
            "Y ~ X",
        ),
    ],
)
def test_model_texts(folder, study, measurement, structural):
    plan = plan_study(folder.study(study).file)
    if measurement is None:
        measurement = f"{X} + x4\n{M}\nY =~ y1 + y2"
    assert (plan.measurement, plan.structural) == (measurement, structural)
    both = "\n".join(filter(None, (measurement, structural)))
    assert plan.model == both


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ("", ALL),
        ("hypotheses: []", ALL),
        ("model: y1 ~ x1", ""),
        ("model: |\n  Y ~ X\n  x1 ~~ x2\n  X ~~ Y", f"{X}\n{Y}\nx1 ~~ x2"),
        (
            "model: |\n  T =~ X + a*M + Y\n  T ~ SEX",
            f"{ALL}\nT =~ X\nT =~ a*M\nT =~ Y",
        ),
    ],
)
def test_the_cfa_holds_all_of_the_measurement(folder, study, expected):
    assert measurement_model(plan_study(folder.study(study).file)) == expected


SECOND = """
  - {id: T, name: Whole, level: second, dimensions: [X, M]}
items:"""
LISTED = """
hypotheses:
  - {id: H1, path: T -> Y, sign: "+", statement: T raises Y.}
  - {id: H2, path: T x Y -> M, sign: "-", statement: Y buffers T.}
  - {id: H3, about: [X, M], statement: X counts most.}
"""


def test_a_second_order_construct_brings_its_dimensions(folder):
    folder.instrument(LISTED, INSTRUMENT.replace("\nitems:", SECOND, 1))
    plan = plan_study(folder.file)
    assert plan.structural == "Y ~ T"
    assert plan.measurement == f"{ALL}\nT =~ X + M"
    assert plan_study(folder.study("model: Y ~ X").file).measurement == f"{X}\n{Y}"


@pytest.mark.parametrize(
    ("hypothesis", "words"),
    [
        ("path: X x Z -> Y, sign: '+'", "H1 names Z, which the study does not measure"),
        ("path: SEX x X -> Yy, sign: '+'", "H1 names Yy, which"),
        ("about: [X, MM]", "(did you mean M?)"),
    ],
)
def test_interactions_and_statements_name_what_is_measured(folder, hypothesis, words):
    study = f"hypotheses: [{{id: H1, {hypothesis}, statement: s}}]\nmodel: Y ~ X"
    with pytest.raises(StudyError) as caught:
        plan_study(folder.study(study).file)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("instrument", "model", "told"),
    [
        ("koc_kol", "PI ~ TR", ["GRP"]),
        ("koc_kol", "PI ~ TR + GRP", []),
        ("koc_kol_within", "PI_KOC ~ TR_KOC", []),
        ("koc_core", "PI ~ TR", []),
    ],
)
def test_groups_that_are_analysed_as_one_are_told(folder, instrument, model, told):
    file = folder.study(f"model: {model}").file
    text = file.read_text(encoding="utf-8").replace("small.yaml", instrument)
    file.write_text(text, encoding="utf-8")
    found = [f for f in plan_study(file).findings if f.code == "groups-pooled"]
    assert [f.subject for f in found] == told
    assert all("(KOC, KOL; question GRP)" in finding.message for finding in found)


def test_constructs_that_the_model_leaves_out_are_told(folder):
    plan = plan_study(folder.study("model: Y ~ X").file)
    assert [(f.code, f.subject) for f in plan.findings] == [("construct-not-used", "M")]
    assert plan_study(folder.study().file).findings == ()


@pytest.mark.parametrize(
    ("study", "error", "words"),
    [
        (
            "model: Y = X",
            ModelSyntaxError,
            "line 6, column 10, key model: A single '='",
        ),
        (
            "model: |\n  Y ~ X\n  Y <~ M",
            UnsupportedError,
            "line 8, column 5, key model: ",
        ),
        ("measurement: X x1", ModelSyntaxError, "line 6, column 18, key measurement: "),
        ("items: {include: [x9]}", InstrumentError, "no item x9"),
    ],
)
def test_bad_models(folder, study, error, words):
    with pytest.raises(error) as caught:
        plan_study(folder.study(study).file)
    assert words in str(caught.value)


def test_answers_must_be_named(folder):
    folder.study(text="study: s\ninstrument: small.yaml\n")
    with pytest.raises(StudyError, match="no answers are named"):
        plan_study(folder.file)
    assert plan_study(folder.file, "a.csv").data_file.name == "a.csv"


def test_a_missing_instrument_is_named(folder):
    folder.study(text="study: s\ninstrument: none.yaml\ndata: {file: a.csv}\n")
    with pytest.raises(InstrumentError, match=r"none\.yaml: there is no such file"):
        plan_study(folder.file)


def _outside(plan):
    return [f.subject for f in plan.findings if f.code == "outside-the-folder"]


def test_files_outside_the_folder_are_remarked_on(folder, tmp_path):
    inside = plan_study(folder.study().file)
    assert _outside(inside) == []
    deeper = tmp_path / "deeper"
    deeper.mkdir()
    file = deeper / "study.yaml"
    text = folder.file.read_text(encoding="utf-8")
    text = text.replace("small.yaml", "../small.yaml")
    file.write_text(text.replace("answers.csv", "../answers.csv"), encoding="utf-8")
    assert _outside(plan_study(file)) == ["data.file", "instrument"]
