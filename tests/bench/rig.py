"""A node with as many pods as wished, in a lab: built in bulk, born and ended at will.

    with Rig() as rig:
        build = rig.build(500)              # half of them on Open vSwitch's br0
        with rig.churn(100) as churn:       # 100 born and ended a second, beside them
            born = churn.take(1000)
        rig.runtime(*build.pods)            # a Docker API that knows them
        crowd = rig.crowd(50, 4950)         # a container's tree, and other processes

Everything is gone at the end of the block; `end` of what these return ends it before.
Pods end by the end of their process, which ends namespace and veth: to delete links
one by one takes the kernel twenty milliseconds each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import Any, Self

from bench.inside import churner, nursery
from bench.inside.names import PodName, pod_name
from bench.programs import Program, ask
from node.lab import Lab
from node.wiring import IMAGE, ROOTFS

BRIDGE = """
ovs-vsctl -- add-br br0 -- set Bridge br0 datapath_type=netdev fail_mode=secure \\
  -- add-port br0 vxlan0 -- set Interface vxlan0 type=vxlan ofport_request=1 \\
    options:remote_ip=flow options:key=flow \\
  -- add-port br0 tun0 -- set Interface tun0 type=internal ofport_request=2
ip address add 10.128.0.1/9 dev tun0
ip link set tun0 up
"""
CHURN_FIRST = 100_000
"""The number of the first pod that comes and goes; indexes follow from it."""


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod of the rig that lives."""

    name: PodName
    pid: int
    """The first process, its sandbox's, in the lab's numbering."""
    main: int
    """Its container's."""


@dataclass(slots=True)
class Build:
    """Pods that were built at once."""

    program: Program
    pods: tuple[Pod, ...]

    def end(self) -> None:
        """End all of them."""
        self.program.end()


@dataclass(slots=True)
class Churn:
    """Pods that come and go."""

    program: Program
    counts: dict[str, int] = field(default_factory=dict)
    """After the end: how many were born, died, and were refused by the kernel, as
    their name or index was not free yet."""
    births: list[dict[str, Any]] = field(default_factory=list)
    """Each with name, veth, ifindex, address, pid, and `at`, its moment on
    CLOCK_MONOTONIC; complete after the end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def bear(self) -> dict[str, Any]:
        """Bear one pod now; only where the rate is 0."""
        self.program.tell(1)
        return self.take(1)[0]

    def take(self, count: int) -> list[dict[str, Any]]:
        """Return the next births, waiting for them."""
        taken = [self.program.line() for _ in range(count)]
        self.births += taken
        return taken

    def end(self) -> dict[str, int]:
        """End it and all its pods; return the counts."""
        rows = [json.loads(line) for line in self.program.end().splitlines()]
        if rows:
            self.births += rows[:-1]
            self.counts = rows[-1]
        return self.counts


@dataclass(slots=True)
class Crowd:
    """A container's processes, and others."""

    program: Program
    container: str
    """Its id, which its cgroup bears."""
    pid: int
    """The root of its tree, in the lab's numbering."""

    def end(self) -> None:
        """End all of them."""
        self.program.end()


class Rig:
    """A lab with Open vSwitch, and what is built in it."""

    def __init__(self, lab: Lab | None = None) -> None:
        """Use this lab, whose Open vSwitch runs, or make one, and end it, too."""
        self._own = lab is None
        self.lab = lab or Lab()
        self._built: list[Build | Churn | Crowd] = []
        self._next = 0
        try:
            if self._own:
                self.lab.cover()
                self.lab.start_ovs()
            self.lab.sh(BRIDGE)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End everything that was built, and the lab if it is the rig's own."""
        if self._own:
            self.lab.close()
        for one in reversed(self._built):
            one.end()

    def build(
        self,
        count: int,
        *,
        on_ovs: int | None = None,
        pinned: int | None = None,
    ) -> Build:
        """Build so many pods, each with eth0, an address and a veth in a bridge.

        Args:
            count: how many.
            on_ovs: so many veths are ports of br0, the first ones; by default half.
                The others are in Linux bridges of a thousand ports each.
            pinned: so many namespaces are pinned in /run/netns; by default half.
        """
        half = count // 2
        wish = nursery.Wish(
            count,
            half if on_ovs is None else on_ovs,
            half if pinned is None else pinned,
            self._next,
            f"{self._folder()}/kubepods",
        )
        return self._nursery(wish)

    def wire(self, pids: Sequence[int], *, on_ovs: int | None = None) -> Build:
        """Give the namespaces of these processes eth0 and a veth in a bridge each."""
        count = len(pids)
        half = count // 2 if on_ovs is None else on_ovs
        return self._nursery(nursery.Wish(count, half, 0, self._next, "", tuple(pids)))

    def containers(self, count: int) -> Build:
        """Start Docker, and so many containers, each wired as a pod is."""
        self.lab.start_docker()
        self.lab.sh(ROOTFS)
        return self.wire(ask(self.lab, "dockers.py", [count, IMAGE]))

    def churn(
        self,
        rate: float,
        *,
        alive: int = 20,
        names: int = 1000,
        word: str = "churn",
        bridge: str = "",
    ) -> Churn:
        """Bear and end pods beside what is built.

        Args:
            rate: births a second; 0 to bear one at each `Churn.bear`.
            alive: so many live at a time; then each birth ends the oldest.
            names: after so many births names, indexes and addresses come again.
            word: what the pods' names begin with; other words, other veths.
            bridge: the Linux bridge that the veths are ports of; empty for none.
        """
        first = CHURN_FIRST * (1 + len(self._built))
        wish = churner.Wish(rate, alive, names, first, word, bridge)
        program = Program(self.lab, "churner.py", json.dumps(asdict(wish)))
        churn = Churn(program)
        self._built.append(churn)
        return churn

    def runtime(self, *pods: Pod) -> Build:
        """Answer on Docker's socket for these pods, until the end.

        Each is a sandbox and a container of a Kubernetes pod, as cri-dockerd has
        them. With none it is a node whose runtime runs nothing.
        """
        program = Program(self.lab, "runtime.py")
        program.tell([[pod.name.number, pod.pid, pod.main] for pod in pods])
        program.line()
        build = Build(program, ())
        self._built.append(build)
        return build

    def crowd(self, tree: int, others: int) -> Crowd:
        """Run a container's tree of processes in a cgroup, and others outside of it."""
        container = pod_name(self._next, "crowd").container
        self._next += 1
        folder = f"{self._folder()}/{container}"
        program = Program(self.lab, "crowd.py", folder, str(tree), str(others))
        crowd = Crowd(program, container, int(program.line()))
        self._built.append(crowd)
        return crowd

    def _nursery(self, wish: nursery.Wish) -> Build:
        self._next += wish.count
        program = Program(self.lab, "nursery.py", json.dumps(asdict(wish)))
        build = Build(program, tuple(_pods(program.line())))
        self._built.append(build)
        return build

    def _folder(self) -> str:
        """Return the lab's cgroup in the hierarchy that costs least."""
        there = "for d in unified pids .; do"
        test = "if [ -e /sys/fs/cgroup/$d/cgroup.procs ]; then echo $d; exit; fi"
        found = self.lab.sh(f"{there} {test}; done; exit 1")
        return f"/sys/fs/cgroup/{found}/{self.lab.cgroup}"


def _pods(rows: Sequence[dict[str, Any]]) -> Iterator[Pod]:
    """Yield what the nursery told of."""
    for row in rows:
        pid, main = row.pop("pid"), row.pop("main")
        yield Pod(PodName(**row), pid, main)
