"""The path diagram of a fitted model: estimates in, SVG and PNG out.

Latent variables are ellipses, indicators are rectangles, arrows carry standardised
estimates; a path that is not significant at .05 is dashed. Graphviz places
(`kocsem.reporting.layout`), matplotlib draws: text becomes outlines, so that the figure
needs no font where it is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from math import hypot
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch, Rectangle
from matplotlib.path import Path

from kocsem.findings import Finding
from kocsem.reporting.fonts import drawable, font_for, undrawable
from kocsem.reporting.format import Kind, Style, format_number
from kocsem.reporting.graph import Edge, Graph
from kocsem.reporting.layout import (
    NAME_SIZE,
    SMALL_SIZE,
    Layout,
    Line,
    Point,
    Shape,
    place,
    text_width,
)
from kocsem.reporting.table import stars

_MARGIN = 10.0
_INCH = 72.0
_INK = "#1a1a1a"
_FILL = "#f4f7fb"
_ALPHA = 0.05
_DOTS_PER_INCH = 200

#: Where on an arrow its number is tried, first choice first.
_PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "kocsem",
    "path.simplify": False,
}


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawn diagram.

    Attributes
    ----------
    svg : str
        The drawing as a complete SVG document.
    png : bytes
        The drawing as a picture.
    width : float
        Its width in inches.
    ratio : float
        Its height as a share of its width.
    findings : tuple of Finding
        Characters that could not be drawn.
    """

    svg: str
    png: bytes
    width: float
    ratio: float
    findings: tuple[Finding, ...]


def draw_diagram(graph: Graph, style: Style) -> Diagram:
    """Draw a path diagram.

    Parameters
    ----------
    graph : Graph
        What to show.
    style : {"apa", "gb"}
        How numbers are printed.

    Returns
    -------
    Diagram
        The same graph gives the same bytes.
    """
    layout = place(graph)
    rsquares = {n.code: n.rsquare for n in graph.nodes if n.rsquare is not None}
    figure, axes = _canvas(layout)
    _draw_shapes(axes, layout, rsquares, style)
    _draw_lines(axes, layout, style)
    return Diagram(
        svg=_svg(figure),
        png=_png(figure),
        width=float(figure.get_figwidth()),
        ratio=float(figure.get_figheight() / figure.get_figwidth()),
        findings=tuple(_lacking(layout)),
    )


def _canvas(layout: Layout) -> tuple[Figure, Axes]:
    """Make a figure whose units are points."""
    width = layout.width - layout.left + 2 * _MARGIN
    height = layout.height + 2 * _MARGIN
    figure = Figure(figsize=(width / _INCH, height / _INCH))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(layout.left - _MARGIN, layout.width + _MARGIN)
    axes.set_ylim(-_MARGIN, layout.height + _MARGIN)
    axes.set_axis_off()
    return figure, axes


def _draw_shapes(
    axes: Axes, layout: Layout, rsquares: Mapping[str, float], style: Style
) -> None:
    """Draw variables and indicators."""
    for shape in (*layout.variables, *layout.indicators):
        _outline(axes, shape)
    for shape in layout.indicators:
        _write(axes, shape.center, shape.text, SMALL_SIZE)
    for shape in layout.variables:
        x, y = shape.center
        rsquare = rsquares.get(shape.code)
        if rsquare is None:
            _write(axes, (x, y), shape.text, NAME_SIZE)
            continue
        below = 7 * (shape.text.count("\n") + 1)
        _write(axes, (x, y + 7), shape.text, NAME_SIZE)
        shown = f"R² = {format_number(rsquare, 'bounded', style)}"
        _write(axes, (x, y - below), shown, SMALL_SIZE)


def _outline(axes: Axes, shape: Shape) -> None:
    x, y = shape.center
    width, height = shape.width, shape.height
    look: dict[str, Any] = {"edgecolor": _INK, "zorder": 3}
    if shape.ellipse:
        look |= {"facecolor": _FILL, "linewidth": 1.1}
        axes.add_patch(Ellipse((x, y), width, height, **look))
        return
    look |= {"facecolor": "white", "linewidth": 0.9}
    axes.add_patch(Rectangle((x - width / 2, y - height / 2), width, height, **look))


def _write(axes: Axes, center: Point, text: str, size: float) -> None:
    """Write a text around a point, with the bundled font."""
    shown = drawable(text)
    axes.text(
        *center,
        shown,
        ha="center",
        va="center",
        color=_INK,
        zorder=5,
        linespacing=1.15,
        fontproperties=font_for(shown, size),
        parse_math=False,
    )


