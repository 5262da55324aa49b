"""Which processes a container has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocnetview.collectors.members import (
    Hierarchy,
    Members,
    cgroup_mounts,
    folders_of,
)

ID = "ab" * 32


class Node:
    """A made-up /proc and cgroup file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.proc = root / "proc"
        (self.proc / "self" / "ns").mkdir(parents=True)
        self.mounts: list[str] = []
        self.spaces = root / "spaces"
        self.spaces.mkdir()
        self.space("self", "host")

    def mount(self, kind: str, name: str, options: str) -> Path:
        """Mount a cgroup hierarchy."""
        place = self.root / "cgroup" / name
        place.mkdir(parents=True)
        line = f"30 24 0:27 / {place} rw shared:9 - {kind} {kind} {options}"
        self.mounts.append(line)
        (self.proc / "self" / "mountinfo").write_text("\n".join(self.mounts) + "\n")
        return place

    def space(self, pid: int | str, name: str) -> None:
        """Put a process in a pid namespace."""
        (self.spaces / name).touch()
        (self.proc / str(pid) / "ns").mkdir(parents=True, exist_ok=True)
        (self.proc / str(pid) / "ns" / "pid").symlink_to(self.spaces / name)

    def process(
        self, pid: int, cgroup: str, ppid: int = 1, space: str = "host"
    ) -> None:
        """Start a process."""
        self.space(pid, space)
        (self.proc / str(pid) / "cgroup").write_text(cgroup)
        (self.proc / str(pid) / "stat").write_text(
            f"{pid} (a) b) S {ppid}" + " 0" * 48 + "\n"
        )

    def pids(self, pid: int) -> set[int]:
        """Return the container's processes as they are found."""
        return set(Members(str(self.proc)).of(ID, pid))


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Return an empty node."""
    return Node(tmp_path)


def group(place: Path, path: str, *pids: int) -> None:
    """Make a cgroup with these processes."""
    folder = place / path.lstrip("/")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cgroup.procs").write_text("".join(f"{pid}\n" for pid in pids))


@pytest.mark.parametrize(
    "path",
    [
        f"/docker/{ID}",
        f"/system.slice/docker-{ID}.scope",
        f"/kubepods.slice/kubepods-burstable.slice/crio-{ID}.scope",
        f"/kubepods/burstable/podu/{ID}",
    ],
)
def test_cgroup_v2_holds_every_process(node: Node, path: str) -> None:
    """All of cgroup.procs, those in cgroups below it, and what exec started."""
    place = node.mount("cgroup2", "unified", "rw,nsdelegate")
    group(place, path, 100, 7000)
    group(place, f"{path}/init.scope/deep", 101)
    group(place, "/docker/other", 999)
    node.process(100, f"0::{path}\n")
    assert node.pids(100) == {100, 101, 7000}


def test_a_main_process_in_a_cgroup_below_has_the_whole_container(node: Node) -> None:
    """Systemd in a container moves itself down; the container's cgroup is asked."""
    place = node.mount("cgroup2", "unified", "rw")
    path = f"/system.slice/docker-{ID}.scope"
    group(place, path)
    group(place, f"{path}/init.scope", 100)
    group(place, f"{path}/system.slice", 101)
    node.process(100, f"0::{path}/init.scope\n")
    assert node.pids(100) == {100, 101}


def test_cgroup_v1_is_asked_where_the_id_stands(node: Node) -> None:
    """On a hybrid node the v2 line may be empty; a controller's line has the id."""
    node.mount("cgroup2", "unified", "rw")
    place = node.mount("cgroup", "cpu", "rw,cpu,cpuacct")
    group(place, f"/docker/{ID}", 100, 101)
    node.process(100, f"4:cpu,cpuacct:/docker/{ID}\n1:name=systemd:/\n0::/\n")
    assert node.pids(100) == {100, 101}


def test_a_hierarchy_that_does_not_hold_it_is_passed_over(node: Node) -> None:
    """The list that lacks the main process is another cgroup under that path."""
    wrong = node.mount("cgroup", "memory", "rw,memory")
    right = node.mount("cgroup", "pids", "rw,pids")
    group(wrong, f"/docker/{ID}", 1)
    group(right, f"/docker/{ID}", 100)
    node.process(100, f"9:memory:/docker/{ID}\n8:pids:/docker/{ID}\n")
    assert node.pids(100) == {100}


def test_without_a_cgroup_the_pid_namespace_tells(node: Node) -> None:
    """Rootless and nested engines: all processes of the main one's pid namespace."""
    node.process(100, "0::/\n", space="box")
    node.process(101, "0::/\n", ppid=7000, space="box")
    node.process(102, "0::/\n", space="other")
    assert node.pids(100) == {100, 101}


def test_in_the_nodes_pid_namespace_the_tree_tells(node: Node) -> None:
    """With --pid=host and no cgroup only the descendants can be told."""
    for pid, ppid in ((100, 1), (101, 100), (102, 101), (200, 1)):
        node.process(pid, "0::/\n", ppid)
    assert node.pids(100) == {100, 101, 102}


def test_the_nodes_init_is_no_containers_main_process(node: Node) -> None:
    """Below it is the whole node, of which nothing is shown as the container's."""
    for pid, ppid in ((1, 0), (2, 1), (3, 2)):
        node.process(pid, "0::/\n", ppid)
    assert node.pids(1) == set()
    assert Members("/proc").of(ID, 1) == {}


@pytest.mark.parametrize("space", ["host", "box"])
def test_a_pid_that_is_another_containers_by_now_has_nothing(
    node: Node, space: str
) -> None:
    """A number that was given anew shows no process of who has it now."""
    node.process(100, f"0::/docker/{'cd' * 32}\n", space=space)
    node.process(101, f"0::/docker/{'cd' * 32}\n", ppid=100, space=space)
    assert node.pids(100) == set()


