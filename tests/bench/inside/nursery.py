"""Run in the lab: bears pods in bulk, says which, and ends them with its input.

python nursery.py WISH, which is what `rig.Rig` writes.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from bench.inside.births import WHOLE, Birth, Midwife
from bench.inside.names import PodName, pod_name

AT_ONCE = 8
"""Births under way at a time."""
PORTS_PER_BRIDGE = 1000
"""The kernel allows 1024."""
_MS_BIND, _MNT_DETACH = 0x1000, 2
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be built."""

    count: int
    on_ovs: int
    """So many of the veths are ports of Open vSwitch's br0, the first ones."""
    pinned: int
    """So many of the pods are pinned in /run/netns, the last ones."""
    first: int = 0
    """The number of the first pod: several builds have different ones."""
    cgroup: str = ""
    """The folder below which each pod has its two cgroups."""
    pids: tuple[int, ...] = ()
    """Processes whose namespaces are wired, instead of new pods."""


def main() -> None:
    """Build, say what was built, wait for the end of the input, end it all."""
    wish = Wish(**json.loads(sys.argv[1]))
    names = [pod_name(wish.first + n) for n in range(wish.count)]
    births = bear(wish, names)
    failed = next((birth for birth in births if birth.errno), None)
    if failed:
        sys.exit(f"pod {failed.number}: {os.strerror(failed.errno)}")
    pids = {birth.number: birth.pid for birth in births}
    pinned = names[wish.count - wish.pinned :]
    for name in pinned:
        pin(name, pids[name.number])
    add_to_ovs(names[: wish.on_ovs], described=not wish.pids)
    rows = [asdict(name) | processes(pids[name.number], wish) for name in names]
    print(json.dumps(rows), flush=True)  # noqa: T201 - the answer to the rig
    sys.stdin.read()
    for name in pinned:
        _LIBC.umount2(name.pin.encode(), _MNT_DETACH)
        Path(name.pin).unlink()
    if not wish.pids:
        end(pids.values())


def bear(wish: Wish, names: Sequence[PodName]) -> list[Birth]:
    """Bear or wire them all, in the bridges that it makes; return the births."""
    midwife = Midwife()
    births: list[Birth] = []
    masters = bridges(wish)
    for place, name in enumerate(names):
        plug = name.plug(0 if place < wish.on_ovs else next(masters))
        if wish.pids:
            midwife.plug(name.number, plug, wish.pids[place])
        else:
            live = partial(be_a_pod, wish.cgroup, name)
            midwife.bear(name.number, plug, WHOLE, live)
        while midwife.busy >= AT_ONCE:
            births += midwife.births(None)
    while midwife.busy:
        births += midwife.births(None)
    return births


def bridges(wish: Wish) -> Iterator[int]:
    """Yield the ifindex of a bridge for each next port, making bridges as needed."""
    for number in range(wish.count - wish.on_ovs):
        if number % PORTS_PER_BRIDGE == 0:
            name = f"lbr{wish.first + number}"
            for words in (("add", name, "type", "bridge"), ("set", name, "up")):
                subprocess.run(["ip", "link", *words], check=True)
            index = int(Path(f"/sys/class/net/{name}/ifindex").read_text("ascii"))
        yield index


def be_a_pod(cgroup: str, name: PodName) -> NoReturn:
    """Become a pod: its sandbox's process, and its container's; in the child."""
    if not os.fork():
        become(f"{cgroup}/pod{name.uid}/{name.container}", "100000")
    become(f"{cgroup}/pod{name.uid}/{name.sandbox}", "infinity")


def become(cgroup: str, seconds: str) -> NoReturn:
    """Become busybox's sleep, which takes little memory, in this new cgroup."""
    Path(cgroup).mkdir(parents=True)
    Path(cgroup, "cgroup.procs").write_text("0", "ascii")
    os.execv(str(shutil.which("busybox")), ["sleep", seconds])  # noqa: S606 - no shell


def processes(pid: int, wish: Wish) -> dict[str, int]:
    """Return the pids of a pod's sandbox and of its container."""
    if wish.pids:
        return {"pid": pid, "main": pid}
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while not (found := children.read_text("ascii").split()):
        os.sched_yield()
    return {"pid": pid, "main": int(found[0])}


def pin(name: PodName, pid: int) -> None:
    """Pin a pod's network namespace, as `ip netns` and CNI plugins do."""
    Path(name.pin).touch()
    source, target = f"/proc/{pid}/ns/net".encode(), name.pin.encode()
    if _LIBC.mount(source, target, None, _MS_BIND, None):
        sys.exit(f"cannot pin {name.pin}: {os.strerror(ctypes.get_errno())}")


def add_to_ovs(names: Sequence[PodName], *, described: bool) -> None:
    """Put veths on br0 in one transaction, described as OpenShift's SDN does it."""
    command = ["ovs-vsctl", "-vconsole:off"]
    for name in names:
        command += ("--", "add-port", "br0", name.veth)
        if described:
            ids = (f"sandbox={name.sandbox}", f"ip={name.address}")
            command += ("--", "set", "Interface", name.veth)
            command += (f"external_ids:{one}" for one in ids)
    if names:
        subprocess.run(command, check=True)


def end(pids: Collection[int]) -> None:
    """End the pods, and with them their namespaces and links."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for pid in pids:
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
