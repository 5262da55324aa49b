"""Sockets of the node's own network namespace, which may not be ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ocnetview.collectors.entry import within
from ocnetview.collectors.link_events import (
    RTNLGRP_IPV4_IFADDR,
    RTNLGRP_IPV6_IFADDR,
    RTNLGRP_LINK,
    RTNLGRP_NSID,
    LinkEvents,
)
from ocnetview.collectors.namespaces import opened
from ocnetview.collectors.netlink import Netlink
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.units import printable

NAME = "rtnetlink"
"""The source whose sockets they are."""
GROUPS = (RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_NSID)
"""What is told: links, addresses, and which namespaces have an id."""
_T = TypeVar("_T")


def open_events(settings: Settings) -> LinkEvents:
    """Return what hears of every change of links.

    Raises:
        OSError: the kernel refuses the socket.
        CollectorError: the node's network namespace cannot be entered.
    """
    return _opened(settings.netns, lambda: LinkEvents(GROUPS))


def open_netlink(settings: Settings) -> Netlink:
    """Return what asks for links.

    Raises:
        OSError: the kernel refuses the socket.
        CollectorError: the node's network namespace cannot be entered.
    """
    return _opened(settings.netns, Netlink)


def _opened(netns: str, make: Callable[[], _T]) -> _T:
    """Return a socket that is made in this namespace; empty for our own."""
    if not netns:
        return make()
    try:
        with opened(netns) as fd:
            return within(fd, make)
    except PermissionError as error:
        # Its file takes the one right, entering it the other.
        opening = error.filename is not None
        hint = "needs CAP_SYS_PTRACE" if opening else "needs CAP_SYS_ADMIN"
        doing = f"enter the node's network namespace {printable(netns)}"
        raise CollectorError(NAME, doing, "permission denied", hint) from error
