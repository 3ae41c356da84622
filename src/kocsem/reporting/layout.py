"""Where everything in a path diagram stands: a `Graph` in, positions in points out.

Graphviz (``dot``) does the placing. The indicators of a latent variable are one block
to it, beside an exogenous or last variable, above or below one in the middle; so paths
are routed around indicators. All lengths are points (1/72 inch), y upwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal
from unicodedata import east_asian_width

import pygraphviz

from kocsem.reporting.graph import Edge, Graph, Node

Point = tuple[float, float]
Side = Literal["left", "right", "middle"]

NAME_SIZE, SMALL_SIZE = 10.0, 8.0
BOX_WIDTH, BOX_HEIGHT, BOX_GAP = 44.0, 19.0, 8.0
_INCH = 72.0
_LINE = 14.0
_WIDEST_NAME = 16


@dataclass(frozen=True, slots=True)
class Shape:
    """A placed ellipse or rectangle.

    Attributes
    ----------
    code : str
        Code of the variable.
    text : str
        What is printed inside; may have several lines.
    center : tuple of float
        Its centre.
    width, height : float
        Its size.
    ellipse : bool
        Whether it is an ellipse.
    """

    code: str
    text: str
    center: Point
    width: float
    height: float
    ellipse: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A placed arrow.

    Attributes
    ----------
    edge : Edge
        What it stands for.
    points : tuple of tuple of float
        Start, then three points for each cubic Bézier segment; or two points of a
        straight line.
    """

    edge: Edge
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A placed diagram.

    Attributes
    ----------
    left : float
        How far curves reach beyond the left edge; zero or less.
    width, height : float
        Size of the whole, from zero.
    variables, indicators : tuple of Shape
        Structural variables; boxes of indicators.
    lines : tuple of Line
        Paths and loadings.
    covariances : tuple of Line
        Curves between exogenous variables.
    """

    left: float
    width: float
    height: float
    variables: tuple[Shape, ...]
    indicators: tuple[Shape, ...]
    lines: tuple[Line, ...]
    covariances: tuple[Line, ...]


def text_width(text: str) -> int:
    """Return the width of a line of text in half-widths of a Chinese character.

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    int
        Two for each full-width character, one for any other.

    Examples
    --------
    >>> text_width("信任 PI")
    7
    """
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _wrapped(name: str) -> str:
    """Break a long name: at blanks, or in the middle where there are none."""
    if text_width(name) <= _WIDEST_NAME:
        return name
    if " " in name:
        return "\n".join(wrap(name, _WIDEST_NAME - 2, break_long_words=False))
    per_line = _WIDEST_NAME // 2
    return "\n".join(name[i : i + per_line] for i in range(0, len(name), per_line))


def _size(name: str, rsquare: bool, *, ellipse: bool) -> tuple[float, float]:
    """Return width and height of a variable that holds its name, and R² below."""
    lines = name.split("\n")
    widest = max(text_width(line) for line in lines) * NAME_SIZE * 0.53
    tall = len(lines) * _LINE + (_LINE if rsquare else 0)
    if not ellipse:
        return max(widest + 16, 70.0), max(tall + 12, 32.0)
    return max(widest * 1.22 + 22, 92.0), max(tall * 1.35 + 14, 48.0)


def _side(code: str, graph: Graph) -> Side:
    """Put indicators on the outside; without any path the curves get the left."""
    if code in graph.sources() and not (code in graph.sinks() and graph.covariances):
        return "left"
    return "right" if code in graph.sinks() else "middle"


def _block_size(count: int, side: Side) -> tuple[float, float]:
    if side == "middle":
        return count * (BOX_WIDTH + BOX_GAP) - BOX_GAP, BOX_HEIGHT
    return BOX_WIDTH, count * (BOX_HEIGHT + BOX_GAP) - BOX_GAP


def _inches(size: tuple[float, float]) -> dict[str, str]:
    width, height = (f"{length / _INCH:.4f}" for length in size)
    return {"width": width, "height": height}


def _block(code: str) -> str:
    return f"{code}|indicators"


def _to_graphviz(
    graph: Graph, sizes: Mapping[str, tuple[float, float]]
) -> pygraphviz.AGraph:
    """Describe the diagram to Graphviz."""
    drawing = pygraphviz.AGraph(directed=True, strict=False)
    drawing.graph_attr.update(
        rankdir="LR", nodesep="0.42", ranksep="0.62", splines="spline"
    )
    drawing.node_attr.update(label="", fixedsize="true", shape="box")
    drawing.edge_attr.update(dir="none")
    for node in graph.nodes:
        shape = "ellipse" if node.kind == "latent" else "box"
        drawing.add_node(node.code, shape=shape, **_inches(sizes[node.code]))
        if node.indicators:
            wide = bool(graph.covariances) and node.code in graph.sources()
            _add_block(drawing, node, _side(node.code, graph), wide=wide)
    for position, edge in enumerate(graph.edges):
        ends = (edge.source, edge.target)
        drawing.add_edge(*ends, key=str(position), minlen="2")
    return drawing


def _add_block(
    drawing: pygraphviz.AGraph, node: Node, side: Side, *, wide: bool
) -> None:
    """Add the indicators of a variable as one block next to it, or further away."""
    block = _block(node.code)
    drawing.add_node(block, **_inches(_block_size(len(node.indicators), side)))
    if side == "middle":
        drawing.add_subgraph([node.code, block], rank="same")
    ends = (block, node.code) if side == "left" else (node.code, block)
    far = "2" if wide else "1"
    if side == "middle":
        far = "0"
    drawing.add_edge(*ends, key="block", weight="100", minlen=far)


def _point(text: str) -> Point:
    x, y = text.split(",")[-2:]
    return float(x), float(y)


def _boxes(node: Node, center: Point, side: Side) -> tuple[Shape, ...]:
    """Place the boxes of a block's indicators."""
    count = len(node.indicators)
    shapes = []
    for position, edge in enumerate(node.indicators):
        offset = position - (count - 1) / 2
        dx = offset * (BOX_WIDTH + BOX_GAP) if side == "middle" else 0.0
        dy = 0.0 if side == "middle" else -offset * (BOX_HEIGHT + BOX_GAP)
        place = (center[0] + dx, center[1] + dy)
        shapes.append(
            Shape(edge.target, edge.target, place, BOX_WIDTH, BOX_HEIGHT, False)
        )
    return tuple(shapes)


