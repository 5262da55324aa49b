"""The evidence of a pod, by the links of its way."""

from __future__ import annotations

from details.test_pod import POD, model

from ocnetview.details.evidence import evidence_detail
from ocnetview.details.pod import pod_detail
from ocnetview.model import Bridge, BridgeKind, Port
from ocnetview.records import changed


def test_it_is_told_from_inside_out() -> None:
    """The containers, the namespace, then each interface with what it leads to."""
    ports = (Port("br0", BridgeKind.OVS, "vethA", "system", 3),)
    node = changed(model(POD), bridges=(Bridge("br0", BridgeKind.OVS, ports),))
    sections = {part.title: part for part in evidence_detail(node, POD)}
    assert list(sections) == [
        "pod shop/web",
        "containers → pod",
        "pod → network namespace",
        "eth0 → vethA (peer) → port of br0",
    ]
    joined = [line.label for line in sections["containers → pod"].lines]
    assert joined == ["nginx", "known from", "joined", "sandbox", "earlier", "≠"]


def test_nothing_of_the_pod_is_left_out() -> None:
    """Each line of the pod's own detail is there once, but the way as a line."""
    node = model(POD)
    every = [line for part in pod_detail(node, POD) for line in part.lines]
    found = [line for part in evidence_detail(node, POD) for line in part.lines]
    assert sorted(map(str, found)) == sorted(
        str(line) for line in every if line.label != "path"
    )
