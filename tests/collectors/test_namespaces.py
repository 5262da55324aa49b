"""Pins as files, and the way into a namespace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocnetview.collectors.namespaces import (
    Namespace,
    entrance,
    netns_of,
    pinned,
    unreadable,
)
from ocnetview.collectors.netlink import Netlink
from ocnetview.collectors.visits import visit

OWN = "/proc/self/ns/net"
HOME = Namespace(netns_of(Path(OWN).stat()), [OWN])


def listed(*folders: Path, nsfs: int) -> dict[str, bool]:
    """Return the entries of folders, each with whether it is a pin."""
    found = pinned(map(str, folders), nsfs)
    return {path: status is not None for path, status in found}


def test_a_folder_that_cannot_be_listed_holds_no_pins(tmp_path: Path) -> None:
    """A loop of links, a file, or nothing there: the other folders still count."""
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").touch()
    good = tmp_path / "good"
    good.mkdir()
    (good / "pin").touch()
    broken = [tmp_path / name for name in ("loop", "file", "none")]
    nsfs = good.stat().st_dev
    assert listed(*broken, good, nsfs=nsfs) == {str(good / "pin"): True}


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_folder_that_may_not_be_looked_into_is_told(nobody: Path, mode: int) -> None:
    """Docker's is root's alone: what it pins is not seen, and that is no nothing."""
    closed, good = nobody / "closed", nobody / "good"
    for folder in (closed, good):
        folder.mkdir()
        (folder / "pin").symlink_to(OWN)
    closed.chmod(mode)
    told = list(unreadable(map(str, (closed, good, nobody / "none"))))
    closed.chmod(0o700)
    assert told == [f"{closed} cannot be read, nor what is pinned there (needs root)"]


def test_what_is_on_no_nsfs_pins_nothing(tmp_path: Path) -> None:
    """A file left behind and a loop are told; a link to nowhere is nothing."""
    (tmp_path / "left").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "pin").symlink_to(OWN)
    found = listed(tmp_path, nsfs=Path(OWN).stat().st_dev)
    named = {Path(path).name: is_pin for path, is_pin in found.items()}
    assert named == {"left": False, "loop": False, "pin": True}


def test_the_way_in_is_a_file_that_still_leads_there(tmp_path: Path) -> None:
    """One that is gone or leads elsewhere by now is passed over, and closed."""
    own = netns_of(Path(OWN).stat())
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - names, as they are
    paths = [str(tmp_path / "gone"), "/proc/self/ns/uts", OWN]
    with entrance(Namespace(own, paths)) as fd:
        assert netns_of(os.fstat(fd)) == own
        assert len(os.listdir("/proc/self/fd")) == len(before) + 1  # noqa: PTH208 - same
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208 - same


def test_a_namespace_without_a_way_in_is_gone() -> None:
    """When every file leads elsewhere by now, it ended, as far as can be seen."""
    namespace = Namespace(netns_of(Path(OWN).stat()), ["/proc/self/ns/uts"])
    with pytest.raises(FileNotFoundError), entrance(namespace):
        pass
    with Netlink() as netlink:
        visit(netlink, namespace, HOME)
    assert (namespace.gone, namespace.foreign, namespace.reason) == (True, False, "")


@pytest.mark.parametrize("kind", ["uts", "ipc", "pid", "mnt", "user"])
def test_a_namespace_of_another_type_is_no_ended_one(kind: str) -> None:
    """It is on the nsfs, too, but has no links: EINVAL of RTM_GETNSID tells."""
    path = f"/proc/self/ns/{kind}"
    namespace = Namespace(netns_of(Path(path).stat()), [path], [path])
    with Netlink() as netlink:
        visit(netlink, namespace, HOME)
    assert (namespace.foreign, namespace.gone, namespace.inside) == (True, False, None)
