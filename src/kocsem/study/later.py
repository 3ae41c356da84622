"""What a study file may ask for one day, refused by name until then.

In: what stands in the file. Out: nothing, or one error that says what to write in its
place. A part that comes to exist is taken out of these lists and nowhere else.
"""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ArgsKwargs

from kocsem.instrument.problems import Problem, refuse

#: Keys, at the top level and under ``estimation``, with what to do instead.
KEYS: Mapping[str, str] = {
    "groups": "comparing groups is not offered yet; remove this key",
    "invariance": "invariance tests are not offered yet; remove this key",
    "bootstrap": "bootstrap intervals are not offered yet; remove this key",
    "cluster": "a study file does not know of clusters yet; remove this key, or fit "
    "the answers in Python with kocsem.sem(..., cluster=...)",
    "sampling_weights": "a study file does not know of sampling weights yet; remove "
    "this key, or fit the answers in Python with kocsem.sem(..., sampling_weights=...)",
}

#: Choices that are well known, with what is offered in their place.
CHOICES: Mapping[str, str] = {
    "WLS": "WLSMV for ordered items, else MLR",
    "ml": "fiml",
    "direct": "fiml",
    "two.stage": "fiml",
    "robust.two.stage": "fiml",
}


def refuse_later_keys(value: Any) -> Any:
    """Refuse keys of parts that do not exist yet, before anything else.

    Parameters
    ----------
    value : object
        What stands in the file.

    Returns
    -------
    object
        The same.

    Raises
    ------
    PydanticCustomError
        With the place of each such key.
    """
    given = value.kwargs if isinstance(value, ArgsKwargs) else value
    if isinstance(given, Mapping):
        found = [key for key in given if key in KEYS]
        refuse([Problem((key,), KEYS[key]) for key in found])
    return value


def refuse_later_choice(value: Any) -> Any:
    """Refuse a well-known choice that is not offered.

    Parameters
    ----------
    value : object
        What stands in the file.

    Returns
    -------
    object
        The same.

    Raises
    ------
    PydanticCustomError
        Naming the choice that comes closest.
    """
    if isinstance(value, str) and value in CHOICES:
        refuse([Problem((), f"{value!r} is not offered; write {CHOICES[value]}")])
    return value
