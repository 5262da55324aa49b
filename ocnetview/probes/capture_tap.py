"""One tcpdump that captures at one spot, and all that becomes of it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from fcntl import F_SETPIPE_SZ, fcntl
from pathlib import Path

import ocnetview
from ocnetview.collectors.base import Stop
from ocnetview.collectors.namespaces import netns_of, netns_of_pid, opened
from ocnetview.collectors.stat import read_stat
from ocnetview.config import Settings
from ocnetview.facts.packets import Packet, Spot
from ocnetview.probes.base import Target
from ocnetview.probes.pcap import NoPcapError, PcapReader
from ocnetview.probes.visit import Visit

_ROOT = str(Path(ocnetview.__file__).parents[1])
_START = (
    "import sys; sys.path.append(sys.argv[1]);"
    " from ocnetview.probes.capture_child import main; main()"
)
_CHUNK = 1 << 20
_PIPE = 1 << 20
"""Bytes that wait for us before tcpdump waits, and the kernel drops."""
_LAST_WORDS = 1 << 14
"""Bytes of what tcpdump says that are kept, the last ones."""
_DROPPED = re.compile(rb"(\d+) packets? dropped by kernel")
_OWN_NETNS = "/proc/self/ns/net"
_USR1 = 1 << (signal.SIGUSR1 - 1)
_ENDED = (b"Z", b"X")


class Tap:
    """A tcpdump that runs."""

    def __init__(self, process: subprocess.Popen[bytes], place: int) -> None:
        """Take the process, and the place of its spot among all."""
        assert process.stdout  # noqa: S101 - both were asked for
        assert process.stderr  # noqa: S101 - as above
        self._process = process
        self._reader = PcapReader(place)
        self.out, self.err = process.stdout.fileno(), process.stderr.fileno()
        for end in (self.out, self.err):
            os.set_blocking(end, False)
        with suppress(OSError):  # a user may have no more room for pipes
            fcntl(self.out, F_SETPIPE_SZ, _PIPE)
        self._said = b""
        self._open = {self.out, self.err}
        self.dropped = 0
        """Packets that the kernel had no room for, as far as tcpdump said."""
        self.trouble = ""
        """What came instead of packets; empty while all is well."""

    @property
    def descriptors(self) -> frozenset[int]:
        """Return what there still is to read from."""
        return frozenset(self._open)

    @property
    def begun(self) -> bool:
        """Claim that it captures."""
        return self._reader.begun

    @property
    def form(self) -> tuple[int, int]:
        """Return the link type and the snap length that it captures with."""
        return self._reader.linktype, self._reader.snaplen

    @property
    def said(self) -> str:
        """Return the last of what it said."""
        return self._said.decode("utf-8", "backslashreplace")

    def read(self) -> Sequence[Packet]:
        """Return the packets that came since, and hear what it said."""
        found: list[Packet] = []
        for fd in tuple(self._open):
            try:
                data = os.read(fd, _CHUNK)
            except BlockingIOError:
                continue
            if not data:
                self._open.discard(fd)
            elif fd == self.out:
                try:
                    found += self._reader.feed(data)
                except NoPcapError as error:
                    self.trouble = str(error)
                    self._open.discard(fd)
            else:
                self._hear(data)
        return found

    def _hear(self, data: bytes) -> None:
        """Keep what it said, and learn how many packets were dropped."""
        self._said = (self._said + data)[-_LAST_WORDS:]
        if counted := _DROPPED.findall(self._said):
            self.dropped = int(counted[-1])

    def ask(self) -> None:
        """Have it say how many packets were dropped, where it knows how to be asked.

        An older one would be ended by the signal.
        """
        with suppress(OSError, ValueError):
            status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
            caught = int(status.partition("SigCgt:")[2].split()[0], 16)
            if caught & _USR1:
                self._process.send_signal(signal.SIGUSR1)

    def end(self) -> None:
        """Have it end by itself, saying how many packets were dropped in all."""
        with suppress(ProcessLookupError):
            self._process.terminate()

    def wait(self) -> int:
        """Return its exit status, once it has closed what we read from."""
        return self._process.wait()


@contextmanager
def started(
    command: Sequence[str], fd: int | None
) -> Iterator[subprocess.Popen[bytes]]:
    """Give a tcpdump that runs in this namespace, and be sure that it ends with us."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _START, _ROOT, _asked(command, fd)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=() if fd is None else (fd,),
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
    )
    try:
        yield process
    finally:
        process.kill()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()
        _reap(process)


def _asked(command: Sequence[str], fd: int | None) -> str:
    return json.dumps({"parent": os.getpid(), "netns": fd, "command": [*command]})


def _reap(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a killed one; where the kernel holds on to it, elsewhere."""
    try:
        process.wait(1)
    except subprocess.TimeoutExpired:
        threading.Thread(
            target=process.wait, name="ocnetview-reap", daemon=True
        ).start()


@contextmanager
def namespace_of(settings: Settings, spot: Spot, stop: Stop) -> Iterator[int | None]:
    """Give the namespace of a spot, open for a moment; None for our own.

    Raises:
        ProbeError: what led there has ended.
        OSError: it cannot be opened.
    """
    with ExitStack() as held:
        if spot.netns is not None:
            yield held.enter_context(visit_of(settings, spot, stop).namespace())[1]
        elif not settings.netns or _is_ours(settings.netns):
            yield None
        else:
            yield held.enter_context(opened(settings.netns))


def visit_of(settings: Settings, spot: Spot, stop: Stop) -> Visit:
    """Return a visit to the namespace of a spot."""
    title = spot.owner or spot.title
    target = Target(title, spot.pid, spot.start_time, spot.netns, spot.pins)
    return Visit(settings, target, stop)


def _is_ours(path: str) -> bool:
    return netns_of(os.stat(path)) == netns_of(os.stat(_OWN_NETNS))


def is_there(settings: Settings, spot: Spot) -> bool:
    """Claim that somebody else than we keeps the namespace of a spot.

    What captures in it keeps it alive, so it has to end when this is no longer true.
    """
    if spot.netns is None:
        return True
    for pin in spot.pins:
        with suppress(OSError):
            if netns_of(os.stat(settings.on_host(pin))) == spot.netns:
                return True
    if spot.pid is None:
        return False
    try:
        stat = read_stat(settings.proc, spot.pid)
    except (OSError, ValueError):
        return False
    same = spot.start_time in (None, stat.start_time) and stat.state not in _ENDED
    return same and netns_of_pid(settings.proc, spot.pid) in (None, spot.netns)
