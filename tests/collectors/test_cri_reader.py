"""Sandboxes and containers of a runtime, with their processes and namespaces."""

from __future__ import annotations

import os
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import grpc
import pytest
from collectors.cri_server import (
    V1,
    Runtime,
    cri_server,
    recorded,
    recorded_processes,
)
from collectors.docker_server import add_process

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.cri_reader import CriReader
from ocnetview.collectors.cri_reply import read_pid
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import (
    CniInterface,
    Container,
    ContainerFacts,
    ContainerState,
    NamespaceMode,
    Netns,
    Sandbox,
)

OWN = "/proc/self/ns/net"


@pytest.fixture
def served() -> Iterator[tuple[Runtime, str]]:
    """Give an empty runtime and its socket."""
    with cri_server() as (runtime, path):
        yield runtime, path


def network(path: str, **more: object) -> dict[str, object]:
    """Return verbose information with the path of a network namespace."""
    spaces = [{"type": "network", "path": path}]
    return {"runtimeSpec": {"linux": {"namespaces": spaces}}, **more}


def netns(path: str) -> Netns:
    """Return the namespace that a file leads to."""
    status = Path(path).stat()
    return Netns(status.st_dev, status.st_ino)


def read(path: str, proc: Path, root: str = "") -> ContainerFacts:
    """Return what a runtime says once."""
    with closing(CriReader(f"unix://{path}", str(proc), root)) as reader:
        return reader.read()


def sandboxes(facts: ContainerFacts) -> dict[str, Sandbox]:
    """Return the sandboxes by their pods' names."""
    return {one.name: one for one in facts.sandboxes}


def containers(facts: ContainerFacts) -> dict[str, Container]:
    """Return the containers by their names."""
    return {one.name: one for one in facts.containers}


def test_a_pod_is_its_sandbox_and_containers(
    served: tuple[Runtime, str], proc: Path
) -> None:
    """The lists, the status and the processes of a pod come together."""
    runtime, path = served
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


def test_verbose_is_asked_once(served: tuple[Runtime, str], proc: Path) -> None:
    """What was told is kept; the two lists and nothing else are asked for again."""
    runtime, path = served
    one, two = runtime.sandbox(1), runtime.sandbox(2)
    runtime.container(3, one)
    runtime.container(4, two).state = cri.CONTAINER_EXITED
    with closing(CriReader(path, str(proc))) as reader:
        first = reader.read()
        for _ in range(3):
            assert reader.read() == first
    assert runtime.verbose == {one.id: 1, two.id: 1, f"{3:064x}": 1, f"{4:064x}": 0}
    assert runtime.asked == {
        "Version": 1,
        "ListPodSandbox": 4,
        "ListContainers": 4,
        "PodSandboxStatus": 2,
        "ContainerStatus": 2,
    }
    assert f"/{V1}/GetContainerEvents" not in runtime.paths


def test_a_known_process_needs_no_verbose_call(
    served: tuple[Runtime, str], proc: Path
) -> None:
    """The pass over cgroups tells the pids of running containers."""
    runtime, path = served
    container = runtime.container(2, runtime.sandbox(1))
    add_process(proc, 70, f"0::/kubepods/pod1/{container.id}\n")
    assert containers(read(path, proc))["box2"].pid == 70
    assert runtime.asked["ContainerStatus"] == 0


@pytest.mark.parametrize("change", ["state", "created_at", "attempt"])
def test_what_changed_is_asked_again(
    served: tuple[Runtime, str], proc: Path, change: str
) -> None:
    """A sandbox that is no longer ready, or made anew, is another one."""
    runtime, path = served
    sandbox = runtime.sandbox(1)
    runtime.told(sandbox.id, network(OWN))
    with closing(CriReader(path, str(proc))) as reader:
        assert sandboxes(reader.read())["pod1"].netns == netns(OWN)
        if change == "state":
            sandbox.state = cri.SANDBOX_NOTREADY
        elif change == "created_at":
            sandbox.created_at += 1
        else:
            sandbox.metadata.attempt += 1
        runtime.told(sandbox.id, {"pid": 0})
        after = sandboxes(reader.read())["pod1"]
    assert (after.netns, after.netns_path) == (None, "")
    assert after.ready == (change != "state")
    assert runtime.verbose[sandbox.id] == 2


