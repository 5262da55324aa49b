"""The interfaces of a pod: what is inside, what belongs to it, how that is known."""

from __future__ import annotations

from enum import StrEnum

from ocnetview.facts import Link
from ocnetview.frozen import dataclass


class EvidenceKind(StrEnum):
    """How a match is known, strongest first."""

    KERNEL = "kernel, both ends"
    KERNEL_ONE = "kernel, one end"
    OVS = "OVS external_ids"
    CNI = "CNI result"
    NAME = "derived name"
    ADDRESS = "MAC or IP address"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two things are taken to belong together, or why they may not."""

    kind: EvidenceKind
    detail: str
    """The values that agree, and where each was read."""
    says: str = ""
    """The name of the link that it leads to; untrusted text."""
    source: str = ""
    """The source's name: rtnetlink, ovsdb, cri, cni, ..."""
    agrees: bool = True
    """Claims that it leads to where the strongest one leads."""


class Relation(StrEnum):
    """What the link that belongs to an interface is to it."""

    PEER = "peer"
    """The other end of a veth or netkit pair."""
    PARENT = "parent"
    """The link that a macvlan, ipvlan or vlan sits on."""
    REPRESENTOR = "representor"
    """The switch's port of an SR-IOV virtual function."""


class Whereabouts(StrEnum):
    """Where the link that belongs to an interface is."""

    HOST = "on the node"
    ENGINE = "in the container that runs its engine"
    POD = "in another pod"
    SAME = "in the same namespace"
    NETNS = "in another namespace"
    UNKNOWN = "in a namespace that nothing names"


# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_PARENT, _HOST, _ENGINE = Relation.PARENT, Whereabouts.HOST, Whereabouts.ENGINE


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The link outside that belongs to an interface inside."""

    relation: Relation
    where: Whereabouts
    link: Link | None = None
    """None where it cannot be read; `text` says what is known of it then."""
    owner: str = ""
    """The key of the pod whose namespace it is in; empty on the node itself."""
    text: str = ""
    """Where it is, in words: of which pod, or which namespace."""


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface inside a pod, and what belongs to it outside."""

    link: Link | None
    """The link in the pod's namespace; None where that cannot be looked into."""
    counterpart: Counterpart | None = None
    port: str = ""
    """The key of the bridge port of `host`; empty when it is on no bridge."""
    evidence: tuple[Evidence, ...] = ()
    """All that is known of the match, strongest first."""
    network: str = ""
    """The network's name (NetworkAttachmentDefinition), as Multus says it."""
    given_name: str = ""
    """Its name as somebody says it, where the kernel cannot be asked."""
    note: str = ""
    """What it is, where its shape misleads: a VM's bridge, a VM's tap, ..."""

    @property
    def name(self) -> str:
        """Return its name inside the pod; empty when nobody says it."""
        return self.link.name if self.link else self.given_name

    @property
    def host(self) -> Link | None:
        """Return its end on the node; None when there is none, or it is not known."""
        other = self.counterpart
        if other is None or other.where is not _HOST or other.relation is _PARENT:
            return None
        return other.link

    @property
    def outer(self) -> Link | None:
        """Return its end on the node, or on the container that is its node."""
        other = self.counterpart
        if other is None or other.relation is _PARENT:
            return None
        return other.link if other.where is _HOST or other.where is _ENGINE else None

    @property
    def proof(self) -> Evidence | None:
        """Return the strongest piece of evidence."""
        return self.evidence[0] if self.evidence else None

    @property
    def disputed(self) -> bool:
        """Claim that a piece of evidence leads elsewhere than the strongest."""
        return False in [evidence.agrees for evidence in self.evidence]
