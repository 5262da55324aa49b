"""Network namespaces without a container."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import (
    HOST,
    container,
    cri,
    docker,
    link,
    member,
    netns,
    process,
    sample,
    sandbox,
    source,
    veth,
)

from ocnetview.build import build_model
from ocnetview.facts import (
    CniFacts,
    CniInterface,
    CniResult,
    Facts,
    LinkFacts,
    NamespaceLinks,
    NestedFacts,
    ProcessFacts,
    Sample,
    SourceState,
)
from ocnetview.model import Pod, PodKind

LO = link(1, "lo", inside=7)
DUMMY = link(2, "dummy0", inside=7, kind="dummy")


def kernel(*namespaces: NamespaceLinks) -> LinkFacts:
    """Return a node without links of its own, and these namespaces."""
    return LinkFacts(HOST, (), namespaces)


def rows(*facts: Facts) -> list[Pod]:
    """Return the namespaces' rows of a node."""
    return [p for p in build_model(sample(*facts)).pods if p.kind is PodKind.NETNS]


PIN = "/run/netns/blue"
NAMED: dict[str, tuple[NamespaceLinks, str]] = {
    "pinned and empty": (NamespaceLinks(netns(7), pins=(PIN,), links=(LO,)), PIN),
    "pinned twice": (
        NamespaceLinks(netns(7), pins=(PIN, "/run/netns/a")),
        "/run/netns/a",
    ),
    "held": (
        NamespaceLinks(netns(7), holders=("thread 8 of x (7)",), links=(LO, DUMMY)),
        "thread 8 of x (7)",
    ),
    "of a process": (
        NamespaceLinks(netns(7), pids=(31, 30), links=(LO, DUMMY)),
        f"{netns(7)} of p30 (30)",
    ),
    "of a process that nobody read": (
        NamespaceLinks(netns(7), pids=(32,), links=(LO, DUMMY)),
        f"{netns(7)} of pid 32",
    ),
    "of nobody": (NamespaceLinks(netns(7), links=(DUMMY,)), f"{netns(7)}"),
}


@pytest.mark.parametrize("case", NAMED)
def test_a_namespace_has_a_row_and_a_name(case: str) -> None:
    """Pinned, or with a link that somebody made: named by what leads to it."""
    inside, name = NAMED[case]
    (row,) = rows(kernel(inside), docker(), ProcessFacts((process(30),)))
    assert (row.key, row.name, row.netns) == (f"{netns(7)}", name, netns(7))
    assert row.status == ("pinned" if inside.pins else "")


SILENT = {
    "a service's empty one": NamespaceLinks(netns(7), pids=(30,), links=(LO,)),
    "with the kernel's own links": NamespaceLinks(
        netns(7), links=(LO, link(2, "tunl0", 7), link(3, "sit0", 7))
    ),
    "that cannot be read": NamespaceLinks(netns(7), pids=(30,), reason="no right"),
}


@pytest.mark.parametrize("case", SILENT)
def test_a_namespace_of_no_interest_has_none(case: str) -> None:
    """Unpinned, and nobody made a link in it."""
    assert rows(kernel(SILENT[case]), docker()) == []


def test_one_that_cannot_be_read_may_show_from_outside() -> None:
    """Without rights the host's end of a veth shows that there is a link inside."""
    outer, _ = veth(7, 12, "vethA")
    blind = NamespaceLinks(netns(7), 7, pids=(30,), reason="needs CAP_NET_ADMIN")
    (row,) = rows(LinkFacts(HOST, (outer,), (blind,)), docker())
    assert row.netns == netns(7)


def test_a_namespace_of_a_container_has_none() -> None:
    """Neither a pod's, nor a container's that left its pod, nor an engine's below."""
    box = sandbox(1, "web", "u1")
    old = sandbox(2, "web", "u1", ready=False, created=1.0)
    away = member(3, "app", box, netns=netns(3))
    node = container(4, "kind")
    inner = cri(sandbox(5, "web", "u1"), within=node.id)
    spaces = [NamespaceLinks(netns(n), pins=(f"/run/netns/{n}",)) for n in range(1, 7)]
    found = rows(
        kernel(*spaces), cri(box, old, away), docker(node), NestedFacts((inner,))
    )
    assert [row.name for row in found] == ["/run/netns/6"]


def test_its_interfaces_are_joined_as_a_pods_are() -> None:
    """A veth from a pinned namespace to the node is proved from both ends."""
    outer, inner = veth(7, 12, "vethA")
    inside = NamespaceLinks(netns(7), 7, pins=(PIN,), links=(inner,))
    (row,) = rows(LinkFacts(HOST, (outer,), (inside,)), docker())
    assert row.main
    assert (row.main.host, row.addresses) == (outer, ("10.128.0.7",))


def test_whose_it_was_is_what_cni_noted() -> None:
    """A result on disk that names the pin says for which sandbox it was made."""
    inner = CniInterface("eth0", "/var/run/netns/blue")
    result = CniResult("/var/lib/cni/results/x", "ovn", "ab" * 32, "eth0", (inner,))
    inside = NamespaceLinks(netns(7), pins=(PIN,), links=(LO,))
    (row,) = rows(kernel(inside), docker(), CniFacts((result,)))
    assert row.traits == ("made for sandbox ababababababa",)
    assert row.joined == ("/var/lib/cni/results/x names it, network ovn",)
    assert row.sources == ("cni", "rtnetlink")
    ended = sandbox(1, "web", "u1", id="ab" * 32, netns=None, ready=False)
    (row,) = rows(kernel(inside), cri(ended), CniFacts((result,)))
    assert row.traits == ("made for sandbox ababababababa of shop/web",)


def test_without_a_runtime_nobody_can_tell() -> None:
    """It may well be a pod's: the row says that no runtime was heard, or which."""
    facts = kernel(NamespaceLinks(netns(7), pins=(PIN,), links=(LO,)))
    (row,) = rows(facts)
    assert row.reason.startswith("no runtime was heard: whose it is cannot be told; ")
    (row,) = rows(facts, docker())
    assert "heard" not in row.reason
    down = (source("cri", SourceState.DOWN), source("docker"))
    told = Sample(1.0, {"rtnetlink": facts, "docker": docker()}, down)
    (row,) = build_model(told).pods
    assert row.reason.startswith("cri not heard: it may be of a container there; ")
    gone = (replace(down[0], state=SourceState.ABSENT), source("docker"))
    (row,) = build_model(replace(told, sources=gone)).pods
    assert "heard" not in row.reason


def test_namespaces_come_last() -> None:
    """After pods and containers, by name."""
    spaces = [NamespaceLinks(netns(n), pins=(f"/run/netns/{n}",)) for n in (9, 8)]
    model = build_model(sample(kernel(*spaces), docker(container(1, "zeta"))))
    assert [p.name for p in model.pods] == ["zeta", "/run/netns/8", "/run/netns/9"]
