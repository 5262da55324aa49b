"""/proc/PID/stat, the one line of a process that every reader of processes needs."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

_CHUNK = 1 << 14
"""Bytes that are read at once; most files of a process have less."""


def read_file(path: str) -> bytes:
    """Return all of a file of /proc.

    Python's own file objects take twice as long, most of it for nothing here.

    Raises:
        OSError: what `open` or `read` raises.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        content = part = os.read(fd, _CHUNK)
        while part:
            part = os.read(fd, _CHUNK)
            content += part
        return content
    finally:
        os.close(fd)


def read_line(path: str) -> bytes:
    """Return a file of /proc that is one line: the kernel gives all of it at once.

    Raises:
        OSError: what `open` or `read` raises.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(fd, _CHUNK)
    finally:
        os.close(fd)


class Stat(NamedTuple):
    """The fields of /proc/PID/stat that we use (proc_pid_stat(5), by its numbers)."""

    name: bytes
    """Field 2, comm; may hold any byte but NUL, parentheses and blanks too."""
    state: bytes
    """Field 3, one letter."""
    ppid: int
    """Field 4."""
    cpu_ticks: int
    """Fields 14 and 15, utime + stime, in clock ticks."""
    threads: int
    """Field 20."""
    start_time: int
    """Field 22, clock ticks after boot; with the pid a process's identity."""
    pages: int
    """Field 24, resident pages."""
    image: tuple[bytes, ...] = ()
    """Fields 26 to 28, where code and stack begin: other ones after each exec."""


def parse_stat(line: bytes) -> Stat:
    """Return the fields of one line.

    Raises:
        ValueError: it is no such line.
    """
    name = line[line.index(b"(") + 1 : line.rindex(b")")]
    fields = line[line.rindex(b")") + 2 :].split(None, 26)
    # Split from field 3 on, so that field n stands at n - 3.
    try:
        return Stat(
            name=name,
            state=fields[0],
            ppid=int(fields[1]),
            cpu_ticks=int(fields[11]) + int(fields[12]),
            threads=int(fields[17]),
            start_time=int(fields[19]),
            pages=int(fields[21]),
            image=tuple(fields[23:26]),
        )
    except IndexError as error:
        raise ValueError(f"{len(fields) + 2} fields, not 24") from error


def read_stat(proc: str, pid: int | str) -> Stat:
    """Return a process's fields.

    Raises:
        FileNotFoundError: there is no such process.
        ProcessLookupError: it ended while it was read.
        PermissionError: /proc is mounted with hidepid and the process is another's.
        ValueError: the file is not what the kernel writes.
    """
    return parse_stat(read_line(f"{proc}/{pid}/stat"))


def start_time(proc: str, pid: int) -> int | None:
    """Return when a process started, in clock ticks after boot; None if not seen.

    Of the fields only this one is read, for many are asked for it.
    """
    with suppress(OSError, ValueError, IndexError):
        line = read_line(f"{proc}/{pid}/stat")
        return int(line[line.rindex(b")") + 2 :].split(None, 20)[19])
    return None
