"""Builds the hard topologies in a lab, and asks the kernel by hand what they are."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from node.lab import Lab
from node.topologies import Held, Topology

PEER_INDEX = Path(__file__).with_name("peer_index.py")
READER = Path(__file__).with_name("reader.py")
SHELL = "echo $$; exec cat"
THREAD = """
import ctypes, os, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
def run():
    assert libc.unshare(0x40000000) == 0, ctypes.get_errno()
    print(os.getpid(), threading.get_native_id(), flush=True)
    sys.stdin.read()
    os._exit(0)
thread = threading.Thread(target=run)
thread.start()
if len(sys.argv) > 1:
    libc.syscall(int(sys.argv[1]), 0)
thread.join()
"""
"""Puts a thread in a namespace; with the number of exit(2) the main thread ends."""
SOCKET = """
import ctypes, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
home = os.open("/proc/self/ns/net", os.O_RDONLY)
assert libc.unshare(0x40000000) == 0, ctypes.get_errno()
print(os.getpid(), flush=True)
sys.stdin.readline()
kept = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
assert libc.setns(home, 0x40000000) == 0, ctypes.get_errno()
os.close(home)
print("left", flush=True)
sys.stdin.read()
"""
"""Makes a namespace, and at a word leaves it with a socket that stays there."""
EXIT = {"x86_64": 60, "aarch64": 93}
PRELUDE = 'at() { eval "file=\\$$1_path"; shift; nsenter --net="$file" "$@"; }\n'
BY_HAND = """
mkdir -p /run/lab/pins
mount --rbind /run/netns /run/lab/pins
mount -t tmpfs by-hand /run/netns
while read -r name path; do
    : >"/run/netns/$name"
    mount --no-canonicalize --bind "$path" "/run/netns/$name"
done <<'END'
{places}
END
for name in {names}; do
    stat -Lc %i "/run/netns/$name"
    nsenter --net="/run/netns/$name" ip -json -details link
    echo
    nsenter --net="/run/netns/$name" ip -json netns list-id
    echo
    nsenter --net="/run/netns/$name" {python} {peer_index}
done
"""
"""In a mount namespace of its own every space is pinned by its name, for `ip` to say
which of them each namespace has an id for; all that ends with the script."""


@dataclass(frozen=True, slots=True)
class End:
    """A link as `ip` and `ethtool` say it."""

    inode: int
    ifindex: int
    row: Mapping[str, Any]
    other: str
    """SPACE:NAME of what IFLA_LINK leads to; empty when it leads nowhere."""
    peer_index: int | None
    """ethtool's, of a veth."""


