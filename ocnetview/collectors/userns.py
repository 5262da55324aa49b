"""Who owns the user namespace that a process is in."""

from __future__ import annotations

import fcntl
import os
import struct

_NS_GET_OWNER_UID = 0xB704
"""_IO(0xb7, 4) of linux/nsfs.h, ioctl_nsfs(2); since kernel 4.11."""


def userns_owner(proc: str, pid: int) -> int | None:
    """Return the uid of who made a process's user namespace; None when not readable.

    Of the first one it is root; of a container without root the user who runs it.
    """
    try:
        fd = os.open(f"{proc}/{pid}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        said = fcntl.ioctl(fd, _NS_GET_OWNER_UID, struct.pack("=I", 0))
    except OSError:
        return None
    finally:
        os.close(fd)
    return int(struct.unpack("=I", said)[0])
