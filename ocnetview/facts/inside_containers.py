"""What is read of a pod's containers on demand: how they run, and within what."""

from __future__ import annotations

from typing import NamedTuple

from ocnetview.frozen import dataclass


class Limit(NamedTuple):
    """A limit of a control group, the strictest on the way up to the root."""

    value: float
    where: str
    """The cgroup that sets it, as the hierarchy is mounted."""


class Limits(NamedTuple):
    """What control groups allow a process or container, and what it takes of that.

    None is what is not limited, or not told by this version of control groups.
    """

    subject: str
    """The container's or process's name; untrusted text."""
    cgroup: str = ""
    """Its path in /proc/PID/cgroup, of v1 that of the memory controller."""
    version: int = 0
    """Of the control groups: 1 or 2; 0 where none could be read."""
    cpu: Limit | None = None
    """In CPUs: quota by period."""
    cpu_weight: int | None = None
    """cpu.weight of v2, cpu.shares of v1."""
    cpu_seconds: float | None = None
    """What it took so far."""
    throttled: int | None = None
    """How many periods it was held back in, and of how many."""
    periods: int | None = None
    throttled_seconds: float | None = None
    memory: Limit | None = None
    """In bytes."""
    memory_used: int | None = None
    memory_peak: int | None = None
    swap: Limit | None = None
    """In bytes; of v1 memory and swap together."""
    oom_kills: int | None = None
    pids: Limit | None = None
    pids_used: int | None = None
    trouble: str = ""
    """What could not be read, and why."""


@dataclass(frozen=True, slots=True)
class LimitsFacts:
    """The limits of each container of a pod, or of one process."""

    source: str
    at: float
    limits: tuple[Limits, ...] = ()


class Mount(NamedTuple):
    """Something that is mounted into a container; all untrusted text."""

    destination: str
    source: str
    kind: str = ""
    """bind, volume, tmpfs, overlay, ..."""
    writable: bool = True


class ContainerDetail(NamedTuple):
    """A container as its runtime describes it when asked about it alone."""

    id: str
    name: str
    """All texts are untrusted."""
    source: str
    """`docker inspect`, `CRI ContainerStatus`, or /proc where none answered."""
    state: str = ""
    image: str = ""
    restarts: int | None = None
    command: tuple[str, ...] = ()
    folder: str = ""
    """The working directory."""
    user: str = ""
    pid: int | None = None
    created: float = 0.0
    """Seconds since the epoch, so the next two; 0 where it is not told."""
    started: float = 0.0
    finished: float = 0.0
    exit_code: int | None = None
    reason: str = ""
    privileged: bool | None = None
    capabilities: tuple[str, ...] | None = None
    """Those it may use at most; None where it is not told."""
    limits: Limits | None = None
    """None where nothing of it runs."""
    mounts: tuple[Mount, ...] = ()
    trouble: str = ""
    """Why the runtime could not be asked."""


@dataclass(frozen=True, slots=True)
class ContainersFacts:
    """The containers of a pod in detail."""

    source: str
    at: float
    containers: tuple[ContainerDetail, ...] = ()


class Variable(NamedTuple):
    """A variable of a container's environment; untrusted text."""

    container: str
    name: str
    value: str
    secret: bool = False
    """Claims that name or value look like a secret, which is never shown."""


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """The environments that a pod's containers were started with."""

    source: str
    at: float
    variables: tuple[Variable, ...] = ()
    troubles: tuple[str, ...] = ()
