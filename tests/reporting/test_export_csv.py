import csv
from io import StringIO

from kocsem.reporting.export.csv import to_csv
from kocsem.reporting.tables import (
    descriptives,
    discriminant,
    fit_indices,
    hypotheses,
    items,
    reliability,
)


def read(table):
    return list(csv.DictReader(StringIO(to_csv(table))))


def test_numbers_are_in_full_precision_and_words_are_codes(analysis):
    first = read(hypotheses.build(analysis))[0]
    assert first == {
        "group": "direct",
        "hypothesis": "H1",
        "path": "CA -> TR",
        "beta": "0.4996",
        "estimate": "0.51",
        "se": "0.07",
        "z": "7.286",
        "pvalue": "3e-13",
        "pvalue_holm": "6e-13",
        "verdict": "supported",
    }


def test_missing_numbers_are_empty(analysis):
    third = read(hypotheses.build(analysis))[2]
    assert (third["beta"], third["pvalue"], third["verdict"]) == ("", "", "not tested")
    assert read(descriptives.build(analysis))[4]["skew"] == ""


def test_repeated_labels_keep_their_code(analysis):
    codes = [row["construct"] for row in read(reliability.build(analysis))]
    assert codes == ["CA", "CA", "TR", "TR", "PI"]


def test_intervals_are_two_columns(analysis):
    first = read(reliability.build_alpha(analysis))[0]
    assert first["alpha_interval_lower"] == "0.69"
    assert first["alpha_interval_upper"] == "0.82"


def test_criteria_are_plain(analysis):
    rows = {row["index"]: row for row in read(fit_indices.build(analysis))}
    assert rows["cfi"]["criterion"] == ">= 0.95"
    assert rows["rmsea_interval"]["structural"] == "0.012 0.1287"
    assert rows["gfi_lisrel"]["structural"] == ""


def test_wording_stands_in_both_languages(analysis):
    second = read(items.build(analysis))[1]
    assert second["wording_zh"] == "TA的表达朴实自然。"
    assert second["wording_en"] == "It is told plainly & simply."
    assert second["reverse"] == "yes"


def test_panels_are_named(analysis):
    rows = read(discriminant.build(analysis))
    assert [(row["group"], row["construct"]) for row in rows] == [
        ("fornell_larcker", "CA"),
        ("fornell_larcker", "TR"),
        ("fornell_larcker", "PI"),
        ("htmt", "TR"),
        ("htmt", "PI"),
    ]
    assert rows[1]["TR"] == "0.8451"
