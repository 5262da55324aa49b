"""What the detail of a port says."""

from __future__ import annotations

from dataclasses import replace

from builders import link
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.details.port import port_detail
from ocnetview.details.section import Section, as_text
from ocnetview.facts import Counters, OvsInterface
from ocnetview.model import (
    Bridge,
    BridgeKind,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
    Rate,
)

ROW = OvsInterface(
    "vethA",
    ofport=3,
    ifindex=12,
    external_ids={"sandbox": "ab", "ip": "10.128.0.7"},
    options={"peer": "x"},
)
PORT = Port(
    "br0",
    BridgeKind.OVS,
    "vethA",
    "system",
    3,
    tag=7,
    role=PortRole.POD,
    purpose="shop/web",
    link=link(12, "vethA", kind="veth", mtu=1450, peer_index=2),
    pod="u7",
    state="up",
    rate=Rate(1000, 2000, 10, 20),
    counters=Counters(11, 22, 3300, 4400, 1, 0, 5, 6),
    ovs=ROW,
)
NODE = NodeModel(
    bridges=(Bridge("br0", BridgeKind.OVS, (PORT,), fail_mode="secure"),),
    pods=(Pod("u7", PodKind.POD, "web", "shop"),),
)


def said(port: Port) -> dict[str, Section]:
    """Return the sections by their titles."""
    return {part.title: part for part in port_detail(NODE, port)}


def test_everything_about_a_port_is_said() -> None:
    """Its bridge, its pod, its link, OVSDB's columns and maps."""
    parts = said(PORT)
    own = {line.label: line.text for line in parts["port vethA"].lines}
    assert own["bridge"] == "br0, ovs bridge, fail_mode secure"
    assert (own["ofport"], own["VLAN"], own["pod"]) == ("3", "7", "shop/web")
    assert own["role"] == "pod: shop/web"
    assert "ifindex 12" in parts["link"].lines[0].text
    ids = [(line.label, line.text) for line in parts["external_ids"].lines]
    assert ids == [("ip", "10.128.0.7"), ("sandbox", "ab")]
    assert [line.label for line in parts["options"].lines] == ["peer"]


def test_what_went_through_is_a_table() -> None:
    """Totals and rates, both ways; without a second reading no rates."""
    table = said(PORT)["traffic"].table
    assert table
    assert table.rows == (
        ("received", "3.3k", "1.0k", "11", "10", "1", "5"),
        ("sent", "4.4k", "2.0k", "22", "20", "0", "6"),
    )
    table = said(replace(PORT, rate=None))["traffic"].table
    assert table
    assert table.rows[0] == ("received", "3.3k", "", "11", "", "1", "5")


def test_what_is_wrong_is_bad() -> None:
    """The error, a state that says so, an ofport that failed."""
    row = replace(ROW, ofport=-1, error="no such device")
    port = replace(PORT, state="no device", error="no such device", ovs=row)
    bad = [
        line.label
        for part in port_detail(NODE, port)
        for line in part.lines
        if line.bad
    ]
    assert bad == ["state", "error", "ofport", "error"]


@given(st.text())
def test_nothing_acts_on_a_terminal(text: str) -> None:
    """Whatever names, columns and maps hold, the lines are safe to print."""
    row = replace(ROW, error=text, external_ids={text: text}, options={text: text})
    port = replace(PORT, name=text, purpose=text, error=text, ovs=row)
    shown = as_text(port_detail(NODE, port))
    assert all(c.isprintable() or c == "\n" for c in shown)
