"""Questions about targets of this very machine, as far as they take no rights."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
from builders import container
from collectors.cri_server import cri_server
from collectors.docker_server import docker_daemon

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.base import Stop
from ocnetview.collectors.stat import start_time
from ocnetview.config import Settings
from ocnetview.errors import ProbeAbsentError, ProbeError
from ocnetview.facts import Netns
from ocnetview.facts.inside import (
    DnsFacts,
    Inside,
    InsideFacts,
    InterfacesFacts,
    SocketsFacts,
)
from ocnetview.facts.inside_containers import (
    ContainersFacts,
    EnvironmentFacts,
)
from ocnetview.node import LiveNode, RecordedNode, live_node
from ocnetview.probes import conntrack
from ocnetview.probes.base import Target
from ocnetview.probes.live import PROBES, LiveProber

NOWHERE = Settings(
    docker_host="unix:///nonexistent/docker.sock",
    podman=("unix:///nonexistent/podman.sock",),
    cri=("unix:///nonexistent/cri.sock",),
)
STARTED = start_time("/proc", os.getpid())
STATUS = Path("/proc/self/ns/net").stat()
OURS = Netns(STATUS.st_dev, STATUS.st_ino)
SELF = Target("us", os.getpid(), STARTED, OURS, process=os.getpid())
"""This process, whose namespace takes no right to look at."""
INSIDE = (Inside.INTERFACES, Inside.ROUTES, Inside.NEIGHBOURS, Inside.SOCKETS)
ENDED = 3
"""start_time of a process that is no more, whose number we have now."""


@pytest.fixture
def stop() -> Iterator[Stop]:
    """Give what would end a question."""
    stop = Stop()
    yield stop
    stop.close()


@pytest.fixture(autouse=True)
def tracking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every kernel be taken for one that tracks flows."""
    monkeypatch.setattr(conntrack, "_SIGNS", ("/",))


def ask(what: Inside, target: Target, stop: Stop) -> InsideFacts:
    """Return the answer on a node without runtimes."""
    return LiveProber(NOWHERE).ask(what, target, stop)


def test_everything_that_can_be_asked_has_its_probe() -> None:
    """None is left out."""
    assert set(PROBES) == set(Inside)


@pytest.mark.parametrize("what", INSIDE)
def test_our_own_namespace_takes_no_right(what: Inside, stop: Stop) -> None:
    """It is not entered: the child is there already."""
    assert str(OURS) in ask(what, SELF, stop).source


def test_a_process_has_its_own_sockets_alone(stop: Stop) -> None:
    """Those that it has open, by number of descriptor, and nobody else's."""
    with socket.create_server(("127.0.0.1", 0)) as ours:
        port = ours.getsockname()[1]
        other = subprocess.Popen(
            [sys.executable, "-c", LISTEN],
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
        )
        assert other.stdout
        theirs = int(other.stdout.readline())
        told = ask(Inside.SOCKETS, SELF, stop)
        other.communicate()
        assert isinstance(told, SocketsFacts)
        (one,) = (s for s in told.sockets if s.local_port == port)
        assert [(o.pid, o.fd) for o in one.owners] == [(os.getpid(), ours.fileno())]
        assert theirs not in {s.local_port for s in told.sockets}


LISTEN = """
import socket, sys
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("what", [*INSIDE, Inside.DNS, Inside.LIMITS])
def test_a_number_that_is_anothers_by_now_is_not_followed(
    what: Inside, stop: Stop
) -> None:
    """The process that was meant has ended; its number is somebody else's."""
    reused = replace(SELF, start_time=ENDED)
    with pytest.raises(ProbeError, match=r"us: cannot .*: its process \d+ has ended"):
        ask(what, reused, stop)


@pytest.mark.parametrize("what", INSIDE)
def test_a_namespace_that_is_another_by_now_is_not_entered(
    what: Inside, stop: Stop, tmp_path: Path
) -> None:
    """What leads there is compared with what is meant."""
    moved = replace(SELF, netns=Netns(OURS.dev, OURS.ino + 1), pins=(str(tmp_path),))
    with pytest.raises(ProbeError, match="nothing leads to it any more"):
        ask(what, moved, stop)


