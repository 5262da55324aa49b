"""Unix sockets whose path is longer than their address holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST = 107
"""Bytes of a path in struct sockaddr_un, its end not counted (unix(7))."""


@contextmanager
def reachable(path: str) -> Iterator[str]:
    """Give a path of the same socket that fits, good for this block only.

    From another root a node's paths grow; a longer one leads by a descriptor of its
    folder.

    Raises:
        OSError: the folder cannot be entered.
    """
    if len(os.fsencode(path)) <= _LONGEST:
        yield path
        return
    folder, name = os.path.split(path)
    fd = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{fd}/{name}"
    finally:
        os.close(fd)
