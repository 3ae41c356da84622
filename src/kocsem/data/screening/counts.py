"""How many sheets each rule hits: by itself, together with others, in order.

In: a `Screening`. Out: a tidy frame, one row a rule.
"""

import pandas as pd

from kocsem.data.types import Screening


def count_reasons(screening: Screening) -> pd.DataFrame:
    """Count the sheets that each rule hits.

    Parameters
    ----------
    screening : Screening
        What the rules found.

    Returns
    -------
    DataFrame
        Columns ``reason``, ``hits`` (by itself, of all sheets received), ``alone`` (of
        these, hit by no other rule), ``shared`` (hit by another rule as well),
        ``dropped`` (in the order of the rules). A rule that compares sheets is by
        itself compared within the population, in order among those that are left.

    Examples
    --------
    >>> import kocsem.instrument.bundled, kocsem.instrument.load
    >>> import kocsem.data.read.responses
    >>> from kocsem.data.screening.screen import screen
    >>> koc = kocsem.instrument.load.load_instrument("koc_core")
    >>> demo = kocsem.instrument.bundled.bundled("koc_core_demo.csv")
    >>> screening = screen(kocsem.data.read.responses.read_responses(demo, koc), koc)
    >>> count_reasons(screening).set_index("reason").loc["speed"].to_dict()
    {'hits': 13, 'alone': 13, 'shared': 0, 'dropped': 13}
    """
    reasons = screening.reasons
    others = reasons.sum(axis=1) > 1
    hits = reasons.sum()
    shared = reasons[others].sum()
    dropped = screening.dropped["reason"].value_counts()
    frame = pd.DataFrame(
        {
            "hits": hits,
            "alone": hits - shared,
            "shared": shared,
            "dropped": dropped.reindex(hits.index, fill_value=0),
        },
        dtype=int,
    )
    return frame.rename_axis("reason").reset_index()
