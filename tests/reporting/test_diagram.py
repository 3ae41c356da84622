import struct
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

from kocsem.reporting.diagram import draw_diagram
from kocsem.reporting.graph import Edge, Graph, Node

SVG = "{http://www.w3.org/2000/svg}"


def graph(name="信任", pvalue=0.01):
    loading = Edge("TR", "TR1", "loading", 0.83, None)
    return Graph(
        (
            Node("CA", "内容真实性", "latent"),
            Node("TR", name, "latent", 0.485, (loading,)),
        ),
        (Edge("CA", "TR", "path", 0.34, pvalue),),
    )


def dashes(diagram):
    root = ElementTree.fromstring(diagram.svg)
    styles = (path.get("style", "") for path in root.iter(f"{SVG}path"))
    return sum("stroke-dasharray" in style for style in styles)


@pytest.mark.parametrize(
    ("pvalue", "dashed"), [(0.049, False), (0.05, True), (None, False)]
)
def test_a_path_that_is_not_significant_is_dashed(pvalue, dashed):
    assert (dashes(draw_diagram(graph(pvalue=pvalue), "gb")) > 0) is dashed


def test_text_is_drawn_as_outlines():
    root = ElementTree.fromstring(draw_diagram(graph(), "gb").svg)
    assert not list(root.iter(f"{SVG}text"))
    assert len(list(root.iter(f"{SVG}use"))) > 20


def test_neither_clock_nor_chance():
    first, second = draw_diagram(graph(), "apa"), draw_diagram(graph(), "apa")
    assert first.svg == second.svg
    assert first.png == second.png
    assert "<dc:date>" not in first.svg


def test_the_style_decides_on_the_zero():
    assert draw_diagram(graph(), "apa").svg != draw_diagram(graph(), "gb").svg


def test_picture_has_the_size_of_the_drawing():
    diagram = draw_diagram(graph(), "gb")
    width, height = struct.unpack(">II", diagram.png[16:24])
    assert width == pytest.approx(diagram.width * 200, abs=2)
    assert height / width == pytest.approx(diagram.ratio, abs=0.01)


def test_settings_of_matplotlib_are_left_alone():
    before = dict(mpl.rcParams)
    draw_diagram(graph(), "gb")
    assert dict(mpl.rcParams) == before


def test_a_dollar_is_no_formula():
    assert draw_diagram(graph(name="US$ and $x^2$"), "apa").findings == ()


def test_a_character_without_a_font_is_reported():
    strange = "\U00013fff"
    findings = draw_diagram(graph(name=f"信任{strange}"), "gb").findings
    assert [finding.code for finding in findings] == ["undrawable-character"]
    assert findings[0].subject == "TR"
