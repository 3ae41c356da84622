"""The works kocsem cites: a key in, a short citation or a full reference out.

Everything that names a source (a criterion, a finding, a method) does so by its key in
``references.yml``, so that the wording of a source stands in one place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from kocsem.errors import KocsemError

FILE = Path(__file__).with_name("references.yml")


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited work.

    Attributes
    ----------
    key : str
        The name under which code cites the work.
    cite : str
        The short form for a note, such as "Kline (2016)".
    reference : str
        The full entry for a list of references.
    """

    key: str
    cite: str
    reference: str

    @property
    def inside(self) -> str:
        """The short form within brackets, such as "Kline, 2016"."""
        return self.cite.replace(" (", ", ").replace(")", "")


@cache
def _references() -> dict[str, Reference]:
    """Read the references once."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: Reference(key=key, **entry) for key, entry in entries.items()}


def references() -> tuple[Reference, ...]:
    """Return all cited works in order of their keys.

    Returns
    -------
    tuple of Reference
        Every entry of ``references.yml``.
    """
    known = _references()
    return tuple(known[key] for key in sorted(known))


def reference(key: str) -> Reference:
    """Return a cited work.

    Parameters
    ----------
    key : str
        Key in ``references.yml``.

    Returns
    -------
    Reference
        The work.

    Raises
    ------
    KocsemError
        When there is no such key.

    Examples
    --------
    >>> reference("chen-2007").reference[:32]
    'Chen, F. F. (2007). Sensitivity '
    """
    try:
        return _references()[key]
    except KeyError:
        raise KocsemError(
            f"No cited work has the key {key!r}. Add it to {FILE.name}."
        ) from None


def cite(key: str) -> str:
    """Return the short form of a cited work.

    Parameters
    ----------
    key : str
        Key in ``references.yml``.

    Returns
    -------
    str
        Authors and year.

    Raises
    ------
    KocsemError
        When there is no such key.

    Examples
    --------
    >>> cite("hu-bentler-1999")
    'Hu & Bentler (1999)'
    """
    return reference(key).cite


def cite_all(keys: Iterable[str]) -> str:
    """Return the short forms of several works, each once, joined by semicolons.

    Parameters
    ----------
    keys : iterable of str
        Keys in ``references.yml``.

    Returns
    -------
    str
        Empty when there are no keys.

    Examples
    --------
    >>> cite_all(["kline-2016", "chen-2007", "kline-2016"])
    'Kline (2016); Chen (2007)'
    """
    return "; ".join(cite(key) for key in dict.fromkeys(keys))


def cite_inside(keys: Iterable[str]) -> str:
    """Return the short forms of several works as they stand within brackets.

    Parameters
    ----------
    keys : iterable of str
        Keys in ``references.yml``.

    Returns
    -------
    str
        Empty when there are no keys.

    Examples
    --------
    >>> cite_inside(["hair-2019", "chen-2007"])
    'Hair et al., 2019; Chen, 2007'
    """
    return "; ".join(reference(key).inside for key in dict.fromkeys(keys))
