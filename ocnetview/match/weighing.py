"""An interface and what is said of it -> its counterpart, and who disagrees."""

from __future__ import annotations

from collections.abc import Mapping

from ocnetview.facts import PAIRED_KINDS, Link, Netns
from ocnetview.frozen import dataclass
from ocnetview.match.claims import STRENGTH, Claim
from ocnetview.match.counterparts import Homes, place
from ocnetview.match.drafts import Draft
from ocnetview.match.kernel import Kernel, may_be, other_end
from ocnetview.match.veths import Key
from ocnetview.model import (
    Counterpart,
    Evidence,
    EvidenceKind,
    Pod,
    PodKind,
    Relation,
    Whereabouts,
)

Claimants = Mapping[tuple[Netns | None, str], Mapping[str, int]]
"""By home and link name: how strongly each pod is said to have that link."""


@dataclass(frozen=True, slots=True)
class Scales:
    """What claims of one pod are weighed against."""

    pod: Pod
    homes: Homes
    claimants: Claimants

    @property
    def home(self) -> Netns | None:
        """Return the namespace that claims name links of."""
        return self.homes.home(self.pod)

    def link(self, claim: Claim) -> Link | None:
        """Return the link that a claim names; None when there is none."""
        return self.homes.kernel.named.get((self.home, claim.says))


def weigh(draft: Draft, scales: Scales, taken: set[Key]) -> None:
    """Give an interface its evidence and, where the kernel is silent, its link.

    The kernel's word stands. Without it, the strongest claim that the kernel does
    not speak against is taken; `taken` has the links that the pod's others have.
    """
    if draft.peer is not None:
        _compare(draft, draft.peer, scales)
        return
    chosen: Claim | None = None
    found: Link | None = None
    # What is there before what is not: a CNI result is never brought up to date.
    claims = [(claim, scales.link(claim)) for claim in draft.claims]
    for claim, link in sorted(claims, key=lambda pair: pair[1] is None):
        if chosen is not None:
            same = claim.says == chosen.says or (found is not None and link is found)
            doubt = "" if same else f"{chosen.says} is said more surely"
        else:
            doubt = against(claim, link, draft, scales)
            if link is not None and (link.netns, link.ifindex) in taken:
                doubt = doubt or f"{link.name} is of another interface of the pod"
        draft.evidence.append(evidence(claim, doubt))
        if chosen is None and not doubt:
            chosen, found = claim, link
            _match(draft, claim, link, scales)
    if found is not None:
        taken.add((found.netns, found.ifindex))
    draft.evidence.sort(key=lambda piece: (not piece.agrees, STRENGTH[piece.kind]))


def _compare(draft: Draft, peer: Link, scales: Scales) -> None:
    """Add what is said of an interface whose peer the kernel has shown."""
    near = peer.netns == scales.home
    for claim in draft.claims:
        same = near and (claim.says == peer.name or claim.says in peer.altnames)
        doubt = "" if same else _kernel_says(peer, scales)
        draft.evidence.append(evidence(claim, doubt))
        if same and claim.port:
            draft.port = claim.port


def _kernel_says(peer: Link, scales: Scales) -> str:
    _, _, text = place(peer.netns, scales.pod.netns, scales.pod, scales.homes)
    return f"the kernel leads to {peer.name}" + (f" in {text}" if text else "")


def evidence(claim: Claim, doubt: str) -> Evidence:
    """Return a claim as evidence; with a doubt it does not agree."""
    detail = f"{claim.detail}; but {doubt}" if doubt else claim.detail
    return Evidence(claim.kind, detail, claim.says, claim.source, agrees=not doubt)


def _match(draft: Draft, claim: Claim, link: Link | None, scales: Scales) -> None:
    """Give an interface the link that a claim names, as far as it is there."""
    draft.port = claim.port or draft.port
    draft.given_name = draft.given_name or claim.ifname
    near = scales.home == scales.homes.kernel.host
    engine = "" if near else scales.pod.engine
    where = Whereabouts.HOST if near else Whereabouts.ENGINE
    if link is None:
        if scales.homes.kernel.host is None:
            peer = Counterpart(Relation.PEER, where, None, engine, claim.says)
            draft.counterpart = peer
        return
    paired = link.kind in PAIRED_KINDS
    relation = Relation.PEER if paired else Relation.REPRESENTOR
    _, _, text = place(link.netns, scales.pod.netns, scales.pod, scales.homes)
    draft.counterpart = Counterpart(relation, where, link, engine, text)


