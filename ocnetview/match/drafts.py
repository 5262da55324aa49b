"""A pod's interfaces while what is said of them is put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ocnetview.facts import PAIRED_KINDS, Link
from ocnetview.match.claims import Claim
from ocnetview.match.networks import Network, plain_address
from ocnetview.model import Counterpart, Evidence, Interface, Relation

_PEER = Relation.PEER


@dataclass(slots=True)
class Draft:
    """An interface of a pod, not yet finished."""

    link: Link | None
    """None where the pod's namespace cannot be looked into."""
    counterpart: Counterpart | None = None
    evidence: list[Evidence] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    """What is said of it, the strongest first."""
    port: str = ""
    network: str = ""
    default: bool = False
    """Claims that an annotation puts the pod's default route there."""
    given_name: str = ""
    note: str = ""
    addresses: tuple[str, ...] = field(init=False)
    """Its own, plain; none where it cannot be looked into."""

    def __post_init__(self) -> None:
        self.addresses = () if self.link is None else plain_addresses(self.link)

    @property
    def name(self) -> str:
        """Return its name inside; empty when nobody says it."""
        return self.link.name if self.link else self.given_name

    @property
    def peer(self) -> Link | None:
        """Return the other end of its pair; None where it is not known."""
        other = self.counterpart
        return other.link if other and other.relation is _PEER else None

    @property
    def agreed(self) -> set[str]:
        """Return the links that what is said of it leads to, as far as it agrees."""
        return {piece.says for piece in self.evidence if piece.agrees}

    def finished(self) -> Interface:
        """Return it as the model has it."""
        return Interface(
            self.link,
            self.counterpart,
            self.port,
            tuple(self.evidence),
            self.network,
            self.given_name,
            self.note,
        )


def plain_addresses(link: Link) -> tuple[str, ...]:
    """Return a link's addresses without prefix length, but for link-local ones."""
    return tuple(
        [
            address.partition("/")[0]
            for address in link.addresses
            if not address.startswith("fe80:")
        ]
    )


def pick(claim: Claim, drafts: list[Draft], says: Link | None) -> Draft | None:
    """Return the interface that a claim speaks of; None when it is none of these.

    Where the kernel leads from the claimed link into the pod, it is that one, be
    it called otherwise by now; unless the claim names another that has a peer of
    its own. `says` is the claimed link, where there is one.
    """
    named = _one(drafts, lambda d: d.name == claim.ifname) if claim.ifname else None
    leads = _one(drafts, lambda d: d.peer is says) if says else None
    if leads is not None and (named in (None, leads) or named.peer is None):
        return leads
    if named is not None and not _is_stand_in(named, drafts):
        return named
    found = _by_hint(claim, drafts)
    if found is not None or claim.network or claim.ifindex:
        return found
    return main(drafts) if claim.ifname in ("", "eth0") else None


def _is_stand_in(draft: Draft, drafts: list[Draft]) -> bool:
    """Claim that KubeVirt put it there in place of the real one, renamed -nic."""
    return any(other.name == f"{draft.name}-nic" for other in drafts)


def _by_hint(claim: Claim, drafts: list[Draft]) -> Draft | None:
    """Return the only interface with the claim's MAC, address, index or network."""
    wanted = set(claim.addresses)

    def has_mac(d: Draft) -> bool:
        return bool(claim.mac) and d.link is not None and d.link.mac == claim.mac

    def has_address(d: Draft) -> bool:
        return not wanted.isdisjoint(d.addresses)

    def has_index(d: Draft) -> bool:
        return d.link is not None and d.link.ifindex == claim.ifindex

    def has_network(d: Draft) -> bool:
        return bool(claim.network) and d.network == claim.network

    ways = (has_mac, has_address, has_index, has_network)
    return next((d for d in (_one(drafts, way) for way in ways) if d), None)


def main(drafts: list[Draft]) -> Draft | None:
    """Return the interface on the default network: eth0, else the only pair."""
    for name in ("eth0-nic", "eth0"):
        found = _one(drafts, lambda d, name=name: d.name == name)  # type: ignore[misc]
        if found is not None:
            return found
    found = _one(drafts, lambda d: d.default)
    if found is not None:
        return found
    return _one(drafts, lambda d: d.link is None or d.link.kind in PAIRED_KINDS)


def _one(drafts: list[Draft], fits: Callable[[Draft], bool]) -> Draft | None:
    """Return the only draft that fits; None for none or several."""
    found = [draft for draft in drafts if fits(draft)]
    return found[0] if len(found) == 1 else None


def name_networks(drafts: list[Draft], networks: Iterable[Network]) -> list[Network]:
    """Give each interface its network's name; return the networks left over.

    An entry may lack any of name, MAC and addresses: the first one that leads to
    exactly one interface counts.
    """
    left: list[Network] = []
    for network in networks:
        draft = _of_network(network, drafts)
        if draft is None:
            left.append(network)
        elif not draft.network:
            draft.network, draft.default = network.name, network.default
    return left


def _of_network(network: Network, drafts: list[Draft]) -> Draft | None:
    """Return the interface that an annotation's entry is about."""
    wanted = set(network.addresses)

    def has_name(d: Draft) -> bool:
        return bool(network.ifname) and d.name in (
            network.ifname,
            f"{network.ifname}-nic",
        )

    def has_pci(d: Draft) -> bool:
        return (
            bool(network.pci)
            and d.link is not None
            and d.link.parent_dev == network.pci
        )

    def has_mac(d: Draft) -> bool:
        return bool(network.mac) and d.link is not None and d.link.mac == network.mac

    def has_address(d: Draft) -> bool:
        return d.link is not None and not wanted.isdisjoint(
            map(plain_address, d.link.addresses)
        )

    named = [d for d in drafts if has_name(d)]
    if len(named) > 1:
        named = [d for d in named if d.counterpart is not None]
    if len(named) == 1:
        return named[0]
    ways = (has_pci, has_mac, has_address)
    return next((d for d in (_one(drafts, way) for way in ways) if d), None)
