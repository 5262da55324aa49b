"""What we may do here, and what is not seen where we may not."""

from __future__ import annotations

import os
from contextlib import suppress

from ocnetview.facts import Right

_FIRST_USERS = 0xEFFFFFFD
"""PROC_USER_INIT_INO of linux/proc_ns.h: the inode of the first user namespace."""
_CAPABILITIES = {
    "CAP_DAC_OVERRIDE": (1, "what root's sockets and files tell: containers, OVS"),
    "CAP_NET_BROADCAST": (11, "changes in other namespaces within less than 10 s"),
    "CAP_NET_ADMIN": (12, "links and addresses in other network namespaces"),
    "CAP_SYS_PTRACE": (19, "namespaces of others' processes that no link joins to us"),
    "CAP_SYS_ADMIN": (21, "the inside of namespaces that no link joins to us"),
}
"""Each capability's bit (linux/capability.h), and what takes it."""
_ELSEWHERE = "held in our own user namespace only"


def own_users() -> bool:
    """Claim that we are in a user namespace other than the machine's first.

    Capabilities there are over what belongs to it, not over the machine.
    """
    with suppress(OSError):
        return os.stat("/proc/self/ns/user").st_ino != _FIRST_USERS
    return False


def read_rights(*, inside: bool, enters: bool) -> tuple[Right, ...]:
    """Return what we need to see everything, and whether we may.

    Args:
        inside: claims that the node is outside of a user namespace that we are in.
        enters: claims that even the node's own links take entering a namespace.
    """
    held = _effective()
    rights = []
    for name, (bit, without) in _CAPABILITIES.items():
        # Who owns a socket or folder needs no right to override its mode.
        owns = name == "CAP_DAC_OVERRIDE" and os.geteuid() == 0
        has = bool(held >> bit & 1) or owns
        lost = f"the node's links; {without}" if enters and bit in _ENTER else without
        note = f"{lost} ({_ELSEWHERE})" if has and inside else lost
        rights.append(Right(name, has and not inside, note))
    return tuple(rights)


_ENTER = frozenset({19, 21})
"""The bits of what entering pid 1's network namespace takes."""


def _effective() -> int:
    """Return the effective capabilities, a bit each (CapEff, proc_pid_status(5))."""
    with suppress(OSError), open("/proc/self/status", "rb") as file:
        for line in file:
            if line.startswith(b"CapEff:"):
                return int(line.split()[1], 16)
    return 0
