"""Pod <-> the interfaces in its namespace, and what belongs to them outside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from ocnetview.facts import PAIRED_KINDS, Link, Netns
from ocnetview.frozen import dataclass
from ocnetview.match import disputes, shapes
from ocnetview.match.claims import STRENGTH, Claim, is_live
from ocnetview.match.counterparts import Homes, counterpart
from ocnetview.match.drafts import Draft, name_networks, pick
from ocnetview.match.kernel import SOURCE
from ocnetview.match.networks import Network, networks_of
from ocnetview.match.weighing import Claimants, Scales, support, weigh
from ocnetview.model import (
    Counterpart,
    Evidence,
    EvidenceKind,
    Interface,
    Pod,
    Port,
    Relation,
    Whereabouts,
)
from ocnetview.records import changed

_OVS_DEVICES = frozenset({"openvswitch", "tun"})
"""IFLA_INFO_KIND of an OVS internal port, by the kernel's or a user's datapath."""
# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_PARENT, _HOST = Relation.PARENT, Whereabouts.HOST


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the kernel, the bridges and others say, in the form that joining needs."""

    homes: Homes
    claims: Mapping[str, tuple[Claim, ...]]
    """By pod key, the strongest first."""
    claimants: Claimants
    ports: Mapping[int, str]
    """Port keys by the ifindex of the link on the node that carries them."""
    inside: Mapping[str, tuple[str, ...]]
    """The names that CNI gave the interfaces in each pod, by the pod's key."""
    moved: Mapping[str, Port]
    """Internal ports of OVS whose device is not on the node, by name."""
    moved_names: Counter[str]
    """How many devices of such kinds have that name, in all namespaces."""


def claimants(claims: Iterable[Claim], homes: Mapping[str, Netns | None]) -> Claimants:
    """Return how strongly each pod is said to have each link.

    `homes` has the namespace where each pod's peers are, by the pod's key.
    """
    found: dict[tuple[Netns | None, str], dict[str, int]] = defaultdict(dict)
    for claim in claims:
        of = found[homes[claim.pod], claim.says]
        of[claim.pod] = min(STRENGTH[claim.kind], of.get(claim.pod, len(STRENGTH)))
    return found


def with_interfaces(pod: Pod, around: Surroundings) -> Pod:
    """Return the pod with its interfaces, addresses, and why it has no veth."""
    homes = around.homes
    kernel = homes.kernel
    host = kernel.host
    if pod.host_network and (pod.netns is None or host is None):
        return changed(pod, reason="uses the node's own network")
    if host is not None and pod.netns == host:
        return changed(pod, host_network=True, reason="uses the node's own network")
    inside = kernel.namespaces.get(pod.netns) if pod.netns else None
    links = inside.links if inside else None
    drafts = _drafts(pod, links, around)
    said = networks_of(pod) if drafts or is_live(pod) else ()
    left = name_networks(drafts, said) if said else []
    claims = _claims_of(pod, around)
    if claims:
        scales = Scales(pod, homes, around.claimants)
        _hear(claims, drafts, scales, readable=links is not None)
        taken = {(d.peer.netns, d.peer.ifindex) for d in drafts if d.peer}
        for draft in drafts:
            if draft.claims:
                weigh(draft, scales, taken)
                draft.evidence += support(draft, "ovsdb")
    for draft in drafts:
        _give_port(draft, around)
    if links is None:
        told = {network.ifname for network in said}
        names = (n for n in around.inside.get(pod.key, ()) if n not in told)
        _add_networks(drafts, [*left, *(Network("cni", ifname=n) for n in names)])
    strange = disputes.about_addresses(pod, drafts)
    return _finished(pod, drafts, links, around, strange)


def _drafts(
    pod: Pod, links: tuple[Link, ...] | None, around: Surroundings
) -> list[Draft]:
    """Return the interfaces without lo, as the kernel alone shows them.

    Of a namespace that cannot be read, the ends of those pairs that lead there.
    """
    if links is None:
        return _from_outside(pod, around)
    found = []
    for link in links:
        if link.name == "lo":
            continue
        draft = Draft(link, note=shapes.note(link, links, pod))
        seen = counterpart(link, pod, around.homes)
        if seen is not None:
            draft.counterpart, evidence = seen
            if evidence is not None:
                draft.evidence.append(evidence)
        found.append(draft)
    return found


def _from_outside(pod: Pod, around: Surroundings) -> list[Draft]:
    """Return the interfaces of a namespace that cannot be read, by their peers."""
    found = []
    kernel = around.homes.kernel
    for link in kernel.into.get(pod.netns, ()) if pod.netns else ():
        near = link.netns == around.homes.home(pod)
        if not near:
            continue
        detail = (
            f"{link.name} is ifindex {link.ifindex} in {link.netns} and names peer"
            f" {link.peer_index} in {link.peer_netns}"
            + (f" (nsid {link.nsid})" if link.nsid is not None else "")
            + ", which cannot be read"
        )
        on_host = link.netns == kernel.host
        where = Whereabouts.HOST if on_host else Whereabouts.ENGINE
        owner = "" if on_host else pod.engine
        peer = Counterpart(Relation.PEER, where, link, owner)
        proof = Evidence(EvidenceKind.KERNEL_ONE, detail, link.name, SOURCE)
        found.append(Draft(None, peer, [proof]))
    return found


def _claims_of(pod: Pod, around: Surroundings) -> tuple[Claim, ...]:
    """Return what is said of a pod's interfaces, or of who owns its namespace."""
    said = around.claims.get(pod.key, ())
    owner = around.homes.owners.get(pod.netns) if pod.netns and not said else None
    return around.claims.get(owner.key, ()) if owner else said


