"""The CRI collector: what makes it ask again, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import grpc
import pytest
from collectors.cri_server import Runtime, cri_server
from collectors.docker_server import add_process
from heard import news

from ocnetview.collectors import cri as module
from ocnetview.collectors.base import Stop
from ocnetview.collectors.cri import CriCollector, cri_collectors
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import ContainerFacts, SourceKind

STATUS = "PodSandboxStatus"


class Node:
    """A node of files: a /proc, a cgroup hierarchy, and where its runtimes answer."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.proc = root / "proc"
        (self.proc / "self").mkdir(parents=True)
        self.pods = root / "cgroup" / "kubepods"
        self.pods.mkdir(parents=True)
        line = f"30 24 0:27 / {self.pods.parent} rw - cgroup2 cgroup2 rw\n"
        for whose in ("self", "1"):
            (self.proc / whose).mkdir(exist_ok=True)
            (self.proc / whose / "mountinfo").write_text(line)

    def settings(self, *cri: str) -> Settings:
        """Return the settings of this node."""
        return Settings(proc=str(self.proc), cri=cri, refresh=0.01)


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Give a node without containers."""
    return Node(tmp_path)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Runtime, str]]:
    """Give an empty runtime and its socket; it is asked after events alone."""
    monkeypatch.setattr(module, "_QUIET_SECONDS", 3600.0)
    with cri_server() as (runtime, path):
        yield runtime, path


@contextmanager
def watching(settings: Settings) -> Iterator[Iterator[ContainerFacts]]:
    """Give the only collector's facts, and hang up afterwards."""
    (collector,) = cri_collectors(settings)
    stop = Stop()
    with closing(collector.watch(stop)) as said:  # type: ignore[type-var]  # a generator
        yield news(said)
    stop.close()


def names(facts: ContainerFacts) -> list[str]:
    """Return the pods' names."""
    return [one.name for one in facts.sandboxes]


@contextmanager
def appearing(runtime: Runtime, lists: int) -> Iterator[None]:
    """Let a pod appear once the runtime was asked for its list so often."""
    asked = threading.Event()

    def appear() -> None:
        while runtime.asked["ListContainers"] < lists:
            asked.wait(0.001)
        runtime.sandbox(1)

    late = threading.Thread(target=appear)
    late.start()
    yield
    late.join()


def test_a_new_cgroup_makes_it_ask(served: tuple[Runtime, str], node: Node) -> None:
    """A folder of a pod that appears is followed by the lists."""
    runtime, path = served
    with watching(node.settings(path)) as facts:
        assert names(next(facts)) == []
        runtime.sandbox(1)
        (node.pods / "pod1").mkdir()
        assert names(next(facts)) == ["pod1"]
    assert runtime.paths == {
        f"/runtime.v1.RuntimeService/{method}"
        for method in (
            "Version",
            "ListPodSandbox",
            "ListContainers",
            "PodSandboxStatus",
        )
    }


