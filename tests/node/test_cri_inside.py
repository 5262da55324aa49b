"""`ocnetview inside` for pods of containerd's CRI."""

from __future__ import annotations

import json
from typing import Any

from node.cri_lab import CriNode


def inside(node: CriNode, pod: str, what: str) -> dict[str, Any]:
    """Return what ocnetview reads there."""
    return dict(node.ask("inside", pod, what)["inside"][what])


def test_containers_are_what_the_runtime_says(cri_node: CriNode) -> None:
    """The verbose status: command, capabilities and the mounts that were asked for."""
    found = inside(cri_node, "shop/cart-6d4f9c7b5-x2x7k", "containers")
    assert {one["name"] for one in found["containers"]} == {"cart", "proxy"}
    for one in found["containers"]:
        assert (one["source"], one["trouble"]) == ("CRI", "")
        assert one["started"] >= int(one["created"]) > 0
        assert one["command"][:2] == ["/bin/sh", "-c"]
        assert "CAP_CHOWN" in one["capabilities"]
        assert one["limits"]["cgroup"].endswith(one["id"])
        assert "/etc/hosts" in {mount["destination"] for mount in one["mounts"]}


def test_the_environment_is_what_the_runtime_gave(cri_node: CriNode) -> None:
    """Names, and no value unasked."""
    found = inside(cri_node, "shop/web-1", "environment")
    assert "PATH" in {one["name"] for one in found["variables"]}
    assert {one["value"] for one in found["variables"]} == {None}


def test_the_inside_is_that_of_the_sandbox(cri_node: CriNode) -> None:
    """Its namespace, whichever of its processes leads there."""
    name = "shop/web-1"
    pid = cri_node.tasks()[cri_node[name].id]
    enter = ("nsenter", f"--target={pid}", "--net", "--", "ip", "-json", "address")
    theirs = {
        row["ifname"]: {
            f"{one['local']}/{one['prefixlen']}" for one in row["addr_info"]
        }
        for row in json.loads(cri_node.lab.do(*enter))
    }
    links = [one["link"] for one in inside(cri_node, name, "interfaces")["links"]]
    assert {one["name"]: set(one["addresses"]) for one in links} == theirs
