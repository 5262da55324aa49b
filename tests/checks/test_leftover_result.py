"""CNI results on disk whose sandbox no runtime knows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import netns, source

from ocnetview.checks.leftover_result import leftover_results
from ocnetview.facts import (
    CniInterface,
    CniResult,
    Container,
    NamespaceLinks,
    Sandbox,
    SourceState,
)
from ocnetview.model import NodeModel, Pod, PodKind

PIN = "/var/run/netns/cni-1"
LEFT = CniResult(
    "/var/lib/cni/results/net-gone-eth0",
    "net",
    "gone",
    "eth0",
    (CniInterface("vethA"), CniInterface("eth0", PIN)),
    pod="shop/web",
    written=100.0,
)
POD = Pod(
    "uid",
    PodKind.POD,
    "web",
    containers=(Container("app", "app", "cri-o"),),
    sandbox=Sandbox("live", "cri-o"),
    attempts=(Sandbox("earlier", "cri-o"),),
)
NODE = NodeModel(pods=(POD,), results=(LEFT,), sources=(source("cri"),), at=1000.0)


def test_a_result_without_a_sandbox_is_a_problem() -> None:
    """It names the file, the sandbox and the pod that the sandbox was of."""
    (problem,) = leftover_results(NODE)
    assert (problem.check, problem.subject) == ("leftover-result", LEFT.path)
    assert problem.text == (
        "CNI result of eth0 for sandbox gone of shop/web, which no runtime knows"
    )


@pytest.mark.parametrize("known", ["live", "earlier", "app"])
def test_a_result_of_something_listed_is_none(known: str) -> None:
    """A pod's sandbox, an earlier one, and a container (Podman's) are known."""
    result = replace(LEFT, container_id=known)
    assert not list(leftover_results(replace(NODE, results=(result,))))


@pytest.mark.parametrize("state", [SourceState.DOWN, SourceState.WAITING])
def test_nothing_is_said_while_a_runtime_is_silent(state: SourceState) -> None:
    """The sandbox may be one of the runtime that does not answer."""
    sources = (*NODE.sources, source("docker", state))
    assert not list(leftover_results(replace(NODE, sources=sources)))


def test_a_runtime_that_is_not_there_is_not_silent() -> None:
    """An absent socket keeps no sandbox from us."""
    sources = (*NODE.sources, source("docker", SourceState.ABSENT))
    assert list(leftover_results(replace(NODE, sources=sources)))


@pytest.mark.parametrize(
    "pods",
    [
        (),
        (replace(POD, sandbox=None),),
        (replace(POD, engine="kind-node"),),
    ],
)
def test_nothing_is_said_where_no_runtime_has_sandboxes(pods: tuple[Pod, ...]) -> None:
    """Plain containers, and the pods of a runtime elsewhere, are no reference."""
    assert not list(leftover_results(replace(NODE, pods=pods)))


def test_a_fresh_result_may_come_before_its_sandbox() -> None:
    """CNI writes its result before the runtime lists the sandbox."""
    assert not list(leftover_results(replace(NODE, at=LEFT.written + 30)))


def test_a_result_of_a_living_namespace_is_none() -> None:
    """Other clients of libcni (nerdctl) have containers that no source lists."""
    living = NamespaceLinks(netns(1), pins=("/run/netns/cni-1",), pids=(7,))
    assert not list(leftover_results(replace(NODE, namespaces=(living,))))
    empty = replace(living, pids=())
    assert list(leftover_results(replace(NODE, namespaces=(empty,))))
