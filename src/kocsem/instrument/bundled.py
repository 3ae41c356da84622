"""The instruments and demo answers that come with kocsem.

In: a name such as ``"koc_core"``. Out: the path of the file, in the installed package
or, in a checkout, in the folder ``surveys`` of the repository.
"""

from pathlib import Path

from kocsem.errors import InstrumentError
from kocsem.instrument.nearest import hinted

_PACKAGE = Path(__file__).resolve().parents[1]


def surveys_folder() -> Path:
    """Return the folder of the bundled files.

    Returns
    -------
    Path
        ``kocsem/surveys`` when installed, ``surveys`` of the repository otherwise.

    Raises
    ------
    InstrumentError
        If neither exists, so that the installation is broken.
    """
    candidates = (_PACKAGE / "surveys", _PACKAGE.parents[1] / "surveys")
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise InstrumentError(
        f"{candidates[0]}: the bundled surveys are missing; install kocsem again."
    )


def bundled(name: str) -> Path:
    """Return the path of a bundled file.

    Parameters
    ----------
    name : str
        A file name (``"koc_core_demo.csv"``), or the name of an instrument or study
        without ``.yaml`` (``"koc_core"``).

    Returns
    -------
    Path
        An existing file.

    Raises
    ------
    InstrumentError
        If no bundled file has that name.

    Examples
    --------
    >>> bundled("koc_core").name
    'koc_core.yaml'
    """
    folder = surveys_folder()
    files = {file.name: file for file in sorted(folder.glob("[!.]*"))}
    for candidate in (name, f"{name}.yaml"):
        if candidate in files:
            return files[candidate]
    known = [file.removesuffix(".yaml") for file in files if file.endswith(".yaml")]
    said = f"{name}: there is no such file, and no bundled file has this name"
    raise InstrumentError(hinted(said, name, known))
