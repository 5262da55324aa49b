"""The CRI's calls and their failures, over a real socket."""

from __future__ import annotations

import ctypes
import os
import socket
import threading
from contextlib import closing, suppress
from pathlib import Path

import grpc
import pytest
from collectors.cri_server import V1, V1ALPHA2, Runtime, cri_server

from ocnetview.collectors.cri_client import CriClient
from ocnetview.errors import CollectorError, SourceAbsentError


def agreed(path: str) -> CriClient:
    """Return a client that knows the runtime's version."""
    client = CriClient("cri", path)
    client.agree()
    return client


def test_v1_is_spoken_where_it_is_known(cri_served: tuple[Runtime, str]) -> None:
    """With a runtime that serves both versions, no call is of the older one."""
    runtime, path = cri_served
    with closing(CriClient("cri", path)) as client:
        assert client.agree().runtime_name == "cri-o"
        assert not list(client.sandboxes())
    assert runtime.paths == {f"/{V1}/Version", f"/{V1}/ListPodSandbox"}


def test_v1alpha2_is_spoken_where_only_that_is_known(
    cri_served: tuple[Runtime, str],
) -> None:
    """UNIMPLEMENTED is the answer of a runtime that does not know v1 yet."""
    runtime, path = cri_served
    runtime.services = {V1ALPHA2}
    sandbox = runtime.sandbox(1)
    with closing(agreed(path)) as client:
        assert [one.id for one in client.sandboxes()] == [sandbox.id]
    assert f"/{V1ALPHA2}/ListPodSandbox" in runtime.paths


def test_a_socket_without_cri_is_no_source(cri_served: tuple[Runtime, str]) -> None:
    """Docker's own containerd answers, but serves no CRI: that is no failure."""
    runtime, path = cri_served
    runtime.services = set()
    with (
        closing(CriClient("containerd", path)) as client,
        pytest.raises(SourceAbsentError, match=r"serves no CRI \(is its CRI plugin"),
    ):
        client.agree()


def test_what_is_no_grpc_is_told(tmp_path: Path) -> None:
    """A server of another protocol is an error, not a hang."""
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()

        def greet() -> None:
            for _ in range(2):
                accepted, _ = listening.accept()
                with accepted, suppress(OSError):
                    accepted.sendall(b"SSH-2.0-x\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        with (
            closing(CriClient("cri", path)) as client,
            pytest.raises(CollectorError, match="ask for CRI"),
        ):
            client.agree()
        thread.join()


def test_no_socket_is_no_source(tmp_path: Path) -> None:
    """A socket that is not there, or whose folder is none, is absent."""
    (tmp_path / "file").touch()
    for name in ("none", "file/s", "none/" + "x" * 120):
        with pytest.raises(SourceAbsentError, match="no such socket"):
            CriClient("cri", str(tmp_path / name))


def test_a_socket_that_nobody_listens_at_is_down(tmp_path: Path) -> None:
    """What a runtime left behind, or a plain file, is an error with a hint."""
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(path)
    with pytest.raises(CollectorError, match=r"answers \(is it up\?\)") as error:
        CriClient("cri", path)
    assert not isinstance(error.value, SourceAbsentError)


def test_a_full_queue_is_told(tmp_path: Path) -> None:
    """A runtime that accepts no connections any more hangs."""
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as hung, socket.socket(socket.AF_UNIX) as first:
        hung.bind(path)
        hung.listen(0)
        first.connect(path)
        with pytest.raises(CollectorError, match="takes no connections"):
            CriClient("cri", path)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become somebody else")
def test_a_socket_that_is_roots_alone_needs_root(
    cri_served: tuple[Runtime, str],
) -> None:
    """Without the right to connect, the hint says what is missing."""
    Path(cri_served[1]).chmod(0o600)
    told: list[str] = []

    def ask() -> None:
        # Of this thread alone: it loses root's right to pass permissions by.
        ctypes.CDLL(None).setfsuid(65534)
        try:
            CriClient("cri", cri_served[1])
        except CollectorError as error:
            told.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert told == ["cri: cannot connect: permission denied (needs root)"]