def test_a_container_that_ended_has_no_process(node: Node) -> None:
    """Nothing, and no error."""
    assert node.pids(4242) == set()


def test_mounts_are_named_as_proc_names_them(node: Node) -> None:
    """v1 by controller, v2 by the empty name."""
    unified = node.mount("cgroup2", "unified", "rw")
    systemd = node.mount("cgroup", "systemd", "rw,name=systemd")
    mounts = cgroup_mounts(str(node.proc))
    assert mounts[""] == Hierarchy(os.fspath(unified), "/")
    assert mounts["name=systemd"].place == os.fspath(systemd)


@pytest.mark.parametrize(
    ("mounted", "path", "folders"),
    [
        ("/", "/pods/p/c", ["/pods/p/c"]),
        ("/", "/../other/c", []),
        ("/../..", "/../../pods/p/c", ["/pods/p/c"]),
        ("/../../..", "/../../p/c", ["/pods/p/c"]),
        ("/../../..", "/../c", ["/pods/p/c"]),
        ("/../../..", "/../../gone/c", []),
        ("/pods", "/pods/p/c", ["/p/c"]),
        ("/pods", "/other/c", []),
        ("/../pods", "/../pods/p", ["/p"]),
        ("/../pods", "/c", []),
    ],
)
def test_a_path_from_another_cgroup_namespace_leads_somewhere(
    tmp_path: Path, mounted: str, path: str, folders: list[str]
) -> None:
    """Levels whose names are not told are looked for; what is not mounted is not."""
    (tmp_path / "pods" / "p" / "c").mkdir(parents=True)
    found = folders_of(Hierarchy(str(tmp_path), mounted), path)
    assert [folder.removeprefix(str(tmp_path)) for folder in found] == folders


def test_the_nodes_mounts_are_those_of_its_init(node: Node) -> None:
    """From another root, with its cgroup namespace, the node's own folders are read."""
    (node.proc / "1").mkdir()
    (node.proc / "1" / "mountinfo").write_text(
        "30 24 0:27 /../.. /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
    )
    folder = node.root / "sys" / "fs" / "cgroup" / "pods" / f"crio-{ID}.scope"
    folder.mkdir(parents=True)
    (folder / "cgroup.procs").write_text("100\n101\n")
    node.process(100, f"0::/../crio-{ID}.scope\n")
    found = Members(str(node.proc), str(node.root)).of(ID, 100)
    assert found == {100: ID, 101: ID}


def test_without_its_folder_the_processes_say_it_themselves(node: Node) -> None:
    """Where no mount shows the cgroup, each process's own word of it is taken."""
    node.process(100, f"0::/../../crio-{ID}.scope\n", space="box")
    node.process(101, f"0::/../../crio-{ID}.scope/init\n", space="inner")
    node.process(102, "0::/../../other.scope\n", space="box")
    assert node.pids(100) == {100, 101}


def test_what_runs_in_an_inner_container_is_of_that_one(node: Node) -> None:
    """Each process comes with the innermost container that a cgroup's name stands for.

    Of a node in a container (kind) the cgroups of its pods are below its own.
    """
    inner = "cd" * 32
    path = f"/docker/{ID}/kubelet.slice/cri-containerd-{inner}.scope"
    place = node.mount("cgroup2", "unified", "rw")
    node.process(100, f"0::/docker/{ID}/init.scope\n")
    group(place, f"/docker/{ID}/init.scope", 100)
    group(place, path, 101)
    assert Members(str(node.proc)).of(ID, 100) == {100: ID, 101: inner}


def test_a_cgroup_of_that_name_elsewhere_is_not_the_containers(node: Node) -> None:
    """Who may make cgroups gives them any name; whose is which the main one tells."""
    node.process(100, f"0::/kubepods/podu/{ID}\n", space="box")
    node.process(101, f"0::/user.slice/{ID}\n", space="other")
    everyone = Members(str(node.proc))
    assert everyone.of(ID, 100) == {100: ID}
    assert (everyone.whose(100), everyone.whose(101)) == ("", "")


def test_the_only_cgroup_of_that_name_is_the_containers(node: Node) -> None:
    """A single process, too, is in the container that its cgroup names."""
    node.process(100, f"0::/kubepods/podu/{ID}\n", space="box")
    node.process(102, f"0::/kubepods/podu/{ID}/init\n", space="box")
    node.process(103, "0::/init.scope\n")
    everyone = Members(str(node.proc))
    assert [everyone.whose(pid) for pid in (100, 102, 103)] == [ID, ID, ""]


def test_a_cgroup_is_kept_while_it_holds_the_main_process(node: Node) -> None:
    """Neither mounts nor the process are asked again; what moved is found anew."""
    path = f"/docker/{ID}"
    place = node.mount("cgroup2", "unified", "rw")
    group(place, path, 100)
    node.process(100, f"0::{path}\n")
    everyone = Members(str(node.proc))
    assert everyone.of(ID, 100) == {100: ID}
    (node.proc / "self" / "mountinfo").rename(node.root / "mountinfo")
    (node.proc / "100" / "cgroup").rename(node.root / "of100")
    group(place, path, 100, 101)
    group(place, f"{path}/below/deep", 102)
    everyone.begin()
    assert everyone.of(ID, 100) == {100: ID, 101: ID, 102: ID}
    group(place, path)
    other = node.mount("cgroup", "pids", "rw,pids")
    group(other, path, 100, 103)
    (node.proc / "100" / "cgroup").write_text(f"5:pids:{path}\n0::/\n")
    everyone.begin()
    assert everyone.of(ID, 100) == {100: ID, 103: ID}
