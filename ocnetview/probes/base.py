"""What a probe is asked, and about what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ocnetview.collectors.base import Stop
from ocnetview.facts import Container, Netns, Process
from ocnetview.facts.cluster import NodesFacts, ServiceFacts
from ocnetview.facts.inside import Inside, InsideFacts
from ocnetview.facts.openflow import FlowsFacts, TraceFacts
from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Packet, Tally
from ocnetview.match.leads import leads_to
from ocnetview.model import Bridge, NodeModel, Pod

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
        leads = leads_to(pod, model)
        return cls(
            title=f"{pod.kind} {pod.title}",
            pid=leads.pid,
            start_time=leads.start_time,
            netns=pod.netns,
            pins=leads.pins,
            host_network=pod.host_network,
            addresses=pod.addresses,
            containers=pod.containers,
            members=tuple((one.id, one.pid) for one in running if one.pid),
            pids=leads.seen,
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


Take = Callable[[Sequence[Packet], Sequence[Tally]], None]
"""Takes packets in the order of their arrival, and how each spot is doing by now."""


class Capturer(Protocol):
    """Captures packets."""

    def check(self, order: CaptureOrder) -> None:
        """Make sure that the order can be carried out, its filters above all.

        Raises:
            ProbeError: a filter is wrong, no tcpdump is there, or we have no right.
        """
        ...

    def run(self, order: CaptureOrder, take: Take, stop: Stop) -> CaptureEnd:
        """Capture until a limit is reached or `stop` is set, and say how it ended.

        `take` is called from this thread, again and again, also without packets.

        Raises:
            ProbeError: it did not even begin.
        """
        ...


class Switch(Protocol):
    """Asks Open vSwitch what it is programmed to do."""

    def flows(self, bridge: Bridge, asked: Sequence[str], stop: Stop) -> FlowsFacts:
        """Return the entries that fit any of these matches (ovs-ofctl(8)), each once.

        Raises:
            ProbeError: the switch cannot be asked.
        """
        ...

    def trace(
        self, bridge: Bridge, flow: str, stop: Stop, states: Sequence[str] = ()
    ) -> TraceFacts:
        """Return what the bridge would do with a packet; it does nothing with it.

        `states` are those that connection tracking is to find, such as `trk,est,rpl`,
        one for each time that it is asked; after the last it finds a new connection.

        Raises:
            ProbeError: the switch cannot be asked, or does not understand the flow.
        """
        ...


class Cluster(Protocol):
    """Asks the Kubernetes API about what is not of this node."""

    def nodes(self, stop: Stop) -> NodesFacts:
        """Return the nodes of the cluster.

        Raises:
            ProbeError: the API cannot be asked.
        """
        ...

    def service(self, namespace: str, name: str, stop: Stop) -> ServiceFacts:
        """Return a service with its endpoints.

        Raises:
            ProbeError: the API cannot be asked, or there is no such service.
        """
        ...

    def service_at(self, address: str, stop: Stop) -> ServiceFacts | None:
        """Return the service that has this cluster IP; None where none has it.

        Raises:
            ProbeError: the API cannot be asked.
        """
        ...


class Tools(Protocol):
    """What reads on demand, made when it is needed."""

    def prober(self) -> Prober:
        """Return what reads the inside of pods."""
        ...

    def capturer(self) -> Capturer:
        """Return what captures packets."""
        ...

    def switch(self) -> Switch:
        """Return what asks Open vSwitch."""
        ...

    def cluster(self) -> Cluster:
        """Return what asks the Kubernetes API."""
        ...