@pytest.mark.parametrize("folder", ["x" * 150, "a%20b#c?d"])
def test_any_path_can_be_connected_to(tmp_path: Path, folder: str) -> None:
    """Neither the address's 108 bytes nor a URI's characters stand in the way."""
    place = tmp_path / folder
    place.mkdir()
    with cri_server() as (_, path):
        (place / "s").symlink_to(path)
        with closing(CriClient("cri", str(place / "s"))) as client:
            assert client.agree().runtime_name == "cri-o"
            assert not list(client.sandboxes())
            held = [fd.resolve() for fd in Path("/proc/self/fd").iterdir()]
    assert place not in held


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (grpc.StatusCode.UNAVAILABLE, r"it starts \(is the runtime up\?\)"),
        (grpc.StatusCode.UNKNOWN, "it starts"),
        (grpc.StatusCode.UNIMPLEMENTED, "not served there: it starts"),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "it starts"),
    ],
)
def test_a_refusal_says_why(
    cri_served: tuple[Runtime, str], code: grpc.StatusCode, reason: str
) -> None:
    """A runtime's words come in one line, without what would move the cursor."""
    runtime, path = cri_served
    runtime.failures["ListPodSandbox"] = (code, "it\n\tstarts")
    with (
        closing(agreed(path)) as client,
        pytest.raises(CollectorError, match=f"cannot list sandboxes: {reason}$"),
    ):
        client.sandboxes()


def test_a_hung_runtime_is_not_waited_for(
    cri_served: tuple[Runtime, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call has its time."""
    monkeypatch.setattr("ocnetview.collectors.cri_client._LIST_SECONDS", 0.01)
    runtime, path = cri_served
    with closing(CriClient("cri", path)) as client:
        monkeypatch.undo()
        client.agree()
        runtime.hold["ListContainers"] = threading.Event()
        monkeypatch.setattr("ocnetview.collectors.cri_client._LIST_SECONDS", 0.01)
        with pytest.raises(CollectorError, match=r"no answer within 0.01 s \(does it"):
            client.containers()


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xff\xff\xff",
        b"\x0a\xff",
        b"\x0a\x02\x0a\xff",
        b"\x0a\x04\x0a\x02\xc3\x28",
    ],
)
def test_what_is_no_message_is_told(
    cri_served: tuple[Runtime, str], garbage: bytes
) -> None:
    """Bytes that are no CRI message, or hold text that is none, are an error."""
    runtime, path = cri_served
    runtime.raw["ListPodSandbox"] = garbage
    with (
        closing(agreed(path)) as client,
        pytest.raises(CollectorError, match="its reply is not the CRI's"),
    ):
        client.sandboxes()


def test_too_long_a_reply_is_told(cri_served: tuple[Runtime, str]) -> None:
    """More than 16 MiB are not taken."""
    runtime, path = cri_served
    runtime.raw["ListPodSandbox"] = b"\x12" + bytes((16 << 20) + 1)
    with closing(agreed(path)) as client, pytest.raises(CollectorError, match="larger"):
        client.sandboxes()


def test_statuses_fail_each_for_itself(cri_served: tuple[Runtime, str]) -> None:
    """One that is gone, one that fails and one that answers garbage spoil no other."""
    runtime, path = cri_served
    good, gone, bad = (runtime.sandbox(number).id for number in range(3))
    del runtime.sandbox_statuses[gone]
    runtime.failures[bad] = (grpc.StatusCode.UNKNOWN, "its shim is dead")
    with closing(agreed(path)) as client:
        answers = client.sandbox_statuses([good, gone, bad])
        runtime.raw["PodSandboxStatus"] = b"\xff"
        garbage = client.sandbox_statuses([good])
    assert answers.found.keys() == {good}
    assert answers.gone == {gone}
    assert answers.troubles == {bad: "its shim is dead"}
    assert garbage.troubles == {good: "its reply is not the CRI's"}


def test_statuses_fail_together_where_the_runtime_went(
    cri_served: tuple[Runtime, str],
) -> None:
    """A lost connection is not the trouble of one sandbox."""
    runtime, path = cri_served
    sandbox = runtime.sandbox(1)
    runtime.failures[sandbox.id] = (grpc.StatusCode.UNAVAILABLE, "Socket closed")
    with (
        closing(agreed(path)) as client,
        pytest.raises(CollectorError, match="Socket closed"),
    ):
        client.sandbox_statuses([sandbox.id])


@pytest.mark.parametrize("method", ["ListPodSandbox", "PodSandboxStatus"])
def test_closing_ends_a_call_in_another_thread(
    cri_served: tuple[Runtime, str], method: str
) -> None:
    """A call that waits ends with an error, and so does one that comes after."""
    runtime, path = cri_served
    runtime.hold[method] = threading.Event()
    client = agreed(path)
    told: list[str] = []

    def ask() -> None:
        try:
            if method == "ListPodSandbox":
                client.sandboxes()
            else:
                client.sandbox_statuses(["x"])
        except CollectorError as error:
            told.append(error.reason)

    thread = threading.Thread(target=ask)
    thread.start()
    runtime.held.wait()
    client.close()
    thread.join()
    ask()
    assert told == ["the connection was closed"] * 2


def test_a_runtime_in_our_pid_namespace_is_known(
    cri_served: tuple[Runtime, str],
) -> None:
    """The server of this test is a process that we count as it does itself."""
    with closing(CriClient("cri", cri_served[1])) as client:
        assert client.counts_pids_as_we
