"""The survey platforms whose exports can be read.

In: a platform's name, or ``"auto"`` and a file. Out: the `Platform`. A new platform
is a module with a `Platform` value and a place in `PLATFORMS`.
"""

from kocsem.data.read.cells import RawTable
from kocsem.data.read.platform import Platform
from kocsem.data.read.platforms.google_forms import GOOGLE_FORMS
from kocsem.data.read.platforms.kobo import KOBO
from kocsem.data.read.platforms.labelled import SPSS, STATA
from kocsem.data.read.platforms.limesurvey import LIMESURVEY
from kocsem.data.read.platforms.plain import PLAIN
from kocsem.data.read.platforms.qualtrics import QUALTRICS
from kocsem.data.read.platforms.redcap import REDCAP
from kocsem.data.read.platforms.tencent import TENCENT
from kocsem.data.read.platforms.wenjuanxing import WENJUANXING
from kocsem.errors import DataError
from kocsem.instrument.nearest import hinted

#: Asked in this order; the plain table takes what is left.
PLATFORMS: tuple[Platform, ...] = (
    WENJUANXING,
    TENCENT,
    QUALTRICS,
    LIMESURVEY,
    REDCAP,
    KOBO,
    GOOGLE_FORMS,
    SPSS,
    STATA,
    PLAIN,
)


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
        If no platform has that name, or the file is no export of it.
    """
    likely = next(p for p in PLATFORMS if p.recognises(table))
    platform = likely if name == "auto" else platform_named(name)
    if not platform.recognises(table):
        raise DataError(
            f"{table.file}: this is no export of {name}; its content looks like "
            f"platform {likely.name}. Leave the platform out to have it told from the "
            "file."
        )
    return platform


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
    raise DataError(hinted(f"there is no platform {name}", name, known))
