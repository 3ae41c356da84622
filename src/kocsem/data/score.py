"""Answers to scores: reversed items turned round.

In: answers as given and the instrument. Out: a new frame in which a high value means
much of the construct. The *defined* range of the scale is used, never the observed one.
"""

import pandas as pd

from kocsem.instrument.types import Instrument


def score_items(answers: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Turn reverse-worded items round.

    Parameters
    ----------
    answers : DataFrame of shape (n, columns)
        Answers as given, in codes of the instrument.
    instrument : Instrument
        Which items are reversed, and their scales.

    Returns
    -------
    DataFrame of shape (n, columns)
        A new frame: ``points + 1 - answer`` for reversed items, all else unchanged.

    Examples
    --------
    >>> import kocsem.instrument.load
    >>> koc = kocsem.instrument.load.load_instrument("koc_core")
    >>> score_items(pd.DataFrame({"IQ4": [5.0], "IQ5": [1.0]}), koc)
       IQ4  IQ5
    0  5.0  5.0
    """
    turned = {
        item.id: instrument.scale_of(item.id).points + 1 - answers[item.id]
        for item in instrument.items
        if item.reverse and item.id in answers.columns
    }
    return answers.assign(**turned)
