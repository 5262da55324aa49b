"""The hard topologies: who belongs to whom, by hand and as ocnetview says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from builders import container, docker, sample
from node.lab import why_not
from node.reading import Reading
from node.spaces import End, Spaces, standing
from node.topologies import FOUND, TOPOLOGIES, Held, Topology

from ocnetview.build import build_model
from ocnetview.facts import Netns
from ocnetview.model import NodeModel, Pod, Whereabouts

SPACES = {name: how for t in TOPOLOGIES for name, how in t.spaces.items()}


def those_with(*fields: str) -> pytest.MarkDecorator:
    """Return a test's parameters: the topologies that have one of these at all."""
    some = [t for t in TOPOLOGIES if any(getattr(t, field) for field in fields)]
    return pytest.mark.parametrize("topology", some, ids=lambda t: t.title)


EVERY = those_with("spaces")


@pytest.fixture(scope="module")
def spaces() -> Iterator[Spaces]:
    """Give all the topologies, built in one lab of their own."""
    reason = why_not()
    if reason:
        pytest.skip(f"no lab on this machine: {reason}")
    with standing(TOPOLOGIES) as made:
        yield made


@pytest.fixture(scope="module")
def readings(spaces: Spaces) -> tuple[Reading, Reading]:
    """Give a first reading, and one after `ip` was asked, which hands out ids."""
    before = spaces.read()
    ends = spaces.by_hand()
    return Reading(before, ends), Reading(spaces.read(), ends)


@pytest.fixture(scope="module")
def reading(readings: tuple[Reading, Reading]) -> Reading:
    """Give the first reading."""
    return readings[0]


@pytest.fixture(scope="module")
def ends(spaces: Spaces) -> Mapping[str, End]:
    """Give what the kernel's own objects say of every link."""
    return spaces.by_hand()


@pytest.fixture
def built(spaces: Spaces) -> Callable[[Topology], None]:
    """Give what skips a topology that this kernel has no links for."""

    def check(topology: Topology) -> None:
        if topology.needs and not spaces.has(topology.needs):
            pytest.skip(f"this kernel has no links of kind {topology.needs}")

    return check


Built = Callable[[Topology], None]


def both_ways(topology: Topology) -> dict[str, str]:
    """Return the peer of each end."""
    return dict(topology.pairs) | {two: one for one, two in topology.pairs.items()}


@EVERY
def test_the_topology_is_what_it_is_meant_to_be(
    topology: Topology, built: Built, ends: Mapping[str, End]
) -> None:
    """`ip` and `ethtool` say of each link where it leads, as the matrix does."""
    built(topology)
    pairs = both_ways(topology)
    assert {end: ends[end].other for end in pairs} == pairs
    for end, peer in pairs.items():
        assert ends[end].peer_index in (ends[peer].ifindex, None)
    assert {end: ends[end].other for end in topology.lower} == topology.lower
    assert [ends[end].other for end in topology.alone] == [""] * len(topology.alone)
    for end, decoy in topology.nameless.items():
        assert (ends[end].other, ends[end].peer_index) == ("", ends[decoy].ifindex)


@those_with("pairs")
def test_each_end_leads_to_its_peer(
    topology: Topology, built: Built, reading: Reading
) -> None:
    """Every link, in whatever namespace, names its peer's index and namespace."""
    built(topology)
    for end, peer in both_ways(topology).items():
        assert reading.leads_to(reading.link(end), peer), end


@EVERY
def test_exactly_the_pairs_are_matched(
    topology: Topology, built: Built, reading: Reading
) -> None:
    """Each veth's peer is the one it was made with; all else has none."""
    built(topology)
    pairs = both_ways(topology)
    found = {
        end: reading.peers.get((link.netns, link.ifindex))
        for end in (*pairs, *topology.lower, *topology.alone)
        for link in [reading.link(end)]
    }
    assert found == {
        end: reading.link(pairs[end]) if end in pairs else None for end in found
    }


@those_with("lower", "alone")
def test_a_lower_link_is_named_and_is_no_peer(
    topology: Topology, built: Built, reading: Reading
) -> None:
    """What a macvlan, vlan or tunnel sits on is told with its namespace."""
    built(topology)
    for end, parent in topology.lower.items():
        assert reading.leads_to(reading.link(end), parent), end
    for end in topology.alone:
        link = reading.link(end)
        assert (link.peer_index, link.peer_netns) == (None, None)


@those_with("nameless")
def test_what_only_an_id_leads_to_has_no_name(
    topology: Topology, built: Built, reading: Reading
) -> None:
    """It is known by our id, read by it, and is none that has the peer's index."""
    built(topology)
    for end, decoy in topology.nameless.items():
        link = reading.link(end)
        assert link.peer_index == reading.link(decoy).ifindex
        assert link.peer_netns == Netns(0, link.nsid or 0)
        (inside,) = (n for n in reading.facts.namespaces if n.netns == link.peer_netns)
        assert (inside.nsid, inside.holders, inside.pids) == (link.nsid, (), ())
        peer = reading.peers[link.netns, link.ifindex]
        assert peer in (inside.links or ())
        assert (peer.name, peer.peer_netns) == ("eth0", reading.facts.host)


def test_what_is_behind_a_nameless_one_is_found(reading: Reading) -> None:
    """A pod whose veth leads there is joined with it from both ends."""
    behind = reading.link("found:eth0")
    peer = reading.peers[behind.netns, behind.ifindex]
    assert (peer.name, peer.netns) == ("next", reading.link("host:vlost").peer_netns)


