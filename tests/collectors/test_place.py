"""Where we run, from the signs; and the settings as that place has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ocnetview.collectors.place import find_place, kind_of, settled, told
from ocnetview.collectors.signs import Signs
from ocnetview.config import Settings
from ocnetview.errors import ConfigError
from ocnetview.facts import Place, PlaceKind

IN = ("the variable container is set",)
NODE = Signs(same_root=True, same_mounts=True, first_pids=True)
POD = Signs(same_root=False, same_mounts=False, enter=True, host_like=True)


@pytest.mark.parametrize(
    ("signs", "kind"),
    [
        (NODE, PlaceKind.HOST),
        (replace(NODE, container=("/.dockerenv is there",)), PlaceKind.HOST),
        (replace(NODE, files="/host"), PlaceKind.HOST),
        (replace(NODE, same_mounts=False), PlaceKind.HOST),
        (replace(NODE, first_pids=False), PlaceKind.HOST),
        (replace(NODE, first_pids=False, container=IN), PlaceKind.ALONE),
        (Signs(), PlaceKind.HOST),
        (Signs(container=IN), PlaceKind.ALONE),
        (replace(NODE, same_mounts=False, container=IN), PlaceKind.CHROOT),
        (
            replace(NODE, first_pids=False, same_mounts=False, container=IN),
            PlaceKind.CHROOT,
        ),
        (POD, PlaceKind.CONTAINER),
        (
            replace(POD, enter=False, host_like=False, first_pids=True),
            PlaceKind.CONTAINER,
        ),
        (Signs(same_root=False, files="/host", files_pids=True), PlaceKind.CONTAINER),
        (Signs(same_root=False, files="/host"), PlaceKind.FILES),
        (Signs(same_root=False), PlaceKind.ALONE),
        (
            Signs(same_root=True, same_mounts=True, files="/host"),
            PlaceKind.FILES,
        ),
        (Signs(files="/host", files_pids=True), PlaceKind.CONTAINER),
    ],
)
def test_signs_speak_for_a_place(signs: Signs, kind: PlaceKind) -> None:
    """Pid 1's root and mounts first; then what only containers have."""
    assert kind_of(signs) is kind


def test_each_sign_is_told() -> None:
    """What could not be known is told as that."""
    assert list(told(Signs(container=IN, files="/host"))) == [
        "our root directory cannot be compared",
        "our mount namespace cannot be compared",
        "our pid namespace is not the machine's first",
        "the variable container is set",
        "/host holds a node's root, whose /proc shows other pids",
    ]


def test_a_root_that_is_given_wins(tmp_path: Path) -> None:
    """It is taken without a look at what it holds; / is where we are."""
    place = find_place(Settings(host_root=f"{tmp_path}/"), {})
    assert (place.kind, place.host_root) == (PlaceKind.CONTAINER, str(tmp_path))
    assert place.why[0] == f"host_root is given as {tmp_path}"
    place = find_place(Settings(host_root="/"), {})
    assert (place.kind, place.host_root, place.proc) == (PlaceKind.HOST, "", "/proc")
    with pytest.raises(ConfigError, match="host_root /gone: no such folder"):
        find_place(Settings(host_root="/gone"), {})


def test_settings_win_over_what_is_found() -> None:
    """A proc file system and a namespace that somebody names are taken."""
    given = Settings(host_root="/", proc="/else", netns="/run/netns/x")
    place = find_place(given, {})
    assert (place.proc, place.netns) == ("/else", "/run/netns/x")
    assert "/run/netns/x is given as the node's network namespace" in place.why
    assert settled(given, place) == replace(given, host_root="")


def test_every_path_is_put_below_the_nodes_root() -> None:
    """Sockets in each way of writing, folders, and never what is on a network."""
    place = Place(PlaceKind.CONTAINER, "/host", "/proc", "/proc/1/ns/net")
    given = Settings(
        docker_host="unix:///var/run/docker.sock",
        podman=("unix:///run/user/7/podman/podman.sock", "tcp://h:1"),
        cri=("unix:///run/crio/crio.sock", "/run/k3s/containerd/containerd.sock"),
    )
    found = settled(given, place)
    assert found.docker_host == "unix:///host/run/docker.sock"
    assert found.podman == ("unix:///host/run/user/7/podman/podman.sock", "tcp://h:1")
    assert found.cri == (
        "unix:///host/run/crio/crio.sock",
        "/host/run/k3s/containerd/containerd.sock",
    )
    assert found.ovsdb == "unix:/host/run/openvswitch/db.sock"
    assert found.netns_dirs == ("/host/run/netns", "/host/run/docker/netns")
    assert found.cni_results == "/host/var/lib/cni/results"
    assert (found.host_root, found.netns) == ("/host", "/proc/1/ns/net")
    assert settled(found, place) == found


def test_a_socket_of_our_own_stays_ours(tmp_path: Path) -> None:
    """What somebody names is taken from the node, else from the container's files."""
    (tmp_path / "mine.sock").touch()
    place = Place(PlaceKind.CONTAINER, str(tmp_path / "host"))
    own = settled(Settings(docker_host=f"unix://{tmp_path}/mine.sock"), place)
    assert own.docker_host == f"unix:///proc/self/root{tmp_path}/mine.sock"
    assert settled(own, place) == own
    below = tmp_path / "host" / str(tmp_path).lstrip("/")
    below.mkdir(parents=True)
    (below / "mine.sock").touch()
    theirs = settled(Settings(docker_host=f"unix://{tmp_path}/mine.sock"), place)
    assert theirs.docker_host == f"unix://{below}/mine.sock"
