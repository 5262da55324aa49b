"""The demo node where namespaces are forbidden: recorded."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ocnetview
from ocnetview.build import build_model
from ocnetview.collectors.base import Focus
from ocnetview.demo.plan import LOOSE_LINKS, LOOSE_PIN
from ocnetview.demo.pods import PODS, WIRES
from ocnetview.facts import SourceState
from ocnetview.joined import modelled
from ocnetview.match.who import find_pod
from ocnetview.model import PodKind, PortRole, Whereabouts
from ocnetview.node import RecordedNode
from ocnetview.record import read_recording
from ocnetview.wanted import RUNTIMES, read_for, read_tree

RECORDING = Path(ocnetview.__file__).parent / "demo" / "recorded.json.gz"


def test_it_holds_a_whole_node() -> None:
    """Pods, a plain container, every role of port, trees, and traffic between them."""
    samples = read_recording(RECORDING)
    model = build_model(samples[-1], samples[-2])
    kinds = [pod.kind for pod in model.pods]
    assert kinds.count(PodKind.POD) >= 12
    assert kinds.count(PodKind.CONTAINER) == 1
    roles = {port.role for port in model.ports_by_key.values()}
    wanted = {PortRole.POD, PortRole.TUNNEL, PortRole.GATEWAY, PortRole.STALE}
    assert wanted <= roles
    moving = [p for p in model.ports_by_key.values() if p.rate and p.rate.rx_bytes]
    assert len(moving) > 5
    assert max(row.depth for row in model.processes) >= 1
    states = {source.name: source.state for source in model.sources}
    for name in ("rtnetlink", "ovsdb", "docker", "procfs"):
        assert states[name] is SourceState.UP
    assert set(states.values()) <= {SourceState.UP, SourceState.ABSENT}
    statuses = {pod.name: pod.status for pod in model.pods}
    assert statuses.pop("ledger-migrate-k5p7d") == "Completed"
    assert statuses.pop("cart-5c6f9d7c4b-9jw6m").startswith("Exited (1)")
    assert statuses.pop(LOOSE_PIN) == "pinned"
    assert set(statuses.values()) == {"Running"}


def test_it_has_links_between_pods_and_a_contradiction() -> None:
    """Each wire's ends lead to each other; the kernel wins over the one stale row."""
    model = build_model(read_recording(RECORDING)[-1], None)
    pods = {pod.title: pod for pod in model.pods}
    for wire in WIRES:
        titles = [pod.title for pod, _ in wire.ends]
        for title, other in (titles, titles[::-1]):
            inner = next(i for i in pods[title].interfaces if i.name == wire.ifname)
            assert inner.counterpart is not None
            assert inner.counterpart.where is Whereabouts.POD
            assert inner.counterpart.owner == pods[other].key
    (disputed,) = (pod for pod in model.pods if pod.disputed)
    (stale,) = (pod for pod in PODS if pod.noted)
    assert disputed.title == stale.title
    assert stale.address in disputed.addresses
    assert stale.noted not in disputed.addresses
    (text,) = disputed.disputes
    assert stale.noted in text
    assert stale.address in text
    loose = pods[LOOSE_PIN]
    assert (loose.kind, loose.containers) == (PodKind.NETNS, ())
    assert loose.main is not None
    assert loose.main.outer is not None
    assert (loose.main.outer.name, loose.main.name) == LOOSE_LINKS


def test_it_answers_as_a_live_node_does() -> None:
    """A pod's tree is that pod's alone, and a pid is found."""
    node = RecordedNode(read_recording(RECORDING))
    runtimes = node.read(RUNTIMES)
    pod, _ = find_pod(modelled(runtimes), "shop/db-0")
    rows = read_tree(node, runtimes, Focus.on(pod.members)).processes
    assert {row.container for row in rows} == {"POD", "postgres", "metrics"}
    pid = rows[-1].process.pid
    found = read_for(node, str(pid)).processes
    assert [row.process.pid for row in found] == [pid]


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux")
def test_it_is_opened_where_namespaces_are_forbidden() -> None:
    """Without the right to make namespaces, `demo` says so and shows the recording."""
    forbid = "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv"
    caps = "--bounding-set -all --inh-caps -all"
    script = f'{forbid} {caps} "$@"'
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh"]
    probe = subprocess.run([*command, "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("cannot even make the namespace in which they are forbidden")
    done = subprocess.run(
        [*command, sys.executable, "-m", "ocnetview", "demo", "--json", "pods"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "max_user_namespaces is 0" in done.stderr
    assert "showing a recorded demo node" in done.stderr
    assert len(json.loads(done.stdout)["pods"]) > 12
