"""One question about one target: what leads to its namespace, and what went wrong."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ocnetview.collectors.base import Stop
from ocnetview.collectors.namespaces import (
    DENIED,
    Namespace,
    netns_of,
    netns_of_pid,
    reach,
)
from ocnetview.collectors.stat import start_time
from ocnetview.config import Settings
from ocnetview.errors import ProbeAbsentError, ProbeError
from ocnetview.facts import Netns
from ocnetview.probes import errand
from ocnetview.probes.base import Target

_OWN_NETNS = "/proc/self/ns/net"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a probe is given: the node, whom it is about, and when to give up."""

    settings: Settings
    target: Target
    stop: Stop

    @property
    def seconds(self) -> float:
        """Return how long a child may take."""
        return self.settings.timeout

    @property
    def proc(self) -> str:
        """Return the node's proc file system."""
        return self.settings.proc

    def read(self, tasks: Mapping[str, errand.Task]) -> tuple[errand.Answers, Netns]:
        """Return what is read in the target's namespace, and which one that is.

        Raises:
            ProbeError: it runs on another kernel, or nothing of it runs.
            OSError: the namespace cannot be opened or entered, or the child hung.
        """
        self.same_kernel()
        with self.namespace() as (netns, fd):
            answers = errand.run(tasks, self.stop, netns=fd, seconds=self.seconds)
        return answers, netns

    def same_kernel(self) -> None:
        """Make sure that what is inside is to be seen from here at all.

        Raises:
            ProbeError: it is not.
        """
        if handler := self.target.handler:
            why = f"it runs on a kernel of its own (runtime handler {handler})"
            raise self.error("look inside", why, "ask inside of it")

    def pid(self) -> int:
        """Return a process of the target that still is that process.

        Raises:
            ProbeError: there is none.
        """
        pid = self.target.pid
        if pid is None:
            raise self.absent("look inside", "nothing of it runs")
        self.check(pid, self.target.start_time)
        return pid

    def check(self, pid: int, then: int | None) -> None:
        """Make sure that a number still is that of the process that started then.

        Raises:
            ProbeError: it ended.
        """
        now = start_time(self.proc, pid)
        if now is None or (then is not None and now != then):
            raise self.error("look inside", f"its process {pid} has ended")

    def error(self, doing: str, reason: str, hint: str = "") -> ProbeError:
        """Return an error about the target."""
        return ProbeError(self.target.title, doing, reason, hint)

    def absent(self, doing: str, reason: str) -> ProbeAbsentError:
        """Return the error that there is no such thing."""
        return ProbeAbsentError(self.target.title, doing, reason)

    @contextmanager
    def namespace(self) -> Iterator[tuple[Netns, int | None]]:
        """Give the namespace, open for as long as the child runs; no fd for our own.

        What is opened is compared with what is meant: a pin may have come to pin
        another one, and a number be another process's.
        """
        netns, paths = self._leads()
        if netns == netns_of(os.stat(_OWN_NETNS)):
            yield netns, None
            return
        fd = reach(Namespace(netns, paths))
        try:
            yield netns, fd
        finally:
            os.close(fd)

    def _leads(self) -> tuple[Netns, list[str]]:
        """Return the namespace's identity, and what leads to it."""
        target = self.target
        paths = [self.settings.on_host(pin) for pin in target.pins]
        if target.netns and target.netns.dev and paths and target.pid is None:
            return target.netns, paths
        pid = self.pid()
        netns = target.netns if target.netns and target.netns.dev else None
        netns = netns or netns_of_pid(self.proc, pid)
        if netns is None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        self.check(pid, target.start_time)
        return netns, [*paths, f"{self.proc}/{pid}/ns/net"]


def explained(visit: Visit, doing: str, error: OSError) -> ProbeError:
    """Return what hindered a probe as our error, with what would help."""
    match error:
        case TimeoutError():
            hint = "is something in it frozen, or its storage gone?"
            return visit.error(doing, str(error.strerror), hint)
        case errand.EnterError() if error.errno in DENIED:
            why = "its network namespace may not be entered"
            return visit.error(doing, why, "needs CAP_SYS_ADMIN")
        case FileNotFoundError():
            return visit.error(doing, "it has ended, or nothing leads to it any more")
        case _ if error.errno in DENIED:
            return visit.error(doing, "permission denied", "needs CAP_SYS_PTRACE")
    return visit.error(doing, error.strerror or str(error))
