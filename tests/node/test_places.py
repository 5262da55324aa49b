"""The same node, seen from containers around it and with fewer rights."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from node.lab import until
from node.places import PLACES, ask, command, run
from node.wiring import Node, Started

NO_KEY = frozenset({"age", "counters"})
"""What differs between two readings of the same node."""
AROUND = str(Path(__file__).with_name("around.py"))
TENTATIVE = "ip -6 -oneline address show tentative"
"""Prints the addresses that are being tried yet (RFC 4862, section 5.4)."""
TREES = ("plain-04", "shop/cart-6d4f9c7b5-x2x7k", "agent")


def same(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON without what differs between two readings."""
    if isinstance(value, dict):
        return {key: same(one) for key, one in value.items() if key not in NO_KEY}
    return [same(one) for one in value] if isinstance(value, list) else value


def within(container: Started, command: str) -> str:
    """Return what runs a command in a container's network namespace."""
    return f"nsenter --target {container.pid} --net {command}"


@pytest.fixture(scope="module", autouse=True)
def quiet(node: Node) -> None:
    """Wait until addresses do not change any more by themselves."""
    ask_all = "; ".join([TENTATIVE, *(within(one, TENTATIVE) for one in node.wired)])
    until(lambda: not node.lab.sh(ask_all), "every address is usable")


@pytest.fixture(scope="module")
def pods(node: Node) -> Any:  # noqa: ANN401 - any JSON
    """Give the pods as ocnetview shows them on the node itself."""
    found = node.ask("pods")["pods"]
    assert len([pod for pod in found if pod["interfaces"]]) >= len(node.wired)
    return same(found)


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> str:
    """Give each kind of container by its name."""
    return str(request.param)


def test_the_node_itself_is_one(node: Node) -> None:
    """On the node paths are its own, and nothing is missing."""
    told = node.ask("sources")["place"]
    assert (told["host_root"], told["proc"], told["netns"]) == ("/", "/proc", None)
    assert all(right["held"] for right in told["rights"])
    assert told["kind"] in ("on the host", "in a container of its own")


def test_sources_names_the_place_and_why(node: Node, place: str) -> None:
    """What the place is, where the node's files are, and what told so."""
    container = PLACES[place]
    told = ask(node.lab, container, "sources")["place"]
    assert told["kind"] == container.kind
    assert told["host_root"].endswith("/proc/1/root")
    assert bool(told["netns"]) == ("--net" in container.own)
    said = run(node.lab, container, "sources").stdout
    assert f"place      {container.kind}\n" in said
    assert all(f" {sign}\n" in said for sign in told["why"])


def test_every_pod_is_as_on_the_node(node: Node, place: str, pods: object) -> None:
    """Interfaces, host ends, ports, evidence and processes are the same."""
    told = ask(node.lab, PLACES[place], "pods")
    assert [s for s in told["sources"] if s["state"] == "down"] == []
    assert same(told["pods"]) == pods


def test_every_port_is_as_on_the_node(node: Node, place: str) -> None:
    """OVSDB is asked behind its long path, and ports are joined with links."""
    ours, theirs = node.ask("ports"), ask(node.lab, PLACES[place], "ports")
    assert same(theirs["ports"]) == same(ours["ports"])
    assert same(theirs["problems"]) == same(ours["problems"])


DEEP = "/srv/" + "a-folder-of-the-container/" * 5 + "host"
"""A root below which no socket's path fits its address (108 bytes, unix(7))."""


def test_a_root_that_is_given_is_taken(node: Node, pods: object) -> None:
    """Wherever it is mounted, sockets below it are reached all the same."""
    setup = f"mkdir -p {DEEP}\nmount --move /host {DEEP}\n"
    place = replace(PLACES["debug"], setup=setup)
    told = ask(node.lab, place, "--host-root", DEEP, "pods")
    assert same(told["pods"]) == pods
    told = ask(node.lab, place, "--host-root", DEEP, "sources")
    assert told["place"]["host_root"] == DEEP
    where = {source["name"]: source["where"] for source in told["sources"]}
    assert where["docker"] == f"unix://{DEEP}/run/docker.sock"
    assert where["ovsdb"] == f"unix:{DEEP}/run/openvswitch/db.sock"
    states = {source["name"]: source["state"] for source in told["sources"]}
    assert (states["docker"], states["ovsdb"]) == ("up", "up")


LATE = """
ip netns add late
ip link add vethlate type veth peer name eth0 netns late
"""
UNDO = "ip netns delete late || :; ip link delete vethlate 2>/dev/null || :"


@pytest.fixture
def late(node: Node) -> Iterator[None]:
    """Undo what a test adds to the node."""
    yield
    node.lab.sh(UNDO)


@pytest.mark.parametrize("name", ["debug", "debug, chroot", "files"])
@pytest.mark.usefixtures("late")
def test_a_pin_made_later_is_seen(node: Node, name: str) -> None:
    """A container that gets no mounts of the node any more still sees new pins."""
    place = PLACES[name]
    pin = "/run/netns/late" if "chroot" in name else "/host/run/netns/late"
    then = f'echo; read -r _; stat -f -c %T {pin}; exec "$@"'
    inside = node.lab.start(
        *command(node.lab, place, "sh", "-euc", then, "sh", sys.executable, AROUND)
    )
    assert inside.stdout
    assert inside.stdout.readline() == "\n"
    node.lab.sh(LATE)
    said, _ = inside.communicate("go\n", timeout=60)
    seen, _, told = said.partition("\n")
    assert seen == "tmpfs", "the pin itself is not to reach this mount namespace"
    (facts,) = json.loads(told)["facts"]
    (found,) = (n for n in facts["namespaces"] if "/run/netns/late" in n["pins"])
    (end,) = (link for link in found["links"] if link["name"] == "eth0")
    (outer,) = (link for link in facts["links"] if link["name"] == "vethlate")
    assert (end["peer_index"], end["peer_netns"]) == (outer["ifindex"], facts["host"])
    assert "/run/netns/late" not in facts["not_netns"]


def test_trees_are_as_on_the_node(node: Node, place: str) -> None:
    """A container's processes are found from inside of another cgroup namespace."""
    for name in TREES:
        ours = node.ask("tree", name)["processes"]
        theirs = ask(node.lab, PLACES[place], "tree", name)["processes"]
        shown = [[row["pid"], row["argv"], row["user"]] for row in theirs]
        assert shown == [[row["pid"], row["argv"], row["user"]] for row in ours]
        assert shown
