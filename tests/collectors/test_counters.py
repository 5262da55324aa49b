"""Counters of our own links, from both of the kernel's lists."""

from __future__ import annotations

import errno
import socket

import pytest
from collectors.old_kernel import OldKernel

from ocnetview.collectors.counters import CounterReader
from ocnetview.collectors.netlink import Netlink


def test_both_lists_say_the_same() -> None:
    """IFLA_STATS64 of a link dump lies between two answers of RTM_GETSTATS."""
    with Netlink() as netlink, OldKernel() as old:
        before, _ = CounterReader(0).read(netlink)
        said, at = CounterReader(0).read(old)
        after, _ = CounterReader(0).read(netlink)
    assert at > 0
    assert set(said) == {index for index, _ in socket.if_nameindex()}
    for index, counters in said.items():
        for first, value, last in zip(
            before[index], counters, after[index], strict=True
        ):
            assert first <= value <= last


@pytest.mark.parametrize("error", [errno.EOPNOTSUPP, errno.EINVAL])
def test_a_kernel_without_getstats_is_asked_for_it_once(error: int) -> None:
    """The first answer decides; from then on only the link dump is asked for."""
    reader = CounterReader(0)
    with OldKernel() as old:
        old.error = error
        assert all(reader.read(old)[0] for _ in range(3))
        assert old.refused == 1


def test_a_refusal_for_another_reason_is_no_sign_of_age() -> None:
    """A lack of memory is an error now, and RTM_GETSTATS is asked again later."""
    reader = CounterReader(0)
    with OldKernel() as old:
        old.error = errno.ENOBUFS
        for _ in range(2):
            with pytest.raises(OSError, match="buffer"):
                reader.read(old)
        assert old.refused == 2


def test_a_kernel_that_has_getstats_does_not_lose_it() -> None:
    """Once it answered, a refusal is an error and no fallback."""
    reader = CounterReader(0)
    with Netlink() as netlink, OldKernel() as old:
        reader.read(netlink)
        with pytest.raises(OSError, match="not supported"):
            reader.read(old)


def test_counters_are_read_at_most_twice_a_tick() -> None:
    """Readers that come sooner get what was read last, with its time."""
    reader = CounterReader(3600)
    with OldKernel() as old:
        first = reader.read(old)
        assert reader.read(old) == first


def test_some_are_read_in_one_request() -> None:
    """Those that are wanted and no others; one that is gone is left out."""
    (first, *_) = (index for index, _ in socket.if_nameindex())
    with Netlink() as netlink:
        reader = CounterReader(0)
        every, _ = reader.read(netlink)
        sent = netlink._sequence
        some, at = reader.read(netlink, {first, 1 << 30})
        assert netlink._sequence == sent + 2
    assert some.keys() == {first}
    assert all(
        now >= before for now, before in zip(some[first], every[first], strict=True)
    )
    assert at > 0


def test_none_are_read_where_none_are_wanted() -> None:
    """The kernel is not asked."""
    with Netlink() as netlink:
        reader = CounterReader(0)
        reader.read(netlink)
        sent = netlink._sequence
        assert reader.read(netlink, ())[0] == {}
        assert netlink._sequence == sent


def test_an_old_kernel_gives_some_of_all() -> None:
    """It cannot be asked for one: what is not wanted is left out."""
    (first, *_) = (index for index, _ in socket.if_nameindex())
    with OldKernel() as old:
        assert CounterReader(0).read(old, {first})[0].keys() == {first}
