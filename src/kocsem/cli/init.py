"""``kocsem init``: a folder in which a new study can begin."""

from pathlib import Path

from rich.console import Console

from kocsem.study.start import start_study

_WHAT = {
    "README.md": "what to do, step by step",
    "study.yaml": "answers, screening, model, report",
    "analysis.ipynb": "the same analysis in a notebook",
}


def init_command(folder: Path, instrument: str) -> int:
    """Write the files of a new study and say what to do next.

    Parameters
    ----------
    folder : Path
        Where they go.
    instrument : str
        A bundled instrument, or a file.

    Returns
    -------
    int
        0.

    Raises
    ------
    KocsemError
        When nothing can be written, or there is no such instrument.
    """
    files = [path.relative_to(folder) for path in start_study(folder, instrument)]
    console = Console(soft_wrap=True, highlight=False, markup=False)
    for file in files:
        if file.parts[0].startswith("."):
            continue
        console.print(f"{folder / file}{_remark(file)}")
    run = f"cd {folder} && kocsem run study.yaml --out report"
    if not any(file.suffix == ".csv" for file in files):
        name = f"{folder / 'answers'} and its name into {folder / 'study.yaml'}"
        console.print(f"Put your platform's export into {name}.")
    console.print(f"Next: {run}")
    return 0


def _remark(file: Path) -> str:
    name = file.as_posix()
    if name in _WHAT:
        return f"  ({_WHAT[name]})"
    if file.parts[0] == "answers":
        return "  (synthetic answers; put your export beside them)"
    return "  (what is asked)" if file.suffix == ".yaml" else ""
