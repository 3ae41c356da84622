"""What a bootstrap draws: cases, or clusters of cases, within strata.

In: the unit of every case, a seed, the numbers of draws. Out: how often each case was
drawn, or which rows a drawn sample has. A draw depends on the seed and its own number
alone: not on how many draws are made, nor on who makes them.
Source: Efron and Tibshirani (1993); Field and Welsh (2007) for clusters. Groups keep
their sizes, and clusters their number, as in lavaan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.structure import Index

#: Draws that share a stream of random numbers; part of what a seed means.
STREAM = 50


@dataclass(frozen=True)
class Units:
    """What is drawn.

    Attributes
    ----------
    of_case : ndarray of int, shape (n,)
        The unit of each case.
    stratum : ndarray of int, shape (u,)
        The stratum of each unit, 0, 1, ...; every stratum keeps its number of units.
    """

    of_case: Index
    stratum: Index

    @property
    def size(self) -> int:
        """Number of units."""
        return int(self.stratum.size)

    @cached_property
    def strata(self) -> tuple[Index, ...]:
        """The units of each stratum."""
        return tuple(
            np.flatnonzero(self.stratum == s) for s in range(self.stratum.max() + 1)
        )


def case_units(*, sizes: Sequence[int]) -> Units:
    """Draw single cases within groups.

    Parameters
    ----------
    sizes : sequence of int
        Number of cases of each group; groups stand one after the other.

    Returns
    -------
    Units
        Every case is a unit, every group a stratum.
    """
    return Units(
        of_case=np.arange(sum(sizes)), stratum=np.repeat(np.arange(len(sizes)), sizes)
    )


def cluster_units(*, clusters: Sequence[Index]) -> Units:
    """Draw whole clusters within groups.

    Parameters
    ----------
    clusters : sequence of ndarray of int, shape (n_g,)
        Cluster of each case, a group at a time; a number that occurs in two groups
        stands for two clusters.

    Returns
    -------
    Units
        Every cluster of a group is a unit, every group a stratum.
    """
    of_case, stratum, known = [], [], 0
    for group, labels in enumerate(clusters):
        distinct, inverse = np.unique(labels, return_inverse=True)
        of_case.append(known + inverse)
        stratum.append(np.full(distinct.size, group))
        known += distinct.size
    return Units(of_case=np.concatenate(of_case), stratum=np.concatenate(stratum))


def drawn_units(*, units: Units, seed: int, draws: range) -> Index:
    """Draw units with replacement.

    Parameters
    ----------
    units : Units
        What can be drawn.
    seed : int
        Seed of the whole bootstrap, not negative.
    draws : range
        Consecutive numbers of the draws wanted, from 0.

    Returns
    -------
    ndarray of int, shape (B, u)
        The units of each draw, stratum by stratum in the order drawn.
    """
    first, last = draws.start // STREAM, -(-draws.stop // STREAM)
    found = [
        _stream(units, np.random.default_rng([seed, number]))
        for number in range(first, last)
    ]
    rows = np.concatenate(found) if found else np.zeros((0, units.size), np.intp)
    return rows[draws.start - first * STREAM :][: len(draws)]


def _stream(units: Units, generator: np.random.Generator) -> Index:
    """Make all the draws of one stream."""
    chosen = [
        members[generator.integers(members.size, size=(STREAM, members.size))]
        for members in units.strata
    ]
    return np.concatenate(chosen, axis=1)


def multiplicities(*, units: Units, seed: int, draws: range) -> Array:
    """Count how often each case is drawn.

    Parameters
    ----------
    units : Units
        What can be drawn.
    seed : int
        Seed of the whole bootstrap, not negative.
    draws : range
        Consecutive numbers of the draws wanted, from 0.

    Returns
    -------
    ndarray of shape (B, n)
        Whole numbers.
    """
    chosen = drawn_units(units=units, seed=seed, draws=draws)
    shift = units.size * np.arange(len(draws))[:, None]
    counts = np.bincount((chosen + shift).ravel(), minlength=len(draws) * units.size)
    return counts.reshape(-1, units.size)[:, units.of_case].astype(float)


def drawn_rows(*, units: Units, seed: int, draw: int) -> Index:
    """List the rows of one drawn sample.

    Parameters
    ----------
    units : Units
        What can be drawn.
    seed : int
        Seed of the whole bootstrap, not negative.
    draw : int
        Number of the draw, from 0.

    Returns
    -------
    ndarray of int
        Rows of the data in their own order, repeated as often as they were drawn;
        groups stay together.
    """
    (counts,) = multiplicities(units=units, seed=seed, draws=range(draw, draw + 1))
    return np.repeat(np.arange(counts.size), counts.astype(np.intp))
