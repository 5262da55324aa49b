"""When containers come and go, told by folders and by processes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from collectors.docker_server import add_process

from ocnetview.collectors import cgroup_events
from ocnetview.collectors.cgroup_events import CgroupEvents, ContainerPids

IDS = [f"{number:064x}" for number in range(1, 9)]


class Node:
    """A made-up /proc, and cgroup hierarchies of plain folders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.proc = root / "proc"
        (self.proc / "self").mkdir(parents=True)
        self._mounts: list[str] = []

    def mount(self, kind: str, options: str) -> Path:
        """Mount a cgroup hierarchy."""
        place = self.root / f"cgroup-{options}"
        place.mkdir()
        line = f"30 24 0:27 / {place} rw shared:9 - {kind} {kind} {options}"
        self._mounts.append(line)
        (self.proc / "self" / "mountinfo").write_text("\n".join(self._mounts) + "\n")
        return place

    def events(self) -> CgroupEvents:
        """Return the events of this node."""
        return CgroupEvents(str(self.proc))


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Give a node without cgroups."""
    return Node(tmp_path)


def test_pods_and_containers_are_heard(node: Node) -> None:
    """From the hierarchy's top down to the containers' folders, old and new ones."""
    place = node.mount("cgroup2", "rw")
    old = place / "kubepods.slice" / "kubepods-burstable.slice" / "pod1.slice"
    old.mkdir(parents=True)
    with closing(node.events()) as events:
        assert not events.drain()
        (old / f"crio-{IDS[0]}.scope").mkdir()
        assert events.drain()
        assert not events.drain()
        new = place / "kubepods.slice" / "kubepods-pod2.slice"
        new.mkdir()
        assert events.drain()
        (new / f"crio-{IDS[1]}.scope").mkdir()
        assert events.drain()
        (new / f"crio-{IDS[1]}.scope").rmdir()
        assert events.drain()
        new.rmdir()
        assert events.drain()


def test_what_a_container_makes_below_is_not_heard(node: Node) -> None:
    """Cgroups inside of a container are its own affair, as those of other services."""
    place = node.mount("cgroup2", "rw")
    container = place / "kubepods" / "pod1" / IDS[0]
    container.mkdir(parents=True)
    (place / "system.slice").mkdir()
    with closing(node.events()) as events:
        (container / "init.scope").mkdir()
        (place / "system.slice" / "x.service").mkdir()
        (place / "user.slice").mkdir()
        assert not events.drain()


def test_the_kubelets_first_folder_is_heard(node: Node) -> None:
    """On a node where no pod ran yet, and what comes below it at once."""
    place = node.mount("cgroup2", "rw")
    with closing(node.events()) as events:
        (place / "kubepods" / "burstable").mkdir(parents=True)
        assert events.drain()
        (place / "kubepods" / "burstable" / "pod1").mkdir()
        assert events.drain()


def test_one_hierarchy_is_enough(node: Node) -> None:
    """Of version 1 there are many with the same folders; one that all runtimes use."""
    memory = node.mount("cgroup", "rw,memory")
    pids = node.mount("cgroup", "rw,pids")
    for place in (memory, pids):
        (place / "kubepods").mkdir()
    with closing(node.events()) as events:
        (memory / "kubepods" / "pod1").mkdir()
        assert not events.drain()
        (pids / "kubepods" / "pod1").mkdir()
        assert events.drain()


def test_pods_elsewhere_are_found_by_their_processes(node: Node) -> None:
    """A cgroup root of its own, or one of CRI-O's without a kubelet."""
    place = node.mount("cgroup2", "rw")
    path = f"/deep/pods/pod1/{IDS[0]}"
    Path(f"{place}{path}/sub").mkdir(parents=True)
    add_process(node.proc, 7, f"0::{path}/sub\n")
    with closing(node.events()) as events:
        (place / "deep" / "pods" / "pod0").mkdir()
        assert not events.drain()
        assert events.look([7])
        (place / "deep" / "pods" / "pod2").mkdir()
        assert events.drain()
        assert not events.look([7])
        assert events.works


