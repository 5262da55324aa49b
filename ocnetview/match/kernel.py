"""Two links <-> what the kernel says of them: who is whose peer, who sits on whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import field

from ocnetview.facts import PAIRED_KINDS, Link, LinkFacts, NamespaceLinks, Netns
from ocnetview.frozen import dataclass
from ocnetview.match.veths import Key, peers_among
from ocnetview.model import Evidence, EvidenceKind

SOURCE = "rtnetlink"
_KERNEL = EvidenceKind.KERNEL


@dataclass(frozen=True, slots=True)
class Kernel:
    """Every link of the node, keyed for joining; empty when it was not heard."""

    host: Netns | None = None
    namespaces: Mapping[Netns, NamespaceLinks] = field(default_factory=dict)
    links: Mapping[Key, Link] = field(default_factory=dict)
    named: Mapping[tuple[Netns | None, str], Link] = field(default_factory=dict)
    """By namespace and name, or another name that the link has; of homes only."""
    peers: Mapping[Key, Link] = field(default_factory=dict)
    """Proved from both ends."""
    pointing: Mapping[Key, tuple[Link, ...]] = field(default_factory=dict)
    """The paired links that name this one as their peer."""
    into: Mapping[Netns, tuple[Link, ...]] = field(default_factory=dict)
    """The paired links that lead into a namespace that cannot be read."""


def index(facts: LinkFacts | None, homes: Collection[Netns | None]) -> Kernel:
    """Return what the kernel said, keyed.

    Others than the kernel name links of the node, or of a container that is one to
    the pods in it: `homes` has the namespaces of those.
    """
    if facts is None:
        return Kernel()
    namespaces = {inside.netns: inside for inside in facts.namespaces}
    everything, near = [*facts.links], [*facts.links]
    for inside in facts.namespaces:
        everything += inside.links or ()
        near += (inside.links or ()) if inside.netns in homes else ()
    links: dict[Key, Link] = {(one.netns, one.ifindex): one for one in everything}
    named: dict[tuple[Netns | None, str], Link] = {
        (one.netns, one.name): one for one in near
    }
    pointing: dict[Key, tuple[Link, ...]] = {}
    into: dict[Netns, tuple[Link, ...]] = defaultdict(tuple)
    for link in everything:
        there, number = link.peer_netns, link.peer_index
        if number and there is not None and link.kind in PAIRED_KINDS:
            key = (there, number)
            pointing[key] = (*pointing[key], link) if key in pointing else (link,)
            inside_there = namespaces.get(there)
            if inside_there is not None and inside_there.links is None:
                into[there] += (link,)
    for link in near:
        for name in link.altnames:
            named.setdefault((link.netns, name), link)
    peers = peers_among(links)
    return Kernel(facts.host, namespaces, links, named, peers, pointing, dict(into))


def proof(link: Link, kernel: Kernel) -> tuple[Link, Evidence] | None:
    """Return a paired link's peer and the kernel's proof; None where it has none.

    Both ends name each other, or one does and the other says nothing against it:
    it has the right kind and peer index, but its namespace id leads nowhere known.
    """
    other = kernel.peers.get((link.netns, link.ifindex))
    if other is not None and link.kind in PAIRED_KINDS:
        # The end on the node stands first in the sentence.
        one, two = (link, other) if link.netns == kernel.host else (other, link)
        here, there = str(one.netns), str(two.netns)
        detail = (
            f"{_words(one, here, two, there)}; {_words(two, there, one, here)};"
            f" both are {link.kind}"
        )
        return other, Evidence(_KERNEL, detail, other.name, SOURCE)
    other = other_end(link, kernel)
    if other is None:
        return None
    sure, silent = (link, other) if link.peer_netns else (other, link)
    detail = (
        f"{_words(sure, str(sure.netns), silent, str(silent.netns))};"
        f" {silent.name} names peer {silent.peer_index}, but"
        f" in a namespace that is not known; both are {link.kind}"
    )
    return other, Evidence(EvidenceKind.KERNEL_ONE, detail, other.name, SOURCE)


def other_end(link: Link, kernel: Kernel) -> Link | None:
    """Return a paired link's peer as the kernel proves it, without a word of it."""
    if link.kind not in PAIRED_KINDS:
        return None
    other = kernel.peers.get((link.netns, link.ifindex))
    return other or _sure(link, kernel) or _unsure(link, kernel)


def _words(one: Link, here: str, other: Link, there: str) -> str:
    """Return what the kernel says of one end of a pair, in a namespace so called."""
    nsid = "" if one.nsid is None else f" (nsid {one.nsid})"
    return (
        f"{one.name} is ifindex {one.ifindex} in {here} and names peer"
        f" {other.ifindex} in {there}{nsid}"
    )


def _sure(silent: Link, kernel: Kernel) -> Link | None:
    """Return the only link that names this one, which itself cannot say where."""
    hits = kernel.pointing.get((silent.netns, silent.ifindex), ())
    found = hits[0] if len(hits) == 1 else None
    return found if found and _half(found, silent, kernel) else None


def _unsure(sure: Link, kernel: Kernel) -> Link | None:
    """Return the link that this one alone names, where that cannot say where."""
    if sure.peer_netns is None or sure.peer_index is None:
        return None
    key = (sure.peer_netns, sure.peer_index)
    silent = kernel.links.get(key)
    alone = len(kernel.pointing.get(key, ())) == 1
    return silent if silent and alone and _half(sure, silent, kernel) else None


def _half(sure: Link, silent: Link, kernel: Kernel) -> bool:
    """Claim that the end which cannot say where its peer is says nothing else."""
    said, known = silent.peer_netns, _nsid(sure.netns, kernel)
    return (
        silent is not sure
        and silent.kind == sure.kind
        and (said is None or (not said.dev and may_be(said, sure.netns, kernel)))
        and silent.peer_index == sure.ifindex
        and (known is None or silent.nsid in (None, known))
    )


def may_be(one: Netns, other: Netns, kernel: Kernel) -> bool:
    """Claim that two may be one namespace: one of them may be known by its id only."""
    if one == other or (one.dev and other.dev):
        return one == other
    if kernel.host in (one, other):
        return False
    ids = {_nsid(one, kernel), _nsid(other, kernel)}
    return None in ids or len(ids) == 1


def _nsid(netns: Netns, kernel: Kernel) -> int | None:
    """Return our id for a namespace; None where it is not known."""
    if not netns.dev:
        return netns.ino
    inside = kernel.namespaces.get(netns)
    return inside.nsid if inside else None


def lower(link: Link, kernel: Kernel) -> Link | None:
    """Return the link that a macvlan, vlan or tunnel sits on; None when not seen.

    IFLA_LINK of all but paired kinds is the lower device.
    """
    if link.peer_netns is None or link.peer_index is None:
        return None
    return kernel.links.get((link.peer_netns, link.peer_index))


def leads_to(link: Link, kernel: Kernel) -> Netns | None:
    """Return the namespace that a paired link's peer is in; None when not known."""
    if link.kind not in PAIRED_KINDS:
        return None
    other = other_end(link, kernel)
    return other.netns if other else link.peer_netns
