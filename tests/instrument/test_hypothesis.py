"""Four kinds of hypotheses, and how each is told from the others."""

from typing import Any

import pytest
from pydantic import ValidationError

from kocsem.instrument.types import Hypothesis


def make(**keys: Any) -> Hypothesis:
    return Hypothesis(**{"id": "H1", "statement": "It does.", **keys})


@pytest.mark.parametrize(
    ("path", "kind", "nodes", "product", "outcome", "constructs"),
    [
        ("A -> B", "direct", ("A", "B"), (), "B", ("A", "B")),
        ("A->B->C", "indirect", ("A", "B", "C"), (), "C", ("A", "B", "C")),
        ("A x B -> C", "moderation", (), ("A", "B"), "C", ("A", "B", "C")),
        (" A  x  B  ->  C ", "moderation", (), ("A", "B"), "C", ("A", "B", "C")),
        ("x1 -> x", "direct", ("x1", "x"), (), "x", ("x1", "x")),
    ],
)
def test_a_path_tells_the_kind(
    path: str,
    kind: str,
    nodes: tuple[str, ...],
    product: tuple[str, ...],
    outcome: str,
    constructs: tuple[str, ...],
) -> None:
    made = make(path=path, sign="+")
    assert (made.kind, made.nodes, made.product) == (kind, nodes, product)
    assert (made.outcome, made.constructs) == (outcome, constructs)


def test_without_a_path_it_is_a_statement() -> None:
    made = make(about=["A", "B"])
    assert (made.kind, made.nodes, made.product) == ("statement", (), ())
    assert (made.outcome, made.sign, made.constructs) == (None, None, ("A", "B"))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"path": "A x B", "sign": "+"}, "no chain of different constructs"),
        ({"path": "A x B x C -> D", "sign": "+"}, "for an interaction"),
        ({"path": "A x B -> C -> D", "sign": "+"}, "no chain"),
        ({"path": "A -> B x C", "sign": "+"}, "no chain"),
        ({"path": "A x A -> C", "sign": "+"}, "no chain"),
        ({"path": "A x B -> A", "sign": "+"}, "no chain"),
        ({"path": "A x  -> C", "sign": "+"}, "no chain"),
        ({"path": "A -> B"}, "a path needs the expected sign"),
        ({"path": "A -> B", "sign": "0"}, "Input should be"),
        ({"path": "A -> B", "sign": "+", "about": ["C"]}, "remove 'about'"),
        ({"sign": "+"}, "nothing that could have a sign"),
    ],
)
def test_what_is_no_hypothesis_is_refused(keys: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make(**keys)
    assert expected in str(caught.value)
