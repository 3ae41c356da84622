"""What a path diagram shows: estimates in, nodes and edges out, no positions.

In comes the table of parameters of a fit with standardised estimates; out goes a
`Graph` of latent variables, their indicators and the paths between them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Literal

import pandas as pd

NodeKind = Literal["latent", "observed"]
EdgeKind = Literal["path", "loading", "covariance"]

#: Beyond this number of indicators a diagram shows the structural part only.
MOST_INDICATORS = 40


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow.

    Attributes
    ----------
    source, target : str
        Codes of the variables; a covariance has no direction.
    kind : {"path", "loading", "covariance"}
        What it stands for.
    value : float or None
        Standardised estimate.
    pvalue : float or None
        Its p value; None for a fixed parameter.
    """

    source: str
    target: str
    kind: EdgeKind
    value: float | None
    pvalue: float | None


@dataclass(frozen=True, slots=True)
class Node:
    """A variable of the structural part with its indicators.

    Attributes
    ----------
    code : str
        Code of the variable.
    name : str
        Its name as printed.
    kind : {"latent", "observed"}
        Ellipse or rectangle.
    rsquare : float or None
        Explained share of its variance, where it has a regression.
    indicators : tuple of Edge
        Loadings of its observed indicators, in order; empty when they are not shown.
    """

    code: str
    name: str
    kind: NodeKind
    rsquare: float | None = None
    indicators: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """A path diagram before it is placed.

    Attributes
    ----------
    nodes : tuple of Node
        Variables of the structural part, in order of the model.
    edges : tuple of Edge
        Paths between them, loadings of factors on factors included.
    covariances : tuple of Edge
        Covariances among exogenous variables; empty when they are not shown.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    covariances: tuple[Edge, ...] = ()

    def sources(self) -> frozenset[str]:
        """Return the codes that no arrow points to."""
        return frozenset(n.code for n in self.nodes) - {e.target for e in self.edges}

    def sinks(self) -> frozenset[str]:
        """Return the codes that no arrow leaves."""
        return frozenset(n.code for n in self.nodes) - {e.source for e in self.edges}


def _number(value: object) -> float | None:
    found = float(value) if isinstance(value, int | float) else None
    return found if found is not None and isfinite(found) else None


def _edges(rows: pd.DataFrame, kind: EdgeKind, *, forward: bool) -> tuple[Edge, ...]:
    """Turn rows of the parameter table into arrows."""
    sources, targets = ("lhs", "rhs") if forward else ("rhs", "lhs")
    return tuple(
        Edge(
            source=str(row[sources]),
            target=str(row[targets]),
            kind=kind,
            value=_number(row["std_all"]),
            pvalue=_number(row["pvalue"]),
        )
        for row in rows.to_dict("records")
    )


def _first_group(parameters: pd.DataFrame) -> pd.DataFrame:
    """Keep the first group; defined parameters belong to none."""
    rows = parameters[parameters["op"].isin(["=~", "~", "~~"])]
    return rows[rows["group"] == rows["group"].min()] if len(rows) else rows


def make_graph(
    parameters: pd.DataFrame,
    rsquare: Mapping[str, float],
    names: Mapping[str, str],
    *,
    indicators: bool | None = None,
    covariances: bool = False,
) -> Graph:
    """Make the graph of a fitted model.

    Parameters
    ----------
    parameters : DataFrame
        Parameters of a fit with columns lhs, op, rhs, group, pvalue and std_all; of
        several groups the first is shown.
    rsquare : mapping of str to float
        Explained shares of variance by variable.
    names : mapping of str to str
        Printed names by code; a code without a name stands for itself.
    indicators : bool, optional
        Whether indicators are shown; by default as long as there are no more than
        `MOST_INDICATORS`.
    covariances : bool, default False
        Whether covariances among exogenous variables are shown.

    Returns
    -------
    Graph
        Nodes and edges.
    """
    rows = _first_group(parameters)
    paths = _edges(rows[rows["op"] == "~"], "path", forward=False)
    loadings = _edges(rows[rows["op"] == "=~"], "loading", forward=True)
    latents = list(dict.fromkeys(edge.source for edge in loadings))
    ends = [code for edge in paths for code in (edge.source, edge.target)]
    codes = list(dict.fromkeys([*latents, *ends]))
    higher = tuple(edge for edge in loadings if edge.target in codes)
    measured = tuple(edge for edge in loadings if edge.target not in codes)
    if indicators is None:
        indicators = len(measured) <= MOST_INDICATORS

    def node(code: str) -> Node:
        return Node(
            code=code,
            name=names.get(code, code),
            kind="latent" if code in latents else "observed",
            rsquare=_number(rsquare.get(code)) if code in _targets(paths) else None,
            indicators=_of(measured, code) if indicators else (),
        )

    graph = Graph(tuple(map(node, codes)), (*higher, *paths))
    if not covariances:
        return graph
    both = rows[(rows["op"] == "~~") & (rows["lhs"] != rows["rhs"])]
    free = graph.sources()
    edges = _edges(both, "covariance", forward=True)
    shown = (edge for edge in edges if {edge.source, edge.target} <= free)
    return Graph(graph.nodes, graph.edges, tuple(shown))


def _targets(edges: Iterable[Edge]) -> frozenset[str]:
    return frozenset(edge.target for edge in edges)


def _of(loadings: Iterable[Edge], code: str) -> tuple[Edge, ...]:
    return tuple(edge for edge in loadings if edge.source == code)
