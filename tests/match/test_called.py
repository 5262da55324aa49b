"""Addresses, and who is told to have them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import (
    container,
    docker,
    kubelet_name,
    link,
    link_facts,
    netns,
    ovs,
    sample,
    veth,
)
from packets import captured, ethernet, ipv4, tcp, udp, vxlan

from ocnetview.build import build_model
from ocnetview.facts import OvsInterface
from ocnetview.facts.cluster import NodesFacts, OtherNode
from ocnetview.facts.packets import CaptureOrder, Spot
from ocnetview.match.called import Names
from ocnetview.match.packets.rows import PacketRows
from ocnetview.match.packets.tunnels import VXLAN_PORTS, vxlan_ports
from ocnetview.match.two_places.orders import compared, comparing
from ocnetview.model import NodeModel
from ocnetview.model.packets import Became
from ocnetview.records import changed

_OTHERS = NodesFacts(
    "kube",
    0.0,
    (
        OtherNode("node-2", ("192.0.2.6",), ("10.129.0.0/23", "no network")),
        OtherNode("node-3", ("192.0.2.7",)),
    ),
)


@pytest.fixture
def model() -> NodeModel:
    """Return a node with two pods, its uplink and the gateway of its bridge."""
    web, web_inner = veth(7, 12, "vethA")
    db, db_inner = veth(9, 14, "vethB")
    return build_model(
        sample(
            link_facts(
                [
                    web,
                    db,
                    link(
                        2,
                        "ens3",
                        addresses=("192.0.2.5/24", "fd00::5/64"),
                        mac="52:54:00:00:00:05",
                    ),
                    link(4, "tun0", addresses=("10.128.0.1/23",), kind="openvswitch"),
                ],
                [web_inner, db_inner],
            ),
            ovs(
                OvsInterface("vethA", ofport=3),
                OvsInterface("vethB", ofport=4),
                OvsInterface("tun0", "internal", ofport=2),
                OvsInterface("vx", "vxlan", ofport=1, options={"dst_port": "4790"}),
            ),
            docker(
                container(7, kubelet_name("POD", "web", "shop", "u7")),
                container(8, kubelet_name("app", "web", "shop", "u7"), netns=netns(7)),
                container(9, kubelet_name("POD", "db", "shop", "u9")),
                container(10, kubelet_name("app", "db", "shop", "u9"), netns=netns(9)),
            ),
        )
    )


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("10.128.0.7", "shop/web"),
        ("0a:58:0a:80:00:09", "shop/db"),
        ("192.0.2.5", "node"),
        ("fd00::5", "node"),
        ("52:54:00:00:00:05", "node"),
        ("10.128.0.1", "tun0"),
        ("192.0.2.6", "node-2"),
        ("ff:ff:ff:ff:ff:ff", "everyone"),
        ("127.0.0.1", ""),
        ("fe80::1", ""),
        ("198.51.100.1", ""),
        ("", ""),
    ],
)
def test_who_has_an_address(model: NodeModel, address: str, who: str) -> None:
    """This node's own before what the cluster says; what all have names nobody."""
    assert Names(model, _OTHERS).of(address) == who


@pytest.mark.parametrize(
    ("address", "port", "side"),
    [
        ("10.128.0.7", 8080, "shop/web:8080"),
        ("10.128.0.7", None, "shop/web"),
        ("198.51.100.1", 80, "198.51.100.1:80"),
        ("fd00::9", 80, "[fd00::9]:80"),
        ("10.129.1.7", 80, "10.129.1.7:80 on node-2"),
        ("", None, ""),
    ],
)
def test_one_end_of_a_packet(
    model: NodeModel, address: str, port: int | None, side: str
) -> None:
    """A name where one is known, else the address, and the node that it is on."""
    assert Names(model, _OTHERS).side(address, port) == side


def test_an_address_that_several_have_is_said_with_all_of_them(
    model: NodeModel,
) -> None:
    """Networks of their own may give the same address to different pods."""
    web, db = model.pods
    (interface,) = web.interfaces
    assert interface.link
    there = changed(interface, link=interface.link._replace(netns=netns(9)))
    twin = changed(db, interfaces=(there,))
    names = Names(replace(model, pods=(web, twin)))
    address = interface.link.addresses[0].partition("/")[0]
    both = f"{web.title} or {db.title}"
    assert names.of(address) == both
    assert names.side(address, 80) == f"{address}:80 ({both})"


