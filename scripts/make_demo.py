"""Make surveys/koc_core_demo.csv: synthetic answers to the core instrument.

In: the instrument and a seed. Out: answers in the layout of a 问卷星 export by option
number, drawn from a known population and then spoilt in known ways, so that screening
and estimation can be held against the truth. Run it as ``python scripts/make_demo.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Block, Instrument, Question

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: One of the seeds whose sample shows what the population holds: all paths significant,
#: estimates within one standard error of the truth.
SEED = 2174
TARGET = Path(__file__).resolve().parents[1] / "surveys" / "koc_core_demo.csv"
MARK = "synthetic 合成演示数据"

FACTORS = ("CA", "IQ", "AL", "TR", "PI")
EXOGENOUS_R = np.array([[1, 0.45, 0.50], [0.45, 1, 0.48], [0.50, 0.48, 1]])
TRUST_PATHS = {"CA": 0.34, "IQ": 0.24, "AL": 0.28}
INTENTION_PATHS = {"TR": 0.50, "CA": 0.12, "IQ": 0.12}
LOADINGS = {
    **{"CA1": 0.80, "CA2": 0.84, "CA3": 0.76, "CA4": 0.81},
    **{"IQ1": 0.78, "IQ2": 0.83, "IQ3": 0.80, "IQ4": 0.74, "IQ5": -0.66},
    **{"AL1": 0.79, "AL2": 0.82, "AL3": 0.77, "AL4": 0.72},
    **{"TR1": 0.83, "TR2": 0.86, "TR3": 0.81, "TR4": 0.78},
    **{"PI1": 0.85, "PI2": 0.88, "PI3": 0.82, "PI4": 0.76},
}
MARKER_LOADINGS = {"MV1": 0.74, "MV2": 0.80, "MV3": 0.72}
CROSS_LOADINGS = {"AL4": ("CA", 0.12)}
METHOD_LOADING = 0.15
MINOR_PAIRS = (("CA1", "CA2"), ("IQ3", "IQ4"))
MINOR_SHARE = 0.18

#: Thresholds that cut a standard normal into five categories, and who follows them.
THRESHOLDS = {
    "A": (-1.881, -1.227, -0.385, 0.706),  # shares .03 .08 .24 .41 .24
    "B": (-1.751, -1.036, -0.126, 0.915),  # shares .04 .11 .30 .37 .18
    "D": (-1.555, -0.842, 0.050, 1.036),  # shares .06 .14 .32 .33 .15
}
PROFILE_OF = {"CA": "A", "AL": "A", "IQ": "B", "TR": "B", "MV": "B", "PI": "D"}

HONEST, NO_CONSENT, OUTSIDE, INATTENTIVE = 420, 2, 3, 8
SPEEDERS, STRAIGHTLINERS, DUPLICATES, UNFINISHED = 13, 13, 8, 3
ITEM_MISSING = 0.01
MISREAD_REVERSED = 0.04
MEDIAN_SECONDS, SIGMA_SECONDS, LEAST_SECONDS = 210.0, 0.45, 80.0
SKIPPED, UNANSWERED = -3, -2

SHARES = {
    "SC2": (0.86, 0.14),
    "SC3": (0.34, 0.27, 0.07, 0.10, 0.08, 0.04, 0.07, 0.03),
    "GEN": (0.36, 0.61, 0.03),
    "AGE": (0.38, 0.29, 0.18, 0.11, 0.04),
    "EDU": (0.08, 0.19, 0.57, 0.16),
    "INC": (0.27, 0.30, 0.23, 0.12, 0.08),
    "OCC": (0.33, 0.31, 0.10, 0.11, 0.11, 0.04),
    "CITY": (0.22, 0.27, 0.23, 0.19, 0.09),
    "TIME": (0.07, 0.24, 0.43, 0.26),
    "TEN": (0.14, 0.22, 0.26, 0.28, 0.10),
    "FRQ": (0.02, 0.33, 0.38, 0.18, 0.09),
    "AMT": (0.19, 0.47, 0.26, 0.08),
    "FAN": (0.12, 0.28, 0.30, 0.14, 0.16),
}
FIELD_SHARES = (0.44, 0.31, 0.09, 0.33, 0.21, 0.20, 0.12, 0.15, 0.08, 0.05)
REGIONS = ("广东-广州", "浙江-杭州", "北京-北京", "四川-成都", "湖北-武汉", "江苏-南京")


@dataclass(frozen=True, slots=True)
class Sheets:
    """Answer sheets before they are written.

    Attributes
    ----------
    answers : dict of str to int array
        Codes as 问卷星 writes them, -3 skipped, -2 unanswered, by column.
    seconds : int array
        Time taken.
    origin : int array
        Number of the device.
    spoilt : list of str
        What was planted in each sheet: "" or the reason for which it should go.
    """

    answers: dict[str, IntArray]
    seconds: IntArray
    origin: IntArray
    spoilt: list[str]

    def take(self, order: IntArray) -> "Sheets":
        """Return the sheets in another order."""
        return Sheets(
            {code: values[order] for code, values in self.answers.items()},
            self.seconds[order],
            self.origin[order],
            [self.spoilt[i] for i in order],
        )


def factor_correlations() -> FloatArray:
    """Return the population correlations of CA, IQ, AL, TR, PI, shape (5, 5)."""
    R = np.eye(5)
    R[:3, :3] = EXOGENOUS_R
    for row, paths in ((3, TRUST_PATHS), (4, INTENTION_PATHS)):
        beta = np.array([paths.get(name, 0.0) for name in FACTORS[:row]])
        R[row, :row] = R[:row, row] = R[:row, :row] @ beta
    return R


def draw_latent(rng: np.random.Generator, n: int) -> FloatArray:
    """Draw factor scores, shape (n, 5)."""
    root = np.linalg.cholesky(factor_correlations())
    return np.asarray(rng.standard_normal((n, 5)) @ root.T)


def common_variance(code: str) -> float:
    """Return the share of an item's variance that its own error leaves."""
    loading = {**LOADINGS, **MARKER_LOADINGS}[code]
    share = loading**2 + METHOD_LOADING**2
    share += MINOR_SHARE * sum(code in pair for pair in MINOR_PAIRS)
    if code in CROSS_LOADINGS:
        other, cross = CROSS_LOADINGS[code]
        r = factor_correlations()[FACTORS.index(code[:2]), FACTORS.index(other)]
        share += cross**2 + 2 * loading * cross * float(r)
    return share


