"""What was told is kept, and asked for again when it may be told otherwise."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import grpc
import pytest
from collectors.cri_reading import (
    containers,
    main_pids,
    netns,
    network,
    read,
    sandboxes,
)
from collectors.cri_server import (
    V1,
    Runtime,
)
from collectors.docker_server import add_process

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.cri_reader import CriReader

OWN = "/proc/self/ns/net"


def test_verbose_is_asked_once(cri_served: tuple[Runtime, str], proc: Path) -> None:
    """What was told is kept; the two lists and nothing else are asked for again."""
    runtime, path = cri_served
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
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """The pass over cgroups tells the pids of running containers."""
    runtime, path = cri_served
    container = runtime.container(2, runtime.sandbox(1))
    add_process(proc, 70, f"0::/kubepods/pod1/{container.id}\n")
    assert containers(read(path, proc))["box2"].pid == 70
    assert runtime.asked["ContainerStatus"] == 0


@pytest.mark.parametrize("change", ["state", "created_at", "attempt"])
def test_what_changed_is_asked_again(
    cri_served: tuple[Runtime, str], proc: Path, change: str
) -> None:
    """A sandbox that is no longer ready, or made anew, is another one."""
    runtime, path = cri_served
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


def test_a_failure_of_one_is_told_and_tried_again(
    cri_served: tuple[Runtime, str], proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lists still show it; it is asked for after a while, not at each reading."""
    runtime, path = cri_served
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


def test_a_runtime_that_only_lists_is_shown_as_far_as_it_tells(
    cri_served: tuple[Runtime, str], proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no status is answered the lists are told soon, and what they lack."""
    monkeypatch.setattr("ocnetview.collectors.cri_client._STATUS_SECONDS", 0.1)
    monkeypatch.setattr("ocnetview.collectors.cri_client._ALL_SECONDS", 0.1)
    runtime, path = cri_served
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
    cri_served: tuple[Runtime, str], proc: Path
) -> None:
    """Neither facts nor troubles of it stay."""
    runtime, path = cri_served
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


@pytest.mark.parametrize("whose", ["sandbox", "container"])
def test_a_pid_that_another_process_has_by_now_is_not_used(
    cri_served: tuple[Runtime, str], proc: Path, whose: str
) -> None:
    """What was told once is true of the process that it was told of."""
    runtime, path = cri_served
    sandbox = runtime.sandbox(1)
    if whose == "sandbox":
        runtime.told(sandbox.id, {"pid": 7})
    else:
        runtime.container_told(runtime.container(2, sandbox).id, 7)
    add_process(proc, 7, "0::/\n", started=1)
    with closing(CriReader(path, str(proc))) as reader:
        assert main_pids(reader.read()) == {7}
        shutil.rmtree(proc / "7")
        add_process(proc, 7, "0::/user.slice\n", started=2)
        assert main_pids(reader.read()) == set()
