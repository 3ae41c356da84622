"""A folder of files that is written whole or not at all.

In: names with their contents. Out: a folder on disk, or an error in plain words and no
trace of an attempt. Whatever kocsem writes in folders goes through here.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from kocsem.errors import OutputError

#: A path within the folder, with slashes, and what the file holds.
File = tuple[str, bytes]


def write_folder(files: Iterable[File], folder: Path) -> tuple[Path, ...]:
    """Write all files into a folder, or leave no trace.

    Parameters
    ----------
    files : iterable of (str, bytes)
        Names and contents; they may be made while they are written.
    folder : Path
        Where they go; it must not exist yet, or be empty.

    Returns
    -------
    tuple of Path
        The files written, sorted.

    Raises
    ------
    OutputError
        When the folder holds something already, or cannot be written.

    Notes
    -----
    Files are made in a temporary folder on the same disk, which is renamed at the end:
    inside of a folder that exists, which may be a disk of its own, else beside it.
    """
    check_folder(folder)
    try:
        _write_at_once(files, folder.absolute())
    except OSError as error:
        raise OutputError(_unwritable(folder, error.strerror or str(error))) from error
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def check_folder(folder: Path) -> None:
    """Refuse a folder that would be overwritten or cannot be made.

    Parameters
    ----------
    folder : Path
        Where files are to go.

    Raises
    ------
    OutputError
        When it is a file, a folder that holds something, or in a place where nothing
        can be written.
    """
    if folder.is_dir():
        if any(folder.iterdir()):
            raise OutputError(
                f"The folder {folder} is not empty, and nothing is overwritten. Name "
                "a folder that does not exist yet, or empty this one."
            )
    elif folder.exists():
        raise OutputError(f"{folder} is a file; name a folder.")
    absolute = folder.absolute()
    nearest = next(path for path in (absolute, *absolute.parents) if path.exists())
    if not nearest.is_dir():
        raise OutputError(_unwritable(folder, f"{nearest} is a file"))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(_unwritable(folder, f"nothing may be written in {nearest}"))


def _write_at_once(files: Iterable[File], target: Path) -> None:
    absent = [folder for folder in target.parents if not folder.exists()]
    base = target if target.exists() else target.parent
    try:
        base.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=base, prefix=f".{target.name}-") as temp:
            made = Path(temp) / "made"
            _write_files(files, made)
            if target.exists():
                for entry in made.iterdir():
                    entry.rename(target / entry.name)
            else:
                made.rename(target)
    except BaseException:
        for folder in absent:
            with suppress(OSError):
                folder.rmdir()
        raise


def _write_files(files: Iterable[File], folder: Path) -> None:
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _unwritable(folder: Path, why: str) -> str:
    return (
        f"The files cannot be written to {folder}: {why}. Choose another folder, or "
        "free the space and the rights it needs."
    )
