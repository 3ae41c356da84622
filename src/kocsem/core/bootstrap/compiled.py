"""Compilation of the loops that numpy cannot spell.

In: a function of arrays. Out: the same function as machine code, which runs without the
interpreter's lock, so that threads share the work. numba's cache looks at the file of a
function and not at those of the functions it calls: what is compiled together stays in
one module.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

#: Fused multiplication and addition, but no other order of the sums.
OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"contract"},
}
WITHOUT_PYTHON: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compiled(function: Function) -> Function:
    """Compile a function that Python calls, and keep the machine code on disk.

    Parameters
    ----------
    function : callable
        A function of arrays, numbers and named tuples of these.

    Returns
    -------
    callable
        Compiled at its first call.
    """
    return cast(Function, numba.njit(cache=True, **OPTIONS)(function))


def compiled_inside(function: Function) -> Function:
    """Compile a function that only compiled functions call.

    Parameters
    ----------
    function : callable
        A function of arrays, numbers and named tuples of these.

    Returns
    -------
    callable
        Compiled with its first caller; there is no way in from Python.
    """
    return cast(Function, numba.njit(**(OPTIONS | WITHOUT_PYTHON))(function))
