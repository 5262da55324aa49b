"""The real screen, in a terminal of its own, and all that it ever showed."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import termios
import threading

from node.lab import Lab
from soak.compare import interpreters_words
from soak.stage import ENVIRONMENT

_CTRL_Q = b"\x11"
"""It quits wherever the user is, and begins no longer key as an escape does."""
_SIZE = struct.pack("HHHH", 45, 160, 0, 0)
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\)|\x1b.|[\x00-\x1f]"
)
"""ECMA-48's control sequences and strings: what a terminal does not show."""
KEYS = (
    "j",
    "\t",
    "j",
    "\r",
    "\x1b",
    "s",
    "b",
    "S",
    "\x1b",
    "c",
    "d",
    "\x1b",
    "/q\r",
    "\x1b",
)


class Screen:
    """`ocnetview` on a terminal."""

    def __init__(self, lab: Lab) -> None:
        """Start it."""
        self._terminal, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, _SIZE)
        self._popen = subprocess.Popen(
            lab.command("setpriv", "--pdeathsig", "KILL", "--", "ocnetview"),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env=lab.environment | ENVIRONMENT | {"TERM": "xterm-256color"},
        )
        os.close(theirs)
        self.shown = 0
        """Bytes that it drew until now."""
        self.wrong: list[str] = []
        """What it showed that no user is to read."""
        self._pressed = 0
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        """Take what it draws until its end, and look for what must not be there."""
        rest = ""
        while True:
            try:
                piece = os.read(self._terminal, 1 << 16)
            except OSError:
                break  # EIO: nobody has the other side open any more
            self.shown += len(piece)
            text = rest + piece.decode("utf-8", "replace")
            self.wrong += interpreters_words(_CONTROL.sub("\n", text))
            rest = text[-200:]

    def press(self) -> None:
        """Press the next key of a user who looks around."""
        os.write(self._terminal, KEYS[self._pressed % len(KEYS)].encode())
        self._pressed += 1

    def close(self) -> int:
        """Quit as a user does; return its exit code."""
        os.write(self._terminal, _CTRL_Q)
        try:
            code = self._popen.wait(20)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            code = self._popen.wait()
        self._thread.join(10)
        os.close(self._terminal)
        return code
