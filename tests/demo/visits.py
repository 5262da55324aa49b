"""Ways to run the demo as root or as nobody, and to see whether it is gone."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ocnetview.demo.pods import PODS

HERE = Path(__file__).parent
NAMESPACES = (
    "from ocnetview.demo.run import why_no_namespaces; print(why_no_namespaces() or '')"
)
DRIVER = """
import sys
from ocnetview.demo.run import run_demo
from ocnetview.errors import DemoError
bridge, *command = sys.argv[1:]
try:
    sys.exit(run_demo(command[2:], command[:2], bridge))
except DemoError as error:
    sys.exit(f"DemoError: {error}")
"""


ROUTER = next(pod.veth for pod in PODS if pod.name.startswith("router-"))
"""A veth with traffic both ways."""


@dataclass(frozen=True)
class Caller:
    """Who runs the demo."""

    name: str
    prefix: tuple[str, ...] = ()

    def line(self, *arguments: str) -> list[str]:
        """Return the command line of a Python of this caller's."""
        return [*self.prefix, sys.executable, *arguments]

    def demo(self, bridge: str, *command: str) -> list[str]:
        """Return the command line that runs a command (two words at least) there."""
        return self.line("-c", DRIVER, bridge, *command)


def nobody(tun: str = "-", covered: str = "-") -> Caller:
    """Return a caller without any right; we ourselves, where we have none."""
    if os.geteuid():
        return Caller("we")
    launch = str(HERE / "launch.py")
    return Caller("nobody", (sys.executable, launch, tun, covered))


def need_namespaces(caller: Caller) -> None:
    """Skip the test where this caller may not have namespaces."""
    asked = subprocess.run(
        caller.line("-c", NAMESPACES), capture_output=True, text=True, check=False
    )
    reason = asked.stdout.strip() or asked.stderr.strip()
    if reason:
        pytest.skip(f"{caller.name}: {reason}")


def why_no_ovs_for(caller: Caller) -> str:
    """Return what keeps Open vSwitch from running for this caller."""
    ask = "from ocnetview.demo.ovs import why_no_ovs; print(why_no_ovs())"
    asked = subprocess.run(
        caller.line("-c", ask), capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or asked.stderr.strip()


def need_ovs(caller: Caller) -> None:
    """Skip the test where Open vSwitch would not run for this caller."""
    reason = why_no_ovs_for(caller)
    if reason:
        pytest.skip(f"{caller.name}: {reason}")


@dataclass(frozen=True)
class Node:
    """What the probe saw on a demo node, and what the caller got back."""

    report: dict[str, Any]
    errors: str
    code: int

    @property
    def processes(self) -> dict[int, dict[str, Any]]:
        """Return the processes by pid."""
        return {int(pid): seen for pid, seen in self.report["processes"].items()}

    @property
    def interfaces(self) -> dict[str, dict[str, Any]]:
        """Return OVSDB's interfaces by name."""
        return {row["name"]: row for row in self.report["interfaces"]}


def visit(caller: Caller, bridge: str, **environment: str) -> Node:
    """Run the probe on a demo node of its own."""
    done = subprocess.run(
        caller.demo(bridge, sys.executable, str(HERE / "probe.py"), ROUTER, "two"),
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
        env={**os.environ, **environment},
    )
    assert done.stdout, done.stderr
    return Node(json.loads(done.stdout), done.stderr, done.returncode)


def descendants(pid: int) -> list[int]:
    """Return all processes below this one."""
    found: list[int] = []
    with contextlib.suppress(FileNotFoundError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


@dataclass(frozen=True)
class Running:
    """A demo whose command waits for ever."""

    caller: subprocess.Popen[str]
    below: tuple[int, ...]
    """All its processes outside, parents first: waiting one, first one, the rest."""
    watches: tuple[int, ...]
    """A pidfd of each of them, in the same order."""
    command: int
    """The process in the explorer's place."""
    netns: frozenset[int]
    """The inodes of the network namespaces that they are in."""

    def assert_gone(self) -> None:
        """Check that no process and no pin of it is left, once all have ended."""
        for pid, watch in zip(self.below, self.watches, strict=True):
            poll = select.poll()
            poll.register(watch, select.POLLIN)
            assert poll.poll(10_000), f"process {pid} is left"
        left = netns_in_use() & self.netns
        assert not left, f"network namespaces {left} are left"
        mounts = Path("/proc/self/mountinfo").read_text()
        assert not [ino for ino in self.netns if f"net:[{ino}]" in mounts]


def netns_in_use() -> frozenset[int]:
    """Return the inodes of all processes' network namespaces."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            found.add(netns_of(int(folder.name)))
    return frozenset(found - {0})


def cmdline(pid: int) -> list[str]:
    """Return a process's arguments."""
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def netns_of(pid: int) -> int:
    """Return the inode of a process's network namespace, 0 for a zombie's."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/ns/net").stat().st_ino
    return 0


WAIT = "import signal; print('up', flush=True); signal.pause()"


@contextmanager
def running(
    caller: Caller, bridge: str = "linux", program: str = WAIT
) -> Iterator[Running]:
    """Run a demo until its command says a line, and end it if the test does not."""
    line = caller.demo(bridge, sys.executable, "-c", program)
    with subprocess.Popen(
        line,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as popen:
        watches: list[int] = []
        try:
            assert popen.stdout
            assert popen.stdout.readline(), popen.stderr and popen.stderr.read()
            below = descendants(popen.pid)
            watches += [os.pidfd_open(pid) for pid in below]
            yield Running(
                popen,
                tuple(below),
                tuple(watches),
                next(pid for pid in below if program in cmdline(pid)),
                frozenset(netns_of(pid) for pid in below[1:]),
            )
        finally:
            popen.kill()
            for watch in watches:
                os.close(watch)
