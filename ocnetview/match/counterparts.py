"""Interface <-> the link that the kernel says belongs to it, wherever that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ocnetview.facts import PAIRED_KINDS, Link, Netns
from ocnetview.frozen import dataclass
from ocnetview.match.kernel import SOURCE, Kernel, lower, proof
from ocnetview.model import (
    Counterpart,
    Evidence,
    EvidenceKind,
    Pod,
    PodKind,
    Relation,
    Whereabouts,
)

# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_CONTAINER, _PEER = PodKind.CONTAINER, Relation.PEER
_ON_HOST = (Whereabouts.HOST, "", "")
Found = tuple[Counterpart, Evidence | None]
"""A counterpart, and the kernel's word; None where it only says that there is one."""


@dataclass(frozen=True, slots=True)
class Outline:
    """All that one pod's row tells of another pod, so that no more of it matters."""

    key: str
    kind: PodKind
    title: str
    netns: Netns | None


@dataclass(frozen=True, slots=True)
class Homes:
    """Who is in which namespace."""

    kernel: Kernel
    owners: Mapping[Netns, Outline]
    """The pod of each namespace; who owns it before who joined it."""
    pods: Mapping[str, Outline]
    """By key."""

    def home(self, pod: Pod) -> Netns | None:
        """Return where a pod's peers are: its engine's namespace, else the node's."""
        engine = self.pods.get(pod.engine) if pod.engine else None
        return engine.netns if engine else self.kernel.host


def settle(pods: Iterable[Pod], kernel: Kernel) -> Homes:
    """Return the pods keyed by namespace and by key."""
    by_key = {pod.key: pod for pod in pods}
    known = {
        key: Outline(key, pod.kind, pod.title, pod.netns) for key, pod in by_key.items()
    }
    owners: dict[Netns, Outline] = {}
    for pod in sorted(by_key.values(), key=lambda pod: (joins(pod), pod.engine != "")):
        if pod.netns is not None and pod.netns != kernel.host:
            owners.setdefault(pod.netns, known[pod.key])
    return Homes(kernel, owners, known)


def joins(pod: Pod) -> bool:
    """Claim that a plain container lives in the namespace of another container."""
    if pod.kind is not _CONTAINER:
        return False
    return any(c.network_mode.startswith("container:") for c in pod.containers)


def counterpart(link: Link, pod: Pod, homes: Homes) -> Found | None:
    """Return what belongs to a link of the pod's namespace; None where nothing does."""
    if link.kind not in PAIRED_KINDS:
        return _parent(link, pod, homes) if link.peer_index else None
    proved = proof(link, homes.kernel)
    if proved is not None:
        other, evidence = proved
        where, owner, text = place(other.netns, link.netns, pod, homes)
        return Counterpart(_PEER, where, other, owner, text), evidence
    return _unseen_peer(link, pod, homes)


def _unseen_peer(link: Link, pod: Pod, homes: Homes) -> Found:
    """Return what is known of a peer that the kernel did not show to us."""
    there = link.peer_netns
    if link.peer_index is None:
        text = "the kernel names no peer"
        return Counterpart(_PEER, Whereabouts.UNKNOWN, text=text), None
    if there is None:
        nsid = "no id" if link.nsid is None else f"id {link.nsid}"
        text = f"ifindex {link.peer_index} in a namespace of {nsid}"
        return Counterpart(_PEER, Whereabouts.UNKNOWN, text=text), None
    where, owner, place_text = place(there, link.netns, pod, homes)
    inside = homes.kernel.namespaces.get(there)
    said = f"ifindex {link.peer_index} in {place_text or where}"
    if there != homes.kernel.host and (inside is None or inside.links is None):
        detail = (
            f"{link.name} is ifindex {link.ifindex} in {link.netns} and names {said}"
        )
        evidence = Evidence(EvidenceKind.KERNEL_ONE, detail, source=SOURCE)
        return Counterpart(_PEER, where, None, owner, said), evidence
    said += ", where no link names it back"
    return Counterpart(_PEER, where, None, owner, said), None


def _parent(link: Link, pod: Pod, homes: Homes) -> Found:
    """Return the link that a macvlan, ipvlan, vlan or tunnel sits on."""
    there = link.peer_netns
    below = lower(link, homes.kernel)
    detail = f"{link.name} ({link.kind}) sits on ifindex {link.peer_index}"
    if there is None:
        text = f"ifindex {link.peer_index} in a namespace that is not known"
        return Counterpart(Relation.PARENT, Whereabouts.UNKNOWN, text=text), None
    where, owner, text = place(there, link.netns, pod, homes)
    if below is None:
        text = f"ifindex {link.peer_index} in {text or where}"
    name = below.name if below else ""
    detail += f" in {there}" + (f", which is {name}" if name else "")
    return (
        Counterpart(Relation.PARENT, where, below, owner, text),
        Evidence(EvidenceKind.KERNEL_ONE, detail, name, SOURCE),
    )


def place(
    there: Netns, here: Netns | None, pod: Pod, homes: Homes
) -> tuple[Whereabouts, str, str]:
    """Return where a namespace is from a pod's view, whose it is, and that in words."""
    if there == here:
        return Whereabouts.SAME, "", ""
    if there == homes.kernel.host:
        return _ON_HOST
    if pod.engine and there == homes.home(pod):
        return (
            Whereabouts.ENGINE,
            pod.engine,
            f"container {homes.pods[pod.engine].title}",
        )
    owner = homes.owners.get(there)
    if owner is None:
        return Whereabouts.NETNS, "", _named(there, homes)
    if owner.kind is PodKind.NETNS:
        return Whereabouts.NETNS, owner.key, _named(there, homes)
    return Whereabouts.POD, owner.key, f"{owner.kind} {owner.title}"


def _named(there: Netns, homes: Homes) -> str:
    """Return a namespace with what holds it."""
    inside = homes.kernel.namespaces.get(there)
    if inside is None:
        return str(there)
    holder = next(iter((*inside.pins, *inside.holders)), "")
    if not holder and inside.pids:
        holder = f"of process {inside.pids[0]}"
    return f"{there} {holder}".strip()
