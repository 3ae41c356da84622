"""A questionnaire to be filled in without a network: one web page that keeps answers.

In: an instrument. Out: a page that a browser opens from a file. It may load and send
nothing (its own content security policy forbids it), holds every language it is given,
keeps answers on the device and saves them as CSV with the instrument's codes as header.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kocsem.findings import Finding
from kocsem.instrument.export.form_words import FORM_WORDS
from kocsem.instrument.export.legible import is_bare, legible, matrix_layout
from kocsem.instrument.export.target import Exported, Target
from kocsem.instrument.questionnaire import Questionnaire, questionnaire
from kocsem.instrument.types import Instrument, Language

_FOLDER = Path(__file__).parent / "templates"
_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
_NAMES: dict[Language, str] = {"zh": "中文", "en": "English"}

#: Headers that a table of answers gives another meaning, so that no answer may have it.
RESERVED = frozenset(
    {"seconds", "duration", "origin", "ip", "ipaddress", "ip_address"}
    | {"id", "row", "respondent"}
)


def html_form(
    instrument: Instrument, languages: Sequence[Language]
) -> tuple[Exported, ...]:
    """Write a questionnaire as a web page that works without a network.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    languages : sequence of {"zh", "en"}
        Languages of the page; the first is shown first.

    Returns
    -------
    tuple of Exported
        The page; the same instrument gives the same bytes.

    Raises
    ------
    InstrumentError
        If a row has no wording.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> [file.name for file in html_form(load_instrument("koc_core"), ("zh", "en"))]
    ['koc_core.form.html']
    """
    asked = questionnaire(instrument)
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["legible"] = legible
    environment.tests["bare"] = is_bare
    style, script = _asset("form.css"), _asset("form.js")
    page = environment.get_template("form.html.j2").render(
        questionnaire=asked,
        languages=languages,
        tags=_TAGS,
        names=_NAMES,
        word=FORM_WORDS,
        layouts={entry.code: matrix_layout(entry) for entry in asked.entries},
        consent={q.id for q in instrument.screening if q.consent},
        columns=json.dumps(form_columns(instrument)),
        fingerprint=_fingerprint(asked),
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; style-src {_hash(style)}; "
        f"script-src {_hash(script)}; img-src data:; base-uri 'none'; "
        "form-action 'none'",
    )
    return (Exported(f"{instrument.id}.form.html", page.encode()),)


def form_columns(instrument: Instrument) -> list[str]:
    """List the columns of the CSV file that a form saves.

    Parameters
    ----------
    instrument : Instrument
        What is asked.

    Returns
    -------
    list of str
        A code for each answer, one for each option where several may be chosen, and
        ``"seconds"``, the time from start to end.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> form_columns(load_instrument("koc_core"))[:5]
    ['CONS', 'SC1', 'SC2', 'SC3', 'CA1']
    """
    columns: list[str] = []
    for entry in questionnaire(instrument).entries:
        if entry.kind == "multi":
            columns += [f"{entry.code}_{option.code}" for option in entry.options]
        else:
            columns += entry.codes
    return [*columns, "seconds"]


def form_limits(
    instrument: Instrument, languages: Sequence[Language]
) -> tuple[Finding, ...]:
    """Say what of a questionnaire a form cannot bring back.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    languages : sequence of {"zh", "en"}
        Languages of the page; the same holds in each.

    Returns
    -------
    tuple of Finding
        An error for each code that means something else as a header of answers.
    """
    return tuple(
        Finding(
            "reserved-code",
            "error",
            column,
            f"A column named {column} in a file of answers is not read as answers; "
            "give the question another code.",
        )
        for column in form_columns(instrument)[:-1]
        if column.casefold() in RESERVED
    )


def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """Return the hash by which a content security policy admits an element."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _fingerprint(asked: Questionnaire) -> str:
    """Return what differs between questionnaires, so that answers never mix."""
    return sha256(repr(asked).encode()).hexdigest()[:12]


HTML = Target(
    name="html",
    title="a web page to fill in without a network (answers as CSV)",
    languages=("zh", "en"),
    write=html_form,
    limits=form_limits,
)
