"""Finds a tool of the node's: ours, or one inside the node's root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ocnetview.config import Settings
from ocnetview.errors import ProbeAbsentError

_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin")
"""Where tools are that an ordinary user's PATH leaves out."""
_PACKAGES = {
    "tcpdump": ("tcpdump", "tcpdump"),
    "ovs-ofctl": ("openvswitch", "openvswitch-switch"),
    "ovs-appctl": ("openvswitch", "openvswitch-switch"),
    "ovs-vsctl": ("openvswitch", "openvswitch-switch"),
}
"""What `dnf` and `apt` call what a tool is part of."""
_IMMUTABLE = "run/ostree-booted"
"""What RHCOS and its like have, where no package is installed by hand."""


def find_tool(settings: Settings, name: str, subject: str, doing: str) -> list[str]:
    """Return how a command line that runs this tool begins.

    Ours comes first, from PATH or where system tools are; else the one inside of the
    node's root, which is run there, so that it finds its libraries.

    Raises:
        ProbeAbsentError: there is none, with what would bring it.
    """
    for path in _ours(name):
        return [path]
    root = settings.host_root.rstrip("/")
    if root:
        for folder in _FOLDERS:
            if _runs(f"{root}{folder}/{name}"):
                for chroot in _ours("chroot"):
                    return [chroot, root, f"{folder}/{name}"]
    raise ProbeAbsentError(subject, doing, f"no {name} was found", _advice(name, root))


def _ours(name: str) -> Iterator[str]:
    """Yield where we have a tool."""
    named = os.environ.get("PATH", os.defpath).split(os.pathsep)
    for folder in (*filter(os.path.isabs, named), *_FOLDERS):
        path = os.path.join(folder, name)
        if _runs(path):
            yield path


def _runs(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _advice(name: str, root: str) -> str:
    """Return how to get a tool."""
    dnf, apt = _PACKAGES.get(name, (name, name))
    usual = f"`dnf install {dnf}` or `apt install {apt}` brings it"
    if Path(root or "/", _IMMUTABLE).exists():
        return f"on this system `toolbox` has it: run ocnetview in there; else {usual}"
    return usual
