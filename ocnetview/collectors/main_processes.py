"""The main processes of containers and sandboxes, and the namespace of each."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from ocnetview.collectors.cgroup import first_started, is_in
from ocnetview.collectors.lifeline import listener
from ocnetview.collectors.namespaces import netns_of_pid
from ocnetview.collectors.passes import Pass, Passes
from ocnetview.collectors.stat import start_time
from ocnetview.facts import Netns
from ocnetview.frozen import dataclass

_FEW = 16
"""So many inspections cost about as much as one pass over all processes."""


def counts_pids_as_we(peer: socket.socket) -> bool:
    """Claim that who listens at a connected Unix socket is in our pid namespace.

    Only then the pids that it tells are those of our /proc. SO_PEERCRED gives its
    pid as we would see it, or 0 when it is not below us; NSpid has one number for
    each pid namespace from ours down to its own (proc_pid_status(5)).
    """
    pid = listener(peer)
    with suppress(OSError), open(f"/proc/{pid}/status", "rb") as file:
        numbers = [line.split()[1:] for line in file if line.startswith(b"NSpid:")]
        return numbers == [[str(pid).encode()]]
    return False


@dataclass(frozen=True, slots=True)
class MainProcess:
    """A container's main process; (pid, started) is its identity."""

    pid: int
    started: int | None
    """start_time in clock ticks after boot; None when it cannot be read."""
    netns: Netns | None
    """None when it cannot be read (no permission, or the process has ended)."""


class MainProcesses:
    """Finds main processes and keeps them while they run.

    A runtime's lists do not give them: those not known yet are found by their
    cgroups, in one pass over all processes when they are many, and the rest by
    asking the runtime about each.
    """

    def __init__(
        self,
        proc: str,
        inspect: Callable[[str], int | None],
        *,
        local: bool = True,
        few: int = _FEW,
        passes: Passes | None = None,
    ) -> None:
        """Look in this proc file system; `inspect` gives what the runtime says.

        It raises LookupError for a container that is gone. The pids of a runtime that
        is not known to be local are used only if a process's cgroup agrees. So `few`
        containers are asked for at once; for more there are `passes`.
        """
        self._proc = proc
        self._inspect = inspect
        self._local = local
        self._few = few
        self._passes = passes or Passes(proc)
        self._known: dict[str, MainProcess] = {}
        self._vain: frozenset[str] = frozenset()
        """Those without a process that was found: they alone cause no pass."""

    def forget(self, ids: Iterable[str]) -> None:
        """Look anew for the processes of these containers."""
        forgotten = frozenset(ids)
        self._vain -= forgotten
        for container in forgotten:
            self._known.pop(container, None)

    def find(self, ids: Iterable[str]) -> Mapping[str, MainProcess | None]:
        """Return the main process of each running container; None for none found.

        A container that is gone by now is left out.
        """
        found: dict[str, MainProcess | None] = {
            container: self._again(container) for container in ids
        }
        missing = [container for container, main in found.items() if main is None]
        if len(missing) > self._few and not self._vain.issuperset(missing):
            found |= self._passed(missing)
            missing = [container for container in missing if found[container] is None]
        for container in missing:
            try:
                found[container] = self._main(container, self._inspect(container))
            except LookupError:
                del found[container]
        self._known = {c: main for c, main in found.items() if main is not None}
        self._vain = frozenset(found.keys() - self._known.keys())
        return found

    def _again(self, container: str) -> MainProcess | None:
        """Return what is known, unless its pid is free or another's by now.

        What was not readable is tried again.
        """
        known = self._known.get(container)
        if known is None:
            return None
        if known.started is None:
            return self._main(container, known.pid)
        if start_time(self._proc, known.pid) != known.started:
            return None
        return known if known.netns else self._main(container, known.pid)

    def _passed(self, containers: Iterable[str]) -> Mapping[str, MainProcess | None]:
        """Return the process of each that one cgroup alone bears the id of.

        Of a pass that begins now: before the runtime told of a container, the only
        cgroup of its id may be another's.
        """
        try:
            seen = self._passes.since(time.monotonic())
        except OSError:
            return {}
        places, found = seen.places(), {}
        for container in containers:
            (pids, *others) = places.get(container, {}).values() or ([],)
            if pids and not others:
                pid = pids[0] if len(pids) == 1 else first_started(self._proc, pids)
                found[container] = self._seen(seen, container, pid)
        return found

    def _seen(self, seen: Pass, container: str, pid: int | None) -> MainProcess | None:
        """Return the process that was seen in the container, if it still is the same.

        One that runs now and began before the pass is that which was seen in it.
        """
        if not pid:
            return None
        netns = netns_of_pid(self._proc, pid)
        started = start_time(self._proc, pid)
        if started is None or started >= seen.uptime:
            return self._main(container, pid, told=False)
        return MainProcess(pid, started, netns)

    def _main(
        self, container: str, pid: int | None, *, told: bool = True
    ) -> MainProcess | None:
        """Return the process, unless it is seen to be another container's.

        Where the runtime `told` of it, that is enough if its cgroups say nothing.

        What is read of it counts only if it started at one time before and after: in
        between its number may have become another process's.
        """
        if not pid:
            return None
        started = start_time(self._proc, pid)
        agrees = is_in(self._proc, pid, container)
        netns = netns_of_pid(self._proc, pid)
        if not agrees and (agrees is False or not (told and self._local)):
            return None
        if start_time(self._proc, pid) != started:
            return None
        return MainProcess(pid, started, netns)
