"""`ocnetview pods` against both ends of each veth, read by hand."""

from __future__ import annotations

from typing import Any

import pytest
from node.boxes import BOXES, INSIDE
from node.wiring import Node

WIRED = [box.name for box in BOXES if box.wire]
READ_HOST = r"""
for folder in /sys/class/net/*; do
    printf '%s\t%s\t%s\n' "${folder##*/}" "$(cat "$folder/ifindex")" \
        "$(cat "$folder/iflink")"
done
"""
READ_INSIDE = """
nsenter --target "$1" --net unshare --mount sh -euc '
    mount -t sysfs by-hand /sys
    cat /sys/class/net/eth0/ifindex /sys/class/net/eth0/iflink'
"""
"""sysfs shows the namespace it was mounted in, so it is mounted anew."""


@pytest.fixture(scope="module")
def pods(node: Node) -> list[dict[str, Any]]:
    """Give the pods that ocnetview names."""
    return list(node.ask("pods")["pods"])


@pytest.fixture(scope="module")
def host_links(node: Node) -> dict[str, tuple[int, int]]:
    """Give ifindex and iflink of each link of the host, read from sysfs."""
    rows = (line.split("\t") for line in node.lab.sh(READ_HOST).splitlines())
    return {name: (int(index), int(peer)) for name, index, peer in rows}


def members(pod: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a pod's containers by Docker's name, its sandbox with them."""
    every = [*pod["containers"], *([pod["sandbox"]] if pod["sandbox"] else [])]
    return {container["runtime_name"]: container for container in every}


def pod_of(pods: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return the one pod that a container is in."""
    (pod,) = (pod for pod in pods if name in members(pod))
    return pod


@pytest.mark.parametrize("name", WIRED)
def test_the_veth_is_the_one_that_both_ends_name(
    node: Node,
    pods: list[dict[str, Any]],
    host_links: dict[str, tuple[int, int]],
    name: str,
) -> None:
    """The shown host veth is the link whose ifindex eth0 names, and it names eth0's."""
    enter = ("sh", "-euc", READ_INSIDE, "sh", str(node[name].pid))
    ifindex, iflink = map(int, node.lab.do(*enter).split())
    (by_hand,) = (veth for veth, (index, _) in host_links.items() if index == iflink)
    assert host_links[by_hand] == (iflink, ifindex)

    interfaces = pod_of(pods, name)["interfaces"]
    assert [(i["name"], i["ifindex"]) for i in interfaces] == [("eth0", INSIDE)]
    host = interfaces[0]["host"]
    assert (host["name"], host["ifindex"]) == (by_hand, iflink)


@pytest.mark.parametrize("name", WIRED)
def test_address_mac_and_port_are_those_given(
    node: Node, pods: list[dict[str, Any]], name: str
) -> None:
    """A container has the address, the MAC and the port that it was wired with."""
    box = node[name].box
    pod = pod_of(pods, name)
    (eth0,) = pod["interfaces"]
    assert (pod["addresses"], eth0["mac"]) == ([box.ip], box.mac)
    assert eth0["port"] == f"{box.wire}/{box.veth}"
    assert eth0["evidence"]["kind"] == "kernel, both ends"


def test_every_container_is_in_one_pod(node: Node, pods: list[dict[str, Any]]) -> None:
    """No container of Docker's is lost, none is shown twice, none is invented."""
    shown = [(c["id"], c["pid"] or 0) for pod in pods for c in members(pod).values()]
    assert sorted(shown) == sorted((c.id, c.pid) for c in node.containers)


def test_pods_are_those_of_the_labels(node: Node, pods: list[dict[str, Any]]) -> None:
    """Containers with Kubernetes' labels are shown as the pods that they make."""
    shown = {
        (pod["namespace"], pod["name"], pod["uid"]): sorted(members(pod))
        for pod in pods
        if pod["kind"] == "pod"
    }
    meant: dict[tuple[str, str, str], list[str]] = {}
    for container in node.containers:
        if container.box.pod:
            meant.setdefault(container.box.pod, []).append(container.name)
    assert shown == {pod: sorted(names) for pod, names in meant.items()}


def test_containers_of_a_pod_go_by_their_short_names(
    pods: list[dict[str, Any]],
) -> None:
    """A pod's containers are named as in its manifest, its sandbox stands apart."""
    (cart,) = (pod for pod in pods if pod["name"].startswith("cart-"))
    assert sorted(c["name"] for c in cart["containers"]) == ["cart", "proxy"]
    assert (cart["sandbox"]["name"], cart["running"]) == ("POD", 2)


def test_a_shared_namespace_has_one_veth(pods: list[dict[str, Any]]) -> None:
    """A container in another one's namespace shows that one's interface as its own."""
    ends = [pod_of(pods, name)["interfaces"] for name in ("plain-00", "sidecar")]
    assert ends[0] == ends[1] != []


@pytest.mark.parametrize("name", ["agent", "openshift-sdn/sdn-h7k2q"])
def test_host_network_has_no_veth(pods: list[dict[str, Any]], name: str) -> None:
    """What uses the node's own namespace says so, and claims no veth."""
    (pod,) = (pod for pod in pods if pod["title"] == name)
    assert (pod["host_network"], pod["interfaces"]) == (True, [])


def test_what_has_no_veth_says_why(pods: list[dict[str, Any]]) -> None:
    """A stopped container and an unwired one are shown, with the reason."""
    done, unwired = pod_of(pods, "done"), pod_of(pods, "unwired")
    assert [c["state"] for c in done["containers"]] == ["exited"]
    assert [c["state"] for c in unwired["containers"]] == ["running"]
    assert done["reason"] != unwired["reason"]
    for pod in (done, unwired):
        assert pod["interfaces"] == []
        assert pod["reason"]
