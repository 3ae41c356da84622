"""Reports in one or more languages in, one self-contained web page out.

The page needs no network, no script and no font: styles and drawing stand inside, and
the language switch is a pair of radio buttons.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kocsem.instrument.types import Language
from kocsem.reporting.layout import text_width
from kocsem.reporting.report import Report

_FOLDER = Path(__file__).parent / "templates"
_CODES: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
_NAMES: dict[Language, str] = {"zh": "中文", "en": "English"}
_REFERENCE = re.compile(r'(\bid="|href="#|url\(#)')


def to_html(reports: Sequence[Report]) -> str:
    """Write a page that holds a report in each of several languages.

    Parameters
    ----------
    reports : sequence of Report
        One a language; the first is shown first.

    Returns
    -------
    str
        The page.
    """
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.html.j2").render(
        reports=reports,
        codes=_CODES,
        names=_NAMES,
        text_width=text_width,
        style=Markup((_FOLDER / "report.css").read_text(encoding="utf-8")),
        diagrams={r.language: _inline(r) for r in reports},
    )


def _inline(report: Report) -> Markup:
    """Return the drawing without prolog, its names made unique in the page."""
    svg = report.diagram.svg
    body = svg[svg.index("<svg") :]
    scoped = _REFERENCE.sub(rf"\g<1>{report.language}-", body)
    title = Markup.escape(report.figure_title)
    opened = scoped.replace("<svg", f'<svg role="img" aria-label="{title}"', 1)
    return Markup(opened)  # drawn by matplotlib: no markup of users
