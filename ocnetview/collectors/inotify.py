"""Events of folders, by inotify(7)."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

IN_ATTRIB = 0x4
IN_CLOSE_WRITE = 0x8
IN_MOVED_FROM = 0x40
IN_MOVED_TO = 0x80
IN_CREATE = 0x100
IN_DELETE = 0x200
IN_Q_OVERFLOW = 0x4000
IN_IGNORED = 0x8000
IN_ONLYDIR = 0x1000000
IN_DONT_FOLLOW = 0x2000000
IN_ISDIR = 0x40000000

ENTRIES = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
"""Which entries there are."""
CONTENTS = ENTRIES | IN_CLOSE_WRITE | IN_ATTRIB
"""What is in them too."""
_EVENT = struct.Struct("=iIII")
"""struct inotify_event without its name: wd, mask, cookie, len."""
_READ = 1 << 16
_libc = ctypes.CDLL(None, use_errno=True)


class Event(NamedTuple):
    """Something that happened to an entry of a watched folder."""

    watch: int
    """What `add` returned; -1 when events were lost (IN_Q_OVERFLOW)."""
    mask: int
    name: str


class Inotify:
    """An inotify descriptor that tells which entries of folders come and go."""

    def __init__(self) -> None:
        """Open it.

        Raises:
            OSError: the user has too many (EMFILE), or it is forbidden here.
        """
        flags = os.O_CLOEXEC | os.O_NONBLOCK
        self._fd = _checked(_libc.inotify_init1(flags))

    def fileno(self) -> int:
        """Return the descriptor, readable when there are events."""
        return self._fd

    def close(self) -> None:
        """Give it back."""
        os.close(self._fd)

    def add(self, folder: str, mask: int = ENTRIES | IN_DONT_FOLLOW) -> int:
        """Watch a folder for what the mask says; return the watch's number.

        One that is watched already keeps its number.

        Raises:
            OSError: it is no folder, may not be read, or there are too many (ENOSPC).
        """
        path = os.fsencode(folder)
        return _checked(_libc.inotify_add_watch(self._fd, path, mask | IN_ONLYDIR))

    def read(self) -> Iterator[Event]:
        """Yield the events that are queued."""
        with suppress(BlockingIOError):
            while True:
                content = os.read(self._fd, _READ)
                place = 0
                while place < len(content):
                    watch, mask, _, length = _EVENT.unpack_from(content, place)
                    place += _EVENT.size
                    name = content[place : place + length].rstrip(b"\0")
                    place += length
                    yield Event(watch, mask, os.fsdecode(name))


def _checked(result: int) -> int:
    """Return a call's result; raise what its errno says when it failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
