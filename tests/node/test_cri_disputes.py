"""What a row shows where OVSDB says otherwise than the kernel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from node.cri_lab import CriNode
from node.cri_pods import NESTED
from node.truth import external_ids, legs, netns

LIAR, MEANT = "bank/web-0", "net/legs"


def veth_of(node: CriNode, title: str) -> str:
    """Return the host's end of a pod's eth0 as `ip` tells it."""
    host = legs(node.lab, node.tasks()[node[title].id])["eth0"].host
    assert host
    return host[0]


@pytest.fixture
def lie(cri_node: CriNode) -> Iterator[str]:
    """Give a port whose external_ids name another pod's sandbox meanwhile."""
    veth = veth_of(cri_node, LIAR)
    write = f"ovs-vsctl set Interface {veth} external_ids:sandbox="
    cri_node.lab.sh(write + cri_node[MEANT].id)
    yield veth
    cri_node.lab.sh(write + cri_node[LIAR].id)


def test_the_kernel_wins_and_both_are_shown(cri_node: CriNode, lie: str) -> None:
    """A port that names the wrong sandbox moves no veth; both its pods are marked."""
    rows = {row["title"]: row for row in cri_node.ask("pods")["pods"]}
    for title in (LIAR, MEANT):
        assert rows[title]["veth"] == veth_of(cri_node, title)
        assert rows[title]["disputed"]
        assert any(lie in text for text in rows[title]["disputes"])
    assert {t for t, row in rows.items() if row["disputed"]} == {LIAR, MEANT}
    (eth0,) = (i for i in rows[MEANT]["interfaces"] if i["name"] == "eth0")
    pieces = {(e["says"], e["agrees"]) for e in eth0["evidences"]}
    assert pieces == {(veth_of(cri_node, MEANT), True), (lie, False)}


@pytest.fixture
def leak(cri_node: CriNode) -> Iterator[str]:
    """Give a port that an earlier attempt of a pod left behind, without a device."""
    old = cri_node.sandboxes["shop/twice-0", 0].id
    cri_node.lab.run(
        *("ovs-vsctl", "--timeout=10", "add-port", "br0", "vethold", "--", "set"),
        *("Interface", "vethold", f"external_ids:sandbox={old}"),
    )
    yield "vethold"
    cri_node.lab.sh("ovs-vsctl del-port br0 vethold")


def test_what_an_earlier_attempt_left_is_not_the_pods(
    cri_node: CriNode, leak: str
) -> None:
    """A leaked port of a dead sandbox is a problem of its own, and no row's veth."""
    assert leak in external_ids(cri_node.lab)
    (row,) = (r for r in cri_node.ask("pods")["pods"] if r["title"] == "shop/twice-0")
    assert (row["veth"], row["disputed"]) == (veth_of(cri_node, row["title"]), False)
    said = cri_node.ask("ports")
    assert f"br0/{leak}" in {problem["subject"] for problem in said["problems"]}


@pytest.fixture(params=["podsandbox", "container"])
def forged(
    cri_node: CriNode, request: pytest.FixtureRequest
) -> Iterator[tuple[str, str]]:
    """Give a container of Docker whose labels say that it is a pod of containerd's."""
    said = {**cri_node[LIAR].pod.labels, "io.kubernetes.docker.type": request.param}
    said["io.kubernetes.sandbox.id"] = cri_node[LIAR].id
    labels = [f"--label={key}={value}" for key, value in said.items()]
    run = ("run", "--detach", "--name=forged", "--network=none", *labels)
    made = cri_node.lab.do("docker", *run, "lab-busybox", "sleep", "100031")
    yield "forged", made
    cri_node.lab.do("docker", "rm", "--force", "forged")


def test_labels_of_docker_move_no_pod_of_containerds(
    cri_node: CriNode, forged: tuple[str, str]
) -> None:
    """Who only says so is no part of the pod, whose row is as the kernel has it."""
    rows = {row["title"]: row for row in cri_node.ask("pods")["pods"]}
    pod = rows[LIAR]
    main = cri_node.tasks()[cri_node[LIAR].id]
    assert (pod["veth"], pod["status"]) == (veth_of(cri_node, LIAR), "Running")
    assert (pod["netns"], pod["disputes"]) == (netns(cri_node.lab, main), [])
    name, made = forged
    assert made not in {c["id"] for c in pod["containers"]}
    assert (rows[name]["kind"], rows[name]["disputed"]) == ("container", True)


def test_who_left_the_pods_network_is_not_behind_its_veth(cri_node: CriNode) -> None:
    """The way of a process begins in the namespace that it is in, not in its pod's."""
    (pattern,) = {word for word in NESTED.split() if word == "100021"}
    find = f"grep -slzx '{pattern[:-1]}[{pattern[-1]}]' /proc/[0-9]*/cmdline || true"
    (found,) = cri_node.lab.sh(find).splitlines()
    pid = int(found.split("/")[2])
    where = netns(cri_node.lab, pid)
    (answer,) = cri_node.ask("who", str(pid))["answers"]
    assert answer["pod"]["title"] == "dev/nested"
    assert answer["path"][-1] == f"left the pod's network for net:[{where}]"
    veth = veth_of(cri_node, "dev/nested")
    assert veth not in cri_node.lab.do("ocnetview", "who", str(pid))
