"""Random nodes: the match finds the true pairs, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from builders import HOST, netns, sandbox
from cluster import Cluster
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import Link, Netns
from ocnetview.model import EvidenceKind, NodeModel, Whereabouts

NAMES = ("eth0", "net1", "vethA", "ens3")


@dataclass
class Truth:
    """A node whose pairs are known, because they were made so."""

    node: Cluster = field(default_factory=Cluster)
    pairs: dict[tuple[Netns, int], tuple[Netns, int]] = field(default_factory=dict)
    """Each end's other end."""


def end(here: tuple[int, int], there: tuple[int, int], name: str, kind: str) -> Link:
    """Return the end of a pair that is here, as the kernel tells of it."""
    return Link(
        netns(here[0]),
        here[1],
        name,
        kind,
        peer_index=there[1],
        nsid=None if here[0] == there[0] else there[0],
        peer_netns=netns(there[0]),
    )


@st.composite
def nodes(draw: st.DrawFn) -> Truth:
    """Return a node of up to five namespaces with small, repeating indexes."""
    truth = Truth()
    free = {n: list(draw(st.permutations(range(1, 9)))) for n in range(6)}
    for _ in range(draw(st.integers(0, 10))):
        one, other = draw(st.integers(0, 5)), draw(st.integers(0, 5))
        if len(free[one]) < 2 or len(free[other]) < 2:
            continue
        kind = draw(st.sampled_from(["veth", "netkit"]))
        here, there = (one, free[one].pop()), (other, free[other].pop())
        for near, far in ((here, there), (there, here)):
            name = f"{draw(st.sampled_from(NAMES))}.{near[1]}"
            truth.node.links.append(end(near, far, name, kind))
            truth.pairs[netns(near[0]), near[1]] = (netns(far[0]), far[1])
    for where in range(6):
        for _ in range(draw(st.integers(0, 2))):
            if not free[where]:
                break
            kind = draw(st.sampled_from(["macvlan", "vlan", "dummy", "", "veth"]))
            lower = draw(st.none() | st.integers(1, 9))
            base = draw(st.sampled_from([None, 0, where]))
            index = free[where].pop()
            known = None if base is None or kind == "veth" else netns(base)
            made = Link(netns(where), index, f"x{index}", kind, peer_index=lower)
            truth.node.links.append(made._replace(peer_netns=known, nsid=77))
    for number in range(1, draw(st.integers(1, 6))):
        truth.node.pod(number)
    return truth


def found(model: NodeModel) -> dict[tuple[Netns, int], tuple[Netns, int]]:
    """Return the peers that the pods' interfaces were given."""
    return {
        (one.link.netns, one.link.ifindex): (
            one.counterpart.link.netns,
            one.counterpart.link.ifindex,
        )
        for pod in model.pods
        for one in pod.interfaces
        if one.link
        and one.counterpart
        and one.counterpart.link
        and one.counterpart.relation == "peer"
    }


@given(nodes())
def test_exactly_the_true_pairs_are_found(truth: Truth) -> None:
    """In whatever namespace the other end is, it is that end and no other's index."""
    model = truth.node.model()
    inside = {pod.netns for pod in model.pods}
    wanted = {key: peer for key, peer in truth.pairs.items() if key[0] in inside}
    assert found(model) == wanted
    for pod in model.pods:
        listed = [one.link for one in pod.interfaces if one.link]
        assert {link.netns for link in listed} <= {pod.netns}
        for one in pod.interfaces:
            other = one.counterpart
            if other and other.link:
                on_host = other.where is Whereabouts.HOST
                assert on_host is (other.link.netns == HOST)
                assert (other.where is Whereabouts.SAME) is (
                    one.link is not None and other.link.netns == one.link.netns
                )


@given(nodes(), st.data())
def test_claims_never_change_what_the_kernel_proves(
    truth: Truth, data: st.DataObject
) -> None:
    """Random rows, true or false, add evidence: the proved pairs stay the same.

    What they add where the kernel proves nothing is never a link that it proves to
    be another's.
    """
    node = truth.node
    names = [one.name for one in node.links if one.netns == HOST] or ["none"]
    for name in dict.fromkeys(data.draw(st.lists(st.sampled_from(names), max_size=6))):
        number = data.draw(st.integers(1, 7))
        ifname = data.draw(st.sampled_from(["", "eth0.2", "net1.3"]))
        ids = {"sandbox": sandbox(number, "x", "x").id, "pod-if-name": ifname}
        node.row(name, **ids)
    before = found(replace(node, rows=[]).model())
    model = node.model()
    after = found(model)
    assert {key: peer for key, peer in after.items() if key in before} == before
    for key in after.keys() - before.keys():
        assert after[key] not in truth.pairs
    for pod in model.pods:
        for one in pod.interfaces:
            if one.link and (one.link.netns, one.link.ifindex) in before:
                assert one.evidence[0].kind is EvidenceKind.KERNEL


@given(nodes(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(truth: Truth, random: Random) -> None:
    """Links, rows, sandboxes and containers in any order give one model."""
    node = truth.node
    for one in [one for one in node.links if one.netns == HOST][:3]:
        node.row(one.name, sandbox=sandbox(1, "x", "x").id)
    straight = node.model()
    for items in (node.links, node.boxes, node.rows):
        random.shuffle(items)
    mixed = node.model()
    assert mixed.pods == straight.pods
    assert mixed.bridges == straight.bridges


LOSSES = ("none", "unread", "no netns", "no id", "no proof")
STYLES = ("sdn", "ovn-k", "kube-ovn", "antrea")


@given(
    pods=st.lists(
        st.tuples(st.sampled_from(LOSSES), st.sampled_from(STYLES)),
        min_size=1,
        max_size=6,
    ),
    silent=st.booleans(),
)
def test_true_rows_make_up_for_what_the_kernel_cannot_show(
    pods: list[tuple[str, str]], *, silent: bool
) -> None:
    """Whatever right is missing, each pod has its own port, and no other."""
    node = Cluster(silent=silent)
    for number, (loss, style) in enumerate(pods, 1):
        where = None if loss == "no netns" else netns(number)
        box = node.pod(number, sid=f"{number:x}" * 64, netns=where)
        outer, inner = node.pair(number, 10 + number, f"veth{number}")
        if loss == "unread":
            node.unread[number] = "needs CAP_NET_ADMIN"
        if loss in ("no id", "no proof"):
            node.change(outer, peer_netns=None, nsid=None)
        if loss == "no proof":
            node.change(inner, peer_netns=None, nsid=None)
        ids = {
            "sdn": {"sandbox": box.id, "ip": f"10.128.0.{number}"},
            "ovn-k": {"sandbox": box.id, "iface-id": f"shop_pod{number}"},
            "kube-ovn": {"pod_name": f"pod{number}", "pod_namespace": "shop"},
            "antrea": {"container-id": box.id, "if-dev": "eth0"},
        }
        node.row(f"veth{number}", number, **ids[style])
    model = node.model()
    shown = {pod.name: pod for pod in model.pods if pod.kind == "pod"}
    assert len(shown) == len(pods)
    for number, (loss, _) in enumerate(pods, 1):
        pod = shown[f"pod{number}"]
        (one,) = pod.interfaces
        assert one.port == f"br0/veth{number}"
        assert model.ports_by_key[one.port].pod == pod.key
        assert silent or (one.host and one.host.name == f"veth{number}")
        assert not pod.disputed
        assert bool(pod.reason) is (silent or loss in ("unread", "no netns"))
