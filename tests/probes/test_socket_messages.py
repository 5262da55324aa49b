"""Sockets, out of what a kernel sent and out of its tables."""

from __future__ import annotations

import re

import pytest
from probes.recorded import NAMES, bodies, said

from ocnetview.facts.inside import Socket
from ocnetview.probes.socket_messages import PROTOCOLS, decode_sockets, read_table

TRANSPORTS = ("tcp", "tcp6", "udp", "udp6")
Line = tuple[str, str, int, int, str, str, int]


def decoded() -> list[Socket]:
    """Return every socket that sock_diag told of."""
    return [
        one
        for name in TRANSPORTS
        for one in decode_sockets(bodies(name), PROTOCOLS[name][2], NAMES)
    ]


def end(address: str, port: int) -> str:
    """Return an address and port as ss writes it with --numeric."""
    shown = "*" if address == "::" else f"[{address}]" if ":" in address else address
    return f"{shown}:{port or '*'}"


def ours(one: Socket) -> Line:
    """Return what ss tells of a socket."""
    local = end(one.local, one.local_port)
    if one.device:
        local = local.replace(":", f"%{one.device}:", 1)
    peer = end(one.peer, one.peer_port)
    queues = (one.recv_queue, one.send_queue)
    return (one.protocol, one.state, *queues, local, peer, one.inode)


def theirs() -> list[Line]:
    """Return what ss told of the TCP and UDP sockets."""
    found = []
    for line in said("ss"):
        protocol, state, received, sent, local, peer, *rest = line.split()
        if protocol == "raw":
            continue
        inode = re.search(r"ino:(\d+)", " ".join(rest))
        number = int(inode[1]) if inode else 0
        found.append((protocol, state, int(received), int(sent), local, peer, number))
    return found


def test_sockets_are_those_of_ss() -> None:
    """Both families, all states, queues of listeners, ends, devices and inodes."""
    assert sorted(map(ours, decoded())) == sorted(theirs())


@pytest.mark.parametrize("name", TRANSPORTS)
def test_the_tables_tell_the_same(name: str) -> None:
    """All but the most that may wait at a listener, and the device of a socket."""
    by_table = list(read_table(said(f"/proc/net/{name}"), name))
    by_diag = [
        one._replace(
            device="", send_queue=0 if one.state == "LISTEN" else one.send_queue
        )
        for one in decode_sockets(bodies(name), PROTOCOLS[name][2], NAMES)
    ]
    assert sorted(by_table) == sorted(by_diag)


def test_raw_sockets_have_their_protocol_for_a_port() -> None:
    """ICMP is 1, ICMPv6 58; the bytes that wait to be read are told."""
    (one,) = read_table(said("/proc/net/raw"), "raw")
    assert (one.protocol, one.local, one.local_port) == ("raw", "0.0.0.0", 1)  # noqa: S104
    assert (one.state, one.recv_queue) == ("UNCONN", 832)
    (six,) = read_table(said("/proc/net/raw6"), "raw6")
    assert (six.family, six.local, six.local_port) == (6, "::", 58)


@pytest.mark.parametrize(
    "line", ["", "x", "0: 1 2 3 4", "0: ZZ:1 00:1 0A 0:0 0 0 0 0 0"]
)
def test_what_is_no_socket_is_passed_over(line: str) -> None:
    """A table of another shape gives nothing, and no error."""
    assert not list(read_table(f"head\n{line}\n", "tcp"))
