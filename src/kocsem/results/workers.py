"""Who runs the blocks of a bootstrap: this process, threads, processes or a cluster.

In: a number of workers and a joblib backend. Out: something that behaves like `map`.
Results do not depend on it.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from joblib import Parallel, delayed  # type: ignore[import-untyped] # no stubs
from rich.console import Console
from rich.progress import Progress
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # no stubs

from kocsem.core.bootstrap.batched import Bootstrap, Jackknife
from kocsem.core.bootstrap.replicates import Block, Replicates, Run
from kocsem.errors import KocsemError


def runner(workers: int | None, backend: str | None) -> Run:
    """Return what runs blocks of draws.

    Parameters
    ----------
    workers : int or None
        How many; None leaves it to joblib's configuration, 1 where there is none, and
        -1 takes all processors.
    backend : str or None
        A backend of joblib: ``"threading"``, ``"loky"``, ``"dask"``; None leaves it to
        joblib's configuration, and where there is none takes threads for compiled code
        and processes for the rest.

    Returns
    -------
    callable
        Like `map`, results in order.

    Raises
    ------
    KocsemError
        When workers is no whole number, or 0.
    """
    whole = isinstance(workers, int) and not isinstance(workers, bool)
    if workers is not None and (not whole or workers == 0):
        raise KocsemError(
            f"workers must be a whole number, -1 for all processors, not {workers!r}."
        )

    def run(block: Block, numbers: Iterable[range], /) -> Iterator[Replicates]:
        # compiled code leaves the interpreter to others, and processes start slowly
        prefer = "threads" if isinstance(block, Bootstrap | Jackknife) else None
        parallel = Parallel(
            n_jobs=workers, backend=backend, prefer=prefer, return_as="generator"
        )
        jobs = (delayed(_made)(block, own) for own in numbers)
        # many small matrices: threads inside a product would only wait for each other
        with threadpool_limits(limits=1, user_api="blas"):
            yield from parallel(jobs)

    return run


def _made(block: Block, numbers: range) -> Replicates:
    """Make one block; dask asks for a function that can be hashed."""
    return block(numbers)


@contextmanager
def progress_bar(count: int, *, show: bool) -> Iterator[Callable[[int], None] | None]:
    """Show how many draws were made, on standard error.

    Parameters
    ----------
    count : int
        How many there will be.
    show : bool
        Whether to show it at all.

    Yields
    ------
    callable or None
        Called with the number made so far.
    """
    if not show:
        yield None
        return
    with Progress(console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("bootstrap", total=count)
        yield lambda made: bar.update(task, completed=made)
