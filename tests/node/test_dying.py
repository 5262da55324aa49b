"""A pod that dies in the middle of a reading, at every step there is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from node.lab import why_not

from ocnetview.facts import Link, LinkFacts
from ocnetview.match.veths import peers
from ocnetview.record import from_json

DYING = Path(__file__).with_name("dying.py")
UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child")


class Reading:
    """One reading, and which namespaces there were."""

    def __init__(self, line: dict[str, Any]) -> None:
        (self.facts,) = from_json(json.dumps(line["sample"])).of(LinkFacts)
        self.numbers = {name: line[name] for name in ("dead", "survivor", "heir")}
        self.held = line["held"]

    def ours(self, name: str) -> Link | None:
        """Return a link of the host, if it was read."""
        return next((x for x in self.facts.links if x.name == name), None)

    def leads(self, link: Link | None) -> int | None:
        """Return the number of the namespace that a link leads to."""
        return link.peer_netns.ino if link and link.peer_netns else None


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    """Give a reading for each step at which the pod died."""
    reason = why_not()
    if reason:
        pytest.skip(f"no namespaces on this machine: {reason}")
    done = subprocess.run(
        [*UNSHARE, "--mount-proc", sys.executable, str(DYING)],
        env=os.environ | {"PYTHONPATH": str(DYING.parents[1])},
        capture_output=True,
        check=False,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [Reading(json.loads(line)) for line in done.stdout.splitlines()]


def test_it_dies_before_and_after_its_links_were_read(readings: list[Reading]) -> None:
    """The steps reach from where nothing was read to where all was."""
    seen = [reading.ours("vdead") is not None for reading in readings]
    assert {True, False} == set(seen)
    assert len(readings) > 20


def test_no_reading_fails_or_tells_of_an_error(readings: list[Reading]) -> None:
    """What ended meanwhile is gone: no namespace is listed as one not readable."""
    for reading in readings:
        assert {n.reason for n in reading.facts.namespaces} == {""}
        assert all(n.links is not None for n in reading.facts.namespaces)


def test_who_lives_on_keeps_its_veth(readings: list[Reading]) -> None:
    """The survivor's pair is proved from both ends in each of the readings."""
    for reading in readings:
        alive = reading.ours("valive")
        assert alive
        peer = peers(reading.facts)[alive.netns, alive.ifindex]
        assert peer.netns.ino == reading.numbers["survivor"]


def test_a_dead_pods_links_lead_to_nobody_else(readings: list[Reading]) -> None:
    """The host's end and the other pod's lead where they led, or nowhere."""
    for reading in readings:
        dead = (reading.numbers["dead"], None)
        assert reading.leads(reading.ours("vdead")) in dead
        for namespace in reading.facts.namespaces:
            if namespace.netns.ino == reading.numbers["survivor"]:
                for link in namespace.links or ():
                    if link.name == "net1":
                        assert reading.leads(link) in dead


def test_who_gets_its_ids_gets_none_of_its_links(readings: list[Reading]) -> None:
    """An id that is given anew at once leads none of the old links to the new owner."""
    after = [r for r in readings if r.numbers["heir"]]
    assert any(
        old.nsid == inside.nsid
        for reading in after
        for inside in reading.facts.namespaces
        if inside.netns.ino == reading.numbers["heir"]
        for old in [reading.ours("vdead")]
        if old
    )
    for reading in after:
        heir = reading.numbers["heir"]
        every = [*reading.facts.links]
        every += [x for n in reading.facts.namespaces for x in n.links or ()]
        assert {x.name for x in every if reading.leads(x) == heir} <= {"vheir"}


def test_no_namespace_is_held_afterwards(readings: list[Reading]) -> None:
    """The dead pod's namespace ends as soon as the reading does."""
    assert not any(reading.held for reading in readings)
