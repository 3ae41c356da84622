"""Tables on screening, from records typed by hand; every expected cell likewise."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from kocsem.data.types import RuleInForce
from kocsem.instrument.types import Text
from kocsem.reporting.export.json import to_json
from kocsem.reporting.render import render
from kocsem.reporting.tables import screening_rules, sensitivity
from kocsem.reporting.tables.collection import make_tables
from kocsem.reporting.write import write_report
from kocsem.study.sensitivity import Outcome, Scenario, Sensitivity, Variant

ENGLISH, CHINESE = ("en", "apa"), ("zh", "gb")
NAN = float("nan")
FAST = Text(zh="作答过快", en="Answered too fast")
FAR = Text(zh="多元异常值", en="Multivariate outlier")
PATHS = (("CA", "TR"), ("TR", "PI"))
COLUMNS = ["predictor", "outcome", "est", "se", "z", "pvalue", "std"]


def _screening(given):
    speed = RuleInForce(
        "speed", FAST, Text(zh="每题少于2秒", en="under 2 s"), "drop", ("huang-2012",)
    )
    missing = RuleInForce(
        "missing",
        Text(zh="缺失过多", en="Too much unanswered"),
        Text(zh="缺答超过20%", en="over 20%"),
        "flag",
        (),
    )
    reasons = pd.DataFrame(
        {"speed": [True, True, False, False], "missing": [False, True, True, True]}
    )
    dropped = pd.DataFrame({"row": [2, 3], "reason": ["speed"] * 2, "detail": "9 s"})
    return replace(given, rules=(speed, missing), reasons=reasons, dropped=dropped)


def _outcome(nobs, cfi, second, verdict, inadmissible=()):
    """Return a result; `second` holds p and the standardised value of TR -> PI."""
    pvalue, std = second
    rows = [
        ("CA", "TR", 0.51, 0.07, 7.286, 3e-13, 0.4996),
        ("TR", "PI", 0.45, 0.2, 2.25, pvalue, std),
    ]
    verdicts = tuple(
        SimpleNamespace(hypothesis=SimpleNamespace(id=name), verdict=found)
        for name, found in (("H1", "supported"), ("H2", verdict))
    )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return Outcome(nobs, cfi, 0.0713, frame, verdicts, inadmissible)


def _sensitivity():
    failed = Outcome(None, NAN, NAN, pd.DataFrame(columns=COLUMNS), (), (), "No rows.")
    own = _outcome(200, 0.9912, (0.0244, 0.4), "supported")
    wide = _outcome(230, 0.95, (0.2, 0.1), "not supported", ("negative-variance",))
    scenarios = [
        (Scenario("population", "", None, ()), 0, wide),
        (Scenario("only", "speed", FAST, ("speed",)), 30, own),
        (Scenario("all", "", None, ("speed",)), 30, own),
        (Scenario("without", "speed", FAST, ()), 0, wide),
        (Scenario("also", "mahalanobis", FAR, ("speed", "mahalanobis")), 228, failed),
    ]
    return Sensitivity(tuple(Variant(*parts) for parts in scenarios), PATHS, ())


@pytest.fixture(scope="module")
def screened(analysis):
    return replace(
        analysis,
        screening=_screening(analysis.screening),
        sensitivity=_sensitivity(),
    )


EXPECTED = {
    (screening_rules.build, ENGLISH): """
        Answered too fast | under 2 s | dropped | 2 | 1 | 1 | 2 | Huang et al. (2012)
        Too much unanswered | over 20% | flagged | 3 | 2 | 1 | 0 | –^a""",
    (screening_rules.build, CHINESE): """
        作答过快 | 每题少于2秒 | 剔除 | 2 | 1 | 1 | 2 | Huang et al. (2012)
        缺失过多 | 缺答超过20% | 标记 | 3 | 2 | 1 | 0 | –^a""",
    (sensitivity.build, ENGLISH): """
        None beyond the population | 0 | 230 | .950 | .071 | 0.500*** | 0.100
        All rules (this study) | 30 | 200 | .991 | .071 | 0.500*** | 0.400*
        # One rule alone
        Answered too fast | 30 | 200 | .991 | .071 | 0.500*** | 0.400*
        # All rules but one
        Answered too fast | 0 | 230 | .950 | .071 | 0.500*** | 0.100
        # All rules, and flagged sheets dropped as well
        Multivariate outlier | 228 | –^a | –^a | –^a | –^a | –^a""",
    (sensitivity.build, CHINESE): """
        除研究对象外不作筛选 | 0 | 230 | 0.950 | 0.071 | 0.500*** | 0.100
        全部规则（本研究） | 30 | 200 | 0.991 | 0.071 | 0.500*** | 0.400*
        # 仅用一条规则
        作答过快 | 30 | 200 | 0.991 | 0.071 | 0.500*** | 0.400*
        # 少用一条规则
        作答过快 | 0 | 230 | 0.950 | 0.071 | 0.500*** | 0.100
        # 另剔除仅被标记者
        多元异常值 | 228 | –^a | –^a | –^a | –^a | –^a""",
}


def grid(shown):
    """Write a rendered table as lines of cells; a label begins with #."""
    lines = []
    for group in shown.groups:
        lines += [f"# {group.label}"] if group.label else []
        for row in group.rows:
            cells = (
                c.text + c.marks + (f"^{c.letter}" if c.letter else "") for c in row
            )
            lines.append(" | ".join(cells))
    return lines


