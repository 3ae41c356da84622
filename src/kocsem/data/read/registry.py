"""The survey platforms whose exports can be read.

In: a platform's name, or ``"auto"`` and a file. Out: the `Platform`. A new platform
is a module with a `Platform` value and a place in `PLATFORMS`.
"""

from kocsem.data.read.cells import RawTable
from kocsem.data.read.plain import PLAIN
from kocsem.data.read.platform import Platform
from kocsem.data.read.wenjuanxing import WENJUANXING
from kocsem.errors import DataError
from kocsem.instrument.nearest import hint

#: Asked in this order; the plain table takes what is left.
PLATFORMS: tuple[Platform, ...] = (WENJUANXING, PLAIN)


def find_platform(name: str, table: RawTable) -> Platform:
    """Return the platform of an export.

    Parameters
    ----------
    name : str
        Name of a platform, or ``"auto"`` to tell it from the file.
    table : RawTable
        The file.

    Returns
    -------
    Platform
        How to read the file.

    Raises
    ------
    DataError
        If no platform has that name.
    """
    if name == "auto":
        return next(p for p in PLATFORMS if p.recognises(table))
    return platform_named(name)


def platform_named(name: str) -> Platform:
    """Return the platform that has a name.

    Parameters
    ----------
    name : str
        Name of a platform.

    Returns
    -------
    Platform
        How to read its files.

    Raises
    ------
    DataError
        If no platform has that name.
    """
    for platform in PLATFORMS:
        if platform.name == name:
            return platform
    known = ["auto", *(platform.name for platform in PLATFORMS)]
    raise DataError(f"there is no platform {name}; {hint(name, known)}.")
