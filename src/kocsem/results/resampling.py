"""A fit repeated on other samples of its rows.

In: a `Solution` and what can repeat it. Out: its `Bootstrap`, and the test of Bollen
and Stine (1992), for which samples are drawn from data that fit the model.
"""

from dataclasses import dataclass
from typing import Protocol

from kocsem.core.bootstrap.bollen_stine import bootstrap_p_value
from kocsem.core.bootstrap.replicates import Block, Replicates, replicate
from kocsem.core.moments import Array
from kocsem.core.structure import Index
from kocsem.errors import EstimationError
from kocsem.results.bootstrap import Bootstrap
from kocsem.results.intervals import check_whole
from kocsem.results.request import FEWEST_DRAWS, Request, Work, check_draws
from kocsem.results.solution import Solution
from kocsem.results.workers import progress_bar, runner


class Resampler(Protocol):
    """What can repeat a fit on other samples of its rows."""

    def draws(self, x: Array, seed: int) -> Block:
        """Return what fits the draws of a bootstrap, from the estimate x."""

    def left_out(self, x: Array) -> tuple[Block, int, Index]:
        """Return what fits the samples of a jackknife, their number and strata."""

    def covariances(self, x: Array, request: Request, *, jackknife: bool) -> Array:
        """Return sample covariance matrices of the draws, or of the jackknife.

        Of shape (number, groups, p, p).
        """

    def null_draws(self, solution: Solution, seed: int) -> Block:
        """Return what fits draws from data for which the model holds."""


def bootstrapped(
    solution: Solution, resampler: Resampler, request: Request, work: Work
) -> Bootstrap:
    """Bootstrap a fit.

    Parameters
    ----------
    solution : Solution
        The fit to the full sample.
    resampler : Resampler
        What can repeat it.
    request : Request
        What is asked.
    work : Work
        Who makes the draws.

    Returns
    -------
    Bootstrap
        The draws, with what follows from them.

    Raises
    ------
    EstimationError
        When the fit itself did not converge, or hardly any draw has estimates.
    """
    if not solution.optimum.converged:
        raise EstimationError(
            "The model did not converge in the full sample, so there is nothing to "
            "bootstrap."
        )
    run = runner(work.workers, work.backend)

    def leave_out() -> tuple[Replicates, Index]:
        block, count, strata = resampler.left_out(solution.x)
        return replicate(block=block, count=count, run=run), strata

    with progress_bar(request.replicates, show=work.progress) as tell:
        drawn = replicate(
            block=resampler.draws(solution.x, request.seed),
            count=request.replicates,
            run=run,
            progress=tell,
        )
    found = Bootstrap(
        solution=solution,
        request=request,
        drawn=drawn,
        leave_out=leave_out,
        covariances=lambda jackknife: resampler.covariances(
            solution.x, request, jackknife=jackknife
        ),
    )
    if found.used.sum() < FEWEST_DRAWS:
        raise EstimationError(
            f"Only {int(found.used.sum())} of {request.replicates} draws have "
            f"estimates that may be used ({found.counts}); the sample is too small for "
            "a bootstrap of this model."
        )
    return found


@dataclass(frozen=True, slots=True)
class BollenStine:
    """The bootstrap test of a model.

    Attributes
    ----------
    chisq : float
        The test statistic of the data.
    pvalue : float
        Share of draws, from data for which the model holds, that fit worse.
    statistics : ndarray of shape (B,)
        Test statistics of the draws that converged.
    drawn : int
        Number of draws, converged or not.
    """

    chisq: float
    pvalue: float
    statistics: Array
    drawn: int


def bollen_stine(
    solution: Solution,
    resampler: Resampler,
    *,
    replicates: int,
    seed: int,
    work: Work,
) -> BollenStine:
    """Test a model by drawing from data for which it holds.

    Parameters
    ----------
    solution : Solution
        The fit.
    resampler : Resampler
        What can repeat it.
    replicates : int
        Number of draws.
    seed : int
        Seed of all draws.
    work : Work
        Who makes the draws.

    Returns
    -------
    BollenStine
        Statistic and p value (Bollen and Stine, 1992).

    Raises
    ------
    UnsupportedError
        For anything but maximum likelihood with complete, unweighted answers.
    """
    check_draws(replicates)
    check_whole("seed", seed)
    found = replicate(
        block=resampler.null_draws(solution, seed),
        count=replicates,
        run=runner(work.workers, work.backend),
    )
    statistics = (found.n * found.discrepancy)[found.converged]
    return BollenStine(
        chisq=solution.chisq,
        pvalue=bootstrap_p_value(statistic=solution.chisq, replicates=statistics),
        statistics=statistics,
        drawn=replicates,
    )
