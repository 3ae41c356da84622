"""``kocsem run``: a study in, a folder of files and a short summary out."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kocsem.errors import StudyError
from kocsem.findings import worst
from kocsem.instrument.nearest import hinted
from kocsem.instrument.outputs import check_folder
from kocsem.instrument.types import Language
from kocsem.reporting.result import AnalysisResult, run_study
from kocsem.reporting.tables.common import is_synthetic
from kocsem.reporting.words import PAGE
from kocsem.study.file import Format, load_study

STEPS = {
    "read": "Reading the answers",
    "screen": "Screening",
    "measurement": "Fitting the measurement model",
    "structural": "Fitting the structural model",
    "assess": "Assessing",
    "compare": "Comparing with the second engine",
    "diagram": "Drawing",
    "tables": "Building the tables",
    "html": "Writing html",
    "docx": "Writing docx",
    "xlsx": "Writing xlsx",
    "csv": "Writing csv",
    "latex": "Writing latex",
    "json": "Writing json",
    "done": "Done",
}

SHOWN_FINDINGS = 6


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the user typed.

    Attributes
    ----------
    study : str
        A study file, or the name of a bundled study.
    data : Path or None
        Answers in place of those of the study file.
    out : Path or None
        Where the report goes; by default a folder named after the study.
    languages, formats : tuple of str
        Those of the study file when empty.
    quiet : bool
        Print nothing but errors.
    """

    study: str
    data: Path | None
    out: Path | None
    languages: tuple[str, ...]
    formats: tuple[str, ...]
    quiet: bool


def run_command(request: RunRequest) -> int:
    """Carry out a study, write its report and print a summary.

    Parameters
    ----------
    request : RunRequest
        What the user typed.

    Returns
    -------
    int
        0, or 1 when a finding says that numbers of the report must not be used.

    Raises
    ------
    KocsemError
        When something cannot be used; nothing is written then.
    """
    languages = cast(
        tuple[Language, ...],
        tuple(
            _chosen("language", word, get_args(Language)) for word in request.languages
        ),
    )
    formats = cast(
        tuple[Format, ...],
        tuple(_chosen("format", word, get_args(Format)) for word in request.formats),
    )
    folder = request.out or Path(f"{load_study(request.study).study}-report")
    check_folder(folder)
    console = Console(stderr=True, quiet=request.quiet)
    with _progress(console) as bar:
        analysing = bar.add_task("Starting", total=None)
        result = run_study(
            request.study, data=request.data, progress=_teller(bar, analysing)
        )
        writing = bar.add_task("Writing", total=None)
        files = result.write(
            folder,
            languages=languages or None,
            formats=formats or None,
            progress=_teller(bar, writing),
        )
    if not request.quiet:
        show_summary(result, folder, len(files), Console())
    return 1 if worst(result.findings) == "error" else 0


def _chosen(kind: str, word: str, choices: tuple[str, ...]) -> str:
    """Check a word of the command line against its choices."""
    if word in choices:
        return word
    raise StudyError(hinted(f"--{kind} {word} is not offered", word, choices))


def _progress(console: Console) -> Progress:
    """Make a progress display that leaves nothing behind, on a terminal only."""
    if not console.is_terminal:
        console = Console(quiet=True)  # even a disabled display may end its line
    return Progress(
        TextColumn("{task.description:<34}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _teller(bar: Progress, task: Any) -> Any:
    """Return a function that moves one line of the display."""

    def tell(step: str, done: int, steps: int) -> None:
        bar.update(task, description=STEPS.get(step, step), completed=done, total=steps)

    return tell


def show_summary(
    result: AnalysisResult, folder: Path, count: int, console: Console
) -> None:
    """Print what was found, on one screen.

    Parameters
    ----------
    result : AnalysisResult
        The analysis.
    folder : Path
        Where the report is.
    count : int
        Number of files in it.
    console : Console
        Where to print.
    """
    shown = {table.key: table for table in result.tables("en")}
    title = result.study.title
    console.print(title.en if title else result.study.study, style="bold", markup=False)
    if is_synthetic(result):
        console.print(PAGE["synthetic"].en, style="bold red")
    steps = ", ".join(
        f"{step.label.en.lower()} {step.n}" for step in result.screening.flow
    )
    console.print(f"Sample: {steps}.", highlight=False)
    console.print(f"Model: {_fit_line(result)}", highlight=False)
    if "hypotheses" in shown and result.hypotheses:
        console.print(_hypotheses(result))
    _show_findings(result, console)
    console.print(f"Report: {folder} ({count} files)", highlight=False, soft_wrap=True)


def _fit_line(result: AnalysisResult) -> str:
    """Write the fit of the structural model on one line."""
    m = result.structural.reported_measures
    if m["df"] == 0:
        return f"n = {result.nobs}, saturated (df = 0), no test of fit"
    p = "p < .001" if m["pvalue"] < 0.001 else f"p = {_number(m['pvalue'])}"
    test = f"chi2({m['df']:.0f}) = {_number(m['chisq'])}"
    return (
        f"n = {result.nobs}, {test}, {p}, CFI = {_number(m['cfi'])}, "
        f"TLI = {_number(m['tli'])}, RMSEA = {_number(m['rmsea'])} "
        f"[{_number(m['rmsea_ci_lower'])}, {_number(m['rmsea_ci_upper'])}], "
        f"SRMR = {_number(m['srmr'])}"
    )


def _number(value: float) -> str:
    """Write a number to three decimals; "none" where there is none."""
    return "none" if math.isnan(value) else f"{value:.3f}"


def _hypotheses(result: AnalysisResult) -> Table:
    """Lay out the hypotheses."""
    table = Table(box=None, pad_edge=False)
    for heading in ("H", "Path", "Std.", "z", "p", "Verdict"):
        table.add_column(
            heading, justify="left" if heading in ("H", "Path", "Verdict") else "right"
        )
    for tested in result.hypotheses:
        numbers = (tested.std, tested.z, tested.pvalue)
        cells = [f"{v:.3f}" if isinstance(v, float) else "" for v in numbers]
        if isinstance(tested.pvalue, float) and tested.pvalue < 0.001:
            cells[2] = "< .001"
        path = tested.hypothesis.path or "(a statement)"
        table.add_row(tested.hypothesis.id, path, *cells, tested.verdict)
    return table


def _show_findings(result: AnalysisResult, console: Console) -> None:
    """Print the gravest findings first, and how many there are in all."""
    rank = {"error": 0, "warning": 1, "info": 2}
    ordered = sorted(result.findings, key=lambda f: rank[f.severity])
    for finding in ordered[:SHOWN_FINDINGS]:
        console.print(
            f"{finding.severity}: {finding.message} [{finding.code}]",
            markup=False,
            highlight=False,
        )
    if len(ordered) > SHOWN_FINDINGS:
        console.print(f"... and {len(ordered) - SHOWN_FINDINGS} more in the report.")
