"""Alpha of ordered items: that of the answers, and that of what stands behind them.

In: the assessment of a fit to polychoric correlations, and the answers. Out: the same
assessment in which alpha is that of the sum of the answers, with its interval, as in
any other study, and the coefficient from the polychoric correlations has a column of
its own. Sources: Cronbach (1951); Zumbo, Gadermann and Zeisser (2007); Chalmers (2018).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

import pandas as pd

from kocsem.assessment.quality import quality_findings
from kocsem.assessment.records import Assessment
from kocsem.assessment.reliability import alpha_interval, cronbach_alpha

_NAN = float("nan")
_LOW = "low-alpha"


def with_ordinal_alpha(
    assessment: Assessment, scored: pd.DataFrame, ordered: Collection[str]
) -> Assessment:
    """Tell the alpha of the answers from the one of polychoric correlations.

    Parameters
    ----------
    assessment : Assessment
        The assessment of a fit with ordered items.
    scored : DataFrame
        Answers that were analysed, reversed items turned round.
    ordered : collection of str
        The ordered items.

    Returns
    -------
    Assessment
        Its constructs have one more column, ``ordinal_alpha``, which exists where all
        items of a construct are ordered. Alpha rests on the sheets that answer all
        items of the construct; findings of a low alpha are about that one.

    Notes
    -----
    Ordinal alpha is the alpha of the continuous responses that are thought to stand
    behind the answers. No score of a respondent has that reliability, so that it is no
    substitute for alpha; it shows what the coarse categories cost.

    References
    ----------
    cronbach-1951, zumbo-gadermann-zeisser-2007, chalmers-2018
    """
    items = assessment.loadings.groupby("construct")["item"].agg(list)
    rows = [
        {str(key): value for key, value in row.items()}
        | _alphas(row["alpha"], scored, items[row["construct"]], ordered)
        for row in assessment.constructs.to_dict("records")
    ]
    constructs = pd.DataFrame(rows)
    found = quality_findings(constructs, assessment.correlations, assessment.htmt)
    return replace(
        assessment,
        constructs=constructs,
        findings=(
            *(finding for finding in assessment.findings if finding.code != _LOW),
            *(finding for finding in found if finding.code == _LOW),
        ),
    )


def _alphas(
    alpha: float, scored: pd.DataFrame, items: Sequence[str], ordered: Collection[str]
) -> dict[str, float]:
    """Return the coefficients of one construct, given the one of its correlations."""
    own = [item for item in items if item in ordered]
    found = {"ordinal_alpha": alpha if len(own) == len(items) else _NAN}
    if not own or pd.isna(alpha):
        return found
    answers = scored[list(items)].dropna()
    n, k = answers.shape
    raw = float(cronbach_alpha(answers.cov().to_numpy())) if n > 1 else _NAN
    lower, upper = alpha_interval(alpha=raw, k=k, n=n) if n > 1 else (_NAN, _NAN)
    return found | {"alpha": raw, "alpha_lower": lower, "alpha_upper": upper}
