"""The sockets of a pod, or of one process, with the processes that have them open."""

from __future__ import annotations

import errno
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ocnetview.facts.inside import Owner, Socket, SocketsFacts
from ocnetview.probes import errand
from ocnetview.probes.links import LINKS, names
from ocnetview.probes.processes import processes_of
from ocnetview.probes.socket_messages import (
    NETLINK_SOCK_DIAG,
    PROTOCOLS,
    SOCK_DIAG_BY_FAMILY,
    decode_sockets,
    read_table,
    request,
)
from ocnetview.probes.visit import Visit

_OWN = "/proc/thread-self/net/"
_TASKS: Mapping[str, errand.Task] = {"links": LINKS} | {
    name: errand.dump(
        NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, request(name), SOCK_DIAG_BY_FAMILY
    )
    for name in PROTOCOLS
}
_UNKNOWN = frozenset({errno.ENOENT, errno.EINVAL, errno.EPROTONOSUPPORT})
"""What the kernel says of a protocol whose sockets it cannot list."""


def read_sockets(visit: Visit) -> SocketsFacts:
    """Return the sockets of the target's namespace.

    Of a pod in the node's own namespace, and of a process, only those that its
    processes have open; sockets without a process are nobody's there.

    Raises:
        ProbeError: they are not to be seen from here.
        OSError: what hinders.
    """
    pids = processes_of(visit)
    open_ones = {"descriptors": errand.descriptors(visit.proc, pids)}
    found: Iterable[Socket]
    try:
        answers, netns = visit.read({**_TASKS, **_tables(_OWN), **open_ones})
    except (PermissionError, errand.EnterError):
        # Its tables are for all to read, by any process in it.
        pid = visit.pid()
        outside = _tables(f"{visit.proc}/{pid}/net/")
        tasks = {**outside, **open_ones}
        answers = errand.run(tasks, visit.stop, seconds=visit.seconds)
        visit.pid()
        how, found = f"/proc/{pid}/net", _in_tables(answers, PROTOCOLS)
    else:
        found, by_file = _found(answers)
        others = f" and /proc/net/{{{','.join(by_file)}}}" if by_file else ""
        how = f"sock_diag{others} in {netns}"
    return _told(visit, how, found, answers["descriptors"])


def _tables(folder: str) -> Mapping[str, errand.Task]:
    """Return the tasks to read the kernel's tables in this folder."""
    return {f"/{name}": errand.file(folder + name) for name in PROTOCOLS}


def _told(
    visit: Visit, how: str, found: Iterable[Socket], said: Mapping[str, Any]
) -> SocketsFacts:
    """Return the sockets with their processes, as far as those are the target's."""
    # A number that left the pod meanwhile may be somebody else's by now.
    owners = _owners(said, frozenset(processes_of(visit)))
    owned = (one._replace(owners=owners.get(one.inode, ())) for one in found)
    alone = visit.target.host_network or visit.target.process is not None
    kept = (one for one in owned if one.owners or not alone)
    troubles = tuple(_troubles(said["denied"]))
    return SocketsFacts(how, time.time(), tuple(sorted(kept, key=_order)), troubles)


def _found(answers: errand.Answers) -> tuple[list[Socket], Sequence[str]]:
    """Return all sockets, and the protocols that are known by their tables only."""
    links = names(answers)
    found: list[Socket] = []
    by_file = []
    for name, (_, _, protocol) in PROTOCOLS.items():
        try:
            bodies = answers.bodies(name)
        except OSError as error:
            if error.errno not in _UNKNOWN:
                raise
            by_file.append(name)
            found += _in_tables(answers, [name])
        else:
            found += decode_sockets(bodies, protocol, links)
    return found, by_file


def _in_tables(answers: errand.Answers, some: Iterable[str]) -> Iterator[Socket]:
    """Yield the sockets of these tables; none where the kernel has no such protocol."""
    for name in some:
        with suppress(FileNotFoundError):
            yield from read_table(answers.text(f"/{name}"), name)


def _owners(
    said: Mapping[str, Any], pids: frozenset[int]
) -> Mapping[int, tuple[Owner, ...]]:
    """Return who has each socket open, by its inode."""
    found: dict[int, list[Owner]] = defaultdict(list)
    for pid, (name, sockets) in said["processes"].items():
        if int(pid) in pids:
            for number, inode in sockets.items():
                found[inode].append(Owner(int(pid), name, int(number)))
    return {inode: tuple(sorted(some)) for inode, some in found.items()}


def _troubles(denied: Sequence[int]) -> Iterator[str]:
    """Yield whose sockets are not known."""
    if denied:
        whose = (
            f"process {denied[0]}" if len(denied) == 1 else f"{len(denied)} processes"
        )
        needs = "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH"
        yield f"the sockets that {whose} has open cannot be told (needs {needs})"


def _order(one: Socket) -> tuple[bool, str, int, int, str, int, str, int]:
    """Put listeners first, then by protocol and port."""
    listens = one.state in {"LISTEN", "UNCONN"}
    return (
        *(not listens, one.protocol, one.family, one.local_port, one.local),
        *(one.peer_port, one.peer, one.inode),
    )
