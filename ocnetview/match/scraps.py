"""What a scrap of text may be: a number, an address, an id, a path."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

_HEX = frozenset("0123456789abcdef")
_MAC_DIGITS = 12
_NUMBER_DIGITS = 10
"""Pids and indexes are 31-bit numbers in the kernel, inodes of nsfs 32-bit ones."""
_UID_DIGITS = 8
"""What is shorter is no part of a pod's uid that anybody would copy."""
_LOCAL = 65534
"""OFPP_LOCAL of OpenFlow 1.0."""
_PROC = re.compile(r"/proc/(\d{1,10})(?:/task/(\d{1,10}))?(/ns/net)?(?:/|$)")
_NETNS = re.compile(r"(?:net:)?\[?(\d{1,10})\]?")
_CONTAINER = re.compile(r"(?:^|[/:-])([0-9a-f]{64})(?:\.scope)?(?=/|$)")
"""As collectors.cgroup has it; a monitor's own cgroup leads to what it monitors."""
_POD = re.compile(r"(?:^|[/-])pod([0-9a-f]{8}[0-9a-f_-]{24,28})(?:\.slice)?(?=/|$)")
"""Kubelet's: `podUID` (cgroupfs), `kubepods-QOS-podUID.slice` with - as _ (systemd)."""


def number_in(scrap: str) -> int | None:
    """Return the number that a scrap is, if a pid, ifindex or inode can be that large.

    An inode may also stand in brackets, as nsfs spells it: `net:[4026531840]`.
    """
    if scrap.isascii() and scrap.isdigit() and len(scrap) <= _NUMBER_DIGITS:
        return int(scrap)
    return None


def inode_in(scrap: str) -> int | None:
    """Return the inode of a namespace that a scrap is, alone or as net:[INODE]."""
    found = _NETNS.fullmatch(scrap) if scrap.isascii() else None
    return int(found[1]) if found else None


def pid_in(scrap: str) -> int | None:
    """Return the process, or its thread, that a scrap names: PID or /proc/PID/…."""
    found = _proc(scrap)
    return int(found[2] or found[1]) if found else number_in(scrap)


def names_namespace(scrap: str) -> bool:
    """Claim that a scrap is the path of a process's namespace: /proc/PID/ns/net."""
    found = _proc(scrap)
    return bool(found and found[3])


def _proc(scrap: str) -> re.Match[str] | None:
    """Return the parts of a path in /proc."""
    return _PROC.match(scrap) if scrap.isascii() else None


def address_in(scrap: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a scrap is, with or without a prefix length."""
    text = scrap.partition("/")[0].removeprefix("[").removesuffix("]")
    try:
        return ip_address(text)
    except ValueError:
        return None


def mac_in(scrap: str) -> str:
    """Return the MAC that a scrap is, as the kernel writes it; empty for none."""
    digits = scrap.lower().replace("-", ":").replace(":", "").replace(".", "")
    if len(digits) != _MAC_DIGITS or not _HEX.issuperset(digits):
        return ""
    if not {":", "-", "."} & set(scrap):
        return ""
    return bytes.fromhex(digits).hex(":")


def ofport_in(scrap: str) -> tuple[str, int] | None:
    """Return the bridge and the OpenFlow port of BRIDGE:NUMBER or BRIDGE:LOCAL."""
    bridge, colon, port = scrap.rpartition(":")
    if not (bridge and colon):
        return None
    number = _LOCAL if port.upper() == "LOCAL" else number_in(port)
    return None if number is None else (bridge, number)


def id_in(scrap: str) -> str:
    """Return the beginning of an id that a scrap may be; empty where it cannot be one.

    The API writes the runtime before it: cri-o://ID, containerd://ID, docker://ID.
    """
    scheme, found, rest = scrap.partition("://")
    prefix = (rest if found and scheme else scrap).lower()
    return prefix if _HEX.issuperset(prefix) else ""


def uid_in(scrap: str) -> str:
    """Return the beginning of a pod's uid that a scrap may be, with hyphens."""
    prefix = scrap.lower().replace("_", "-")
    long = len(prefix) >= _UID_DIGITS
    return prefix if long and (_HEX | {"-"}).issuperset(prefix) else ""


def containers_in(scrap: str) -> tuple[str, ...]:
    """Return the containers' ids in the path of a cgroup, the innermost first."""
    return tuple(reversed(_CONTAINER.findall(scrap)))


def pod_in(scrap: str) -> str:
    """Return the pod's uid in the path of a cgroup; empty for none.

    That of a static pod is the hash of its file, which has no hyphens.
    """
    found = _POD.findall(scrap)
    return str(found[-1]).replace("_", "-") if found else ""


def pin_in(scrap: str, host_root: str = "") -> str:
    """Return the path that a scrap is, as the node itself has it; empty for none."""
    path = scrap.rstrip("/")
    for root in (host_root, "/host", "/proc/1/root"):
        if root and path.startswith(f"{root}/"):
            path = path.removeprefix(root)
    if not path.startswith("/"):
        return ""
    return path.removeprefix("/var") if path.startswith("/var/run/") else path
