"""A program in a terminal of its own, and what it writes there."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence

ROWS, COLUMNS = 45, 160
_PLACE = re.compile(rb"\x1b\[[0-9;]*[Hf]")
"""The cursor goes elsewhere: what stands before and after is not one text."""
_CONTROL = re.compile(
    rb"\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b[P\]^_].*?(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]",
    re.DOTALL,
)

_TAIL = 500
"""Bytes; what is looked for is shorter."""


def plain(raw: bytes) -> str:
    """Return the text in what a program wrote, each piece of a row on its own line."""
    return _CONTROL.sub(b"", _PLACE.sub(b"\n", raw)).decode("utf-8", "replace")


class Terminal:
    """A program that runs in 160 columns and 45 rows."""

    def __init__(self, *command: str) -> None:
        """Start it."""
        self._fd, inside = pty.openpty()
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(inside, termios.TIOCSWINSZ, size)
        places = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            command,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env=os.environ | places,
            start_new_session=True,
        )
        os.close(inside)
        self.pid = self._process.pid

    def fileno(self) -> int:
        """Return a descriptor that is readable when it wrote something."""
        return self._fd

    def press(self, keys: str) -> float:
        """Send it keys; return the moment."""
        os.write(self._fd, keys.encode())
        return time.monotonic()

    def read(self) -> bytes:
        """Return what it wrote by now; nothing once it ended."""
        try:
            return os.read(self._fd, 1 << 16)
        except OSError:
            return b""

    def wait_for(self, shown: Callable[[str], bool], seconds: float) -> float | None:
        """Return when it had shown something; None if it did not within this time.

        `shown` is asked of each piece of text, with a bit of the piece before.
        """
        deadline = time.monotonic() + seconds
        tail = b""
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._fd], [], [], left)[0]:
                return None
            said = self.read()
            if not said:
                return None
            at = time.monotonic()
            if shown(plain(tail + said)):
                return at
            tail = (tail + said)[-_TAIL:]
        return None

    def close(self) -> None:
        """End it at once."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        os.close(self._fd)


def look_on(terminals: Sequence[Terminal], seconds: float) -> None:
    """Take what they write for so long, as a terminal emulator would."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select(terminals, [], [], left)
        for terminal in ready:
            terminal.read()