def _hear(
    claims: Iterable[Claim], drafts: list[Draft], scales: Scales, *, readable: bool
) -> None:
    """Give each claim to the interface that it speaks of.

    Where the namespace cannot be read, a claim may tell of one not known yet.
    """
    for claim in claims:
        draft = pick(claim, drafts, scales.link(claim))
        if draft is None and not readable:
            draft = next((d for d in drafts if _says(d, claim)), None)
            if draft is None:
                draft = Draft(None)
                drafts.append(draft)
        if draft is None:
            continue
        draft.claims.append(claim)
        if draft.link is None:
            draft.given_name = draft.given_name or claim.ifname
            draft.network = draft.network or claim.network


def _says(draft: Draft, claim: Claim) -> bool:
    """Claim that what is known of an interface by others is about the same link."""
    return any(other.says == claim.says for other in draft.claims)


def _give_port(draft: Draft, around: Surroundings) -> None:
    """Find the bridge port of an interface: its peer's, or its own in OVS."""
    other = draft.counterpart
    if other is not None and other.relation is not _PARENT and other.link:
        if other.where is _HOST:
            draft.port = around.ports.get(other.link.ifindex, draft.port)
        return
    link = draft.link
    if link is None or other is not None or link.kind not in _OVS_DEVICES:
        return
    port = around.moved.get(link.name)
    row = port.ovs if port else None
    if port is None or row is None:
        return
    same_mac = bool(row.mac) and row.mac.lower() == link.mac
    alone = around.moved_names[link.name] == 1 and link.kind == "openvswitch"
    if not same_mac and not alone:
        return
    draft.port = port.key
    kind = EvidenceKind.ADDRESS if same_mac else EvidenceKind.NAME
    detail = (
        f"{link.name} is of kind {link.kind} and has the name of OVS port {port.name}"
    )
    detail += f", and its MAC {link.mac}" if same_mac else ""
    draft.evidence.append(Evidence(kind, detail, port.name, "ovsdb"))


def _add_networks(drafts: list[Draft], left: list[Network]) -> None:
    """Add the interfaces that only an annotation or CNI tells of.

    Not where an interface has no name yet: it may be that very one.
    """
    known = {d.given_name for d in drafts}
    left = [one for one in name_networks(drafts, left) if one.ifname]
    left = [one for one in left if one.ifname not in known]
    nameless = [d for d in drafts if not d.given_name]
    if len(nameless) == 1 and len(left) == 1:
        nameless[0].given_name, nameless[0].network = left[0].ifname, left[0].name
        return
    for one in left if not nameless else ():
        draft = Draft(None, network=one.name, given_name=one.ifname)
        draft.default = one.default
        drafts.append(draft)


def _finished(
    pod: Pod,
    drafts: list[Draft],
    links: tuple[Link, ...] | None,
    around: Surroundings,
    told: tuple[str, ...],
) -> Pod:
    """Return the pod with what was found, the interface that stands for it first."""
    ranked = drafts
    if len(drafts) > 1:
        ranked = sorted(drafts, key=lambda d: (d.finished().outer is None, _rank(d)))
    interfaces = tuple([draft.finished() for draft in ranked])
    reason = _no_veth(interfaces) if links is not None else _unread(pod, around)
    addresses = () if links is None else _addresses(drafts)
    return changed(
        pod,
        host_network=pod.host_network and pod.netns is None,
        interfaces=interfaces,
        addresses=addresses or pod.addresses,
        reason=reason,
        disputes=(*pod.disputes, *told) if told else pod.disputes,
    )


def _rank(draft: Draft) -> tuple[int, int, str]:
    """Return where an interface stands among the others that have an end outside."""
    place = 0 if draft.name == "eth0" else 1 if draft.default else 2
    return place, draft.link.ifindex if draft.link else 0, draft.name


def _addresses(drafts: list[Draft]) -> tuple[str, ...]:
    """Return the pod's addresses; a virtual machine's bridge has none of its own."""
    if len(drafts) > 1:
        drafts = sorted(drafts, key=lambda d: (d.peer is None, _rank(d)))
    every = [a for d in drafts if not d.name.startswith("k6t-") for a in d.addresses]
    return tuple(dict.fromkeys(every))


def _unread(pod: Pod, around: Surroundings) -> str:
    """Return why a pod's namespace is not looked into."""
    kernel = around.homes.kernel
    if kernel.host is None:
        return "the kernel was not heard"
    if pod.netns is not None:
        inside = kernel.namespaces.get(pod.netns)
        return inside.reason if inside else f"{pod.netns} was not found"
    pids = [member.pid for member in pod.members if member.pid]
    if pids:
        return f"/proc/{pids[0]}/ns/net cannot be read (needs CAP_SYS_PTRACE)"
    if pod.sandbox and pod.sandbox.ready and pod.sandbox.netns_path:
        return f"{pod.sandbox.netns_path} cannot be read"
    if is_live(pod) and (pod.sandbox or not pod.containers):
        return "no runtime says which network namespace it has"
    return "not running"


def _no_veth(interfaces: tuple[Interface, ...]) -> str:
    """Return why no interface has an end outside, or nothing when one has."""
    for interface in interfaces:
        if interface.outer is not None:
            return ""
    links = [i.link for i in interfaces if i.link and not shapes.is_fallback(i.link)]
    if not links:
        return "no interface but lo"
    kinds = sorted({link.kind or "physical" for link in links})
    if PAIRED_KINDS.isdisjoint(kinds):
        return f"no veth: {', '.join(kinds)}"
    peers = [i.counterpart for i in interfaces if i.counterpart]
    where = next(
        (p.text or str(p.where) for p in peers if p.relation is Relation.PEER), ""
    )
    return f"the veth's other end is not on the node: {where}"
