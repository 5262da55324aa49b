"""What commands printed in a lab of our own, put through our parsers and matches.

An OpenShift-SDN-shaped br0 with two pods and two ports whose devices are gone, as four
commands print OVSDB and `ip` the node's links; links whose indexes collide; a macvlan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builders import HOST, netns
from cluster import Cluster
from printed import read_json, read_links, read_list, read_show, read_table, rows_of

from ocnetview.facts import OvsFacts
from ocnetview.match.claims_ovs import read_row
from ocnetview.model import EvidenceKind, PortRole, Relation

LAB = Path(__file__).parent / "recordings" / "lab"
POD_A = "1f2e3d4c5b6a79880102030405060708090a0b0c0d0e0f101112131415161718"
POD_B = "a1b2c3d4e5f60718293a4b5c6d7e8f90112233445566778899aabbccddeeff00"
ROWS = {
    # Name, and ofport, sandbox and address.
    "br0": (65534, "", ()),
    "tun0": (2, "", ()),
    "veth26a1676a": (3, POD_A, ("10.129.0.5",)),
    "vethdeadbeef": (-1, "ffff" + POD_A[4:], ("10.129.0.7",)),
    "vethe6e4f872": (4, POD_B, ("10.129.0.6",)),
    "vethgone1": (5, "eeee" + POD_A[4:], ("10.129.0.8",)),
    "vxlan0": (1, "", ()),
}


def lab(name: str) -> str:
    """Return what was printed."""
    return (LAB / name).read_text()


FORMS: tuple[tuple[str, Callable[[str], OvsFacts]], ...] = (
    ("list-interface.txt", read_list),
    ("list-interface.json", read_json),
    ("ovsdb-client-dump.txt", read_table),
)


@pytest.mark.parametrize(("name", "read"), FORMS)
def test_every_form_of_a_row_says_the_same(
    name: str, read: Callable[[str], OvsFacts]
) -> None:
    """L2, L3, L4: ids that look like numbers, or like words, are texts in all."""
    rows = rows_of(read(lab(name)))
    said = {row.name: (row, read_row(row)) for row in rows}
    assert {
        name: (row.ofport, ids.sandbox, ids.addresses)
        for name, (row, ids) in said.items()
    } == ROWS
    assert said["vethdeadbeef"][0].error.endswith("vethdeadbeef (No such device)")
    assert said["vxlan0"][0].options["remote_ip"] == "flow"


def test_a_show_says_as_much_as_it_has() -> None:
    """L1: names, types, options and errors are those of the rows."""
    shown = rows_of(read_show(lab("ovs-vsctl-show.txt")))
    listed = rows_of(read_json(lab("list-interface.json")))
    assert shown == tuple(
        replace(
            row,
            **dict.fromkeys(("ofport", "ifindex", "mtu")),  # type: ignore[arg-type]
            **dict.fromkeys(("mac", "admin_state", "link_state"), ""),  # type: ignore[arg-type]
            external_ids={},
        )
        for row in listed
    )


def test_each_port_of_the_lab_is_what_it_is() -> None:
    """L3, L9: two pods by kernel and sandbox, two stale ports, the node's own."""
    node = Cluster(more=[read_json(lab("list-interface.json"))])
    node.unread = {1: "not looked into", 2: "not looked into"}
    spaces = {"podA": netns(1), "podB": netns(2)}
    node.links += read_links(lab("ip-d-link.txt"), HOST, spaces)
    node.pod(1, "a", sid=POD_A)
    node.pod(2, "b", sid=POD_B)
    model = node.model()
    ports = {port.name: port for port in model.ports_by_key.values()}
    assert {name: (port.role, port.ofport) for name, port in ports.items()} == {
        "br0": (PortRole.LOCAL, 65534),
        "tun0": (PortRole.OTHER, 2),  # without its address
        "veth26a1676a": (PortRole.POD, 3),
        "vethdeadbeef": (PortRole.STALE, -1),
        "vethe6e4f872": (PortRole.POD, 4),
        "vethgone1": (PortRole.STALE, 5),
        "vxlan0": (PortRole.TUNNEL, 1),
    }
    assert ports["vethgone1"].purpose == "device is gone; was of sandbox eeee3d4c5b6a7"
    found = {}
    for pod in model.pods:
        (one,) = pod.interfaces
        assert one.host
        assert not one.disputed
        kinds = [piece.kind for piece in one.evidence]
        assert kinds == [EvidenceKind.KERNEL_ONE, EvidenceKind.OVS]
        found[pod.name] = (one.host.name, one.port)
    assert found == {
        "a": ("veth26a1676a", "br0/veth26a1676a"),
        "b": ("vethe6e4f872", "br0/vethe6e4f872"),
    }


def test_equal_indexes_lead_to_the_right_pods() -> None:
    """L10: eth0@if2, eth0@if3 and eth0@if77, each peer's index is another's own."""
    text = lab("ip-link-collision.txt")
    at = {"podA": 1, "podB": 2, "podC": 3, "podD": 4}
    spaces = {name: netns(number) for name, number in at.items()}
    node = Cluster()
    sections = text.split("## ")
    node.links += read_links(sections[1], HOST, spaces)
    node.links += read_links(sections[2], netns(1), {"0": HOST})
    node.links += read_links(sections[3], netns(2), {"0": HOST})
    node.links += read_links(sections[5], HOST, spaces)
    outer, inner = read_links(sections[6], HOST, {"podD": netns(4)})
    node.links += [outer, inner._replace(netns=netns(4), peer_netns=HOST, nsid=0)]
    # What the lab did not print: podC's own.
    one = inner._replace(netns=netns(3), peer_netns=HOST, nsid=0, peer_index=4)
    node.links.append(one)
    found = {}
    for name, number in at.items():
        node.pod(number, name)
        one_of = node.interface(name, "eth0")
        assert one_of.proof
        assert one_of.proof.kind is EvidenceKind.KERNEL
        found[name] = one_of.host and one_of.host.name
    assert found == {"podA": "vethA", "podB": "vethB", "podC": "vethC", "podD": "vethD"}


def test_a_macvlan_is_not_taken_for_a_veths_end() -> None:
    """L14: the @if3 of eth0 is what it sits on, and only its kind tells."""
    (eth0,) = read_links(lab("ip-link-macvlan.txt"), netns(1), {"0": HOST})
    assert (eth0.kind, eth0.peer_index) == ("macvlan", 3)
    node = Cluster(links=[eth0])
    node.lone(0, 3, "v0", kind="veth", peer_index=4, nsid=1, peer_netns=netns(1))
    node.row("v0")
    node.pod(1)
    one = node.interface("pod1", "eth0")
    assert (one.host, one.port) == (None, "")
    assert one.counterpart
    assert one.counterpart.link
    assert (one.counterpart.relation, one.counterpart.link.name) == (
        Relation.PARENT,
        "v0",
    )
