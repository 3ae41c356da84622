"""Plans: paths found, model texts put together."""

import pytest

from kocsem.errors import (
    InstrumentError,
    ModelSyntaxError,
    StudyError,
    UnsupportedError,
)
from kocsem.study.plan import measurement_model, plan_study

X = "X =~ x1 + x2 + x3"
M = "M =~ m1 + m2 + m3"
Y = "Y =~ y1 + y2 + y3"
ALL = f"{X}\n{M}\n{Y}"


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
