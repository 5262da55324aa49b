"""What a container's resolver is told: resolv.conf and hosts, as plain files."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from ocnetview.facts import Container
from ocnetview.facts.inside import DnsFacts, HostEntry
from ocnetview.match.names import container_name
from ocnetview.probes import errand
from ocnetview.probes.visit import Visit

_RESOLV, _HOSTS = "/etc/resolv.conf", "/etc/hosts"


def read_dns(visit: Visit) -> DnsFacts:
    """Return what the files of the target's first running container say.

    They are the container's: read by a child as plain files below its root, for its
    storage may hang, and what lies there be anything.

    Raises:
        ProbeError: nothing of it runs, or on another kernel.
        OSError: its root cannot be entered, or the child hung.
    """
    visit.same_kernel()
    container = _container(visit)
    pid, started = visit.target.pid, visit.target.start_time
    if container:
        pid, started = container.pid, container.started
    if pid is None:
        raise visit.absent("read dns", "nothing of it runs")
    place = f"{visit.proc}/{pid}/root"
    root = os.open(place, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        visit.check(pid, started)
        tasks = {path: errand.below(root, path) for path in (_RESOLV, _HOSTS)}
        answers = errand.run(tasks, visit.stop, root=root, seconds=visit.seconds)
    finally:
        os.close(root)
    whose = container_name(container) if container else ""
    return _told(answers, f"{_RESOLV} and {_HOSTS} below {place}", whose)


def _container(visit: Visit) -> Container | None:
    """Return the container whose files are read: every other one gets the same."""
    if visit.target.process is not None:
        return None
    return next((one for one in visit.target.containers if one.pid), None)


def _told(answers: errand.Answers, source: str, whose: str) -> DnsFacts:
    """Return what both files say; what the one does not leaves the other."""
    texts, troubles = {}, []
    for path in (_RESOLV, _HOSTS):
        try:
            texts[path] = answers.text(path)
        except OSError as error:
            troubles.append(f"{path} cannot be read: {error.strerror}")
    servers, search, options = read_resolv(texts.get(_RESOLV, ""))
    return DnsFacts(
        source,
        time.time(),
        whose,
        servers,
        search,
        options,
        tuple(read_hosts(texts.get(_HOSTS, ""))),
        tuple(troubles),
    )


def read_resolv(
    text: str,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return name servers, search list and options (resolv.conf(5)).

    Of several search lists, or domains, the last one counts.
    """
    servers: list[str] = []
    search: list[str] = []
    options: list[str] = []
    for line in text.splitlines():
        match line.split():
            case ["nameserver", server, *_]:
                servers.append(server)
            case ["search", *names]:
                search = names
            case ["domain", name, *_]:
                search = [name]
            case ["options", *some]:
                options += some
    return tuple(servers), tuple(search), tuple(options)


def read_hosts(text: str) -> Iterator[HostEntry]:
    """Yield the lines of a hosts file (hosts(5))."""
    for line in text.splitlines():
        match line.partition("#")[0].split():
            case [address, *names] if names:
                yield HostEntry(address, tuple(names))
