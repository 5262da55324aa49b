"""Paths as they are for somebody with another root, who may have laid traps there."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

_MOST_LINKS = 40
"""As many as the kernel itself follows (path_resolution(7))."""
_FLAGS = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def below(root: str, path: str) -> Iterator[int]:
    """Give an O_PATH descriptor of what a path leads to below this root.

    Each part is opened by itself, and links are followed by hand: none leads out,
    whatever is changed there meanwhile. openat2(2) with RESOLVE_IN_ROOT does the
    same, but is not in every kernel, and not allowed in every container.

    Raises:
        OSError: there is nothing, or it may not be reached.
        ValueError: it is no path.
    """
    trail = [os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)]
    try:
        _walk(trail, path)
        yield trail[-1]
    finally:
        for fd in trail:
            os.close(fd)


def _walk(trail: list[int], path: str) -> None:
    """Follow a path; what leads to its end is left open, for `..` goes back there."""
    parts, links = path.split("/")[::-1], 0
    while parts:
        part = parts.pop()
        if part == "..":
            _cut(trail, max(1, len(trail) - 1))
        if part in {"", ".", ".."}:
            continue
        fd = os.open(part, _FLAGS, dir_fd=trail[-1])
        trail.append(fd)
        if not stat.S_ISLNK(os.fstat(fd).st_mode):
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        target = os.readlink("", dir_fd=fd)
        _cut(trail, 1 if target.startswith("/") else len(trail) - 1)
        parts += target.split("/")[::-1]


def _cut(trail: list[int], length: int) -> None:
    """Go back along the trail."""
    while len(trail) > length:
        os.close(trail.pop())
