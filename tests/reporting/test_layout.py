from itertools import combinations

import pytest

from kocsem.reporting.graph import Edge, Graph, Node
from kocsem.reporting.layout import place, text_width


def node(code, items=0, kind="latent", name=None):
    loadings = tuple(
        Edge(code, f"{code}{i}", "loading", 0.8, 0.0) for i in range(1, items + 1)
    )
    return Node(code, name or code, kind, None, loadings)


def path(source, target):
    return Edge(source, target, "path", 0.3, 0.01)


CORE = Graph(
    (node("CA", 4), node("IQ", 4), node("AL", 4), node("TR", 4), node("PI", 3)),
    tuple(path(*e.split()) for e in ("CA TR", "IQ TR", "AL TR", "TR PI", "CA PI")),
)
SERIAL = Graph(
    tuple(node(c, 5) for c in "ABCDEF"),
    tuple(path(*e) for e in ("AB", "AC", "BD", "CD", "DE", "EF", "AF", "BF")),
)
LONELY = Graph((node("A", 3),), ())
OBSERVED = Graph(
    (
        node("x", kind="observed"),
        node("y", kind="observed"),
        node("z", kind="observed"),
    ),
    (path("x", "y"), path("y", "z"), path("x", "z")),
)
LONG = Graph(
    (
        node("A", 2, name="A very long name of a construct indeed"),
        node("B", 2, name="一个名字特别特别特别长的潜变量构念"),
    ),
    (path("A", "B"),),
)
GRAPHS = {
    "core": CORE,
    "serial": SERIAL,
    "lonely": LONELY,
    "observed": OBSERVED,
    "long": LONG,
}


@pytest.mark.parametrize("name", GRAPHS)
def test_no_two_shapes_overlap(name):
    layout = place(GRAPHS[name])
    shapes = (*layout.variables, *layout.indicators)
    for one, other in combinations(shapes, 2):
        apart_x = abs(one.center[0] - other.center[0])
        apart_y = abs(one.center[1] - other.center[1])
        assert (
            apart_x >= (one.width + other.width) / 2 - 0.5
            or apart_y >= (one.height + other.height) / 2 - 0.5
        ), (one.code, other.code)


@pytest.mark.parametrize("name", GRAPHS)
def test_everything_stands_inside(name):
    layout = place(GRAPHS[name])
    for shape in (*layout.variables, *layout.indicators):
        x, y = shape.center
        assert -1 <= x - shape.width / 2 <= x + shape.width / 2 <= layout.width + 1
        assert -1 <= y - shape.height / 2 <= y + shape.height / 2 <= layout.height + 1


@pytest.mark.parametrize("name", GRAPHS)
def test_arrows_end_at_the_border_of_their_target(name):
    graph = GRAPHS[name]
    layout = place(graph)
    shapes = {s.code: s for s in layout.variables}
    for line in layout.lines:
        if line.edge.kind == "path":
            for code, point in (
                (line.edge.source, line.points[0]),
                (line.edge.target, line.points[-1]),
            ):
                shape = shapes[code]
                dx = abs(point[0] - shape.center[0]) / (shape.width / 2)
                dy = abs(point[1] - shape.center[1]) / (shape.height / 2)
                reach = (dx**2 + dy**2) ** 0.5 if shape.ellipse else max(dx, dy)
                assert reach == pytest.approx(1.0, abs=0.06)


def test_paths_run_from_left_to_right_and_avoid_indicators():
    layout = place(CORE)
    x = {shape.code: shape.center[0] for shape in layout.variables}
    assert x["CA"] == x["IQ"] == x["AL"]
    assert x["AL"] < x["TR"] < x["PI"]
    for shape in layout.indicators:
        for line in layout.lines:
            if line.edge.kind == "path":
                for px, py in line.points:
                    assert not (
                        abs(px - shape.center[0]) < shape.width / 2
                        and abs(py - shape.center[1]) < shape.height / 2
                    )


def test_same_graph_same_positions():
    assert place(SERIAL) == place(SERIAL)


def test_covariances_are_curves_on_the_left():
    graph = Graph(CORE.nodes, CORE.edges, (Edge("CA", "IQ", "covariance", 0.5, 0.0),))
    layout = place(graph)
    (curve,) = layout.covariances
    left = min(
        shape.center[0] - shape.width / 2
        for shape in layout.variables
        if shape.code in ("CA", "IQ")
    )
    assert len(curve.points) == 4
    assert all(x <= left + 1 for x, _ in curve.points)


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("信任", 4), ("R² = .49", 8), ("（）", 4)]
)
def test_text_width(text, width):
    assert text_width(text) == width
