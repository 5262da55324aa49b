"""Processes of the CRI's pods, and every scrap that names one, against the kernel."""

from __future__ import annotations

from typing import Any

import pytest
from node.cri_lab import CriNode
from node.cri_pods import PODS
from node.truth import in_cgroups, legs, netns

SHOWN = ("shop/web-0", "bank/web-0")
"""Pods of one name, on either bridge."""


def members(node: CriNode, title: str) -> dict[str, set[int]]:
    """Return the processes of a pod's sandbox, as POD, and of its containers."""
    sandbox = node[title]
    return {"POD": in_cgroups(node.lab, sandbox.id)} | {
        name: in_cgroups(node.lab, ids[-1]) for name, ids in sandbox.containers.items()
    }


def rows(node: CriNode, scrap: str) -> list[dict[str, Any]]:
    """Return the processes that ocnetview shows of a pod or container."""
    return list(node.ask("tree", scrap)["processes"])


@pytest.mark.parametrize("title", dict.fromkeys(pod.title for pod in PODS))
def test_a_pods_tree_is_its_cgroups(cri_node: CriNode, title: str) -> None:
    """Every process of the pod is shown once, at its own container, and no other."""
    shown: dict[str, list[int]] = {}
    for row in rows(cri_node, title):
        shown.setdefault(row["container"], []).append(row["pid"])
    true = {name: sorted(pids) for name, pids in members(cri_node, title).items()}
    assert {name: sorted(pids) for name, pids in shown.items()} == {
        name: pids for name, pids in true.items() if pids
    }


@pytest.mark.parametrize("name", ["cart", "proxy"])
def test_a_containers_tree_is_its_own(cri_node: CriNode, name: str) -> None:
    """The tree of one container has none of its neighbour's processes."""
    (id_,) = cri_node["shop/cart-6d4f9c7b5-x2x7k"].containers[name]
    for scrap in (id_, id_[:13]):
        pids = {row["pid"] for row in rows(cri_node, scrap)}
        assert pids == in_cgroups(cri_node.lab, id_) != set()


def test_a_process_in_a_namespace_of_its_own_stays_in_its_container(
    cri_node: CriNode,
) -> None:
    """What unshared its user and network namespace is still the container's."""
    (id_,) = cri_node["dev/nested"].containers["app"]
    found = {row["pid"]: row["argv"] for row in rows(cri_node, id_)}
    pid = next(pid for pid, argv in found.items() if argv == ["sleep", "100021"])
    main = cri_node.tasks()[id_]
    assert netns(cri_node.lab, pid) != netns(cri_node.lab, main)
    inside, outside = (
        cri_node.lab.do("readlink", f"/proc/{p}/ns/user") for p in (pid, 1)
    )
    assert inside != outside
    (answer,) = cri_node.ask("who", str(pid))["answers"]
    assert (answer["container"]["id"], answer["pod"]["title"]) == (id_, "dev/nested")


KINDS = (
    *("pid", "sandbox's pid", "sandbox's id", "its prefix", "container's id", "uid"),
    *("title", "ifname", "ifindex", "mac", "address", "netns", "inode", "path"),
)


@pytest.fixture(scope="module")
def scraps(cri_node: CriNode) -> dict[str, dict[str, str]]:
    """Give what names each shown pod, by its title and the scrap's kind."""
    tasks, found = cri_node.tasks(), {}
    for title in SHOWN:
        sandbox = cri_node[title]
        (id_,) = sandbox.containers["app"]
        eth0 = legs(cri_node.lab, tasks[sandbox.id])["eth0"]
        inode = netns(cri_node.lab, tasks[sandbox.id])
        pins = "find /run/netns -mindepth 1 -exec stat -c '%i %n' {} +"
        (pin,) = (
            path
            for number, path in map(str.split, cri_node.lab.sh(pins).splitlines())
            if int(number) == inode
        )
        assert eth0.host
        values = (
            *(str(tasks[id_]), str(tasks[sandbox.id]), sandbox.id, sandbox.id[:13]),
            *(id_, sandbox.pod.uid, title, eth0.host[0], str(eth0.host[1]), eth0.mac),
            *(next(a[:-3] for a in eth0.addresses if "." in a), f"net:[{inode}]"),
            *(str(inode), pin),
        )
        found[title] = dict(zip(KINDS, values, strict=True))
    return found


@pytest.mark.parametrize("title", SHOWN)
@pytest.mark.parametrize("kind", KINDS)
def test_a_scrap_names_the_pod(
    cri_node: CriNode, scraps: dict[str, dict[str, str]], kind: str, title: str
) -> None:
    """A pid, id, uid, name, address or namespace leads to the one pod it is of."""
    (answer,) = cri_node.ask("who", scraps[title][kind])["answers"]
    assert answer["pod"]["title"] == title


def test_a_name_of_two_pods_names_neither(cri_node: CriNode) -> None:
    """A pod name that two namespaces have is ambiguous, and both are told."""
    done = cri_node.lab.run("ocnetview", "who", "web-0")
    assert done.returncode == 2
    for title in SHOWN:
        assert title in done.stderr


def test_a_path_leads_through_the_port(
    cri_node: CriNode, scraps: dict[str, dict[str, str]]
) -> None:
    """A process's path names its container, pod, veth and port, and the way out."""
    title = "bank/web-0"
    (answer,) = cri_node.ask("who", scraps[title]["pid"])["answers"]
    path = " ".join(answer["path"])
    for hop in ("app", title, "eth0", scraps[title]["ifname"], "br0", "vxlan0", "tun0"):
        assert hop in path
