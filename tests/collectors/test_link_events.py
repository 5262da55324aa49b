"""What the kernel announces, in a namespace of our own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ocnetview.collectors.link_events import Changes

PROBE = """
import select, subprocess, sys
from ocnetview.collectors.link_events import LinkEvents
from ocnetview.collectors.home import GROUPS
events = LinkEvents(GROUPS)
events._socket.setsockopt(1, 33, int(sys.argv[1]))
said = []
for line in sys.argv[2:]:
    subprocess.run(["sh", "-euc", line], check=True, capture_output=True)
    heard = events.take()
    while "netns del" in line and not heard.ids:
        # A namespace ends when the kernel comes to it.
        assert select.select([events], [], [], 20)[0]
        heard.add(events.take())
    said.append((sorted(heard.links), sorted(heard.addresses), bool(heard.spaces),
                 bool(heard.ids), bool(heard.given), heard.lost))
# Of an end the kernel tells bit by bit.
assert "netns del" in line or not events.take()
print(said)
"""
"""Prints what was heard of each shell's line, with a buffer of so many bytes."""
ADD = "ip link add v0 index 50 type veth peer name eth0 netns a"


def heard(*lines: str, size: int = 1 << 20) -> list[tuple[object, ...]]:
    """Return links, addresses, and whether spaces, taken and given ids were heard."""
    if os.geteuid():
        pytest.skip("needs root to make namespaces")
    unshare = ("unshare", "--net", "--mount", "--propagation", "private")
    script = 'mount -t tmpfs tmpfs /run; ip netns add a; exec "$@"'
    probe = (sys.executable, "-c", PROBE, str(size), *lines)
    done = subprocess.run(
        [*unshare, "sh", "-euc", script, "sh", *probe],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr
    return list(eval(done.stdout))  # noqa: S307 - our own tuples


@pytest.mark.node
def test_each_change_is_told_where_it_is() -> None:
    """Our own links and addresses by ifindex, what is elsewhere by our id for it."""
    added, inside, address, gone = heard(
        ADD,
        "ip -n a link set eth0 name net1",
        "ip addr add 10.9.8.7/24 dev v0",
        "ip link del v0",
    )
    links, addresses, spaces, ids, given, lost = range(6)
    assert added[links] == [50]
    assert added[given]
    assert (inside[links], inside[addresses], inside[spaces]) == ([], [], True)
    assert (address[links], address[addresses]) == ([], [50])
    assert gone[links] == [50]
    assert not any(step[lost] or step[ids] for step in (added, inside, address, gone))


@pytest.mark.node
def test_an_id_that_is_taken_back_is_told() -> None:
    """With the namespace's end; what is given only later is another kind of news."""
    _, ended = heard(ADD, "ip netns del a")
    assert ended[3]


@pytest.mark.node
def test_what_did_not_fit_is_told_as_lost() -> None:
    """ENOBUFS once, and what comes afterwards is heard again."""
    many = "for i in $(seq 100); do ip link add b$i type bridge; done"
    flooded, after = heard(many, "ip link add late index 900 type bridge", size=4096)
    assert flooded[5]
    assert (after[0], after[5]) == ([900], False)


def test_changes_add_up() -> None:
    """Nothing of either is missing; only what was given touches nothing."""
    changes = Changes(links={1}, given={7})
    changes.add(Changes(addresses={2}, spaces={3}, ids={4}, lost=True))
    assert changes == Changes({1}, {2}, {3}, {4}, {7}, lost=True)
    assert (bool(Changes(given={7})), Changes(given={7}).touching) == (True, False)
    assert not Changes()
