"""The node's network namespaces: where they are pinned, and what is inside."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from ocnetview.collectors.addresses import (
    IFA_TARGET_NETNSID,
    address_request,
    decode_addresses,
)
from ocnetview.collectors.attributes import number
from ocnetview.collectors.decode import (
    GETBRIDGE_FAMILY,
    GETLINK_FAMILY,
    IFLA_EXT_MASK,
    IFLA_TARGET_NETNSID,
    RTEXT_FILTER_BRVLAN,
    RTEXT_FILTER_SKIP_STATS,
    RawLink,
    decode_link,
    decode_pvids,
    one_link,
)
from ocnetview.collectors.netlink import (
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_NEWADDR,
    RTM_NEWLINK,
    Netlink,
)
from ocnetview.facts import Netns
from ocnetview.frozen import dataclass as record

DENIED = frozenset({errno.EACCES, errno.EPERM})
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
_PLAIN = number(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)


@dataclass(slots=True)
class Namespace:
    """A namespace as it is found, before its links are joined."""

    netns: Netns
    paths: list[str] = field(default_factory=list)
    """Files that lead to it, pins first; each opened only as long as it is read."""
    pins: list[str] = field(default_factory=list)
    pids: tuple[int, ...] = ()
    nsid: int | None = None
    inside: Inside | None = None
    reason: str = ""
    visited: bool = False
    gone: bool = False
    foreign: bool = False
    """Claims that it is a namespace of another type (ipc, uts, ...), pinned there."""
    holders: list[str] = field(default_factory=list)
    """What keeps it, where neither a pin nor a process was found."""

    @property
    def entered(self) -> bool:
        """Claim that it was read from within, by its own ids."""
        return self.inside is not None and self.inside.owners is not None


@record(frozen=True, slots=True)
class Inside:
    """The links and addresses of one namespace."""

    links: tuple[RawLink, ...]
    addresses: Mapping[int, tuple[str, ...]]
    pvids: Mapping[int, int] = field(default_factory=dict)
    """VLANs of bridge ports by ifindex, where a bridge filters VLANs."""
    owners: Mapping[int, Netns] | None = None
    """Whom its ids stand for, as far as was asked; None when they are ours."""
    unsure: frozenset[int] = frozenset()
    """Indexes of links whose id may have come to mean another namespace."""


def netns_of(status: os.stat_result) -> Netns:
    """Return the identity that a nsfs file's stat gives."""
    return Netns(status.st_dev, status.st_ino)


def netns_of_pid(proc: str, pid: int) -> Netns | None:
    """Return the namespace that a process is in; None when it may not be seen.

    That takes CAP_SYS_PTRACE for others' processes. Whether it is our own namespace
    anybody may know: the files of /proc/PID/net are made for each one anew.
    """
    place = f"{proc}/{pid}"
    try:
        return netns_of(os.stat(f"{place}/ns/net"))
    except PermissionError:
        with suppress(OSError):
            if os.stat(f"{place}/net/dev").st_ino == os.stat("/proc/net/dev").st_ino:
                return netns_of(os.stat("/proc/self/ns/net"))
    except OSError:
        pass
    return None


def read_links(netlink: Netlink, nsid: int | None = None) -> Inside:
    """Return the links and addresses of our namespace, or of the one with this id.

    Raises:
        OSError: EACCES without CAP_NET_ADMIN over that namespace, EINVAL when the
            id leads nowhere any more.
    """
    return Inside(list_links(netlink, nsid), list_addresses(netlink, nsid))


def list_links(
    netlink: Netlink, nsid: int | None = None, *, torn: bool = False
) -> tuple[RawLink, ...]:
    """Return the links alone, of our namespace or of the one with this id.

    With `torn`, of what kept changing all that was seen, an older state first.

    Raises:
        OSError: as `read_links`.
    """
    narrow = _PLAIN if nsid is None else number(IFLA_TARGET_NETNSID, nsid)
    links = netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK, narrow, torn=torn)
    return tuple(map(decode_link, links))