def test_an_address_that_only_a_source_says_gives_way(model: NodeModel) -> None:
    """A pod that ended is still listed with the address that another one has now."""
    db, web = model.pods
    ended = changed(db, interfaces=(), netns=None, addresses=("10.128.0.7",))
    names = Names(replace(model, pods=(ended, web)))
    assert names.of("10.128.0.7") == "shop/web"
    assert Names(replace(model, pods=(ended,))).of("10.128.0.7") == "shop/db"


def test_a_pod_of_the_nodes_network_does_not_take_its_name(model: NodeModel) -> None:
    """The node's addresses stay the node's, whatever pods use them."""
    web, _ = model.pods
    hosted = changed(web, host_network=True, addresses=("192.0.2.5",))
    assert Names(replace(model, pods=(hosted,))).of("192.0.2.5") == "node"


def test_a_pods_addresses_are_found_by_its_key(model: NodeModel) -> None:
    """Without prefix lengths, as packets have them."""
    web = next(pod for pod in model.pods if pod.name == "web")
    assert Names(model).addresses(web.key) == ("10.128.0.7", "fe80::1")
    assert Names(model).addresses("nobody") == ()


def test_the_ports_of_vxlan_are_those_that_the_switch_uses(model: NodeModel) -> None:
    """An option of Open vSwitch adds to the usual ones."""
    assert vxlan_ports(model) == VXLAN_PORTS | {4790}


def test_rows_have_names_numbers_and_times(model: NodeModel) -> None:
    """Of what a tunnel carries the ends are those inside, as at the pod's own link."""
    frame = ethernet(ipv4(tcp(), 6, "10.128.0.7", "10.128.0.9"))
    rows = PacketRows([Spot("vethA"), Spot("vx")], Names(model))
    first = rows.row(captured(frame, 1_000))
    second = rows.row(captured(vxlan(frame, port=4790), 3_500, spot=1))
    for row in (first, second):
        assert (row.origin, row.target) == ("shop/web:40000", "shop/db:8080")
    assert [(r.number, r.since, r.spot) for r in (first, second)] == [
        (0, 0, "vethA"),
        (1, 2_500, "vx"),
    ]
    assert second.key == "1"


def test_one_place_is_not_told_at_each_packet(model: NodeModel) -> None:
    """Where packets have one place only, its name says nothing."""
    row = PacketRows([Spot("vethA")], Names(model)).row(captured(b""))
    assert row.spot == ""


def test_two_places_are_compared_with_all_that_the_node_knows(
    model: NodeModel,
) -> None:
    """Its pods' addresses, its own, and the ports of its tunnels."""
    web = next(pod for pod in model.pods if pod.name == "web")
    spots = (Spot("vethA", owner=web.title, owner_key=web.key), Spot("vx"))
    compare = comparing(compared(CaptureOrder(spots), Names(model)))
    away, near, own = (
        ethernet(ipv4(udp(b"x"), 17, "10.128.0.7", target))
        for target in ("10.129.0.9", "10.128.0.9", "10.128.0.1")
    )
    compare.take([captured(one, 1) for one in (away, near, own)])
    compare.take([captured(vxlan(away, port=4790), 2, 1)])
    found = {one.number: one.fate for one in compare.end(10**10)}
    assert [found[n].became for n in range(4)] == [
        Became.SEEN,
        Became.UNKNOWN,
        Became.UNKNOWN,
        Became.SEEN,
    ]


def test_the_gateway_is_where_packets_to_the_node_pass(model: NodeModel) -> None:
    """A packet to the node's own address is not missed at its tunnel, but there."""
    names = Names(model)
    assert {"10.128.0.1", "192.0.2.5", "10.128.0.9"} <= names.not_by("vx")
    assert "10.128.0.1" not in names.not_by("tun0")
    assert "10.128.0.9" in names.not_by("tun0")
