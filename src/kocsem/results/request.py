"""What is asked of a bootstrap, and who does the work.

In: the arguments of a call. Out: `Request` and `Work`, checked.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from kocsem.errors import KocsemError
from kocsem.model.options import choose
from kocsem.results.intervals import check_level, check_whole

LimitKind = Literal["percentile", "bc", "bca"]
Inadmissible = Literal["keep", "drop"]

FEWEST_DRAWS = 50


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of a bootstrap.

    Attributes
    ----------
    replicates : int
        Number of draws.
    interval : {"percentile", "bc", "bca"}
        Kind of interval.
    level : float
        Confidence level.
    seed : int
        Seed of all draws.
    inadmissible : {"keep", "drop"}
        What becomes of draws with a Heywood case.
    """

    replicates: int
    interval: LimitKind
    level: float
    seed: int
    inadmissible: Inadmissible

    def __post_init__(self) -> None:
        choose("interval", self.interval, get_args(LimitKind))
        choose("inadmissible", self.inadmissible, get_args(Inadmissible))
        check_level(self.level)
        check_whole("seed", self.seed)
        check_draws(self.replicates)


@dataclass(frozen=True, slots=True)
class Work:
    """Who makes the draws, and whether they show it.

    Attributes
    ----------
    workers : int or None
        Number of workers.
    backend : str or None
        A backend of joblib.
    progress : bool
        Whether a bar is shown.
    """

    workers: int | None = None
    backend: str | None = None
    progress: bool = False


def check_draws(replicates: int) -> None:
    """Refuse a number of draws that is none, or too small for any limit.

    Parameters
    ----------
    replicates : int
        What the user gave.

    Raises
    ------
    KocsemError
        Below 50 draws.
    """
    check_whole("replicates", replicates)
    if replicates < FEWEST_DRAWS:
        raise KocsemError(
            f"replicates={replicates} draws are too few for a bootstrap; ask for at "
            f"least {FEWEST_DRAWS}, and for a paper for 5,000."
        )
