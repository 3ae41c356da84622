"""A folder in which a new study can begin: instrument, study file, answers, notebook.

In: a folder that does not exist yet and the instrument wanted. Out: its files. Where
the instrument has demo answers, the study runs as it stands; they are synthetic and the
files say so.
"""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from kocsem.errors import InstrumentError, StudyError
from kocsem.instrument.bundled import bundled
from kocsem.instrument.derive import definition_files
from kocsem.instrument.files import read_text
from kocsem.instrument.load import load_instrument
from kocsem.instrument.outputs import File, write_folder
from kocsem.instrument.schema import derived_schema, instrument_schema
from kocsem.instrument.types import Instrument
from kocsem.study.file import is_study_name, load_study
from kocsem.study.schema import study_schema

_ANSWERS = "answers"
_SCHEMA_LINE = "# yaml-language-server: $schema="
_SCHEMAS = {
    "derived.schema.json": derived_schema,
    "instrument.schema.json": instrument_schema,
    "study.schema.json": study_schema,
}


def start_study(folder: str | Path, instrument: str = "koc_core") -> tuple[Path, ...]:
    """Write the files with which a study begins.

    Parameters
    ----------
    folder : str or Path
        Where they go; it must not exist yet, or be empty. Its name becomes the study's.
    instrument : str
        The name of a bundled instrument, or a file of one's own.

    Returns
    -------
    tuple of Path
        The files written, sorted.

    Raises
    ------
    InstrumentError
        If there is no such instrument, or it cannot be used.
    StudyError
        If the folder's name cannot name a study.
    OutputError
        If the folder holds something already, or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     files = start_study(Path(folder, "trust"))
    >>> sorted(file.name for file in files if file.suffix == ".yaml")
    ['koc_core.yaml', 'study.yaml']
    """
    target = Path(folder)
    name = target.absolute().name
    if not is_study_name(name):
        raise StudyError(
            f"{target}: the folder's name becomes the name of the study, so it must "
            "begin with a letter or a digit and hold no blanks."
        )
    loaded = load_instrument(instrument)
    return write_folder(_files(name, loaded, _file_of(instrument)), target)


def _file_of(instrument: str) -> Path:
    """Return the file of an instrument that was loaded by name or path."""
    file = Path(instrument)
    return file if file.is_file() else bundled(instrument)


def _files(name: str, instrument: Instrument, file: Path) -> Iterator[File]:
    """Make the files of a study, the instrument first."""
    demo = _demo(instrument)
    words: dict[str, Any] = {
        "name": name,
        "title": instrument.title,
        "instrument": file.name,
        "demo": f"{_ANSWERS}/{demo.name}" if demo else "",
        "model": _model(instrument),
        "quality": instrument.quality,
    }
    for part in definition_files(file):
        text = read_text(part, InstrumentError)
        yield part.relative_to(file.parent).as_posix(), _with_schema(text).encode()
    if demo:
        yield words["demo"], demo.read_bytes()
    for template in ("study.yaml", "README.md", "gitignore"):
        shown = ".gitignore" if template == "gitignore" else template
        yield shown, _filled(f"{template}.j2", words).encode()
    yield "analysis.ipynb", _notebook(words).encode()
    for schema, text_of in _SCHEMAS.items():
        yield f".schema/{schema}", text_of().encode()


def _demo(instrument: Instrument) -> Path | None:
    """Return the demo answers of an instrument, if it has any."""
    try:
        return bundled(f"{instrument.id}_demo.csv")
    except InstrumentError:
        return None


def _model(instrument: Instrument) -> str:
    """Return the structural model of the bundled study of an instrument, if any."""
    try:
        study = load_study(bundled(f"{instrument.id}_study.yaml"))
    except InstrumentError:
        return ""
    return (study.model or "").strip()


def _with_schema(text: str) -> str:
    """Let the first line of a file name the schema in the study's own folder."""
    line, _, rest = text.partition("\n")
    schema = PurePosixPath(line.removeprefix(_SCHEMA_LINE).strip()).name
    if not line.startswith(_SCHEMA_LINE) or schema not in _SCHEMAS:
        return text
    return f"{_SCHEMA_LINE}.schema/{schema}\n{rest}"


def _filled(template: str, words: dict[str, Any]) -> str:
    environment = Environment(  # plain text and YAML, not HTML
        loader=PackageLoader("kocsem.study"),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment.get_template(template).render(words)


def _notebook(words: dict[str, Any]) -> str:
    """Write a notebook that goes through the study step by step."""
    title = f"# {words['title'].zh}\n{words['title'].en}"
    if words["demo"]:
        title += "\n\n**Synthetic answers 合成演示数据**: nobody gave them."
    steps = (
        ("markdown", title),
        ("code", "import kocsem\n\nresult = kocsem.run_study('study.yaml')"),
        ("markdown", "## Who stays 样本筛选\n\nEvery row that goes has a reason."),
        ("code", "{step.label.en: step.n for step in result.screening.flow}"),
        ("code", "result.screening.dropped.head()"),
        ("markdown", "## Measurement 信度与效度"),
        ("code", "result.assessment.constructs.round(3)"),
        ("code", "result.assessment.htmt.round(3)"),
        ("markdown", "## Structural model 结构模型"),
        ("code", "print(result.structural_text)"),
        ("code", "result.structural.parameters.query(\"op == '~'\").round(3)"),
        ("markdown", "## Hypotheses 假设检验"),
        (
            "code",
            "for judged in result.hypotheses:\n"
            "    print(judged.hypothesis.id, judged.hypothesis.path, judged.verdict)",
        ),
        ("markdown", "## The report 报告\n\nThe same as `kocsem run study.yaml`."),
        ("code", "# result.write('report')"),
    )
    notebook = {
        "cells": [_cell(place, *step) for place, step in enumerate(steps)],
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            }
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cell(place: int, kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": f"cell-{place:02}",
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
