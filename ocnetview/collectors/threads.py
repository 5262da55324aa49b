"""The threads of a process, from /proc/PID/task; read only when they are looked at."""

from __future__ import annotations

import os
from contextlib import suppress

from ocnetview.collectors.stat import read_stat
from ocnetview.facts import Process, Thread


def read_threads(proc: str, process: Process) -> tuple[Thread, ...]:
    """Return every thread of a process, by tid; none when it ended.

    The only thread of a process is what the process itself is: nothing is read.
    """
    if process.threads <= 1:
        return (
            Thread(
                process.pid,
                process.start_time,
                process.name,
                process.state,
                process.cpu_ticks,
            ),
        )
    folder = f"{proc}/{process.pid}/task"
    with suppress(OSError):
        tids = sorted(map(int, os.listdir(folder)))
        found = (_read(folder, tid) for tid in tids)
        return tuple(thread for thread in found if thread)
    return ()


def _read(folder: str, tid: int) -> Thread | None:
    """Return a thread; None where it ended meanwhile."""
    try:
        stat = read_stat(folder, tid)
    except (OSError, ValueError):
        return None
    name = stat.name.decode("utf-8", "backslashreplace")
    return Thread(tid, stat.start_time, name, stat.state.decode(), stat.cpu_ticks)
