"""What each command wants to know of the node, and no more.

What joins it is loaded while the sources are being read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from ocnetview.collectors.base import Focus, Stop
from ocnetview.errors import ProbeError
from ocnetview.facts import ProcessFacts, Sample, SourceKind
from ocnetview.node import Node

if TYPE_CHECKING:
    from ocnetview.facts.inside import Inside, InsideFacts
    from ocnetview.model import NodeModel
    from ocnetview.probes.base import Prober, Target

PROCESSES = frozenset({SourceKind.PROCESSES})
CONTAINERS = frozenset({SourceKind.CONTAINERS, SourceKind.PODS})
RUNTIMES = CONTAINERS | {SourceKind.ENGINES}
NETWORK = RUNTIMES | {SourceKind.LINKS, SourceKind.BRIDGES, SourceKind.RESULTS}


def _merged(first: Sample, second: Sample) -> Sample:
    """Return both samples' facts and sources as one sample."""
    sources = {source.name: source for source in (*first.sources, *second.sources)}
    facts = {**first.facts, **second.facts}
    return Sample(second.at, facts, tuple(sources.values()), second.place)


def begin_network(node: Node) -> Callable[[], NodeModel]:
    """Begin to read bridges, ports and pods, without processes.

    Return what waits for them, and gives them joined.
    """
    finish = node.begin(NETWORK)
    from ocnetview.build import build_model  # noqa: PLC0415 - while they are read
    from ocnetview.joined import modelled  # noqa: PLC0415 - as above

    return lambda: modelled(finish(), join=build_model)


def read_network(node: Node) -> NodeModel:
    """Return bridges, ports and pods, without processes."""
    return begin_network(node)()


def read_tree(node: Node, runtimes: Sample, focus: Focus) -> NodeModel:
    """Return what the runtimes said, with the processes in focus."""
    from ocnetview.joined import modelled  # noqa: PLC0415 - as above

    return modelled(_merged(runtimes, node.read(PROCESSES, focus)))


def read_for(node: Node, scrap: str) -> NodeModel:
    """Return the node with what is needed to say who a scrap is.

    A number may be a pid or a thread's, and so a path in /proc: its process is read,
    too, and where its cgroup names no container, those of all containers, one of
    which may be its by pid namespace.
    """
    finish = node.begin(NETWORK)
    from ocnetview.joined import modelled  # noqa: PLC0415 - as above
    from ocnetview.match.scraps import pid_in  # noqa: PLC0415 - as above

    pid, sample = pid_in(scrap), finish()
    if pid is None:
        return modelled(sample)
    for focus in _pid_focuses(sample, pid):
        found = node.read(PROCESSES, focus)
        rows = [p for f in found.of(ProcessFacts) for p in f.processes]
        if any(pid in (p.pid, *p.tids) and p.container_id for p in rows):
            break
    return modelled(_merged(sample, found))


def _pid_focuses(sample: Sample, pid: int) -> Iterator[Focus]:
    """Yield the process alone, then it with those of every container."""
    from ocnetview.joined import modelled  # noqa: PLC0415 - as above

    yield Focus.on([], [pid])
    pods = modelled(sample).pods
    yield Focus.on((c for pod in pods for c in pod.members), [pid])


def read_inside(
    prober: Prober, target: Target, wanted: Iterable[Inside]
) -> tuple[Mapping[Inside, InsideFacts], Mapping[Inside, ProbeError]]:
    """Return what is inside a pod, and why the rest of it cannot be told."""
    found: dict[Inside, InsideFacts] = {}
    failed: dict[Inside, ProbeError] = {}
    stop = Stop()
    for what in wanted:
        try:
            found[what] = prober.ask(what, target, stop)
        except ProbeError as error:
            failed[what] = error
    stop.close()
    return found, failed


def samples_of(node: Node, count: int, seconds: float) -> Iterator[Sample]:
    """Yield so many samples of everything on the node, this many seconds apart."""
    from ocnetview.joined import modelled  # noqa: PLC0415 - as above

    for index in range(count):
        if index:
            time.sleep(seconds)
        network = node.read(NETWORK)
        pods = modelled(network).pods
        focus = Focus.on(c for pod in pods for c in pod.members)
        yield _merged(network, node.read(PROCESSES, focus))
