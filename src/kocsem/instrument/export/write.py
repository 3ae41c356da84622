"""Finished files to a folder, all of them or none.

In: files and a folder. Out: their paths. Nothing is overwritten, and nothing is ever
half-written: the files are made in a temporary folder and moved at the end.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from kocsem.errors import OutputError
from kocsem.instrument.export.target import Exported


def write_files(files: Sequence[Exported], folder: str | Path) -> tuple[Path, ...]:
    """Write files into a folder, which is made if need be.

    Parameters
    ----------
    files : sequence of Exported
        What to write.
    folder : str or Path
        Where to; it may hold other files.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    OutputError
        If one of the files exists, or the folder cannot be written to.
    """
    target = Path(folder)
    paths = tuple(target / file.name for file in files)
    _refuse_existing(paths)
    absent = [place for place in (target, *target.parents) if not place.exists()]
    placed: list[Path] = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target, prefix=".kocsem-") as temporary:
            for file in files:
                (Path(temporary) / file.name).write_bytes(file.content)
            for path in paths:
                (Path(temporary) / path.name).rename(path)
                placed.append(path)
    except BaseException as error:
        for path in placed:
            path.unlink(missing_ok=True)
        for place in absent:
            with suppress(OSError):
                place.rmdir()
        if isinstance(error, OSError):
            raise OutputError(
                f"Nothing can be written to {target}: {error.strerror or error}. "
                "Choose another folder, or free the space and the rights it needs."
            ) from error
        raise
    return paths


def _refuse_existing(paths: Sequence[Path]) -> None:
    taken = [str(path) for path in paths if path.exists() or path.is_symlink()]
    if taken:
        raise OutputError(
            f"{', '.join(taken)}: there already, and nothing is overwritten. Move the "
            "file away, or name another folder with --out."
        )
