"""What is typed as a target, and what it may mean."""

from __future__ import annotations

import pytest
from tui import nodes
from tui.tracing import traceable

from ocnetview.match.finder import Finder
from ocnetview.match.trace_candidates import Candidate, candidates, port_of

NODE = traceable(nodes.node())


def found(text: str, source: str = "uid-4") -> list[Candidate]:
    """Return what a text may mean from a pod."""
    return list(candidates(NODE, Finder(NODE), text, source))


@pytest.mark.parametrize(
    ("text", "name", "port"),
    [
        ("web:80", "web", ":80"),
        ("web:", "web", ""),
        ("web", "web", ""),
        (" 10.1.2.3:443 ", "10.1.2.3", ":443"),
        ("fd00::1", "fd00::1", ""),
        ("[fd00::1]:53", "fd00::1", ":53"),
        ("a:b", "a:b", ""),
        ("", "", ""),
    ],
)
def test_the_port_is_no_part_of_the_name(text: str, name: str, port: str) -> None:
    """What stands after the last colon is a port, where it is a number."""
    assert port_of(text) == (name, port)


def test_nothing_typed_offers_every_pod() -> None:
    """All others are there, those of the own namespace first, and the node itself."""
    every = found("")
    assert every[0].text.startswith("shop/")
    assert "uid-4" not in [one.target for one in every]
    assert every[-1].target == "node"


def test_a_name_finds_pods_and_then_a_service() -> None:
    """Pods come first; the service of that name the API may know."""
    first, *_, last = found("web:8080")
    assert (first.kind, first.target) == ("pod", "uid-7")
    assert (last.kind, last.target) == ("service", "shop/web")


def test_an_address_is_itself() -> None:
    """An address that is typed is a target as it is."""
    assert [one.target for one in found("198.51.100.7:443")] == ["198.51.100.7"]


def test_a_service_needs_a_namespace() -> None:
    """From the node itself a bare name names no service."""
    assert all(one.kind != "service" for one in found("web", ""))
    assert found("other/api")[-1].target == "other/api"
