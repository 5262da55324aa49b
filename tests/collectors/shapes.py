"""Run in namespaces made for it: builds what a node may hold, prints what we read.

Each line is a JSON object; readings are samples, as a recording writes them.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from collectors.old_kernel import OldKernel
from heard import everything, news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.link_events import RTNLGRP_LINK, LinkEvents
from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.namespaces import list_links, netns_of
from ocnetview.collectors.netlink import RTM_GETLINK, Netlink
from ocnetview.collectors.rtnetlink import LinkCollector
from ocnetview.config import Settings
from ocnetview.facts import LinkFacts, Sample
from ocnetview.record import to_json

PINS = Path("/run/netns")
SETTINGS = Settings(refresh=0.05, netns_dirs=("/run/loop", str(PINS)))
NAMED = ("a", "b", "c", "n1", "r", "spare")


def run(line: str) -> None:
    """Run a command that must succeed."""
    subprocess.run(line.split(), check=True)


@contextmanager
def dweller(*command: str, fds: tuple[int, ...] = ()) -> Iterator[int]:
    """Give the pid of a process in the namespace that this command enters."""
    started = subprocess.Popen(
        [*command, "sh", "-c", "echo there; read line"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=fds,
    )
    assert started.stdout
    assert started.stdout.readline() == b"there\n"
    try:
        yield started.pid
    finally:
        started.communicate(b"\n")


def inode(path: str) -> int:
    """Return a namespace's number."""
    return netns_of(Path(path).stat()).ino


def wait_until_gone(events: LinkEvents, name: str) -> None:
    """Wait until the kernel has taken a link away, at its own word."""
    with Netlink() as asker:
        while name in {link.name for link in list_links(asker)}:
            ready, _, _ = select.select([events], [], [], 20)
            assert ready, f"{name} stays"
            events.drain()


@contextmanager
def ending(name: str) -> Iterator[None]:
    """Do what ends a namespace, and wait until this link of ours ended with it."""
    with closing(LinkEvents((RTNLGRP_LINK,))) as events:
        yield
        wait_until_gone(events, name)


def say(name: str, facts: LinkFacts, **more: object) -> None:
    """Print a reading, and which namespaces this process holds open after it."""
    held = [
        str(p.readlink()) for p in Path("/proc/self/fd").iterdir() if p.is_symlink()
    ]
    sample = json.loads(to_json(Sample(facts={"rtnetlink": facts})))
    held = [target for target in held if target.startswith("net:")]
    line = {"name": name, "sample": sample, "held": held, **more}
    print(json.dumps(line), flush=True)  # noqa: T201 - the answer to the test


def build() -> None:
    """Build what stays: pins, what looks like pins, pairs, and a tap."""
    run("mount -t tmpfs tmpfs /run")
    PINS.mkdir()
    Path("/run/loop").symlink_to("loop")
    run("ip link set lo up")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"counted", ("127.0.0.1", 9))
    for name in NAMED:
        run(f"ip netns add {name}")
    # Both ends have one index; a peer moved to a third namespace; pod to pod.
    run("ip link add va index 50 type veth peer name eth0 index 50 netns a")
    run("ip link add vb index 51 type veth peer name eth0 index 50 netns b")
    run("ip -n b link set eth0 netns c")
    run("ip -n a link add z0 index 60 type veth peer name z1 index 61 netns n1")
    run("ip link add vr index 52 type veth peer name eth0 netns r")
    run("ip tuntap add tap0 mode tap")
    (PINS / "plain").touch()
    (PINS / "folder").mkdir()
    (PINS / "uts").touch()
    run(f"mount --bind /proc/self/ns/uts {PINS}/uts")


def read_unpinned(reader: LinkReader, netlink: Netlink) -> None:
    """Read namespaces that processes and descriptors hold."""
    numbers = {name: inode(f"{PINS}/{name}") for name in NAMED}
    alone = ("unshare", "-n")
    with ending("vp"), dweller(*alone) as macvlan, dweller(*alone) as veth:
        run(f"ip link add link tap0 name mv0 netns {macvlan} type macvlan")
        run(f"ip link add vp type veth peer name eth0 netns {veth}")
        pids = {"macvlan": macvlan, "veth": veth}
        numbers |= {name: inode(f"/proc/{pid}/ns/net") for name, pid in pids.items()}
        say("first", reader.read(netlink), netns=numbers, pids=pids)
        say("again", reader.read(netlink))
        with OldKernel() as old:
            say("old", LinkReader(SETTINGS).read(old))
    say("ended", reader.read(netlink))


