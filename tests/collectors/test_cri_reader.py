"""Sandboxes and containers of a runtime, with their processes and namespaces."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from collectors.cri_reading import (
    containers,
    netns,
    network,
    read,
    sandboxes,
)
from collectors.cri_server import (
    Runtime,
    cri_server,
)
from collectors.docker_server import add_process

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.cri_reader import CriReader
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import (
    ContainerState,
)

OWN = "/proc/self/ns/net"


def test_a_pod_is_its_sandbox_and_containers(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """The lists, the status and the processes of a pod come together."""
    runtime, path = cri_served
    sandbox = runtime.sandbox(1)
    container = runtime.container(2, sandbox)
    status = cri.PodSandboxStatus()
    status.network.ip = "10.0.0.2"
    runtime.told(sandbox.id, network(OWN), status)
    add_process(proc, 70, f"0::/kubepods/pod1/crio-{container.id}.scope\n", 5)
    facts = read(path, proc)
    assert (facts.runtime, facts.version, facts.within) == ("cri-o", "1.29.13", "")
    assert facts.where == f"unix://{path}"
    found = sandboxes(facts)["pod1"]
    assert (found.namespace, found.uid, found.ready) == ("demo", "uid-1", True)
    assert (found.addresses, found.netns, found.pid) == (
        ("10.0.0.2",),
        netns(OWN),
        None,
    )
    box = containers(facts)["box2"]
    assert (box.sandbox_id, box.pid, box.started) == (sandbox.id, 70, 5)
    assert box.state is ContainerState.RUNNING
    assert box.netns == netns(str(proc / "70" / "ns" / "net"))


def test_a_container_that_ended_tells_how(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """Its code and reason come without the verbose part, and no process is sought."""
    runtime, path = cri_served
    container = runtime.container(2, runtime.sandbox(1))
    runtime.container_told(container.id, 70)
    add_process(proc, 70, "0::/\n")
    with closing(CriReader(path, str(proc))) as reader:
        before = containers(reader.read())["box2"]
        assert (before.pid, before.exit_code) == (70, None)
        container.state = cri.CONTAINER_EXITED
        ended = cri.ContainerStatus(exit_code=137, reason="OOMKilled")
        runtime.container_told(container.id, 70, ended)
        after = containers(reader.read())["box2"]
    assert (after.pid, after.exit_code, after.reason) == (None, 137, "OOMKilled")
    assert runtime.verbose[container.id] == 1


def test_a_sandboxs_process_is_told_or_found(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """By its cgroup, as cri-dockerd tells nothing, or by the status."""
    runtime, path = cri_served
    told, found = runtime.sandbox(1), runtime.sandbox(2)
    runtime.told(told.id, {"pid": 71})
    add_process(proc, 71, "0::/\n", 5)
    add_process(proc, 72, f"0::/docker/{found.id}\n", 6)
    facts = sandboxes(read(path, proc))
    assert (facts["pod1"].pid, facts["pod1"].started) == (71, 5)
    assert (facts["pod2"].pid, facts["pod2"].started) == (72, 6)
    # The path is that of a file of the fake /proc; the namespace is the process's.
    assert facts["pod2"].netns == netns(str(proc / "72" / "ns" / "net"))
    assert runtime.verbose == {told.id: 1, found.id: 1}


def test_the_pid_of_another_container_is_not_taken(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """A number that was given anew is somebody else's process."""
    runtime, path = cri_served
    sandbox = runtime.sandbox(1)
    container = runtime.container(2, sandbox)
    for one in (sandbox, container):
        runtime.container_told(one.id, 70)
    runtime.told(sandbox.id, {"pid": 70})
    add_process(proc, 70, f"0::/kubepods/pod9/{9:064x}\n")
    facts = read(path, proc)
    assert sandboxes(facts)["pod1"].pid is None
    assert containers(facts)["box2"].pid is None


