"""The running engine follows containerd's pods by events, and only ever reads."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from node.cri_lab import SOCKET, CriNode
from node.cri_pods import PODS, CriPod, Mode, Net, Run
from node.following import Follower, State
from node.truth import external_ids

PROXY = str(Path(__file__).with_name("cri_proxy.py"))
CALLS = "/run/lab/calls"
FOREVER = "exec sleep 100041"
TITLES = {pod.title for pod in PODS}
READS = {"Version", "Status", "ListPodSandbox", "ListContainers"}
READS |= {"PodSandboxStatus", "ContainerStatus"}
"""All that an explorer may call: none of them changes or takes anything."""


@pytest.fixture
def follower(cri_node: CriNode) -> Iterator[Follower]:
    """Give a running engine that has heard of every pod and container."""
    found = Follower(cri_node.lab)
    try:
        found.wait(whole)
        yield found
    finally:
        found.close()


def whole(state: State) -> bool:
    """Claim that every pod is shown, each live one with its interface."""
    names = TITLES | {"plain"}
    return names <= {*state["pods"]} and {"shop/web-0", "plain"} <= {*state["inside"]}


@pytest.mark.parametrize("net", [Net.BRIDGE, Net.OVS], ids=["bridge", "ovs"])
def test_a_pod_comes_and_goes(cri_node: CriNode, follower: Follower, net: Net) -> None:
    """A pod is shown with its eth0 and port soon after it is made, then it is gone."""
    pod = CriPod("new", f"born-on-{net.name.lower()}", net)
    sandbox = cri_node.run_pod(pod)
    ids = external_ids(cri_node.lab)
    ports = {f"br0/{name}" for name, i in ids.items() if i.get("sandbox") == sandbox.id}
    assert len(ports) == (net is Net.OVS)
    try:
        state = follower.wait(
            lambda s: s["inside"].get(pod.title) == "eth0" and ports <= {*s["ports"]}
        )
        assert state["pods"][pod.title]
    finally:
        cri_node.remove_pod(sandbox)
    follower.wait(lambda s: pod.title not in s["pods"])
    assert follower.states[-1]["sources"]["containerd"] == "up"


def test_a_pod_without_links_comes_and_goes(
    cri_node: CriNode, follower: Follower
) -> None:
    """A pod in the node's namespace, which makes no link, is noticed by its cgroup."""
    pod = CriPod("new", "host-wide", network=Mode.NODE)
    sandbox = cri_node.run_pod(pod)
    try:
        follower.wait(lambda s: s["running"].get(pod.title) == 1)
    finally:
        cri_node.remove_pod(sandbox)
    follower.wait(lambda s: pod.title not in s["pods"])


def test_a_container_that_ends_is_noticed(
    cri_node: CriNode, follower: Follower
) -> None:
    """A container whose process is killed runs no longer, until its next attempt."""
    pod = CriPod("new", "falling", runs=(Run("app", FOREVER),))
    sandbox = cri_node.run_pod(pod)
    try:
        follower.wait(lambda s: s["running"].get(pod.title) == 1)
        (id_,) = sandbox.containers["app"]
        cri_node.lab.do("kill", "-KILL", str(cri_node.tasks()[id_]))
        follower.wait(lambda s: s["running"].get(pod.title) == 0)
        cri_node.run_container(sandbox, Run("app", FOREVER, attempt=1))
        follower.wait(lambda s: s["running"].get(pod.title) == 1)
    finally:
        cri_node.remove_pod(sandbox)
    follower.wait(lambda s: pod.title not in s["pods"])


def test_containerd_dies_and_comes_back(cri_node: CriNode, follower: Follower) -> None:
    """A crashed containerd is shown as down, its rows stay, and it is found again."""
    before = set(follower.states[-1]["pods"])
    cri_node.lab.crash("/run/cri.pid")
    try:
        state = follower.wait(lambda s: s["sources"]["containerd"] != "up")
        assert (state["sources"]["containerd"], {*state["pods"]}) == ("down", before)
        assert state["reasons"]["containerd"]
        assert state["sources"]["docker"] == "up"
    finally:
        cri_node.start_containerd()
    state = follower.wait(lambda s: s["sources"]["containerd"] == "up")
    assert set(state["pods"]) == before


def test_a_containerd_that_comes_back_is_still_followed(
    cri_node: CriNode, follower: Follower
) -> None:
    """After a restart of containerd, pods that are made are shown as before."""
    cri_node.lab.crash("/run/cri.pid")
    cri_node.start_containerd()
    sandbox = cri_node.run_pod(CriPod("new", "after-the-crash"))
    follower.wait(lambda s: s["inside"].get("new/after-the-crash") == "eth0")
    cri_node.remove_pod(sandbox)
    follower.wait(lambda s: "new/after-the-crash" not in s["pods"])


@pytest.fixture
def watched(cri_node: CriNode) -> Iterator[Follower]:
    """Give a running engine between which and containerd every call is written down."""
    lab = cri_node.lab
    lab.sh(f": >{CALLS}")
    socket = "/run/lab/proxy.sock"
    proxy = lab.start(sys.executable, PROXY, socket, SOCKET, CALLS)
    try:
        assert proxy.stdout
        assert proxy.stdout.readline() == "ready\n"
        found = Follower(lab, OCNETVIEW_CRI=f"unix://{socket}")
        try:
            found.wait(whole)
            yield found
        finally:
            found.close()
    finally:
        proxy.communicate(timeout=20)


def calls(node: CriNode) -> list[str]:
    """Return the methods called so far, without their service's name."""
    lines = node.lab.do("cat", CALLS).splitlines()
    return [line.rpartition("/")[2] for line in lines]


def test_only_reading_methods_are_called(cri_node: CriNode, watched: Follower) -> None:
    """Events are never taken from the kubelet, and nothing is asked to change.

    What is already known of a sandbox is not asked again when another one comes.
    """
    before = calls(cri_node)
    sandbox = cri_node.run_pod(CriPod("new", "watched"))
    watched.wait(lambda s: s["inside"].get("new/watched") == "eth0")
    after = calls(cri_node)[len(before) :]
    cri_node.remove_pod(sandbox)
    watched.wait(lambda s: "new/watched" not in s["pods"])
    assert {*calls(cri_node)} <= READS
    assert after.count("ListPodSandbox") >= 1
    assert before.count("PodSandboxStatus") <= 2 * len(PODS)
    assert after.count("PodSandboxStatus") < len(PODS)


def test_reports_outlive_pods_that_disappear(cri_node: CriNode) -> None:
    """A report read while pods come and go is whole, and warns of nothing."""

    def churn(number: int) -> None:
        for net in Net:
            pod = CriPod("churn", f"{number}-{net.name.lower()}", net)
            cri_node.remove_pod(cri_node.run_pod(pod))

    with ThreadPoolExecutor(2) as pool:
        doing = [pool.submit(churn, number) for number in range(4)]
        reports: list[CompletedProcess[str]] = []
        while not all(one.done() for one in doing):
            command = ("pods", "ports")[len(reports) % 2]
            reports.append(cri_node.lab.run("ocnetview", command, "--json"))
        for one in doing:
            one.result()
    assert {(done.returncode, done.stderr) for done in reports} == {(0, "")}
    for done in reports[::2]:
        titles = {row["title"] for row in json.loads(done.stdout)["pods"]}
        assert titles >= TITLES
