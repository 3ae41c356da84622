"""Study files: what they may say, and what is refused with its line and key."""

import json
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
import yaml

from kocsem.errors import InstrumentError, StudyError
from kocsem.model.options import ESTIMATORS, MISSING
from kocsem.study.estimation import Estimation, Estimator, Missing
from kocsem.study.file import load_study, study_path
from kocsem.study.schema import study_schema

SURVEYS = Path(__file__).parents[2] / "surveys"
LEAST = "study: s\ninstrument: small.yaml\n"


def written(tmp_path, text):
    file = tmp_path / "study.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults(tmp_path):
    study = load_study(written(tmp_path, LEAST))
    assert (study.study, study.title, study.data, study.model) == (
        "s",
        None,
        None,
        None,
    )
    assert study.estimation == Estimation()
    assert study.estimation.options.estimator == "ML"
    assert study.report.languages == ("zh", "en")
    assert study.report.formats == ("html", "docx", "xlsx", "latex", "csv")
    assert study.hypotheses is None


def test_everything(tmp_path):
    text = """
study: koc-2.b
title: {zh: 研究, en: A study}
instrument: koc_core
data: {file: a.xlsx, platform: wenjuanxing, coding: text, first_code: {CA1: 0}}
screening: {consent: CONS, screeners: [SC1], attention: [], min_seconds_per_item: 1.5}
items: {include: [PI4], exclude: [CA4]}
measurement: TR =~ TR1 + TR2
model: |
  PI ~ TR
hypotheses:
  - {id: H1, path: TR -> PI, sign: "?", statement: It does.}
estimation: {engine: semopy, std_lv: true, meanstructure: true, cross_check: true}
report: {languages: [en], formats: [csv], style: gb}
"""
    study = load_study(written(tmp_path, text))
    assert study.title.get("zh") == "研究"
    assert study.data.first_code == {"CA1": 0}
    assert study.screening.attention == ()
    assert study.items.include == ("PI4",)
    assert study.model == "PI ~ TR\n"
    assert study.hypotheses[0].nodes == ("TR", "PI")
    assert study.estimation.cross_check
    assert study.report.formats == ("csv",)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("groups: {by: GEN}", 3, "groups: comparing groups is not offered yet"),
        ("cluster: CITY", 3, "kocsem.sem(..., cluster=...)"),
        ("estimation: {sampling_weights: W}", 3, "kocsem.sem(..., sampling_weights="),
        ("estimation: {invariance: [metric]}", 3, "invariance tests are not offered"),
        ("ordered: true", 3, "ordered: write this key under 'estimation:'"),
        ("missing: fiml\nestimator: MLR", 3, "missing: write this key under"),
        ("estimation: {estimator: WLS}", 3, "'WLS' is not offered; write WLSMV for"),
        ("estimation: {missing: two.stage}", 3, "'two.stage' is not offered; write fi"),
        ("estimation: {missing: em}", 3, "estimation.missing: must be 'listwise'"),
        ("estimation: {fixed_x: maybe}", 3, "estimation.fixed_x"),
        ("estimation: {ordred: true}", 3, "did you mean ordered?"),
        ("estimation: {ordered: x1}", 3, "ordered: must be true, or a list with the"),
        ("estimation: {ordered: []}", 3, "ordered: must be true, or a list with the"),
        ("estimation:\n  ordered:\n    - x1\n    - 3", 6, "ordered[2]: must be text"),
        ("estimation: {ordered: [a b]}", 3, "ordered[1]: must be a short name"),
        (
            "estimation:\n  bootstrap: {replicates: 5000}",
            4,
            "bootstrap intervals are not offered yet",
        ),
        ("estimation: {estimator: XYZ}", 3, "estimation.estimator: must be 'ML'"),
        ("estimation: {std_lv: maybe}", 3, "estimation.std_lv"),
        ("modle: PI ~ TR", 3, "unknown key; did you mean model?"),
        ("report: {langauges: [zh]}", 3, "did you mean languages?"),
        ("report: {languages: [fr]}", 3, "report.languages[1]"),
        ("report: {languages: []}", 3, "report.languages"),
        ("report: {formats: [html, html]}", 3, "html is named twice"),
        ("report: {formats: [pdf]}", 3, "report.formats[1]"),
        ("data: {platform: auto}", 3, "data.file: this key is missing"),
        ("data: answers.csv", 3, "data"),
        ("model: ''", 3, "model"),
        ("screening: {straightlining: delete}", 3, "screening.straightlining"),
        ("hypotheses: [{id: H1, path: TR, sign: '+', statement: x}]", 3, "no chain"),
        ("study: again", 3, "given twice"),
        ("items: {include: [a b]}", 3, "items.include[1]"),
    ],
)
def test_refused(tmp_path, text, line, words):
    file = written(tmp_path, LEAST + text)
    with pytest.raises(StudyError) as caught:
        load_study(file)
    message = str(caught.value)
    assert message.startswith(str(file))
    assert f"line {line}" in message
    assert words in message