@EVERY
def test_every_link_is_read(
    topology: Topology, built: Built, reading: Reading, ends: Mapping[str, End]
) -> None:
    """Index, name, kind and MAC of what `ip` lists inside, and nothing else."""
    built(topology)
    for space in topology.spaces:
        said = {
            (
                end.ifindex,
                end.row["ifname"],
                end.row.get("linkinfo", {}).get("info_kind", ""),
                end.row.get("address", ""),
            )
            for name, end in ends.items()
            if name.startswith(f"{space}:")
        }
        if topology.spaces[space] is not Held.SOCKET:
            links = reading.links(space)
            assert {(x.ifindex, x.name, x.kind, x.mac) for x in links} == said


@those_with("altnames", "vlans")
def test_further_names_and_vlans_are_told(
    topology: Topology, built: Built, reading: Reading, ends: Mapping[str, End]
) -> None:
    """Every alternative name in the kernel's order, and a vlan's number."""
    built(topology)
    for end, names in topology.altnames.items():
        assert ends[end].row["altnames"] == [*names]
        assert reading.link(end).altnames == names
    for end, number in topology.vlans.items():
        assert reading.link(end).vlan == number


@pytest.mark.parametrize(
    "name", [n for n, how in SPACES.items() if how is not Held.SOCKET]
)
def test_what_keeps_a_namespace_is_told(
    spaces: Spaces, reading: Reading, name: str
) -> None:
    """A pin, a process, or who else holds it, and that one only."""
    if name not in spaces.paths:
        pytest.skip("this kernel has no such links")
    how, inside = SPACES[name], reading.space(name)
    pins = (f"/run/netns/{name}",) if how is Held.PIN else ()
    pids = (spaces.pids[name],) if name in spaces.pids else ()
    assert (inside.pins, inside.pids) == (pins, pids)
    assert len(inside.holders) == (how in FOUND)
    for holder in inside.holders:
        assert holder.startswith(FOUND[how])


def test_what_only_looks_like_a_pin_is_told(reading: Reading) -> None:
    """A plain file in /run/netns is listed as what it is."""
    assert reading.facts.not_netns == ("/run/netns/left-behind",)


def test_no_namespace_is_invented_or_told_twice(
    reading: Reading, ends: Mapping[str, End]
) -> None:
    """The namespaces are those that were made, each once."""
    numbers = [n.netns.ino for n in reading.facts.namespaces if n.netns.dev]
    host = ends["host:lo"].inode
    assert sorted(numbers) == sorted({end.inode for end in ends.values()} - {host})
    assert reading.facts.host.ino == host


def test_asking_changes_nothing(readings: tuple[Reading, Reading]) -> None:
    """Ids that others handed out meanwhile lead to the same peers."""
    before, after = readings
    keys = [{k: (v.netns, v.ifindex) for k, v in r.peers.items()} for r in readings]
    assert keys[0] == keys[1]
    assert before.facts.links == after.facts.links


@pytest.fixture(scope="module")
def model(spaces: Spaces, reading: Reading) -> NodeModel:
    """Give the node's model, with a container for each space that has a process."""
    boxes = [
        container(number, name, pid=pid, netns=reading.space(name).netns)
        for number, (name, pid) in enumerate(spaces.pids.items())
    ]
    # A container more in a namespace that has one, and one in the node's own.
    shared = reading.space("alt")
    boxes.append(container(900, "beside", pid=shared.pids[0], netns=shared.netns))
    boxes.append(container(901, "agent", pid=1, netns=reading.facts.host))
    return build_model(sample(reading.facts, docker(*boxes)))


def pod_named(model: NodeModel, name: str) -> Pod:
    """Return the pod of a space."""
    (found,) = (pod for pod in model.pods if pod.name == name)
    return found


def pod_in(model: NodeModel, reading: Reading, space: str) -> str:
    """Return the key of the row that stands for a space, with a container or not."""
    netns = reading.space(space).netns
    (found,) = (pod.key for pod in model.pods if pod.netns == netns)
    return found


@those_with("pairs", "lower")
def test_each_pods_interface_has_its_counterpart(
    topology: Topology, built: Built, spaces: Spaces, reading: Reading, model: NodeModel
) -> None:
    """Peer and lower link are shown with where they are, whoever has the index."""
    built(topology)
    leads = both_ways(topology) | dict(topology.lower)
    for end, other in leads.items():
        space, _, name = end.partition(":")
        there = other.partition(":")[0]
        if space not in spaces.pids:
            continue
        pod = pod_named(model, space)
        (shown,) = (i for i in pod.interfaces if i.name == name)
        assert shown.counterpart, end
        assert shown.counterpart.link == reading.link(other)
        if there == "host":
            where = Whereabouts.HOST
        elif there == space:
            where = Whereabouts.SAME
        else:
            where = Whereabouts.POD if there in spaces.pids else Whereabouts.NETNS
        assert shown.counterpart.where is where, end
        near = where in (Whereabouts.HOST, Whereabouts.SAME)
        owner = "" if near else pod_in(model, reading, there)
        assert shown.counterpart.owner == owner


def test_containers_of_one_namespace_have_one_interface(model: NodeModel) -> None:
    """Two containers in one netns show the same veth and the same end of it."""
    one, other = (pod_named(model, name).interfaces for name in ("alt", "beside"))
    assert [(i.link, i.host) for i in one] == [(i.link, i.host) for i in other]
    assert [i.host.name for i in one if i.host] == ["valt"]


def test_host_network_has_none(model: NodeModel) -> None:
    """A container in the node's own namespace claims no veth."""
    agent = pod_named(model, "agent")
    assert (agent.host_network, agent.interfaces) == (True, ())
