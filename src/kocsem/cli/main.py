"""The command ``kocsem``: what the user types, in; messages and an exit status, out.

Heavy libraries are imported by the commands that need them, so that ``kocsem --help``
answers at once. Every error that kocsem raises on purpose is printed as its message;
the exit status is 0 (done), 1 (done, but a finding says that something is wrong) or 2
(not done).
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

import kocsem
from kocsem.errors import KocsemError

# the matrices of a survey are small: BLAS threads would only wait for each other
for _library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

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
    from kocsem.cli.run import RunRequest, run_command

    request = RunRequest(
        study=study,
        data=data,
        out=out,
        languages=tuple(language or ()),
        formats=tuple(formats or ()),
        quiet=quiet,
    )
    raise typer.Exit(run_command(request))


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(help="An instrument, a study file, or an export.")
    ],
    instrument: Annotated[
        str,
        typer.Option(help="For an export: the instrument that asked the questions."),
    ] = "koc_core",
) -> None:
    """Check an instrument, a study file or a platform's export."""
    from kocsem.cli.check import check_command

    raise typer.Exit(check_command(file, instrument))


def main() -> None:
    """Run the command line; errors become messages, never tracebacks."""
    try:
        app()
    except KocsemError as error:
        _complain(str(error))
        raise SystemExit(NOT_DONE) from None
    except KeyboardInterrupt:
        _complain("Interrupted; nothing was written.")
        raise SystemExit(INTERRUPTED) from None
    except OSError as error:
        _complain(f"{error.filename or 'A file'}: {error.strerror or error}.")
        raise SystemExit(NOT_DONE) from None
    except Exception as error:
        _complain(
            f"Something in kocsem itself went wrong ({type(error).__name__}: {error}). "
            "Nothing was written. Please report it with the command you gave."
        )
        raise SystemExit(NOT_DONE) from None


def _complain(message: str) -> None:
    """Print an error where errors go."""
    sys.stderr.write(f"kocsem: {message}\n")
