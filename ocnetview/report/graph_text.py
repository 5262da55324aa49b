"""The graph of a node as text, DOT and Mermaid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ocnetview.columns import Json
from ocnetview.report.graph import NO_NAMESPACE, Column, Edge, Graph, Vertex

_PLAIN = frozenset(" ._:/-")


def graph_json(graph: Graph) -> Mapping[str, list[Json]]:
    """Return what a document about the graph holds."""
    return {
        "vertices": [
            {
                "id": one.id,
                "kind": one.column.name.lower(),
                "name": one.name,
                "note": one.note,
                "group": one.group or None,
                "bad": one.bad,
            }
            for one in graph.vertices
        ],
        "edges": [
            {"begin": one.begin, "end": one.end, "label": one.label or None}
            for one in graph.edges
        ],
    }


def as_text(graph: Graph) -> str:
    """Return the graph as a tree for each bridge, then what is on none."""
    lines = [*_text(graph)]
    return "\n".join(lines) + "\n" if lines else "nothing is there\n"


def _text(graph: Graph) -> Iterator[str]:
    """Yield the lines of the text."""
    known = {one.id: one for one in graph.vertices}
    into: dict[str, list[Edge]] = defaultdict(list)
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        into[edge.end].append(edge)
        out[edge.begin].append(edge)
    for one in graph.vertices:
        if one.column is Column.BRIDGE:
            yield _named(one)
            for edge in out[one.id]:
                yield from _way(known[edge.end], out, known)
            for edge in into[one.id]:
                yield from _link(known[edge.begin], into, known)
    for one in graph.vertices:
        if one.column is Column.LINK and not out[one.id]:
            yield _named(one)
            yield from (_behind(edge, known) for edge in into[one.id])
    alone = [v for v in graph.vertices if v.column is Column.POD and not out[v.id]]
    if alone:
        yield "without a link on the node"
        for one in alone:
            yield f"  {_titled(one)}"


def _named(vertex: Vertex) -> str:
    """Return a vertex with what is said of it."""
    sign = "✖ " if vertex.bad else ""
    note = f" ({vertex.note})" if vertex.note else ""
    return f"{sign}{vertex.name}{note}"


def _titled(vertex: Vertex) -> str:
    """Return a pod with its namespace."""
    return f"{vertex.group}/{_named(vertex)}" if vertex.group else _named(vertex)


def _way(
    port: Vertex, out: Mapping[str, Sequence[Edge]], known: Mapping[str, Vertex]
) -> Iterator[str]:
    """Yield a way out, with what is behind it."""
    yield f"  → {_named(port)}"
    for edge in out[port.id]:
        end = known[edge.end]
        where = f" of {end.group}" if end.group else ""
        yield f"      → {end.name}{where}"


def _link(
    port: Vertex, into: Mapping[str, Sequence[Edge]], known: Mapping[str, Vertex]
) -> Iterator[str]:
    """Yield a port, with the pods behind it."""
    yield f"  ← {_named(port)}"
    yield from (f"    {_behind(edge, known)}" for edge in into[port.id])


def _behind(edge: Edge, known: Mapping[str, Vertex]) -> str:
    """Return a pod behind a link."""
    label = f"{edge.label} of " if edge.label else ""
    return f"  ← {label}{_titled(known[edge.begin])}"


def _groups(graph: Graph) -> Mapping[str, list[Vertex]]:
    """Return the pods by their namespaces."""
    groups: dict[str, list[Vertex]] = defaultdict(list)
    for one in graph.vertices:
        if one.column is Column.POD:
            groups[one.group or NO_NAMESPACE].append(one)
    return groups


def as_dot(graph: Graph) -> str:
    """Return the graph for Graphviz's dot."""
    lines = ["graph ocnetview {", "  rankdir=LR;", "  node [shape=box];"]
    for number, (name, pods) in enumerate(_groups(graph).items()):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f"    label={_dot(name)};")
        lines += [f"    {_dot_vertex(one)}" for one in pods]
        lines.append("  }")
    rest = (one for one in graph.vertices if one.column is not Column.POD)
    lines += [f"  {_dot_vertex(one)}" for one in rest]
    for edge in graph.edges:
        label = f" [label={_dot(edge.label)}]" if edge.label else ""
        lines.append(f"  {edge.begin} -- {edge.end}{label};")
    return "\n".join((*lines, "}")) + "\n"


def _dot_vertex(one: Vertex) -> str:
    """Return a vertex as a line of DOT."""
    shape = " shape=box3d" if one.column is Column.BRIDGE else ""
    bad = " color=red" if one.bad else ""
    return f"{one.id} [label={_dot(one.name, one.note)}{shape}{bad}];"


def _dot(*lines: str) -> str:
    r"""Return lines as a string of DOT, which reads \ and & as the begin of more."""
    whole = "\\n".join(
        line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
        for line in lines
        if line
    )
    return f'"{whole}"'


def as_mermaid(graph: Graph) -> str:
    """Return the graph as a flowchart of Mermaid."""
    lines = ["flowchart LR"]
    for number, (name, pods) in enumerate(_groups(graph).items()):
        lines.append(f"  subgraph group{number}[{_mermaid(name)}]")
        lines += [f"    {_mermaid_vertex(one)}" for one in pods]
        lines.append("  end")
    rest = (one for one in graph.vertices if one.column is not Column.POD)
    lines += [f"  {_mermaid_vertex(one)}" for one in rest]
    for edge in graph.edges:
        label = f"|{_mermaid(edge.label)}|" if edge.label else ""
        lines.append(f"  {edge.begin} ---{label} {edge.end}")
    return "\n".join(lines) + "\n"


def _mermaid_vertex(one: Vertex) -> str:
    """Return a vertex as a line of Mermaid."""
    opens, closes = ("[[", "]]") if one.column is Column.BRIDGE else ("[", "]")
    note = f" ({one.note})" if one.note else ""
    return f"{one.id}{opens}{_mermaid(one.name + note)}{closes}"


def _mermaid(text: str) -> str:
    """Return a text as a string of Mermaid, in codes what is no plain letter."""
    letters = (
        letter
        if letter in _PLAIN or (letter.isascii() and letter.isalnum())
        else f"#{ord(letter)};"
        for letter in text
    )
    return f'"{"".join(letters)}"'
