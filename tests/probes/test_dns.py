"""resolv.conf and hosts, as a container wrote them."""

from __future__ import annotations

import pytest

from ocnetview.facts.inside import HostEntry
from ocnetview.probes.dns import read_hosts, read_resolv

CLUSTER = """search shop.svc.cluster.local svc.cluster.local
nameserver 172.30.0.10
options ndots:5 timeout:1
"""
"""As the kubelet writes it."""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ((), (), ())),
        (
            CLUSTER,
            (
                ("172.30.0.10",),
                ("shop.svc.cluster.local", "svc.cluster.local"),
                ("ndots:5", "timeout:1"),
            ),
        ),
        ("search a\ndomain b.c\n", ((), ("b.c",), ())),
        ("domain b.c\nsearch a\n", ((), ("a",), ())),
        ("options a\noptions b c\n", ((), (), ("a", "b", "c"))),
        ("nameserver\t1.1.1.1 # us\nnameserver ::1\n", (("1.1.1.1", "::1"), (), ())),
        ("# nameserver 1.1.1.1\n;search x\nnameserver\n\x1b[31m\n", ((), (), ())),
    ],
)
def test_a_resolvers_file_is_read_as_the_resolver_does(
    text: str, told: tuple[tuple[str, ...], ...]
) -> None:
    """Several servers and options add up, of several search lists the last counts."""
    assert read_resolv(text) == told


def test_fixed_names_are_read_without_comments() -> None:
    """Each address with all its names; an address alone is nothing."""
    text = "127.0.0.1\tlocalhost lo # us\n\n# 1.1.1.1 x\n::1 localhost\n10.0.0.1\n"
    assert list(read_hosts(text)) == [
        HostEntry("127.0.0.1", ("localhost", "lo")),
        HostEntry("::1", ("localhost",)),
    ]
