"""A node built in bulk is what it says it is."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from bench.rig import Rig
from node.lab import why_not

pytestmark = [pytest.mark.node, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    """Give an empty node."""
    reason = why_not()
    if reason:
        pytest.skip(f"no lab on this machine: {reason}")
    with Rig() as made:
        yield made


def test_pods_are_as_they_are_named(rig: Rig) -> None:
    """Each pod has the veth, address, bridge, pin and processes that it is said to."""
    build = rig.build(6, pinned=2)
    rig.runtime(*build.pods)
    rows = json.loads(rig.lab.do("ocnetview", "pods", "--json"))["pods"]
    found = {
        row["name"]: (row["addresses"][0], row["veth"], row["port"].split("/")[0])
        for row in rows
    }
    assert found == {
        pod.name.name: (pod.name.address, pod.name.veth, "br0" if n < 3 else "lbr0")
        for n, pod in enumerate(build.pods)
    }
    pins = [pod.name.pin for pod in build.pods[4:]]
    assert rig.lab.sh("ls -d /run/netns/cni-*").split() == sorted(pins)
    said = rig.lab.do("ocnetview", "tree", build.pods[5].name.name, "--json")
    assert {row["pid"] for row in json.loads(said)["processes"]} == {
        build.pods[5].pid,
        build.pods[5].main,
    }
    build.end()
    assert not rig.lab.sh("ls /run/netns")


def test_pods_come_and_go(rig: Rig) -> None:
    """Names are used again, and each birth has its death."""
    with rig.churn(100, alive=5, names=20) as churn:
        churn.take(60)
    assert churn.counts["born"] == churn.counts["died"] == len(churn.births)
    assert len({birth["veth"] for birth in churn.births}) == 20


def test_one_pod_is_born_when_told(rig: Rig) -> None:
    """With no rate a pod comes at each word, and is there when it is told of."""
    with rig.churn(0, word="single") as churn:
        born = churn.bear()
        (link,) = rig.lab.ip("link", "show", born["veth"])
    assert link["ifindex"] == born["ifindex"]


def test_a_tree_is_in_its_containers_cgroup(rig: Rig) -> None:
    """The tree's processes are those of the cgroup that bears the container's id."""
    crowd = rig.crowd(50, 3)
    script = f"cat /sys/fs/cgroup/*/*/{crowd.container}/cgroup.procs"
    pids = rig.lab.sh(script).split()
    assert len(pids) == 50
    assert str(crowd.pid) in pids
    crowd.end()
