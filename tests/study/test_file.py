"""Study files: what they may say, and what is refused with its line and key."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from kocsem.errors import InstrumentError, StudyError
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
    assert (study.estimation.estimator, study.estimation.engine) == ("ML", "kocsem")
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
        ("ordered: true", 3, "ordinal estimation is not offered yet"),
        ("estimation: {estimator: WLSMV}", 3, "'WLSMV' is not offered yet; write ML"),
        ("estimation: {missing: fiml}", 3, "'fiml' is not offered yet; write listwise"),
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
