"""A pod -> what leads to its network namespace."""

from __future__ import annotations

from typing import NamedTuple

from ocnetview.model import NodeModel, Pod


class Leads(NamedTuple):
    """What leads to the namespace of a pod."""

    pid: int | None = None
    """A process in it; None where only pins lead there."""
    start_time: int | None = None
    """Of that process."""
    pins: tuple[str, ...] = ()
    """Files that pin the namespace."""
    seen: tuple[int, ...] = ()
    """Processes seen in it, where nothing says which all of them are."""


def leads_to(pod: Pod, model: NodeModel) -> Leads:
    """Return what leads to a pod's network, a process in it before any other."""
    running = [one for one in pod.members if one.pid]
    inside = [one for one in running if one.netns == pod.netns]
    first = next(iter(inside or running), None)
    space = next((n for n in model.namespaces if n.netns == pod.netns), None)
    seen = space.pids if space and not running else ()
    return Leads(
        first.pid if first else next(iter(seen), None),
        first.started if first else None,
        space.pins if space else (),
        seen,
    )
