import pandas as pd
import pytest

from kocsem.reporting.graph import MOST_INDICATORS, make_graph

NAN = float("nan")


def frame(text):
    """Rows "lhs op rhs std p" as a table of parameters of one group."""
    rows = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame(
        [(a, op, b, 1, float(std), float(p)) for a, op, b, std, p in rows],
        columns=["lhs", "op", "rhs", "group", "std_all", "pvalue"],
    )


MEDIATION = frame(
    """
    A =~ a1 .8 nan
    A =~ a2 .7 0
    B =~ b1 .9 nan
    B =~ b2 .6 0
    C =~ c1 .5 nan
    C =~ c2 .4 0
    C ~ A .3 .01
    C ~ B .2 .2
    C ~ age .1 .04
    A ~~ B .45 0
    A ~~ A 1 nan
    """
)


def test_roles():
    graph = make_graph(MEDIATION, {"C": 0.25, "A": 0.1}, {"A": "Authenticity"})
    assert [(n.code, n.name, n.kind) for n in graph.nodes] == [
        ("A", "Authenticity", "latent"),
        ("B", "B", "latent"),
        ("C", "C", "latent"),
        ("age", "age", "observed"),
    ]
    assert [n.rsquare for n in graph.nodes] == [None, None, 0.25, None]
    assert graph.sources() == {"A", "B", "age"}
    assert graph.sinks() == {"C"}


def test_edges():
    graph = make_graph(MEDIATION, {}, {})
    assert [(e.source, e.target, e.value, e.pvalue) for e in graph.edges] == [
        ("A", "C", 0.3, 0.01),
        ("B", "C", 0.2, 0.2),
        ("age", "C", 0.1, 0.04),
    ]
    first = graph.nodes[0].indicators
    assert [(e.target, e.value, e.pvalue) for e in first] == [
        ("a1", 0.8, None),
        ("a2", 0.7, 0.0),
    ]
    assert graph.covariances == ()


def test_covariances_among_exogenous_variables_on_demand():
    graph = make_graph(MEDIATION, {}, {}, covariances=True)
    assert [(e.source, e.target, e.value) for e in graph.covariances] == [
        ("A", "B", 0.45)
    ]


def test_a_second_order_factor_points_to_its_facets():
    text = "T =~ F .8 0\nT =~ G .7 0\nF =~ f1 .9 0\nG =~ g1 .9 0\nP ~ T .5 0"
    graph = make_graph(frame(text), {}, {})
    assert [(e.source, e.target, e.kind) for e in graph.edges] == [
        ("T", "F", "loading"),
        ("T", "G", "loading"),
        ("T", "P", "path"),
    ]
    assert [n.code for n in graph.nodes if n.indicators] == ["F", "G"]


@pytest.mark.parametrize(("count", "shown"), [(MOST_INDICATORS, 40), (41, 0)])
def test_many_indicators_are_left_out(count, shown):
    text = "\n".join(f"A =~ a{i} .8 0" for i in range(count))
    graph = make_graph(frame(text), {}, {})
    assert len(graph.nodes[0].indicators) == shown
    forced = make_graph(frame(text), {}, {}, indicators=True)
    assert len(forced.nodes[0].indicators) == count


def test_of_several_groups_the_first_is_shown():
    one, two = MEDIATION.copy(), MEDIATION.copy()
    two["group"], two["std_all"] = 2, 0.0
    graph = make_graph(pd.concat([one, two]), {}, {})
    assert [edge.value for edge in graph.edges] == [0.3, 0.2, 0.1]


def test_a_path_model_over_observed_variables():
    graph = make_graph(frame("y ~ x .4 .001\nz ~ y .2 .3"), {}, {})
    assert {node.kind for node in graph.nodes} == {"observed"}
    assert len(graph.edges) == 2
