"""JSON Schema of a study file, for editors that check while one writes.

In: the records of a study file. Out: the text of ``surveys/study.schema.json``.
"""

from pathlib import Path

from kocsem.instrument.schema import schema_text
from kocsem.study.file import StudyFile


def study_schema() -> str:
    """Return the JSON Schema of a study file.

    Returns
    -------
    str
        The text of ``surveys/study.schema.json``.
    """
    return schema_text(StudyFile, title="A kocsem study file")


def write_study_schema(folder: str | Path) -> Path:
    """Write the JSON Schema of a study file next to the studies.

    Parameters
    ----------
    folder : str or Path
        The folder ``surveys``.

    Returns
    -------
    Path
        The file written.
    """
    file = Path(folder) / "study.schema.json"
    file.write_text(study_schema(), encoding="utf-8", newline="\n")
    return file
