"""Builds each node and has everything measured on it that a figure needs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.bounds import DOCKER, LARGE, MIDDLE, Findings
from bench.effort import Effort
from bench.figures import FIGURES
from bench.programs import ask
from bench.rig import Crowd, Rig
from node.lab import path_of_tools

TOOLS = ("plotnetcfg", "lsns", "pstree", "htop", "btop")
"""Peers that may be missing; the lab itself needs the others."""
SLOW = ("plotnetcfg", "by hand")
TREE = 50
"""Processes of the container that is looked at."""
RATE, ALIVE = 100, 200
"""Births a second, and how many of those pods are there at a time."""
RACES = {
    1: ("map", "ip -d"),
    3: ("pods", "ip -d", "plotnetcfg", "lsns"),
    4: ("tick", "ip -s"),
    9: ("ovsdb", "ovs-vsctl"),
}
"""What each figure races on a node without a runtime."""
DRAWN = frozenset({3, 6, 7, 13})
"""What the picture shows for each size."""
IN_DOCKER = ("pods", "ip -d", "by hand", "plotnetcfg")
IN_CROWD = ("tree", "pstree", "psutil")


@dataclass(frozen=True, slots=True)
class Bench:
    """What is to be measured."""

    effort: Effort
    figures: frozenset[int]
    missing: Sequence[str]
    tell: Callable[[str], None]
    """Is told what is measured next."""

    def wants(self, *figures: int) -> bool:
        """Claim that one of these figures is asked for."""
        return not self.figures.isdisjoint(figures)

    def race(self, rig: Rig, names: Iterable[str], crowd: Crowd | None) -> Findings:
        """Race these; return wall and CPU of each in milliseconds."""
        effort = self.effort
        slow = effort.slow_rounds
        rounds = {
            name: slow if name in SLOW else effort.rounds
            for name in dict.fromkeys(names)
            if name not in self.missing
        }
        self.tell(f"racing {', '.join(rounds)}")
        tree = [crowd.container, crowd.pid] if crowd else None
        options = {"tree": tree, "sample": effort.sample, "ticks": effort.ticks}
        spent = ask(rig.lab, "contestants.py", {"options": options, "rounds": rounds})
        return {
            name: {
                "wall": [1000 * wall for wall, _ in samples],
                "cpu": [1000 * cpu for _, cpu in samples],
            }
            for name, samples in spent.items()
        }

    def idle(self, rig: Rig, what: str, crowd: Crowd) -> Findings:
        """Return what programs take that only watch."""
        effort = self.effort
        self.tell(f"what {what} take on a quiet node")
        wish = {
            "what": what,
            "tree": [crowd.container, crowd.pid],
            "settle": effort.settle,
            "spans": effort.spans,
            "seconds": effort.seconds,
            "missing": list(self.missing),
        }
        found = ask(rig.lab, "idling.py", wish)
        memory = {name: [value] for name, value in found["memory"].items()}
        return {"cpu": found["cpu"], "memory": memory}

    def on_pods(self, pods: int) -> Findings:
        """Return what is measured on a node with so many pods."""
        found: dict[str, Any] = {"pods": pods}
        self.tell(f"{pods} pods: building them")
        with Rig() as rig:
            build = rig.build(pods)
            # A runtime is asked in any case; this one has nothing to tell.
            runtime = rig.runtime()
            names = [n for figure in RACES if self.wants(figure) for n in RACES[figure]]
            if names:
                found["race"] = self.race(rig, names, None)
            runtime.end()
            rig.runtime(*build.pods)
            found |= self.on_quiet(rig)
            found |= self.on_churning(rig)
            if self.wants(5):
                crowd = rig.crowd(TREE, max(0, self.effort.others - 2 * pods - TREE))
                found["crowd"] = self.race(rig, IN_CROWD, crowd)
        return found

    def on_quiet(self, rig: Rig) -> Findings:
        """Return what programs take on a node on which nothing happens."""
        found: dict[str, Any] = {}
        crowd = rig.crowd(TREE, 0)
        if self.wants(6):
            found["engine"] = self.idle(rig, "engine", crowd)
        if self.wants(7, 13):
            found["screens"] = self.idle(rig, "screens", crowd)
        crowd.end()
        if self.wants(12):
            self.tell("how soon the screen is there")
            starts = ask(rig.lab, "starting.py", self.effort.starts)
            found["starting"] = {
                name: [1000 * one for one in many] for name, many in starts.items()
            }
        return found

    def on_churning(self, rig: Rig) -> Findings:
        """Return what programs take while pods come and go."""
        effort = self.effort
        found: dict[str, Any] = {}
        churn: dict[str, float] = {"rate": RATE, "alive": ALIVE}
        if self.wants(8):
            self.tell("keeping up with pods that come and go")
            wish = churn | {"births": effort.births, "rounds": effort.follow_rounds}
            found["following"] = follows(ask(rig.lab, "following.py", wish))
        if self.wants(10, 11):
            self.tell("how soon a row or a key is on the screen")
            wish = churn | {"settle": effort.settle}
            wish |= {"rows": effort.rows, "keys": effort.keys}
            found["latency"] = ask(rig.lab, "latency.py", wish)
        return found

    def on_docker(self) -> Findings:
        """Return what is measured beside a real Docker."""
        containers = self.effort.containers
        self.tell(f"{containers} containers: starting them")
        with Rig() as rig:
            rig.containers(containers)
            return {"pods": containers, "race": self.race(rig, IN_DOCKER, None)}


def follows(found: Mapping[str, list[dict[str, float]]]) -> Findings:
    """Return what following took, in milliseconds, and how many pods were lost."""
    return {
        how: {
            "ours": [1000 * one["ours"] for one in rounds],
            "peer": [1000 * one["peer"] for one in rounds],
            "lost": [one["lost"] for one in rounds],
        }
        for how, rounds in found.items()
    }


def wanted_at(places: Collection[str], only: Collection[int]) -> frozenset[int]:
    """Return the figures that are measured on a node that stands for these places.

    In a whole run it has those that are drawn, too.
    """
    bound = {figure.number for figure in FIGURES if figure.where in places}
    return frozenset(bound.intersection(only) if only else bound | DRAWN)


def measure_all(
    pods: Sequence[int],
    only: Collection[int],
    effort: Effort,
    tell: Callable[[str], None],
) -> dict[str, Findings]:
    """Return what was measured on each node, by its pods and by what it stands for."""
    sizes = sorted(set(pods))
    stands = {MIDDLE: sizes[max(0, len(sizes) - 2)], LARGE: sizes[-1]}
    missing = missing_tools()
    found: dict[str, Findings] = {}
    for size in sizes:
        places = [place for place, pods_there in stands.items() if pods_there == size]
        figures = wanted_at(places, only)
        if figures:
            bench = Bench(effort, figures, missing, tell)
            found[str(size)] = bench.on_pods(size)
            found |= dict.fromkeys(places, found[str(size)])
    if figures := wanted_at([DOCKER], only) - DRAWN:
        found[DOCKER] = Bench(effort, figures, missing, tell).on_docker()
    return found


def missing_tools() -> tuple[str, ...]:
    """Return the peers that this machine does not have."""
    return tuple(t for t in TOOLS if not shutil.which(t, path=path_of_tools()))
