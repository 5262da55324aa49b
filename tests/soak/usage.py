"""What a process uses of the machine, looked at from outside."""

from __future__ import annotations

import re
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LOOK_SECONDS = 0.05
_NUMBER = re.compile(r"\d+")
_INODES = {"unix": 6, "tcp": 9, "netlink": 9}
"""The column of the inode in each of these files (proc_pid_net(5))."""
_RSS = re.compile(r"VmRSS:\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process holds at one moment."""

    descriptors: dict[str, int]
    """How many of each sort it has open."""
    threads: int
    children: int

    def over(self, before: Usage) -> list[str]:
        """Return in words what is more, or less, than it was."""
        names = sorted({*self.descriptors, *before.descriptors})
        pairs = [
            ("threads", before.threads, self.threads),
            ("children", before.children, self.children),
            *(
                (n, before.descriptors.get(n, 0), self.descriptors.get(n, 0))
                for n in names
            ),
        ]
        return [f"{name}: {old} -> {new}" for name, old, new in pairs if old != new]


def _targets(pid: int) -> dict[str, str]:
    """Return what each descriptor leads to."""
    found = {}
    with suppress(FileNotFoundError):
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                found[path.name] = str(path.readlink())
    return found


def _sockets(pid: int) -> dict[str, str]:
    """Return the family of each socket of a process's network namespace."""
    found = {}
    for family, column in _INODES.items():
        rows = Path(f"/proc/{pid}/net/{family}").read_text("utf-8").splitlines()[1:]
        for row in rows:
            found[f"socket:[{row.split()[column]}]"] = f"socket of {family}"
    return found


def usage(pid: int) -> Usage:
    """Return what a process uses now."""
    kinds = _sockets(pid)
    sorts = Counter(
        kinds.get(target) or _NUMBER.sub("N", target)
        for target in _targets(pid).values()
    )
    tasks = list(Path(f"/proc/{pid}/task").iterdir())
    children = sum(len((t / "children").read_text("ascii").split()) for t in tasks)
    return Usage(dict(sorts), len(tasks), children)


def rss(pid: int) -> int:
    """Return the resident memory of a process in KiB."""
    found = _RSS.search(Path(f"/proc/{pid}/status").read_text("utf-8"))
    return int(found[1]) if found else 0


def lost_events(pid: int) -> int:
    """Return how often the kernel dropped an event for one of a process's sockets."""
    own = {t[8:-1] for t in _targets(pid).values() if t.startswith("socket:[")}
    rows = Path(f"/proc/{pid}/net/netlink").read_text("ascii").splitlines()[1:]
    fields = [row.split() for row in rows]
    return sum(int(row[-2]) for row in fields if row[-1] in own)


@dataclass(slots=True)
class Watch:
    """Looks at a process all the time: its memory, and which namespaces it holds."""

    pid: int
    paused: bool = False
    """Claims that the process is stopped, so it lets go of nothing."""
    memory: list[int] = field(default_factory=list)
    """KiB, a second apart."""
    longest: int = 0
    """In so many looks, one right after the other, a namespace was seen held at most.

    A loaded machine lets us wait as long as the process that we look at.
    """
    _held: dict[tuple[str, str], int] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        looks = 0
        while not self._stop.wait(LOOK_SECONDS):
            with suppress(FileNotFoundError, ProcessLookupError):
                if looks % 20 == 0:
                    self.memory.append(rss(self.pid))
                looks += 1
                self._look_at_descriptors()

    def _look_at_descriptors(self) -> None:
        """Note for how long each descriptor of a namespace has been seen."""
        spaces = {
            (fd, to) for fd, to in _targets(self.pid).items() if to.startswith("net:")
        }
        if self.paused:
            spaces.clear()
        self._held = {one: self._held.get(one, 0) + 1 for one in spaces}
        self.longest = max([self.longest, *self._held.values()])
