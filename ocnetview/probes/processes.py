"""The processes of a target, as of now."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.collectors.members import Members
from ocnetview.collectors.namespaces import netns_of_pid
from ocnetview.probes.visit import Visit


def processes_of(visit: Visit) -> tuple[int, ...]:
    """Return the pids of all that the target is: of its containers, or the one.

    Raises:
        ProbeError: the process that was asked about has ended.
    """
    target = visit.target
    if target.process is not None:
        return (visit.pid(),)
    return tuple(dict.fromkeys(_members(visit)))


def _members(visit: Visit) -> Iterator[int]:
    """Yield the processes of each container; of none, those that were seen inside."""
    target = visit.target
    members = Members(visit.proc, visit.settings.host_root)
    for container, pid in target.members:
        yield from members.of(container, pid)
    for pid in target.pids:
        if netns_of_pid(visit.proc, pid) == target.netns:
            yield pid