APART = ("unshare", "--pid", "--fork", "--kill-child")
ELSEWHERE = """
import sys
sys.path.insert(0, sys.argv[2])
from collectors.cri_server import Runtime, cri_server
runtime = Runtime()
sandbox = runtime.sandbox(1)
told, found = runtime.container(2, sandbox), runtime.container(3, sandbox)
runtime.told(sandbox.id, {"pid": 70})
runtime.container_told(told.id, 70)
with cri_server(sys.argv[1], runtime):
    print("ready", flush=True)
    sys.stdin.read()
print(runtime.asked["ContainerStatus"])
"""


def test_pids_of_another_pid_namespace_are_not_asked_for(
    tmp_path: Path, proc: Path
) -> None:
    """The runtime of a node in a container counts otherwise; cgroups count as we do."""
    if subprocess.run(
        (*APART, "true"), stderr=subprocess.DEVNULL, check=False
    ).returncode:
        pytest.skip("needs CAP_SYS_ADMIN")
    add_process(proc, 70, "0::/\n")
    add_process(proc, 71, f"0::/docker/{8:064x}/kubelet/pod1/{3:064x}\n")
    path, tests = str(tmp_path / "cri.sock"), str(Path(__file__).parents[1])
    with subprocess.Popen(
        (*APART, sys.executable, "-c", ELSEWHERE, path, tests),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as runtime:
        assert runtime.stdout
        assert runtime.stdout.readline() == "ready\n"
        facts = read(path, proc)
        asked, _ = runtime.communicate(timeout=20)
    assert sandboxes(facts)["pod1"].pid is None
    assert containers(facts)["box2"].pid is None
    assert containers(facts)["box3"].pid == 71
    assert asked == "0\n"


def test_a_container_that_left_its_sandboxs_namespace_keeps_its_own(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """The sandbox's path says whose pod it is; /proc says where the process is."""
    runtime, path = cri_served
    sandbox = runtime.sandbox(1)
    container = runtime.container(2, sandbox)
    runtime.told(sandbox.id, network(OWN))
    add_process(proc, 71, f"0::/{container.id}\n")
    facts = read(path, proc)
    assert sandboxes(facts)["pod1"].netns == netns(OWN)
    assert containers(facts)["box2"].netns == netns(str(proc / "71" / "ns" / "net"))


@pytest.mark.parametrize(
    ("told", "ends_in"),
    [(70, "its process"), (99, "its path"), (None, "its path")],
)
def test_a_sandbox_is_where_the_process_is_that_its_runtime_names(
    cri_served: tuple[Runtime, str], proc: Path, told: int | None, ends_in: str
) -> None:
    """A path may come to pin another's namespace; a cgroup's name alone is no proof."""
    runtime, path = cri_served
    sandbox = runtime.sandbox(1)
    runtime.told(sandbox.id, network(OWN, pid=told))
    add_process(proc, 70, f"0::/{sandbox.id}\n")
    places = {"its process": str(proc / "70" / "ns" / "net"), "its path": OWN}
    assert sandboxes(read(path, proc))["pod1"].netns == netns(places[ends_in])


def test_a_sandbox_whose_process_is_with_the_nodes_init_is_where_its_path_says(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """The process of a virtual machine may have stayed in the node's namespace."""
    runtime, path = cri_served
    sandbox = runtime.sandbox(1)
    runtime.told(sandbox.id, network(OWN, pid=70))
    add_process(proc, 1, "0::/init.scope\n")
    add_process(proc, 70, f"0::/{sandbox.id}\n")
    inside = proc / "70" / "ns" / "net"
    inside.unlink()
    inside.hardlink_to(proc / "1" / "ns" / "net")
    assert sandboxes(read(path, proc))["pod1"].netns == netns(OWN)


@pytest.mark.parametrize("path", ["", "/none", "/a\0b", "/\ud800", "/", "/plain"])
def test_a_path_that_pins_nothing_is_no_namespace(
    cri_served: tuple[Runtime, str], proc: Path, path: str, tmp_path: Path
) -> None:
    """A plain file is what an unclean end leaves; then the process's counts."""
    runtime, where = cri_served
    (tmp_path / "plain").touch()
    sandbox = runtime.sandbox(1)
    runtime.told(sandbox.id, network(path))
    assert sandboxes(read(where, proc, str(tmp_path)))["pod1"].netns is None
    add_process(proc, 70, f"0::/{sandbox.id}\n")
    found = sandboxes(read(where, proc, str(tmp_path)))["pod1"]
    assert found.netns == netns(str(proc / "70" / "ns" / "net"))


def test_paths_are_the_nodes_own(
    cri_served: tuple[Runtime, str], proc: Path, tmp_path: Path
) -> None:
    """Below the root that leads there; /var/run is /run, however it is linked."""
    runtime, path = cri_served
    (tmp_path / "run" / "netns").mkdir(parents=True)
    (tmp_path / "run" / "netns" / "a").symlink_to(OWN)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "run").symlink_to("/nonexistent")
    runtime.told(runtime.sandbox(1).id, network("/run/netns/a"))
    runtime.told(runtime.sandbox(2).id, network("/var/run/netns/a"))
    facts = read(path, proc, str(tmp_path))
    assert {one.netns for one in facts.sandboxes} == {netns(OWN)}
    assert sandboxes(facts)["pod2"].netns_path == "/var/run/netns/a"


def test_what_vanishes_between_two_calls_is_gone(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """Listed, and not found when asked about: no error, and not shown."""
    runtime, path = cri_served
    sandbox = runtime.sandbox(1)
    runtime.container(2, sandbox).state = cri.CONTAINER_EXITED
    runtime.container(3, sandbox)
    for statuses in (runtime.sandbox_statuses, runtime.container_statuses):
        statuses.clear()
    facts = read(path, proc)
    assert (facts.sandboxes, facts.containers, facts.troubles) == ((), (), ())


def test_a_lost_runtime_is_connected_to_again(proc: Path, tmp_path: Path) -> None:
    """An error while it is away, then all anew: what it says may be different."""
    path = str(tmp_path / "s")
    with closing(CriReader(path, str(proc), name="cri-o")) as reader:
        with pytest.raises(SourceAbsentError):
            reader.read()
        with cri_server(path) as (runtime, _):
            runtime.sandbox(1)
            assert len(reader.read().sandboxes) == 1
        with pytest.raises(CollectorError, match=r"^cri-o: cannot"):
            reader.read()
        with cri_server(path) as (runtime, _):
            runtime.version.runtime_version = "2"
            assert reader.read().version == "2"


def test_after_closing_nothing_is_read(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """Told to end, it connects no more."""
    reader = CriReader(cri_served[1], str(proc))
    reader.close()
    with pytest.raises(CollectorError, match="was closed"):
        reader.read()


def test_one_without_an_id_is_no_answer(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """What nothing can be said about makes the list unbelievable."""
    runtime, path = cri_served
    runtime.sandbox(1).id = ""
    with pytest.raises(CollectorError, match="one has no id"):
        read(path, proc)


def test_an_endpoint_over_tcp_is_refused(proc: Path) -> None:
    """Before anything is sent there."""
    with pytest.raises(CollectorError, match="a CRI endpoint is unix:///PATH"):
        CriReader("tcp://127.0.0.1:1", str(proc)).read()


def test_a_nested_runtime_is_tagged(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """With the container that it runs in."""
    with closing(CriReader(cri_served[1], str(proc), "", "node1")) as reader:
        assert reader.read().within == "node1"


def test_below_the_root_of_a_process(
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """/proc/PID/root leads to the paths of a runtime that runs in a container."""
    runtime, path = cri_served
    runtime.told(runtime.sandbox(1).id, network(OWN))
    facts = read(path, proc, f"/proc/{os.getpid()}/root")
    assert sandboxes(facts)["pod1"].netns == netns(OWN)
