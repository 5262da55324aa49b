"""What somebody named -> where its packets are captured."""

from __future__ import annotations

from contextlib import suppress

from ocnetview.collectors.base import Stop
from ocnetview.errors import AmbiguousError, NotFoundError, ProbeError
from ocnetview.facts.asked import Inside
from ocnetview.facts.inside import SocketsFacts
from ocnetview.facts.packets import Spot
from ocnetview.match.answers import Answer, quoted
from ocnetview.match.spots import (
    Spots,
    spots_of_pod,
    spots_of_port,
    spots_of_process,
)
from ocnetview.match.who import find, find_pod
from ocnetview.model import NodeModel, Pod, TreeProcess
from ocnetview.node import Node
from ocnetview.probes.base import Target

_TUNNEL = "tunnel"


def where_of(
    node: Node, model: NodeModel, scrap: str, *, ifname: str, to: str
) -> tuple[Spot, ...]:
    """Return the spot for what a name stands for, and the one to compare it with.

    Raises:
        NotFoundError: nothing answers to it, or has no such interface.
        ProbeError: its packets can be captured nowhere.
    """
    whole = _spots(node, model, scrap)
    first = _chosen(whole, scrap, ifname)
    if not to:
        return (first,)
    if to == _TUNNEL:
        if not whole.others:
            why = "no tunnel to other nodes is a device of the kernel's here"
            raise ProbeError(scrap, "compare it with a tunnel", why)
        return first, whole.others[0]
    return first, _chosen(_spots(node, model, to), to, "")


def _chosen(whole: Spots, scrap: str, ifname: str) -> Spot:
    """Return the best spot, or the best at a link of this name."""
    if not whole.spots:
        raise ProbeError(scrap, "capture", whole.reason)
    if not ifname:
        return whole.spots[0]
    for spot in whole.spots:
        if spot.ifname == ifname:
            return spot
    there = ", ".join(dict.fromkeys(spot.ifname for spot in whole.spots))
    raise NotFoundError(f"{quoted(scrap)} has no {quoted(ifname)}, but {there}")


def _spots(node: Node, model: NodeModel, scrap: str) -> Spots:
    """Return where packets of what a name stands for pass."""
    if scrap in model.ports_by_key:
        return spots_of_port(model, model.ports_by_key[scrap])
    if not scrap.isdecimal():
        with suppress(NotFoundError):
            return _of_pod(node, model, find_pod(model, scrap)[0])
    answers = find(model, scrap)
    # A number may be an ifindex, too: that of a process is what was asked for.
    answers = tuple(one for one in answers if one.process) or answers
    if len({_kind(one) for one in answers}) > 1:
        words = ", ".join(sorted({one.what for one in answers}))
        raise AmbiguousError(f"{quoted(scrap)} is several things here: {words}")
    return _of(node, model, answers[0])


def _kind(answer: Answer) -> str:
    """Return what tells an answer from another one that leads elsewhere."""
    process, port, pod = answer.process, answer.port, answer.pod
    if process:
        return process.key
    return port.key if port else pod.key if pod else answer.of


def _of(node: Node, model: NodeModel, answer: Answer) -> Spots:
    """Return where packets of an answer pass."""
    if answer.process:
        sockets = _sockets(node, _of_process(model, answer.process))
        return spots_of_process(model, answer.process, sockets)
    if answer.port:
        return spots_of_port(model, answer.port)
    if answer.pod:
        return _of_pod(node, model, answer.pod)
    if answer.link:
        return Spots((Spot(answer.link.name, why="the link that was named"),))
    return Spots(reason="no packets pass it")


def _of_pod(node: Node, model: NodeModel, pod: Pod) -> Spots:
    """Return where packets of a pod pass; in the node's network, by its sockets."""
    sockets = _sockets(node, Target.of(pod, model)) if pod.host_network else None
    return spots_of_pod(model, pod, sockets)


def _of_process(model: NodeModel, process: TreeProcess) -> Target:
    """Return a process as what is asked for its sockets."""
    pod = model.pods_by_key.get(process.pod)
    return Target.of_process(process.process, pod, model)


def _sockets(node: Node, target: Target) -> SocketsFacts | None:
    """Return the sockets of what shares the node's network; of others none."""
    if not target.host_network:
        return None
    stop = Stop()
    try:
        said = node.prober().ask(Inside.SOCKETS, target, stop)
    finally:
        stop.close()
    return said if isinstance(said, SocketsFacts) else None
