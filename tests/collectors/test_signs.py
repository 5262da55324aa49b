"""The signs by which the place that we run in is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocnetview.collectors.signs import (
    holds_node,
    read_signs,
    same_network,
    shows_our_pid,
)


def test_a_proc_of_an_outer_pid_namespace_shows_two_pids(tmp_path: Path) -> None:
    """NSpid has a number for each pid namespace from the file system's to ours."""
    status = tmp_path / "self" / "status"
    status.parent.mkdir()
    status.write_text("Name:\tx\nNSpid:\t4242\t7\n")
    assert shows_our_pid(str(tmp_path)) is False
    status.write_text("Name:\tx\nNSpid:\t7\n")
    assert shows_our_pid(str(tmp_path)) is True
    status.write_text("Name:\tx\n")
    assert shows_our_pid(str(tmp_path)) is None
    assert shows_our_pid(str(tmp_path / "none")) is None
    assert shows_our_pid("/proc") is True


@pytest.mark.parametrize(
    ("files", "whole"),
    [
        (("etc/os-release", "run/", "proc/"), True),
        (("usr/lib/os-release", "run/", "proc/"), True),
        (("etc/os-release", "proc/"), False),
        (("run/", "proc/"), False),
        ((), False),
    ],
)
def test_a_whole_root_is_a_nodes(
    tmp_path: Path, files: tuple[str, ...], *, whole: bool
) -> None:
    """Some of a node's folders, as a pod may have them at /host, are none."""
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if name.endswith("/") else path.touch()
    assert holds_node(str(tmp_path)) is whole


def test_containers_leave_their_signs(tmp_path: Path) -> None:
    """Variables of Kubernetes and of Podman count, empty ones do not."""
    none = read_signs({"container": ""}, str(tmp_path))
    some = read_signs({"container": "oci", "KUBERNETES_SERVICE_HOST": "x"}, "/none")
    assert none.files == some.files == ""
    told = set(some.container) - set(none.container)
    assert told == {
        "the variable container is set",
        "the variable KUBERNETES_SERVICE_HOST is set",
    }


def test_our_own_root_is_no_other(tmp_path: Path) -> None:
    """A link to where we are shows no node around us."""
    (tmp_path / "host").symlink_to("/")
    assert read_signs({}, str(tmp_path / "host")).files == ""


def test_a_network_is_compared_without_a_right(tmp_path: Path) -> None:
    """By the files that each network namespace has of its own, in /proc/PID/net."""
    for pid in ("self", "1"):
        (tmp_path / pid / "net").mkdir(parents=True)
    assert same_network(str(tmp_path)) is None
    (tmp_path / "self" / "net" / "dev").touch()
    (tmp_path / "1" / "net" / "dev").touch()
    assert same_network(str(tmp_path)) is False
    (tmp_path / "1" / "net" / "dev").unlink()
    os.link(tmp_path / "self" / "net" / "dev", tmp_path / "1" / "net" / "dev")
    assert same_network(str(tmp_path)) is True