class Spaces:
    """The topologies, built."""

    def __init__(self, lab: Lab, topologies: Iterable[Topology]) -> None:
        """Build those that the kernel has the links for."""
        self.lab = lab
        self.paths = {"host": "/proc/1/ns/net"}
        """A file that leads to each space, in the lab."""
        self.pids: dict[str, int] = {}
        """The main process of each space that has one."""
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._ip: dict[str, str] = {}
        """What `ip link ... netns` takes for it."""
        every = [t for t in topologies if not t.needs or self.has(t.needs)]
        held = {name: how for t in every for name, how in t.spaces.items()}
        for name, how in held.items():
            self._make(name, how)
        names = [
            f"{n}={self._ip[n]}\n{n}_path={p}\n"
            for n, p in self.paths.items()
            if n in self._ip
        ]
        for topology in every:
            lab.sh(PRELUDE + "".join(names) + topology.build)
        for name, how in held.items():
            self._leave(name, how)

    def has(self, kind: str) -> bool:
        """Claim that the kernel knows this kind of link."""
        script = (
            "ip tuntap add t mode tap; ip link add link t name x type"
            f" {kind} || ip link add x type {kind} || ip link add link t name x type"
            f" {kind} id 7"
        )
        return not self.lab.run("unshare", "--net", "sh", "-c", script).returncode

    def close(self) -> None:
        """End what was started."""
        for process in self._running.values():
            process.communicate(timeout=20)

    def _start(self, name: str, *command: str) -> list[str]:
        """Start a program that ends with its input; return what it says first."""
        process = self._running[name] = self.lab.start(*command)
        assert process.stdout
        return process.stdout.readline().split()

    def _make(self, name: str, how: Held) -> None:
        """Make a space that is held in a way that `ip` can move links to."""
        self.paths[name], self._ip[name] = "", name
        if how is Held.PIN:
            self.lab.sh(f"ip netns add {name}")
            self.paths[name] = f"/run/netns/{name}"
            return
        if how in (Held.THREAD, Held.ORPHAN):
            number = EXIT.get(self.lab.do("uname", "-m"), 60)
            arguments = [str(number)] if how is Held.ORPHAN else []
            pid, tid = self._start(name, sys.executable, "-c", THREAD, *arguments)
            self.paths[name], self._ip[name] = f"/proc/{pid}/task/{tid}/ns/net", tid
            return
        if how is Held.SOCKET:
            (pid,) = self._start(name, sys.executable, "-c", SOCKET)
        else:
            user = ("--user", "--map-root-user") if how is Held.USERNS else ()
            (pid,) = self._start(name, "unshare", "--net", *user, "sh", "-c", SHELL)
        self.paths[name], self._ip[name] = f"/proc/{pid}/ns/net", pid
        self.pids[name] = int(pid)

    def _leave(self, name: str, how: Held) -> None:
        """Leave a space to what alone is to hold it, where it still has a process."""
        path = self.paths[name]
        if how is Held.SOCKET:
            process = self._running[name]
            assert process.stdin
            assert process.stdout
            process.stdin.write("leave\n")
            process.stdin.flush()
            assert process.stdout.readline() == "left\n"
            del self.paths[name], self.pids[name]
        if how not in (Held.DESCRIPTOR, Held.MOUNT):
            return
        dweller = self._running.pop(name)
        if how is Held.DESCRIPTOR:
            command = ("sh", "-c", f"exec 7<{path}; {SHELL}")
            (pid,) = self._start(name, *command)
            self.paths[name] = f"/proc/{pid}/fd/7"
        else:
            script = f"touch /run/lab/kept; mount --bind {path} /run/lab/kept; {SHELL}"
            (pid,) = self._start(name, "unshare", "--mount", "sh", "-euc", script)
            self.paths[name] = f"/proc/{pid}/root/run/lab/kept"
        dweller.communicate(timeout=20)
        del self.pids[name]

    def read(self) -> dict[str, Any]:
        """Return what one reading of ocnetview gives, as a recording has it."""
        return dict(json.loads(self.lab.do(sys.executable, str(READER))))

    def by_hand(self) -> dict[str, End]:
        """Return what the kernel's own objects say of every link, by SPACE:NAME."""
        places = "\n".join(
            f"{name} {path.replace('/run/netns/', '/run/lab/pins/')}"
            for name, path in self.paths.items()
        )
        script = BY_HAND.format(
            places=places,
            names=" ".join(self.paths),
            python=quote(sys.executable),
            peer_index=quote(str(PEER_INDEX)),
        )
        own = ("unshare", "--mount", "--propagation", "private")
        said = self.lab.do(*own, "sh", "-euc", script).split("\n")
        lines = iter([line for line in said if line.strip()])
        known = {
            name: Inside(int(inode), *(json.loads(one, strict=False) for one in more))
            for name, inode, *more in zip(
                self.paths, lines, lines, lines, lines, strict=True
            )
        }
        return {
            f"{name}:{row['ifname']}": End(
                inside.inode,
                row["ifindex"],
                row,
                inside.leads(name, row, known),
                inside.peers.get(row["ifname"]),
            )
            for name, inside in known.items()
            for row in inside.links
        }


@dataclass(frozen=True, slots=True)
class Inside:
    """A space, as what was run inside it says."""

    inode: int
    links: list[dict[str, Any]]
    ids: list[dict[str, Any]]
    peers: dict[str, int]

    def leads(
        self, space: str, row: Mapping[str, Any], known: Mapping[str, Inside]
    ) -> str:
        """Return the SPACE:NAME that a link's IFLA_LINK leads to, empty for none.

        `ip` writes a name for what is beside it, else the index; an id that leads
        to no space has no name among the ids.
        """
        if row.get("link"):
            return f"{space}:{row['link']}"
        if "link_netnsid" in row:
            named = {one["nsid"]: one.get("name", "") for one in self.ids}
            space = named.get(row["link_netnsid"], "")
        index = row.get("link_index")
        if row.get("linkinfo", {}).get("info_kind") == "vxlan":
            # IFLA_LINK is its own index; IFLA_VXLAN_LINK comes as a name like if7.
            index = int(row["linkinfo"]["info_data"]["link"].removeprefix("if"))
        if not space or index is None:
            return ""
        (found,) = (
            other["ifname"] for other in known[space].links if other["ifindex"] == index
        )
        return f"{space}:{found}"


@contextmanager
def standing(topologies: Iterable[Topology]) -> Iterator[Spaces]:
    """Build topologies in a lab of their own, beside a file that only looks like a pin.

    All of it is taken down at the end.
    """
    lab = Lab()
    try:
        lab.cover()
        lab.start_ovs()
        lab.sh("touch /run/netns/left-behind")
        made = Spaces(lab, topologies)
        try:
            yield made
        finally:
            made.close()
    finally:
        lab.close()
