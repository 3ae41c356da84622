"""Files that are written all together or not at all.

In: names with their contents. Out: files in a folder of their own, or added to one that
may hold others; or an error in plain words and no trace of an attempt. Nothing is ever
overwritten. Whatever kocsem writes in folders goes through here.
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


def add_files(files: Iterable[File], folder: Path) -> tuple[Path, ...]:
    """Add files to a folder that may hold others, all of them or none.

    Parameters
    ----------
    files : iterable of (str, bytes)
        Names, without folders, and contents.
    folder : Path
        Where they go; it is made if need be.

    Returns
    -------
    tuple of Path
        The files written, in order.

    Raises
    ------
    OutputError
        When one of the files exists already, or the folder cannot be written to.
    """
    contents = dict(files)
    paths = tuple(folder / name for name in contents)
    _refuse_existing(paths)
    absent = [place for place in (folder, *folder.parents) if not place.exists()]
    placed: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".kocsem-") as temporary:
            _write_files(contents.items(), Path(temporary))
            for path in paths:
                (Path(temporary) / path.name).rename(path)
                placed.append(path)
    except BaseException as error:
        for path in placed:
            path.unlink(missing_ok=True)
        _remove(absent)
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            raise OutputError(_unwritable(folder, why)) from error
        raise
    return paths


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
        _remove(absent)
        raise


def _remove(folders: Iterable[Path]) -> None:
    """Remove folders that were made for nothing, the innermost first."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _refuse_existing(paths: Iterable[Path]) -> None:
    taken = [str(path) for path in paths if path.exists() or path.is_symlink()]
    if taken:
        raise OutputError(
            f"{', '.join(taken)}: there already, and nothing is overwritten. Move the "
            "file away, or name another folder with --out."
        )


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
