"""The netlink wire, against the kernel and against a scripted peer."""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Iterator
from threading import Thread

import pytest

from ocnetview.collectors.attributes import attribute, attributes_of, number
from ocnetview.collectors.decode import GETLINK_FAMILY, decode_link
from ocnetview.collectors.netlink import (
    NLM_F_DUMP_INTR,
    NLMSG_DONE,
    NLMSG_ERROR,
    RTM_GETLINK,
    RTM_NEWLINK,
    RTM_NEWNSID,
    DumpInterruptedError,
    Netlink,
)

HEADER = struct.Struct("=IHHII")


class Peer:
    """Answers each request with what a test scripted for it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.netlink = Netlink()
        self.netlink._socket.close()
        self.netlink._socket = theirs
        self._socket = ours
        self._threads: list[Thread] = []

    def answers(self, *replies: list[tuple[int, int, bytes]]) -> None:
        """Answer the next requests, each with datagrams of type, flags and body."""

        def play() -> None:
            for reply in replies:
                request = self._socket.recv(65536)
                sequence = HEADER.unpack_from(request)[3]
                for kind, flags, body in reply:
                    header = HEADER.pack(16 + len(body), kind, flags, sequence, 0)
                    self._socket.send(header + body)

        thread = Thread(target=play, daemon=True)
        thread.start()
        self._threads.append(thread)

    def close(self) -> None:
        """Close both ends."""
        for thread in self._threads:
            thread.join(10)
        self._socket.close()
        self.netlink.close()


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Give a netlink socket whose other end a test plays."""
    made = Peer()
    yield made
    made.close()


DONE = (NLMSG_DONE, 0, bytes(4))


def link_body(index: int, name: str) -> bytes:
    """Return a minimal RTM_NEWLINK payload."""
    fixed = struct.pack("=BxHiII", 0, 1, index, 1, 0)
    return fixed + attribute(3, name.encode() + b"\0")


def test_the_kernel_lists_our_own_links() -> None:
    """A real dump holds every link of this namespace, lo among them."""
    with Netlink() as netlink:
        found = netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK)
    names = {decode_link(body).name for body in found}
    assert names == {name for _, name in socket.if_nameindex()}


def test_our_own_namespace_may_be_asked_for() -> None:
    """RTM_GETNSID answers with a number or with none, never with an error."""
    fd = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        with Netlink() as netlink:
            found = netlink.nsid(fd)
    finally:
        os.close(fd)
    assert found is None or found >= 0


def test_a_file_that_is_no_namespace_is_refused() -> None:
    """A descriptor of another kind is the kernel's EINVAL."""
    fd = os.open("/dev/null", os.O_RDONLY)
    try:
        with Netlink() as netlink, pytest.raises(OSError, match="Invalid") as caught:
            netlink.nsid(fd)
    finally:
        os.close(fd)
    assert caught.value.errno == errno.EINVAL


@pytest.mark.parametrize("kind", [NLMSG_DONE, NLMSG_ERROR])
def test_an_error_inside_the_end_of_a_dump_is_raised(peer: Peer, kind: int) -> None:
    """EACCES in NLMSG_DONE is no empty list."""
    peer.answers([(kind, 0, struct.pack("=i", -errno.EACCES))])
    with pytest.raises(PermissionError):
        peer.netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK)


def test_an_interrupted_dump_is_read_again(peer: Peer) -> None:
    """NLM_F_DUMP_INTR throws the torn list away; the next one counts."""
    torn = [(RTM_NEWLINK, NLM_F_DUMP_INTR, link_body(1, "old")), DONE]
    peer.answers(torn, [(RTM_NEWLINK, 0, link_body(2, "new")), DONE])
    found = peer.netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK)
    assert [decode_link(body).name for body in found] == ["new"]


def test_a_dump_that_is_always_interrupted_gives_up(peer: Peer) -> None:
    """Four torn lists in a row are an error, not a wrong answer."""
    torn = [(RTM_NEWLINK, NLM_F_DUMP_INTR, link_body(1, "x")), DONE]
    peer.answers(*[torn] * 4)
    with pytest.raises(DumpInterruptedError):
        peer.netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK)


def test_who_hears_of_changes_takes_all_that_was_seen(peer: Peer) -> None:
    """No link that stood in one of the torn lists is missing, the last state last."""
    lists = [[(1, "a"), (2, "b")], [(1, "a"), (3, "c")], [(2, "bb")], [(1, "a")]]
    peer.answers(
        *(
            [(RTM_NEWLINK, NLM_F_DUMP_INTR, link_body(*one)) for one in some] + [DONE]
            for some in lists
        )
    )
    found = peer.netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK, torn=True)
    named = {link.ifindex: link.name for link in map(decode_link, found)}
    assert named == {1: "a", 2: "bb", 3: "c"}


def test_a_dump_whose_end_says_so_is_torn(peer: Peer) -> None:
    """NLM_F_DUMP_INTR may stand in NLMSG_DONE alone."""
    torn = [
        (RTM_NEWLINK, 0, link_body(1, "old")),
        (NLMSG_DONE, NLM_F_DUMP_INTR, bytes(4)),
    ]
    peer.answers(torn, [(RTM_NEWLINK, 0, link_body(2, "new")), DONE])
    found = peer.netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK)
    assert [decode_link(body).name for body in found] == ["new"]


def test_minus_one_is_no_id(peer: Peer) -> None:
    """NETNSA_NSID_NOT_ASSIGNED means that no link of ours leads there."""
    peer.answers([(RTM_NEWNSID, 0, bytes(4) + number(1, -1))])
    assert peer.netlink.nsid(0) is None


def test_replies_to_others_are_passed_over(peer: Peer) -> None:
    """A late reply to an earlier request is not taken for this one's."""
    late = HEADER.pack(16 + len(link_body(9, "late")), RTM_NEWLINK, 0, 999, 0)
    peer._socket.send(late + link_body(9, "late"))
    peer.answers([(RTM_NEWLINK, 0, link_body(2, "own")), DONE])
    found = peer.netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK)
    assert [decode_link(body).name for body in found] == ["own"]


@pytest.mark.parametrize(
    "body", [b"", b"\0", b"\x03\0\x01\0", b"\xff\xff\x01\0ab", bytes(16)]
)
def test_broken_attributes_end_the_list(body: bytes) -> None:
    """Lengths that cannot be are neither followed nor looped over."""
    assert set(attributes_of(body, 0)) <= {1}