def _toward(shape: Shape, target: Point) -> Point:
    """Return the point of a shape's border in the direction of a target."""
    dx, dy = target[0] - shape.center[0], target[1] - shape.center[1]
    a, b = shape.width / 2, shape.height / 2
    if shape.ellipse:
        scale = 1 / ((dx / a) ** 2 + (dy / b) ** 2) ** 0.5
    else:
        scale = min(a / abs(dx) if dx else 1e9, b / abs(dy) if dy else 1e9)
    return shape.center[0] + dx * scale, shape.center[1] + dy * scale


def _loading_line(edge: Edge, latent: Shape, box: Shape, side: Side) -> Line:
    """Draw a loading from the ellipse to the middle of the box's nearest edge."""
    x, y = box.center
    if side == "middle":
        above = y > latent.center[1]
        end = (x, y - BOX_HEIGHT / 2 if above else y + BOX_HEIGHT / 2)
    else:
        end = (x + BOX_WIDTH / 2 if side == "left" else x - BOX_WIDTH / 2, y)
    return Line(edge, (_toward(latent, end), end))


def _curve(edge: Edge, shapes: Mapping[str, Shape]) -> Line:
    """Draw a covariance as a curve on the left of two variables."""
    upper, lower = sorted(
        (shapes[edge.source], shapes[edge.target]), key=lambda s: -s.center[1]
    )
    start = (upper.center[0] - upper.width / 2, upper.center[1])
    end = (lower.center[0] - lower.width / 2, lower.center[1])
    bulge = 18 + 0.22 * (start[1] - end[1])
    left = (start[0] - bulge, start[1]), (end[0] - bulge, end[1])
    return Line(edge, (start, *left, end))


def _indicators(
    graph: Graph, drawing: Any, shapes: dict[str, Shape]
) -> tuple[list[Shape], list[Line]]:
    """Place the indicators of every latent variable, and the lines to them."""
    boxes: list[Shape] = []
    lines: list[Line] = []
    for node in graph.nodes:
        if node.indicators:
            side = _side(node.code, graph)
            center = _point(drawing.get_node(_block(node.code)).attr["pos"])
            placed = _boxes(node, center, side)
            boxes += placed
            lines += [
                _loading_line(edge, shapes[node.code], box, side)
                for edge, box in zip(node.indicators, placed, strict=True)
            ]
    return boxes, lines


def place(graph: Graph) -> Layout:
    """Place a diagram.

    Parameters
    ----------
    graph : Graph
        What to show.

    Returns
    -------
    Layout
        Positions in points; the same graph gives the same positions.
    """
    texts = {node.code: _wrapped(node.name) for node in graph.nodes}
    sizes = {
        n.code: _size(texts[n.code], n.rsquare is not None, ellipse=n.kind == "latent")
        for n in graph.nodes
    }
    drawing = _to_graphviz(graph, sizes)
    drawing.layout(prog="dot")
    shapes = {
        n.code: Shape(
            n.code,
            texts[n.code],
            _point(drawing.get_node(n.code).attr["pos"]),
            *sizes[n.code],
            n.kind == "latent",
        )
        for n in graph.nodes
    }
    boxes, lines = _indicators(graph, drawing, shapes)
    for position, edge in enumerate(graph.edges):
        drawn = drawing.get_edge(edge.source, edge.target, key=str(position))
        points = tuple(_point(text) for text in drawn.attr["pos"].split())
        lines.append(Line(edge, points))
    width, height = _point(drawing.graph_attr["bb"])
    curves = tuple(_curve(edge, shapes) for edge in graph.covariances)
    return Layout(
        left=min((0.0, *(x for curve in curves for x, _ in curve.points))),
        width=width,
        height=height,
        variables=tuple(shapes.values()),
        indicators=tuple(boxes),
        lines=tuple(lines),
        covariances=curves,
    )
