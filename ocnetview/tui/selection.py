"""What is selected, what the panes are turned to, and what belongs to it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ocnetview.collectors.base import Focus
from ocnetview.facts import Container
from ocnetview.match.names import container_name
from ocnetview.match.paths import spell_path
from ocnetview.model import Bridge, BridgeKind, NodeModel, Pod, TreeProcess
from ocnetview.tui.widgets.way import Hop
from ocnetview.units import printable

FAVOURITES = ("br0", "br-int")
"""Bridges that are shown first: OpenShift SDN's, then OVN-Kubernetes's."""
NETNS = re.compile(r"@net:\[\d+\]$")
"""The network namespace behind the name of an interface, as nsfs spells it."""


class PaneId(StrEnum):
    """The panes, in the order of the tab key."""

    PORTS = "ports"
    PODS = "pods"
    PROCESSES = "processes"


FIRST = PaneId.PODS
"""The pane that the user is in at first."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The row under the cursor of the pane that the user is in."""

    pane: PaneId = FIRST
    key: str = ""
    """The key of a port, pod or process; empty when there is no row."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the panes are turned to."""

    bridge: str = ""
    """The bridge whose ports are shown; empty as long as nobody chose one."""
    pod: str = ""
    """The key of the pod whose processes are shown."""
    container: str = ""
    """The id of the one container that is shown of it; empty for all."""


def shown_bridge(model: NodeModel, scope: Scope) -> Bridge | None:
    """Return the chosen bridge; else br0, br-int, or the one with most ports."""
    chosen = model.bridges_by_name.get(scope.bridge)
    if chosen:
        return chosen
    for name in FAVOURITES:
        if name in model.bridges_by_name:
            return model.bridges_by_name[name]
    # max() keeps the first of equals, and the model's order is by name.
    return max(
        model.bridges,
        key=lambda bridge: (bridge.kind is BridgeKind.OVS, len(bridge.ports)),
        default=None,
    )


def shown_pod(model: NodeModel, scope: Scope) -> Pod | None:
    """Return the pod whose processes are shown."""
    return model.pods_by_key.get(scope.pod)


def live_containers(pod: Pod | None) -> tuple[Container, ...]:
    """Return a pod's containers that have a process, without the sandbox."""
    return tuple(c for c in pod.containers if c.pid) if pod else ()


def shown_container(model: NodeModel, scope: Scope) -> Container | None:
    """Return the one container that is shown; None when all of the pod's are."""
    live = live_containers(shown_pod(model, scope))
    return next((c for c in live if c.id == scope.container), None)


def shown_processes(model: NodeModel, scope: Scope) -> tuple[TreeProcess, ...]:
    """Return the trees of the pod, or of its one container."""
    return tuple(row for row in model.processes if is_shown(row, model, scope))


def is_shown(row: TreeProcess, model: NodeModel, scope: Scope) -> bool:
    """Claim that a process is of the pod that is shown, or of its one container."""
    if not scope.pod or row.pod != scope.pod:
        return False
    container = shown_container(model, scope) if scope.container else None
    return container is None or container_name(container) == row.container


def next_container(model: NodeModel, scope: Scope) -> Scope:
    """Return the scope turned to the next container; after the last to all."""
    ids = ["", *(c.id for c in live_containers(shown_pod(model, scope)))]
    at = ids.index(scope.container) if scope.container in ids else 0
    return replace(scope, container=ids[(at + 1) % len(ids)])


def can_narrow(model: NodeModel, scope: Scope) -> bool:
    """Claim that the pod has containers to be shown one by one."""
    return len(live_containers(shown_pod(model, scope))) > 1


def can_open(model: NodeModel, scope: Scope, at: Selection) -> bool:
    """Claim that there is something behind the row that is selected."""
    if at.pane is PaneId.PROCESSES:
        narrow = can_narrow(model, scope) and not scope.container
        return narrow and into_container(model, scope, at.key) != scope
    return shown_pod(model, scope) is not None


def into_container(model: NodeModel, scope: Scope, key: str) -> Scope:
    """Return the scope turned to the container of the process with this key."""
    live = {c.id for c in live_containers(shown_pod(model, scope))}
    for row in shown_processes(model, scope):
        if row.key == key and row.process.container_id in live:
            return replace(scope, container=row.process.container_id)
    return scope


