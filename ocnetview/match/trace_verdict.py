"""The steps of a trace -> what became of the packet, and which rule decided that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from ocnetview.facts.cluster import OtherNode
from ocnetview.frozen import dataclass
from ocnetview.match.ofports import name_of, ofport_of, port_at
from ocnetview.match.peers import Peer, named_peer
from ocnetview.match.scraps import address_in
from ocnetview.match.trace_answer import Act, Pass, Step, field_of, steps_of
from ocnetview.match.trace_ends import End
from ocnetview.model import NodeModel, Port, PortRole

_OUTPUT = re.compile(r"(?:output|enqueue):(?:\"[^\"]*\"|([0-9]{1,10}|LOCAL)\b.*|.*)")
_IS = re.compile(r"output port is (?:\"?)([0-9]{1,10}|LOCAL)")
_TUNNEL_KEY = re.compile(r"TUN_ID\[[0-9.]*\] is now (0x[0-9a-f]+)")
_RECIRC = re.compile(r"recirc\((0x[0-9a-f]+)\)")
_SPREADS = frozenset({"FLOOD", "ALL", "output:FLOOD", "output:ALL"})
_LOST = ("native tunnel routing failed", "skipping", "onexistent output port")
_NORMAL = frozenset({"NORMAL", "output:NORMAL"})
_ERRORS = ("resubmit depth", "translation depth", "resubmits", "too many", "too deep")


class Fate(StrEnum):
    """What becomes of a packet on this node."""

    DELIVERED = "delivered"
    ASTRAY = "delivered to another pod"
    DROPPED = "dropped"
    TUNNEL = "sent to another node"
    LEAVES = "leaves Open vSwitch"
    SPREAD = "flooded"
    CONTROLLER = "handed to the controller"
    UNKNOWN = "not told"


_WEIGHT = (
    Fate.DELIVERED,
    Fate.TUNNEL,
    Fate.LEAVES,
    Fate.SPREAD,
    Fate.CONTROLLER,
    Fate.ASTRAY,
)
"""Where copies go several ways, the first of these names the fate."""


class Out(NamedTuple):
    """A place where a packet, or a copy of it, leaves a bridge for good."""

    step: int
    """Which step sent it, in the order of all."""
    bridge: str
    act: str
    """As the switch writes it."""
    port: Port | None = None
    lost: str = ""
    """Why it does not come out after all, in the switch's words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a packet."""

    fate: Fate
    text: str
    """In words, with names; untrusted text."""
    step: int | None = None
    """The step that decided it, in the order of all; None where none did."""
    peer: Peer | None = None
    """The other node that it goes to."""
    port: Port | None = None
    """Where it comes out."""
    key: str = ""
    """The tunnel's key that it has."""

    @property
    def bad(self) -> bool:
        """Claim that the packet does not arrive, as far as this node is concerned."""
        return self.fate in (Fate.DROPPED, Fate.ASTRAY, Fate.UNKNOWN)


def judge(
    model: NodeModel,
    passes: Sequence[Pass],
    nodes: Sequence[OtherNode] = (),
    target: End | None = None,
) -> Verdict:
    """Return what became of the packet to a target, whatever the answer holds."""
    steps = list(steps_of(tuple(passes)))
    if not steps:
        return Verdict(Fate.UNKNOWN, "the answer has no step of any table")
    outs = list(_outs(model, steps))
    arriving = [out for out in outs if not out.lost]
    if arriving:
        told = [_told(model, out, passes, steps, nodes) for out in arriving]
        told = [_aimed(one, target) for one in told] if target else told
        return min(told, key=lambda one: _WEIGHT.index(one.fate))
    last = len(steps) - 1
    if outs:
        return _lost(outs[-1], passes, steps, nodes)
    if reason := _unfinished(passes, steps):
        return Verdict(Fate.UNKNOWN, reason, last)
    return Verdict(Fate.DROPPED, f"dropped {_where(steps[last])}", last)


def _aimed(verdict: Verdict, target: End) -> Verdict:
    """Return the verdict; a fault where another pod than the one meant gets it."""
    port = verdict.port
    meant = not target.pod or not port or port.pod in ("", target.pod)
    if verdict.fate is not Fate.DELIVERED or meant:
        return verdict
    text = f"{verdict.text}, not to {target.title}"
    return replace(verdict, fate=Fate.ASTRAY, text=text)


def _where(step: Step) -> str:
    """Return which rule of which table it was."""
    if step.priority is None:
        return f"by table {step.table} of {step.bridge}: {step.match}"
    rule = step.match or "what no rule above it matches"
    return f"by table {step.table} of {step.bridge}, priority {step.priority}: {rule}"


def _outs(model: NodeModel, steps: Sequence[Step]) -> Iterator[Out]:
    """Yield where the packet leaves a bridge, but not for the next one."""
    for place, step in enumerate(steps):
        for act in step.acts:
            if act.leads or not _sends(act):
                continue
            bridge = model.bridges_by_name.get(step.bridge)
            port = port_at(bridge, _number(act)) if bridge else None
            yield Out(place, step.bridge, _as_said(act), port, _why_lost(act))


def _sends(act: Act) -> bool:
    """Claim that an act sends the packet somewhere."""
    word = act.text.partition(":")[0].partition("(")[0]
    return word in ("output", "enqueue", "CONTROLLER", "controller") or (
        act.text in ("LOCAL", "IN_PORT", *_SPREADS, *_NORMAL)
    )


