"""Problems found inside a record that was read from a file, each with its place.

In: what is wrong and the path of keys where it stands. Out: one pydantic error that
carries them all, so that a file reader can name the line of every one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong inside a record.

    Attributes
    ----------
    path : tuple of str or int
        Keys and positions that lead to the place: ``("items", 3, "construct")``.
    message : str
        What is wrong and what would be right, without the place.
    """

    path: Path
    message: str


def key_path(path: Path) -> str:
    """Write a path of keys the way a reader would, positions counted from 1.

    Parameters
    ----------
    path : tuple of str or int
        Keys and 0-based positions.

    Returns
    -------
    str
        The path with dots and brackets; empty for the whole file.

    Examples
    --------
    >>> key_path(("items", 3, "construct"))
    'items[4].construct'
    """
    words = ""
    for key in path:
        words += f"[{key + 1}]" if isinstance(key, int) else f".{key}"
    return words.removeprefix(".")


def refuse(problems: Sequence[Problem]) -> None:
    """Raise one error that carries all problems; do nothing when there are none.

    Parameters
    ----------
    problems : sequence of Problem
        What a validator found.

    Raises
    ------
    PydanticCustomError
        Of type ``"problems"``; its context holds the problems.
    """
    if not problems:
        return
    text = "; ".join(f"{key_path(p.path)}: {p.message}" for p in problems)
    raise PydanticCustomError(
        "problems", "{text}", {"text": text, "problems": tuple(problems)}
    )


def told(failure: ValidationError) -> str:
    """Say in one line what is wrong with a record that was made of others.

    Parameters
    ----------
    failure : ValidationError
        What pydantic raised.

    Returns
    -------
    str
        Every problem with the keys that lead to it, without a full stop.
    """
    return "; ".join(detail["msg"] for detail in failure.errors(include_url=False))
