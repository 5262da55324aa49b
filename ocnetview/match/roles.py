"""Port -> what it is there for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ocnetview.facts import PAIRED_KINDS, Link, NamespaceLinks, Netns, OvsInterface
from ocnetview.frozen import dataclass
from ocnetview.match.claims_ovs import RowClaim
from ocnetview.match.counterparts import joins
from ocnetview.model import LOCAL_OFPORT, BridgeKind, Pod, PodKind, Port, PortRole
from ocnetview.records import changed

TUNNEL_TYPES = frozenset(
    {
        "vxlan",
        "geneve",
        "gre",
        "stt",
        "gretap",
        "ip6gretap",
        "erspan",
        "lisp",
        "bareudp",
    }
)
# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_NETNS, _POD, _OTHER = PodKind.NETNS, PodKind.POD, PortRole.OTHER
PHYSICAL_KINDS = frozenset({"system", "bond", "team", "vlan"})
"""Types of ports that lead to a wire; `system` is a link without IFLA_INFO_KIND."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What tells a port's role, beside the port itself."""

    owners: Mapping[str, Pod]
    """The pod behind each port that is known to be a pod's, by the port's key."""
    links: Mapping[int, Link]
    """The host's links by ifindex."""
    namespaces: Mapping[Netns, NamespaceLinks]
    """The other namespaces by identity."""
    rows: Mapping[str, RowClaim]
    """What Open vSwitch says of the pod behind a port, by the port's key."""


def owners(pods: Iterable[Pod]) -> Mapping[str, Pod]:
    """Return the pod behind each port.

    A plain container may join another's namespace (`--network container:ID`): the
    port is of who owns it. A mere namespace comes last: it may be the very one of
    a pod whose own cannot be read.
    """
    found: dict[str, Pod] = {}
    for pod in sorted(pods, key=lambda pod: (pod.kind is _NETNS, joins(pod))):
        for interface in pod.interfaces:
            found.setdefault(interface.port, pod)
    found.pop("", None)
    return found


def with_role(port: Port, around: Surroundings) -> Port:
    """Return the port with its role, its purpose in words, and the pod behind it."""
    owner = around.owners.get(port.key)
    if owner and owner.kind is _NETNS and port.link:
        purpose = _unowned(port.link, around)
        return changed(port, purpose=purpose, pod=owner.key)
    if owner and port.type not in TUNNEL_TYPES:
        kind = PortRole.POD if owner.kind is _POD else PortRole.CONTAINER
        return changed(port, role=kind, purpose=owner.title, pod=owner.key)
    role, purpose = _role(port, around)
    return changed(port, role=role, purpose=purpose)


def _role(port: Port, around: Surroundings) -> tuple[PortRole, str]:
    """Return the role and purpose of a port with no proved pod behind it."""
    row = port.ovs
    if port.state == "no device":
        return PortRole.STALE, _left_by(around.rows.get(port.key))
    if port.type in TUNNEL_TYPES:
        return PortRole.TUNNEL, _tunnel(row)
    if port.type == "patch":
        peer = row.options.get("peer", "") if row else ""
        return PortRole.PATCH, f"patch to {peer}" if peer else "patch"
    return _device_role(port, around)


def _left_by(row: RowClaim | None) -> str:
    """Return whose port a stale one was, as far as its external_ids say."""
    if row is None:
        return "device is gone"
    if row.pod:
        return f"device is gone; was of {row.pod.title}"
    if row.says.sandbox:
        return f"device is gone; was of sandbox {row.says.sandbox[:13]}"
    if row.says.name:
        return f"device is gone; was of {row.says.namespace}/{row.says.name}"
    return "device is gone"


def _tunnel(row: OvsInterface | None) -> str:
    """Return where a tunnel leads."""
    remote = row.options.get("remote_ip", "") if row else ""
    if remote in ("", "flow"):
        return "tunnel to the other nodes"
    return f"tunnel to node {remote}"


def _device_role(port: Port, around: Surroundings) -> tuple[PortRole, str]:
    """Return the role of a port by the device that carries it."""
    link = port.link
    address = _address(link, around)
    if port.ofport == LOCAL_OFPORT or port.name == port.bridge:
        if address:
            return PortRole.GATEWAY, f"the node's own address {address}"
        return PortRole.LOCAL, "the bridge itself"
    if address:
        return PortRole.GATEWAY, f"gateway of this node, {address}"
    if link and link.kind in PAIRED_KINDS:
        return _OTHER, _unowned(link, around)
    if _physical(port):
        return PortRole.UPLINK, "uplink to the network outside"
    return _OTHER, ""


def _physical(port: Port) -> bool:
    """Claim that the port leads to a wire rather than to a virtual device."""
    if port.datapath is BridgeKind.LINUX:
        return port.type in PHYSICAL_KINDS
    known = port.link is not None and port.link.kind in {"", *PHYSICAL_KINDS}
    return port.type in ("system", "dpdk") and (known or port.type == "dpdk")


def _address(link: Link | None, around: Surroundings) -> str:
    """Return the address that a port's device, or its peer beside it, has."""
    if link is None:
        return ""
    ends = [link]
    if link.kind in PAIRED_KINDS and link.peer_netns == link.netns:
        peer = around.links.get(link.peer_index or 0)
        ends += [peer] if peer else []
    found = [a for end in ends for a in end.addresses if not a.startswith("fe80:")]
    return found[0] if found else ""


def _unowned(link: Link, around: Surroundings) -> str:
    """Return what is known of the other end of a veth that is no container's."""
    if link.peer_netns is None:
        return "other end in an unknown namespace"
    if link.peer_netns == link.netns:
        peer = around.links.get(link.peer_index or 0)
        return f"pair with {peer.name}" if peer else ""
    inside = around.namespaces.get(link.peer_netns)
    pin = f" {inside.pins[0]}" if inside and inside.pins else ""
    return f"{link.peer_netns}{pin}, no container"