#: Choices that exclude each other, with the key that stands out and why.
EXCLUDED = [
    ("estimator: DWLS", "estimator", "are for ordered items"),
    ("ordered: true\n  estimator: MLR", "estimator", "ask for WLSMV"),
    ("ordered: [x1]\n  estimator: GLS", "estimator", "ask for WLSMV"),
    ("ordered: true\n  missing: fiml", "missing", "ask for ML or MLR"),
    ("estimator: MLM\n  missing: fiml", "missing", "ask for ML or MLR"),
    ("estimator: ULS\n  missing: fiml", "missing", "ask for ML or MLR"),
    ("std_lv: true\n  missing: pairwise", "missing", "which is for ordered items"),
    ("estimator: MLR\n  missing: pairwise", "missing", "which is for ordered items"),
    ("ordered: true\n  engine: semopy", "engine", "fits complete rows by ML only"),
    ("engine: semopy\n  missing: fiml", "missing", "fits complete rows by ML only"),
]


@pytest.mark.parametrize(("choices", "key", "words"), EXCLUDED)
def test_choices_that_exclude_each_other(tmp_path, choices, key, words):
    text = f"{LEAST}estimation:\n  {choices}\n"
    line = text.splitlines().index(
        next(x for x in text.splitlines() if f" {key}:" in x)
    )
    with pytest.raises(StudyError) as caught:
        load_study(written(tmp_path, text))
    assert f"line {line + 1}: estimation.{key}: " in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("choices", "estimator", "missing", "test"),
    [
        ("{missing: fiml}", "ML", "fiml", "standard"),
        ("{estimator: MLR, missing: fiml}", "MLR", "fiml", "yuan_bentler_mplus"),
        ("{ordered: true}", "WLSMV", "listwise", "scaled_shifted"),
        ("{ordered: [x1], missing: pairwise}", "WLSMV", "pairwise", "scaled_shifted"),
        ("{ordered: true, estimator: ULS}", "ULS", "listwise", "standard"),
        ("{estimator: GLS, ordered: false}", "GLS", "listwise", "standard"),
        ("{ordered: true, estimator: WLSM}", "WLSM", "listwise", "satorra_bentler"),
    ],
)
def test_choices_that_go_together(tmp_path, choices, estimator, missing, test):
    study = load_study(written(tmp_path, f"{LEAST}estimation: {choices}"))
    found = study.estimation.options
    assert (found.estimator, found.missing, found.test) == (estimator, missing, test)
    assert found.ordered == bool(study.estimation.ordered)


def test_a_study_offers_what_a_fit_offers():
    assert get_args(Estimator) == tuple(ESTIMATORS)
    assert set(get_args(Missing)) == set(MISSING)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("instrument: a.yaml", "study: this key is missing"),
        ("study: s", "instrument: this key is missing"),
        ("study: no spaces\ninstrument: a", "study"),
        ("study: s: t", "no YAML"),
        ("", "empty"),
        ("- a", "keys with values"),
    ],
)
def test_no_study(tmp_path, text, words):
    with pytest.raises(StudyError, match=words):
        load_study(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"none\.yaml: there is no such file"):
        load_study(tmp_path / "none.yaml")


def test_bundled_names(tmp_path):
    assert study_path("koc_core_study") == SURVEYS / "koc_core_study.yaml"
    assert study_path(tmp_path / "x.yaml") == tmp_path / "x.yaml"
    with pytest.raises(InstrumentError, match="did you mean koc_core_study"):
        study_path("koc_core_stud")


def test_the_schema_in_the_repository_is_what_the_records_say():
    file = SURVEYS / "study.schema.json"
    assert file.read_text(encoding="utf-8") == study_schema()


def test_the_bundled_study_fits_the_schema():
    text = (SURVEYS / "koc_core_study.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=study.schema.json\n")
    validator = jsonschema.Draft202012Validator(json.loads(study_schema()))
    validator.validate(yaml.safe_load(text))
    assert not validator.is_valid({"study": "s", "instrument": "a", "modle": "b"})
