"""Engines inside containers: real servers in the roots of made-up processes."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from collectors.cri_server import cri_server
from collectors.docker_server import Daemon, add_process, docker_daemon
from heard import news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.nested import NestedCollector
from ocnetview.config import Settings
from ocnetview.facts import NestedFacts, Netns

OUTER, OTHER, DEEP = "a" * 64, "b" * 64, "c" * 64
DOCKER = "/run/docker.sock"
CONTAINERD = "/run/containerd/containerd.sock"


@pytest.fixture
def roots() -> Iterator[Path]:
    """Give a folder for containers' roots, its path short enough for sockets."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def add_container(proc: Path, pid: int, container: str, root: Path) -> Path:
    """Add a container with this root and main process; return its root."""
    add_process(proc, pid, f"0::/docker/{container}\n")
    for path in (DOCKER, CONTAINERD):
        (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
    (proc / str(pid) / "root").symlink_to(root)
    return root


@contextmanager
def docker_in(root: Path, *ids: str) -> Iterator[Daemon]:
    """Run a daemon with these containers in a container's root."""
    with docker_daemon(f"{root}{DOCKER}") as (daemon, _):
        daemon.containers = [
            {"Id": one, "Names": [f"/box{n}"], "State": "running"}
            for n, one in enumerate(ids)
        ]
        yield daemon


@contextmanager
def watching(proc: Path, **settings: str) -> Iterator[Iterator[NestedFacts]]:
    """Give what the collector tells, looking often."""
    stop = Stop()
    collector = NestedCollector(Settings(proc=str(proc), refresh=0.01, **settings))  # type: ignore[arg-type]  # texts only
    with closing(collector.watch(stop)) as said:  # type: ignore[type-var]  # a generator
        yield news(said)
    stop.close()


def netns_of(proc: Path, pid: int) -> Netns:
    """Return what stands for a made-up process's namespace."""
    status = (proc / str(pid) / "ns" / "net").stat()
    return Netns(status.st_dev, status.st_ino)


def test_no_engine_is_nothing_to_tell(proc: Path, roots: Path) -> None:
    """A node whose containers run no engine is told of at once, as that."""
    add_container(proc, 7, OUTER, roots / "outer")
    with watching(proc) as facts:
        assert next(facts) == NestedFacts()


def test_docker_in_a_container_tells_its_containers(proc: Path, roots: Path) -> None:
    """Each has its host pid and namespace, by its cgroup below the outer one's."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    add_process(proc, 9, f"0::/docker/{OUTER}/docker/{DEEP}\n", started=300)
    add_process(proc, 8, f"0::/docker/{OUTER}/docker/{DEEP}/sub\n", started=200)
    with docker_in(root, DEEP), watching(proc) as facts:
        (engine,) = next(facts).engines
    assert (engine.runtime, engine.within, engine.where) == ("docker", OUTER, DOCKER)
    (box,) = engine.containers
    assert (box.id, box.name, box.pid, box.started) == (DEEP, "box0", 8, 200)
    assert box.netns == netns_of(proc, 8)


def test_a_runtime_of_pods_in_a_container_tells_its_sandboxes(
    proc: Path, roots: Path
) -> None:
    """As in a node of kind: pods by the CRI, each process by its cgroup."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    with cri_server(f"{root}{CONTAINERD}") as (runtime, _), watching(proc) as facts:
        sandbox = runtime.sandbox(1)
        box = runtime.container(2, sandbox)
        runtime.container_told(box.id, os.getpid())
        for pid, one in ((11, sandbox.id), (12, box.id)):
            cgroup = f"/docker/{OUTER}/kubelet/kubepods/pod1/{one}"
            add_process(proc, pid, f"0::{cgroup}\n")
        (engine,) = next(facts).engines
    assert (engine.runtime, engine.within, engine.where) == (
        "cri-o",
        OUTER,
        CONTAINERD,
    )
    assert [(s.name, s.pid) for s in engine.sandboxes] == [("pod1", 11)]
    assert [(c.pid, c.sandbox_id) for c in engine.containers] == [(12, sandbox.id)]


def test_a_link_in_the_container_lends_it_no_namespace(proc: Path, roots: Path) -> None:
    """A pin's path is followed inside the container, where ours are out of reach."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    (root / "run/netns").mkdir()
    (root / "run/netns/x").symlink_to("/proc/self/ns/net")
    with cri_server(f"{root}{CONTAINERD}") as (runtime, _), watching(proc) as facts:
        sandbox = runtime.sandbox(1)
        spaces = [{"type": "network", "path": "/run/netns/x"}]
        info = {"runtimeSpec": {"linux": {"namespaces": spaces}}, "pid": os.getpid()}
        runtime.told(sandbox.id, info)
        (engine,) = next(facts).engines
    (told,) = engine.sandboxes
    assert told.netns_path == "/run/netns/x"
    assert (told.netns, told.pid) == (None, None)


def test_a_container_elsewhere_is_not_claimed(proc: Path, roots: Path) -> None:
    """An engine may name any id: the processes of others do not become its own."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    add_container(proc, 20, OTHER, roots / "other")
    with docker_in(root, OTHER, OUTER), watching(proc) as facts:
        (engine,) = next(facts).engines
    assert [(c.id, c.pid, c.netns) for c in engine.containers] == [
        (OTHER, None, None),
        (OUTER, None, None),
    ]


def test_the_nodes_own_socket_is_no_engine_inside(proc: Path, roots: Path) -> None:
    """Containers that mount the host's socket see the very same file."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    host = roots / "host"
    (host / "run").mkdir(parents=True)
    with docker_in(root, DEEP):
        os.link(f"{root}{DOCKER}", f"{host}{DOCKER}")
        with watching(proc, host_root=str(host)) as facts:
            assert next(facts) == NestedFacts()


def test_a_socket_whose_listener_is_elsewhere_is_no_engine_inside(
    proc: Path, roots: Path
) -> None:
    """A socket that two containers share is of the one whose process listens."""
    roots_of = {
        one: add_container(proc, pid, one, roots / one[:3])
        for pid, one in ((7, OUTER), (20, OTHER))
    }
    (proc / "self").symlink_to(str(os.getpid()))
    add_process(proc, os.getpid(), f"0::/docker/{OTHER}\n", started=900)
    with docker_in(roots_of[OTHER], DEEP):
        os.link(f"{roots_of[OTHER]}{DOCKER}", f"{roots_of[OUTER]}{DOCKER}")
        with watching(proc) as facts:
            (engine,) = next(facts).engines
    assert engine.within == OTHER


@pytest.mark.parametrize("trap", ["file", "folder", "fifo", "link out", "link in"])
def test_only_a_socket_inside_is_connected_to(
    proc: Path, roots: Path, trap: str
) -> None:
    """Nothing else in its place is opened, and no link leads out of the container."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    place = root / DOCKER[1:]
    outside = add_container(proc, 20, OTHER, roots / "other")
    (proc / "20").rename(proc / "unseen")
    with docker_in(outside, DEEP) as daemon, docker_daemon(f"{root}/s"):
        match trap:
            case "file":
                place.touch()
            case "folder":
                place.mkdir()
            case "fifo":
                os.mkfifo(place)
            case "link out":
                place.symlink_to(f"{outside}{DOCKER}")
            case "link in":
                place.symlink_to("/s")
        with watching(proc) as facts:
            found = next(facts)
        assert daemon.asked == []
    assert len(found.engines) == (trap == "link in")
    assert found.troubles == ()


@pytest.mark.parametrize("leads", ["in", "out"])
def test_a_folder_may_be_a_link(proc: Path, roots: Path, leads: str) -> None:
    """It is followed as the container follows it, from its own root."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    (root / "run").rename(root / "r")
    (root / "run").symlink_to("/r" if leads == "in" else f"{root}/r")
    with docker_daemon(f"{root}/r/docker.sock"), watching(proc) as facts:
        assert len(next(facts).engines) == (leads == "in")


def test_an_engine_that_hangs_hides_no_other(
    proc: Path, roots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told of, is not waited for again, and is heard when it answers."""
    monkeypatch.setattr("ocnetview.collectors.nested._ANSWER_SECONDS", 0.5)
    hung = add_container(proc, 7, OUTER, roots / "hung")
    good = add_container(proc, 20, OTHER, roots / "good")
    with docker_in(hung) as daemon, docker_in(good, DEEP):
        daemon.hold.clear()
        with watching(proc) as facts:
            first = next(facts)
            assert [engine.within for engine in first.engines] == [OTHER]
            assert first.troubles == (
                f"{DOCKER} in {OUTER[:13]}: no answer within 0 s",
            )
            daemon.hold.set()
            then = next(facts)
    assert [engine.within for engine in then.engines] == [OUTER, OTHER]
    assert then.troubles == ()
    assert daemon.count("/containers/json") == 1


@pytest.mark.parametrize(
    ("version", "containers", "words"),
    [
        ([], [], "names no version of the Docker API"),
        (None, {"x": "\x1b[31m"}, "the list of containers is no list"),
        (None, [{"Names": []}], "a container without an id"),
    ],
)
def test_an_engine_that_answers_nonsense_is_told_of(
    proc: Path, roots: Path, version: object, containers: object, words: str
) -> None:
    """What it says is a trouble in one line, safe to print, and nothing more."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    with docker_in(root) as daemon, watching(proc) as facts:
        daemon.containers = containers
        daemon.version = daemon.version if version is None else version
        found = next(facts)
    assert found.engines == ()
    (trouble,) = found.troubles
    assert trouble.startswith(f"{DOCKER} in {OUTER[:13]}: cannot ")
    assert words in trouble
    assert trouble.isprintable()


def test_a_socket_that_nobody_listens_at_is_told_by_its_path(
    proc: Path, roots: Path
) -> None:
    """An engine that has died is a trouble, in which no number of ours stands."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(f"{root}{DOCKER}")
    with watching(proc) as facts:
        assert next(facts).troubles == (
            f"{DOCKER} in {OUTER[:13]}: cannot connect to {DOCKER}: no daemon answers",
        )


def test_a_socket_without_pods_is_no_engine(proc: Path, roots: Path) -> None:
    """Docker's containerd serves no CRI: that is no trouble."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    with cri_server(f"{root}{CONTAINERD}") as (runtime, _), watching(proc) as facts:
        runtime.services = set()
        assert next(facts) == NestedFacts()


def test_an_engine_is_followed_by_its_processes(proc: Path, roots: Path) -> None:
    """It is asked again when processes come inside; with its container it goes."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    with docker_in(root) as daemon, watching(proc) as facts:
        before = set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - as they are
        assert next(facts).engines[0].containers == ()
        daemon.containers = [{"Id": DEEP, "Names": ["/late"], "State": "running"}]
        add_process(proc, 30, f"0::/docker/{OUTER}/docker/{DEEP}\n")
        (late,) = next(facts).engines[0].containers
        assert (late.name, late.pid) == ("late", 30)
        (proc / "7").rename(proc / "gone")
        (proc / "30").rename(proc / "gone too")
        assert next(facts) == NestedFacts()
        assert set(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208 - all back


def test_an_engine_that_starts_late_is_found(proc: Path, roots: Path) -> None:
    """Its socket comes when its container already runs: the new process tells."""
    root = add_container(proc, 7, OUTER, roots / "outer")
    with watching(proc) as facts:
        assert next(facts) == NestedFacts()
        with docker_in(root, DEEP):
            add_process(proc, 8, f"0::/docker/{OUTER}\n", started=500)
            assert next(facts).engines[0].within == OUTER


def test_a_socket_that_comes_late_is_found(
    proc: Path, roots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process tells of it: its container is looked into in its turn."""
    monkeypatch.setattr("ocnetview.collectors.nested._QUIET_SECONDS", 0.0)
    root = add_container(proc, 7, OUTER, roots / "outer")
    with watching(proc) as facts:
        assert next(facts) == NestedFacts()
        with docker_in(root, DEEP):
            assert next(facts).engines[0].within == OUTER


def test_containers_that_may_not_be_looked_into_are_counted(
    proc: Path, roots: Path
) -> None:
    """What is behind a root that cannot be entered is not said to be nothing."""
    add_container(proc, 7, OUTER, roots / "outer")
    add_process(proc, 20, f"0::/docker/{OTHER}\n")
    (proc / "20" / "root").symlink_to("root")
    with watching(proc) as facts:
        assert next(facts).troubles == (
            "1 container cannot be looked into (needs CAP_SYS_PTRACE)",
        )
