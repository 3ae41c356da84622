import re

import pytest

from kocsem.citations import FILE, cite, cite_all, cite_inside, reference, references
from kocsem.errors import KocsemError


def test_every_reference_agrees_with_its_short_form():
    for work in references():
        year = re.search(r"\((\d{4})\)$", work.cite)
        assert year, work.key
        assert work.key.endswith(year[1])
        assert f"({year[1]})" in work.reference
        first_author = re.split(r"[,& 等]", work.cite)[0]
        assert work.reference.startswith(first_author), work.key


def test_references_are_sorted_by_key():
    keys = [work.key for work in references()]
    assert keys == sorted(keys)


def test_unknown_key_is_named():
    with pytest.raises(KocsemError, match="'nobody-1900'"):
        cite("nobody-1900")


@pytest.mark.parametrize(
    ("keys", "outside", "inside"),
    [
        ((), "", ""),
        (["bollen-1989"], "Bollen (1989)", "Bollen, 1989"),
        (
            ["cai-2025", "bollen-1989", "cai-2025"],
            "蔡雪庭等 (2025); Bollen (1989)",
            "蔡雪庭等, 2025; Bollen, 1989",
        ),
    ],
)
def test_several_works(keys, outside, inside):
    assert cite_all(keys) == outside
    assert cite_inside(keys) == inside


def test_reference_carries_its_key():
    assert reference("hu-bentler-1999").key == "hu-bentler-1999"


def test_every_key_in_the_code_is_known():
    pattern = re.compile(r"\b[a-z]+(?:-[a-z]+)*-(?:19|20)\d\d\b")
    cited = {
        (path.name, key)
        for path in FILE.parent.rglob("*.py")
        for key in pattern.findall(path.read_text(encoding="utf-8"))
    }
    known = {work.key for work in references()}
    assert len(cited) > 50
    assert {(name, key) for name, key in cited if key not in known} == set()
