"""Whose processes are shown, and why there may be none."""

from __future__ import annotations

from dataclasses import replace

from tui.driving import CART, CHECKOUT
from tui.nodes import with_source

from ocnetview.facts import SourceState
from ocnetview.model import NodeModel
from ocnetview.tui.panes.processes import PROCESSES
from ocnetview.tui.selection import Scope
from ocnetview.tui.widgets.row import Tone


def test_the_title_says_whose_they_are(node: NodeModel) -> None:
    """Pod, number of containers, or the one container stand in the title."""
    one = node.pods_by_key[CHECKOUT].containers[1]
    titles = [
        PROCESSES.title(node, scope)
        for scope in (
            Scope(),
            Scope(pod=CART),
            Scope(pod=CHECKOUT),
            Scope(pod=CHECKOUT, container=one.id),
        )
    ]
    assert titles == [
        "Processes",
        "Processes of shop/cart-5c9d8-7hk2p",
        "Processes of shop/checkout-66f4b-mm8zt (all 2 containers)",
        "Processes of shop/checkout-66f4b-mm8zt / envoy",
    ]


def test_no_processes_say_why(node: NodeModel) -> None:
    """Nothing selected, a pod that is gone, that ended, not read yet, not readable."""
    pod = node.pods_by_key[CART]
    ended = replace(pod, containers=(replace(pod.containers[0], pid=None),))
    here = Scope(pod=CART)
    assert "select a pod" in PROCESSES.empty(node, Scope())
    assert PROCESSES.empty(node, Scope(pod="gone")) == "the pod is gone"
    assert "no container of shop/cart" in PROCESSES.empty(
        replace(node, pods=(ended,)), here
    )
    assert "reading the processes of shop/cart" in PROCESSES.empty(node, here)
    lost = with_source(node, "procfs", SourceState.DOWN, "hidepid")
    assert PROCESSES.empty(lost, here) == "procfs is down: hidepid"


def test_a_zombie_has_a_sign(node: NodeModel) -> None:
    """What has ended and was not waited for is told apart."""
    row = node.processes[0]
    dead = replace(row, process=replace(row.process, state="Z"))
    assert PROCESSES.look(row, ()) == (" ", Tone.PLAIN)
    assert PROCESSES.look(dead, ()) == ("!", Tone.WARNING)
    assert PROCESSES.look(dead, {"procfs"}) == ("!", Tone.MUTED)