def draw_items(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw answers to all items and marker items, categories 1 to 5."""
    scores = dict(zip(FACTORS, draw_latent(rng, n).T, strict=True))
    scores["MV"] = rng.standard_normal(n)
    method = rng.standard_normal(n)
    minor = {pair: rng.standard_normal(n) for pair in MINOR_PAIRS}
    answers = {}
    for number, (code, loading) in enumerate({**LOADINGS, **MARKER_LOADINGS}.items()):
        values = loading * scores[code[:2]] + METHOD_LOADING * method
        if code in CROSS_LOADINGS:
            other, cross = CROSS_LOADINGS[code]
            values = values + cross * scores[other]
        for pair, score in minor.items():
            if code in pair:
                values = values + np.sqrt(MINOR_SHARE) * score
        error = np.sqrt(1 - common_variance(code)) * rng.standard_normal(n)
        shift = -0.1 if number % 2 else 0.1
        answers[code] = categories(values + error + shift, loading < 0, code[:2])
    return answers


def categories(values: FloatArray, is_reversed: bool, factor: str) -> IntArray:
    """Cut normal values into 1 to 5; a reversed item mirrors the thresholds."""
    cuts = np.array(THRESHOLDS[PROFILE_OF[factor]])
    edges = np.sort(-cuts) if is_reversed else cuts
    return np.asarray(np.searchsorted(edges, values) + 1, dtype=np.int64)


def draw_option(
    rng: np.random.Generator, shares: tuple[float, ...], n: int
) -> IntArray:
    """Draw option codes with given shares."""
    edges = np.cumsum(shares)[:-1]
    return np.asarray(np.searchsorted(edges, rng.random(n)) + 1, dtype=np.int64)


def draw_background(rng: np.random.Generator, n: int) -> dict[str, IntArray]:
    """Draw covariates; who never bought was not asked how much was spent."""
    answers = {code: draw_option(rng, shares, n) for code, shares in SHARES.items()}
    chosen = (rng.random((n, len(FIELD_SHARES))) < FIELD_SHARES).astype(np.int64)
    nothing = chosen.sum(axis=1) == 0
    chosen[nothing, 0] = 1
    fields = {f"CAT_{k}": column for k, column in enumerate(chosen.T, start=1)}
    never = answers["SC2"] == 2
    answers["FRQ"] = np.where(never, 1, np.maximum(answers["FRQ"], 2))
    answers["AMT"] = np.where(never, SKIPPED, answers["AMT"])
    return {**answers, **fields}


def draw_seconds(rng: np.random.Generator, n: int) -> IntArray:
    """Draw log-normal durations; nobody reads the questionnaire in no time."""
    drawn = MEDIAN_SECONDS * np.exp(SIGMA_SECONDS * rng.standard_normal(n))
    return np.asarray(np.maximum(drawn, LEAST_SECONDS).round(), dtype=np.int64)


def draw_sheets(rng: np.random.Generator) -> Sheets:
    """Draw everybody who answered once, honest respondents first."""
    planted = {
        "": HONEST,
        "consent": NO_CONSENT,
        "screener": OUTSIDE,
        "instructed": INATTENTIVE,
        "speed": SPEEDERS,
        "straightlining": STRAIGHTLINERS,
        "missing": UNFINISHED,
    }
    spoilt = [reason for reason, count in planted.items() for _ in range(count)]
    n = len(spoilt)
    one = np.ones(n, dtype=np.int64)
    answers = {
        "CONS": one.copy(),
        "SC1": one.copy(),
        "AT1": 4 * one,
        "AT2": 1 + (rng.random(n) < 0.3).astype(np.int64),
        **draw_items(rng, n),
        **draw_background(rng, n),
    }
    return Sheets(answers, draw_seconds(rng, n), np.arange(n), spoilt)


def spoil(rng: np.random.Generator, sheets: Sheets) -> None:
    """Plant in each sheet what its label says; the arrays are changed in place."""
    answers = sheets.answers
    items = [*LOADINGS, *MARKER_LOADINGS]
    for i, reason in enumerate(sheets.spoilt):
        if reason == "instructed":
            answers["AT1"][i] = (1, 2, 3, 5)[int(4 * rng.random())]
        elif reason == "speed":
            sheets.seconds[i] = int(26 * (0.6 + 1.1 * rng.random()))
        elif reason == "straightlining":
            same = 1 + int(5 * rng.random())
            for code in items:
                answers[code][i] = same
        elif reason == "missing":
            for code in ("TR2", "TR3", "TR4", "PI1", "PI2", "PI3", "PI4"):
                answers[code][i] = UNANSWERED
        elif reason in ("consent", "screener"):
            stop = "CONS" if reason == "consent" else "SC1"
            for code in answers:
                answers[code][i] = 1 if code == "CONS" else SKIPPED
            answers[stop][i] = 2


def add_noise(rng: np.random.Generator, sheets: Sheets) -> None:
    """Leave single items of honest sheets empty; let some miss the reversal."""
    honest = np.array([reason == "" for reason in sheets.spoilt])
    n = len(honest)
    reversed_item = sheets.answers["IQ5"]
    misread = honest & (rng.random(n) < MISREAD_REVERSED)
    reversed_item[misread] = 6 - reversed_item[misread]
    for code in LOADINGS:
        holes = honest & (rng.random(n) < ITEM_MISSING)
        sheets.answers[code][holes] = UNANSWERED


def add_duplicates(rng: np.random.Generator, sheets: Sheets) -> Sheets:
    """Shuffle the sheets and let some honest ones be sent in once more, later."""
    n = len(sheets.spoilt)
    place = rng.random(n)
    again = np.argsort(rng.random(HONEST))[:DUPLICATES]
    later = place[again] + (1 - place[again]) * rng.random(DUPLICATES)
    both = sheets.take(np.concatenate([np.arange(n), again]))
    for i in range(n, n + DUPLICATES):
        both.spoilt[i] = "duplicate"
    both.seconds[n:] += np.asarray(1 + 20 * rng.random(DUPLICATES), dtype=np.int64)
    return both.take(np.argsort(np.concatenate([place, later])))


def make_sheets(seed: int = SEED) -> Sheets:
    """Make all answer sheets in the order in which they came in."""
    rng = np.random.default_rng(seed)
    sheets = draw_sheets(rng)
    spoil(rng, sheets)
    add_noise(rng, sheets)
    return add_duplicates(rng, sheets)


def headers(instrument: Instrument) -> Iterator[tuple[str, str]]:
    """Pair each header of a 问卷星 export with the column of answers below it."""
    number = 0
    for block in instrument.blocks:
        if block.kind == "matrix":
            number += 1
            yield from matrix_headers(instrument, block, number)
            continue
        for code in block.items:
            number += 1
            question = instrument.asked[code]
            assert isinstance(question, Question)
            if question.kind == "multi":
                for option in question.options:
                    yield f"{number}、({option.label.zh})", f"{code}_{option.code}"
            else:
                yield f"{number}、{question.text.zh}", code


def matrix_headers(
    instrument: Instrument, block: Block, number: int
) -> Iterator[tuple[str, str]]:
    """Write the stem in front of the first row only."""
    assert block.text is not None
    stem = f"{block.text.zh}—"
    for code in block.items:
        text = instrument.asked[code].text
        assert text is not None
        yield f"{number}、{stem}{text.zh}", code
        stem = ""


def make_csv(seed: int = SEED) -> bytes:
    """Return the file: UTF-8 with a byte order mark, as 问卷星 writes it."""
    sheets = make_sheets(seed)
    columns = list(headers(load_instrument("koc_core")))
    meta = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
    lines = [",".join((*meta, *(header for header, _ in columns)))]
    clock = datetime(2025, 9, 1, 9, 0, 0)
    for i, (seconds, origin) in enumerate(
        zip(sheets.seconds, sheets.origin, strict=True)
    ):
        clock += timedelta(seconds=int(seconds) + 61 * (1 + i % 7))
        time = f"{clock:%Y/}{clock.month}/{clock.day} {clock:%H:%M:%S}"
        address = f"synthetic-{origin + 1:04}({REGIONS[origin % len(REGIONS)]})"
        cells = [str(i + 1), time, f"{seconds}秒", MARK, MARK, address]
        lines.append(
            ",".join((*cells, *(str(sheets.answers[code][i]) for _, code in columns)))
        )
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


if __name__ == "__main__":
    TARGET.write_bytes(make_csv())
    print(f"wrote {TARGET}")
