r"""A rendered table in, LaTeX with booktabs out.

Each table is a fragment for ``\input``; `to_document` makes a document that shows them
all. Both are meant for XeLaTeX with ctex, because names may be Chinese in any language
of the report.
"""

from collections.abc import Iterable, Sequence

from kocsem.reporting.layout import text_width
from kocsem.reporting.panels import panels
from kocsem.reporting.render import ShownCell, ShownGroup, ShownHeading, ShownTable
from kocsem.reporting.widths import (
    firm_columns,
    least_widths,
    natural_widths,
    share_width,
)

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"$\sim$",
    "^": r"\textasciicircum{}",
    "<": r"$<$",
    ">": r"$>$",
    "|": r"\textbar{}",
    "\N{MINUS SIGN}": r"$-$",
    "\N{RIGHTWARDS ARROW}": r"$\rightarrow$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{EN DASH}": "--",
    "\N{EN SPACE}": r"\enspace{}",
    "\N{DAGGER}": r"\dag{}",
    "\N{DOUBLE DAGGER}": r"\ddag{}",
    "α": r"$\alpha$",
    "β": r"$\beta$",
    "χ": r"$\chi$",
    "Δ": r"$\Delta$",
    "²": r"$^2$",
    "\n": " ",
}
_RAISED = {
    raised: f"$^{{{plain}}}$"
    for raised, plain in zip("⁰¹³⁴⁵⁶⁷⁸⁹⁻", "013456789-", strict=True)
}
_TABLE = str.maketrans(_ESCAPES | _RAISED)
_LONG = 34
#: Points: width of the text on A4, of half a Chinese character in \\small, of a gap.
_ROOM, _EM, _GAP = 468.0, 4.6, 12.0
_CAPTION = {
    "gb": "labelfont=bf,textfont=bf,labelsep=quad",
    "apa": "labelfont=bf,textfont=it,labelsep=newline,justification=raggedright,"
    "singlelinecheck=false",
}
_NEEDS = "% Needs: booktabs, longtable, array; XeLaTeX with ctex for Chinese.\n"


def escape(text: str) -> str:
    r"""Return text that LaTeX prints as it stands.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text with special characters escaped and signs as commands.

    Examples
    --------
    >>> escape("50% of A_1 & B")
    '50\\% of A\\_1 \\& B'
    """
    return text.translate(_TABLE)


def to_latex(table: ShownTable) -> str:
    r"""Write a table as a LaTeX fragment.

    Parameters
    ----------
    table : ShownTable
        The rendered table.

    Returns
    -------
    str
        A ``table`` environment, or a ``longtable`` when it would not fit on a page; a
        table that is wider than the page stands in panels below each other.
    """
    parts = panels(table, _needed(table), _ROOM)
    rows = sum(len(group.rows) for part in parts for group in part.groups)
    build = _long_table if rows > _LONG else _float_table
    return _NEEDS + "\n".join(build(parts)) + "\n"


def to_document(tables: Iterable[ShownTable], names: Iterable[str]) -> str:
    r"""Write a document that shows several tables.

    Parameters
    ----------
    tables : iterable of ShownTable
        The tables, all of one language.
    names : iterable of str
        The files of their fragments, in the same order.

    Returns
    -------
    str
        A complete document for XeLaTeX.
    """
    shown = list(tables)
    chinese = any(table.language == "zh" for table in shown)
    gb = any(table.style == "gb" for table in shown)
    lines = [
        r"\documentclass[a4paper]{article}",
        r"\usepackage[UTF8,scheme=plain,fontset=fandol]{ctex}",
        r"\usepackage[margin=2.2cm]{geometry}",
        r"\usepackage{booktabs,longtable,array,placeins,caption}",
        rf"\captionsetup[table]{{{_CAPTION['gb' if gb else 'apa']}}}",
        r"\makeatletter\setlength{\@fptop}{0pt}\makeatother",
        *([r"\renewcommand{\tablename}{表}"] if chinese else []),
        r"\begin{document}",
    ]
    supplement = False
    for table, name in zip(shown, names, strict=True):
        if table.supplementary and not supplement:
            lines.append(r"\clearpage\setcounter{table}{0}")
            lines.append(r"\renewcommand{\thetable}{S\arabic{table}}")
            supplement = True
        lines.append(rf"\input{{{name}}}\FloatBarrier")
    return "\n".join([*lines, r"\end{document}"]) + "\n"


