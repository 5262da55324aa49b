"""What hinders the Docker API, as errors that say what would help."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest
from collectors.docker_server import Daemon, watching

from ocnetview.collectors.docker_connect import docker_error
from ocnetview.collectors.docker_endpoint import docker_endpoint
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ((500, b'{"message":"no\\nroom \\u001b[31m"}'), r"no room \\x1b\[31m"),
        ((500, b"oops"), "oops"),
        ((500, b'{"error":1}'), r'\{"error":1\} \(HTTP status 500\)'),
        ((500, b"[]"), r"\[\] \(HTTP status 500\)"),
        ((200, b"<html>"), "Expecting value"),
        ((200, b'{"message":"?"}'), "the list of containers is no list"),
        ((200, b'[{"Names":["/a"]}]'), "a container without an id"),
        ((200, b"[1]"), "a container without an id"),
    ],
)
def test_a_reply_that_is_not_the_apis_is_an_error(
    served: tuple[Daemon, str], proc: Path, failure: tuple[int, bytes], words: str
) -> None:
    """Whatever comes instead of a list is one line that says what, safe to print."""
    daemon, host = served
    daemon.failure = failure
    with (
        watching(host, proc) as facts,
        pytest.raises(
            CollectorError, match=rf"^docker: cannot list .*{words}"
        ) as failed,
    ):
        next(facts)
    assert str(failed.value).isprintable()


@pytest.mark.parametrize("version", [[], {}, {"ApiVersion": "1.12"}, "x"])
def test_a_server_that_is_no_docker_is_an_error(
    served: tuple[Daemon, str], proc: Path, version: object
) -> None:
    """A version that is none, or too old, is named before anything is asked."""
    daemon, host = served
    daemon.version = version
    with (
        watching(host, proc) as facts,
        pytest.raises(CollectorError, match=r"^docker: cannot connect to unix:"),
    ):
        next(facts)
    assert daemon.asked == ["/_ping", "/version"]


def test_docker_is_known_by_how_an_answer_begins(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """It takes its time to tell of its version only where it is asked for that."""
    daemon, host = served
    daemon.version = []
    daemon.head = {"Server": "Docker/27.1.1+x~1 (linux)", "Api-Version": "1.41"}
    with watching(host, proc) as facts:
        told = next(facts)
    assert (told.runtime, told.version, len(told.containers)) == (
        "docker",
        "27.1.1+x~1",
        5,
    )
    assert "/version" not in daemon.asked


@pytest.mark.parametrize(
    "head",
    [
        {"Server": "Libpod/4.3.1 (linux)", "Api-Version": "1.41"},
        {"Server": "Docker/20.10.24 (linux)"},
        {"Server": "Docker/", "Api-Version": "1.41"},
        {"Api-Version": "1.41"},
    ],
)
def test_what_says_less_is_asked_for_its_version(
    served: tuple[Daemon, str], proc: Path, head: dict[str, str]
) -> None:
    """Podman, and what stands between us and a daemon."""
    daemon, host = served
    daemon.head = head
    with watching(host, proc) as facts:
        assert next(facts).version == "20.10.24+dfsg1"


def test_an_old_docker_is_an_error(served: tuple[Daemon, str], proc: Path) -> None:
    """However it tells of its version."""
    daemon, host = served
    daemon.head = {"Server": "Docker/1.10.3 (linux)", "Api-Version": "1.22"}
    with (
        watching(host, proc) as facts,
        pytest.raises(CollectorError, match=r"API is version 1\.22, older than 1\.24"),
    ):
        next(facts)


def test_a_socket_with_a_long_path_is_asked(
    served: tuple[Daemon, str], proc: Path, tmp_path: Path
) -> None:
    """From another root a path may be longer than a socket's address holds."""
    _, host = served
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    (folder / "docker.sock").symlink_to(host.removeprefix("unix://"))
    with watching(f"unix://{folder}/docker.sock", proc) as facts:
        assert next(facts).containers
    assert not [fd for fd in Path("/proc/self/fd").iterdir() if leads(fd, folder)]


def leads(fd: Path, folder: Path) -> bool:
    """Claim that a descriptor is of this folder; the list's own is closed by now."""
    return fd.is_symlink() and fd.readlink() == folder


def test_no_socket_is_a_source_that_is_not_there(proc: Path) -> None:
    """A node without Docker is no failure."""
    with (
        watching(f"unix://{proc}/none", proc) as facts,
        pytest.raises(SourceAbsentError, match="no such socket"),
    ):
        next(facts)


def test_a_socket_without_a_daemon_is_down(proc: Path) -> None:
    """A file left behind by a daemon that died says that no daemon answers."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(f"{folder}/s")
        with (
            watching(f"unix://{folder}/s", proc) as facts,
            pytest.raises(CollectorError, match="no daemon answers") as failed,
        ):
            next(facts)
    assert not isinstance(failed.value, SourceAbsentError)


@pytest.mark.parametrize(
    "host", ["foo://x", "tcp://", "tcp://h:abc", "ssh://me@h", "npipe://x", "\x1b", " "]
)
def test_a_host_that_cannot_be_used_is_named(proc: Path, host: str) -> None:
    """A DOCKER_HOST that makes no sense is an error, and safe to print."""
    with (
        watching(host, proc) as facts,
        pytest.raises(CollectorError, match=r"cannot use .*see DOCKER_HOST") as failed,
    ):
        next(facts)
    assert str(failed.value).isprintable()


def test_a_closed_tcp_port_is_down(proc: Path) -> None:
    """A daemon elsewhere that does not answer is down, with what would help."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    with (
        watching(host, proc) as facts,
        pytest.raises(CollectorError, match="no daemon answers"),
    ):
        next(facts)


def test_a_proxy_is_never_asked_for_a_socket(
    served: tuple[Daemon, str], proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTP_PROXY is for other hosts; a socket on this node is spoken to directly."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with watching(served[1], proc) as facts:
        assert len(next(facts).containers) == 5


def test_a_socket_that_may_not_be_opened_says_what_would_help() -> None:
    """Without permission, however deep it is hidden, the hint names the group."""
    deep = RuntimeError("words", OSError("aborted", PermissionError(13, "denied")))
    error = docker_error(docker_endpoint(Settings()), "connect to x", deep)
    assert not isinstance(error, SourceAbsentError)
    assert error.hint == "needs root or group docker"


def test_a_reply_that_leads_elsewhere_is_not_followed(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """Who answers at a socket cannot make us ask anybody else."""
    daemon, host = served
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)  # noqa: FBT003 - its name says it
        place = f"http://127.0.0.1:{other.getsockname()[1]}/containers/json"
        daemon.failure = (302, place.encode())
        with (
            watching(host, proc) as facts,
            pytest.raises(CollectorError, match="cannot list containers"),
        ):
            next(facts)
        with pytest.raises(BlockingIOError):
            other.accept()


def test_a_reply_without_end_is_cut(
    served: tuple[Daemon, str], proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than any real list is not kept in memory."""
    monkeypatch.setattr("ocnetview.collectors.docker_http._LIMIT", 1 << 20)
    daemon, host = served
    daemon.failure = (200, b" " * (2 << 20))
    with (
        watching(host, proc) as facts,
        pytest.raises(CollectorError, match="a reply of more than 1 MiB"),
    ):
        next(facts)
