"""Whether an instrument, a study file or an export is usable: ``kocsem check``."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml
from rich.console import Console

from kocsem.cli.export_report import export_lines
from kocsem.data.read.choices import chosen
from kocsem.data.read.inspect import inspect_export
from kocsem.data.read.responses import responses_of
from kocsem.data.screening.screen import screen
from kocsem.errors import InstrumentError
from kocsem.findings import Finding, worst
from kocsem.instrument.bundled import bundled
from kocsem.instrument.check import check_instrument
from kocsem.instrument.files import read_text
from kocsem.instrument.load import load_instrument
from kocsem.model.implied import check_implied_model
from kocsem.study.analyse import analyse
from kocsem.study.plan import plan_study

STATUS = {None: 0, "info": 0, "warning": 1, "error": 2}


@dataclass(frozen=True, slots=True)
class ExportToCheck:
    """What the user said of an export.

    Attributes
    ----------
    instrument : str
        Its instrument: a file, or the name of a bundled one.
    platform, coding : str
        As in the ``data`` block of a study file.
    """

    instrument: str
    platform: str
    coding: str


def check_command(file: Path, export: ExportToCheck) -> int:
    """Check a file by what it is, and print what was found.

    Parameters
    ----------
    file : Path
        An instrument, a study file, or an export of answers.
    export : ExportToCheck
        What was said of it, should it be an export.

    Returns
    -------
    int
        0 for nothing or remarks, 1 for warnings, 2 for errors.

    Raises
    ------
    KocsemError
        When the file cannot be used at all.

    Notes
    -----
    A study file is checked by carrying it out, without writing a report.
    """
    if not file.suffix and file.parent == Path() and not file.exists():
        file = bundled(str(file))
    console = Console()
    if file.suffix.lower() in (".yaml", ".yml"):
        findings, what = _check_definition(file)
    else:
        findings, what = _check_answers(file, export, console)
    console.print(what, markup=False, highlight=False, soft_wrap=True)
    findings = tuple(sorted(findings, key=lambda f: -STATUS[f.severity]))
    for finding in findings:
        console.print(
            f"{finding.severity}: {finding.message} [{finding.code}]",
            markup=False,
            highlight=False,
        )
    counted = Counter(finding.severity for finding in findings)
    summary = ", ".join(f"{n} {severity}" for severity, n in counted.items())
    console.print(summary or "Nothing to remark.", highlight=False)
    return STATUS[worst(findings)]


def _is_study(file: Path) -> bool:
    """Tell a study file from an instrument by its first-level keys."""
    try:
        content = yaml.safe_load(read_text(file, InstrumentError))
    except (yaml.YAMLError, ValueError, RecursionError):
        return False
    if not isinstance(content, dict) or "constructs" in content:
        return False
    return not {"study", "instrument", "model"}.isdisjoint(content)


def _check_definition(file: Path) -> tuple[tuple[Finding, ...], str]:
    """Check a study file by carrying it out, or an instrument by reading it."""
    if not _is_study(file):
        loaded = load_instrument(file)
        counts = f"{len(loaded.constructs)} constructs, {len(loaded.items)} items"
        findings = (*check_instrument(loaded), *check_implied_model(loaded))
        return findings, f"Instrument {loaded.id}, version {loaded.version}: {counts}."
    plan = plan_study(file)
    analysis = analyse(file)
    what = f"Study {plan.study.study}: {analysis.nobs} answer sheets analysed."
    return analysis.findings, what


def _check_answers(
    file: Path, export: ExportToCheck, console: Console
) -> tuple[tuple[Finding, ...], str]:
    """Check an export: show what each column is, then read and screen it."""
    loaded = load_instrument(export.instrument)
    choices = chosen(platform=export.platform, coding=export.coding)
    inspection = inspect_export(file, loaded, choices)
    if inspection.matching.matches:  # else row 1 may hold answers, not headers
        for line in export_lines(inspection, loaded):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    responses = responses_of(inspection, loaded)
    screening = screen(responses, loaded)
    flow = ", ".join(f"{step.label.en.lower()} {step.n}" for step in screening.flow)
    return (*responses.findings, *screening.findings), f"Screening: {flow}."