def _wanted(table: ShownTable) -> list[float]:
    """Return what each column takes, in points; LaTeX breaks no heading."""
    return [
        _EM * max(width, text_width(heading.text)) + _GAP
        for width, heading in zip(natural_widths(table), table.headings, strict=True)
    ]


def _needed(table: ShownTable) -> list[float]:
    """Return what each column takes at least: numbers are not broken."""
    least = [_EM * width + _GAP for width in least_widths(table)]
    both = zip(firm_columns(table), _wanted(table), least, strict=True)
    return [whole if firm else low for firm, whole, low in both]


def _columns(table: ShownTable) -> str:
    """Return the column types: numbers are centred, long words wrap in their share."""
    wanted, firm = _wanted(table), firm_columns(table)
    fits = sum(wanted) <= _ROOM
    least = [_EM * width + _GAP for width in least_widths(table)]
    widths = wanted if fits else share_width(wanted, firm, _ROOM, least)
    kinds = []
    for heading, keep, width in zip(table.headings, firm, widths, strict=True):
        if heading.align == "center":
            kinds.append("c")
        elif keep or fits:
            kinds.append("l")
        else:
            share = (width - _GAP) / _ROOM
            kinds.append(rf">{{\raggedright\arraybackslash}}p{{{share:.3f}\linewidth}}")
    return "@{}" + "".join(kinds) + "@{}"


def _heading(heading: ShownHeading) -> str:
    text = escape(heading.text)
    return rf"\textit{{{text}}}" if heading.italic else text


def _cell(cell: ShownCell) -> str:
    raised = cell.marks + cell.letter
    text = escape(cell.text) + (rf"\textsuperscript{{{raised}}}" if raised else "")
    return rf"\textbf{{{text}}}" if cell.bold else text


def _group(group: ShownGroup, width: int) -> list[str]:
    lines = []
    if group.label:
        label = rf"\textbf{{{escape(group.label)}}}"
        lines.append(rf"\multicolumn{{{width}}}{{@{{}}l@{{}}}}{{{label}}} \\")
    lines += [" & ".join(map(_cell, row)) + r" \\" for row in group.rows]
    return lines


def _body(table: ShownTable) -> list[str]:
    """Return the rows; a little space divides groups without a heading."""
    lines: list[str] = []
    for group in table.groups:
        if lines and not group.label:
            lines.append(r"\addlinespace")
        lines += _group(group, len(table.headings))
    return lines


def _head(table: ShownTable) -> str:
    return " & ".join(map(_heading, table.headings)) + r" \\"


def _notes(table: ShownTable) -> list[str]:
    """Return the notes as one small paragraph each."""
    lines = []
    for note in table.notes:
        if note.letter:
            lead = rf"\textsuperscript{{{note.lead}}} "
        else:
            lead = escape(note.lead)
            if lead and table.style == "apa":
                lead = rf"\textit{{{lead}}} "
        lines.append(lead + escape(note.text))
    if not lines:
        return []
    joined = "\\par\n".join(lines)
    return [r"\begin{minipage}{\linewidth}\footnotesize", joined, r"\end{minipage}"]


def _caption(table: ShownTable) -> str:
    return rf"\caption{{{escape(table.title)}}}\label{{tab:{table.key}}}"


def _float_table(parts: Sequence[ShownTable]) -> list[str]:
    table = parts[0]
    lines = [r"\begin{table}[htbp]", r"\centering\small", _caption(table)]
    for place, part in enumerate(parts):
        lines += [
            *([r"\par\medskip"] if place else []),
            rf"\begin{{tabular}}{{{_columns(part)}}}",
            r"\toprule",
            _head(part),
            r"\midrule",
            *_body(part),
            r"\bottomrule",
            r"\end{tabular}",
        ]
    notes = [r"\par\smallskip", *_notes(table)] if table.notes else []
    return [*lines, *notes, r"\end{table}"]


def _long_table(parts: Sequence[ShownTable]) -> list[str]:
    table = parts[0]
    lines = [r"{\small"]
    for part in parts:
        head = [r"\toprule", _head(part), r"\midrule"]
        first = [_caption(part) + r" \\", *head, r"\endfirsthead"]
        lines += [
            rf"\begin{{longtable}}{{{_columns(part)}}}",
            *(first if part is table else []),
            *head,
            r"\endhead",
            r"\bottomrule",
            r"\endlastfoot",
            *_body(part),
            r"\end{longtable}",
        ]
    notes = [r"\noindent", *_notes(table)] if table.notes else []
    return [*lines, *notes, "}"]
