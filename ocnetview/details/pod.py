"""All that is known of one pod, with the evidence."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.details.section import Line, Section
from ocnetview.facts import Container, Link, Sandbox
from ocnetview.match.names import container_name
from ocnetview.match.paths import spell_path
from ocnetview.match.ports import link_state
from ocnetview.model import (
    Counterpart,
    Evidence,
    Interface,
    NodeModel,
    Pod,
    Relation,
    Whereabouts,
)
from ocnetview.units import age, printable

SHORT = 13
"""Digits of an id that are shown, as crictl does."""
AGREES, DISAGREES = "=", "≠"
"""Before a piece of evidence that leads to where the strongest leads, or elsewhere."""


def pod_detail(model: NodeModel, pod: Pod) -> tuple[Section, ...]:
    """Return the pod, then each interface with all evidence, then the containers."""
    parts = [Section(f"{pod.kind} {printable(pod.title)}", _lines(_pod(model, pod)))]
    for interface in pod.interfaces:
        title = f"interface {printable(interface.name) or 'of unknown name'}"
        parts.append(Section(title, _lines(_interface(model, interface))))
    if pod.containers:
        lines = (
            (container_name(c), _container(c), bool(c.exit_code))
            for c in pod.containers
        )
        parts.append(Section("containers", _lines(lines)))
    return tuple(parts)


def _lines(found: Iterator[tuple[str, str, bool]]) -> tuple[Line, ...]:
    """Return the lines that have something to say."""
    return tuple(
        Line(printable(label), printable(text), bad)
        for label, text, bad in found
        if text
    )


def _pod(model: NodeModel, pod: Pod) -> Iterator[tuple[str, str, bool]]:
    """Yield what is known of the pod itself."""
    yield "status", pod.status, False
    yield "is", ", ".join(pod.traits), False
    yield "uid", pod.uid, False
    yield "age", age(pod.age) if pod.age else "", False
    engine = model.pods_by_key.get(pod.engine)
    yield "runs in", f"{engine.kind} {engine.title}" if engine else "", False
    yield "known from", ", ".join(pod.sources), False
    for how in pod.joined:
        yield "joined", how, False
    yield "netns", _netns(model, pod), False
    if pod.sandbox:
        yield "sandbox", _sandbox(pod.sandbox), False
    for earlier in pod.attempts:
        yield "earlier", _sandbox(earlier), False
    yield "path", " -> ".join(spell_path(model, pod=pod)), False
    yield "no veth", "" if pod.host_network else pod.reason, bool(pod.running)
    for dispute in pod.disputes:
        yield DISAGREES, dispute, True


def _netns(model: NodeModel, pod: Pod) -> str:
    """Return the namespace with what leads to it."""
    if pod.netns is None:
        return ""
    if pod.netns == model.host:
        return f"{pod.netns}, the node's own"
    inside = next((n for n in model.namespaces if n.netns == pod.netns), None)
    ways = (*inside.pins, *inside.holders) if inside else ()
    return ", ".join([str(pod.netns), *ways])


def _sandbox(sandbox: Sandbox) -> str:
    """Return a sandbox in a line."""
    parts = [
        f"{sandbox.id[:SHORT]} of {sandbox.runtime}",
        "ready" if sandbox.ready else "not ready",
        f"attempt {sandbox.attempt}" if sandbox.attempt else "",
        f"pid {sandbox.pid}" if sandbox.pid else "no process of its own",
        f"runtime handler {sandbox.handler}" if sandbox.handler else "",
        sandbox.netns_path,
    ]
    return ", ".join(filter(None, parts))


def _interface(
    model: NodeModel, interface: Interface
) -> Iterator[tuple[str, str, bool]]:
    """Yield what is known of an interface, its counterpart and the evidence."""
    if interface.link:
        yield "link", _link(interface.link), False
        yield "addresses", ", ".join(interface.link.addresses), False
    else:
        yield "link", "cannot be looked at inside", True
    yield "network", interface.network, False
    yield "note", interface.note, False
    if interface.counterpart:
        label = interface.counterpart.relation
        yield label, _counterpart(model, interface.counterpart), False
    port = model.ports_by_key.get(interface.port)
    if port:
        number = "" if port.ofport is None else f", ofport {port.ofport}"
        yield "port", f"{port.name} of {port.bridge}{number}", False
        yield "error", port.error, True
    for evidence in interface.evidence:
        mark = AGREES if evidence.agrees else DISAGREES
        yield f"{mark} {evidence.kind}", _evidence(evidence), not evidence.agrees


def _link(link: Link) -> str:
    """Return a link in a line."""
    parts = [
        f"ifindex {link.ifindex}",
        link.kind or "physical",
        f"VLAN {link.vlan}" if link.vlan is not None else "",
        link.parent_dev,
        link.mac,
        f"MTU {link.mtu}" if link.mtu else "",
        link_state(link),
        *(f"also {name}" for name in link.altnames),
    ]
    return ", ".join(filter(None, parts))


def _counterpart(model: NodeModel, other: Counterpart) -> str:
    """Return what belongs to an interface outside, and where that is."""
    owner = model.pods_by_key.get(other.owner)
    place = other.text or (f"{other.where} {owner.title}" if owner else other.where)
    if other.where is Whereabouts.HOST and not other.text:
        place = "" if other.relation is Relation.PEER else str(other.where)
    if other.link is None:
        return place
    name = f"{other.link.name} ({_link(other.link)})"
    return f"{name} {place}".rstrip()


def _evidence(evidence: Evidence) -> str:
    """Return a piece of evidence: where it leads, who says it, and what."""
    leads = f"{evidence.says}: " if evidence.says else ""
    source = f" [{evidence.source}]" if evidence.source else ""
    return f"{leads}{evidence.detail}{source}"


def _container(container: Container) -> str:
    """Return a container in a line."""
    ended = container.exit_code is not None
    parts = [
        str(container.state),
        container.reason,
        f"exit {container.exit_code}" if ended else "",
        f"started again {container.attempt} times" if container.attempt else "",
        f"pid {container.pid}" if container.pid else "",
        f"{container.id[:SHORT]} of {container.runtime}",
        container.image,
    ]
    return ", ".join(filter(None, parts))
