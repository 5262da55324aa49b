"""Traces asked of a daemon over its control socket."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from probes.unixctl_server import Reply, Request, daemon

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.errors import ProbeAbsentError, ProbeError
from ocnetview.facts.openflow import TraceFacts
from ocnetview.model import Bridge, BridgeKind
from ocnetview.probes.switch import LiveSwitch

BR0 = Bridge("br0", BridgeKind.OVS)
FLOW = "in_port=3,tcp,nw_ttl=64"


def says(request: Request) -> Reply:
    """Answer with what was asked."""
    return {"result": f"Flow: {request['params'][-1]}\n", "error": None}


def asks(folder: Path, bridge: Bridge = BR0, flow: str = FLOW) -> TraceFacts:
    """Return what the daemon in a folder says."""
    settings = Settings(ovsdb=f"unix:{folder}/db.sock")
    return LiveSwitch(settings).trace(bridge, flow, Stop())


def test_it_asks_ofproto_trace_and_nothing_else(tmp_path: Path) -> None:
    """One request, with the bridge and the flow: no packet is sent by it."""
    with daemon(tmp_path, says) as asked:
        facts = asks(tmp_path)
    assert facts.text == f"Flow: {FLOW}\n"
    assert facts.source == f"{tmp_path}/ovs-vswitchd.711.ctl"
    (request,) = asked
    assert request["method"] == "ofproto/trace"
    assert request["params"] == ["br0", FLOW]


def test_states_of_connection_tracking(tmp_path: Path) -> None:
    """Each state is an option of its own, before the bridge."""
    settings = Settings(ovsdb=f"unix:{tmp_path}/db.sock")
    with daemon(tmp_path, says) as asked:
        LiveSwitch(settings).trace(BR0, FLOW, Stop(), ("trk,est", "trk,new"))
    options = ["--ct-next", "trk,est", "--ct-next", "trk,new"]
    assert asked[0]["params"] == [*options, "br0", FLOW]


def test_no_option_gets_in_by_the_flow(tmp_path: Path) -> None:
    """What begins like an option is refused before anybody is asked."""
    with daemon(tmp_path, says) as asked, pytest.raises(ProbeError, match="option"):
        asks(tmp_path, flow="-generate")
    assert asked == []


def test_no_option_gets_in_by_the_bridge(tmp_path: Path) -> None:
    """A bridge that is called like an option cannot be traced, and that is said."""
    odd = Bridge("-generate", BridgeKind.OVS)
    with daemon(tmp_path, says) as asked, pytest.raises(ProbeError, match="option"):
        asks(tmp_path, odd)
    assert asked == []


def test_without_a_pid_file(tmp_path: Path) -> None:
    """The socket alone is enough, and one that nobody listens at is passed by."""
    (tmp_path / "ovs-vswitchd.pid").write_text("99\n")
    (tmp_path / "ovs-vswitchd.99.ctl").touch()
    with daemon(tmp_path, says, told=False):
        assert asks(tmp_path).source.endswith("/ovs-vswitchd.711.ctl")


def test_below_another_root(tmp_path: Path) -> None:
    """From a container the node's folder is found, and called as the node calls it."""
    folder = tmp_path / "run/openvswitch"
    folder.mkdir(parents=True)
    root = str(tmp_path)
    settings = Settings(host_root=root, ovsdb=f"unix:{root}/run/openvswitch/db.sock")
    with daemon(folder, says):
        facts = LiveSwitch(settings).trace(BR0, FLOW, Stop())
    assert facts.source == "/run/openvswitch/ovs-vswitchd.711.ctl"


def test_no_daemon(tmp_path: Path) -> None:
    """Where none answers the error says where it was looked for."""
    with pytest.raises(
        ProbeAbsentError, match=f"no ovs-vswitchd answers in {tmp_path}"
    ):
        asks(tmp_path)


def test_the_daemons_own_words(tmp_path: Path) -> None:
    """A flow that it does not understand is told in its words, with the flow."""
    words = "Bad openflow flow syntax: foo=3: unknown field foo"

    def refuses(_: Request) -> Reply:
        return {"result": None, "error": words}

    with daemon(tmp_path, refuses), pytest.raises(ProbeError) as caught:
        asks(tmp_path, flow="foo=3")
    assert words in caught.value.reason
    assert "foo=3" in caught.value.hint


def test_an_unknown_bridge(tmp_path: Path) -> None:
    """A bridge that only the database has is told as that."""

    def refuses(_: Request) -> Reply:
        return {"result": None, "error": "brx: unknown bridge"}

    with daemon(tmp_path, refuses), pytest.raises(ProbeError, match="OVSDB has it"):
        asks(tmp_path)


def test_a_linux_bridge_is_not_asked(tmp_path: Path) -> None:
    """Only Open vSwitch can say what it would do."""
    docker = Bridge("docker0", BridgeKind.LINUX)
    with daemon(tmp_path, says) as asked, pytest.raises(ProbeAbsentError):
        asks(tmp_path, docker)
    assert asked == []


def test_told_to_stop(tmp_path: Path) -> None:
    """Who no longer wants to know does not wait for a daemon that hangs."""
    heard = threading.Event()
    settings = Settings(ovsdb=f"unix:{tmp_path}/db.sock")
    failed: list[ProbeError] = []
    stop = Stop()

    def hangs(_: Request) -> Reply:
        heard.set()
        return None

    def ask() -> None:
        with pytest.raises(ProbeError) as caught:
            LiveSwitch(settings).trace(BR0, FLOW, stop)
        failed.append(caught.value)

    with daemon(tmp_path, hangs):
        thread = threading.Thread(target=ask)
        thread.start()
        heard.wait()
        stop.set()
        thread.join()
    assert failed[0].reason == "told to stop"


def test_no_right(nobody: Path) -> None:
    """A socket that only root may use says who has to ask."""
    (nobody / "ovs-vswitchd.pid").write_text("711\n")
    with daemon(nobody, says):
        (nobody / "ovs-vswitchd.711.ctl").chmod(0)
        with pytest.raises(ProbeError, match="run ocnetview as root"):
            asks(nobody)
