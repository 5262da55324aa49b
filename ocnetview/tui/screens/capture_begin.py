"""What a setup of a capture begins with, for a row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ocnetview.collectors.base import Stop
from ocnetview.facts.packets import Spot
from ocnetview.tui.screens.capture_fields import Spots
from ocnetview.tui.screens.capture_form import Form
from ocnetview.tui.screens.capture_setup import Setup
from ocnetview.tui.selection import Selection
from ocnetview.tui.tabs.subject import Subject

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def setup_of(app: OcnetviewApp, selected: Selection, *, again: bool) -> Setup:
    """Return it; the filter of the last capture only where it is wanted again."""
    subject = Subject(selected.pane, selected.key)
    model = app.model
    form = app.capturing.form or Form()
    form = form if again else replace(form, filter="")

    def find(stop: Stop) -> Spots:
        pod = subject.pod(model)
        names = [i.host.name for i in pod.interfaces if i.host]
        return Spots(
            tuple(
                Spot(n, owner=pod.title, why="the host end of its veth") for n in names
            ),
            (Spot("vxlan0", why="the tunnel"),),
        )

    return Setup(
        subject.title(model), find, "", form, app.capturing.filters, "", selected
    )
