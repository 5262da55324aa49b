"""What is inside a namespace, asked from outside or from within.

Ids in an answer are in the numbering of the namespace that asked: in ours when asked
from outside, in its own when asked from within.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace

from ocnetview.collectors.decode import RawLink
from ocnetview.collectors.entry import within
from ocnetview.collectors.namespaces import (
    DENIED,
    Inside,
    Namespace,
    entrance,
    list_links,
    reach,
    read_links,
)
from ocnetview.collectors.netlink import Netlink

GONE = frozenset(
    {errno.ENODEV, errno.ENOENT, errno.ENETDOWN, errno.ESRCH, errno.EINVAL}
)
"""What the kernel answers of a namespace that ended meanwhile; no error."""


def visit(netlink: Netlink, namespace: Namespace, home: Namespace) -> None:
    """Read a namespace's id and what is inside, or note why that cannot be done.

    All under one descriptor, for ids are given anew at once: while it is open, its
    id cannot come to mean another namespace. It is entered where the kernel cannot
    be asked from outside, or where no link connects it with ours, `home`, so that
    there is no id to ask by.
    """
    namespace.visited, namespace.gone = True, False
    namespace.inside, namespace.reason = None, ""
    right, fd = "CAP_SYS_PTRACE", -1
    try:
        fd = reach(namespace)
        if not _number(netlink, namespace, fd):
            return
        if netlink.strict and namespace.nsid is not None:
            right = "CAP_NET_ADMIN"
            namespace.inside = read_links(netlink, namespace.nsid)
        else:
            right = "CAP_SYS_ADMIN"
            namespace.inside = _enter(fd, home)
    except OSError as error:
        if error.errno in DENIED:
            namespace.reason = f"{namespace.netns} cannot be read (needs {right})"
        elif error.errno in GONE:
            namespace.gone = True
        else:
            namespace.reason = f"{namespace.netns}: {error.strerror or error}"
    finally:
        if fd >= 0:
            os.close(fd)


def _number(netlink: Netlink, namespace: Namespace, fd: int) -> bool:
    """Ask for a namespace's id; return whether it is a network namespace at all."""
    try:
        namespace.nsid = netlink.nsid(fd)
    except OSError as error:
        # The file is open, so what it leads to is there, and is something else.
        namespace.foreign = error.errno == errno.EINVAL
        if not namespace.foreign:
            raise
    return not namespace.foreign


def _enter(fd: int, home: Namespace) -> Inside:
    """Return what is inside the namespace that is entered, and its id for ours."""

    def read() -> Inside:
        with Netlink() as netlink:
            inside = replace(read_links(netlink), owners={})
            return _asked(netlink, inside, [home])

    return within(fd, read)


def learn(namespace: Namespace, others: Iterable[Namespace]) -> None:
    """Ask an entered namespace for its ids of the others, while any is in question.

    What ends meanwhile, or may not be opened, stays unknown.
    """
    inside = namespace.inside
    if inside is None or not asks(namespace):
        return

    def ask() -> Inside:
        with Netlink() as netlink:
            return _asked(netlink, inside, others)

    with suppress(OSError), entrance(namespace) as fd:
        namespace.inside = within(fd, ask)


def _asked(netlink: Netlink, inside: Inside, others: Iterable[Namespace]) -> Inside:
    """Return the same, knowing whom more of its ids stand for."""
    owners = dict(inside.owners or {})
    wanted = unanswered(inside)
    if not wanted:
        return inside
    for other in others:
        with suppress(OSError), entrance(other) as fd:
            nsid = netlink.nsid(fd)
            if nsid in wanted:
                owners[nsid] = other.netns
        if wanted <= owners.keys():
            break
    unsure = unlike(inside.links, list_links(netlink))
    return replace(inside, owners=owners, unsure=inside.unsure | unsure)


def asks(namespace: Namespace) -> bool:
    """Claim that a namespace was entered, and has an id of which nobody is known."""
    inside = namespace.inside
    return bool(inside and inside.owners is not None and unanswered(inside))


def unanswered(inside: Inside) -> set[int]:
    """Return the ids of an entered namespace of which nobody is known yet."""
    return ids_of(inside.links) - (inside.owners or {}).keys()


def ids_of(links: Iterable[RawLink]) -> set[int]:
    """Return the ids of the namespaces that these links lead to."""
    return {link.nsid for link in links if link.nsid is not None and link.nsid >= 0}


def unlike(before: Collection[RawLink], after: Collection[RawLink]) -> frozenset[int]:
    """Return the indexes of links whose id may have come to mean another namespace.

    An id is free as soon as its namespace ends, and the next one gets it. But while
    a link's peer is there, so is the peer's namespace: who is still as it was when
    all ids had been asked for, had the same namespace behind its id all the time.
    """
    now = {link.ifindex: link for link in after}
    numbered = (link for link in before if link.nsid is not None)
    return frozenset(
        link.ifindex for link in numbered if not _same(link, now.get(link.ifindex))
    )


def _same(before: RawLink, after: RawLink | None) -> bool:
    """Claim that a link is the one it was, its peer in the namespace it was in."""
    return after is not None and (
        (before.kind, before.mac, before.nsid, before.peer_index)
        == (after.kind, after.mac, after.nsid, after.peer_index)
    )