def _number(act: Act) -> int | None:
    """Return the port that an act sends to; None where it is not one."""
    for remark in act.remarks:
        if found := _IS.match(remark):
            return ofport_of(found[1])
    if act.text == "LOCAL":
        return ofport_of("LOCAL")
    found = _OUTPUT.fullmatch(act.text)
    return ofport_of(found[1]) if found and found[1] else None


def _as_said(act: Act) -> str:
    """Return the act with what the switch says of its port."""
    said = next((r for r in act.remarks if _IS.match(r)), "")
    return f"{act.text} ({said})" if said else act.text


def _why_lost(act: Act) -> str:
    """Return why a packet that is sent does not come out; empty where it does."""
    return next((r for r in act.remarks if any(w in r for w in _LOST)), "")


def _told(
    model: NodeModel,
    out: Out,
    passes: Sequence[Pass],
    steps: Sequence[Step],
    nodes: Sequence[OtherNode],
) -> Verdict:
    """Return what an output is, in words."""
    port, word = out.port, out.act.partition(":")[0]
    if word in ("CONTROLLER", "controller"):
        text = f"handed to the controller of {out.bridge}"
        return Verdict(Fate.CONTROLLER, text, out.step)
    if port is None:
        return _spread(out, steps)
    if port.role is PortRole.TUNNEL:
        peer = _peer(port, passes, nodes)
        where = peer.title if peer else "another node"
        text = f"sent to {where} through tunnel {port.name} of {out.bridge}"
        return Verdict(Fate.TUNNEL, text, out.step, peer, port, _key(steps))
    fate, text = _at_port(model, out.bridge, port)
    return Verdict(fate, text, out.step, port=port)


def _at_port(model: NodeModel, bridge: str, port: Port) -> tuple[Fate, str]:
    """Return what comes out of a port that is no tunnel, in words."""
    if port.role in (PortRole.GATEWAY, PortRole.LOCAL):
        text = f"leaves {bridge} by {port.name} to the node itself"
        return Fate.LEAVES, f"{text}: its routes and iptables decide from here"
    if port.role is PortRole.UPLINK:
        text = f"leaves the node by {port.name} of {bridge}, to the network outside"
        return Fate.LEAVES, text
    if port.pod:
        name = name_of(model, port)
        return Fate.DELIVERED, f"delivered to {name} by port {port.name} of {bridge}"
    return Fate.DELIVERED, f"delivered to port {port.name} of {bridge}"


def _spread(out: Out, steps: Sequence[Step]) -> Verdict:
    """Return what an output is that names no port of ours."""
    acts = [act for act in steps[out.step].acts if act.text in _NORMAL]
    said = next((r for act in acts for r in act.remarks), "")
    if acts:
        text = f"switched by {out.bridge} as any switch does, by MAC"
        return Verdict(Fate.SPREAD, f"{text}: {said}" if said else text, out.step)
    if out.act in _SPREADS:
        return Verdict(Fate.SPREAD, f"flooded to the ports of {out.bridge}", out.step)
    text = (
        f"sent to {out.act} of {out.bridge}, a port that the node is not known to have"
    )
    return Verdict(Fate.DELIVERED, text, out.step)


def _peer(
    port: Port, passes: Sequence[Pass], nodes: Sequence[OtherNode]
) -> Peer | None:
    """Return the node that a tunnel leads to: the port's own, else the packet's."""
    options = port.ovs.options if port.ovs else {}
    address = options.get("remote_ip", "")
    if not address_in(address):
        found = (
            field_of(one.final, name)
            for one in reversed(passes)
            for name in ("tun_dst", "tun_ipv6_dst")
        )
        known = (a for a in found if address_in(a) and a not in ("::", "0.0.0.0"))  # noqa: S104 - what a flow says
        address = next(known, "")
    return named_peer(nodes, address) if address else None


def _key(steps: Sequence[Step]) -> str:
    """Return the tunnel's key that the packet was given last."""
    remarks = (r for step in steps for act in step.acts for r in act.remarks)
    keys = [found[1] for r in remarks if (found := _TUNNEL_KEY.search(r))]
    return keys[-1] if keys else ""


def _lost(
    out: Out, passes: Sequence[Pass], steps: Sequence[Step], nodes: Sequence[OtherNode]
) -> Verdict:
    """Return what became of a packet that was sent, but does not come out."""
    peer = _peer(out.port, passes, nodes) if out.port else None
    name = out.port.name if out.port else out.act
    towards = f" towards {peer.title}" if peer else ""
    text = f"dropped at {name} of {out.bridge}{towards}: {out.lost}"
    if "native tunnel routing" in out.lost:
        text += "; the node has no route there"
    return Verdict(Fate.DROPPED, text, out.step, peer, out.port, _key(steps))


def _unfinished(passes: Sequence[Pass], steps: Sequence[Step]) -> str:
    """Return why the answer does not say what became of the packet; empty: it does."""
    remarks = [r for act in steps[-1].acts for r in act.remarks]
    if said := next((r for r in remarks if any(w in r for w in _ERRORS)), ""):
        return f"the switch gave up: {said}"
    last = passes[-1]
    if found := _RECIRC.findall(last.actions):
        return f"the answer ends where it is to go on at recirculation {found[-1]}"
    if not last.actions:
        return "the answer ends before its end"
    return ""
