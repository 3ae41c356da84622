"""Study files that name the wrong thing, and answers that stop a study."""

from collections.abc import Callable
from dataclasses import dataclass

from broken_files.clean import FIRST, STUDY, Rows, cells, clean, csv_of, one_cell


@dataclass(frozen=True)
class Run:
    """A study and its answers, and what ``kocsem run`` says of it with status 2."""

    study: str
    words: tuple[str, ...]
    make: Callable[[], bytes] = lambda: csv_of(clean())
    options: tuple[str, ...] = ()


def changed(old: str, new: str, *words: str) -> Run:
    assert old in STUDY
    return Run(STUDY.replace(old, new), words)


def answered(rows: Callable[[], Rows], *words: str) -> Run:
    return Run(STUDY, words, lambda: csv_of(rows()))


STUDIES: dict[str, Run] = {
    "answers elsewhere that are none": changed(
        "answers.csv", "../answers.csv", "answers.csv: there is no such file"
    ),
    "an instrument elsewhere that is none": changed(
        "probe.yaml", "../../probe.yaml", "../../probe.yaml: there is no such file"
    ),
    "answers that are a folder": changed("answers.csv", ".", "this is a folder"),
    "answers that are the study": changed(
        "answers.csv",
        "study.yaml",
        "study.yaml: none of the 1 headers in row 1 is a code",
    ),
    "an instrument that is the answers": changed(
        "probe.yaml", "answers.csv", "answers.csv: expected keys with values"
    ),
    "answers of one letter less": changed(
        "answers.csv", "answer.csv", "did you mean answers.csv?"
    ),
    "another platform": changed(
        "answers.csv",
        "answers.csv, platform: qualtrics",
        "this is no export of qualtrics",
        "looks like platform wenjuanxing",
        "Leave the platform out",
    ),
    "a platform that is none": changed(
        "answers.csv", "answers.csv, platform: wenjuanxin", "did you mean wenjuanxing?"
    ),
    "a wrong first code": changed(
        "answers.csv", "answers.csv, first_code: 0", "'5' is not one of 0 to 4"
    ),
    "the wrong coding": changed(
        "answers.csv", "answers.csv, coding: text", "is no option text"
    ),
    "a column that is not there": changed(
        "answers.csv",
        "answers.csv, mapping: {TR1: 99}",
        "mapping of TR1: there is no column 99; the file has 15",
    ),
    "one column for two items": changed(
        "answers.csv",
        "answers.csv, mapping: {TR1: 9, TR2: 9}",
        "column 9 is named for TR1 and for TR2; it can",
    ),
    "an item that no column answers": changed(
        "answers.csv",
        "answers.csv, mapping: {TR1: null}",
        "no column for the items TR1",
    ),
    "another instrument": changed(
        "probe.yaml", "koc_core", "of the instrument koc_core", "'instrument:'"
    ),
    "an item that repeats another": answered(
        lambda: [
            [*row[: FIRST + 1], row[FIRST] if i else row[FIRST + 1], *row[FIRST + 2 :]]
            for i, row in enumerate(clean())
        ],
        "TR1 and TR2 hold the same answers",
    ),
    "an item that everybody answers alike": answered(
        lambda: cells(lambda _: "4", [FIRST]), "Everyone answered 4 to TR1"
    ),
    "an item that nobody answers": answered(
        lambda: cells(lambda _: "", [FIRST]), "nobody answered TR1"
    ),
    "an answer off the scale": answered(
        lambda: one_cell("6"), "TR1, column", "row 5: '6' is not one of 1 to 5"
    ),
    "a repeated header": answered(
        lambda: [*clean(), *clean()], "row 42: the row repeats the headers"
    ),
    "totals": answered(
        lambda: [*clean(), ["总计", *[""] * 6, *["3"] * 7, ""]], "row 42", "delete it"
    ),
    "few sheets": answered(lambda: clean()[:5], "n = 4 for 6 items"),
    "data that are no file": Run(
        STUDY, ("none.csv: there is no such file",), options=("--data", "none.csv")
    ),
}
