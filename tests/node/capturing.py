"""Runs `ocnetview capture` in a lab, and sends what it is to capture."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import TracebackType
from typing import Self

from node.lab import Lab, until
from pcapng_file import Capture, Frame, read, whole

SENDER = """
import socket, sys
target, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.setsockopt(socket.SOL_SOCKET, 11, 1)  # SO_NO_CHECK: no checksum to be made
for number in range(first, last):
    sender.sendto(b"%06d" % number, (target, 7000 + number % 4))
"""
"""Sends numbered datagrams, to four ports in turn."""
HEARER = """
import select, socket, sys
wanted = int(sys.argv[2])
hearers = []
for port in range(7000, 7004):
    hearers.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    hearers[-1].bind((sys.argv[1], port))
print("ready", flush=True)
got = 0
while got < wanted:
    for ready in select.select(hearers, [], [])[0]:
        ready.recv(100)
        got += 1
print(got, flush=True)
sys.stdin.read()
"""
"""Counts them, as far as they come."""
_NUMBERS = count()


class Running:
    """A capture that runs in the lab."""

    def __init__(self, lab: Lab, *arguments: str, before: str = "") -> None:
        """Start it; `before` is what the shell does first."""
        self.lab = lab
        self._notes = f"/run/lab/capture-{next(_NUMBERS)}"
        script = f'{before}\necho $$ >{self._notes}.pid\nexec "$@" 2>{self._notes}.err'
        command = ("sh", "-euc", script, "sh", "ocnetview", *arguments)
        self._process = lab.start(*command)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.communicate()

    @property
    def said(self) -> str:
        """Return what it said on stderr until now."""
        return self.lab.run("cat", f"{self._notes}.err").stdout

    def begun(self) -> None:
        """Wait until it captures."""
        until(lambda: "capturing at" in self.said or self._over, "the capture begins")
        assert not self._over, self.said

    @property
    def _over(self) -> bool:
        return self._process.poll() is not None

    @property
    def pid(self) -> int:
        """Return its process, in the lab's numbering."""
        return int(self.lab.do("cat", f"{self._notes}.pid"))

    def kill(self, name: str) -> None:
        """Send it a signal."""
        self.lab.do("kill", f"-{name}", str(self.pid))

    def ended(self) -> tuple[int, str]:
        """Return its exit status and its stdout, once it ended."""
        said, _ = self._process.communicate(timeout=60)
        return self._process.returncode, said

    @property
    def tcpdumps(self) -> list[str]:
        """Return the processes that it started, by their parent."""
        pid = self.pid
        return self.lab.do("cat", f"/proc/{pid}/task/{pid}/children").split()


def in_netns(pid: int) -> tuple[str, ...]:
    """Return what runs a command in the network namespace of a process."""
    return ("nsenter", f"--target={pid}", "--net", "--")


def send(lab: Lab, pid: int, target: str, last: int, first: int = 0) -> None:
    """Send datagrams with these numbers from a process's namespace."""
    numbers = (str(first), str(last))
    lab.do(*in_netns(pid), sys.executable, "-c", SENDER, target, *numbers)


@contextmanager
def hearing(
    lab: Lab, pid: int, address: str, wanted: int
) -> Iterator[subprocess.Popen[str]]:
    """Give what counts the datagrams that come to an address, and says how many."""
    command = (sys.executable, "-c", HEARER, address, str(wanted))
    with lab.start(*in_netns(pid), *command) as hearer:
        assert hearer.stdout
        assert hearer.stdout.readline() == "ready\n"
        yield hearer
        hearer.kill()


@contextmanager
def contained(lab: Lab, name: str) -> Iterator[int]:
    """Run a container that has no link but lo; give its process."""
    run = ("docker", "run", "--detach", "--network=none", f"--name={name}")
    lab.do(*run, "lab-busybox", "sleep", "7000")
    try:
        yield int(lab.do("docker", "inspect", "--format={{.State.Pid}}", name))
    finally:
        lab.run("docker", "rm", "--force", name)


def content(lab: Lab, path: str) -> bytes:
    """Return a file of the lab."""
    return b64decode(lab.do("base64", path))


def opened(lab: Lab, path: str) -> Capture:
    """Return a capture file of the lab."""
    return read(content(lab, path))


def growing(lab: Lab, path: str) -> list[Frame]:
    """Return the packets in a file that is being written; none where there is none."""
    if lab.run("test", "-s", path).returncode:
        return []
    data = whole(content(lab, path))
    return read(data).frames if data else []


def lines(lab: Lab, path: str) -> list[str]:
    """Return what tcpdump reads in a file; it must like all of it."""
    return lab.do("tcpdump", "-n", "-r", path).splitlines()
