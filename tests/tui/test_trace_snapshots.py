"""Pictures of tracing: the box, and every kind of answer, at three sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from tui.conftest import RememberingFeed
from tui.driving import CART, press
from tui.probing import AT, TellingTools
from tui.tracing import TellingCluster, TellingSwitch, traceable

from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.trace import TraceScreen
from ocnetview.tui.screens.trace_target import TargetScreen
from ocnetview.tui.tracing import Asking, Chosen

Snap = Callable[..., bool]
SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"]
)
STATES = {
    "delivered": ("shop/web-84d5f-j4r7x:8080", ""),
    "dropped": ("openshift-monitoring/prometheus-k8s-0:9090", "end"),
    "other_node": ("10.130.0.9", ""),
    "service": ("shop/web:80", "tab"),
    "raw": ("198.51.100.7:443", "v"),
    "nobody": ("registry-mirror", ""),
}
"""Target, and what is pressed afterwards."""


def app_of(node: NodeModel) -> OcnetviewApp:
    """Return an app that shows a node whose packets can be traced."""
    tools = TellingTools(switch=TellingSwitch(), cluster=TellingCluster())
    return OcnetviewApp(RememberingFeed(traceable(node)), tools=tools)


@SIZES
@pytest.mark.parametrize("state", STATES)
def test_answer(
    snap_compare: Snap, node: NodeModel, state: str, size: tuple[int, int]
) -> None:
    """Each kind of answer: arrived, dropped, elsewhere, by a service, raw, none."""
    target, key = STATES[state]

    async def show(pilot: Pilot[None]) -> None:
        await press(pilot)
        asking = Asking(TellingSwitch, TellingCluster)
        chosen = Chosen(CART, target)
        await pilot.app.push_screen(TraceScreen(chosen, asking, lambda: AT + 15))
        await pilot.app.workers.wait_for_complete()
        await press(pilot, *filter(None, [key]))

    assert snap_compare(app_of(node), terminal_size=size, run_before=show)


@SIZES
def test_box(snap_compare: Snap, node: NodeModel, size: tuple[int, int]) -> None:
    """What is typed, the protocols, and what it may mean."""

    async def show(pilot: Pilot[None]) -> None:
        await press(pilot)
        await pilot.app.push_screen(TargetScreen(CART))
        await press(pilot, *"web", "tab")

    assert snap_compare(app_of(node), terminal_size=size, run_before=show)
