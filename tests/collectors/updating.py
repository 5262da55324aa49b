"""Run in namespaces made for it: changes links in every way, and follows by events.

Each line is a JSON object: what was done, what an update gave, what a reader that knew
nothing gave right after, and which requests the update made.
"""

from __future__ import annotations

import json
import select
import socket
import subprocess
from contextlib import closing
from dataclasses import replace

from collectors.shapes import PINS, run

from ocnetview.collectors.home import GROUPS
from ocnetview.collectors.link_events import SO_RCVBUFFORCE, LinkEvents
from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.netlink import RTM_GETADDR, RTM_GETLINK, Netlink
from ocnetview.config import Settings
from ocnetview.facts import LinkFacts, Sample
from ocnetview.record import to_json

SETTINGS = Settings(netns_dirs=(str(PINS),))
STEPS: tuple[tuple[str, str], ...] = (
    ("nothing", ""),
    ("a veth into a pod", "ip link add v1 type veth peer name eth0 netns a"),
    ("an address inside", "ip -n a addr add 10.9.0.1/24 dev eth0"),
    ("the end inside up", "ip -n a link set eth0 up; ip link set v1 up"),
    ("a name inside", "ip -n a link set eth0 down name net7"),
    ("a name outside", "ip link set v1 down name v1x"),
    ("an own address", "ip addr add 10.9.1.1/24 dev v1x"),
    ("an own address less", "ip addr del 10.9.1.1/24 dev v1x"),
    ("a bridge with a port", "ip link add br7 type bridge; ip link set v1x master br7"),
    ("a port less", "ip link set v1x nomaster"),
    ("the peer to a third pod", "ip -n a link set net7 netns b"),
    ("the peer to one without an id", "ip -n b link set net7 netns c"),
    ("the peer home", "ip -n c link set net7 netns $$"),
    ("both ends gone", "ip link del v1x"),
    ("one index", "ip link add v2 index 70 type veth peer index 70 netns a"),
    ("pod to pod", "ip -n a link add z0 type veth peer name z1 netns d"),
    ("pod to pod, one moves", "ip -n d link set z1 netns c"),
    ("pod to pod, gone", "ip -n a link del z0"),
    ("a pod without a link", "ip netns add late"),
    ("its first link", "ip link add v3 type veth peer name eth0 netns late"),
    ("a pod ends", "ip netns del late; while ip link show v3; do :; done"),
    ("another pod", "ip netns add heir"),
    ("it gets that id", "ip link add v4 type veth peer name eth0 netns heir"),
    ("it ends, too", "ip netns del heir; while ip link show v4; do :; done"),
    ("one of its name", "ip netns add heir"),
    ("its link's, too", "ip link add v4 index 90 type veth peer name eth0 netns heir"),
    ("what pins nothing", "touch /run/netns/plain"),
    ("a macvlan", "ip link add link tap0 name mv netns d type macvlan"),
    ("down with all", "ip link del v2; ip link del br7; ip link del v4"),
)
"""What is done, in words and as a shell's lines."""


class Counting(Netlink):
    """A socket that counts what is dumped."""

    def __init__(self) -> None:
        super().__init__()
        self.dumps: list[int] = []

    def dump(
        self,
        request: int,
        family: bytes,
        answer: int,
        attributes: bytes = b"",
        *,
        torn: bool = False,
    ) -> list[bytes]:
        """Dump as ever."""
        self.dumps.append(request)
        return super().dump(request, family, answer, attributes, torn=torn)


def line_of(facts: LinkFacts) -> object:
    """Return facts as a recording writes them."""
    return json.loads(to_json(Sample(facts={"rtnetlink": facts})))["facts"]


def settled(
    reader: LinkReader, netlink: Netlink, events: LinkEvents
) -> tuple[LinkFacts, LinkFacts]:
    """Return what updates gave, and what a new reader found right after.

    The kernel settles some states later (linkwatch), and tells of it: while they
    differ, the next event is waited for.
    """
    while True:
        facts = reader.update(netlink, events)
        while reader.due:
            facts = reader.update(netlink, events)
        with Netlink() as other:
            fresh = LinkReader(SETTINGS).read(other)
        same = replace(fresh, counters=facts.counters, at=facts.at) == facts
        if same or not select.select([events], [], [], 5)[0]:
            return facts, fresh


def lose(reader: LinkReader, netlink: Netlink, events: LinkEvents) -> list[bool]:
    """Return whether events were lost: before, when too many came, after a reading.

    And whether an update told nothing new of what it knew to be torn.
    """
    before = reader.update(netlink, events)
    found = [reader.pending.lost]
    events._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 4096)
    flood = "for i in $(seq 60); do ip link add f$i type bridge; done"
    subprocess.run(["sh", "-euc", flood], check=True)
    torn = reader.update(netlink, events)
    found += [reader.pending.lost, torn.links == before.links]
    whole = reader.read(netlink, events)
    return [*found, reader.pending.lost, len(whole.links) == len(before.links) + 60]


def say(line: object) -> None:
    """Print an answer to the test."""
    print(json.dumps(line), flush=True)  # noqa: T201 - that is what it is for


def main() -> None:
    """Build, follow every step, and read anew after each."""
    run("mount -t tmpfs tmpfs /run")
    PINS.mkdir()
    run("ip link set lo up")
    run("ip tuntap add tap0 mode tap")
    for name in ("a", "b", "c", "d"):
        run(f"ip netns add {name}")
    reader = LinkReader(SETTINGS)
    with closing(LinkEvents(GROUPS)) as events, Counting() as netlink:
        reader.read(netlink, events)
        settled(reader, netlink, events)
        for name, script in STEPS:
            subprocess.run(["sh", "-euc", script], check=True, capture_output=True)
            netlink.dumps.clear()
            facts, fresh = settled(reader, netlink, events)
            dumps = [netlink.dumps.count(one) for one in (RTM_GETLINK, RTM_GETADDR)]
            line = {"name": name, "facts": line_of(facts), "fresh": line_of(fresh)}
            say(line | {"dumps": dumps})
        say({"name": "lost", "lost": lose(reader, netlink, events)})


if __name__ == "__main__":
    main()
