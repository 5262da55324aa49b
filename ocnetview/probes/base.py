"""What a probe is asked, and about what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ocnetview.collectors.base import Stop
from ocnetview.facts import Container, Netns, Process
from ocnetview.facts.inside import Inside, InsideFacts
from ocnetview.model import NodeModel, Pod

_FOREIGN = ("kata", "runsc", "gvisor", "firecracker")
"""Runtime handlers whose containers have a kernel of their own."""


@dataclass(frozen=True, slots=True)
class Target:
    """A pod, or a process in it, as far as a probe needs to know it."""

    title: str
    """What errors call it; untrusted text."""
    pid: int | None = None
    """A process in it, whose namespace and files are read; None where none runs."""
    start_time: int | None = None
    """Of that process: a number that is another's by now is not followed."""
    netns: Netns | None = None
    """None where it could not be seen."""
    pins: tuple[str, ...] = ()
    """Files that pin the namespace."""
    host_network: bool = False
    """Claims that the namespace is the node's own."""
    addresses: tuple[str, ...] = ()
    """Without prefix length."""
    containers: tuple[Container, ...] = ()
    members: tuple[tuple[str, int], ...] = ()
    """Id and main process of what has processes, the sandbox among them."""
    pids: tuple[int, ...] = ()
    """Processes seen in it, where nothing says which all of them are."""
    process: int | None = None
    """The process that alone is asked about; None for the whole pod."""
    handler: str = ""
    """The runtime handler, where it runs another kernel inside: kata, runsc, ..."""
    nested: bool = False
    """Claims that its runtime runs inside a container, and is not asked."""

    @classmethod
    def of(cls, pod: Pod, model: NodeModel) -> Target:
        """Return a pod as a target."""
        handler = pod.sandbox.handler if pod.sandbox else ""
        handler = handler or (pod.api.runtime_class if pod.api else "")
        running = [one for one in pod.members if one.pid]
        inside = [one for one in running if one.netns == pod.netns]
        first = next(iter(inside or running), None)
        space = next((n for n in model.namespaces if n.netns == pod.netns), None)
        seen = space.pids if space and not running else ()
        return cls(
            title=f"{pod.kind} {pod.title}",
            pid=first.pid if first else next(iter(seen), None),
            start_time=first.started if first else None,
            netns=pod.netns,
            pins=space.pins if space else (),
            host_network=pod.host_network,
            addresses=pod.addresses,
            containers=pod.containers,
            members=tuple((one.id, one.pid) for one in running if one.pid),
            pids=seen,
            handler=handler if any(word in handler for word in _FOREIGN) else "",
            nested=bool(pod.engine),
        )

    @classmethod
    def of_process(cls, process: Process, pod: Pod | None, model: NodeModel) -> Target:
        """Return a process, of this pod where it is known to be of one, as a target."""
        whole = cls.of(pod, model) if pod else cls("")
        return cls(
            title=f"process {process.pid} ({process.name})",
            pid=process.pid,
            start_time=process.start_time,
            netns=process.netns or whole.netns,
            host_network=process.netns == model.host,
            addresses=whole.addresses,
            containers=tuple(
                one for one in whole.containers if one.id == process.container_id
            ),
            members=whole.members,
            process=process.pid,
            handler=whole.handler,
            nested=whole.nested,
        )


class Prober(Protocol):
    """Reads on demand what is inside a pod."""

    def ask(self, what: Inside, target: Target, stop: Stop) -> InsideFacts:
        """Return the answer, however long it takes, though not for ever.

        Raises:
            ProbeError: it cannot be told; also soon after `stop` was set.
        """
        ...
