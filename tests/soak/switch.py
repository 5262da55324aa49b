"""Ports of Open vSwitch's br0, added and removed in batches, as they come."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, field

PAUSE = 0.25
"""Seconds between two transactions at least."""
INTERNALS = 4
"""Ports of type internal, which come and go beside those of the pods."""


@dataclass(slots=True)
class Switch:
    """What br0 is to hold and what it may hold; a transaction makes them the same."""

    wanted: dict[str, str] = field(default_factory=dict)
    """What is to be set of each port, by name."""
    given: dict[str, str] = field(default_factory=dict)
    """What was asked for and may have been done."""
    failures: int = 0
    """Transactions that the daemon did not take, as when it is dead."""
    _running: subprocess.Popen[bytes] | None = None
    _asked: dict[str, str] = field(default_factory=dict)
    _next: float = 0.0
    _turns: int = 0

    def add(self, name: str, address: str) -> None:
        """Have a port of this name."""
        self.wanted[name] = f"external_ids:ip={address}"

    def remove(self, name: str) -> None:
        """Have no port of this name any more."""
        self.wanted.pop(name, None)

    def turn(self, *, lively: bool) -> None:
        """Begin the next transaction, if it is time and there is something to do.

        Ports of its own come and go as long as all is `lively`.
        """
        now = time.monotonic()
        if self._running:
            if self._running.poll() is None:
                return
            self._done(self._running.returncode)
        if now < self._next:
            return
        self._next = now + PAUSE
        self._turns += 1
        name = f"int{self._turns // 4 % INTERNALS}"
        if lively and self._turns % 4 == 0 and self.wanted.pop(name, None) is None:
            self.wanted[name] = "type=internal"
        self._begin()

    def _begin(self) -> None:
        """Start a transaction where something is other than it is to be."""
        parts: list[str] = []
        for name, what in self.given.items():
            if self.wanted.get(name) != what:
                parts += ["--", "--if-exists", "del-port", "br0", name]
        for name, what in self.wanted.items():
            if self.given.get(name) != what:
                parts += ["--", "--may-exist", "add-port", "br0", name]
                parts += ["--", "set", "Interface", name, what]
        if not parts:
            return
        self._asked = dict(self.wanted)
        null = subprocess.DEVNULL
        command = ["ovs-vsctl", "--timeout=8", "--no-wait", *parts]
        self._running = subprocess.Popen(command, stdin=null, stdout=null, stderr=null)

    def _done(self, code: int) -> None:
        """Note what a transaction did."""
        self._running = None
        if code:
            self.failures += 1
            # Nobody knows whether it was done: both is to be mended.
            self.given |= dict.fromkeys(self._asked, "unknown")
        else:
            self.given = self._asked

    def finish(self) -> None:
        """Make it all as it is to be, and wait until vswitchd did it, too."""
        for number in range(INTERNALS):
            self.wanted.pop(f"int{number}", None)
        while self._running or self.given != self.wanted:
            if self._running:
                self._done(self._running.wait())
            if self.given != self.wanted:
                self._begin()
        subprocess.run(
            [
                "ovs-vsctl",
                "--timeout=30",
                "set",
                "Bridge",
                "br0",
                "other_config:soak=done",
            ],
            check=True,
        )
        subprocess.run(
            [
                "ovs-vsctl",
                "--timeout=30",
                "remove",
                "Bridge",
                "br0",
                "other_config",
                "soak",
            ],
            check=True,
        )
