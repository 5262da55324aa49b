"""The names that follow from the plan, and that the plan fits together."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import pytest

from ocnetview.demo.plan import (
    GATEWAY,
    GATEWAY_ADDRESS,
    LEAKED_ADDRESS,
    LEAKED_POD,
    LINK_PREFIX,
    LOOSE_ADDRESSES,
    LOOSE_LINKS,
    DemoPod,
    Program,
    digest,
    mac_of,
    target_address,
    veth_name,
)
from ocnetview.demo.pods import PODS, WIRES


def programs(pod: DemoPod) -> Iterator[Program]:
    """Yield every program of a pod."""

    def below(program: Program) -> Iterator[Program]:
        yield program
        for child in program.children:
            yield from below(child)

    for container in pod.containers:
        for program in (container.program, *container.execs):
            yield from below(program)


def test_a_mac_is_made_of_the_address() -> None:
    """10.128.0.21 has the MAC that OpenShift SDN would give it."""
    assert mac_of("10.128.0.21") == "0a:58:0a:80:00:15"


def test_names_do_not_change_between_runs() -> None:
    """Ids and veths come from the names alone, so pictures stay the same."""
    assert digest("a", "b") == digest("a", "b") != digest("a", "c")
    assert veth_name("shop/db-0") == "veth" + digest("veth", "shop/db-0")[:8]


def test_everything_has_its_own_name() -> None:
    """No two pods share an id, a veth, a pin, or an address."""
    for name in ("title", "uid", "sandbox_id", "veth", "pin"):
        assert len({getattr(pod, name) for pod in PODS}) == len(PODS), name
    veths = {pod.veth for pod in PODS}
    assert veth_name(LEAKED_POD) not in veths
    addresses = [pod.address for pod in PODS if pod.address]
    addresses += [GATEWAY_ADDRESS, LEAKED_ADDRESS]
    assert len(set(addresses)) == len(addresses)


def test_a_veth_name_fits_the_kernel() -> None:
    """An ifname has at most 15 bytes (IFNAMSIZ less its NUL)."""
    assert all(len(pod.veth) == 12 for pod in PODS)


def test_pods_are_in_the_node_s_subnet() -> None:
    """Each pod's address is one of the node's /23, and none is its ends."""
    subnet = ipaddress.ip_network("10.128.0.0/23")
    inside = list(subnet.hosts())
    for pod in PODS:
        if pod.address and pod.namespace:
            assert ipaddress.ip_address(pod.address) in inside


def test_the_plan_holds_what_it_promises() -> None:
    """A dozen pods, several with two containers, and each of the odd kinds once."""
    assert sum(bool(pod.address and pod.namespace) for pod in PODS) >= 12
    assert sum(len(pod.containers) > 1 for pod in PODS) >= 4
    assert sum(pod.host_network for pod in PODS) == 1
    assert sum(pod.ended for pod in PODS) == 1
    assert sum(not pod.namespace for pod in PODS) == 1
    everything = [program for pod in PODS for program in programs(pod)]
    assert sum(program.zombie for program in everything) == 1
    assert sum(program.lives is not None for program in everything) == 1
    assert any(container.execs for pod in PODS for container in pod.containers)
    assert sum(bool(pod.noted) for pod in PODS) == 1
    crashed = [
        c for pod in PODS if not pod.ended for c in pod.containers if c.exit_code
    ]
    assert [(c.exit_code, c.attempt > 0) for c in crashed] == [(1, True)]


def test_two_ends_are_in_one_subnet_of_their_own() -> None:
    """Wires and the loose namespace overlap with nobody's network."""
    ends = [tuple(address for _, address in wire.ends) for wire in WIRES]
    subnets = [
        ipaddress.ip_network("10.128.0.0/23"),
        ipaddress.ip_network("172.17.0.0/16"),
    ]
    for one, other in (*ends, LOOSE_ADDRESSES):
        subnet = ipaddress.ip_interface(f"{one}/{LINK_PREFIX}").network
        assert {str(host) for host in subnet.hosts()} == {one, other}
        assert not any(subnet.overlaps(known) for known in subnets)
        subnets.append(subnet)
    assert not {pod.veth for pod in PODS} & set(LOOSE_LINKS)


def test_traffic_is_little_and_stays_inside() -> None:
    """Every flow ends at somebody in the demo who listens, a hundred per second."""
    listening = {
        pod.title
        for pod in PODS
        if any(program.answers is not None for program in programs(pod))
    }
    flows = [
        (pod, flow)
        for pod in PODS
        for program in programs(pod)
        for flow in program.flows
    ]
    assert sum(flow.per_second for _, flow in flows) <= 100
    for pod, flow in flows:
        assert flow.to == GATEWAY or flow.to in listening - {pod.title}
        assert ipaddress.ip_address(target_address(flow.to, PODS)).is_private


def test_work_is_little() -> None:
    """All programs together use less than two percent of a core on purpose."""
    burns = [program.burns for pod in PODS for program in programs(pod)]
    assert 0 < sum(burns) < 20


def test_a_flow_to_nobody_is_refused() -> None:
    """The plan cannot send to a pod that is not there, or has no address."""
    with pytest.raises(KeyError):
        target_address("shop/none", PODS)
    with pytest.raises(KeyError):
        target_address("openshift-sdn/sdn-7xk2p", PODS)
