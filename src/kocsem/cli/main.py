"""The command ``kocsem``: what the user types, in; messages and an exit status, out.

Heavy libraries are imported by the commands that need them, so that ``kocsem --help``
answers at once. Every error that kocsem raises on purpose is printed as its message;
the exit status is 0 (done), 1 (done, but a finding says that something is wrong) or 2
(not done).
"""

import os
import sys
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

import kocsem
from kocsem.errors import KocsemError

# the matrices of a survey are small: BLAS threads would only wait for each other
for _library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

DONE = 0
NOT_DONE = 2
INTERRUPTED = 130

app = typer.Typer(
    name="kocsem",
    help="From a KOC questionnaire and its answers to the tables of a paper.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
survey = typer.Typer(
    help="Bring a questionnaire to a survey platform, or to paper.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(survey, name="survey")


def _show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(f"kocsem {kocsem.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show the version and stop.",
        ),
    ] = False,
) -> None:
    """From a KOC questionnaire and its answers to the tables of a paper."""


@app.command()
def run(
    study: Annotated[
        str, typer.Argument(help="A study file; without one, the bundled core study.")
    ] = "koc_core_study",
    data: Annotated[
        Path | None, typer.Option(help="Answers in place of those of the study file.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the report; new, or empty.")
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(help="zh or en; give it twice for both, the main one first."),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="html, docx, xlsx, latex or csv; repeatable."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print nothing but errors.")
    ] = False,
) -> None:
    """Carry out a study and write its report."""

    def carry_out() -> int:
        from kocsem.cli.run import RunRequest, run_command

        request = RunRequest(
            study=study,
            data=data,
            out=out,
            languages=tuple(language or ()),
            formats=tuple(formats or ()),
            quiet=quiet,
        )
        return run_command(request)

    raise typer.Exit(_status(carry_out))


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(help="An instrument, a study file, or an export.")
    ],
    instrument: Annotated[
        str,
        typer.Option(help="For an export: the instrument that asked the questions."),
    ] = "koc_core",
    platform: Annotated[
        str, typer.Option(help="For an export: its platform, when it is not told.")
    ] = "auto",
    coding: Annotated[
        str, typer.Option(help="For an export: number or text, when it is not told.")
    ] = "auto",
) -> None:
    """Check an instrument, a study file or a platform's export."""

    def carry_out() -> int:
        from kocsem.cli.check import ExportToCheck, check_command

        return check_command(file, ExportToCheck(instrument, platform, coding))

    raise typer.Exit(_status(carry_out))


@app.command()
def init(
    folder: Annotated[
        Path,
        typer.Argument(help="A folder that does not exist yet; it names the study."),
    ],
    instrument: Annotated[
        str,
        typer.Option(help="A bundled instrument, or a file of your own."),
    ] = "koc_core",
) -> None:
    """Start a study: instrument, study file, README and notebook, ready to run."""

    def carry_out() -> int:
        from kocsem.cli.init import init_command

        return init_command(folder, instrument)

    raise typer.Exit(_status(carry_out))


@survey.command("export")
def survey_export(
    file: Annotated[
        str, typer.Argument(help="An instrument file, or a bundled instrument's name.")
    ],
    to: Annotated[
        str | None,
        typer.Option(help="Where it goes; leave it out for a list.", metavar="TARGET"),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(help="zh or en; give it twice for both, the main one first."),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Folder for the files; nothing is overwritten.")
    ] = Path(),
) -> None:
    """Write a questionnaire for a survey platform."""

    def carry_out() -> int:
        from kocsem.cli.survey import ExportRequest, export_command

        request = ExportRequest(file, to, tuple(language or ()), out)
        return export_command(request)

    raise typer.Exit(_status(carry_out))


def main() -> None:
    """Run the command line; errors become messages, never tracebacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # not every terminal knows all signs
    app(prog_name="kocsem")


def _status(command: Callable[[], int]) -> int:
    """Carry out a command and return the exit status."""
    try:
        return command()
    except KocsemError as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        _complain("Interrupted; nothing was written.")
        return INTERRUPTED
    except BrokenPipeError:  # who reads the summary has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        return _complain(f"{what}{error.strerror or type(error).__name__}.")
    except Exception as error:
        return _complain(
            f"Something in kocsem itself went wrong ({_place_of(error)}). Please "
            "report this line with the command you gave."
        )


def _place_of(error: Exception) -> str:
    """Name an error and where it arose; its own words may hold answers."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "kocsem" in Path(frame.filename).parts]
    where = (own or frames)[-1]
    return f"{type(error).__name__} in {Path(where.filename).name}, line {where.lineno}"


def _complain(message: str) -> int:
    """Print an error where errors go; return the status for it."""
    sys.stderr.write(f"kocsem: {message}\n")
    return NOT_DONE
