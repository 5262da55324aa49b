"""How pods look, and why there may be none."""

from __future__ import annotations

from dataclasses import replace

from builders import source
from tui import nodes

from ocnetview.facts import SourceState
from ocnetview.model import NodeModel
from ocnetview.tui.panes.pods import PODS
from ocnetview.tui.selection import Scope
from ocnetview.tui.widgets.row import Tone

POD = nodes.pod(1, "shop", "web", ("nginx",))


def test_each_kind_has_its_sign() -> None:
    """Pods, plain containers and host-network pods are told apart without colour."""
    assert PODS.look(POD, ()) == (" ", Tone.PLAIN)
    assert PODS.look(nodes.plain_container(), ()) == ("□", Tone.PLAIN)
    assert PODS.look(nodes.host_pod(), ()) == ("⌂", Tone.MUTED)


def test_a_pod_without_its_veth_warns() -> None:
    """A pod that runs but whose veth is not found carries a sign."""
    assert PODS.look(replace(POD, reason="no veth"), ()) == ("!", Tone.WARNING)


def test_only_rows_of_the_lost_runtime_are_muted() -> None:
    """Another runtime's end does not touch this one's pods."""
    assert PODS.look(POD, {"cri"}) == (" ", Tone.PLAIN)
    assert PODS.look(POD, {"docker"}) == (" ", Tone.MUTED)


def test_no_pods_say_why() -> None:
    """Nothing heard, nothing there, and nobody to ask are told apart."""
    docker = source("docker", SourceState.UP)
    ask = [
        (),
        (replace(docker, state=SourceState.WAITING),),
        (replace(docker, state=SourceState.ABSENT, reason="no socket"),),
        (docker,),
        (docker, source("cri", SourceState.ABSENT)),
    ]
    assert [PODS.empty(NodeModel(sources=sources), Scope()) for sources in ask] == [
        "waiting for the sources…",
        "waiting for docker…",
        "docker is not there: no socket",
        "no pods and no containers yet",
        "no pods and no containers yet",
    ]
