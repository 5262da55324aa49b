"""rtnetlink payloads -> links, addresses, counters."""

from __future__ import annotations

import socket
import struct

import pytest

from ocnetview.collectors.addresses import (
    IFA_ADDRESS,
    IFA_LOCAL,
    IFA_TARGET_NETNSID,
    decode_addresses,
)
from ocnetview.collectors.attributes import attribute, number
from ocnetview.collectors.decode import (
    IFLA_ADDRESS,
    IFLA_ALT_IFNAME,
    IFLA_IFNAME,
    IFLA_LINK,
    IFLA_LINK_NETNSID,
    IFLA_LINKINFO,
    IFLA_OPERSTATE,
    IFLA_PARENT_DEV_NAME,
    IFLA_PHYS_PORT_NAME,
    IFLA_PHYS_SWITCH_ID,
    IFLA_PROP_LIST,
    decode_counters,
    decode_link,
    decode_link_counters,
    decode_pvids,
)
from ocnetview.facts import Counters, OperState


def link_body(*attributes: bytes, index: int = 7, flags: int = 1) -> bytes:
    """Return an RTM_NEWLINK payload."""
    fixed = struct.pack("=BxHiII", 0, 1, index, flags, 0)
    return fixed + b"".join(attributes)


def kind(name: str) -> bytes:
    """Return IFLA_LINKINFO with a kind."""
    return attribute(IFLA_LINKINFO, attribute(1, name.encode() + b"\0"))


def test_a_link_is_read_whole() -> None:
    """Attributes are found wherever they stand in the message."""
    link = decode_link(
        link_body(
            attribute(IFLA_IFNAME, b"veth0\0"),
            number(IFLA_LINK_NETNSID, 5),
            attribute(IFLA_ADDRESS, bytes.fromhex("0a580a800007")),
            attribute(IFLA_OPERSTATE, b"\x06"),
            kind("veth"),
            number(IFLA_LINK, 3),
        )
    )
    assert (link.ifindex, link.name, link.kind) == (7, "veth0", "veth")
    assert (link.peer_index, link.nsid, link.up) == (3, 5, True)
    assert (link.mac, link.operstate) == ("0a:58:0a:80:00:07", OperState.UP)


def test_an_old_kernel_leaves_out_a_peer_of_equal_index() -> None:
    """A veth with an id but no IFLA_LINK has its peer under its own index."""
    link = decode_link(link_body(number(IFLA_LINK_NETNSID, 5), kind("veth")))
    assert link.peer_index == 7


def test_that_holds_for_pairs_only() -> None:
    """A tunnel moved to another namespace has an id and no lower link at all."""
    link = decode_link(link_body(number(IFLA_LINK_NETNSID, 5), kind("vxlan")))
    assert link.peer_index is None


def test_a_vlan_has_its_number() -> None:
    """IFLA_VLAN_ID is read of kind vlan alone: other kinds use type 1 for their own."""
    for name, expected in (("vlan", 4094), ("vxlan", None)):
        data = attribute(1, name.encode() + b"\0")
        data += attribute(2, attribute(1, struct.pack("=H", 4094)))
        body = link_body(attribute(IFLA_LINKINFO, data))
        assert decode_link(body).vlan == expected


def test_further_names_are_all_read() -> None:
    """IFLA_PROP_LIST is nested (NLA_F_NESTED) and has one IFLA_ALT_IFNAME a name."""
    names = [b"enp3s0\0", b"\x1b[1m[/b]\0", b"a" * 127 + b"\0"]
    unknown = attribute(54, b"later")
    listed = b"".join(attribute(IFLA_ALT_IFNAME, name) for name in names) + unknown
    link = decode_link(link_body(attribute(0x8000 | IFLA_PROP_LIST, listed)))
    assert link.altnames == ("enp3s0", "\x1b[1m[/b]", "a" * 127)


def test_a_nic_says_what_it_is_part_of() -> None:
    """Its place on the bus, its port's name and its switch; a switch id is bytes."""
    link = decode_link(
        link_body(
            attribute(IFLA_PARENT_DEV_NAME, b"0000:3b:00.2\0"),
            attribute(IFLA_PHYS_PORT_NAME, b"pf0vf3\0"),
            attribute(IFLA_PHYS_SWITCH_ID, bytes.fromhex("b8cef603000a")),
        )
    )
    assert (link.parent_dev, link.phys_port) == ("0000:3b:00.2", "pf0vf3")
    assert link.phys_switch == "b8cef603000a"


def test_an_older_kernel_leaves_them_empty() -> None:
    """Before 5.5 there are no further names, before 5.14 no device on its bus."""
    link = decode_link(link_body(kind("vlan")))
    assert (link.altnames, link.parent_dev, link.vlan) == ((), "", None)
    assert (link.phys_port, link.phys_switch) == ("", "")


@pytest.mark.parametrize(
    ("name", "peer"),
    [("geneve", None), ("tun", None), ("", None), ("macvlan", 7), ("veth", 7)],
)
def test_a_link_is_not_its_own_lower_link(name: str, peer: int | None) -> None:
    """Who has none says the own index when moved; others may mean it so, elsewhere."""
    moved = (number(IFLA_LINK, 7), number(IFLA_LINK_NETNSID, 0))
    assert decode_link(link_body(*moved, kind(name))).peer_index == peer


def test_a_vxlans_lower_link_is_in_its_own_attributes() -> None:
    """IFLA_VXLAN_LINK, whatever IFLA_LINK says; a vxlan without one has none."""
    for inner, expected in ((number(3, 4), 4), (b"", None)):
        info = attribute(1, b"vxlan\0") + attribute(2, number(1, 70) + inner)
        moved = (number(IFLA_LINK, 7), number(IFLA_LINK_NETNSID, 0))
        body = link_body(*moved, attribute(IFLA_LINKINFO, info))
        assert decode_link(body).peer_index == expected


