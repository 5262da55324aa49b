"""The node's network namespaces: pins, processes, and what is inside each."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from ocnetview.collectors.decode import (
    GETADDR_FAMILY,
    GETBRIDGE_FAMILY,
    GETLINK_FAMILY,
    IFA_TARGET_NETNSID,
    IFLA_EXT_MASK,
    IFLA_TARGET_NETNSID,
    RTEXT_FILTER_BRVLAN,
    RTEXT_FILTER_SKIP_STATS,
    RawLink,
    decode_addresses,
    decode_link,
    decode_pvids,
)
from ocnetview.collectors.netlink import (
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_NEWADDR,
    RTM_NEWLINK,
    Netlink,
    number,
)
from ocnetview.facts import Netns

GONE = frozenset(
    {errno.ENODEV, errno.ENOENT, errno.ENETDOWN, errno.ESRCH, errno.EINVAL}
)
"""What the kernel answers of a namespace that ended meanwhile; no error."""
_DENIED = frozenset({errno.EACCES, errno.EPERM})


@dataclass(slots=True)
class Namespace:
    """A namespace as it is found, before its links are joined."""

    netns: Netns
    path: str
    """A file that leads to it, to be opened again when needed."""
    nsid: int | None = None
    pins: list[str] = field(default_factory=list)
    pids: list[int] = field(default_factory=list)
    inside: Inside | None = None
    reason: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """The links and addresses of one namespace."""

    links: tuple[RawLink, ...]
    addresses: Mapping[int, tuple[str, ...]]
    pvids: Mapping[int, int] = field(default_factory=dict)
    """VLANs of bridge ports by ifindex, where a bridge filters VLANs."""
    entered: bool = False
    """Claims that it was read from within, ids in that namespace's numbering."""
    host_nsid: int | None = None
    """Then: our own namespace's id in that numbering."""


def netns_of(status: os.stat_result) -> Netns:
    """Return the identity that a nsfs file's stat gives."""
    return Netns(status.st_dev, status.st_ino)


def read_links(netlink: Netlink, nsid: int | None = None) -> Inside:
    """Return the links and addresses of our namespace, or of the one with this id.

    Raises:
        OSError: EACCES without CAP_NET_ADMIN over that namespace, EINVAL when the
            id leads nowhere any more.
    """
    narrow = number(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
    target = b""
    if nsid is not None:
        narrow += number(IFLA_TARGET_NETNSID, nsid)
        target = number(IFA_TARGET_NETNSID, nsid)
    links = netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK, narrow)
    addresses = netlink.dump(RTM_GETADDR, GETADDR_FAMILY, RTM_NEWADDR, target)
    decoded = tuple(map(decode_link, links))
    return Inside(decoded, decode_addresses(addresses))


def read_pvids(netlink: Netlink) -> Mapping[int, int]:
    """Return the VLAN of untagged frames at our bridges' ports, by ifindex.

    Raises:
        OSError: the kernel refuses the dump.
    """
    narrow = number(IFLA_EXT_MASK, RTEXT_FILTER_BRVLAN)
    ports = netlink.dump(RTM_GETLINK, GETBRIDGE_FAMILY, RTM_NEWLINK, narrow)
    return decode_pvids(ports)


def read_inside(fd: int, host: int) -> Inside:
    """Return the same by entering the namespace, in a thread that ends afterwards.

    For kernels that cannot be asked about another namespace from outside, and for
    namespaces that no link connects with ours, which have no id to ask by.

    Args:
        fd: nsfs descriptor of the namespace.
        host: nsfs descriptor of our own.

    Raises:
        OSError: EPERM without CAP_SYS_ADMIN.
    """
    from pyroute2 import netns  # noqa: PLC0415 - 200 ms that few nodes need

    found: list[Inside] = []
    failed: list[OSError] = []

    def read() -> None:
        try:
            netns.setns(fd)
            with Netlink() as netlink:
                inside = read_links(netlink)
                own = netlink.nsid(host)
                found.append(replace(inside, entered=True, host_nsid=own))
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=read, name="ocnetview-setns")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[0]


def pinned(
    directories: Iterable[str], nsfs: int
) -> Iterator[tuple[str, os.stat_result | None]]:
    """Yield each entry of these folders with its stat; None where it pins nothing.

    A pin is a nsfs file (magic 0x6e736673): it lies on the one nsfs device, `nsfs`.
    What an unclean end leaves is a plain file under the same name.
    """
    for directory in directories:
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            for name in sorted(os.listdir(directory)):
                path = os.path.join(directory, name)
                with suppress(FileNotFoundError):
                    status = _stat(path)
                    is_pin = status is not None and status.st_dev == nsfs
                    yield path, status if is_pin else None


def _stat(path: str) -> os.stat_result | None:
    """Return a file's stat; None when its target is out of reach."""
    try:
        return os.stat(path)
    except PermissionError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            return None
        raise FileNotFoundError(error.errno, error.strerror, path) from error


def owned_by_processes(proc: str) -> Iterator[tuple[int, str, Netns]]:
    """Yield the pid, nsfs path and namespace of every process that can be seen.

    Takes some 9 microseconds a process; those of other users take CAP_SYS_PTRACE.
    """
    for name in os.listdir(proc):
        if name.isdigit():
            path = f"{proc}/{name}/ns/net"
            with suppress(OSError):
                yield int(name), path, netns_of(os.stat(path))


@contextmanager
def opened(path: str) -> Iterator[int]:
    """Open a nsfs file for this block only: an open one keeps a namespace alive.

    Raises:
        OSError: it cannot be opened.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        yield fd
    finally:
        os.close(fd)


def visit(netlink: Netlink, namespace: Namespace, host: str) -> None:
    """Read a namespace's id and what is inside, or note why that cannot be done.

    All under one descriptor, for ids and pids are given anew at once: while it is
    open, neither can come to mean another namespace.
    """
    namespace.inside, namespace.reason = None, ""
    right = "CAP_SYS_PTRACE"
    try:
        with opened(namespace.path) as fd:
            if netns_of(os.fstat(fd)) != namespace.netns:
                namespace.gone = True
                return
            namespace.nsid = netlink.nsid(fd)
            if netlink.strict and namespace.nsid is not None:
                right = "CAP_NET_ADMIN"
                namespace.inside = read_links(netlink, namespace.nsid)
            else:
                right = "CAP_SYS_ADMIN"
                with opened(host) as own:
                    namespace.inside = read_inside(fd, own)
    except OSError as error:
        if error.errno in _DENIED:
            namespace.reason = f"{namespace.netns} cannot be read (needs {right})"
        elif error.errno in GONE:
            namespace.gone = True
        else:
            namespace.reason = f"{namespace.netns}: {error.strerror or error}"
