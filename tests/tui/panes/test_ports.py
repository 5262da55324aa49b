"""How ports look, and why there may be none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tui.nodes import with_source

from ocnetview.facts import SourceState
from ocnetview.model import BridgeKind, NodeModel, Port, PortRole
from ocnetview.tui.panes.ports import LOOKS, PORTS
from ocnetview.tui.selection import Scope
from ocnetview.tui.widgets.row import Tone

PORT = Port("br0", BridgeKind.OVS, "veth0", "system", 3, role=PortRole.POD)


def test_every_role_has_its_looks() -> None:
    """No role is told by colour alone, or not at all."""
    assert set(LOOKS) == set(PortRole)
    for sign, tone in LOOKS.values():
        assert len(sign) == 1
        assert (sign == " ") <= (tone is Tone.PLAIN)


def test_errors_show() -> None:
    """A stale port and one with an error are in the error's colour, with a sign."""
    stale = replace(PORT, role=PortRole.STALE, error="gone")
    assert PORTS.look(stale, ()) == ("✖", Tone.ERROR)
    assert PORTS.look(replace(PORT, error="odd"), ()) == ("!", Tone.ERROR)
    assert PORTS.look(PORT, ()) == (" ", Tone.PLAIN)


def test_a_lost_source_mutes_but_keeps_the_sign() -> None:
    """Out-of-date rows are muted; what they are is still said."""
    stale = replace(PORT, role=PortRole.STALE)
    assert PORTS.look(stale, {"ovsdb"}) == ("✖", Tone.MUTED)


def test_a_linux_bridge_does_not_depend_on_ovsdb(node: NodeModel) -> None:
    """Ports of a Linux bridge come from the kernel alone."""
    names = [s.name for s in PORTS.sources(node, Scope(bridge="docker0"))]
    assert names == ["rtnetlink"]
    names = [s.name for s in PORTS.sources(node, Scope(bridge="br0"))]
    assert names == ["rtnetlink", "ovsdb"]


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (SourceState.WAITING, "waiting for ovsdb…"),
        (SourceState.DOWN, "ovsdb is down: no permission"),
        (SourceState.ABSENT, "this node has no bridge"),
        (SourceState.UP, "this node has no bridge"),
    ],
)
def test_no_ports_say_why(node: NodeModel, state: SourceState, why: str) -> None:
    """Each state of the sources has its own words; absence is no fault."""
    bare = with_source(replace(node, bridges=()), "ovsdb", state, "no permission")
    assert PORTS.empty(bare, Scope()) == why


def test_every_bridge_can_be_chosen(node: NodeModel) -> None:
    """The switch names each bridge and its kind, and knows the current one."""
    assert PORTS.choices is not None
    choices = PORTS.choices(node, Scope())
    assert [choice.text for choice in choices.all] == ["br0 ovs", "docker0 linux"]
    assert choices.current == "br0"
