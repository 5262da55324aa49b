"""Run in the lab: bears and ends pods at a rate, or one at each line that it reads.

python churner.py WISH, which is what `rig.Rig` writes. It prints a line of JSON for
each birth, and one with the counts at the end of its input.
"""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import sys
import time
from collections import deque
from dataclasses import dataclass

from bench.inside.births import LIGHT, Birth, Midwife
from bench.inside.names import PodName, pod_name


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be borne and ended."""

    rate: float
    """Births a second; 0 for one at each line of the input."""
    alive: int
    """So many live at a time; each further birth ends the oldest."""
    names: int
    """So many names and indexes there are, used again and again."""
    first: int
    """The number of the first."""
    word: str
    """What the pods' names begin with."""
    bridge: str = ""
    """The Linux bridge that the veths are ports of; empty for none."""
    told: bool = True
    """Each birth is told; else only the counts at the end."""


class Churn:
    """Bears and ends pods, and counts."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._midwife = Midwife()
        self._alive: deque[tuple[int, PodName]] = deque()
        self._next = 0
        self._names: dict[int, PodName] = {}
        self._master = index_of(wish.bridge) if wish.bridge else 0
        self.counts = {"born": 0, "died": 0, "refused": 0}

    def run(self) -> None:
        """Go on until the input ends."""
        pause = 1 / self._wish.rate if self._wish.rate else None
        due = time.monotonic()
        while True:
            wait = None if pause is None else max(0.0, due - time.monotonic())
            reports = self._midwife.fileno()
            ready, _, _ = select.select([0, reports], [], [], wait)
            if reports in ready:
                self._take()
            if 0 in ready:
                said = os.read(0, 4096)
                if not said:
                    return
                for _ in range(said.count(b"\n")):
                    self._bear()
            if pause is not None and time.monotonic() >= due:
                self._bear()
                due = max(due + pause, time.monotonic() - 1)

    def _bear(self) -> None:
        """Begin the next birth."""
        number = self._wish.first + self._next % self._wish.names
        self._next += 1
        name = pod_name(number, self._wish.word)
        self._names[self._next] = name
        self._midwife.bear(self._next, name.plug(self._master), LIGHT, signal.pause)

    def _take(self) -> None:
        """Tell of the births that are done, and end the oldest pods."""
        for birth in self._midwife.births(0):
            name = self._names.pop(birth.number)
            if birth.errno:
                self._refused(birth)
            else:
                self.counts["born"] += 1
                self._alive.append((birth.pid, name))
                if self._wish.told:
                    self._tell(birth, name)
        while len(self._alive) > self._wish.alive:
            self._end_oldest()

    def _tell(self, birth: Birth, name: PodName) -> None:
        row = {"name": name.name, "veth": name.veth, "ifindex": name.ifindex}
        say(row | {"address": name.address, "pid": birth.pid, "at": birth.at})

    def _refused(self, birth: Birth) -> None:
        """Count a birth whose name or index the kernel has not given back yet."""
        if birth.errno not in (errno.EEXIST, errno.EBUSY):
            sys.exit(f"cannot bear a pod: {os.strerror(birth.errno)}")
        self.counts["refused"] += 1

    def _end_oldest(self) -> None:
        pid, _ = self._alive.popleft()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.counts["died"] += 1

    def end(self) -> None:
        """End all pods that live."""
        while self._midwife.busy:
            self._midwife.births(None)
        while self._alive:
            self._end_oldest()


def index_of(bridge: str) -> int:
    """Return a link's ifindex."""
    with open(f"/sys/class/net/{bridge}/ifindex", encoding="ascii") as file:  # noqa: PTH123 - one read
        return int(file.read())


def say(value: object) -> None:
    """Print one line of JSON."""
    print(json.dumps(value), flush=True)  # noqa: T201 - the answer to the rig


def main() -> None:
    """Churn until the input ends, then say how many there were."""
    churn = Churn(Wish(**json.loads(sys.argv[1])))
    churn.run()
    churn.end()
    say(churn.counts)


if __name__ == "__main__":
    main()
