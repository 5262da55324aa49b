"""How each link of the way from a container to its port is known."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.details.pod import DISAGREES, pod_detail
from ocnetview.details.section import Line, Section
from ocnetview.model import Interface, NodeModel, Pod
from ocnetview.units import printable

_JOINED = ("known from", "joined", "sandbox", "earlier", "runs in", DISAGREES)
_NETWORK = ("netns", "no veth")
_DRAWN = "path"
"""The way as a line: it has a drawing of its own."""


def evidence_detail(model: NodeModel, pod: Pod) -> tuple[Section, ...]:
    """Return what `pod_detail` says, by the links of the way, from inside out."""
    whole, *others = pod_detail(model, pod)
    lines = [line for line in whole.lines if line.label != _DRAWN]
    interfaces = others[: len(pod.interfaces)]
    containers = [line for part in others[len(interfaces) :] for line in part.lines]
    joined = [*containers, *_of(lines, _JOINED)]
    found = [
        Section(whole.title, tuple(_besides(lines, (*_JOINED, *_NETWORK)))),
        Section(f"containers → {pod.kind}", tuple(joined)),
        Section(f"{pod.kind} → network namespace", tuple(_of(lines, _NETWORK))),
    ]
    for interface, part in zip(pod.interfaces, interfaces, strict=True):
        found.append(Section(_title(model, interface), part.lines))
    return tuple(part for part in found if part.lines)


def _of(lines: list[Line], labels: tuple[str, ...]) -> Iterator[Line]:
    """Yield the lines with these labels."""
    yield from (line for line in lines if line.label in labels)


def _besides(lines: list[Line], labels: tuple[str, ...]) -> Iterator[Line]:
    """Yield the lines with other labels."""
    yield from (line for line in lines if line.label not in labels)


def _title(model: NodeModel, interface: Interface) -> str:
    """Return the hops that an interface's evidence leads along."""
    hops = [interface.name or "interface of unknown name"]
    other = interface.counterpart
    if other and other.link:
        hops.append(f"{other.link.name} ({other.relation})")
    port = model.ports_by_key.get(interface.port)
    if port:
        hops.append(f"port of {port.bridge}")
    return printable(" → ".join(hops))