@pytest.mark.parametrize("what", [*INSIDE, Inside.DNS])
@pytest.mark.parametrize("handler", ["kata-qemu", "runsc"])
def test_another_kernel_is_told_as_that(what: Inside, handler: str, stop: Stop) -> None:
    """The host's end of a sandbox is not what its processes see."""
    with pytest.raises(
        ProbeError, match=f"kernel of its own .runtime handler {handler}"
    ):
        ask(what, replace(SELF, handler=handler), stop)


@pytest.mark.parametrize("what", list(Inside))
def test_what_has_nothing_says_so(what: Inside, stop: Stop) -> None:
    """A pod that does not run, and has no containers and no address."""
    with pytest.raises(ProbeAbsentError, match="pod shop/done: cannot "):
        ask(what, Target("pod shop/done"), stop)


@pytest.mark.parametrize("what", list(Inside))
def test_nothing_is_answered_after_stop(what: Inside, stop: Stop) -> None:
    """Whoever asked does not want it any more."""
    stop.set()
    whole = replace(SELF, process=None, containers=(ME,), addresses=("127.0.0.1",))
    with pytest.raises(ProbeError, match="told to stop"):
        ask(what, whole, stop)


@pytest.mark.parametrize("what", list(Inside))
def test_a_recording_answers_nothing(what: Inside, stop: Stop) -> None:
    """It says so, and what to do."""
    with pytest.raises(ProbeError, match=r"a recording holds nothing .* live node"):
        RecordedNode(()).prober().ask(what, SELF, stop)


ME = container(1, "web", pid=os.getpid(), started=STARTED, netns=OURS)


def test_a_container_is_read_without_its_runtime(stop: Stop) -> None:
    """What the kernel tells of its main process, and why there is no more."""
    target = replace(SELF, process=None, containers=(ME,))
    told = ask(Inside.CONTAINERS, target, stop)
    assert isinstance(told, ContainersFacts)
    (one,) = told.containers
    words = Path("/proc/self/cmdline").read_text("utf-8").split("\0")
    assert list(one.command) == [word for word in words if word]
    assert (one.name, one.pid, one.source) == ("web", os.getpid(), "/proc")
    assert one.trouble == "no runtime knows it"
    assert one.limits


