"""The ports of one bridge, with the pod or the purpose behind each."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ocnetview.columns import PORT_COLUMNS, PORT_FIELDS, Fields
from ocnetview.facts import Source, SourceKind
from ocnetview.model import BridgeKind, NodeModel, Port, PortRole
from ocnetview.tui.lights import silence
from ocnetview.tui.panes.lens import Choices, Lens, Look
from ocnetview.tui.selection import PaneId, Scope, shown_bridge
from ocnetview.tui.widgets.choice_bar import Choice
from ocnetview.tui.widgets.row import Tone
from ocnetview.units import printable

LOOKS: dict[PortRole, Look] = {
    PortRole.POD: (" ", Tone.PLAIN),
    PortRole.CONTAINER: ("□", Tone.PLAIN),
    PortRole.TUNNEL: ("⇄", Tone.ACCENT),
    PortRole.GATEWAY: ("⇡", Tone.SECOND),
    PortRole.UPLINK: ("⇡", Tone.SECOND),
    PortRole.PATCH: ("~", Tone.SECOND),
    PortRole.LOCAL: ("·", Tone.MUTED),
    PortRole.OTHER: ("·", Tone.MUTED),
    PortRole.STALE: ("✖", Tone.ERROR),
}


def _sources(model: NodeModel, scope: Scope) -> Sequence[Source]:
    """Return the kernel, and OVSDB where the bridge is one of its own."""
    bridge = shown_bridge(model, scope)
    linux = bridge is not None and bridge.kind is BridgeKind.LINUX
    kinds = {SourceKind.LINKS} if linux else {SourceKind.BRIDGES, SourceKind.LINKS}
    return [source for source in model.sources if source.kind in kinds]


def _ports(model: NodeModel, scope: Scope) -> Sequence[Port]:
    """Return the ports of the bridge that is shown."""
    bridge = shown_bridge(model, scope)
    return bridge.ports if bridge else ()


def _on_bridge(port: Port, model: NodeModel, scope: Scope) -> bool:
    """Claim that a port was one of the bridge that is shown."""
    bridge = shown_bridge(model, scope)
    return bridge is not None and bridge.name == port.bridge


def _look(port: Port, down: Collection[str]) -> Look:
    """Return the role's looks; an error shows through all but a lost source."""
    sign, tone = LOOKS[port.role]
    if port.error and port.role is not PortRole.STALE:
        sign, tone = "!", Tone.ERROR
    return (sign, Tone.MUTED) if down else (sign, tone)


def _title(model: NodeModel, scope: Scope) -> str:
    bridge = shown_bridge(model, scope)
    return f"Ports of {printable(bridge.name)}" if bridge else "Ports"


def _empty(model: NodeModel, scope: Scope) -> str:
    """Say why there are no ports."""
    bridge = shown_bridge(model, scope)
    if bridge:
        return f"{printable(bridge.name)} has no ports"
    return silence(_sources(model, scope), "this node has no bridge")


def _choices(model: NodeModel, scope: Scope) -> Choices:
    """Return every bridge with who switches on it."""
    shown = shown_bridge(model, scope)
    bridges = (
        Choice(bridge.name, f"{printable(bridge.name)} {bridge.kind}")
        for bridge in model.bridges
    )
    return Choices(tuple(bridges), shown.name if shown else "")


PORTS = Lens(
    pane=PaneId.PORTS,
    noun="ports",
    columns=PORT_COLUMNS,
    fields=Fields(PORT_FIELDS),
    subjects=_ports,
    lately=lambda changes: changes.ports,
    belongs=_on_bridge,
    look=_look,
    title=_title,
    empty=_empty,
    sources=_sources,
    choices=_choices,
    heeds=lambda scope: scope.bridge,
)
