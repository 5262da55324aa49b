"""A pod's sockets and flows, as sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ocnetview.details.cells import section, table_of, trouble
from ocnetview.details.section import Line, Section
from ocnetview.facts.inside import (
    ConntrackFacts,
    Flow,
    Side,
    Socket,
    SocketsFacts,
)
from ocnetview.model import NodeModel
from ocnetview.units import age, quantity

_LISTENING = frozenset({"LISTEN", "UNCONN"})
_WILD = frozenset({"0.0.0.0", "::"})  # noqa: S104 - what it is shown as, none that we bind
_MANY = 0.85
"""Of the table that flows may fill; from here on new ones may soon be dropped."""
_HEADS = ("PROTO", "STATE", "RECV-Q", "SEND-Q", "LOCAL", "PEER", "PROCESS")


def sockets_detail(facts: SocketsFacts) -> tuple[Section, ...]:
    """Return what listens, then what is connected."""
    listening = [one for one in facts.sockets if one.state in _LISTENING]
    connected = [one for one in facts.sockets if one.state not in _LISTENING]
    troubles = tuple(map(trouble, facts.troubles))
    first = _sockets("listening", facts.source, listening, "nothing listens", troubles)
    nothing = "nothing is connected"
    return first, _sockets("connected", facts.source, connected, nothing, ())


def _sockets(
    title: str,
    source: str,
    sockets: list[Socket],
    nothing: str,
    lines: tuple[Line, ...],
) -> Section:
    rows = [_socket(one) for one in sockets]
    bad = [n for n, one in enumerate(sockets) if _overrun(one)]
    table = table_of(_HEADS, rows, {"RECV-Q", "SEND-Q"}, bad)
    return section(f"sockets, {title}", source, table, nothing, *lines)


def _overrun(one: Socket) -> bool:
    """Claim that a listener's queue is full: who calls is not let in."""
    full = one.state == "LISTEN" and one.recv_queue > one.send_queue > 0
    return full or one.state == "CLOSE-WAIT"


def _socket(one: Socket) -> tuple[str, ...]:
    device = f"%{one.device}" if one.device else ""
    unbound = not one.peer_port and one.peer in _WILD
    return (
        one.protocol + ("6" if one.family == 6 else ""),  # noqa: PLR2004 - IPv6
        one.state,
        str(one.recv_queue),
        str(one.send_queue),
        _end(one.local, one.local_port, one.family) + device,
        "" if unbound else _end(one.peer, one.peer_port, one.family),
        ", ".join(dict.fromkeys(f"{o.name} ({o.pid})" for o in one.owners)),
    )


def _end(address: str, port: int | None, family: int = 4) -> str:
    """Return ADDRESS:PORT, as ss writes it."""
    if port is None:
        return address
    shown = "*" if address in _WILD and family == 4 else address  # noqa: PLR2004 - IPv4
    shown = f"[{shown}]" if ":" in shown else shown
    return f"{shown}:{port or '*'}"


def conntrack_detail(model: NodeModel, facts: ConntrackFacts) -> tuple[Section, ...]:
    """Return the flows, with the pod at the other end, and what NAT made of it."""
    pods = {address: pod.title for pod in model.pods for address in pod.addresses}
    heads = (
        *("PROTO", "STATE", "SOURCE", "DESTINATION", "ANSWERED BY", "ANSWERED TO"),
        *("WHO", "PACKETS", "BYTES", "LEFT", ""),
    )
    rows = [_flow(flow, pods) for flow in facts.flows]
    bad = [n for n, flow in enumerate(facts.flows) if "UNREPLIED" in flow.status]
    table = table_of(heads, rows, {"PACKETS", "BYTES", "LEFT"}, bad)
    nothing = "no flow of its addresses is tracked"
    return (section("conntrack", facts.source, table, nothing, *_fill(facts)),)


def _fill(facts: ConntrackFacts) -> Iterable[Line]:
    """Yield how full the node's table is."""
    if facts.total is not None and facts.most:
        text = f"{facts.total} of {facts.most} flows"
        yield Line("node tracks", text, bad=facts.total >= _MANY * facts.most)


def _flow(flow: Flow, pods: Mapping[str, str]) -> tuple[str, ...]:
    one, back = flow.original, flow.reply
    answered = (back.source, back.source_port) != (
        one.destination,
        one.destination_port,
    )
    returned = (back.destination, back.destination_port) != (
        one.source,
        one.source_port,
    )
    who = (pods.get(one.source, ""), pods.get(back.source, ""))
    return (
        flow.protocol,
        flow.state,
        _end(one.source, one.source_port),
        _end(one.destination, one.destination_port),
        _end(back.source, back.source_port) if answered else "",
        _end(back.destination, back.destination_port) if returned else "",
        " -> ".join(name or "?" for name in who) if any(who) else "",
        _both(one, back, "packets"),
        _both(one, back, "bytes"),
        age(flow.timeout),
        ", ".join(flow.status),
    )


def _both(one: Side, back: Side, what: str) -> str:
    """Return how much went there and came back; empty where it is not counted."""
    there: int | None = getattr(one, what)
    here: int | None = getattr(back, what)
    if there is None or here is None:
        return ""
    return f"{quantity(there)}/{quantity(here)}"
