"""Whole readings of what a node may hold, in namespaces made for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocnetview.facts import Link, LinkFacts, NamespaceLinks
from ocnetview.match.veths import peers
from ocnetview.record import from_json

pytestmark = pytest.mark.node

SHAPES = Path(__file__).with_name("shapes.py")
UNSHARE = (
    *("unshare", *(() if os.geteuid() == 0 else ("--user", "--map-root-user"))),
    *("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
)


class Reading:
    """What one reading gave, and what was known besides."""

    def __init__(self, line: dict[str, Any]) -> None:
        sample = from_json(json.dumps(line["sample"]))
        (self.facts,) = sample.of(LinkFacts)
        self.more = line

    def link(self, name: str) -> Link:
        """Return a link of our own namespace."""
        (found,) = (link for link in self.facts.links if link.name == name)
        return found

    def space(self, number: int) -> NamespaceLinks:
        """Return a namespace by its number."""
        (found,) = (n for n in self.facts.namespaces if n.netns.ino == number)
        return found

    def pin(self, name: str) -> NamespaceLinks:
        """Return a namespace by the name of its pin."""
        path = f"/run/netns/{name}"
        (found,) = (n for n in self.facts.namespaces if path in n.pins)
        return found

    def numbers(self) -> set[int]:
        """Return the numbers of all namespaces."""
        return {n.netns.ino for n in self.facts.namespaces}

    def pairs(self) -> dict[str, tuple[int, int, str]]:
        """Return the namespace, index and name of the peer of each of our veths."""
        return {
            link.name: (peer.netns.ino, peer.ifindex, peer.name)
            for link in self.facts.links
            for peer in [peers(self.facts).get((link.netns, link.ifindex))]
            if peer
        }


def inner(namespace: NamespaceLinks, name: str) -> Link:
    """Return a link inside a namespace."""
    assert namespace.links is not None, namespace.reason
    (found,) = (link for link in namespace.links if link.name == name)
    return found


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    """Give every reading of the shapes, by its name."""
    missing = [tool for tool in ("unshare", "nsenter", "ip") if not shutil.which(tool)]
    if missing or not Path("/dev/net/tun").exists():
        pytest.skip(f"needs {', '.join(missing) or '/dev/net/tun'}")
    allowed = subprocess.run([*UNSHARE, "true"], capture_output=True, check=False)
    if allowed.returncode:
        pytest.skip(f"no namespaces here: {allowed.stderr.decode().strip()}")
    done = subprocess.run(
        [*UNSHARE, sys.executable, str(SHAPES)],
        env=os.environ | {"PYTHONPATH": str(SHAPES.parents[1])},
        capture_output=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr.decode()
    lines = map(json.loads, done.stdout.splitlines())
    return {line["name"]: Reading(line) for line in lines}


@pytest.fixture(scope="module")
def first(readings: dict[str, Reading]) -> Reading:
    """Give the first reading."""
    return readings["first"]


def test_each_pair_is_proved_from_both_ends(first: Reading) -> None:
    """One index on both ends, a peer moved on, and a peer that no pin leads to."""
    netns = first.more["netns"]
    r_end = first.link("vr").peer_index
    p_end = first.link("vp").peer_index
    assert first.pairs() == {
        "va": (netns["a"], 50, "eth0"),
        "vb": (netns["c"], 50, "eth0"),
        "vr": (netns["r"], r_end, "eth0"),
        "vp": (netns["veth"], p_end, "eth0"),
    }


def test_a_namespace_that_a_peer_left_is_listed_without_it(first: Reading) -> None:
    """Nothing of the pair is left where its end was made."""
    links = first.pin("b").links
    assert links is not None
    assert [link.name for link in links] == ["lo"]


def test_a_pair_between_two_pods_is_known_from_both(first: Reading) -> None:
    """Each end has the other's namespace, though neither is a link of ours."""
    one, other = inner(first.pin("a"), "z0"), inner(first.pin("n1"), "z1")
    assert (one.peer_index, one.peer_netns) == (61, other.netns)
    assert (other.peer_index, other.peer_netns) == (60, one.netns)


def test_a_macvlan_pod_is_read_though_it_has_no_id(first: Reading) -> None:
    """Found by its process, read from inside; its lower link is the host's tap."""
    namespace = first.space(first.more["netns"]["macvlan"])
    assert (namespace.nsid, namespace.pins) == (None, ())
    assert namespace.pids == (first.more["pids"]["macvlan"],)
    link = inner(namespace, "mv0")
    assert (link.kind, link.peer_netns) == ("macvlan", first.facts.host)
    assert link.peer_index == first.link("tap0").ifindex


def test_what_pins_nothing_is_told(first: Reading) -> None:
    """A plain file, a folder, and a pin of another type of namespace."""
    expected = tuple(f"/run/netns/{name}" for name in ("folder", "plain", "uts"))
    assert first.facts.not_netns == expected
    assert not {pin for n in first.facts.namespaces for pin in n.pins} & {*expected}


