"""Which endpoints are asked, and what they are called."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ocnetview.collectors.cri_sockets import (
    KNOWN,
    Endpoint,
    find_endpoints,
    places,
    socket_path,
)
from ocnetview.config import Settings
from ocnetview.errors import CollectorError


def found(root: Path, *cri: str) -> list[tuple[str, str]]:
    """Return name and path of what is found on a node with this root."""
    settings = Settings(host_root=str(root), cri=cri)
    prefix = f"unix://{root}"
    return [
        (one.name, one.where.removeprefix(prefix)) for one in find_endpoints(settings)
    ]


def listen(root: Path, path: str) -> None:
    """Leave a socket at a path of the node."""
    place = Path(f"{root}{path}")
    place.parent.mkdir(parents=True, exist_ok=True)
    with closing(socket.socket(socket.AF_UNIX)) as sock:
        sock.bind(str(place))


def crictl(root: Path, text: str) -> None:
    """Write the node's crictl.yaml."""
    (root / "etc").mkdir()
    (root / "etc" / "crictl.yaml").write_text(text)


@pytest.fixture
def root() -> Iterator[Path]:
    """Give the root of a node, short enough for a socket's address."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_every_known_runtime_is_found_by_its_socket(root: Path) -> None:
    """Several runtimes on one node are all asked, each under its own name."""
    for _, path in KNOWN:
        listen(root, path)
    assert found(root) == list(KNOWN)


def test_none_is_found_where_none_is(root: Path) -> None:
    """A node without any gives none; the places are told."""
    assert found(root) == []
    assert places(Settings(host_root=str(root))).startswith(
        f"{root}/run/crio/crio.sock"
    )


def test_one_socket_by_two_paths_is_asked_once(root: Path) -> None:
    """A link from one runtime's place to another's is not a second runtime."""
    listen(root, "/run/containerd/containerd.sock")
    (root / "run" / "cri-dockerd.sock").symlink_to("containerd/containerd.sock")
    assert found(root) == [("containerd", "/run/containerd/containerd.sock")]


def test_what_is_given_is_all_that_is_asked(root: Path) -> None:
    """Given endpoints are asked whether they are there or not, and no others."""
    listen(root, "/run/crio/crio.sock")
    crictl(root, "runtime-endpoint: unix:///run/other.sock\n")
    assert found(root, "unix:///run/containerd/containerd.sock", "/run/mine.sock") == [
        ("containerd", "/run/containerd/containerd.sock"),
        ("cri", "/run/mine.sock"),
    ]


def test_given_twice_it_is_asked_once_and_names_differ(root: Path) -> None:
    """The old path under /var/run is the same place; unknown sockets get numbers."""
    given = ("/run/crio/crio.sock", "unix:///var/run/crio/crio.sock", "/a", "/b")
    assert found(root, *given) == [
        ("cri-o", "/run/crio/crio.sock"),
        ("cri", "/a"),
        ("cri2", "/b"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "runtime-endpoint: unix:///run/mine.sock",
        'runtime-endpoint: "unix:///run/mine.sock"  # ours',
        "runtime-endpoint: 'unix:///run/mine.sock'",
        "runtime-endpoint:   /run/mine.sock\t",
    ],
)
def test_crictls_endpoint_is_asked_too(root: Path, line: str) -> None:
    """The node's crictl.yaml names one more place, its value plain or in quotes."""
    listen(root, "/run/crio/crio.sock")
    crictl(root, f"image-endpoint: unix:///run/image.sock\n{line}\ntimeout: 2\n")
    assert found(root) == [("cri", "/run/mine.sock"), ("cri-o", "/run/crio/crio.sock")]


def test_crictls_endpoint_is_one_with_the_known_socket(root: Path) -> None:
    """As on OpenShift, where both are CRI-O's."""
    listen(root, "/run/crio/crio.sock")
    crictl(root, "runtime-endpoint: unix:///var/run/crio/crio.sock\n")
    assert found(root) == [("cri-o", "/run/crio/crio.sock")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "runtime-endpoint:\n",
        'runtime-endpoint: ""\n',
        "# runtime-endpoint: unix:///run/mine.sock\n",
        "  runtime-endpoint: unix:///run/mine.sock\n",
        "runtime-endpoint:unix:///run/mine.sock\n",
        "runtime-endpoint: 'unix:///run/mine.sock\n",
        "\x00\xff" * 9,
    ],
)
def test_a_crictl_file_that_names_none_adds_none(root: Path, text: str) -> None:
    """What is empty, a comment, of another object or no YAML is passed over."""
    crictl(root, text)
    assert found(root) == []


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("unix:///run/a.sock", "/run/a.sock"),
        ("unix:/run/a.sock", "/run/a.sock"),
        ("/run/a:b.sock", "/run/a:b.sock"),
    ],
)
def test_an_endpoint_is_a_sockets_path(endpoint: str, path: str) -> None:
    """As crictl and the kubelet write it."""
    assert socket_path(endpoint) == path


@pytest.mark.parametrize(
    "endpoint",
    [
        *("tcp://127.0.0.1:1234", "npipe:////./pipe/x", "localhost:1234", "run/x"),
        *("", "/", "unix://", "unix:///a\0b", "\x1b[31m"),
    ],
)
def test_an_endpoint_elsewhere_is_refused(root: Path, endpoint: str) -> None:
    """Over TCP it would be without any check of who asks; the error says how."""
    with pytest.raises(CollectorError, match="is unix:///PATH") as error:
        socket_path(endpoint, "cri")
    assert "\x1b" not in str(error.value)
    settings = Settings(host_root=str(root), cri=(endpoint,))
    assert find_endpoints(settings) == (Endpoint("cri", endpoint),)
