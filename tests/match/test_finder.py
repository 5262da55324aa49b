"""Looking for anything on the node by a scrap of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import container, link
from hypothesis import given
from hypothesis import strategies as st
from tui.nodes import node

from ocnetview.match.finder import Finder
from ocnetview.match.hits import Hit, Kind, spoken
from ocnetview.model import NodeModel

NODE = node()
FINDER = Finder(NODE)


def first(text: str, finder: Finder = FINDER) -> tuple[Kind, str]:
    """Return what is thought likeliest."""
    hit = finder.search(text)[0]
    return hit.kind, hit.text


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("shop/web", Kind.POD, "shop/web-84d5f-j4r7x"),
        ("web shop", Kind.POD, "shop/web-84d5f-j4r7x"),
        ("shpweb", Kind.POD, "shop/web-84d5f-j4r7x"),
        ("ENVOY", Kind.CONTAINER, "envoy"),
        ("registry-mirror", Kind.CONTAINER, "registry-mirror"),
        ("veth9a3c59ac", Kind.PORT, "veth9a3c59ac"),
        ("vxl", Kind.PORT, "vxlan0"),
        ("br0", Kind.BRIDGE, "br0"),
        ("br0:7", Kind.OFPORT, "7"),
        ("10.128.2.14", Kind.ADDRESS, "10.128.2.14"),
        ("172.17", Kind.ADDRESS, "172.17.0.2"),
        ("net:[4026532004]", Kind.INODE, "4026532004"),
        ("4026532004", Kind.INODE, "4026532004"),
        ("4011", Kind.PID, "4011"),
        ("console worker", Kind.PROCESS, "console worker 0"),
    ],
)
def test_a_scrap_finds_what_it_is_of(text: str, kind: Kind, found: str) -> None:
    """Names by their letters and words, numbers whole, addresses by their beginning."""
    assert first(text) == (kind, found)


@pytest.mark.parametrize("text", ["401", "402653200", "0.128.2.14", "zzz", "", "  "])
def test_a_part_of_a_number_is_none(text: str) -> None:
    """A PID's beginning, an address's middle and nonsense find nothing."""
    assert FINDER.search(text) == ()


def test_the_likelier_comes_first() -> None:
    """A whole name before its beginning, before a word of it, before letters."""
    names = ["dns", "dns-default", "my-dns", "coredns", "d-n-s"]
    pods = [
        replace(NODE.pods[0], key=name, name=name, namespace="", containers=())
        for name in reversed(names)
    ]
    found = Finder(NodeModel(pods=tuple(pods))).search("dns")
    assert [hit.text for hit in found if hit.kind is Kind.POD] == names


def test_macs_and_ids_are_found_by_their_beginning() -> None:
    """Of the link inside, container and pod; with what they belong to."""
    pod = NODE.pods[4]
    inside = replace(
        pod.interfaces[0], link=link(2, "eth0", 1, mac="0a:58:0a:80:02:0e")
    )
    uid = "5f0a1b2c-0000-4000-8000-000000000001"
    pod = replace(pod, uid=uid, containers=(container(7),), interfaces=(inside,))
    finder = Finder(NodeModel(pods=(pod,)))
    assert [spoken(hit) for hit in finder.search("0a:58:0A")] == [
        ("MAC", "0a:58:0a:80:02:0e", f"eth0 of {pod.title}")
    ]
    assert first("5F0A1B", finder) == (Kind.POD_ID, uid)
    assert first("5f0a1b2c-00", finder) == (Kind.POD_ID, uid)
    ident = pod.containers[0].id
    assert first(f"docker://{ident[:60]}", finder) == (Kind.CONTAINER_ID, ident)


def test_a_link_of_the_node_is_found_without_a_port() -> None:
    """It leads nowhere, and its row says what it is."""
    model = NodeModel(links=(link(2, "eno1", mac="52:54:00:00:00:01"),))
    hit = Finder(model).search("eno1")[0]
    assert (hit.kind, hit.of, any(hit.target)) == (Kind.LINK, "the node", False)
    assert first("2", Finder(model)) == (Kind.IFINDEX, "2")


@given(st.text())
def test_whatever_is_typed_is_safe(text: str) -> None:
    """No text fails, none gives a hit twice, and what is said can be printed."""
    hits = FINDER.search(text)
    keys = [hit.key for hit in hits]
    assert len(keys) == len(set(keys))
    assert all(part.isprintable() for hit in hits for part in spoken(hit))


@given(st.sampled_from(FINDER.search("e") + FINDER.search("4010")))
def test_what_is_shown_finds_itself(hit: Hit) -> None:
    """Typing what a row says gives that row."""
    assert hit in FINDER.search(hit.text, most=10_000)
