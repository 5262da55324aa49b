"""What goes wrong in the soak: each source in turn, and ocnetview's own stalls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from soak.stage import RUN, Inside, Stage

if TYPE_CHECKING:
    from node.lab import Lab

SPOILED = {
    "cut": ("ovsdb", "docker", "kube", "cri"),
    "junk": ("ovsdb", "docker", "kube", "cri"),
    "short": ("ovsdb", "docker", "kube", "cri"),
    "noise": ("ovsdb", "docker"),
    "refuse": ("ovsdb", "docker", "kube", "cri"),
    "slow": ("ovsdb", "docker", "kube", "cri"),
    "hold": ("ovsdb", "docker", "kube", "cri"),
}
"""How answers fare, and of whom.

A byte that is another one may leave an answer that is right but for its words, which
nobody can tell: after noise the connection is cut, and who reads again whole then is
right again. A watch of the API goes on where it was, and gRPC is not read as text.
"""
STORM = 20_000
"""Changes of one link, more than the kernel queues for one reader."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong and is mended later."""

    source: str
    what: str
    begin: Callable[[], object]
    mend: Callable[[], object]


def daemon_faults(stage: Stage) -> Iterator[Fault]:
    """Yield the deaths and the freezing of daemons."""
    lab = stage.lab
    files = {
        "ovsdb": "/run/openvswitch/ovsdb-server.pid",
        "docker": "/run/docker.pid",
    }
    starts = {"ovsdb": lab.start_ovsdb, "docker": lab.start_dockerd}
    for source, file in files.items():
        yield Fault(source, "killed", partial(lab.crash, file), starts[source])
    for source in stage.servers:
        kill = partial(_kill, stage, source)
        yield Fault(source, "killed", kill, partial(stage.serve, source))
    kill, stop, go = (partial(stage.signal_nested, s) for s in ("KILL", "STOP", "CONT"))
    yield Fault("nested", "killed", kill, stage.serve_nested)
    yield Fault("nested", "frozen", stop, go)
    for source, file in files.items():
        stop, go = (partial(_signal, lab, file, s) for s in ("STOP", "CONT"))
        yield Fault(source, "frozen", stop, go)
    for source in stage.servers:
        yield Fault(
            source,
            "frozen",
            partial(_freeze, stage, source),
            partial(_thaw, stage, source),
        )


def _kill(stage: Stage, source: str) -> None:
    stage.servers[source].kill()


def _freeze(stage: Stage, source: str) -> None:
    stage.servers[source].freeze()


def _thaw(stage: Stage, source: str) -> None:
    stage.servers[source].thaw()


def _signal(lab: Lab, pidfile: str, name: str) -> None:
    """Send a signal to the daemon that wrote this file."""
    lab.do("kill", f"-{name}", lab.do("cat", pidfile))


def spoiled_faults(stage: Stage) -> Iterator[Fault]:
    """Yield answers that are cut, late, or not what the daemon said."""
    for mode, sources in SPOILED.items():
        end = "cut" if mode in ("noise", "junk") else "pass"
        for source in sources:
            begin, mend = (partial(stage.spoil, source, m) for m in (mode, end))
            yield Fault(source, mode, begin, mend)


def own_faults(stage: Stage, watched: Inside) -> Iterator[Fault]:
    """Yield what goes wrong between the kernel and ocnetview, and a bad file."""

    def overflow() -> None:
        watched.freeze()
        stage.ask("storm", count=STORM)

    yield Fault("rtnetlink", "stalled", watched.freeze, watched.thaw)
    yield Fault("rtnetlink", "overflowed", overflow, watched.thaw)
    bad = f"{RUN}/results/lab-bad-eth0"
    write = f"head -c 300 /dev/urandom >{bad}"
    yield Fault(
        "cni",
        "junk",
        partial(stage.lab.sh, write),
        partial(stage.lab.do, "rm", "-f", bad),
    )


def all_faults(stage: Stage, watched: Inside) -> tuple[Fault, ...]:
    """Return every fault, those of one source far from each other."""
    return (
        *daemon_faults(stage),
        *spoiled_faults(stage),
        *own_faults(stage, watched),
    )
