"""Whether any process was born or ended, from one line of /proc/loadavg."""

from __future__ import annotations

from contextlib import suppress

from ocnetview.collectors.signs import shows_our_pid
from ocnetview.collectors.stat import read_file


class Loadavg:
    """Tells that who is listed in /proc is the same as before, without listing.

    The fourth field holds how many tasks there are, the fifth the pid that was given
    last in the reader's pid namespace (proc_loadavg(5)): a birth there changes the
    latter, an end the former. Of another namespace's processes they say nothing.
    """

    def __init__(self, proc: str) -> None:
        """Read it in this proc file system, if that is of our own pid namespace."""
        self._path = f"{proc}/loadavg" if shows_our_pid(proc) else ""
        self._said: tuple[bytes, ...] = ()

    def changed(self) -> bool:
        """Claim that some may have been born or ended since the last call."""
        said: tuple[bytes, ...] = ()
        if self._path:
            with suppress(OSError):
                said = _fields(read_file(self._path))
        same = bool(said) and said == self._said
        self._said = said
        return not same


def _fields(line: bytes) -> tuple[bytes, ...]:
    """Return the number of tasks and the last pid; nothing when it is no such line."""
    fields = line.split()
    if len(fields) != 5:  # noqa: PLR2004 - three averages before these two
        return ()
    _, _, tasks = fields[3].partition(b"/")  # those that run now before it
    return (tasks, fields[4])
