"""The sockets of a pod in the node's network -> the filter for their packets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from ipaddress import IPv6Address, ip_address

from ocnetview.facts.inside import Socket, SocketsFacts
from ocnetview.units import counted

_NOTHING = "less 0"
"""A filter that nothing passes: no packet has no bytes."""
_LOOPBACK = ("127.", "::1")
_WILDCARDS = frozenset({"", "*", "0.0.0.0", "::"})  # noqa: S104 - what a socket says
_EVERYONE = ("dst host 255.255.255.255", "ip multicast", "ip6 multicast")
"""What a socket without an address of its own hears, too."""
_MOST = 300
"""Ports and addresses; of more, all bound on their own, a filter takes more
instructions than the kernel lets one have (BPF_MAXINSNS)."""
_Port = tuple[str, int]


def of_sockets(
    sockets: SocketsFacts | None, addresses: Iterable[str]
) -> tuple[str, str]:
    """Return the filter for the packets of sockets, and what it is in words.

    `addresses` are the node's own. A port alone would not do: the far end of somebody
    else's connection may have the same one, as may a pod whose packets only pass.
    """
    if sockets is None:
        return _NOTHING, "its sockets are not known, so nothing passes the filter"
    by_address: dict[str, set[_Port]] = {}
    for one in filter(_leads, sockets.sockets):
        ports = by_address.setdefault(_bound(one.local), set())
        ports.add((one.protocol, one.local_port))
    if not by_address:
        return _NOTHING, "it has no sockets that lead out: nothing passes the filter"
    own = [one for one in plain(addresses) if not one.startswith(_LOOPBACK)]
    anywhere = by_address.pop("", set())
    # A connection that was accepted has an address, and its listener's port.
    left = {a: p - anywhere if a in own else p for a, p in by_address.items()}
    count = len(anywhere.union(*left.values()))
    if sum(map(len, (own, anywhere, left, *left.values()))) > _MOST:
        return _NOTHING, f"it has {count} ports, too many for a filter"
    heard = _EVERYONE if any(name == "udp" for name, _ in anywhere) else ()
    parts = [*_parts(own, anywhere, heard)]
    for address, ports in sorted(left.items()):
        parts += _parts([address], ports)
    if not parts:
        return _NOTHING, "the node has no address: nothing passes the filter"
    return " or ".join(parts), f"the filter is its {counted(count, 'port')} as of now"


def plain(addresses: Iterable[str]) -> Iterator[str]:
    """Yield what is an address, and can be no other part of a filter."""
    for address in addresses:
        try:
            known = ip_address(address.partition("/")[0].partition("%")[0])
        except ValueError:
            continue
        mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
        yield str(mapped or known)


def _bound(local: str) -> str:
    """Return the address that a socket is bound to; empty for any."""
    return "" if local in _WILDCARDS else next(plain([local]), "")


def _leads(socket: Socket) -> bool:
    """Claim that packets of a socket leave the node's loopback."""
    has_ports = socket.protocol in {"tcp", "udp"} and socket.local_port
    return bool(has_ports) and not socket.local.startswith(_LOOPBACK)


def _parts(
    addresses: Collection[str], ports: Collection[_Port], heard: Sequence[str] = ()
) -> Iterator[str]:
    """Yield what lets pass that comes from these ports, and what goes there."""
    if not addresses or not ports:
        return
    for side in ("src", "dst"):
        more = heard if side == "dst" else ()
        hosts = _any([*(f"{side} host {one}" for one in addresses), *more])
        numbers = _any(f"{name} {side} port {port}" for name, port in sorted(ports))
        yield f"({hosts} and {numbers})"


def _any(terms: Iterable[str]) -> str:
    """Return that one of these holds; `and` binds no closer than `or` (libpcap)."""
    some = [*terms]
    return some[0] if len(some) == 1 else f"({' or '.join(some)})"