def test_a_node_that_is_a_container_has_its_pods_below(node: Node) -> None:
    """What names the node's own container is passed by."""
    place = node.mount("cgroup2", "rw")
    path = f"/docker/{IDS[0]}/kubelet/pods/pod1/{IDS[1]}"
    Path(f"{place}{path}").mkdir(parents=True)
    add_process(node.proc, 7, f"0::{path}\n")
    with closing(node.events()) as events:
        events.look([7])
        (place / "docker" / IDS[2]).mkdir()
        assert not events.drain()
        (place / "docker" / IDS[0] / "kubelet" / "pods" / "pod2").mkdir()
        assert events.drain()
        assert events.works


@pytest.mark.parametrize("path", [f"/elsewhere/{IDS[0]}", f"/{IDS[0]}"])
def test_a_container_that_is_out_of_sight_is_told(node: Node, path: str) -> None:
    """Where its folder cannot be watched, something else must."""
    node.mount("cgroup2", "rw")
    add_process(node.proc, 7, f"0::{path}\n")
    with closing(node.events()) as events:
        events.look([7])
        assert not events.works


def test_a_process_that_ended_or_names_none_is_passed_over(node: Node) -> None:
    """That says nothing of what can be watched."""
    node.mount("cgroup2", "rw")
    add_process(node.proc, 7, "0::/user.slice\n")
    with closing(node.events()) as events:
        events.look([7, 8])
        assert events.works


def test_too_many_folders_are_told(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user may have only so many watches."""
    monkeypatch.setattr(cgroup_events, "_MOST", 3)
    place = node.mount("cgroup2", "rw")
    for number in range(9):
        (place / "kubepods" / str(number)).mkdir(parents=True)
    with closing(node.events()) as events:
        assert not events.works


def test_without_cgroups_nothing_is_heard(node: Node) -> None:
    """A node whose mounts cannot be read is no error."""
    with closing(node.events()) as events:
        events.look([7])
        assert not events.drain()


@pytest.fixture
def real() -> Iterator[Path]:
    """Give a cgroup of our own, gone with all below it afterwards."""
    for top in ("/sys/fs/cgroup/pids", "/sys/fs/cgroup"):
        with suppress(OSError):
            place = Path(tempfile.mkdtemp(prefix="ocnetview-", dir=top))
            try:
                if (place / "cgroup.procs").exists():
                    yield place
                    return
            finally:
                for folder, _, _ in os.walk(place, topdown=False):
                    Path(folder).rmdir()
    pytest.skip("may not make cgroups")


def test_the_kernels_cgroups_are_heard(node: Node, real: Path) -> None:
    """Cgroupfs tells of folders as other file systems do."""
    line = f"30 24 0:27 / {real} rw - cgroup2 cgroup2 rw\n"
    (node.proc / "self" / "mountinfo").write_text(line)
    with closing(node.events()) as events:
        for folder in ("kubepods", "kubepods/pod1", f"kubepods/pod1/{IDS[0]}"):
            (real / folder).mkdir()
            assert events.drain()
        (real / "kubepods" / "pod1" / IDS[0]).rmdir()
        assert events.drain()


def test_processes_tell_where_folders_cannot(tmp_path: Path) -> None:
    """A container's first process and its last one, and no other."""
    pids = ContainerPids(str(tmp_path))
    add_process(tmp_path, 1, "0::/init.scope\n")
    assert not pids.changed()
    add_process(tmp_path, 2, f"0::/kubepods/pod1/{IDS[0]}\n")
    assert pids.changed()
    add_process(tmp_path, 3, f"0::/kubepods/pod1/{IDS[0]}\n")
    add_process(tmp_path, 4, "0::/user.slice\n")
    assert not pids.changed()
    for pid in (2, 3):
        (tmp_path / str(pid)).rename(tmp_path / f"gone{pid}")
        assert pids.changed() == (pid == 3)
    add_process(tmp_path, 5, "0::/\n")
    assert not pids.changed()
    (tmp_path / "5" / "cgroup").write_text(f"0::/kubepods/pod1/{IDS[1]}\n")
    assert pids.changed()
    assert not ContainerPids(str(tmp_path / "none")).changed()
