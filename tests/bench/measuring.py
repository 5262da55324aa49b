"""Builds each node and has everything measured on it that a figure needs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.bounds import DOCKER, LARGE, MIDDLE, Findings
from bench.effort import Effort
from bench.programs import Program
from bench.rig import Crowd, Rig

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
IN_DOCKER = ("pods", "ip -d", "by hand", "plotnetcfg")
IN_CROWD = ("tree", "pstree", "psutil")


@dataclass(frozen=True, slots=True)
class Bench:
    """What is to be measured."""

    effort: Effort
    only: frozenset[int]
    missing: Sequence[str]

    def wants(self, *figures: int) -> bool:
        """Claim that one of these figures is asked for."""
        return not self.only or not self.only.isdisjoint(figures)

    def race(self, rig: Rig, names: Iterable[str], crowd: Crowd | None) -> Findings:
        """Race these; return wall and CPU of each in milliseconds."""
        effort = self.effort
        slow = effort.slow_rounds
        rounds = {
            name: slow if name in SLOW else effort.rounds
            for name in dict.fromkeys(names)
            if name not in self.missing
        }
        tree = [crowd.container, crowd.pid] if crowd else None
        options = {"tree": tree, "sample": effort.sample, "ticks": effort.ticks}
        spent = ask(rig, "contestants.py", {"options": options, "rounds": rounds})
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
        wish = {
            "what": what,
            "tree": [crowd.container, crowd.pid],
            "settle": effort.settle,
            "spans": effort.spans,
            "seconds": effort.seconds,
            "missing": list(self.missing),
        }
        found = ask(rig, "idling.py", wish)
        memory = {name: [value] for name, value in found["memory"].items()}
        return {"cpu": found["cpu"], "memory": memory}

    def on_pods(self, pods: int, *, middle: bool) -> Findings:
        """Return what is measured on a node with so many pods.

        Args:
            pods: how many.
            middle: this is the node for the figures that are of one size only.
        """
        found: dict[str, Any] = {"pods": pods}
        with Rig() as rig:
            build = rig.build(pods)
            names = [
                name for n, many in RACES.items() if self.wants(n) for name in many
            ]
            if names:
                # A runtime is asked in any case; this one has nothing to tell.
                runtime = rig.runtime()
                found["race"] = self.race(rig, names, None)
                runtime.end()
            rig.runtime(*build.pods)
            crowd = rig.crowd(TREE, 0)
            if self.wants(6):
                found["engine"] = self.idle(rig, "engine", crowd)
            if self.wants(7, 13):
                found["screens"] = self.idle(rig, "screens", crowd)
            if self.wants(12):
                starts = ask(rig, "starting.py", self.effort.starts)
                found["starting"] = {
                    name: [1000 * one for one in many] for name, many in starts.items()
                }
            crowd.end()
            if middle:
                found |= self.on_middle(rig, pods)
        return found

    def on_middle(self, rig: Rig, pods: int) -> Findings:
        """Return what is measured on the middle size only."""
        effort = self.effort
        found: dict[str, Any] = {}
        churn: dict[str, float] = {"rate": RATE, "alive": ALIVE}
        if self.wants(8):
            wish = churn | {"births": effort.births, "rounds": effort.follow_rounds}
            found["following"] = follows(ask(rig, "following.py", wish))
        if self.wants(10, 11):
            wish = churn | {"settle": effort.settle}
            wish |= {"rows": effort.rows, "keys": effort.keys}
            found["latency"] = ask(rig, "latency.py", wish)
        if self.wants(5):
            crowd = rig.crowd(TREE, max(0, effort.others - 2 * pods - TREE))
            found["crowd"] = self.race(rig, IN_CROWD, crowd)
            crowd.end()
        return found

    def on_docker(self) -> Findings:
        """Return what is measured beside a real Docker."""
        containers = self.effort.containers
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


def ask(rig: Rig, script: str, wish: object) -> Any:  # noqa: ANN401 - what it measured
    """Return what one of the lab's programs says when it is done."""
    program = Program(rig.lab, script, json.dumps(wish))
    said = program.line()
    program.end()
    return said


def measure_all(
    pods: Sequence[int],
    only: Collection[int],
    effort: Effort,
    missing: Sequence[str],
) -> dict[str, Findings]:
    """Return what was measured on each node, the middle and the large one by name."""
    bench = Bench(effort, frozenset(only), missing)
    sizes = sorted(set(pods))
    middle = sizes[max(0, len(sizes) - 2)]
    found: dict[str, Findings] = {}
    for size in sizes if bench.wants(*({*range(1, 14)} - {2})) else ():
        found[str(size)] = bench.on_pods(size, middle=size == middle)
    named = {MIDDLE: str(middle), LARGE: str(sizes[-1])}
    found |= {name: found[key] for name, key in named.items() if key in found}
    if bench.wants(2):
        found[DOCKER] = bench.on_docker()
    return found
