"""Whole recorded nodes, served by a runtime that answers as theirs did."""

from __future__ import annotations

from pathlib import Path

import pytest
from collectors.cri_reading import (
    containers,
    read,
    sandboxes,
)
from collectors.cri_server import (
    Runtime,
    cri_server,
    recorded,
    recorded_processes,
)
from collectors.docker_server import add_process

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.cri_reply import read_pid
from ocnetview.facts import (
    CniInterface,
    ContainerFacts,
    NamespaceMode,
)


def processes(node: str, proc: Path) -> None:
    """Make the /proc of a recorded node."""
    for pid, text in recorded_processes(node).items():
        add_process(proc, pid, text, pid)


def test_a_recorded_node_with_crio(proc: Path) -> None:
    """Every sandbox has its path, none but the one that shares pids a process."""
    node = "crio-openshift-sdn"
    processes(node, proc)
    with cri_server(runtime=recorded(node)) as (runtime, path):
        facts = read(path, proc)
    assert (facts.runtime, facts.version) == ("cri-o", "1.29.13")
    found = sandboxes(facts)
    assert len(found) == len(facts.sandboxes) == 21
    paths = {one.netns_path for one in facts.sandboxes}
    assert len(paths) == 21
    assert all(one.startswith("/var/run/netns/") for one in paths)
    assert {name: one.pid for name, one in found.items() if one.pid} == {
        "sharepid": 1964
    }
    assert found["sharepid"].pids is NamespaceMode.POD
    assert found["hostpid"].pids is NamespaceMode.NODE
    assert [n for n, one in found.items() if one.network is NamespaceMode.NODE] == [
        "hostnet"
    ]
    assert [n for n, one in found.items() if not one.ready] == ["done-hf65r"]
    assert found["tree"].addresses == ("10.128.0.18",)
    assert found["tree"].cni == (
        CniInterface("eth0", found["tree"].netns_path, "", ("10.128.0.18/23",)),
    )
    static = found["static-web-worker-0"]
    assert static.annotations["kubernetes.io/config.source"] == "file"
    assert static.uid == static.annotations["kubernetes.io/config.hash"]
    assert not any("last-applied" in k for o in facts.sandboxes for k in o.annotations)
    # Each container is where its cgroup says, so that none is asked for verbosely.
    assert not any(runtime.verbose[one.id] for one in facts.containers)
    assert pids(facts) == told_pids(runtime)


def test_a_recorded_node_with_containerd(proc: Path) -> None:
    """Every ready sandbox has a process; host network shows by having no path."""
    node = "containerd-ovs"
    processes(node, proc)
    with cri_server(runtime=recorded(node)) as (runtime, path):
        facts = read(path, proc)
    assert facts.runtime == "containerd"
    found = sandboxes(facts)
    assert len(found) == 21
    assert [n for n, one in found.items() if one.pid is None] == ["done-glpsx"]
    assert [n for n, one in found.items() if not one.netns_path] == ["hostnet"]
    assert found["hostnet"].network is NamespaceMode.NODE
    assert found["echo-server"].pid == 1727
    (eth0,) = found["echo-server"].cni
    assert (eth0.name, eth0.netns_path) == ("eth0", found["echo-server"].netns_path)
    assert pids(facts) == told_pids(runtime)


@pytest.mark.parametrize("node", ["crio-openshift-sdn", "containerd-ovs"])
def test_how_recorded_containers_ended(proc: Path, node: str) -> None:
    """The crash loop, the finished job and the init container, each with its reason."""
    with cri_server(runtime=recorded(node)) as (_, path):
        facts = read(path, proc)
    ended = {o.name: (o.exit_code, o.reason) for o in facts.containers if o.reason}
    assert ended == {
        "boom": (3, "Error"),
        "j": (0, "Completed"),
        "setup": (0, "Completed"),
    }
    assert containers(facts)["boom"].attempt == 4
    assert {one.id for one in facts.sandboxes} >= {
        one.sandbox_id for one in facts.containers
    }


def pids(facts: ContainerFacts) -> dict[str, int]:
    """Return the pids that were found, by container."""
    return {one.id: one.pid for one in facts.containers if one.pid}


def told_pids(runtime: Runtime) -> dict[str, int]:
    """Return the pids that the recorded runtime told of what ran."""
    return {
        one: read_pid(runtime.container_statuses[one]) or 0
        for one, listed in runtime.containers.items()
        if listed.state == cri.CONTAINER_RUNNING
    }
