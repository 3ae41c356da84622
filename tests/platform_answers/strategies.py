"""Small instruments and answers to them, for hypothesis."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kocsem.data.read.text import words_key
from kocsem.instrument.types import Instrument, Question

_WORDS = ["我会买", "TA说实话", "价格", "数码", "brand", "trust", "very often", "五月"]
_SIGNS = ["，", ", ", "、", "(含手机)", " - ", "—", "：", "/", " ", "; "]
_LAST = ["美食", "KOC", "其他", "again", "手机", "more", "。", "?"]

#: Words with the signs that platforms set between words, such as ``数码, 其他``.
phrases = st.builds(
    lambda word, sign, last, number: (
        f"{word}{sign}{last}{'零一二三四五六七八九'[number]}"
    ),
    st.sampled_from(_WORDS),
    st.sampled_from(_SIGNS),
    st.sampled_from(_LAST),
    st.integers(0, 9),
)


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """Draw an instrument with scale rows and every kind of question that is coded."""
    points = draw(st.integers(2, 6))
    counts = [points, draw(st.integers(1, 4)), 2, draw(st.integers(2, 4)), 3]
    needed = 2 * sum(counts)
    found = draw(
        st.lists(phrases, unique_by=words_key, min_size=needed, max_size=needed)
    )
    texts = [
        {"zh": zh, "en": en} for zh, en in zip(found[::2], found[1::2], strict=True)
    ]
    ends = np.cumsum(counts)
    anchors, items, single, several, questions = (
        texts[end - count : end] for end, count in zip(ends, counts, strict=True)
    )
    asked = [
        {"id": "GEN", "kind": "single", "options": single},
        {"id": "CAT", "kind": "multi", "options": several},
        {"id": "YEARS", "kind": "number"},
    ]
    return TypeAdapter(Instrument).validate_python(
        {
            "id": "drawn",
            "version": "1",
            "title": "Drawn",
            "scale": {"points": points, "anchors": anchors},
            "constructs": [{"id": "CA", "name": "CA"}],
            "items": [
                {"id": f"CA{number}", "construct": "CA", "text": text}
                for number, text in enumerate(items, start=1)
            ],
            "demographics": [
                {**part, "text": text, "name": f"name of {part['id']}"}
                for part, text in zip(asked, questions, strict=True)
            ],
        }
    )


@st.composite
def answers_to(draw: st.DrawFn, instrument: Instrument) -> pd.DataFrame:
    """Draw answers, some of them missing; who answers a question chooses something."""
    n = draw(st.integers(1, 5))
    columns: dict[str, list[float]] = {}
    for code, part in instrument.asked.items():
        top = 99
        if not isinstance(part, Question):
            top = instrument.scale_of(code).points
        elif part.kind == "single":
            top = len(part.options)
        elif part.kind == "multi":
            chosen = st.lists(
                st.booleans(), min_size=(k := len(part.options)), max_size=k
            )
            rows = draw(st.lists(chosen, min_size=n, max_size=n))
            values = [row if any(row) else [np.nan] * k for row in rows]
            columns |= dict(
                zip(part.columns, map(list, zip(*values, strict=True)), strict=True)
            )
            continue
        one = st.one_of(st.just(np.nan), st.integers(1, top))
        columns[code] = draw(st.lists(one, min_size=n, max_size=n))
    return pd.DataFrame(columns, dtype=float)


@st.composite
def surveys(draw: st.DrawFn) -> tuple[Instrument, pd.DataFrame]:
    """Draw an instrument together with answers to it."""
    instrument = draw(instruments())
    return instrument, draw(answers_to(instrument))
