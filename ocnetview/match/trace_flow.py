"""Two ends and a protocol -> the bridge and the flow to ask `ofproto/trace` about.

The flow has all that a rule may match on, by full keywords and with a time to live:
without one the switch drops what it routes. Ports are numbers, for names may be cut.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ocnetview.errors import ProbeAbsentError
from ocnetview.frozen import dataclass
from ocnetview.match.ofports import ofport_text
from ocnetview.match.trace_ends import (
    DOING,
    End,
    derived_mac,
    gateway_of,
    in_subnet,
)
from ocnetview.model import Bridge, NodeModel, Port

SOURCE_PORT = 12345
"""Any that no service has."""
REPLIES = ("trk,est,rpl",) * 8
"""What connection tracking finds for an answer, each time that it is asked."""
_V4, _V6 = 4, 6


class Protocol(StrEnum):
    """What is sent."""

    TCP = "tcp"
    UDP = "udp"
    ICMP = "icmp"


class Way(StrEnum):
    """Which way a packet goes."""

    THERE = "there"
    BACK = "back"
    """The answer, from where it comes into a bridge of this node."""


class Wanted(NamedTuple):
    """The packet that is asked about, at its source."""

    protocol: Protocol = Protocol.TCP
    port: int = 80
    """The target's; an echo request has none."""

    @property
    def text(self) -> str:
        """Return it as people say it: tcp/80."""
        icmp = self.protocol is Protocol.ICMP
        return "icmp echo" if icmp else f"{self.protocol}/{self.port}"


@dataclass(frozen=True, slots=True)
class Question:
    """What the switch is asked, and what that is in words."""

    way: Way
    title: str
    """From whom to whom; untrusted text."""
    bridge: str
    flow: str
    states: tuple[str, ...] = ()
    """What connection tracking is to find, each time that it is asked."""
    notes: tuple[str, ...] = ()
    """What of it was derived rather than read."""


class Tunnelled(NamedTuple):
    """How a packet arrives from another node."""

    port: Port
    peer: str
    """The other node's address."""
    key: str
    """The tunnel's key: OpenShift SDN's network id."""


def version_of(source: End, target: End) -> int:
    """Return the IP version that both have, 4 where it is both.

    Raises:
        ProbeAbsentError: they have none in common.
    """
    for version in (_V4, _V6):
        if source.address(version) and target.address(version):
            return version
    reason = f"{target.title} has no address of an IP version that it has itself"
    raise ProbeAbsentError(source.title, DOING, reason)


def there(model: NodeModel, source: End, target: End, wanted: Wanted) -> Question:
    """Return the question what becomes of a packet.

    Raises:
        ProbeAbsentError: the source is behind no port, or shares no IP version.
    """
    return _question(model, Way.THERE, (source, target), wanted)


def back(
    model: NodeModel,
    source: End,
    target: End,
    wanted: Wanted,
    tunnelled: Tunnelled | None = None,
) -> Question:
    """Return the question what becomes of the answer, which the target sends.

    From another node it comes out of the tunnel; a target behind no port answers by
    way of the node.

    Raises:
        ProbeAbsentError: nothing says where the answer enters the bridge.
    """
    return _question(model, Way.BACK, (target, source), wanted, tunnelled)


def _question(
    model: NodeModel,
    way: Way,
    ends: tuple[End, End],
    wanted: Wanted,
    tunnelled: Tunnelled | None = None,
) -> Question:
    """Return the question about a packet from the first end to the second."""
    source, target = ends
    port = tunnelled.port if tunnelled else source.port
    bridge = model.bridges_by_name.get(port.bridge) if port else None
    if port is None or port.ofport is None or bridge is None:
        raise ProbeAbsentError(source.title, DOING, "it is behind no port of this node")
    version = version_of(source, target)
    addresses = source.address(version), target.address(version)
    notes: list[str] = []
    parts = [f"in_port={ofport_text(port.ofport)}", _protocol(wanted, version)]
    if tunnelled:
        parts += [f"tun_src={tunnelled.peer}", *_key(tunnelled.key)]
    direct = source.host or tunnelled is not None
    parts += _macs(bridge, ends, version, notes, direct=direct)
    names = ("nw_src", "nw_dst") if version == _V4 else ("ipv6_src", "ipv6_dst")
    parts += [f"{k}={v}" for k, v in zip(names, addresses, strict=True)]
    parts += ["nw_ttl=64", *_ports(wanted, version, way)]
    states = REPLIES if way is Way.BACK else ()
    title = f"{source.title} → {target.title}"
    return Question(way, title, bridge.name, ",".join(parts), states, tuple(notes))


def _key(key: str) -> tuple[str, ...]:
    return (f"tun_id={key}",) if key else ()


def _protocol(wanted: Wanted, version: int) -> str:
    """Return the protocol as a flow has it."""
    return str(wanted.protocol) + ("6" if version == _V6 else "")


def _macs(
    bridge: Bridge,
    ends: tuple[End, End],
    version: int,
    notes: list[str],
    *,
    direct: bool,
) -> list[str]:
    """Return both MACs as far as they are known; note how the target's is.

    `direct` claims that the sender needs no gateway, whatever its subnet is.
    """
    source, target = ends
    address = target.address(version)
    mac, how = "", ""
    if address and (direct or in_subnet(source, address)):
        mac = target.mac
        if not mac and (mac := derived_mac(address)):
            how = f"dl_dst is derived from {address}, as the network plugin makes it"
    else:
        mac, known = gateway_of(bridge, source, version)
        how = f"dl_dst is that {known}" if known else ""
    if not mac:
        how = f"nothing says the MAC that leads to {address}: the flow has no dl_dst"
    notes += [how] if how else []
    found = (("dl_src", source.mac), ("dl_dst", mac))
    return [f"{name}={value}" for name, value in found if value]


def _ports(wanted: Wanted, version: int, way: Way) -> list[str]:
    """Return what the protocol has below IP."""
    if wanted.protocol is Protocol.ICMP:
        request, reply = (8, 0) if version == _V4 else (128, 129)
        kind = reply if way is Way.BACK else request
        name = "icmp" if version == _V4 else "icmpv6"
        return [f"{name}_type={kind}", f"{name}_code=0"]
    pair = (SOURCE_PORT, wanted.port)
    source, target = pair[::-1] if way is Way.BACK else pair
    name = wanted.protocol
    return [f"{name}_src={source}", f"{name}_dst={target}"]
