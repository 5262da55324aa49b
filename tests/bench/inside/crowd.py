"""Run in the lab: a tree of processes in a container's cgroup, and others beside it.

python crowd.py FOLDER TREE OTHERS. It prints the pid of the tree's root, and ends
with its input.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import NoReturn

CHILDREN = 3
"""So many has each process of the tree, as far as there are."""


def grow(place: int, size: int) -> NoReturn:
    """Be the tree's process of this place, with all those below it."""
    first = CHILDREN * place + 1
    for child in range(first, min(first + CHILDREN, size)):
        if not os.fork():
            grow(child, size)
    sleep(f"{100000 + place}")


def sleep(seconds: str) -> NoReturn:
    """Become busybox's sleep, which takes little memory."""
    os.execv(str(shutil.which("busybox")), ["sleep", seconds])  # noqa: S606 - no shell


def processes(folder: Path) -> list[int]:
    """Return the pids of a cgroup."""
    return [int(pid) for pid in (folder / "cgroup.procs").read_text("ascii").split()]


def main() -> None:
    """Make them, say the root, wait for the end of the input, end them."""
    folder, tree, others = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True)
    busybox, null = str(shutil.which("busybox")), os.open(os.devnull, os.O_RDWR)
    files = [(os.POSIX_SPAWN_DUP2, null, fd) for fd in range(3)]
    beside = [
        os.posix_spawn(busybox, ["sleep", "infinity"], {}, file_actions=files)
        for _ in range(others)
    ]
    root = os.fork()
    if not root:
        for fd in range(3):
            os.dup2(null, fd)
        (folder / "cgroup.procs").write_text("0", "ascii")
        grow(0, tree)
    while len(processes(folder)) < tree:
        os.sched_yield()
    print(root, flush=True)  # noqa: T201 - the answer to the rig
    sys.stdin.read()
    for pid in (*processes(folder), *beside):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
