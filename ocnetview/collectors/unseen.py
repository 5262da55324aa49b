"""Processes whose network namespace may not be seen, by our id for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from ocnetview.collectors.namespaces import (
    DENIED,
    Namespace,
    entrance,
    read_links,
)
from ocnetview.collectors.netlink import Netlink
from ocnetview.facts import Netns


def add_unseen(
    netlink: Netlink,
    pids: Iterable[int],
    owners: Mapping[int, Netns],
    found: dict[Netns, Namespace],
    home: Namespace,
) -> Mapping[int, Netns]:
    """Add these processes to the namespaces that they are in; return all owners.

    The kernel tells anybody our id for a process's namespace (RTM_GETNSID by
    NETNSA_PID), while its identity takes CAP_SYS_PTRACE. So each is known by one
    that a link joins with ours, `home`; and one that nothing else leads to is known
    by nothing but that. Its inside is read by it where CAP_NET_ADMIN allows that.
    """
    numbered = dict(owners)
    for pid in sorted(pids):
        nsid = _nsid(netlink, pid)
        if nsid is None:
            continue
        netns = numbered.setdefault(nsid, Netns(0, nsid))
        if netns.dev == 0 and netns not in found:
            found[netns] = _visited(netlink, pid, Namespace(netns, nsid=nsid), home)
        if netns in found:
            found[netns].pids += (pid,)
    return numbered


def _nsid(netlink: Netlink, pid: int) -> int | None:
    """Return our id for a process's namespace; None for none, or when it ended."""
    with suppress(OSError):
        return netlink.nsid_of(pid)
    return None


def _visited(
    netlink: Netlink, pid: int, namespace: Namespace, home: Namespace
) -> Namespace:
    """Return a namespace with what is inside, or with what hinders that."""
    right = "CAP_SYS_PTRACE"
    try:
        if netlink.strict:
            right = "CAP_SYS_PTRACE or CAP_NET_ADMIN"
            inside = replace(
                read_links(netlink, namespace.nsid), owners=_home(netlink, home)
            )
            # As long as the process is in it, its id has not come to mean another.
            if _nsid(netlink, pid) == namespace.nsid:
                namespace.inside = inside
                return namespace
    except OSError as error:
        if error.errno not in DENIED:
            namespace.gone = True
            return namespace
    namespace.reason = f"/proc/{pid}/ns/net cannot be read (needs {right})"
    return namespace


def _home(netlink: Netlink, home: Namespace) -> Mapping[int, Netns]:
    """Return our id for ourselves; reading another namespace may have given us it."""
    with suppress(OSError), entrance(home) as fd:
        own = netlink.nsid(fd)
        return {} if own is None else {own: home.netns}
    return {}
