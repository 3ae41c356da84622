"""Matrices and notes get names that no column of answers could bear."""

import pytest

from kocsem.instrument.export.codes import names_for
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument


def _instrument(block, codes):
    return Instrument(
        id="s",
        version="1",
        title="A survey",
        scale=5,
        constructs=[{"id": "X", "name": "X"}],
        items=[{"id": c, "construct": "X", "text": f"Row {c}"} for c in codes],
        blocks=[{"id": block, "kind": "matrix", "items": codes}],
    )


@pytest.mark.parametrize(
    ("block", "codes", "name"),
    [
        ("battery", ["TR1", "TR2"], "battery"),
        ("TR", ["TR_1", "TR_2"], "trx1"),
        ("TR", ["TR1", "TRX11"], "trx2"),
        ("t.r", ["TR1", "TR2"], "t_rx1"),
        ("start", ["A1"], "startx1"),
        ("introduction", ["A1"], "introduction"),
        ("a_very_long_name", ["B1"], "a_very_long"),
    ],
)
def test_a_matrix_has_a_name_of_its_own(block, codes, name):
    instrument = _instrument(block, codes)
    names = names_for(instrument, questionnaire(instrument))
    assert names.silent == {block: name}
    every = [names.introduction, *names.pages.values(), *names.silent.values()]
    assert len(set(every)) == 3