def test_what_comes_after_the_event_is_seen_too(
    served: tuple[Runtime, str], node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cgroup is there before the runtime tells of it: it is asked some more times."""
    monkeypatch.setattr(module, "_BURST_SECONDS", 0.0)
    monkeypatch.setattr(module, "_SOON_SECONDS", 0.01)
    runtime, path = served
    with watching(node.settings(path)) as facts:
        next(facts)
        (node.pods / "pod1").mkdir()
        with appearing(runtime, 4):
            assert names(next(facts)) == ["pod1"]


def test_where_cgroups_are_out_of_sight_processes_are_looked_through(
    served: tuple[Runtime, str], node: Node
) -> None:
    """A container's first process is an event as well."""
    runtime, path = served
    container = runtime.container(2, runtime.sandbox(1))
    add_process(node.proc, 7, f"0::/elsewhere/{container.id}\n")
    with watching(node.settings(path)) as facts:
        assert names(next(facts)) == ["pod1"]
        runtime.sandbox(3)
        add_process(node.proc, 8, f"0::/elsewhere/{3:064x}\n")
        assert names(next(facts)) == ["pod1", "pod3"]


def test_it_asks_now_and_then_whatever_happens(
    served: tuple[Runtime, str], node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A runtime that hangs is silent, too: only asking shows it."""
    monkeypatch.setattr(module, "_QUIET_SECONDS", 0.01)
    runtime, path = served
    with watching(node.settings(path)) as facts:
        next(facts)
        runtime.sandbox(1)
        assert names(next(facts)) == ["pod1"]
        runtime.failures["ListContainers"] = (grpc.StatusCode.UNAVAILABLE, "hung")
        with pytest.raises(CollectorError, match="hung"):
            next(facts)


def test_a_list_that_is_the_same_is_not_given_again(
    served: tuple[Runtime, str], node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever shows it has nothing to do then."""
    monkeypatch.setattr(module, "_QUIET_SECONDS", 0.001)
    runtime, path = served
    with watching(node.settings(path)) as facts:
        assert names(next(facts)) == []
        with appearing(runtime, 4):
            assert names(next(facts)) == ["pod1"]


def test_a_burst_of_events_causes_few_lists(
    served: tuple[Runtime, str], node: Node
) -> None:
    """Many pods that start together do not make it ask as often."""
    runtime, path = served
    with watching(node.settings(path)) as facts:
        next(facts)
        for number in range(200):
            runtime.sandbox(number)
            (node.pods / f"pod{number}").mkdir()
        shown = next(facts)
        while len(shown.sandboxes) < 200:
            shown = next(facts)
    assert runtime.asked["ListPodSandbox"] < 10


@pytest.mark.parametrize("method", ["Version", "ListContainers", STATUS, ""])
def test_watching_ends_at_once_on_stop(
    served: tuple[Runtime, str], node: Node, method: str
) -> None:
    """Waiting for events or for a runtime that hangs, it ends without an error."""
    runtime, path = served
    runtime.sandbox(1)
    if method:
        runtime.hold[method] = threading.Event()
    stop, began = Stop(), threading.Event()
    seen: list[object] = []

    def watch() -> None:
        (collector,) = cri_collectors(node.settings(path))
        try:
            for facts in news(collector.watch(stop)):
                seen.append(facts)
                began.set()
        except CollectorError as error:
            seen.append(error)

    thread = threading.Thread(target=watch)
    thread.start()
    (runtime.held if method else began).wait()
    stop.set()
    thread.join()
    assert len(seen) == (not method)
    assert not any(isinstance(one, CollectorError) for one in seen)
    stop.close()


def test_each_runtime_has_a_collector_of_its_own(tmp_path: Path) -> None:
    """With the runtime's name, and where it is asked."""
    for path in ("/run/crio/crio.sock", "/run/k0s/containerd.sock"):
        (tmp_path / path[1:]).parent.mkdir(parents=True)
        (tmp_path / path[1:]).touch()
    found = cri_collectors(Settings(host_root=str(tmp_path)))
    assert [(one.name, one.where) for one in found] == [
        ("cri-o", f"unix://{tmp_path}/run/crio/crio.sock"),
        ("k0s", f"unix://{tmp_path}/run/k0s/containerd.sock"),
    ]
    assert {one.kind for one in found} == {SourceKind.CONTAINERS}


def test_without_any_it_looks_again(node: Node) -> None:
    """A node without a runtime says where it looked; one that comes later is found."""
    settings = Settings(host_root=str(node.root), proc=str(node.proc), refresh=0.01)
    (collector,) = cri_collectors(settings)
    assert collector.name == "cri"
    with pytest.raises(SourceAbsentError, match=r"no socket at .*/run/crio/crio.sock"):
        next(iter(collector.watch(Stop())))
    place = node.root / "run" / "crio" / "crio.sock"
    place.parent.mkdir(parents=True)
    with cri_server() as (runtime, path):
        place.symlink_to(path)
        runtime.sandbox(1)
        with closing(collector.watch(Stop())) as said:  # type: ignore[type-var]  # a generator
            assert names(next(news(said))) == ["pod1"]


def test_a_given_runtime_that_is_not_there_is_absent(node: Node) -> None:
    """It is tried where it should be, under its own name."""
    (collector,) = cri_collectors(node.settings(f"{node.root}/none"))
    assert isinstance(collector, CriCollector)
    with pytest.raises(SourceAbsentError, match="cri: cannot connect: no such socket"):
        next(iter(collector.watch(Stop())))
