"""``kocsem survey``: a questionnaire in, files for a platform or for paper out."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from rich.console import Console

from kocsem.errors import UnsupportedError
from kocsem.findings import worst
from kocsem.instrument.export.registry import TARGETS, survey_files
from kocsem.instrument.load import load_instrument
from kocsem.instrument.outputs import add_files
from kocsem.instrument.types import Language


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What the user typed.

    Attributes
    ----------
    instrument : str
        An instrument file, or the name of a bundled instrument.
    to : str or None
        Name of a target; without one the targets are listed.
    languages : tuple of str
        Those of the target when empty.
    out : Path
        Folder for the files.
    """

    instrument: str
    to: str | None
    languages: tuple[str, ...]
    out: Path


def export_command(request: ExportRequest) -> int:
    """Write a questionnaire for a platform, and say what is left to do by hand.

    Parameters
    ----------
    request : ExportRequest
        What the user typed.

    Returns
    -------
    int
        0, or 1 when a finding says that the files must not be used.

    Raises
    ------
    KocsemError
        When the questionnaire cannot be written; nothing is written then.
    """
    console = Console(soft_wrap=True, highlight=False, markup=False)
    if request.to is None:
        names = "".join(f"\n  {t.name:<12} {t.title}" for t in TARGETS)
        raise UnsupportedError(f"Say with --to where the questionnaire goes:{names}")
    for word in request.languages:
        if word not in get_args(Language):
            raise UnsupportedError(f"--language {word} is not offered; write zh or en.")
    languages = cast(tuple[Language, ...], request.languages)
    written = survey_files(load_instrument(request.instrument), request.to, languages)
    files = ((file.name, file.content) for file in written.files)
    for path in add_files(files, request.out):
        console.print(f"Written: {path}")
    for finding in written.findings:
        console.print(f"{finding.severity}: {finding.message} [{finding.code}]")
    return 1 if worst(written.findings) == "error" else 0
