"""Every line for every kind of row of two nodes, run by a shell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from node.cri_lab import CriNode
from node.lab import Lab
from node.recipes import CANARY, Done, Row, argv, record_missing, recorded, run
from node.wiring import Node

ROOT = "/run/lab/whole"
"""Where the node's root is once more, as in a debug pod."""
MISSING: set[str] = set()
"""Tools that this machine lacks: of their lines only the arguments were looked at."""
DOCKER_ROWS = (
    *("plain-01", "shop/web-0", "sidecar", "bridged", "hostile", "agent", "unwired"),
    *("br0:1", "br0:2", "br0:LOCAL", "vethleaked", "lbr0", "9e10", "veth[red]"),
)
"""Containers and pods, ports with and without a device, links, odd names."""
CRI_ROWS = (
    *("shop/web-0", "shop/cart-6d4f9c7b5-x2x7k", "net/legs", "dev/nested"),
    *("openshift-sdn/sdn-h7k2q", "batch/job-7xk2p", "dev/waiting", "plain", "cni0"),
)
ENDS_WITHOUT = {"grep": 1, "timeout": 124}
"""What ends otherwise where it finds nothing: a search, a capture without packets."""


def explained(lab: Lab, *words: str) -> list[Row]:
    """Return the rows of `ocnetview explain`, also where a part could not be read."""
    said = lab.run("ocnetview", *words, "--json")
    assert said.returncode == 0, said.stderr
    rows: list[Row] = json.loads(said.stdout)["recipes"]
    assert rows
    return rows


Told = Mapping[str, list[Row]]


@pytest.fixture(scope="module")
def docker_told(node: Node) -> Told:
    """Give the lines for each row of Docker's node."""
    return {scrap: explained(node.lab, "explain", scrap) for scrap in DOCKER_ROWS}


@pytest.fixture(scope="module")
def cri_told(cri_node: CriNode) -> Told:
    """Give the lines for each row of the CRI's node."""
    return {scrap: explained(cri_node.lab, "explain", scrap) for scrap in CRI_ROWS}


@pytest.fixture(scope="module")
def docker_done(node: Node, docker_told: Told) -> Mapping[str, Done]:
    """Give what every line of Docker's node said."""
    return ran(node.lab, [row for rows in docker_told.values() for row in rows])


@pytest.fixture(scope="module")
def cri_done(cri_node: CriNode, cri_told: Told) -> Mapping[str, Done]:
    """Give what every line of the CRI's node said."""
    return ran(cri_node.lab, [row for rows in cri_told.values() for row in rows])


def ran(lab: Lab, rows: list[Row]) -> Mapping[str, Done]:
    """Run every line, many side by side, for captures take their time."""
    MISSING.update(record_missing(lab, {row["tool"] for row in rows}))
    lines = {row["command"] for row in rows if row["tool"] not in MISSING}
    with ThreadPoolExecutor(24) as pool:
        done = dict(zip(lines, pool.map(partial(run, lab), lines), strict=True))
    for line, one in done.items():
        allowed = {0, *(code for word, code in ENDS_WITHOUT.items() if word in line)}
        assert one.returncode in allowed, (line, one.stderr)
    for row in rows:
        if row["tool"] in MISSING:
            said = run(lab, row["command"])
            assert said.returncode == 0
            asked = recorded(lab)
            assert argv(lab, row["command"])[-len(asked) :] == asked
    assert lab.sh(f"ls -A {CANARY}") == ""
    return done


def compared(rows: list[Row], done: Mapping[str, Done]) -> None:
    """See that the answers hold what the comments promise of them."""
    for row in rows:
        one = done.get(row["command"])
        if one is None:
            continue
        title, shows = row["title"], row["shows"]
        if title.startswith(("main PID", "network namespace of process")):
            value = shows.removeprefix("PID ")
            number = value if value[:1].isdigit() or value.startswith("net:") else "0"
            assert one.stdout.split()[0] == number, row
        elif title.startswith("iflink of "):
            assert one.stdout.strip() == shows, row
        elif title.startswith("interface ") and " in OVSDB" in title:
            ofport = shows.partition(",")[0].removeprefix("ofport ")
            assert f": {ofport}\n" in one.stdout, row
        elif title.startswith("interfaces inside") and shows[0].isdigit():
            assert shows.split(", ")[0] in one.stdout, row
        elif title.startswith("container of process") and " id " in shows:
            assert shows.rpartition(" ")[2] in one.stdout, row


@pytest.mark.parametrize("scrap", DOCKER_ROWS)
def test_a_row_of_dockers_node(
    docker_told: Told, docker_done: Mapping[str, Done], scrap: str
) -> None:
    """Each line succeeds, or finds nothing where that is what it says."""
    compared(docker_told[scrap], docker_done)


@pytest.mark.parametrize("scrap", CRI_ROWS)
def test_a_row_of_the_cris_node(
    cri_node: CriNode, cri_told: Told, cri_done: Mapping[str, Done], scrap: str
) -> None:
    """So it is with containerd's pods; crictl is asked for the very ids."""
    rows = cri_told[scrap]
    compared(rows, cri_done)
    asked = [row["command"] for row in rows if row["tool"] == "crictl"]
    if "/" in scrap:
        assert any(f" inspectp {cri_node[scrap].id}" in one for one in asked)
        assert all("--runtime-endpoint=unix:///run/containerd/" in one for one in asked)


def test_a_process(node: Node) -> None:
    """A PID brings its parents, its container and all of its pod."""
    rows = explained(node.lab, "explain", str(node["plain-03"].pid))
    done = ran(node.lab, rows)
    compared(rows, done)
    tree = next(one for line, one in done.items() if line.startswith("pstree -p -s"))
    assert f"({node['plain-03'].pid})" in tree.stdout


@pytest.mark.parametrize("which", ["node", "cri_node"])
def test_the_whole_node(request: pytest.FixtureRequest, which: str) -> None:
    """Without a row: links, namespaces, bridges and runtimes."""
    lab: Lab = request.getfixturevalue(which).lab
    rows = explained(lab, "explain")
    done = ran(lab, rows)
    shown = done["ovs-vsctl --timeout=30 show"].stdout
    assert "Bridge br0" in shown
    links = {link["ifname"] for link in lab.ip("link")}
    assert links
    assert all(f": {name}" in done["ip -d link show"].stdout for name in links)


@pytest.fixture
def whole(node: Node) -> Iterator[str]:
    """Give the root of the node at another place, as a debug pod has it."""
    # Else the end of the copy would also end what Docker mounted for its containers.
    private = f"mount --make-rprivate {ROOT}"
    node.lab.sh(f"mkdir -p {ROOT}; mount --rbind / {ROOT}; {private}")
    try:
        yield ROOT
    finally:
        node.lab.sh(f"umount --recursive --lazy {ROOT}")


@pytest.mark.parametrize("scrap", ["plain-05", "bridged"])
def test_from_a_debug_pod(node: Node, whole: str, scrap: str) -> None:
    """With the node's root elsewhere each line goes there, and gives the same."""
    rows = explained(node.lab, "--host-root", whole, "explain", scrap)
    assert all(f"chroot {whole} " in row["command"] for row in rows)
    compared(rows, ran(node.lab, rows))


def test_lines_that_were_not_run_are_named() -> None:
    """Of tools that are not here only the arguments were compared: this says which."""
    if MISSING:
        pytest.skip(f"only the arguments of: {', '.join(sorted(MISSING))}")