def first_process(model: NodeModel, scope: Scope) -> str:
    """Return the key of the first process that is not the sandbox's; empty for none."""
    live = {c.id for c in live_containers(shown_pod(model, scope))}
    rows = shown_processes(model, scope)
    return next((row.key for row in rows if row.process.container_id in live), "")


def next_bridge(model: NodeModel, scope: Scope, step: int) -> Scope:
    """Return the scope turned to the bridge this many further on."""
    shown = shown_bridge(model, scope)
    if shown is None:
        return scope
    names = [bridge.name for bridge in model.bridges]
    at = names.index(shown.name)
    return replace(scope, bridge=names[(at + step) % len(names)])


def focus_of(model: NodeModel, scope: Scope, *, everything: bool = False) -> Focus:
    """Return the containers whose processes are worth reading, sandbox included."""
    if everything:
        return Focus.on(member for pod in model.pods for member in pod.members)
    pod, one = shown_pod(model, scope), shown_container(model, scope)
    if pod is None:
        return Focus()
    wanted = (one,) if one else pod.members
    return Focus.on(wanted)


def turned(model: NodeModel, scope: Scope, selection: Selection) -> Scope:
    """Return the scope with the processes of what is selected."""
    pod = scope.pod
    if selection.pane is PaneId.PORTS:
        port = model.ports_by_key.get(selection.key)
        pod = port.pod if port else ""
    elif selection.pane is PaneId.PODS:
        pod = selection.key
    return scope if pod == scope.pod else replace(scope, pod=pod, container="")


def bridge_of(model: NodeModel, scope: Scope, ports: tuple[str, ...]) -> Scope:
    """Return the scope turned to a bridge that has one of these ports."""
    bridges = [model.ports_by_key[key].bridge for key in ports]
    shown = shown_bridge(model, scope)
    if not bridges or (shown and shown.name in bridges):
        return scope
    return replace(scope, bridge=bridges[0])


def ports_of(model: NodeModel, pod: Pod | None) -> tuple[str, ...]:
    """Return the keys of a pod's ports on all bridges, its main one first."""
    if pod is None:
        return ()
    main = (pod.main.port,) if pod.main else ()
    others = (interface.port for interface in pod.interfaces)
    back = (port.key for port in model.ports_by_key.values() if port.pod == pod.key)
    found = dict.fromkeys((*main, *others, *back))
    return tuple(key for key in found if key in model.ports_by_key)


def counterparts(
    model: NodeModel, scope: Scope, selection: Selection
) -> Mapping[PaneId, tuple[str, ...]]:
    """Return the keys that belong to the selection in the other panes, main first."""
    pod = shown_pod(model, scope)
    found = {
        PaneId.PORTS: ports_of(model, pod),
        PaneId.PODS: (pod.key,) if pod else (),
        PaneId.PROCESSES: tuple(row.key for row in shown_processes(model, scope)),
    }
    return found | {selection.pane: ()}


def path_of(model: NodeModel, scope: Scope, selection: Selection) -> tuple[str, ...]:
    """Return the hops from what is selected outwards."""
    container = shown_container(model, scope)
    if selection.pane is PaneId.PORTS:
        port = model.ports_by_key.get(selection.key)
        return spell_path(model, port=port) if port else ()
    if selection.pane is PaneId.PROCESSES:
        rows = shown_processes(model, scope)
        process = next((row for row in rows if row.key == selection.key), None)
        if process:
            return spell_path(model, process=process)
    pod = shown_pod(model, scope)
    return spell_path(model, pod=pod, container=container) if pod else ()


def way_of(model: NodeModel, scope: Scope, selection: Selection) -> tuple[Hop, ...]:
    """Return the hops with what may be left out of each where room is short.

    The number of a network namespace is that, and the middle of a pod's or a
    container's name.
    """
    pods = [shown_pod(model, scope)]
    names = {printable(pod.title) for pod in pods if pod}
    names |= {container_name(c) for pod in pods if pod for c in pod.containers}
    return tuple(
        Hop(text, brief=NETNS.sub("", text), name=text in names)
        for text in path_of(model, scope, selection)
    )


def trouble_of(model: NodeModel, selection: Selection) -> str:
    """Return what is wrong with the selected port, safe to print."""
    if selection.pane is not PaneId.PORTS:
        return ""
    port = model.ports_by_key.get(selection.key)
    return printable(port.error) if port else ""
