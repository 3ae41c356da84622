"""How a study was estimated, in the sentences of a paper's method section.

In: an analysis. Out: sentences with their sources: the estimator, which items are
ordered, what became of missing answers, where the robust indices come from.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite, nan

from kocsem.citations import cite_inside
from kocsem.model.options import Options
from kocsem.reporting.notes import ESTIMATORS, METHOD, NOTES
from kocsem.reporting.table import Cell, Note, number, words
from kocsem.reporting.tables.common import keeps_missing
from kocsem.study.analysis import Analysis
from kocsem.study.cases import INCOMPLETE

_WLS = "muthen-1984"
_MEAN, _SHIFTED = "satorra-bentler-1994", "asparouhov-muthen-2010"

#: Sources of the estimators, by their key in `ESTIMATORS`; ML has none.
_SOURCES = {
    "MLR": ("yuan-bentler-2000",),
    "MLM": (_MEAN,),
    "MLMV": (_SHIFTED,),
    "GLS": ("browne-1984",),
    "ULS": ("browne-1984",),
    "WLSMV": (_WLS, _SHIFTED),
    "WLSM": (_WLS, _MEAN),
    "DWLS": (_WLS,),
    "ULSMV": (_WLS, _SHIFTED),
    "ULSM": (_WLS, _MEAN),
    "ordinal_ULS": (_WLS,),
}


def method_notes(analysis: Analysis) -> Iterator[Note]:
    """Describe the estimation of a study.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Yields
    ------
    Note
        One sentence.
    """
    fit = analysis.structural
    options, variables = fit.options, fit.table.variables
    ordinal = options.ordered and options.estimator == "ULS"
    key = "ordinal_ULS" if ordinal else options.estimator
    yield Note(ESTIMATORS[key], _sources(*_SOURCES.get(key, ())))
    given = variables.exogenous if options.fixed_x else ()
    yield from _ordered(
        variables.ordered, [name for name in variables.observed if name not in given]
    )
    if variables.exogenous:
        key = "covariates" if options.fixed_x else "random_covariates"
        yield Note(METHOD[key], (words(", ".join(variables.exogenous)),))
    yield _missing(analysis)
    yield from robust_note(fit.reported_measures, options)
    yield Note(METHOD["engine"], (words(options.engine),))


def robust_note(measures: Mapping[str, float], options: Options) -> Iterator[Note]:
    """Say where robust indices come from.

    Parameters
    ----------
    measures : mapping
        The measures of a fit.
    options : Options
        How it was made.

    Yields
    ------
    Note
        Nothing where the indices are the plain ones, or the robust ones do not exist.
    """
    if not isfinite(measures.get("cfi_robust", nan)):
        return
    if options.missing == "fiml":
        sources = ["zhang-savalei-2023"]
    elif options.ordered:
        sources = ["savalei-2021"]
    else:
        sources = ["brosseau-liard-savalei-li-2012", "brosseau-liard-savalei-2014"]
    yield Note(NOTES["robust"], _sources(*sources))


def _sources(*keys: str) -> tuple[Cell, ...]:
    """Return the sources as one value of a sentence; nothing for none."""
    return (words(cite_inside(keys)),) if keys else ()


def _ordered(ordered: Sequence[str], observed: Sequence[str]) -> Iterator[Note]:
    """Say which of the variables that are not given were treated as ordered."""
    count, source = number(len(ordered), "count"), _sources("olsson-1979")
    if not ordered:
        return
    if len(ordered) == len(observed):
        yield Note(METHOD["all_ordered"], (count, *source))
    else:
        total, names = number(len(observed), "count"), words(", ".join(ordered))
        yield Note(METHOD["some_ordered"], (total, count, names, *source))


def _missing(analysis: Analysis) -> Note:
    """Say what became of missing answers."""
    treatment = analysis.study.estimation.missing
    if treatment == "listwise" and analysis.missing is not None:
        left_out = sum(s.n for s in analysis.screening.flow if s.reason == INCOMPLETE)
        return Note(METHOD["listwise"], (number(left_out, "count"),))
    if not keeps_missing(analysis):
        return Note(METHOD["complete"])
    if treatment == "fiml":
        return Note(METHOD["fiml"], _sources("enders-bandalos-2001"))
    return Note(METHOD["pairwise"])
