"""`ocnetview capture` of pods that have no veth of their own, under known traffic."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from node.capturing import (
    SENDER,
    Running,
    contained,
    growing,
    hearing,
    opened,
    send,
)
from node.lab import until
from node.wiring import Node

RECEIVED, SENT = 1, 2
"""The direction of a packet as seen by the interface."""
PARENT = """
ip link add mvparent type veth peer name mvwire
ip link set mvparent up
ip link set mvwire up
"""
MACVLAN = """
ip link add link mvparent name eth0 netns $1 type macvlan mode bridge
nsenter --target=$1 --net ip address add $2/24 dev eth0
nsenter --target=$1 --net ip link set eth0 up
nsenter --target=$1 --net ip neigh add 192.0.2.99 lladdr 02:00:00:00:00:99 dev eth0
"""
ONE, OTHER, NOBODY = "192.0.2.10", "192.0.2.11", "192.0.2.99"


@contextmanager
def macvlans(node: Node) -> Iterator[tuple[int, int]]:
    """Give the processes of two containers whose macvlans share a parent."""
    lab = node.lab
    with contained(lab, "shared-0") as one, contained(lab, "shared-1") as other:
        lab.sh(PARENT)
        try:
            for pid, address in ((one, ONE), (other, OTHER)):
                lab.do("sh", "-euc", MACVLAN, "sh", str(pid), address)
            yield one, other
        finally:
            lab.do("ip", "link", "delete", "mvparent")


def test_a_macvlan_is_captured_inside_until_its_pod_ends(node: Node) -> None:
    """Its own packets are counted, no neighbour's, and the namespace dies with it."""
    lab, path = node.lab, "/run/lab/macvlan.pcapng"
    flags = ("--filter", "udp", "--duration", "0", "-w", path)
    with macvlans(node) as (one, other):
        inode = lab.do("stat", "-Lc", "%i", f"/proc/{one}/ns/net")
        with Running(lab, "capture", "shared-0", *flags) as capture:
            capture.begun()
            # It goes with the namespace, and tells that so.
            lab.sh(f"ip link add mvtold type veth peer name told netns {one}")
            send(lab, other, NOBODY, 25)
            for pid, target, there, count in (
                (one, OTHER, other, 30),
                (other, ONE, one, 10),
            ):
                with hearing(lab, there, target, count) as hearer:
                    send(lab, pid, target, count)
                    assert hearer.stdout
                    assert int(hearer.stdout.readline()) == count
            until(lambda: len(growing(lab, path)) >= 40, "all are written")
            lab.do("docker", "rm", "--force", "shared-0")
            status, _ = capture.ended()
            said = capture.said
        absent = ("test", "!", "-e", "/sys/class/net/mvtold")
        until(lambda: not lab.run(*absent).returncode, "the namespace ends")
    assert status == 3
    assert f"eth0 of shared-0 in net:[{inode}]: the interface itself" in said
    assert "a macvlan shares its parent with others" in said
    assert "40 packets" in said
    assert "shared-0 is gone, and its network" in said
    written = opened(lab, path)
    assert written.interfaces[0].text(2) == "eth0"
    directions = Counter(one.direction for one in written.frames)
    assert directions == {SENT: 30, RECEIVED: 10}


AGENT = """
import os, select, socket, sys
from talker import join
join(sys.argv[1])
hearers = []
for port in (7000, 7001):
    hearers.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    hearers[-1].bind(("", port))
print("ready", flush=True)
for _ in range(int(sys.argv[2])):
    ready = select.select(hearers, [], [])[0][0]
    ready.sendto(*ready.recvfrom(100))
print("done", flush=True)
sys.stdin.read()
"""
"""A process of the container that sends each datagram back, of two ports alone."""
UPLINK = """
ip link add wire0 type veth peer name eth0 netns $1
ip address add 192.0.2.1/24 dev wire0
ip link set wire0 up
nsenter --target=$1 --net ip address add 192.0.2.2/24 dev eth0
nsenter --target=$1 --net ip link set eth0 up
"""
HERE, FAR = "192.0.2.1", "192.0.2.2"


def test_of_an_uplink_only_what_the_pods_sockets_have_passes(node: Node) -> None:
    """Neither another process's ports nor a far end's equal one count as the pod's."""
    lab, agent, path = node.lab, node["agent"].pid, "/run/lab/agent.pcapng"
    flags = ("-i", "wire0", "-w", path, "--duration", "0")
    program = (sys.executable, "-c", AGENT, str(agent), "12")
    tests = str(Path(__file__).parent)
    with (
        contained(lab, "far") as far,
        lab.start(*program, PYTHONPATH=tests) as answering,
    ):
        lab.do("sh", "-euc", UPLINK, "sh", str(far))
        assert answering.stdout
        assert answering.stdout.readline() == "ready\n"
        with Running(lab, "capture", "agent", *flags) as capture:
            capture.begun()
            # Of another process on the node, to the same ports elsewhere.
            lab.do(sys.executable, "-c", SENDER, FAR, "0", "20")
            # Of these the pod hears, and answers, those to two of four ports.
            send(lab, far, HERE, 24)
            assert answering.stdout.readline() == "done\n"
            until(lambda: len(growing(lab, path)) >= 24, "all are written")
            capture.kill("TERM")
            assert capture.ended()[0] == 0, capture.said
        answering.kill()
    frames = opened(lab, path).frames
    directions = Counter(one.direction for one in frames)
    ports = {int.from_bytes(one.data[at : at + 2]) for one in frames for at in (34, 36)}
    assert directions == {RECEIVED: 12, SENT: 12}
    assert ports >= {7000, 7001}
    assert not ports & {7002, 7003}
