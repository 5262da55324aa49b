"""The life of the process that listens at a socket."""

from __future__ import annotations

import os
import select
import socket
import struct

_UCRED = struct.Struct("=iII")
"""struct ucred of unix(7): pid, uid, gid."""


def listener(peer: socket.socket) -> int:
    """Return who listens at a connected Unix socket, as we number processes.

    SO_PEERCRED; 0 for one that is not below our pid namespace. With socket activation
    it is who made the socket.
    """
    ucred = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    return int(_UCRED.unpack(ucred)[0])


class Lifeline:
    """A descriptor that becomes readable once a process has ended (pidfd_open(2))."""

    def __init__(self, pid: int) -> None:
        """Follow this process.

        Raises:
            OSError: there is no such process, or the kernel has no such descriptors.
        """
        self._fd = os.pidfd_open(pid)

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._fd

    def drain(self) -> bool:
        """Return whether the process has ended."""
        return bool(select.select([self._fd], [], [], 0)[0])

    def close(self) -> None:
        """Follow it no longer."""
        os.close(self._fd)
