"""Run in the lab: lets the world's pods come and go as the soak asks.

python orders.py: a JSON object a line on its input is what to do, a line answers it.
"""

from __future__ import annotations

import json
import select
import sys
import time
from collections.abc import Callable

from soak.world import NETS, TICK, World


def say(value: object) -> None:
    """Print one line of JSON."""
    print(json.dumps(value), flush=True)  # noqa: T201 - the answer to the soak


class Orders:
    """What the soak asks of the world, a line at a time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._enough = 0
        """So many births are waited for before the answer; 0: for none."""
        self._answers: dict[str, Callable[..., object]] = {
            "stand": world.stand,
            "churn": lambda rate: setattr(world, "rate", rate),
            "pick": world.pick,
            "living": world.living,
            "pause": world.pause,
            "rest": world.rest,
            "storm": world.storm,
            "told": world.told,
        }

    def take(self, line: str) -> None:
        """Do what a line asks for, and answer; `births` is answered later on."""
        asked = json.loads(line)
        if asked["do"] == "births":
            self._enough = self._world.counts["births"] + asked["count"]
        else:
            say(self._answers[asked.pop("do")](**asked))

    def turn(self) -> None:
        """Answer what was waited for."""
        if self._enough and self._world.counts["births"] >= self._enough:
            self._enough = 0
            say(None)


def main() -> None:
    """Do what is asked until the input ends."""
    world = World(int((NETS / "lbr0/ifindex").read_text()))
    orders = Orders(world)
    last = time.monotonic()
    while True:
        ready, _, _ = select.select([0, world.fileno()], [], [], TICK)
        if 0 in ready:
            line = sys.stdin.readline()
            if not line:
                break
            orders.take(line)
        now = time.monotonic()
        if now - last >= TICK:
            world.turn(now - last)
            orders.turn()
            last = now
    world.end()


if __name__ == "__main__":
    main()
