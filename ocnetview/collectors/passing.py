"""Processes that came and went between two readings, as the kernel told of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from ocnetview.collectors.stat import read_file
from ocnetview.facts import Brief, Process

_TICKS = os.sysconf("SC_CLK_TCK")
_NANO = 1_000_000_000
_UNKNOWN = "?"
"""The name of what executed a program and ended before it could be read."""


class _Birth(NamedTuple):
    """A fork."""

    parent: int
    at: int
    """Nanoseconds after boot."""
    command: tuple[str, ...] | None = None
    """What it executed since, as far as that could be read; None for nothing."""
    end: tuple[int, int] | None = None
    """When it ended, and with what."""


class Passing:
    """Keeps each process that forks until a reading has seen it, or it has ended."""

    def __init__(self, proc: str) -> None:
        """Look in this proc file system for what a process has executed."""
        self._proc = proc
        self._births: dict[int, _Birth] = {}

    def forget(self) -> None:
        """Forget all: something was lost, and what it was nobody knows."""
        self._births.clear()

    def forked(self, parent: int, child: int, at: int) -> None:
        """Take that a process made another one."""
        self._births[child] = _Birth(parent, at)

    def executed(self, pid: int) -> None:
        """Take that a process became another program; look which, if it still runs."""
        birth = self._births.get(pid)
        if birth:
            command = b""
            with suppress(OSError):
                command = read_file(f"{self._proc}/{pid}/cmdline").rstrip(b"\0")
            words = command.decode("utf-8", "backslashreplace").split("\0")
            self._births[pid] = birth._replace(command=tuple(filter(None, words)))

    def ended(self, pid: int, at: int, code: int) -> None:
        """Take that a process has ended."""
        birth = self._births.get(pid)
        if birth:
            self._births[pid] = birth._replace(end=(at, code))

    def take(
        self, before: Mapping[int, Process], now: Mapping[int, Process]
    ) -> Iterator[Brief]:
        """Yield those that ended and that no reading has seen, of what is looked at.

        These are the readings before and after, by pid. Others are kept only as long
        as they are of a process that is looked at.
        """
        kept: dict[int, _Birth] = {}
        found = dict(before)
        found.update(now)
        for pid, birth in self._births.items():
            parent = found.get(birth.parent)
            if parent is None or pid in now or pid in before:
                continue
            brief = _brief(pid, birth, parent)
            found[pid] = brief.process
            if birth.end:
                yield brief
            else:
                kept[pid] = birth
        self._births = kept


def _brief(pid: int, birth: _Birth, parent: Process) -> Brief:
    """Return what is known of a process that nobody has seen."""
    name = parent.name if birth.command is None else (birth.command or (_UNKNOWN,))[0]
    until, code = birth.end or (birth.at, 0)
    process = Process(
        pid=pid,
        start_time=birth.at * _TICKS // _NANO,
        ppid=birth.parent,
        inner_pid=pid,
        name=name.rpartition("/")[2],
        command=birth.command or (),
        state="X",
        uid=parent.uid,
        user=parent.user,
        container_id=parent.container_id,
        netns=parent.netns,
    )
    return Brief(process, (until - birth.at) / _NANO, code)