def test_nothing_changes_while_nothing_happens(readings: dict[str, Reading]) -> None:
    """The next reading has the same links in the same namespaces."""
    one, other = readings["first"].facts, readings["again"].facts
    assert one.links == other.links
    assert one.namespaces == other.namespaces


def test_an_ended_namespace_is_no_longer_listed(readings: dict[str, Reading]) -> None:
    """With their processes both unpinned ones go, and those with a pin stay."""
    netns = readings["first"].more["netns"]
    unpinned = {netns["macvlan"], netns["veth"]}
    assert readings["first"].numbers() - readings["ended"].numbers() == unpinned


def test_a_namespace_that_a_descriptor_alone_holds_is_found(
    readings: dict[str, Reading],
) -> None:
    """Its veth leads there; whose descriptor it is, is told."""
    held = readings["held"]
    number, fd, pid = (held.more[key] for key in ("number", "fd", "pid"))
    assert held.pairs()["vfd"][0] == number
    space = held.space(number)
    assert (space.pins, space.pids) == ((), ())
    (holder,) = space.holders
    assert holder.startswith(f"descriptor {fd} of ")
    assert holder.endswith(f" ({pid})")


def test_a_namespace_that_a_process_enters_later_has_no_other_holder(
    readings: dict[str, Reading],
) -> None:
    """A process in it is found without a search, so none is made."""
    entered = readings["entered"]
    space = entered.space(readings["held"].more["number"])
    assert entered.more["changed"]
    assert (space.pids, space.holders) == ((entered.more["pid"],), ())
    assert entered.pairs()["vfd"][0] == space.netns.ino


def test_an_id_that_is_given_anew_names_no_wrong_namespace(
    readings: dict[str, Reading],
) -> None:
    """A veth that ended during the reading does not lead to who has its id now."""
    reused, settled = readings["reused"], readings["settled"]
    old = reused.link("vr")
    assert old.nsid == reused.pin("spare").nsid
    assert old.peer_netns is None
    assert reused.pairs().keys() == {"va", "vb"}
    assert settled.pairs()["vs"][0] == settled.pin("spare").netns.ino
    assert "vr" not in {link.name for link in settled.facts.links}


def numbered_by_themselves(facts: LinkFacts) -> dict[int, NamespaceLinks]:
    """Return the namespaces without what depends on who numbers others."""
    return {
        n.netns.ino: replace(
            n,
            links=tuple(link._replace(nsid=None) for link in n.links or ()),
        )
        for n in facts.namespaces
    }


def test_an_older_kernel_gives_the_same(readings: dict[str, Reading]) -> None:
    """Without strict checking and RTM_GETSTATS all is read, from inside, the same.

    Then each namespace numbers the others itself, and is asked by its own numbers.
    """
    new, old = readings["again"], readings["old"]
    assert old.facts.links == new.facts.links
    assert old.facts.not_netns == new.facts.not_netns
    assert old.pairs() == new.pairs()
    without = [numbered_by_themselves(r.facts) for r in (old, new)]
    assert without[0] == without[1]


def test_an_older_kernels_counters_are_the_same(readings: dict[str, Reading]) -> None:
    """IFLA_STATS64 and RTM_GETSTATS, nothing sent between them."""
    new, old = readings["again"].facts.counters, readings["old"].facts.counters
    assert new == old
    assert new[1].tx_bytes > 0


def test_the_collector_hears_of_namespaces_no_link_leads_to(
    readings: dict[str, Reading],
) -> None:
    """One that came and went without any event is there, then is not."""
    number = readings["came"].more["number"]
    assert readings["came"].space(number).nsid is None
    assert number not in readings["went"].numbers()


def test_no_namespace_is_held_after_a_reading(readings: dict[str, Reading]) -> None:
    """But the one that the test itself holds by a descriptor."""
    own = [f"net:[{readings['held'].more['number']}]"]
    for name, reading in readings.items():
        assert reading.more["held"] == (own if name in ("held", "entered") else [])


def test_links_that_are_watched_are_counted_inside_too(
    readings: dict[str, Reading],
) -> None:
    """Both ends of a pair, between two answers of `ip`; what is gone is left out."""
    reading = readings["watched"]
    host, inode = reading.facts.host.ino, reading.more["inode"]
    found = {(w.netns.ino, w.ifindex): w.counters for w in reading.facts.watched}
    assert found.keys() == {(host, 50), (inode, 50)}
    inside = found[inode, 50]
    before, after = reading.more["before"], reading.more["after"]
    assert before[0] >= 3
    assert before[0] <= inside.rx_packets <= after[0]
    assert before[1] <= inside.tx_packets <= after[1]
    assert found[host, 50].tx_packets >= before[0]
    assert not readings["unwatched"].facts.watched
