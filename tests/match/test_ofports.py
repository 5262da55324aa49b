"""Numbers of ports become names where a port is meant, and nowhere else."""

from __future__ import annotations

import pytest

from ocnetview.match.ofports import (
    ofport_of,
    ofport_text,
    port_names,
    port_spans,
    written,
)
from ocnetview.model import Bridge, BridgeKind, NodeModel, Pod, PodKind, Port

NAMES = {1: "vxlan0", 5: "shop/web", 65534: "br0"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ip,in_port=5,nw_src=10.0.0.5", "ip,in_port=shop/web,nw_src=10.0.0.5"),
        ("in_port=LOCAL", "in_port=br0"),
        ("output:5,output:50", "output:shop/web,output:50"),
        ("reg0=0x5 actions=output:1", "reg0=0x5 actions=output:vxlan0"),
        ("output:NXM_NX_REG2[]", "output:NXM_NX_REG2[]"),
        ("output(port=5,max_len=60)", "output(port=shop/web,max_len=60)"),
        ("resubmit(5,3),resubmit(,5)", "resubmit(shop/web,3),resubmit(,5)"),
        ("tun_in_port=5", "tun_in_port=5"),
        ("load:0x5->NXM_NX_REG2[]", "load:0x5->NXM_NX_REG2[]"),
        ("in_port=7", "in_port=7"),
    ],
)
def test_ports_are_named(text: str, named: str) -> None:
    """What no port has stays a number, and so does what is no port."""
    assert written(text, port_spans(text, NAMES)) == named


def test_a_port_in_a_register_is_named_where_it_is_one() -> None:
    """OpenShift SDN's table 70 loads it, in either notation."""
    text = "load:0x3->NXM_NX_REG1[],load:0x5->NXM_NX_REG2[],set_field:0x1->reg2"
    assert written(text, port_spans(text, NAMES, loaded=True)) == (
        "load:0x3->NXM_NX_REG1[],load:shop/web->NXM_NX_REG2[],set_field:vxlan0->reg2"
    )


def test_a_name_that_looks_like_a_match_is_no_match() -> None:
    """A name is put in once, and not looked at again."""
    spans = port_spans("in_port=5", {5: "in_port=1", 1: "x"})
    assert written("in_port=5", spans) == "in_port=in_port=1"


def test_names_come_from_the_database_not_from_openflow() -> None:
    """Two ports that OpenFlow would cut to the same name keep theirs."""
    long = "patch-br-ex_ip-10-0-1-to-br-int"
    ports = (
        Port("br0", BridgeKind.OVS, long, "patch", 3),
        Port("br0", BridgeKind.OVS, f"{long}2", "patch", 4),
        Port("br0", BridgeKind.OVS, "veth1", "system", 5, pod="u1"),
        Port("br0", BridgeKind.OVS, "gone", "system", -1),
    )
    pod = Pod("u1", PodKind.POD, "web", "shop")
    model = NodeModel((Bridge("br0", BridgeKind.OVS, ports),), (pod,))
    named = port_names(model, "br0")
    assert named == {3: long, 4: f"{long}2", 5: "shop/web"}
    assert port_names(model, "br1") == {}


@pytest.mark.parametrize(("text", "number"), [("5", 5), ("0x5", 5), ("LOCAL", 65534)])
def test_a_number_is_written_in_three_ways(text: str, number: int) -> None:
    """Decimal, hexadecimal, and the bridge's own port by its name."""
    assert ofport_of(text) == number
    assert ofport_of(ofport_text(number)) == number


def test_what_is_no_number_is_no_port() -> None:
    """A register's name stands for none."""
    assert ofport_of("NXM_NX_REG2[]") is None
