"""Shell lines that capture the same as a capture here."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from builders import netns

from ocnetview.details.recipes.capture import capture_recipes
from ocnetview.facts import Place, PlaceKind
from ocnetview.facts.packets import CaptureOrder, Spot
from ocnetview.model import NodeModel

NODE = NodeModel(host=netns(0))
DEBUG = replace(NODE, place=Place(PlaceKind.CONTAINER, "/host", netns="/proc/1/ns/net"))
VETH = Spot("veth1", owner="shop/web")
INSIDE = Spot("net1", netns(1), 5001, owner="shop/web")
PINNED = replace(INSIDE, pins=("/host/run/netns/a b",))
USUAL = CaptureOrder((VETH,))


def commands(model: NodeModel, order: CaptureOrder) -> list[str]:
    """Return the lines alone."""
    return [one.command for one in capture_recipes(model, order)]


@pytest.mark.parametrize(
    ("order", "line"),
    [
        (USUAL, "timeout 60 tcpdump -i veth1 -p -nn -l -s 256"),
        (replace(USUAL, seconds=0, snaplen=0), "tcpdump -i veth1 -p -nn -l -s 0"),
        (
            replace(USUAL, seconds=2.5, count=7, file="a.pcapng"),
            "timeout 2.5 tcpdump -i veth1 -p -nn -l -s 256 -c 7",
        ),
    ],
)
def test_limits_are_those_of_the_capture(order: CaptureOrder, line: str) -> None:
    """Time, packets and bytes of each; what is no limit is left out, files too."""
    assert commands(NODE, order) == [line]


def test_each_spot_has_its_line_and_its_filter() -> None:
    """The spot's own filter and the user's stand there as one word each."""
    spots = (VETH, replace(VETH, ifname="vx", filter="host 10.128.0.1"))
    order = replace(USUAL, spots=spots, filter="tcp[13] & 2 != 0")
    first, second = map(shlex.split, commands(NODE, order))
    assert first[-2:] == ["--", "(tcp[13] & 2 != 0)"]
    assert second[-2:] == ["--", "(host 10.128.0.1) and (tcp[13] & 2 != 0)"]
    assert [one.title for one in capture_recipes(NODE, order)] == [
        "packets at veth1 of shop/web",
        "packets at vx of shop/web",
    ]


@pytest.mark.parametrize(
    ("model", "spot", "before"),
    [
        (NODE, INSIDE, "nsenter -n -t 5001 --"),
        (DEBUG, PINNED, "chroot /host nsenter '--net=/run/netns/a b' --"),
        (DEBUG, VETH, "nsenter --net=/proc/1/ns/net -- chroot /host"),
    ],
    ids=["process", "pin", "node"],
)
def test_the_namespace_of_the_spot_is_entered(
    model: NodeModel, spot: Spot, before: str
) -> None:
    """By its pin, else by a process in it; from a debug pod by way of the node."""
    (line,) = commands(model, replace(USUAL, spots=(spot,)))
    assert line.startswith(f"{before} timeout 60 tcpdump -i {spot.ifname} -p ")


def test_a_place_that_nothing_leads_to_has_no_line() -> None:
    """Without pin and process nobody can enter it."""
    assert not commands(NODE, replace(USUAL, spots=(replace(INSIDE, pid=None),)))


def test_a_hostile_filter_is_one_word() -> None:
    """Whatever is in it, tcpdump alone gets to see it."""
    order = replace(USUAL, filter="tcp'; touch x #")
    (line,) = commands(NODE, order)
    assert shlex.split(line)[-1] == "(tcp'; touch x #)"
