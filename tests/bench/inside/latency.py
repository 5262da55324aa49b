"""Run in the lab: how long from the kernel, and from a key, to the screen.

python latency.py WISH. It prints the milliseconds from the birth of each pod to its
row's bytes, and from each key to the row that it selects, on a quiet node and under
churn.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from typing import Any

from bench.inside.following import HERE, ended, heard, talking
from bench.inside.idling import LONGEST, settle
from bench.inside.starting import Panes
from bench.inside.terminal import Terminal, look_on

LATE = 5.0
"""Seconds after which a row counts as not coming."""
PROBES, CHURN = 300_000, 100_000
"""The first number of pods that are looked for, and of those that only come and go."""
ALIVE = 6
"""So many of those looked for live at once: what is beyond the pane's end has no bytes
on the screen, and a row that vanished stays for some seconds."""
FILTER = "10.132.1"
"""What the addresses of those looked for begin with, and of no other."""
_CURSOR = re.compile(r"▌ +(\S+) ")
"""The row's title, whole: a piece of text may end within it."""


class Node:
    """The screen, and pods that are borne before it."""

    def __init__(self, screen: Terminal, probes: subprocess.Popen[str]) -> None:
        self._screen = screen
        self._probes = probes
        self._cursor = ""
        self._random = random.Random(4)  # noqa: S311 - no secret: when to look
        # Who is there for the first time has to say that the first lines were read.
        self._press("\x1b")

    def rows(self, count: int) -> list[float]:
        """Return how long each new pod's row took, in milliseconds."""
        # One after the other: keys that come before the line is open are commands.
        for keys in ("2", "/", FILTER, "\r"):
            self._press(keys)
        found = measured(self._row, count)
        self._press("\x1b")
        return found

    def _press(self, keys: str) -> None:
        """Press keys, and see what comes of it."""
        self._screen.press(keys)
        look_on([self._screen], 1)

    def _row(self) -> float:
        """Return how long one pod's row took."""
        look_on([self._screen], self._random.uniform(0.3, 1.3))
        assert self._probes.stdin
        self._probes.stdin.write("\n")
        self._probes.stdin.flush()
        birth = heard(self._probes)
        address = birth["address"]
        at = self._screen.wait_for(lambda text: address in text, LATE)
        return 1000 * (at - birth["at"] if at else LATE)

    def keys(self, count: int) -> list[float]:
        """Return how long each key took to move the cursor, in milliseconds."""
        self._press("2g")  # to the first of the pods, above those that come and go
        keys = cycle("jjkk")
        self._key(next(keys))  # only now it is known which row the cursor is on
        return measured(lambda: self._key(next(keys)), count)

    def _key(self, key: str) -> float:
        """Return how long one key took."""
        look_on([self._screen], self._random.uniform(0.05, 0.25))
        pressed = self._screen.press(key)
        at = self._screen.wait_for(self._moved, LATE)
        return 1000 * (at - pressed if at else LATE)

    def _moved(self, text: str) -> bool:
        """Claim that the cursor is on another row."""
        for title in _CURSOR.findall(text):
            if title != self._cursor:
                self._cursor = title
                return True
        return False


def measured(work: Callable[[], float], count: int) -> list[float]:
    """Return so many results, or fewer once a tenth of them came too late."""
    found: list[float] = []
    late = 0
    while len(found) < count and late <= count // 10:
        found.append(work())
        late += found[-1] >= 1000 * LATE
    return found


@contextmanager
def churning(wish: Mapping[str, Any]) -> Iterator[None]:
    """Have pods come and go meanwhile."""
    churn = {"rate": wish["rate"], "alive": wish["alive"], "names": 10_000}
    churn |= {"first": CHURN, "word": "churn", "told": False}
    with talking(
        sys.executable, str(HERE / "churner.py"), json.dumps(churn)
    ) as churner:
        yield
        ended(churner)


def main() -> None:
    """Measure both, quiet and under churn."""
    wish = json.loads(sys.argv[1])
    single = {
        "rate": 0,
        "alive": ALIVE,
        "names": 10_000,
        "first": PROBES,
        "word": "probe",
    }
    script = str(HERE / "churner.py")
    screen = Terminal("ocnetview")
    screen.wait_for(Panes(), LONGEST)
    settle(screen.pid, [screen], wish["settle"])
    with talking(sys.executable, script, json.dumps(single)) as probes:
        node = Node(screen, probes)
        found = {"row, quiet": node.rows(wish["rows"])}
        found["key, quiet"] = node.keys(wish["keys"])
        with churning(wish):
            look_on([screen], 2)
            found["row, churn"] = node.rows(wish["rows"])
            found["key, churn"] = node.keys(wish["keys"])
        ended(probes)
    screen.close()
    print(json.dumps(found))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
