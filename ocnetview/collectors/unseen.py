"""Processes whose network namespace may not be seen, by our id for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Protocol

from ocnetview.collectors.namespaces import Namespace
from ocnetview.facts import Netns


class Numbers(Protocol):
    """Whoever can be asked for the id of a process's namespace."""

    def nsid_of(self, pid: int) -> int | None:
        """Return our id for the namespace that a process is in; None for no id."""


def add_unseen(
    netlink: Numbers,
    pids: Iterable[int],
    owners: Mapping[int, Netns],
    found: dict[Netns, Namespace],
) -> Mapping[int, Netns]:
    """Add these processes to the namespaces that they are in; return all owners.

    The kernel tells anybody the id (RTM_GETNSID by NETNSA_PID), while identity and
    inside take CAP_SYS_PTRACE. So each is known by one that a link joins with ours,
    and one that nothing else leads to by nothing but that.
    """
    numbered = dict(owners)
    for pid in sorted(pids):
        nsid = None
        with suppress(OSError):
            nsid = netlink.nsid_of(pid)
        if nsid is None:
            continue
        netns = numbered.setdefault(nsid, Netns(0, nsid))
        if netns.dev == 0 and netns not in found:
            reason = f"/proc/{pid}/ns/net cannot be read (needs CAP_SYS_PTRACE)"
            found[netns] = Namespace(netns, nsid=nsid, reason=reason)
        if netns in found:
            found[netns].pids += (pid,)
    return numbered