def test_minus_one_stays_minus_one() -> None:
    """An id that was not assigned is not 4294967295."""
    assert decode_link(link_body(number(IFLA_LINK_NETNSID, -1))).nsid == -1


@pytest.mark.parametrize(
    ("raw", "shown"),
    [(b"a\xff\0", "a\\xff"), (b"\x1b[1m\0", "\x1b[1m"), (b"eth0\0\0\0", "eth0")],
)
def test_a_name_may_hold_any_byte(raw: bytes, shown: str) -> None:
    """Names are kept as they are, what is no text made visible."""
    assert decode_link(link_body(attribute(IFLA_IFNAME, raw))).name == shown


def test_an_operstate_of_the_future_is_unknown() -> None:
    """A number beyond RFC 2863's is no crash."""
    link = decode_link(link_body(attribute(IFLA_OPERSTATE, b"\x63")))
    assert link.operstate is OperState.UNKNOWN


def address_body(family: int, prefix: int, index: int, *attributes: bytes) -> bytes:
    """Return an RTM_NEWADDR payload."""
    fixed = struct.pack("=BBBBI", family, prefix, 0, 0, index)
    return fixed + b"".join(attributes)


def test_addresses_stand_by_link_ipv4_first() -> None:
    """IPv4 before IPv6, the local address before a point-to-point peer's."""
    four = socket.inet_pton(socket.AF_INET, "10.128.0.7")
    peer = socket.inet_pton(socket.AF_INET, "10.128.0.8")
    six = socket.inet_pton(socket.AF_INET6, "fd00::7")
    bodies = [
        address_body(socket.AF_INET6, 64, 2, attribute(IFA_ADDRESS, six)),
        address_body(
            socket.AF_INET,
            23,
            2,
            attribute(IFA_ADDRESS, peer),
            attribute(IFA_LOCAL, four),
        ),
        address_body(99, 8, 3, attribute(IFA_ADDRESS, b"\x01")),
        address_body(socket.AF_INET, 8, 4, attribute(IFA_ADDRESS, b"\x01")),
    ]
    assert decode_addresses(bodies) == {2: ("10.128.0.7/23", "fd00::7/64")}


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
@pytest.mark.parametrize("where", [b"", attribute(IFA_TARGET_NETNSID, b"\5\0\0\0")])
@pytest.mark.parametrize("between", [b"", attribute(3, b"eth0\0")])
def test_an_address_is_found_wherever_it_stands(
    family: int, where: bytes, between: bytes
) -> None:
    """Behind the id of the namespace that was asked for, or behind a label."""
    text, prefix = ("10.0.0.7", 8) if family == socket.AF_INET else ("fd00::7", 64)
    address = socket.inet_pton(family, text)
    parts = [where, between, attribute(IFA_ADDRESS, address)]
    if family == socket.AF_INET:
        parts.append(attribute(IFA_LOCAL, address))
    body = address_body(family, prefix, 2, *parts)
    assert decode_addresses([body]) == {2: (f"{text}/{prefix}",)}


def test_an_address_message_without_attributes_has_no_address() -> None:
    """It is passed over."""
    assert decode_addresses([address_body(socket.AF_INET, 8, 2)]) == {}


def test_counters_are_the_first_eight_of_the_struct() -> None:
    """Struct rtnl_link_stats64, also where another attribute stands before it."""
    stats = struct.pack("=24Q", *range(1, 25))
    fixed = struct.pack("=BxHII", 0, 0, 7, 1)
    plain = fixed + attribute(1, stats)
    padded = struct.pack("=BxHII", 0, 0, 8, 1) + attribute(9, b"")
    padded += attribute(1, stats)
    expected = Counters(1, 2, 3, 4, 5, 6, 7, 8)
    assert decode_counters([plain, padded]) == {7: expected, 8: expected}


def test_a_links_own_counters_are_the_same_struct() -> None:
    """IFLA_STATS64, attribute 23; a link without it, or a torn one, is left out."""
    fixed = struct.pack("=BxHiII", 0, 1, 7, 1, 0)
    stats = struct.pack("=24Q", *range(1, 25))
    whole = fixed + attribute(3, b"x\0") + attribute(23, stats)
    torn = fixed + attribute(23, stats[:60])
    assert decode_link_counters([whole]) == {7: Counters(1, 2, 3, 4, 5, 6, 7, 8)}
    assert decode_link_counters([torn, fixed]) == {}


def test_only_a_filtering_bridge_says_so() -> None:
    """IFLA_BR_VLAN_FILTERING is read of bridges, and of nothing else."""
    for name, value, expected in (
        ("bridge", b"\1", True),
        ("bridge", b"\0", False),
        ("veth", b"\1", False),
    ):
        data = attribute(1, name.encode() + b"\0") + attribute(2, attribute(7, value))
        body = link_body(attribute(IFLA_LINKINFO, data))
        assert decode_link(body).filters_vlans is expected


def test_a_ports_vlan_is_the_one_of_untagged_frames() -> None:
    """Of a port's many VLANs the one with the PVID flag counts, whatever is between."""

    def vlan(flags: int, vid: int) -> bytes:
        return attribute(2, struct.pack("=HH", flags, vid))

    tunnels = attribute(0x8003, attribute(1, bytes(4)) + attribute(2, bytes(2)))
    first = link_body(
        attribute(26, vlan(0, 31) + tunnels + vlan(6, 30) + vlan(4, 5)), index=5
    )
    trunk = link_body(attribute(26, vlan(0, 31)), index=6)
    assert decode_pvids([first, trunk, link_body(index=7)]) == {5: 30}
