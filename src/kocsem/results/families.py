"""Which family of discrepancy functions a call asks for.

In: the options. Out: a `Family`.
"""

from kocsem.model.options import Options
from kocsem.results.complete import CompleteData
from kocsem.results.family import Family
from kocsem.results.incomplete import IncompleteData
from kocsem.results.least_squares import LeastSquaresData
from kocsem.results.ordered import OrderedData


def family_for(options: Options) -> Family:
    """Choose the family.

    Parameters
    ----------
    options : Options
        What was asked.

    Returns
    -------
    Family
        Full information where missing answers are kept, least squares or maximum
        likelihood for complete data.
    """
    if options.missing == "fiml":
        return IncompleteData()
    if options.ordered:
        return OrderedData(diagonal=options.discrepancy == "DWLS")
    if options.discrepancy == "ML":
        scores = options.se == "robust_huber_white"
        return CompleteData(observed_moments=scores and options.moment_based)
    weighted = options.discrepancy == "GLS"
    return LeastSquaresData(
        weighted=weighted,
        residual_based=not weighted and options.test == "standard",
    )
