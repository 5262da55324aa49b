"""What a setup of a capture begins with, for a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.inside import Inside, SocketsFacts
from ocnetview.facts.packets import Spot
from ocnetview.match.spots import Spots, spots_of_pod
from ocnetview.model import NodeModel
from ocnetview.probes.base import Prober, Target
from ocnetview.tui.capture_spots import spots_of
from ocnetview.tui.screens.capture_form import Form
from ocnetview.tui.screens.capture_setup import Setup
from ocnetview.tui.selection import Selection
from ocnetview.tui.tabs.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocnetview.tui.app import OcnetviewApp


def setup_of(app: OcnetviewApp, selected: Selection, *, again: bool) -> Setup:
    """Return it; the filter of the last capture only where it is wanted again."""
    subject = Subject(selected.pane, selected.key)
    model, prober = app.model, app.tools.prober
    form = app.capturing.form or Form()
    target = _shared(model, subject)

    def find(stop: Stop) -> Spots:
        sockets = _sockets(prober, target, stop) if target else None
        found = spots_of(model, selected, sockets)
        if not found.spots:
            raise ProbeError(subject.title(model), "capture", found.reason)
        return replace(found, others=tuple(_others(model, found)))

    return Setup(
        title=subject.title(model),
        find=find,
        selected=selected,
        form=form if again else replace(form, filter=""),
        earlier=app.capturing.filters,
        reads="sockets" if target else "",
    )


def _shared(model: NodeModel, subject: Subject) -> Target | None:
    """Return whose sockets tell its packets from all others of the node."""
    target = None if subject.port(model) else subject.target(model)
    return target if target and target.host_network else None


def _sockets(prober: Callable[[], Prober], target: Target, stop: Stop) -> SocketsFacts:
    """Return the sockets of what shares the node's network.

    Raises:
        ProbeError: they cannot be read.
    """
    answer = prober().ask(Inside.SOCKETS, target, stop)
    if not isinstance(answer, SocketsFacts):
        raise ProbeError(target.title, "read its sockets", "other facts came")
    return answer


def _others(model: NodeModel, found: Spots) -> Iterator[Spot]:
    """Yield what can be compared with: tunnels, other ends, then other pods."""
    yield from found.others
    yield from found.spots
    known = {spot.owner_key for spot in found.spots}
    for pod in model.pods:
        if pod.key not in known and not pod.host_network:
            yield from (s for s in spots_of_pod(model, pod).spots[:1] if not s.netns)
