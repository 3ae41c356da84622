"""Lines of keys in a study file."""

import pytest

from kocsem.errors import StudyError
from kocsem.study.place import at_key

TEXT = """# a study
study: s
estimation:
  ordered:
    - x1
    - x2
report: {languages: [zh, en]}
"""


@pytest.mark.parametrize(
    ("path", "line", "key"),
    [
        (("study",), 2, "study"),
        (("estimation", "ordered"), 4, "estimation.ordered"),
        (("estimation", "ordered", 1), 6, "estimation.ordered[2]"),
        (("estimation", "missing"), 3, "estimation.missing"),
        (("report", "languages", 0), 7, "report.languages[1]"),
        (("model",), 1, "model"),
    ],
)
def test_line(tmp_path, path, line, key):
    file = tmp_path / "study.yaml"
    file.write_text(TEXT, encoding="utf-8")
    assert at_key(file, path) == f"{file}, line {line}: {key}"


def test_a_file_that_is_gone(tmp_path):
    with pytest.raises(StudyError, match="there is no such file"):
        at_key(tmp_path / "none.yaml", ("study",))
