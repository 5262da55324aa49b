"""What tells two models apart, and what does not."""

from __future__ import annotations

from dataclasses import replace

from builders import link
from soak.compare import comparable, differences, interpreters_words

from ocnetview.facts import Counters, Netns, Source, SourceState
from ocnetview.model import Bridge, BridgeKind, NodeModel, Pod, PodKind, Port

PORTS = tuple(
    Port("br0", BridgeKind.OVS, name, "", ofport=number)
    for number, name in enumerate(("veth1", "veth2"))
)
MODEL = NodeModel(
    bridges=(Bridge("br0", BridgeKind.OVS, PORTS),),
    pods=(Pod("uid-1", PodKind.POD, "web", netns=Netns(4, 11)),),
    sources=(Source("ovsdb", SourceState.UP),),
    at=1.0,
)


def told(other: NodeModel) -> list[str]:
    """Return what tells another model from ours."""
    return list(differences(comparable(MODEL), comparable(other)))


def test_a_model_equals_itself() -> None:
    """Nothing tells it from itself."""
    assert told(MODEL) == []


def test_what_moves_tells_nothing() -> None:
    """Counters, rates, ages and moments are other in every reading."""
    counters = Counters(1, 2, 3, 4, 5, 6, 7, 8)
    ports = tuple(replace(port, counters=counters) for port in PORTS)
    other = replace(
        MODEL,
        at=2.0,
        bridges=(replace(MODEL.bridges[0], ports=ports),),
        pods=(replace(MODEL.pods[0], age=7),),
        sources=(replace(MODEL.sources[0], age=15, resyncs=3),),
    )
    assert told(other) == []


def test_a_value_is_told_with_its_place() -> None:
    """One that is other stands beside ours, after the way that leads to it."""
    pod = replace(MODEL.pods[0], netns=Netns(4, 12))
    (line,) = told(replace(MODEL, pods=(pod,)))
    assert line == "pods[uid-1].netns: net:[11] | net:[12]"


def test_a_link_is_told_by_its_index() -> None:
    """Of links, which are tuples with names, only what is other is told."""
    links = tuple(link(number, f"veth{number}") for number in (7, 8))
    one = replace(MODEL, links=links)
    other = replace(MODEL, links=(links[0], link(8, "veth9")))
    (line,) = differences(comparable(one), comparable(other))
    assert line == "links[8].name: veth8 | veth9"


def test_a_missing_row_is_one_line() -> None:
    """A port that one of the two lacks is told once, not in each of its parts."""
    (line,) = told(
        replace(MODEL, bridges=(replace(MODEL.bridges[0], ports=PORTS[:1]),))
    )
    assert line.startswith("bridges[br0].ports[veth2]: {")
    assert line.endswith("| nothing")


def test_the_order_of_rows_tells() -> None:
    """Rows in other places are a difference of their own."""
    bridge = replace(MODEL.bridges[0], ports=PORTS[::-1])
    (line,) = told(replace(MODEL, bridges=(bridge,)))
    assert "in another order: ['veth1', 'veth2'] | ['veth2', 'veth1']" in line


def test_a_source_that_is_down_tells() -> None:
    """How a source fares is no part of what moves."""
    source = replace(MODEL.sources[0], state=SourceState.DOWN, reason="gone")
    assert len(told(replace(MODEL, sources=(source,)))) == 2


def test_words_of_the_interpreter_are_found() -> None:
    """A traceback, or an error's name, is found among what users read."""
    text = (
        "all is well\nTypeError: 'int' object\n  an Error of the port\nTraceback (most"
    )
    assert interpreters_words(text) == ["TypeError: 'int' object", "Traceback (most"]
