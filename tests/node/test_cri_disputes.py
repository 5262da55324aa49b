"""What a row shows where OVSDB says otherwise than the kernel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from node.cri_lab import CriNode
from node.truth import external_ids, legs

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