def notes(table, how):
    return " ".join(note.text for note in render(table, *how).notes)


@pytest.mark.parametrize(("builder", "how"), EXPECTED)
def test_cells(builder, how, screened):
    wanted = [line.strip() for line in EXPECTED[builder, how].strip().split("\n")]
    assert grid(render(builder(screened), *how)) == wanted


@pytest.mark.parametrize(
    ("builder", "how", "said"),
    [
        (screening_rules.build, ENGLISH, "among all 4 answer sheets received"),
        (screening_rules.build, ENGLISH, "a convention without a source"),
        (screening_rules.build, CHINESE, "全部4份回收答卷"),
        (
            sensitivity.build,
            ENGLISH,
            "H2 is supported in this study, but not supported with: no screening for "
            'quality, all but "answered too fast".',
        ),
        (
            sensitivity.build,
            CHINESE,
            "H2：本研究结论为“成立”，在以下方案下为“不成立”："
            "不作质量筛选、不用“作答过快”。",
        ),
        (sensitivity.build, ENGLISH, "The model could not be fitted: No rows."),
        (sensitivity.build, CHINESE, "该方案下模型无法估计：No rows."),
        (
            sensitivity.build,
            ENGLISH,
            "The solution is inadmissible with: no screening for quality, all but",
        ),
    ],
)
def test_notes(builder, how, said, screened):
    assert said in notes(builder(screened), how)


def test_unchanged_verdicts_are_told(screened):
    whole = screened.sensitivity
    same = replace(whole, variants=whole.variants[1:3])
    table = sensitivity.build(replace(screened, sensitivity=same))
    assert "No verdict on a hypothesis differs" in notes(table, ENGLISH)
    assert "结论均与本研究相同" in notes(table, CHINESE)


def test_all_numbers_of_the_paths_are_in_the_files(screened):
    table = sensitivity.build_paths(screened)
    assert table.data_only
    lines = grid(render(table, *ENGLISH))
    assert len(lines) == 10
    assert lines[1] == (
        "None beyond the population |  | TR → PI | 0.100 | 0.450 | 0.200 | 2.250 | .200"
    )
    assert lines[8] == (
        "All rules, and flagged sheets dropped as well | Multivariate outlier | "
        "CA → TR | –^a | –^a | –^a | –^a | –^a"
    )


def test_a_model_without_paths(screened):
    bare = replace(
        screened.sensitivity,
        paths=(),
        variants=tuple(
            replace(v, outcome=replace(v.outcome, paths=v.outcome.paths.iloc[:0]))
            for v in screened.sensitivity.variants
        ),
    )
    whole = replace(screened, sensitivity=bare)
    assert sensitivity.build_paths(whole) is None
    assert grid(render(sensitivity.build(whole), *ENGLISH))[1] == (
        "All rules (this study) | 30 | 200 | .991 | .071"
    )


def test_without_screening_there_are_no_such_tables(analysis):
    keys = {table.key for table in make_tables(analysis)}
    assert not {"screening_rules", "sensitivity", "sensitivity_paths"} & keys


def test_the_tables_stand_in_the_appendix(screened):
    numbers = {table.key: table.number for table in make_tables(screened)}
    assert numbers["screening_rules"] == "S2"
    assert numbers["sensitivity"] == "S3"


def test_json_holds_every_choice(screened):
    content = json.loads(to_json(screened))
    first, last = content["sensitivity"][0], content["sensitivity"][-1]
    assert (first["kind"], first["verdicts"]["H2"]) == ("population", "not supported")
    assert first["paths"][1]["std"] == 0.1
    assert (last["rule"], last["failure"], last["cfi"]) == (
        "mahalanobis",
        "No rows.",
        None,
    )
    assert content["screening_reasons"][0]["hits"] == 2
    assert content["screening_rules"][0]["limit"]["en"] == "under 2 s"


def test_every_format_shows_them(screened, tmp_path):
    write_report(screened, tmp_path / "report")
    tables = tmp_path / "report" / "tables"
    names = {path.name for path in tables.iterdir()}
    for key in ("screening_rules", "sensitivity"):
        assert {True} == {
            any(key in name and name.endswith(ending) for name in names)
            for ending in (".csv", ".tex")
        }
    assert any("sensitivity_paths" in name for name in names)
    html = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Sensitivity of the main result" in html
    assert "主要结果对筛选规则的敏感性" in html
