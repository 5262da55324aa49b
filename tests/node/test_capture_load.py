"""`ocnetview capture` under load: what the kernel drops, and TCP in bulk."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from node.capturing import Running, contained, growing, in_netns, opened, send
from node.lab import Lab, until
from node.wiring import Node, Started
from pcapng_file import Frame, number

GATEWAY = "10.129.0.1"
"""The node's own address on the Linux bridge; nobody listens there."""


@pytest.mark.parametrize(
    ("snaplen", "burst", "room"), [("256", 40000, 16000), ("0", 3000, 500)]
)
def test_what_the_kernel_had_no_room_for_is_counted(
    node: Node, snaplen: str, burst: int, room: int
) -> None:
    """The words and the file say how many packets a stopped tcpdump did not get."""
    lab, pid, path = node.lab, node["bridged"].pid, f"/run/lab/drops-{snaplen}.pcapng"
    flags = ("--filter", "udp", "--snaplen", snaplen, "--duration", "0", "-w", path)
    sent = burst

    def last() -> int:
        frames = growing(lab, path)
        return int(frames[-1].data[42:48]) if frames else -1

    def goes_on() -> bool:
        nonlocal sent
        if last() >= burst:
            return True
        send(lab, pid, GATEWAY, sent + 1, sent)
        sent += 1
        return False

    with Running(lab, "capture", "bridged", *flags) as capture:
        capture.begun()
        (tcpdump,) = capture.tcpdumps
        lab.do("kill", "-STOP", tcpdump)
        stat = ("cut", "--delimiter= ", "--fields=3", f"/proc/{tcpdump}/stat")
        until(lambda: lab.do(*stat) == "T", "tcpdump stops")
        send(lab, pid, GATEWAY, burst)
        lab.do("kill", "-CONT", tcpdump)
        until(goes_on, "what comes later is written")
        until(lambda: last() == sent - 1, "all of it is written")
        capture.kill("TERM")
        assert capture.ended()[0] == 0, capture.said
        said = capture.said
    written = opened(lab, path)
    (statistics,) = written.statistics
    received, dropped = (number(statistics.options[n], 0) for n in (4, 5))
    assert received == sent
    assert dropped > 0
    assert f"{dropped} dropped by the kernel" in said
    assert len(written.frames) == received - dropped > room


SERVER = """
import socket, sys
with socket.create_server((sys.argv[1], 8000)) as listener:
    # No more on the way than the userspace datapath has room for.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    print("ready", flush=True)
    caller, _ = listener.accept()
    got = 0
    while data := caller.recv(1 << 20):
        got += len(data)
    caller.sendall(b"%d" % got)
    caller.close()
"""
CLIENT = """
import socket, sys
with socket.create_connection((sys.argv[1], 8000)) as caller:
    caller.sendall(bytes(int(sys.argv[2])))
    caller.shutdown(socket.SHUT_WR)
    print(caller.recv(100).decode())
"""
OFFLOAD = """
import array, fcntl, socket, struct, sys
number, value = int(sys.argv[2], 16), int(sys.argv[3])
asked = array.array("B", struct.pack("=II", number, value))
request = struct.pack("16sP16x", sys.argv[1].encode(), asked.buffer_info()[0])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
    fcntl.ioctl(asker, 0x8946, request)  # SIOCETHTOOL
"""
TX_CHECKSUM, TSO, GSO = "0x17", "0x1f", "0x24"
"""ETHTOOL_S*: how each is set (linux/ethtool.h)."""
DROP = "-p tcp -m statistic --mode nth --every 25 --packet 7 -j DROP"
"""What a pod's own firewall drops, behind its interface, is sent again."""
SENT = 4_000_000


@contextmanager
def without(
    lab: Lab, ifname: str, *offloads: str, within: tuple[str, ...] = ()
) -> Iterator[None]:
    """Have the kernel do without offloads at a link for as long as this block runs."""
    command = (*within, sys.executable, "-c", OFFLOAD, ifname)
    for one in offloads:
        lab.do(*command, one, "0")
    yield
    for one in reversed(offloads):
        lab.do(*command, one, "1")