def against(claim: Claim, link: Link | None, draft: Draft, scales: Scales) -> str:
    """Return what speaks against a claim; empty when nothing does."""
    rival = _rival(claim, scales)
    if rival:
        return rival
    if link is None:
        return ""
    if link.kind not in PAIRED_KINDS:
        return _against_representor(claim, link, draft)
    return _against_there(link, scales) or _against_inside(
        link, draft, scales.homes.kernel
    )


def _rival(claim: Claim, scales: Scales) -> str:
    """Return which other pod is said to have the link, as strongly or more."""
    pods = scales.homes.pods
    for key, strength in scales.claimants.get((scales.home, claim.says), {}).items():
        other = pods[key]
        shared = other.netns is not None and other.netns == scales.pod.netns
        if key != claim.pod and not shared and strength <= STRENGTH[claim.kind]:
            return f"{claim.says} is said to be of {other.title}, too"
    return ""


def _against_there(link: Link, scales: Scales) -> str:
    """Return where else the kernel leads from a paired link on the node."""
    kernel, here = scales.homes.kernel, scales.pod.netns
    end = other_end(link, kernel)
    there = end.netns if end else link.peer_netns
    if there is None:
        inside = kernel.namespaces.get(here) if here else None
        known = inside.nsid if inside else None
        strange = None not in (known, link.nsid) and known != link.nsid
        return f"{link.name} leads to id {link.nsid}" if strange else ""
    if here is None:
        # Who cannot say its namespace may be in one that nobody is known to be in.
        owner = scales.homes.owners.get(there)
        other = owner is not None and owner.kind is not PodKind.NETNS
        doubtful = there == link.netns or other
    else:
        doubtful = not may_be(there, here, kernel)
    if not doubtful:
        return ""
    _, _, text = place(there, link.netns, scales.pod, scales.homes)
    name = f"{end.name} in " if end else ""
    return f"the kernel leads from {link.name} to {name}{text or there}"


def _against_inside(link: Link, draft: Draft, kernel: Kernel) -> str:
    """Return what the kernel says of the inner end that does not fit."""
    inner = draft.link
    if inner is None:
        return ""
    if inner.kind != link.kind:
        return f"{inner.name} is {inner.kind or 'physical'}, {link.name} is {link.kind}"
    if inner.peer_netns and not may_be(inner.peer_netns, link.netns, kernel):
        return f"the kernel leads from {inner.name} into {inner.peer_netns}"
    if inner.peer_index not in (None, link.ifindex):
        return f"{inner.name} names peer {inner.peer_index}, not {link.ifindex}"
    if link.peer_index not in (None, inner.ifindex):
        return f"{link.name} names peer {link.peer_index}, not {inner.ifindex}"
    return ""


def _against_representor(claim: Claim, link: Link, draft: Draft) -> str:
    """Return why a link that is no end of a pair does not stand for a function."""
    inner = draft.link
    if not link.phys_port and not claim.representor:
        return f"{link.name} is {link.kind or 'physical'}, no end of a pair"
    if inner is None:
        return ""
    if inner.kind or draft.counterpart is not None:
        return f"{inner.name} is {inner.kind}, no SR-IOV function"
    if inner.phys_switch and link.phys_switch not in ("", inner.phys_switch):
        return f"{link.name} is of another switch than {inner.name}"
    return ""


def support(draft: Draft, source: str) -> list[Evidence]:
    """Return what MAC and addresses add to agreeing claims, where they are equal."""
    inner = draft.link
    claims = [claim for claim in draft.claims if claim.source == source]
    if inner is None or not claims:
        return []
    agreed = draft.agreed
    found: list[Evidence] = []
    for claim in claims:
        if claim.says not in agreed or claim.kind is EvidenceKind.ADDRESS:
            continue
        same = [a for a in claim.addresses if a in draft.addresses]
        same += [claim.mac] if claim.mac and claim.mac == inner.mac else []
        if same:
            verb = "is" if len(same) == 1 else "are"
            detail = f"{claim.says}'s {' and '.join(same)} {verb} {inner.name}'s own"
            found.append(
                Evidence(EvidenceKind.ADDRESS, detail, claim.says, claim.source)
            )
    return found