def test_an_environment_is_read_without_its_runtime(
    stop: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the process was started with it, not as it is by now."""
    monkeypatch.setenv("OCNETVIEW_LATE", "1")
    target = replace(SELF, process=None, containers=(ME,))
    told = ask(Inside.ENVIRONMENT, target, stop)
    assert isinstance(told, EnvironmentFacts)
    names = {one.name for one in told.variables}
    assert "PATH" in names
    assert "OCNETVIEW_LATE" not in names


def test_the_resolver_is_that_of_the_container(stop: Stop) -> None:
    """Here our own root's."""
    told = ask(Inside.DNS, replace(SELF, process=None, containers=(ME,)), stop)
    assert isinstance(told, DnsFacts)
    assert told.container == "web"
    assert told.source.endswith(f"/proc/{os.getpid()}/root")


def test_a_daemon_is_asked_about_each_container(stop: Stop) -> None:
    """What it says, and nothing of one that it does not know."""
    # A pid that no process can have (PID_MAX_LIMIT): any other may be somebody's.
    other = container(2, "gone", pid=1 << 23)
    with docker_daemon() as (daemon, host):
        daemon.inspected[ME.id] = {
            "Id": ME.id,
            "State": {"Status": "running", "Pid": os.getpid()},
            "Config": {"Image": "nginx:1", "Env": ["A=1"]},
            "RestartCount": 2,
        }
        prober = LiveProber(replace(NOWHERE, docker_host=host))
        target = replace(SELF, process=None, containers=(ME, other))
        told = prober.ask(Inside.CONTAINERS, target, stop)
        variables = prober.ask(Inside.ENVIRONMENT, target, stop)
    assert isinstance(told, ContainersFacts)
    web, gone = told.containers
    assert (web.source, web.image, web.restarts) == ("docker inspect", "nginx:1", 2)
    assert (web.trouble, gone.trouble) == ("", "no runtime knows it")
    assert isinstance(variables, EnvironmentFacts)
    assert [(v.container, v.name, v.value) for v in variables.variables] == [
        ("web", "A", "1")
    ]


def test_a_nested_runtime_is_not_asked(stop: Stop) -> None:
    """It is in a container that may say anything."""
    target = replace(SELF, process=None, containers=(ME,), nested=True)
    told = ask(Inside.CONTAINERS, target, stop)
    assert isinstance(told, ContainersFacts)
    assert told.containers[0].trouble.startswith("its runtime runs in a container")


def test_a_node_in_another_namespace_is_looked_for_there(stop: Stop) -> None:
    """Flows are the node's: where that has another namespace, it is opened."""
    elsewhere = replace(NOWHERE, netns="/nonexistent/net")
    target = replace(SELF, addresses=("10.0.0.1",))
    with pytest.raises(ProbeError, match="nothing leads to it"):
        LiveProber(elsewhere).ask(Inside.CONNTRACK, target, stop)


def test_the_nodes_own_flows_are_not_a_pods(stop: Stop) -> None:
    """A pod with the node's addresses has no flows of its own."""
    target = replace(SELF, addresses=("10.0.0.1",), host_network=True)
    with pytest.raises(ProbeAbsentError, match="the node's flows"):
        ask(Inside.CONNTRACK, target, stop)


def test_a_kernel_that_tracks_nothing_is_not_asked(
    stop: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To ask would load the module that tracks."""
    monkeypatch.setattr(conntrack, "_SIGNS", ("/nonexistent",))
    target = replace(SELF, addresses=("10.0.0.1",))
    with pytest.raises(ProbeAbsentError, match="no module nf_conntrack"):
        ask(Inside.CONNTRACK, target, stop)


def test_interfaces_come_from_a_live_node(stop: Stop) -> None:
    """The node hands out what reads it."""
    node = live_node(NOWHERE)
    assert isinstance(node, LiveNode)
    told = node.prober().ask(Inside.INTERFACES, SELF, stop)
    assert isinstance(told, InterfacesFacts)
    assert "lo" in {one.link.name for one in told.links}


def test_a_cri_runtime_is_asked_about_what_is_left(stop: Stop) -> None:
    """Of what Docker does not know, by the verbose status, with its times."""
    mine = replace(ME, runtime="cri-o", attempt=4)
    info = {"runtimeSpec": {"process": {"args": ["app"], "env": ["A=1"]}}}
    with cri_server() as (runtime, path):
        reply = cri.ContainerStatusResponse(info={"info": json.dumps(info)})
        reply.status.started_at, reply.status.finished_at = 7 * 10**9, 0
        runtime.container_statuses[mine.id] = reply
        prober = LiveProber(replace(NOWHERE, cri=(f"unix://{path}",)))
        target = replace(SELF, process=None, containers=(mine,))
        told = prober.ask(Inside.CONTAINERS, target, stop)
    assert isinstance(told, ContainersFacts)
    (one,) = told.containers
    assert (one.source, one.command, one.started) == ("CRI", ("app",), 7.0)
    assert (one.restarts, one.trouble) == (4, "")


def test_a_runtime_that_refuses_is_told(stop: Stop) -> None:
    """What it says, and what the kernel tells all the same."""
    mine = replace(ME, runtime="cri-o")
    with cri_server() as (runtime, path):
        runtime.failures[mine.id] = (grpc.StatusCode.INTERNAL, "no\x1b shim")
        prober = LiveProber(replace(NOWHERE, cri=(f"unix://{path}",)))
        target = replace(SELF, process=None, containers=(mine,))
        told = prober.ask(Inside.CONTAINERS, target, stop)
    assert isinstance(told, ContainersFacts)
    (one,) = told.containers
    assert one.trouble == r"cri: cannot ask for ContainerStatus: no\x1b shim"
    assert one.limits