def transfer(lab: Lab, sender: int, hearer: int, address: str) -> int:
    """Send bytes by TCP; return how often a segment was sent again."""
    server = (sys.executable, "-c", SERVER, address)
    client = (sys.executable, "-c", CLIENT, address, str(SENT))
    with lab.start(*in_netns(hearer), *server) as serving:
        assert serving.stdout
        assert serving.stdout.readline() == "ready\n"
        assert lab.do(*in_netns(sender), *client) == str(SENT)
        serving.kill()
    said = lab.do(*in_netns(sender), "cat", "/proc/net/snmp").splitlines()
    titles, values = (line.split() for line in said if line.startswith("Tcp:"))
    return int(dict(zip(titles, values, strict=True))["RetransSegs"])


def ends_of(frames: Iterable[Frame]) -> set[tuple[int, int]]:
    """Return where, and in which direction, a FIN passed."""
    return {(one.place, one.direction) for one in frames if one.data[47] & 1}


@contextmanager
def dropping(lab: Lab, pid: int) -> Iterator[None]:
    """Have a pod's firewall drop some of what comes."""
    table = (*in_netns(pid), "iptables")
    lab.do(*table, "-A", "INPUT", *DROP.split())
    yield
    lab.do(*table, "-D", "INPUT", *DROP.split())


def healthy(
    lab: Lab, first: tuple[str, int], second: tuple[str, int], address: str, path: str
) -> list[Frame]:
    """Capture a transfer between two pods, of which nothing is lost on the way.

    What the second one's firewall drops is sent again, and so is at both places twice.
    """
    flags = ("--to", second[0], "--filter", "tcp port 8000", "--duration", "0")
    with Running(lab, "capture", first[0], *flags, "--json", "-w", path) as capture:
        capture.begun()
        with dropping(lab, second[1]):
            assert transfer(lab, first[1], second[1], address) > 0
        until(lambda: len(ends_of(growing(lab, path))) == 4, "the end is written")
        capture.kill("TERM")
        status, said = capture.ended()
        assert status == 0, capture.said
    for way in json.loads(said)["ways"]:
        assert (way["lost"], way["alone"]) == (0, 0), way
        # The end of the capture may come between the last packet's two places.
        assert way["sent"] - way["arrived"] == way["unknown"] <= 1, way
    frames = opened(lab, path).frames
    assert not any(one.comment for one in frames)
    return frames


def test_over_open_vswitch_no_segment_of_tcp_is_called_lost(
    node: Node, ends: tuple[Started, Started]
) -> None:
    """Each of some thousands is at both places, those that were sent again as well."""
    lab, (first, second), path = node.lab, ends, "/run/lab/tcp-ovs.pcapng"
    pids = first.pid, second.pid
    with ExitStack() as held:
        for pid in pids:
            # The userspace datapath makes no checksums.
            inside = in_netns(pid)
            held.enter_context(without(lab, "eth0", TX_CHECKSUM, within=inside))
        pods = ("shop/web-0", pids[0]), ("shop/web-1", pids[1])
        frames = healthy(lab, *pods, second.box.ip, path)
    assert len(frames) > 2 * SENT / 1500


BRIDGED = """
ip link add vsegmented type veth peer name eth0 netns $1
ip link set vsegmented up master lbr0
nsenter --target=$1 --net ip address add 10.129.0.9/24 dev eth0
nsenter --target=$1 --net ip link set eth0 up
"""


def test_segments_that_are_cut_on_the_way_are_not_called_lost(node: Node) -> None:
    """A first veth has TCP's data in large portions (TSO), a second one as frames."""
    lab, first, path = node.lab, node["bridged"].pid, "/run/lab/tcp-gso.pcapng"
    with contained(lab, "segmented") as second:
        lab.do("sh", "-euc", BRIDGED, "sh", str(second))
        pods = ("bridged", first), ("segmented", second)
        with without(lab, "vsegmented", TSO, GSO):
            frames = healthy(lab, *pods, "10.129.0.9", path)
    large, small = (
        max(one.length for one in frames if one.place == place) for place in (0, 1)
    )
    assert large > 10 * small
    assert small <= 1514