def list_addresses(
    netlink: Netlink, nsid: int | None = None, index: int = 0, *, torn: bool = False
) -> Mapping[int, tuple[str, ...]]:
    """Return addresses by ifindex, of all links or of the one with this index.

    With `torn`, of what kept changing all that were seen.

    Raises:
        OSError: as `read_links`; ENODEV when there is no such link.
    """
    narrow = b"" if nsid is None else number(IFA_TARGET_NETNSID, nsid)
    wanted = address_request(index)
    found = netlink.dump(RTM_GETADDR, wanted, RTM_NEWADDR, narrow, torn=torn)
    return decode_addresses(found)


def link_request(index: int) -> bytes:
    """Return what asks for one link of our own namespace."""
    return one_link(index) + _PLAIN


def read_pvids(netlink: Netlink) -> Mapping[int, int]:
    """Return the VLAN of untagged frames at our bridges' ports, by ifindex.

    Raises:
        OSError: the kernel refuses the dump.
    """
    narrow = number(IFLA_EXT_MASK, RTEXT_FILTER_BRVLAN)
    ports = netlink.dump(RTM_GETLINK, GETBRIDGE_FAMILY, RTM_NEWLINK, narrow)
    return decode_pvids(ports)


def pinned(
    directories: Iterable[str], nsfs: int
) -> Iterator[tuple[str, os.stat_result | None]]:
    """Yield each entry of these folders with its stat; None where it pins nothing.

    A pin is a nsfs file (magic 0x6e736673): it lies on the one nsfs device, `nsfs`.
    What an unclean end leaves is a plain file under the same name. A folder that
    cannot be listed, whatever it is instead, holds no pins that we see.
    """
    for directory in directories:
        with suppress(OSError):
            names = sorted(os.listdir(directory))
            folder = os.path.join(directory, "")
            for name in names:
                path = folder + name
                try:
                    status = _stat(path)
                except (FileNotFoundError, PermissionError):
                    continue
                is_pin = status is not None and status.st_dev == nsfs
                yield path, status if is_pin else None


def unreadable(directories: Iterable[str]) -> Iterator[str]:
    """Yield of these folders each that may hold pins and may not be looked into."""
    for directory in directories:
        try:
            for name in os.listdir(directory)[:1]:
                os.lstat(os.path.join(directory, name))
        except PermissionError:
            yield f"{directory} cannot be read, nor what is pinned there (needs root)"
        except OSError:
            continue


def _stat(path: str) -> os.stat_result | None:
    """Return a file's stat; None where there is none, such as for a ring of links.

    Raises:
        FileNotFoundError: it is gone by now, or leads nowhere.
        PermissionError: what it is may not be known.
    """
    try:
        return os.stat(path)
    except (FileNotFoundError, PermissionError):
        raise
    except OSError:
        return None


@contextmanager
def opened(path: str) -> Iterator[int]:
    """Open a nsfs file for this block only: an open one keeps a namespace alive.

    Raises:
        OSError: it cannot be opened.
    """
    fd = os.open(path, _READ)
    try:
        yield fd
    finally:
        os.close(fd)


def reach(namespace: Namespace) -> int:
    """Open the first of a namespace's files that still leads to it, to be closed soon.

    Raises:
        OSError: none does (ENOENT), or none that does may be opened (EACCES).
    """
    refused: OSError = FileNotFoundError(errno.ENOENT, "nothing leads there")
    for path in namespace.paths:
        try:
            fd = os.open(path, _READ)
        except OSError as error:
            refused = error if error.errno in DENIED else refused
            continue
        status = os.fstat(fd)
        if (status.st_dev, status.st_ino) == namespace.netns:
            return fd
        os.close(fd)
    raise refused


@contextmanager
def entrance(namespace: Namespace) -> Iterator[int]:
    """Open a file that leads to a namespace, for this block only.

    Raises:
        OSError: as `reach`.
    """
    fd = reach(namespace)
    try:
        yield fd
    finally:
        os.close(fd)
