"""Run in namespaces made for it: a pod dies at each step of a reading, in turn.

Each line is a JSON object: the reading, and the numbers of the namespaces that were
there. A step is a request to the kernel; the reading goes on when the pod is dead.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import product
from pathlib import Path

from collectors.shapes import inode, run, wait_until_gone

from ocnetview.collectors.home import GROUPS
from ocnetview.collectors.link_events import RTNLGRP_LINK, LinkEvents
from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.netlink import Netlink
from ocnetview.config import Settings
from ocnetview.facts import Sample
from ocnetview.record import to_json

SETTINGS = Settings(netns_dirs=("/run/netns",))


class Pod:
    """A process in a namespace of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo there; exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == b"there\n"
        self.pid = self._process.pid
        self.inode = inode(f"/proc/{self.pid}/ns/net")

    def kill(self) -> None:
        """End it; what it alone holds ends with it."""
        self._process.kill()
        self._process.communicate()


class Steps(Netlink):
    """A socket that lets something happen right before one of its requests."""

    def __init__(self, step: int, happens: Callable[[], None]) -> None:
        super().__init__()
        self.left = step
        self._happens = happens

    def _send(self, request: int, flags: int, body: bytes) -> int:
        """Send as ever, what is to happen before this step done."""
        if self.left == 0:
            self._happens()
        self.left -= 1
        return super()._send(request, flags, body)


def held(number: int) -> bool:
    """Claim that the reading has a descriptor of this namespace open right now."""
    links = [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return f"net:[{number}]" in {str(path.readlink()) for path in links}


@contextmanager
def doomed(survivor: Pod) -> Iterator[Pod]:
    """Give a pod joined to the host, to another pod, and to one that is behind it."""
    pod, behind = Pod(), Pod()
    run(f"ip link add vdead index 60 type veth peer name eth0 index 2 netns {pod.pid}")
    run(
        f"nsenter --target {pod.pid} --net ip link add name net1 index 60 type veth"
        f" peer name net1 index 60 netns {survivor.pid}"
    )
    run(
        f"nsenter --target {pod.pid} --net ip link add name net2 index 61 type veth"
        f" peer name eth0 index 2 netns {behind.pid}"
    )
    try:
        yield pod
    finally:
        pod.kill()
        behind.kill()


def read_at(step: int, survivor: Pod, heir: Pod | None, *, listening: bool) -> bool:
    """Read while a pod dies at this step; return whether there was such a step.

    With or without the kernel's events of all namespaces to listen to.

    An heir has no link, so no id, until the pod is dead; then it gets what is free.
    """
    with closing(LinkEvents((RTNLGRP_LINK,))) as events, doomed(survivor) as pod:

        def die() -> None:
            # While the reading holds the namespace, the kernel cannot end it.
            wait = not held(pod.inode)
            pod.kill()
            if wait:
                wait_until_gone(events, "vdead")
            if heir:
                run(f"ip link add vheir type veth peer name eth0 netns {heir.pid}")

        with Steps(step, die) as netlink, closing(LinkEvents(GROUPS)) as heard:
            reader = LinkReader(SETTINGS)
            facts = reader.read(netlink, heard if listening else None)
        left = held(pod.inode)
        pod.kill()
        wait_until_gone(events, "vdead")
        line = {
            "sample": json.loads(to_json(Sample(facts={"rtnetlink": facts}))),
            "dead": pod.inode,
            "survivor": survivor.inode,
            "heir": heir.inode if heir else 0,
            "held": left,
        }
        if heir:
            heir.kill()
            wait_until_gone(events, "vheir")
    print(json.dumps(line), flush=True)  # noqa: T201 - the answer to the test
    return netlink.left < 0


def main() -> None:
    """Let it die at every step, once with nobody to take its place and once with."""
    survivor = Pod()
    run(f"ip link add valive type veth peer name eth0 index 2 netns {survivor.pid}")
    for inherited, listening in product((False, True), repeat=2):
        step = 0
        while read_at(
            step, survivor, Pod() if inherited else None, listening=listening
        ):
            step += 1
    survivor.kill()


if __name__ == "__main__":
    main()