def read_held(reader: LinkReader, netlink: Netlink) -> None:
    """Read a namespace that a descriptor alone holds, which a process enters later."""
    with dweller("unshare", "-n") as pid:
        run(f"ip link add vfd type veth peer name eth0 netns {pid}")
        fd = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    number = os.fstat(fd).st_ino
    say("held", reader.read(netlink), number=number, fd=fd, pid=os.getpid())
    enter = ("nsenter", f"--net=/proc/self/fd/{fd}")
    with dweller(*enter, fds=(fd,)) as pid:
        changed = reader.namespaces_changed()
        say("entered", reader.read(netlink), pid=pid, changed=changed)
    with ending("vfd"):
        os.close(fd)


class Meanwhile(Netlink):
    """A socket on which something happens right after the first list of links."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__()
        self._happens: list[Callable[[], None]] = [happens]

    def dump(
        self,
        request: int,
        family: bytes,
        answer: int,
        attributes: bytes = b"",
        *,
        torn: bool = False,
    ) -> list[bytes]:
        """Read as ever, then let it happen, once."""
        found = super().dump(request, family, answer, attributes, torn=torn)
        if request == RTM_GETLINK and self._happens:
            self._happens.pop()()
        return found


def reuse() -> None:
    """End one namespace and give its id to another."""
    with ending("vr"):
        run("ip netns del r")
    run("ip link add vs type veth peer name eth0 netns spare")


def read_watched(netlink: Netlink) -> None:
    """Read the counters of both ends of a pair, and of what is not there."""
    run("ip -n a address add 192.0.2.1/24 dev eth0")
    run("ip -n a link set eth0 up")
    run("ip link set va up")
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        sender.bind(("va", 0))
        for _ in range(3):
            sender.send(bytes(64))
    reader = LinkReader(SETTINGS)
    facts = reader.read(netlink)
    netns = next(n.netns for n in facts.namespaces if f"{PINS}/a" in n.pins)
    spare = next(n.netns for n in facts.namespaces if f"{PINS}/spare" in n.pins)
    gone = {(netns, 999), (facts.host, 999), (spare, 1)}
    reader.watched = {(facts.host, 50), (netns, 50)} | gone
    before = counted("a", "eth0")
    facts = reader.count(netlink, facts)
    say("watched", facts, before=before, after=counted("a", "eth0"), inode=netns.ino)
    reader.watched, reader.counted = (), ()
    say("unwatched", reader.count(netlink, facts))


def counted(space: str, name: str) -> list[int]:
    """Return what `ip` says went into and out of a link inside."""
    command = f"ip -n {space} -s -json link show {name}".split()
    (link,) = json.loads(subprocess.check_output(command))
    return [link["stats64"][way]["packets"] for way in ("rx", "tx")]


def follow() -> None:
    """Follow until a namespace without any link to ours came, and until it went."""
    stop = Stop()
    facts = news(LinkCollector(SETTINGS, everything()).watch(stop))
    next(facts)
    with dweller("unshare", "-n") as pid:
        number = inode(f"/proc/{pid}/ns/net")
        say("came", next(f for f in facts if number in numbers_of(f)), number=number)
    say("went", next(f for f in facts if number not in numbers_of(f)))
    stop.set()


def numbers_of(facts: LinkFacts) -> set[int]:
    """Return the numbers of the namespaces that were found."""
    return {namespace.netns.ino for namespace in facts.namespaces}


def main() -> None:
    """Build and read everything."""
    build()
    reader = LinkReader(SETTINGS)
    with Netlink() as netlink:
        read_unpinned(reader, netlink)
        read_held(reader, netlink)
        read_watched(netlink)
        with Meanwhile(reuse) as meanwhile:
            say("reused", LinkReader(SETTINGS).read(meanwhile))
        say("settled", LinkReader(SETTINGS).read(netlink))
    follow()


if __name__ == "__main__":
    main()
