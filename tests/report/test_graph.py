"""The node as a graph, and the four forms that it is written in."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from builders import veth, wired
from hypothesis import given, settings
from hypothesis import strategies as st

from ocnetview.facts import OvsInterface
from ocnetview.model import (
    Bridge,
    BridgeKind,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
)
from ocnetview.report.graph import Column, Graph, graph_of
from ocnetview.report.graph_svg import as_svg
from ocnetview.report.graph_text import as_dot, as_mermaid, as_text, graph_json
from ocnetview.units import printable

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    'a"];b[label="c',
    "<script>&amp;</title>",
    "x\n--> y\x1b[31m",
    "end",
    "]]]|}#quot;",
    "\\n\\",
    "\ud800\uffff☃",
)
NAMES = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=12))


def pod(number: int, name: str, namespace: str = "shop") -> Pod:
    """Return a pod whose veth is a port of br0."""
    outer, inner = veth(number, 10 + number, f"veth{number}")
    return Pod(
        f"uid{number}",
        PodKind.POD,
        name,
        namespace,
        interfaces=(wired(inner, outer, f"br0/{number}{name}"),),
        addresses=(f"10.128.0.{number}",),
    )


def patch(bridge: str, name: str, peer: str) -> Port:
    """Return a patch port."""
    row = OvsInterface(name, "patch", options={"peer": peer})
    return Port(bridge, BridgeKind.OVS, name, "patch", role=PortRole.PATCH, ovs=row)


def tunnel(name: str, remote: str) -> Port:
    """Return a tunnel to a peer, or to all where it says `flow`."""
    row = OvsInterface(name, "geneve", options={"remote_ip": remote})
    return Port("br0", BridgeKind.OVS, name, "geneve", role=PortRole.TUNNEL, ovs=row)


def node(names: list[str], remote: str = "192.0.2.7") -> NodeModel:
    """Return a node with a pod of each name, two bridges and two tunnels."""
    pods = tuple(pod(number, name) for number, name in enumerate(names, 1))
    ports = tuple(
        Port(
            "br0",
            BridgeKind.OVS,
            one.interfaces[0].port[4:],
            "system",
            number,
            role=PortRole.POD,
            pod=one.key,
        )
        for number, one in enumerate(pods, 1)
    )
    outer = (
        patch("br0", "to-ex", "to-int"),
        tunnel("one", remote),
        tunnel("two", "flow"),
    )
    host = Pod("host", PodKind.POD, "agent", "kube-system", host_network=True)
    alone = Pod("alone", PodKind.CONTAINER, "box")
    return NodeModel(
        bridges=(
            Bridge("br0", BridgeKind.OVS, (*ports, *outer)),
            Bridge("br-ex", BridgeKind.OVS, (patch("br-ex", "to-int", "to-ex"),)),
        ),
        pods=(*pods, host, alone),
    )


def parsed(svg: str) -> ET.Element:
    """Return a picture as XML."""
    return ET.fromstring(svg)  # noqa: S314 - we wrote it ourselves


def ends(graph: Graph) -> set[tuple[str, str]]:
    """Return the names at both ends of each edge."""
    names = {one.id: one.name for one in graph.vertices}
    return {(names[edge.begin], names[edge.end]) for edge in graph.edges}


def test_pods_lead_to_bridges_and_those_to_peers() -> None:
    """Pod, port, bridge, tunnel and peer are a chain; patches join bridges."""
    assert ends(graph_of(node(["web"]))) == {
        ("web", "1web"),
        ("1web", "br0"),
        ("br0", "to-ex"),
        ("br0", "one"),
        ("br0", "two"),
        ("br-ex", "to-int"),
        ("to-ex", "to-int"),
        ("one", "192.0.2.7"),
        ("agent", "the node's own network"),
    }


@given(st.lists(NAMES, max_size=6))
def test_each_pod_port_and_bridge_is_there_once(names: list[str]) -> None:
    """None is lost, and none is there twice, whatever the names are."""
    model = node(names)
    found = Counter((one.column, one.name) for one in graph_of(model).vertices)
    pods = Counter((Column.POD, printable(one.name)) for one in model.pods)
    bridges = Counter((Column.BRIDGE, printable(one.name)) for one in model.bridges)
    ports = Counter(printable(p.name) for b in model.bridges for p in b.ports)
    assert {k: n for k, n in found.items() if k[0] is Column.POD} == pods
    assert {k: n for k, n in found.items() if k[0] is Column.BRIDGE} == bridges
    listed = (Column.LINK, Column.WAY)
    others = Counter({k[1]: n for k, n in found.items() if k[0] in listed})
    others.pop("the node's own network")
    assert others == ports


def test_a_port_that_only_its_row_gives_to_a_pod_is_joined() -> None:
    """Where the pod's inside cannot be read, the port's own word draws the edge."""
    blind = Pod("u", PodKind.POD, "web", "shop")
    port = Port("br0", BridgeKind.OVS, "vethx", "system", 3, pod="u")
    model = NodeModel(bridges=(Bridge("br0", BridgeKind.OVS, (port,)),), pods=(blind,))
    assert ends(graph_of(model)) == {("web", "vethx"), ("vethx", "br0")}


@pytest.mark.parametrize("form", [as_text, as_dot, as_mermaid, as_svg])
def test_the_order_does_not_depend_on_the_readings(
    form: Callable[[Graph], str],
) -> None:
    """The same node is drawn the same, in whatever order its pods were found."""
    model = node(["web", "db", "cart"])
    turned = NodeModel(bridges=model.bridges, pods=model.pods[::-1])
    assert form(graph_of(model)) == form(graph_of(turned))


@given(st.lists(NAMES, max_size=6))
@settings(deadline=None)
def test_the_picture_is_xml_with_a_box_for_each(names: list[str]) -> None:
    """Each vertex is a box with its whole name, inside of the picture, on no other."""
    graph = graph_of(node(names))
    root = parsed(as_svg(graph))
    boxes = {g.attrib["id"]: g for g in root.iter(f"{SVG}g")}
    assert boxes.keys() == {one.id for one in graph.vertices}
    seen = set()
    for one in graph.vertices:
        title = boxes[one.id].findtext(f"{SVG}title")
        assert title is not None
        assert one.name in title
        rect = boxes[one.id].find(f"{SVG}rect")
        assert rect is not None
        x, y, high = (int(rect.attrib[name]) for name in ("x", "y", "height"))
        assert y + high <= int(root.attrib["height"])
        seen.add((x, y))
    assert len(seen) == len(graph.vertices)
    assert len([*root.iter(f"{SVG}path")]) == len(graph.edges)


def test_a_picture_of_500_pods_stays_in_columns() -> None:
    """A row for each pod and one for each namespace: as high as that, not wider."""
    few, many = as_svg(graph_of(node(["a"]))), as_svg(graph_of(node(["a"] * 500)))
    wide = [int(parsed(svg).attrib["width"]) for svg in (few, many)]
    assert wide[0] == wide[1]
    assert int(parsed(many).attrib["height"]) < 530 * 22


DOT_STRING = r'"(?:[^"\\]|\\.)*"'
DOT_LINE = re.compile(
    rf"(?:graph ocnetview \{{|\}}|rankdir=LR;|node \[shape=box\];"
    rf"|subgraph cluster_\d+ \{{|label={DOT_STRING};"
    rf"|(?P<id>\w+) \[label=(?P<label>{DOT_STRING})(?: shape=box3d)?(?: color=red)?\];"
    rf"|(?P<begin>\w+) -- (?P<end>\w+)(?: \[label={DOT_STRING}\])?;)"
)
"""Every line that may stand there."""


def read_dot(text: str) -> str:
    """Return what a string of DOT shows, its lines joined by spaces."""
    parts = re.sub(r"\\(.)", lambda m: " " if m[1] == "n" else m[1], text[1:-1])
    return html.unescape(parts)


@given(st.lists(NAMES, max_size=6))
def test_dot_says_all_and_no_more(names: list[str]) -> None:
    """Each line is of the grammar; vertices and edges are those of the graph."""
    graph = graph_of(node(names))
    found = [DOT_LINE.fullmatch(one.strip()) for one in as_dot(graph).splitlines()]
    lines = [match for match in found if match]
    assert len(lines) == len(found)
    labels = {m["id"]: read_dot(m["label"]) for m in lines if m["id"]}
    assert labels == {
        one.id: f"{one.name} {one.note}" if one.note else one.name
        for one in graph.vertices
    }
    edges = [(m["begin"], m["end"]) for m in lines if m["begin"]]
    assert edges == [(edge.begin, edge.end) for edge in graph.edges]


@pytest.mark.skipif(not shutil.which("dot"), reason="needs Graphviz")
def test_graphviz_draws_it() -> None:
    """Graphviz takes it without a word, hostile names and all."""
    text = as_dot(graph_of(node(list(HOSTILE))))
    done = subprocess.run(
        ["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


MERMAID_STRING = r'"(?:[A-Za-z0-9 ._:/-]|#\d+;)*"'
MERMAID_LINE = re.compile(
    rf"flowchart LR|end|subgraph group\d+\[{MERMAID_STRING}\]"
    rf"|(?P<id>[a-z]+\d+)(?:\[\[|\[)(?P<label>{MERMAID_STRING})(?:\]\]|\])"
    rf"|(?P<begin>[a-z]+\d+) ---(?:\|{MERMAID_STRING}\|)? (?P<end>[a-z]+\d+)"
)


@given(st.lists(NAMES, max_size=6))
def test_mermaid_says_all_and_no_more(names: list[str]) -> None:
    """Each line is of the grammar; ids are our own, and labels hold the names."""
    graph = graph_of(node(names))
    found = [MERMAID_LINE.fullmatch(o.strip()) for o in as_mermaid(graph).splitlines()]
    lines = [match for match in found if match]
    assert len(lines) == len(found)
    labels = {
        m["id"]: re.sub(r"#(\d+);", lambda c: chr(int(c[1])), m["label"][1:-1])
        for m in lines
        if m["id"]
    }
    assert labels == {
        v.id: f"{v.name} ({v.note})" if v.note else v.name for v in graph.vertices
    }
    edges = [(m["begin"], m["end"]) for m in lines if m["begin"]]
    assert edges == [(edge.begin, edge.end) for edge in graph.edges]


def test_the_text_is_a_tree_for_each_bridge() -> None:
    """Bridges with their ways out and ports, pods behind these; then the rest."""
    assert as_text(graph_of(node(["web"]))).splitlines() == [
        "br0 (ovs)",
        "  → to-ex (patch)",
        "      → to-int of br-ex",
        "  → one (geneve)",
        "      → 192.0.2.7",
        "  → two (geneve)",
        "  ← 1web (ofport 1, system)",
        "      ← eth0 of shop/web (10.128.0.1)",
        "br-ex (ovs)",
        "  → to-int (patch)",
        "the node's own network",
        "  ← kube-system/agent",
        "without a link on the node",
        "  box",
    ]


def test_an_empty_node_is_said_to_be_so() -> None:
    """Nothing is no empty answer."""
    assert as_text(graph_of(NodeModel())) == "nothing is there\n"


def test_json_has_the_same() -> None:
    """Every vertex and edge, with null for what there is not."""
    graph = graph_of(node(["web"]))
    said = graph_json(graph)
    assert len(said["vertices"]) == len(graph.vertices)
    assert said["edges"][0] == {"begin": "link4", "end": "bridge3", "label": None}
