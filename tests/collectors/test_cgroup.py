"""Containers by cgroup path, in every form that a runtime and a driver write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from collectors.docker_server import add_process

from ocnetview.collectors.cgroup import (
    container_id,
    container_of,
    containers_of,
    first_started,
    is_in,
    places_by_container,
)

A = "ab" * 32
B = "12" * 32
SLICE = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice"


@pytest.mark.parametrize(
    "path",
    [
        f"/docker/{A}",
        f"/made/parent/{A}",
        f"/system.slice/docker-{A}.scope",
        f"/system.slice/docker-{A}.scope/init.scope",
        f"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-{A}.scope",
        f"/kubepods/burstable/pod1-2/{A}",
        f"{SLICE}/cri-containerd-{A}.scope",
        f"{SLICE}/docker-{A}.scope",
        f"{SLICE}/crio-{A}.scope",
        f"{SLICE}/crio-{A}.scope/container",
        f"/kubepods/besteffort/pod1-2/crio-{A}",
        f"/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:{A}",
        f"/machine.slice/libpod-{A}.scope/container",
        f"/libpod_parent/libpod-{A}",
        f"/machine.slice/libpod-{A}.scope/sub/{'c' * 63}",
        f"/docker/{B}/docker/{A}",
        f"/docker/{A}/system.slice/x.service",
        f"/../{A}",
        f"/docker/{A} (deleted)",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "0::{}\n",
        "12:cpu,cpuacct:{0}\n11:pids:{0}\n1:name=systemd:{0}\n",
        "4:memory:{}\n1:name=systemd:/\n0::/\n",
        f"4:memory:/docker/{B}{{}}\n0::/docker/{B}\n",
    ],
    ids=["v2", "v1", "hybrid", "nested"],
)
def test_a_containers_path_names_it(form: str, path: str) -> None:
    """The innermost id of any hierarchy is the container's."""
    assert container_id(form.format(path)) == A


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/init.scope",
        "/system.slice/docker.service",
        f"/system.slice/crio-conmon-{A}.scope",
        f"/machine.slice/libpod-conmon-{A}.scope",
        f"/kubepods/besteffort/pod1-2/crio-conmon-{A}",
        f"/docker/{A[:-1]}",
        f"/docker/{A}0",
        f"/docker/{A.upper()}",
        f"/docker/{A}.mount",
        f"/system.slice/run-{A}.scope.d",
        "",
    ],
)
def test_other_paths_name_none(path: str) -> None:
    """A monitor, a service or another 64 digits is no container."""
    assert container_id(f"1:name=systemd:{path}\n0::{path}\n") == ""


def test_one_pass_groups_processes_by_container(tmp_path: Path) -> None:
    """Every process of a container is with it; the node's own are left out."""
    add_process(tmp_path, 12, f"0::/docker/{A}\n")
    add_process(tmp_path, 9, f"0::/docker/{A}/sub\n")
    add_process(tmp_path, 10, f"0::/docker/{B}\n")
    add_process(tmp_path, 1, "0::/init.scope\n")
    (tmp_path / "self").symlink_to("12")
    (tmp_path / "13").mkdir()
    assert places_by_container(str(tmp_path)) == {
        A: {f"/docker/{A}": [9, 12]},
        B: {f"/docker/{B}": [10]},
    }
    assert container_of(str(tmp_path), 10) == B
    assert container_of(str(tmp_path), 13) == ""


def test_every_container_around_a_process_is_named(tmp_path: Path) -> None:
    """The outer first; cgroup v2 may know less of a nested one than the others."""
    nested = f"5:pids:/docker/{A}/docker/{B}\n0::/docker/{A}\n"
    add_process(tmp_path, 7, nested)
    assert containers_of(str(tmp_path), 7) == (A, B)
    assert containers_of(str(tmp_path), 8) == ()


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        (f"0::/docker/{A}\n", True),
        (f"4:cpu:/docker/{A}\n0::/\n", True),
        (f"0::/docker/{A}/docker/{B}\n", True),
        (f"0::/docker/{B}\n", False),
        (f"0::/crio-conmon-{A}.scope\n", None),
        ("0::/user.slice\n", None),
        ("", None),
    ],
)
def test_a_cgroup_confirms_denies_or_says_nothing(
    tmp_path: Path,
    text: str,
    inside: bool | None,  # noqa: FBT001 - a parameter of pytest's
) -> None:
    """A nested container's process is in the outer one, too; silence is no denial."""
    add_process(tmp_path, 5, text)
    assert is_in(str(tmp_path), 5, A) is inside
    assert is_in(str(tmp_path), 6, A) is None


def test_no_proc_is_an_error(tmp_path: Path) -> None:
    """Without a proc file system there is nothing to pass over."""
    with pytest.raises(FileNotFoundError):
        places_by_container(str(tmp_path / "none"))


def test_the_first_started_is_the_main_process(tmp_path: Path) -> None:
    """Field 22 decides, then the pid; what has ended or is no stat is left out."""
    proc = str(tmp_path)
    add_process(tmp_path, 5, "", started=30)
    add_process(tmp_path, 9, "", started=20)
    add_process(tmp_path, 8, "", started=20)
    add_process(tmp_path, 4, "")
    (tmp_path / "4" / "stat").write_text("4 (x) S\n")
    assert first_started(proc, [4, 5, 8, 9, 77]) == 8
    assert first_started(proc, [77]) is None
    assert first_started(proc, []) is None


def test_the_real_proc_is_read() -> None:
    """Our own process is found to be where the kernel says, started once."""
    assert first_started("/proc", [os.getpid()]) == os.getpid()
    text = Path("/proc/self/cgroup").read_text()
    assert container_of("/proc", os.getpid()) == container_id(text)