def test_a_container_that_ended_tells_how(
    served: tuple[Runtime, str], proc: Path
) -> None:
    """Its code and reason come without the verbose part, and no process is sought."""
    runtime, path = served
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
    served: tuple[Runtime, str], proc: Path
) -> None:
    """By its cgroup, as cri-dockerd tells nothing, or by the status."""
    runtime, path = served
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
    served: tuple[Runtime, str], proc: Path
) -> None:
    """A number that was given anew is somebody else's process."""
    runtime, path = served
    sandbox = runtime.sandbox(1)
    container = runtime.container(2, sandbox)
    for one in (sandbox, container):
        runtime.container_told(one.id, 70)
    runtime.told(sandbox.id, {"pid": 70})
    add_process(proc, 70, f"0::/kubepods/pod9/{9:064x}\n")
    facts = read(path, proc)
    assert sandboxes(facts)["pod1"].pid is None
    assert containers(facts)["box2"].pid is None


def test_pids_of_another_pid_namespace_are_not_asked_for(
    served: tuple[Runtime, str], proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runtime of a node in a container counts otherwise; cgroups count as we do."""
    monkeypatch.setattr(
        "ocnetview.collectors.cri_client.counts_pids_as_we", lambda _: False
    )
    runtime, path = served
    sandbox = runtime.sandbox(1)
    told, found = runtime.container(2, sandbox), runtime.container(3, sandbox)
    runtime.told(sandbox.id, {"pid": 70})
    runtime.container_told(told.id, 70)
    add_process(proc, 70, "0::/\n")
    add_process(proc, 71, f"0::/docker/{8:064x}/kubelet/pod1/{found.id}\n")
    facts = read(path, proc)
    assert sandboxes(facts)["pod1"].pid is None
    assert containers(facts)["box2"].pid is None
    assert containers(facts)["box3"].pid == 71
    assert runtime.asked["ContainerStatus"] == 0


def test_a_container_that_left_its_sandboxs_namespace_keeps_its_own(
    served: tuple[Runtime, str], proc: Path
) -> None:
    """The sandbox's path says whose pod it is; /proc says where the process is."""
    runtime, path = served
    sandbox = runtime.sandbox(1)
    container = runtime.container(2, sandbox)
    runtime.told(sandbox.id, network(OWN, pid=70))
    add_process(proc, 70, f"0::/{sandbox.id}\n")
    add_process(proc, 71, f"0::/{container.id}\n")
    facts = read(path, proc)
    assert sandboxes(facts)["pod1"].netns == netns(OWN)
    assert containers(facts)["box2"].netns == netns(str(proc / "71" / "ns" / "net"))


@pytest.mark.parametrize("path", ["", "/none", "/a\0b", "/\ud800", "/", "/plain"])
def test_a_path_that_pins_nothing_is_no_namespace(
    served: tuple[Runtime, str], proc: Path, path: str, tmp_path: Path
) -> None:
    """A plain file is what an unclean end leaves; then the process's counts."""
    runtime, where = served
    (tmp_path / "plain").touch()
    sandbox = runtime.sandbox(1)
    runtime.told(sandbox.id, network(path))
    assert sandboxes(read(where, proc, str(tmp_path)))["pod1"].netns is None
    add_process(proc, 70, f"0::/{sandbox.id}\n")
    found = sandboxes(read(where, proc, str(tmp_path)))["pod1"]
    assert found.netns == netns(str(proc / "70" / "ns" / "net"))


def test_paths_are_the_nodes_own(
    served: tuple[Runtime, str], proc: Path, tmp_path: Path
) -> None:
    """Below the root that leads there; /var/run is /run, however it is linked."""
    runtime, path = served
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
    served: tuple[Runtime, str], proc: Path
) -> None:
    """Listed, and not found when asked about: no error, and not shown."""
    runtime, path = served
    sandbox = runtime.sandbox(1)
    runtime.container(2, sandbox).state = cri.CONTAINER_EXITED
    runtime.container(3, sandbox)
    for statuses in (runtime.sandbox_statuses, runtime.container_statuses):
        statuses.clear()
    facts = read(path, proc)
    assert (facts.sandboxes, facts.containers, facts.troubles) == ((), (), ())


