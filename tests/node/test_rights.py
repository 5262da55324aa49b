"""The lab's node with fewer rights: what is seen is right, the rest is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from node.lab import NOBODY
from node.places import PLACES, ask, run
from node.wiring import Node


@dataclass(frozen=True, slots=True)
class Rights:
    """A user that is not root."""

    node: Node
    group: str = str(NOBODY)
    capabilities: tuple[str, ...] = ()

    def ask(self, *command: str) -> tuple[int, dict[str, Any], str]:
        """Return exit status, JSON and stderr of a command of ocnetview."""
        held = ",".join(f"+{name}" for name in self.capabilities)
        caps = (f"--inh-caps={held}", f"--ambient-caps={held}") if held else ()
        ids = (f"--reuid={NOBODY}", f"--regid={self.group}", "--clear-groups")
        line = ("setpriv", *ids, *caps, "--", "ocnetview", *command, "--json")
        done = self.node.lab.run(*line)
        return done.returncode, json.loads(done.stdout or "{}"), done.stderr


@pytest.fixture
def docker(node: Node) -> str:
    """Give the group that may ask Docker."""
    return node.lab.do("stat", "--format=%g", "/run/docker.sock")


def ends(pods: dict[str, Any]) -> dict[str, tuple[object, object, bool, str]]:
    """Return each veth's own and other ends, and how both are known, by the pod."""
    return {
        pod["name"]: (
            interface["host"]["name"],
            interface["host"]["ifindex"],
            interface["ifindex"] is not None,
            interface["evidence"]["kind"],
        )
        for pod in pods["pods"]
        for interface in pod["interfaces"]
    }


def wanted(node: Node, *, inside: bool, kind: str) -> dict[str, tuple[object, ...]]:
    """Return the same as the lab was built."""
    return {
        (one.box.pod[1] if one.box.pod else one.name): (
            one.box.veth,
            one.host_ifindex,
            inside,
            kind,
        )
        for one in node.wired
        if one.box.pod is None or one.box.pod[0] != "bank"
    }


def without_bank(found: dict[str, Any]) -> dict[str, Any]:
    """Return pods without the one whose name another one has, too."""
    kept = [pod for pod in found["pods"] if pod["namespace"] != "bank"]
    return {**found, "pods": [pod for pod in kept if pod["name"] != "sidecar"]}


def test_without_any_right_every_veth_has_its_pod(node: Node, docker: str) -> None:
    """By the id that the kernel tells of a pid; that the inside is not seen is told."""
    _, told, _ = Rights(node, docker).ask("pods")
    assert ends(without_bank(told)) == wanted(
        node, inside=False, kind="kernel, one end"
    )
    for pod in told["pods"]:
        if pod["running"] and not pod["host_network"]:
            assert "cannot be read (needs CAP_SYS_PTRACE" in pod["reason"]
            assert pod["addresses"] == []


def test_without_any_right_host_network_is_known(node: Node, docker: str) -> None:
    """That a process is in our own namespace takes no right to see."""
    _, told, _ = Rights(node, docker).ask("pods")
    shared = {pod["name"] for pod in told["pods"] if pod["host_network"]}
    assert shared == {"agent", "sdn-h7k2q"}


def test_one_capability_shows_the_inside(node: Node, docker: str) -> None:
    """With CAP_NET_ADMIN alone both ends prove it, and addresses are those set."""
    _, told, _ = Rights(node, docker, ("net_admin",)).ask("pods")
    assert ends(without_bank(told)) == wanted(
        node, inside=True, kind="kernel, both ends"
    )
    seen = {pod["name"]: pod["addresses"] for pod in told["pods"]}
    assert seen["plain-03"] == [node["plain-03"].box.ip]
    (unwired,) = (pod for pod in told["pods"] if pod["name"] == "unwired")
    assert "needs CAP_SYS_PTRACE" in unwired["reason"]


def test_a_look_alone_is_not_the_inside(node: Node, docker: str) -> None:
    """With CAP_SYS_PTRACE namespaces are known, and what reading them takes is told."""
    _, told, _ = Rights(node, docker, ("sys_ptrace",)).ask("pods")
    assert ends(without_bank(told)) == wanted(
        node, inside=False, kind="kernel, one end"
    )
    reasons = {pod["name"]: pod["reason"] for pod in told["pods"]}
    assert reasons["plain-00"].endswith("cannot be read (needs CAP_NET_ADMIN)")
    assert reasons["unwired"].endswith("cannot be read (needs CAP_SYS_ADMIN)")


def test_sockets_that_may_not_be_asked_are_told(node: Node) -> None:
    """Nothing is shown in place of what they know, and the exit status says so."""
    code, told, said = Rights(node).ask("pods")
    assert (code, told) == (3, {})
    assert "docker is down: cannot connect" in said
    assert "permission denied (needs root or group docker)" in said
    code, told, _ = Rights(node).ask("ports")
    assert code == 3
    assert {port["bridge"] for port in told["ports"]} == {"lbr0"}


def test_sources_tell_each_right_that_is_missing(node: Node) -> None:
    """By its name, with what is not seen without it; those held are told so."""
    _, told, _ = Rights(node, capabilities=("net_admin",)).ask("sources")
    held = {right["name"]: right["held"] for right in told["place"]["rights"]}
    assert held.pop("CAP_NET_ADMIN")
    assert not any(held.values())
    assert {"CAP_SYS_PTRACE", "CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE"} <= held.keys()
    assert all(right["without"] for right in told["place"]["rights"])


@pytest.mark.parametrize("name", ["sys_admin", "sys_ptrace"])
def test_a_network_that_cannot_be_entered_is_told(node: Node, name: str) -> None:
    """In a pod with a network of its own, that one is never taken for the node's."""
    told = ask(node.lab, PLACES["pod"], "sources", drop=f"-{name}")
    links = next(s for s in told["sources"] if s["name"] == "rtnetlink")
    assert links["state"] == "down"
    assert links["reason"].endswith(f"permission denied (needs CAP_{name.upper()})")
    lost = next(r for r in told["place"]["rights"] if not r["held"])
    assert lost["without"].startswith("the node's links; ")
    done = run(node.lab, PLACES["pod"], "who", "vethlinux", drop=f"-{name}")
    assert done.returncode == 3


def test_the_place_is_known_without_a_look_at_pid_1(node: Node) -> None:
    """Mounts are numbered for all to see; then the node's files are in /host."""
    told = ask(node.lab, PLACES["debug"], "pods", drop="-sys_ptrace")
    place = ask(node.lab, PLACES["debug"], "sources", drop="-sys_ptrace")["place"]
    assert (place["kind"], place["host_root"]) == (PLACES["debug"].kind, "/host")
    assert "our network namespace is pid 1's" in place["why"]
    ours = ends(without_bank(node.ask("pods")))
    assert ends(without_bank(told)) == ours
