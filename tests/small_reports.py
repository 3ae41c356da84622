"""What the hand-typed analysis of the reports becomes by other estimators."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from kocsem.data.missing import missing_report
from kocsem.model.table import Variables

ITEMS = ("CA1", "CA2", "TR1", "TR2", "PI1")


def estimated(analysis, chosen, ordered=(), exogenous=(), **measures):
    """Return the analysis as if it had been estimated another way."""
    fits = {}
    for name in ("measurement", "structural"):
        fit = getattr(analysis, name)
        found = {**fit.reported_measures, **measures}
        variables = Variables(ITEMS, ("CA", "TR", "PI"), ITEMS, exogenous, ordered)
        fits[name] = SimpleNamespace(
            **{
                **vars(fit),
                "fit_measures": found,
                "reported_measures": found,
                "options": chosen.options,
                "table": SimpleNamespace(
                    means=chosen.options.meanstructure, variables=variables
                ),
            }
        )
    return replace(analysis, study=replace(analysis.study, estimation=chosen), **fits)


def holes():
    """Report the missing answers of two items: 10 sheets, 6 of them complete."""
    nan = np.nan
    first = [1, 2, 4, 3, 5, 2, 4, 1, nan, 3]
    second = [2, nan, 4, 1, nan, 2, 5, 1, 3, nan]
    return missing_report(pd.DataFrame({"CA1": first, "CA2": second}))
