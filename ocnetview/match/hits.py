"""What a search of the node finds."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ocnetview.units import printable


class Kind(StrEnum):
    """What a hit is."""

    POD = "pod"
    CONTAINER = "container"
    NETNS = "netns"
    BRIDGE = "bridge"
    PORT = "port"
    LINK = "link"
    INSIDE = "inside"
    """An interface inside a pod."""
    PROCESS = "process"
    PID = "PID"
    TID = "TID"
    IFINDEX = "ifindex"
    OFPORT = "ofport"
    INODE = "netns inode"
    ADDRESS = "IP"
    MAC = "MAC"
    POD_ID = "pod uid"
    SANDBOX_ID = "sandbox id"
    CONTAINER_ID = "container id"


class Target(NamedTuple):
    """Where a hit leads: keys of the model, empty where there is none."""

    pod: str = ""
    port: str = ""
    process: str = ""
    bridge: str = ""
    container: str = ""
    """A container's id."""


class Hit(NamedTuple):
    """Something that the text may mean; texts are untrusted."""

    kind: Kind
    text: str
    """What it is called or numbered."""
    of: str
    """What it belongs to."""
    target: Target

    @property
    def key(self) -> str:
        """Return what tells it from all others."""
        return "\0".join((self.kind, self.text, *self.target))


def spoken(hit: Hit) -> tuple[str, str, str]:
    """Return kind, text and what it belongs to, safe to print."""
    return (str(hit.kind), printable(hit.text), printable(hit.of))
