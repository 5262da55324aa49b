"""`ocnetview` on a node with containerd's CRI and Docker, against their own tools."""

from __future__ import annotations

from typing import Any

import pytest
from node.cri_lab import CriNode, Sandbox
from node.cri_pods import BOXES, PODS, CriPod, Mode, Net
from node.truth import Leg, external_ids, in_cgroups, legs, netns

LAST = {pod.title: pod for pod in PODS}
"""The last attempt of each pod."""
LIVE = [title for title, pod in LAST.items() if not pod.stops]
OWN = [title for title in LIVE if LAST[title].network is Mode.POD]
"""Those with a network namespace of their own."""
ON_OVS = [title for title in OWN if LAST[title].net is Net.OVS]
STATES = {True: "running", False: "exited"}

Pod = dict[str, Any]


@pytest.fixture(scope="module")
def pods(cri_node: CriNode) -> dict[str, Pod]:
    """Give the rows that ocnetview shows, by title."""
    rows = cri_node.ask("pods")["pods"]
    found = {row["title"]: row for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture(scope="module")
def tasks(cri_node: CriNode) -> dict[str, int]:
    """Give the main pid of each running sandbox and container."""
    return cri_node.tasks()


def shown(pod: Pod) -> dict[str, Leg]:
    """Return a row's interfaces as the truth has them."""
    return {
        leg["name"]: Leg(
            leg["name"],
            leg["ifindex"],
            leg["kind"],
            leg["mac"],
            frozenset(leg["addresses"]),
            (leg["host"]["name"], leg["host"]["ifindex"]) if leg["host"] else None,
            leg["port"] or "",
        )
        for leg in pod["interfaces"]
    }


def test_every_pod_is_one_row(pods: dict[str, Pod]) -> None:
    """No pod of the CRI is lost, shown twice for its attempts, or invented."""
    rows = {title: row["uid"] for title, row in pods.items() if row["kind"] == "pod"}
    assert rows == {title: pod.uid for title, pod in LAST.items()}


def test_dockers_containers_stand_beside_them(
    cri_node: CriNode, pods: dict[str, Pod]
) -> None:
    """Docker's containers are rows of their own, with Docker as their runtime."""
    rows = {
        t: row["containers"] for t, row in pods.items() if row["kind"] == "container"
    }
    ids = {c.name: c.id for c in cri_node.boxes}
    assert {title: [c["id"] for c in found] for title, found in rows.items()} == {
        box.name: [ids[box.name]] for box in BOXES
    }
    assert {c["runtime"] for found in rows.values() for c in found} == {"docker"}


def test_nothing_else_is_shown(cri_node: CriNode, pods: dict[str, Pod]) -> None:
    """A namespace that a pod or container uses is no row of its own.

    One that a container's process made for itself may be.
    """
    (nested,) = cri_node["dev/nested"].containers["app"]
    made = {netns(cri_node.lab, pid) for pid in in_cgroups(cri_node.lab, nested)}
    rest = (row for row in pods.values() if row["kind"] not in {"pod", "container"})
    assert {row["netns"] for row in rest} <= made - {pods["dev/nested"]["netns"]}


@pytest.mark.parametrize("title", OWN)
def test_interfaces_are_the_kernels(
    cri_node: CriNode, pods: dict[str, Pod], tasks: dict[str, int], title: str
) -> None:
    """Each interface has the index, MAC, addresses, veth and port that `ip` tells."""
    true = legs(cri_node.lab, tasks[cri_node[title].id])
    assert true
    assert shown(pods[title]) == true


@pytest.mark.parametrize("title", OWN)
def test_the_row_names_eth0s_veth_and_port(
    cri_node: CriNode, pods: dict[str, Pod], tasks: dict[str, int], title: str
) -> None:
    """The row's own veth, port and address are those of eth0, both ends agreeing."""
    eth0 = legs(cri_node.lab, tasks[cri_node[title].id])["eth0"]
    row = pods[title]
    (inside,) = (leg for leg in row["interfaces"] if leg["name"] == "eth0")
    assert eth0.host
    assert (row["veth"], row["port"]) == (eth0.host[0], eth0.port)
    bridge = "br0" if LAST[title].net is Net.OVS else "cni0"
    assert eth0.port == f"{bridge}/{eth0.host[0]}"
    assert eth0.addresses <= {*inside["addresses"]}
    assert inside["evidence"]["kind"] == "kernel, both ends"
    assert not row["disputed"], [row["disputes"], inside["evidences"]]


@pytest.mark.parametrize("title", LIVE)
def test_the_namespace_is_that_of_its_process(
    cri_node: CriNode, pods: dict[str, Pod], tasks: dict[str, int], title: str
) -> None:
    """The row's namespace is the one that the sandbox's own process is in."""
    inode = netns(cri_node.lab, tasks[cri_node[title].id])
    assert pods[title]["netns"] == inode
    node_wide = inode == int(cri_node.lab.do("stat", "-Lc", "%i", "/proc/1/ns/net"))
    assert pods[title]["host_network"] == node_wide
    assert node_wide == (LAST[title].network is Mode.NODE)


@pytest.mark.parametrize("title", ON_OVS)
def test_ovs_and_the_kernel_agree(
    cri_node: CriNode, pods: dict[str, Pod], title: str
) -> None:
    """The port's external_ids name this sandbox, and are a piece of the evidence."""
    row = pods[title]
    ids = external_ids(cri_node.lab)[row["veth"]]
    assert ids["sandbox"] == cri_node[title].id == row["sandbox"]["id"]
    (eth0,) = (leg for leg in row["interfaces"] if leg["name"] == "eth0")
    assert f"{ids['ip']}/23" in eth0["addresses"]
    by_ovs = [e for e in eth0["evidences"] if e["kind"] == "OVS external_ids"]
    assert by_ovs
    assert all(e["agrees"] and e["says"] == row["veth"] for e in by_ovs)


@pytest.mark.parametrize("title", [t for t in OWN if t not in ON_OVS])
def test_the_cni_and_the_kernel_agree(pods: dict[str, Pod], title: str) -> None:
    """The veth that the bridge plugin told of is a piece of the evidence."""
    row = pods[title]
    (eth0,) = row["interfaces"]
    by_cni = [e for e in eth0["evidences"] if e["kind"] == "CNI result"]
    assert by_cni
    assert all(e["agrees"] and e["says"] == row["veth"] for e in by_cni)


def container_truth(
    sandbox: Sandbox, pod: CriPod, tasks: dict[str, int]
) -> dict[str, dict[str, Any]]:
    """Return what is true of the last attempt of each container."""
    last = {run.name: run for run in pod.runs}
    true = {}
    for name, ids in sandbox.containers.items():
        run, pid = last[name], tasks.get(ids[-1])
        true[name] = {
            "id": ids[-1],
            "pid": pid,
            "runtime": "containerd",
            "state": STATES[pid is not None] if run.starts else "created",
            "sandbox_id": sandbox.id,
            "attempt": run.attempt,
        }
    return true


@pytest.mark.parametrize("title", LAST)
def test_containers_are_the_runtimes(
    cri_node: CriNode, pods: dict[str, Pod], tasks: dict[str, int], title: str
) -> None:
    """Each container is there once, by its last attempt, with its pid and state."""
    true = container_truth(cri_node[title], LAST[title], tasks)
    found = {c["name"]: c for c in pods[title]["containers"]}
    assert len(found) == len(pods[title]["containers"])
    keys = ("id", "pid", "runtime", "state", "sandbox_id", "attempt")
    assert {n: {key: c[key] for key in keys} for n, c in found.items()} == true


@pytest.mark.parametrize("title", LAST)
def test_the_sandbox_is_the_live_attempt(
    cri_node: CriNode, pods: dict[str, Pod], tasks: dict[str, int], title: str
) -> None:
    """The sandbox has its own id, pid, handler and modes; older ones are apart."""
    pod, sandbox, row = LAST[title], cri_node[title], pods[title]
    modes = {Mode.POD: "pod", Mode.CONTAINER: "container", Mode.NODE: "node"}
    wanted = {
        "id": sandbox.id,
        "runtime": "containerd",
        "attempt": pod.attempt,
        "ready": not pod.stops,
        "pid": tasks.get(sandbox.id),
        "handler": pod.net.value or None,
        "network": modes[pod.network],
        "pids": modes[pod.pids],
        "userns": False,
    }
    assert {key: row["sandbox"][key] for key in wanted} == wanted
    older = [p for p in PODS if p.title == title and p is not pod]
    ids = [cri_node.sandboxes[p.key].id for p in older]
    assert [(a["id"], a["ready"]) for a in row["attempts"]] == [(i, False) for i in ids]


@pytest.mark.parametrize("title", OWN)
def test_the_pin_is_the_namespace(
    cri_node: CriNode, pods: dict[str, Pod], title: str
) -> None:
    """The path that the runtime names pins the very namespace of the row."""
    row = pods[title]
    path = row["sandbox"]["netns_path"]
    assert int(cri_node.lab.do("stat", "-Lc", "%i", path)) == row["netns"]


def test_a_macvlan_is_no_veth(cri_node: CriNode, pods: dict[str, Pod]) -> None:
    """A macvlan in a pod names its parent on the node, and claims no veth of it."""
    (net1,) = (leg for leg in pods["net/legs"]["interfaces"] if leg["name"] == "net1")
    (nic0,) = cri_node.lab.ip("link", "show", "nic0")
    other = net1["counterpart"]
    assert (net1["kind"], net1["host"], net1["port"]) == ("macvlan", None, None)
    assert (other["relation"], other["where"]) == ("parent", "on the node")
    assert (other["link"]["name"], other["link"]["ifindex"]) == (
        "nic0",
        nic0["ifindex"],
    )


def test_a_second_veth_has_its_own_port(pods: dict[str, Pod]) -> None:
    """A pod's further veth leads to its own end, on another bridge than eth0's."""
    net2 = shown(pods["net/legs"])["net2"]
    assert (net2.host, net2.port) == (("second", 60001), "lbr0/second")


@pytest.mark.parametrize("title", [t for t in LIVE if t not in OWN])
def test_host_network_has_no_veth(pods: dict[str, Pod], title: str) -> None:
    """A pod in the node's namespace says so, and none of the node's links is its."""
    row = pods[title]
    assert (row["interfaces"], row["veth"]) == ([], None)


def test_what_stopped_says_so(pods: dict[str, Pod]) -> None:
    """A completed pod has no veth, the reason why, and its container's exit code."""
    row = pods["batch/job-7xk2p"]
    (job,) = row["containers"]
    assert (row["interfaces"], row["veth"], row["running"]) == ([], None, 0)
    assert row["reason"]
    assert (job["exit_code"], job["reason"]) == (0, "Completed")
    assert row["status"] == "Completed"


def test_a_crash_loop_shows_its_last_attempt(pods: dict[str, Pod]) -> None:
    """A container that ended three times is one, with the last one's exit code."""
    row = pods["batch/crash-0"]
    boom = next(c for c in row["containers"] if c["name"] == "boom")
    assert (boom["attempt"], boom["exit_code"], boom["reason"]) == (2, 3, "Error")
    assert row["running"] == 1
    assert row["status"] not in {"", "Running", "Completed"}


def test_traits_tell_what_else_a_pod_is(pods: dict[str, Pod]) -> None:
    """Static pods and those that share their processes' numbering say so."""
    static = {t for t, row in pods.items() if any("static" in x for x in row["traits"])}
    assert static == {title for title, pod in LAST.items() if pod.static}
    shared = {t for t, row in pods.items() if any("pid" in x for x in row["traits"])}
    assert shared == {"dev/family"}


def test_ports_name_their_pods(cri_node: CriNode) -> None:
    """Each port with external_ids leads to the pod whose sandbox those name."""
    ports = {row["name"]: row for row in cri_node.ask("ports")["ports"]}
    uids = {cri_node[title].id: pod.uid for title, pod in LAST.items()}
    uids |= {box.id: box.id for box in cri_node.boxes}
    wired = {
        name: uids[ids["sandbox"]]
        for name, ids in external_ids(cri_node.lab).items()
        if "sandbox" in ids
    }
    assert {name: ports[name]["pod"] for name in wired} == wired
    assert len(wired) == len(ON_OVS) + 1


def test_both_runtimes_are_sources(cri_node: CriNode) -> None:
    """The CRI and Docker are heard both, each at its own socket."""
    sources = cri_node.ask("sources")["sources"]
    where = {s["where"]: s["state"] for s in sources if "sock" in s["where"]}
    up = [path for path, state in where.items() if state == "up"]
    assert any("/run/containerd/containerd.sock" in path for path in up), where
    assert any("/run/docker.sock" in path for path in up), where
