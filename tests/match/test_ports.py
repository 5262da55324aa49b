"""Bridge ports <-> host links."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import link, ovs
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import (
    Link,
    OperState,
    OvsBridge,
    OvsFacts,
    OvsInterface,
    OvsPort,
)
from ocnetview.match.ports import link_state, match_ports


def test_a_port_finds_its_link_by_name() -> None:
    """OVS names a system port after its netdev."""
    veth = link(7, "vethA", kind="veth")
    (bridge,) = match_ports([ovs(OvsInterface("vethA", ofport=3, ifindex=7))], [veth])
    assert bridge.ports[0].link == veth
    assert bridge.ports[0].state == "up"


def test_a_port_without_a_device_is_kept_and_says_so() -> None:
    """A leaked port is shown as having no device, with OVS's own words."""
    text = "could not open network device gone (No such device)"
    facts = ovs(OvsInterface("gone", ofport=-1, error=text))
    ((port,),) = (bridge.ports for bridge in match_ports([facts], []))
    assert (port.state, port.error, port.link) == ("no device", text, None)


def test_a_vanished_device_shows_before_ovs_notices() -> None:
    """Right after the link is gone OVS's row keeps its ofport and no error."""
    facts = ovs(OvsInterface("gone", ofport=5, ifindex=0))
    ((port,),) = (bridge.ports for bridge in match_ports([facts], []))
    assert (port.state, port.error) == ("no device", "no such device in the kernel")


def test_nothing_is_stale_while_the_kernel_was_not_heard() -> None:
    """Without links no healthy port may be called one without a device."""
    healthy, failed = OvsInterface("a", ofport=3), OvsInterface("b", ofport=-1)
    (bridge,) = match_ports([ovs(healthy, failed)], None)
    assert [port.state for port in bridge.ports] == ["", "no device"]


@pytest.mark.parametrize(
    ("kind", "stale"),
    [
        ("system", True),
        ("internal", True),
        ("tap", True),
        ("vxlan", False),
        ("geneve", False),
        ("patch", False),
        ("dpdk", False),
    ],
)
def test_which_ports_need_a_device_of_their_name(
    kind: str,
    stale: bool,  # noqa: FBT001 - a case's column
) -> None:
    """Tunnels and patches live inside vswitchd and have no netdev to miss."""
    (bridge,) = match_ports([ovs(OvsInterface("x", kind, ofport=2))], [])
    assert (bridge.ports[0].state == "no device") is stale


def test_an_internal_device_may_live_in_another_namespace() -> None:
    """It has no link on the host, but OVS sees it up: that is no leak."""
    row = OvsInterface("qr-1", "internal", ofport=4, link_state="up")
    (bridge,) = match_ports([ovs(row)], [])
    assert (bridge.ports[0].state, bridge.ports[0].error) == ("up", "")


def test_another_device_under_the_same_name_is_told() -> None:
    """A device made anew has another ifindex than OVS holds: that is an error."""
    facts = ovs(OvsInterface("vethA", ofport=3, ifindex=7))
    (bridge,) = match_ports([facts], [link(9, "vethA")])
    assert bridge.ports[0].error == "OVS holds ifindex 7, not 9"


def test_the_one_vxlan_port_has_the_tunnel_devices_link() -> None:
    """A single tunnel's counters are those of vxlan_sys_4789; two share them."""
    device = link(9, "vxlan_sys_4789", kind="vxlan")
    one = OvsInterface("vxlan0", "vxlan", ofport=1, options={"remote_ip": "flow"})
    two = replace(one, name="vxlan1", ofport=2)
    (bridge,) = match_ports([ovs(one)], [device])
    assert bridge.ports[0].link == device
    (bridge,) = match_ports([ovs(one, two)], [device])
    assert [port.link for port in bridge.ports] == [None, None]


def test_a_bond_is_one_row_an_interface() -> None:
    """A port with two interfaces is two rows, each with its own link."""
    bond = OvsPort("bond0", tag=7, interfaces=(OvsInterface("a"), OvsInterface("b")))
    facts = OvsFacts((OvsBridge("br-ex", ports=(bond,)),))
    (bridge,) = match_ports([facts], [link(2, "a"), link(3, "b")])
    assert [(p.name, p.tag) for p in bridge.ports] == [("a", 7), ("b", 7)]


def test_a_linux_bridge_carries_the_links_it_masters() -> None:
    """Ports of a kernel bridge are the links whose master it is."""
    bridge = link(3, "docker0", kind="bridge")
    links = [
        link(5, "v5", kind="veth", master=3, pvid=30),
        bridge,
        link(6, "v6", master=4),
    ]
    (found,) = match_ports([], links)
    assert (found.name, found.kind) == ("docker0", "linux")
    assert [(p.name, p.type, p.tag) for p in found.ports] == [("v5", "veth", 30)]


def test_ports_stand_in_openflow_order_failed_ones_last() -> None:
    """1, 2, 10 and then what has no number."""
    facts = ovs(
        *(OvsInterface(f"p{n}", "internal", ofport=n) for n in (10, 2, -1, 1)),
        OvsInterface("unset", "internal"),
    )
    (bridge,) = match_ports([facts], [])
    assert [p.ofport for p in bridge.ports] == [1, 2, 10, -1, None]


@pytest.mark.parametrize(
    ("up", "operstate", "shown"),
    [
        (False, OperState.DOWN, "down"),
        (True, OperState.UNKNOWN, "up"),
        (True, OperState.LOWERLAYERDOWN, "lowerlayerdown"),
        (True, OperState.UP, "up"),
    ],
)
def test_a_links_state_in_a_word(
    up: bool,  # noqa: FBT001 - a case's column
    operstate: OperState,
    shown: str,
) -> None:
    """Administratively down wins; `unknown` is what virtual devices always say."""
    assert link_state(link(1, "x")._replace(up=up, operstate=operstate)) == shown


names = st.text("abc", min_size=1, max_size=2)
interfaces = st.builds(
    OvsInterface,
    names,
    st.sampled_from(["", "internal", "vxlan", "patch"]),
    st.none() | st.integers(-1, 5),
)
links = st.builds(
    lambda index, name: Link(link(1, "x").netns, index, name),
    st.integers(1, 9),
    names,
)


@given(
    st.lists(interfaces, unique_by=lambda i: i.name),
    st.lists(links, unique_by=lambda one: one.name),
    st.randoms(),
)
def test_no_port_is_lost_or_invented(
    rows: list[OvsInterface], known: list[Link], random: object
) -> None:
    """Every interface is one port, and input order does not matter."""
    (bridge,) = match_ports([ovs(*rows)], known)
    assert sorted(p.name for p in bridge.ports) == sorted(i.name for i in rows)
    assert all(p.link is None or p.link in known for p in bridge.ports)
    random.shuffle(rows)  # type: ignore[attr-defined]
    random.shuffle(known)  # type: ignore[attr-defined]
    assert match_ports([ovs(*rows)], known) == (bridge,)
