"""Where ocnetview itself runs, and what it may do there."""

from __future__ import annotations

from enum import StrEnum

from ocnetview.frozen import dataclass


class PlaceKind(StrEnum):
    """What kind of place it is."""

    HOST = "on the host"
    CHROOT = "in a container, changed root to the host's"
    CONTAINER = "in a container that sees the host's processes"
    FILES = "in a container that sees the host's files only"
    ALONE = "in a container of its own"


@dataclass(frozen=True, slots=True)
class Right:
    """A capability or permission, and what cannot be seen without it."""

    name: str
    """CAP_NET_ADMIN, ...; the kernel's own name."""
    held: bool
    without: str
    """What is not seen where it is missing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where we are, where the host's files and processes are, and why we think so."""

    kind: PlaceKind = PlaceKind.HOST
    host_root: str = ""
    """What to put before a path of the host; empty where paths are its own."""
    proc: str = "/proc"
    """The host's proc file system."""
    netns: str = ""
    """The file of the node's network namespace; empty where it is our own."""
    why: tuple[str, ...] = ()
    """The signs that led to this."""
    rights: tuple[Right, ...] = ()
