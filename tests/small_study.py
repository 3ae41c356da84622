"""A small study on disk: three constructs, answers that were drawn."""

from pathlib import Path

import numpy as np
import pandas as pd

INSTRUMENT = """
id: small
version: "1"
title: A small survey
scale: 7
constructs:
  - {id: X, name: Cause}
  - {id: M, name: Mediator}
  - {id: Y, name: Outcome}
items:
  - {id: x1, construct: X}
  - {id: x2, construct: X}
  - {id: x3, construct: X}
  - {id: x4, construct: X, optional: true, reverse: true}
  - {id: m1, construct: M}
  - {id: m2, construct: M}
  - {id: m3, construct: M}
  - {id: y1, construct: Y}
  - {id: y2, construct: Y}
  - {id: y3, construct: Y}
demographics:
  - {id: SEX, name: Sex, text: Sex, options: [Male, Female]}
"""

HYPOTHESES = """
hypotheses:
  - {id: H1, path: X -> M, sign: "+", statement: X raises M.}
  - {id: H2, path: M -> Y, sign: "+", statement: M raises Y.}
  - {id: H3, path: X -> M -> Y, sign: "+", statement: M carries X to Y.}
"""

STUDY = """
study: small
instrument: small.yaml
data: {file: answers.csv}
screening: {straightlining: keep, duplicates: keep, missing_share: 1}
"""

CONSTRUCTS = {"x": "X", "m": "M", "y": "Y"}


def draw(n=400, seed=7):
    """Draw answers with M = .6 X and Y = .6 M, loadings of .8."""
    rng = np.random.Generator(np.random.PCG64(seed))
    x = rng.normal(size=n)
    m = 0.6 * x + 0.8 * rng.normal(size=n)
    y = 0.6 * m + 0.8 * rng.normal(size=n)
    columns = {}
    for name, factor in (("x", x), ("m", m), ("y", y)):
        for i in range(1, 4):
            score = 0.8 * factor + 0.6 * rng.normal(size=n)
            columns[f"{name}{i}"] = np.clip(np.round(4 + 1.3 * score), 1, 7)
    score = -0.8 * x + 0.6 * rng.normal(size=n)
    columns["x4"] = np.clip(np.round(4 + 1.3 * score), 1, 7)
    columns["SEX"] = rng.integers(1, 3, size=n)
    return pd.DataFrame(columns).astype("Int64")


class Folder:
    """A study on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.instrument(HYPOTHESES)
        self.answers(draw())
        self.study()

    def instrument(self, more="", text=INSTRUMENT):
        (self.path / "small.yaml").write_text(text + more, encoding="utf-8")
        return self

    def study(self, more="", text=STUDY):
        self.file = self.path / "study.yaml"
        self.file.write_text(text + more, encoding="utf-8")
        return self

    def answers(self, frame, name="answers.csv"):
        frame.to_csv(self.path / name, index=False)
        return self