def test_a_failure_of_one_is_told_and_tried_again(
    served: tuple[Runtime, str], proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lists still show it; it is asked for after a while, not at each reading."""
    runtime, path = served
    sandbox = runtime.sandbox(1)
    runtime.told(sandbox.id, network(OWN))
    runtime.failures[sandbox.id] = (grpc.StatusCode.UNKNOWN, "shim \x1b[31mdead")
    with closing(CriReader(path, str(proc))) as reader:
        for _ in range(3):
            facts = reader.read()
            assert sandboxes(facts)["pod1"].netns is None
            (trouble,) = facts.troubles
            assert trouble.startswith("0000000000000: shim ")
            assert "\x1b" not in trouble
    assert runtime.verbose[sandbox.id] == 1
    monkeypatch.setattr("ocnetview.collectors.cri_kept._AGAIN_SECONDS", 0)
    with closing(CriReader(path, str(proc))) as reader:
        assert reader.read().troubles
        runtime.failures.clear()
        facts = reader.read()
    assert facts.troubles == ()
    assert sandboxes(facts)["pod1"].netns == netns(OWN)


@pytest.mark.parametrize("whose", ["sandbox", "container"])
def test_a_pid_that_another_process_has_by_now_is_not_used(
    served: tuple[Runtime, str], proc: Path, whose: str
) -> None:
    """What was told once is true of the process that it was told of."""
    runtime, path = served
    sandbox = runtime.sandbox(1)
    if whose == "sandbox":
        runtime.told(sandbox.id, {"pid": 7})
    else:
        runtime.container_told(runtime.container(2, sandbox).id, 7)
    add_process(proc, 7, "0::/\n", started=1)
    with closing(CriReader(path, str(proc))) as reader:
        assert _pids(reader.read()) == {7}
        shutil.rmtree(proc / "7")
        add_process(proc, 7, "0::/user.slice\n", started=2)
        assert _pids(reader.read()) == set()


def _pids(facts: ContainerFacts) -> set[int]:
    """Return the main processes of sandboxes and containers."""
    every = [one.pid for one in facts.sandboxes] + [one.pid for one in facts.containers]
    return {pid for pid in every if pid}


def test_a_runtime_that_only_lists_is_shown_as_far_as_it_tells(
    served: tuple[Runtime, str], proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no status is answered the lists are told soon, and what they lack."""
    monkeypatch.setattr("ocnetview.collectors.cri_client._STATUS_SECONDS", 0.1)
    monkeypatch.setattr("ocnetview.collectors.cri_client._ALL_SECONDS", 0.1)
    runtime, path = served
    for number in range(1, 41):
        runtime.told(runtime.sandbox(number).id, network(OWN))
    hang = runtime.hold["PodSandboxStatus"] = threading.Event()
    with closing(CriReader(path, str(proc))) as reader:
        facts = reader.read()
        assert len(facts.sandboxes) == 40
        assert reader.unfinished
        reasons = Counter(why.partition(": ")[2] for why in facts.troubles)
        assert reasons == {
            "no answer within 0.1 s": 16,
            "not asked yet, for the runtime answers slowly": 24,
        }
        hang.set()
        monkeypatch.setattr("ocnetview.collectors.cri_client._STATUS_SECONDS", 10)
        monkeypatch.setattr("ocnetview.collectors.cri_client._ALL_SECONDS", 10)
        facts = reader.read()
        assert not reader.unfinished
    assert len(facts.troubles) == 16
    assert sum(one.netns is not None for one in facts.sandboxes) == 24


def test_what_is_listed_no_more_is_forgotten(
    served: tuple[Runtime, str], proc: Path
) -> None:
    """Neither facts nor troubles of it stay."""
    runtime, path = served
    sandbox = runtime.sandbox(1)
    container = runtime.container(2, sandbox)
    for one in (sandbox, container):
        runtime.failures[one.id] = (grpc.StatusCode.UNKNOWN, "broken")
    with closing(CriReader(path, str(proc))) as reader:
        assert len(reader.read().troubles) == 2
        runtime.remove(sandbox)
        runtime.remove(container)
        facts = reader.read()
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


def test_after_closing_nothing_is_read(served: tuple[Runtime, str], proc: Path) -> None:
    """Told to end, it connects no more."""
    reader = CriReader(served[1], str(proc))
    reader.close()
    with pytest.raises(CollectorError, match="was closed"):
        reader.read()


def test_one_without_an_id_is_no_answer(
    served: tuple[Runtime, str], proc: Path
) -> None:
    """What nothing can be said about makes the list unbelievable."""
    runtime, path = served
    runtime.sandbox(1).id = ""
    with pytest.raises(CollectorError, match="one has no id"):
        read(path, proc)


def test_an_endpoint_over_tcp_is_refused(proc: Path) -> None:
    """Before anything is sent there."""
    with pytest.raises(CollectorError, match="a CRI endpoint is unix:///PATH"):
        CriReader("tcp://127.0.0.1:1", str(proc)).read()


def test_a_nested_runtime_is_tagged(served: tuple[Runtime, str], proc: Path) -> None:
    """With the container that it runs in."""
    with closing(CriReader(served[1], str(proc), "", "node1")) as reader:
        assert reader.read().within == "node1"


def processes(node: str, proc: Path) -> None:
    """Make the /proc of a recorded node."""
    for pid, text in recorded_processes(node).items():
        add_process(proc, pid, text, pid)


def test_a_recorded_node_with_crio(proc: Path) -> None:
    """Every sandbox has its path, none but the one that shares pids a process."""
    node = "crio-openshift-sdn"
    processes(node, proc)
    with cri_server(runtime=recorded(node)) as (runtime, path):
        facts = read(path, proc)
    assert (facts.runtime, facts.version) == ("cri-o", "1.29.13")
    found = sandboxes(facts)
    assert len(found) == len(facts.sandboxes) == 21
    paths = {one.netns_path for one in facts.sandboxes}
    assert len(paths) == 21
    assert all(one.startswith("/var/run/netns/") for one in paths)
    assert {name: one.pid for name, one in found.items() if one.pid} == {
        "sharepid": 1964
    }
    assert found["sharepid"].pids is NamespaceMode.POD
    assert found["hostpid"].pids is NamespaceMode.NODE
    assert [n for n, one in found.items() if one.network is NamespaceMode.NODE] == [
        "hostnet"
    ]
    assert [n for n, one in found.items() if not one.ready] == ["done-hf65r"]
    assert found["tree"].addresses == ("10.128.0.18",)
    assert found["tree"].cni == (
        CniInterface("eth0", found["tree"].netns_path, "", ("10.128.0.18/23",)),
    )
    static = found["static-web-worker-0"]
    assert static.annotations["kubernetes.io/config.source"] == "file"
    assert static.uid == static.annotations["kubernetes.io/config.hash"]
    assert not any("last-applied" in k for o in facts.sandboxes for k in o.annotations)
    # Each container is where its cgroup says, so that none is asked for verbosely.
    assert not any(runtime.verbose[one.id] for one in facts.containers)
    assert pids(facts) == told_pids(runtime)


def test_a_recorded_node_with_containerd(proc: Path) -> None:
    """Every ready sandbox has a process; host network shows by having no path."""
    node = "containerd-ovs"
    processes(node, proc)
    with cri_server(runtime=recorded(node)) as (runtime, path):
        facts = read(path, proc)
    assert facts.runtime == "containerd"
    found = sandboxes(facts)
    assert len(found) == 21
    assert [n for n, one in found.items() if one.pid is None] == ["done-glpsx"]
    assert [n for n, one in found.items() if not one.netns_path] == ["hostnet"]
    assert found["hostnet"].network is NamespaceMode.NODE
    assert found["echo-server"].pid == 1727
    (eth0,) = found["echo-server"].cni
    assert (eth0.name, eth0.netns_path) == ("eth0", found["echo-server"].netns_path)
    assert pids(facts) == told_pids(runtime)


@pytest.mark.parametrize("node", ["crio-openshift-sdn", "containerd-ovs"])
def test_how_recorded_containers_ended(proc: Path, node: str) -> None:
    """The crash loop, the finished job and the init container, each with its reason."""
    with cri_server(runtime=recorded(node)) as (_, path):
        facts = read(path, proc)
    ended = {o.name: (o.exit_code, o.reason) for o in facts.containers if o.reason}
    assert ended == {
        "boom": (3, "Error"),
        "j": (0, "Completed"),
        "setup": (0, "Completed"),
    }
    assert containers(facts)["boom"].attempt == 4
    assert {one.id for one in facts.sandboxes} >= {
        one.sandbox_id for one in facts.containers
    }


def pids(facts: ContainerFacts) -> dict[str, int]:
    """Return the pids that were found, by container."""
    return {one.id: one.pid for one in facts.containers if one.pid}


def told_pids(runtime: Runtime) -> dict[str, int]:
    """Return the pids that the recorded runtime told of what ran."""
    return {
        one: read_pid(runtime.container_statuses[one]) or 0
        for one, listed in runtime.containers.items()
        if listed.state == cri.CONTAINER_RUNNING
    }


def test_below_the_root_of_a_process(served: tuple[Runtime, str], proc: Path) -> None:
    """/proc/PID/root leads to the paths of a runtime that runs in a container."""
    runtime, path = served
    runtime.told(runtime.sandbox(1).id, network(OWN))
    facts = read(path, proc, f"/proc/{os.getpid()}/root")
    assert sandboxes(facts)["pod1"].netns == netns(OWN)