def _draw_lines(axes: Axes, layout: Layout, style: Style) -> None:
    """Draw arrows, then their numbers where they hide nothing."""
    shapes = (*layout.variables, *layout.indicators)
    taken = [_frame(shape.center, shape.width, shape.height) for shape in shapes]
    for line in (*layout.lines, *layout.covariances):
        _arrow(axes, line)
    short_first = sorted(layout.lines, key=lambda line: line.edge.kind == "path")
    for line in (*short_first, *layout.covariances):
        if line.edge.value is None:
            continue
        text = _label(line.edge, style)
        size = NAME_SIZE - 1 if line.edge.kind == "path" else SMALL_SIZE - 0.5
        width, height = text_width(text) * size * 0.56 + 4, size * 1.25
        center = _free_place(line, width, height, taken)
        taken.append(_frame(center, width, height))
        corner = (center[0] - width / 2, center[1] - height / 2)
        axes.add_patch(
            Rectangle(corner, width, height, facecolor="white", linewidth=0, zorder=4)
        )
        _write(axes, center, text, size)


def _label(edge: Edge, style: Style) -> str:
    if edge.value is None:
        return ""
    kind: Kind = "bounded" if edge.kind == "covariance" else "estimate"
    marks = stars(edge.pvalue) if edge.kind != "loading" else ""
    return format_number(edge.value, kind, style) + marks


def _arrow(axes: Axes, line: Line) -> None:
    straight = len(line.points) == 2
    step = Path.LINETO if straight else Path.CURVE4
    codes = [Path.MOVETO, *[step] * (len(line.points) - 1)]
    edge = line.edge
    weak = edge.kind == "path" and edge.pvalue is not None and edge.pvalue >= _ALPHA
    head = "<|-|>" if edge.kind == "covariance" else "-|>"
    axes.add_patch(
        FancyArrowPatch(
            path=Path(line.points, codes),
            arrowstyle=f"{head},head_length=4,head_width=2",
            linewidth=1.1 if edge.kind == "path" else 0.7,
            linestyle=(0, (4, 2.5)) if weak else "solid",
            color=_INK,
            zorder=2,
            shrinkA=0,
            shrinkB=0,
        )
    )


Frame = tuple[float, float, float, float]


def _frame(center: Point, width: float, height: float) -> Frame:
    x, y = center
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _overlap(one: Frame, other: Frame) -> float:
    """Return the area that two frames share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0.0


def _free_place(line: Line, width: float, height: float, taken: list[Frame]) -> Point:
    """Return the first place on a line where a number hides the least."""

    def hidden(center: Point) -> float:
        frame = _frame(center, width + 2, height + 1)
        return sum(_overlap(frame, other) for other in taken)

    centers = [_along(line.points, share) for share in _PLACES]
    return min(centers, key=hidden)


def _along(points: tuple[Point, ...], share: float) -> Point:
    """Return the point at a share of the length of a line or spline."""
    trace = list(_trace(points))
    steps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(trace)]
    left = share * sum(steps)
    for (x, y), (x2, y2), step in zip(trace, trace[1:], steps, strict=False):
        if step and left <= step:
            part = left / step
            return x + part * (x2 - x), y + part * (y2 - y)
        left -= step
    return trace[-1]


def _trace(points: tuple[Point, ...]) -> Iterator[Point]:
    """Walk along a line: its two ends, or 24 points on each Bézier segment."""
    yield points[0]
    if len(points) == 2:
        yield points[1]
        return
    for first in range(0, len(points) - 3, 3):
        p, q, r, s = points[first : first + 4]
        for step in range(1, 25):
            t = step / 24
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            yield (
                a * p[0] + b * q[0] + c * r[0] + d * s[0],
                a * p[1] + b * q[1] + c * r[1] + d * s[1],
            )


def _svg(figure: Figure) -> str:
    buffer = BytesIO()
    with mpl.rc_context(_SETTINGS):
        canvas = FigureCanvasSVG(figure)
        canvas.print_svg(buffer, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return buffer.getvalue().decode("utf-8")


def _png(figure: Figure) -> bytes:
    buffer = BytesIO()
    figure.set_dpi(_DOTS_PER_INCH)
    canvas = FigureCanvasAgg(figure)
    canvas.print_png(buffer, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def _lacking(layout: Layout) -> Iterator[Finding]:
    """Report names with characters that no font can draw."""
    for shape in (*layout.variables, *layout.indicators):
        lacking = undrawable(shape.text)
        if lacking:
            yield Finding(
                code="undrawable-character",
                severity="warning",
                subject=shape.code,
                message=(
                    f"The diagram shows {shape.text!r} with □ in place of {lacking}, "
                    "because no font at hand has the character. Install a font that "
                    "has it, or shorten the name."
                ),
            )
