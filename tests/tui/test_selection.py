"""What belongs to what is selected, worked out without a screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tui.driving import CART, CHECKOUT

from ocnetview.model import Bridge, BridgeKind, NodeModel, Port
from ocnetview.tui.selection import (
    PaneId,
    Scope,
    Selection,
    bridge_of,
    counterparts,
    focus_of,
    next_bridge,
    next_container,
    path_of,
    shown_bridge,
    shown_processes,
    turned,
    way_of,
)


def bridge(name: str, kind: BridgeKind, ports: int = 0) -> Bridge:
    """Return a bridge with so many ports."""
    made = (Port(name, kind, f"p{number}", "system") for number in range(ports))
    return Bridge(name, kind, tuple(made))


OVS, LINUX = BridgeKind.OVS, BridgeKind.LINUX


@pytest.mark.parametrize(
    ("bridges", "first"),
    [
        ((bridge("a", OVS, 9), bridge("br0", LINUX)), "br0"),
        ((bridge("a", OVS, 9), bridge("br-int", OVS, 1)), "br-int"),
        ((bridge("a", OVS, 1), bridge("b", OVS, 2), bridge("c", LINUX, 9)), "b"),
        ((bridge("c", LINUX, 1), bridge("d", LINUX, 3)), "d"),
        ((bridge("c", LINUX, 3), bridge("d", LINUX, 3)), "c"),
    ],
)
def test_the_first_bridge(bridges: tuple[Bridge, ...], first: str) -> None:
    """First br0, else br-int, else the OVS, else the Linux bridge with most ports."""
    shown = shown_bridge(NodeModel(bridges=bridges), Scope())
    assert shown is not None
    assert shown.name == first


def test_a_chosen_bridge_stays_until_it_is_gone(node: NodeModel) -> None:
    """What the user chose is shown as long as it is there."""
    scope = Scope(bridge="docker0")
    shown = shown_bridge(node, scope)
    assert shown is not None
    assert shown.name == "docker0"
    left = replace(node, bridges=node.bridges[:1])
    shown = shown_bridge(left, scope)
    assert shown is not None
    assert shown.name == "br0"


def test_there_may_be_no_bridge() -> None:
    """Without bridges nothing is shown, and there is none to turn to."""
    assert shown_bridge(NodeModel(), Scope()) is None
    assert next_bridge(NodeModel(), Scope(), 1) == Scope()


def test_bridges_go_round_both_ways(node: NodeModel) -> None:
    """After the last bridge comes the first, and the other way round."""
    assert next_bridge(node, Scope(), 1).bridge == "docker0"
    assert next_bridge(node, Scope(), -1).bridge == "docker0"
    assert next_bridge(node, Scope(bridge="docker0"), 1).bridge == "br0"


def test_selecting_turns_the_processes(node: NodeModel) -> None:
    """Port and pod turn the processes pane, another container's choice ends."""
    one = Scope(pod=CHECKOUT, container="some")
    assert turned(node, one, Selection(PaneId.PODS, CHECKOUT)) == one
    assert turned(node, one, Selection(PaneId.PODS, CART)) == Scope(pod=CART)
    assert turned(node, one, Selection(PaneId.PORTS, "br0/vxlan0")) == Scope()
    assert turned(node, one, Selection(PaneId.PROCESSES, "1@2")) == one


def test_containers_are_shown_one_by_one(node: NodeModel) -> None:
    """All, then each container alone, then all again; the rows follow."""
    scope, counts = Scope(pod=CHECKOUT), []
    for _ in range(3):
        counts.append(len(shown_processes(node, scope)))
        scope = next_container(node, scope)
    assert counts == [10, 5, 5]
    assert scope == Scope(pod=CHECKOUT)


def test_counterparts_go_both_ways(node: NodeModel) -> None:
    """What a pod lights in the ports pane lights that pod from there."""
    for pod in node.pods:
        scope = Scope(pod=pod.key)
        lit = counterparts(node, scope, Selection(PaneId.PODS, pod.key))
        assert lit[PaneId.PODS] == ()
        for key in lit[PaneId.PORTS]:
            back = turned(node, scope, Selection(PaneId.PORTS, key))
            assert back.pod == pod.key


def test_a_pod_that_joined_a_namespace_shares_its_port(node: NodeModel) -> None:
    """Who joined another's namespace lights that port too, though it is not its own."""
    owner = node.pods_by_key[CART]
    joined = replace(node.pods_by_key["uid-host"], interfaces=owner.interfaces)
    model = replace(node, pods=(*node.pods[:-2], joined))
    lit = counterparts(model, Scope(pod=joined.key), Selection(PaneId.PODS, joined.key))
    assert lit[PaneId.PORTS] == (owner.interfaces[0].port,)


def test_a_port_that_is_shown_turns_no_bridge(node: NodeModel) -> None:
    """The bridge changes only for a port that cannot be seen."""
    assert bridge_of(node, Scope(), ("br0/tun0",)) == Scope()
    assert bridge_of(node, Scope(), ("docker0/veth5e77a91",)).bridge == "docker0"
    assert bridge_of(node, Scope(), ()) == Scope()


def test_what_does_not_run_is_not_read(node: NodeModel) -> None:
    """A container without a process is not looked at, a pod that is gone neither."""
    pod = node.pods_by_key[CART]
    ended = replace(pod.containers[0], pid=None)
    model = replace(node, pods=(replace(pod, containers=(ended,), sandbox=None),))
    assert not focus_of(model, Scope(pod=CART)).containers
    assert not focus_of(model, Scope(pod="gone")).containers


def test_an_empty_processes_pane_still_has_a_path(node: NodeModel) -> None:
    """Without a process under the cursor the way begins at the pod."""
    hops = path_of(node, Scope(pod=CART), Selection(PaneId.PROCESSES, ""))
    assert hops[0] == "shop/cart-5c9d8-7hk2p"
    assert path_of(node, Scope(), Selection(PaneId.PORTS, "gone")) == ()


def test_a_way_names_what_may_be_left_out(node: NodeModel) -> None:
    """The namespace's number may go, and the middle of the pod's name."""
    way = way_of(node, Scope(pod=CART), Selection(PaneId.PODS, CART))
    pod, eth0, veth, *_ = way
    assert (pod.text, pod.name) == ("shop/cart-5c9d8-7hk2p", True)
    assert (eth0.text, eth0.brief) == ("eth0@net:[4026532004]", "eth0")
    assert veth.brief == veth.text
    assert not eth0.name
