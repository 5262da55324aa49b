"""Pods, and what else has a network namespace or processes."""

from __future__ import annotations

from enum import StrEnum

from ocnetview.facts import (
    Container,
    ContainerState,
    KubePod,
    Netns,
    Process,
    Sandbox,
    Thread,
)
from ocnetview.frozen import dataclass
from ocnetview.model.bridges import Rate
from ocnetview.model.interfaces import Interface


class PodKind(StrEnum):
    """What a row of the pods pane is."""

    POD = "pod"
    CONTAINER = "container"
    """A container that belongs to no pod."""
    NETNS = "namespace"
    """A network namespace that no container is known to use."""


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod, a container or namespace that belongs to none, with its interfaces."""

    key: str
    """Pod uid, container id, or net:[inode]: what tells it from all others."""
    kind: PodKind
    name: str
    namespace: str = ""
    """The Kubernetes namespace; empty for a plain container."""
    uid: str = ""
    containers: tuple[Container, ...] = ()
    """Without the sandbox container; of each the run that lives, else the last."""
    earlier: tuple[Container, ...] = ()
    """Earlier runs of its containers that are still listed, newest first."""
    sandbox: Sandbox | None = None
    """What holds the pod's namespaces: the live attempt."""
    attempts: tuple[Sandbox, ...] = ()
    """Earlier sandboxes that are still listed, newest first."""
    api: KubePod | None = None
    """As the API has it; None where that was not heard or does not know it."""
    netns: Netns | None = None
    host_network: bool = False
    """Claims that the pod uses the node's own network namespace."""
    status: str = ""
    """Running, Completed, Terminating, CrashLoopBackOff, Init:0/1, NotReady, ..."""
    ready: int = 0
    """How many of its containers are ready; run, where the API was not heard."""
    expected: int = 0
    """How many should be: without init containers and those that are done."""
    restarts: int = 0
    traits: tuple[str, ...] = ()
    """What else it is: static, shares pids, own user namespace, Kata VM, ..."""
    sources: tuple[str, ...] = ()
    """The names of the sources that tell of it, its runtime's first."""
    joined: tuple[str, ...] = ()
    """How its parts are known to be one pod, a sentence each."""
    engine: str = ""
    """The key of the container that it runs in (kind); empty on the node itself."""
    disputes: tuple[str, ...] = ()
    """Where the sources contradict each other, beyond what `interfaces` have."""
    interfaces: tuple[Interface, ...] = ()
    """Without lo; eth0 first, then by ifindex."""
    addresses: tuple[str, ...] = ()
    """IP addresses, the kernel's where it can be asked, else the runtime's."""
    reason: str = ""
    """Why there is no host veth, where one would be expected."""
    created: float = 0.0
    """Seconds since the epoch: the API's word, else its oldest part's; 0: unknown."""
    age: int = 0
    """Seconds since it was made, as coarse as it is shown."""
    rate: Rate | None = None
    """From the pod's view: what the pod received and sent."""

    @property
    def title(self) -> str:
        """Return namespace/name, or the name of a plain container."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    @property
    def members(self) -> tuple[Sandbox | Container, ...]:
        """Return what of it may have processes, the sandbox before the others."""
        return (self.sandbox, *self.containers) if self.sandbox else self.containers

    @property
    def running(self) -> int:
        """Return how many of its containers run."""
        return [one.state for one in self.containers].count(ContainerState.RUNNING)

    @property
    def main(self) -> Interface | None:
        """Return the interface that stands for the pod: with a veth, eth0 before."""
        for interface in self.interfaces:
            if interface.outer is not None:
                return interface
        return self.interfaces[0] if self.interfaces else None

    @property
    def disputed(self) -> bool:
        """Claim that some evidence of it contradicts other evidence."""
        return bool(self.disputes) or True in [i.disputed for i in self.interfaces]


@dataclass(frozen=True, slots=True)
class TreeThread:
    """A thread of a process, with what it does."""

    thread: Thread
    cpu: float | None = None
    """Percent of one core between two samples; None before the second."""
    age: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """A pod, a container or the node itself, as a branch of the node's tree."""

    key: str
    title: str
    """Untrusted text."""
    kind: str
    """`pod`, `container`, or `node` for the processes of none."""


@dataclass(frozen=True, slots=True)
class Below:
    """A row and all that is below it, summed."""

    processes: int
    """How many are below it, threads not counted."""
    cpu: float | None
    """None where it is known of none of them."""
    rss: int
    """Bytes; memory that processes share is counted for each."""


@dataclass(frozen=True, slots=True)
class TreeProcess:
    """A process at its place in the tree of what is looked at.

    The drawn tree has rows for more than processes: a thread's is its process's with
    `thread` set, a branch's is its first process's with `branch` set.
    """

    process: Process
    depth: int = 0
    last: tuple[bool, ...] = ()
    """For each level, whether this branch is the last of its siblings."""
    pod: str = ""
    container: str = ""
    """The container's name."""
    cpu: float | None = None
    """Percent of one core between two samples; None before the second."""
    age: int = 0
    """Seconds since it started, as coarse as it is shown."""
    note: str = ""
    """What is amiss with it or became of it, in words: of a zombie, a wait, an end."""
    threads: tuple[TreeThread, ...] = ()
    """All its threads, where they are looked at."""
    thread: TreeThread | None = None
    branch: Branch | None = None
    below: Below | None = None
    """Sums, where the row stands for more than itself: a branch, or folded."""
    parent: bool = False
    """Claims that there are rows below it, in sight or folded."""
    folded: bool = False
    aside: bool = False
    """Claims that it is only in sight for what was found below it."""

    @property
    def key(self) -> str:
        """Return the row's identity: of a process that is pid and start time."""
        if self.branch:
            return self.branch.key
        own = f"{self.process.pid}@{self.process.start_time}"
        return f"{own}/{self.thread.thread.tid}" if self.thread else own
