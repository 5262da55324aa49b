"""Where ocnetview runs, and what it cannot see there: as lines, and as JSON."""

from __future__ import annotations

from ocnetview.facts import Place, PlaceKind, Right
from ocnetview.model import NodeModel
from ocnetview.report.place import place_json, place_text, sources_json, sources_text

PLACE = Place(
    PlaceKind.FILES,
    "/host\x1b",
    "/host/proc",
    "/host/proc/1/ns/net",
    ("one sign", "another"),
    (
        Right("CAP_NET_ADMIN", held=True, without="links"),
        Right("CAP_SYS_ADMIN", held=False, without="namespaces"),
    ),
)


def test_the_place_is_told_in_lines() -> None:
    """Each word once, only what is missing of the rights, and safe to print."""
    assert place_text(PLACE) == (
        "place      in a container that sees the host's files only\n"
        "host root  /host\\x1b\n"
        "processes  /host/proc\n"
        "links of   /host/proc/1/ns/net\n"
        "why        one sign\n"
        "           another\n"
        "not seen   namespaces: needs CAP_SYS_ADMIN\n"
    )
    assert place_text(Place()) == "place      on the host\n"


def test_json_has_all_of_it() -> None:
    """The rights that are held, too; a recording of no known place has null."""
    told = place_json(PLACE)
    assert isinstance(told, dict)
    assert (told["kind"], told["netns"]) == (PLACE.kind, PLACE.netns)
    assert [right["held"] for right in told["rights"]] == [True, False]
    plain = place_json(Place())
    assert isinstance(plain, dict)
    assert (plain["host_root"], plain["netns"]) == ("/", None)
    assert sources_json(NodeModel()) == {"place": None}


def test_sources_are_told_with_the_place() -> None:
    """After the sources; without a place there is nothing to add."""
    alone = sources_text(NodeModel())
    assert sources_text(NodeModel(place=PLACE)) == f"{alone}\n{place_text(PLACE)}"
