"""Runtimes that are asked whether they serve the CRI, without gRPC."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from collectors.cri_server import Runtime

from ocnetview.collectors.cri_probe import serves_no_cri

SETTINGS = "000006040000000000000500004000"
REFUSAL = (
    "885f8b1d75d0620d263d4c4d656440889acac8b21234da8f02313240899acac8b5254207317f9eb6"
    "aeb51fc54a20b677310aa596d4935255fb857db6d493525dc5b3b9885f"
)
CONTAINERD = f"{SETTINGS}{len(REFUSAL) // 2:06x}010500000001{REFUSAL}"
"""What Docker's containerd 1.6 answers: `unknown service runtime.v1.RuntimeService`."""


@contextmanager
def answering(path: Path, answer: bytes) -> Iterator[str]:
    """Give a socket whose server answers this to whatever it is asked."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def serve() -> None:
            for _ in range(2):
                asking, _ = listening.accept()
                with asking:
                    asking.recv(1 << 16)
                    asking.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield str(path)


def test_containerd_without_its_plugin_is_known(tmp_path: Path) -> None:
    """By the words of a real one."""
    with answering(tmp_path / "s", bytes.fromhex(CONTAINERD)) as path:
        assert serves_no_cri(path)


@pytest.mark.parametrize(
    ("before", "after"),
    [("02313240", "02313340"), ("0105", "0104"), (CONTAINERD[-40:], "")],
    ids=["another status", "not the end", "cut"],
)
def test_anything_else_is_left_to_grpc(tmp_path: Path, before: str, after: str) -> None:
    """Another failure, or half an answer, proves nothing."""
    other = CONTAINERD.replace(before, after)
    assert other != CONTAINERD
    with answering(tmp_path / "s", bytes.fromhex(other)) as path:
        assert not serves_no_cri(path)


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 99],
    ids=["silence", "http", "noise"],
)
def test_what_is_no_grpc_is_left_to_grpc(tmp_path: Path, answer: bytes) -> None:
    """Neither silence nor another protocol, nor a socket that is not there."""
    assert not serves_no_cri(str(tmp_path / "none"))
    with answering(tmp_path / "s", answer) as path:
        assert not serves_no_cri(path)


@pytest.mark.parametrize(
    ("services", "claimed"),
    [
        (("runtime.v1.RuntimeService",), False),
        (("runtime.v1alpha2.RuntimeService",), False),
        ((), True),
    ],
)
def test_each_version_of_the_cri_counts(
    cri_served: tuple[Runtime, str], services: tuple[str, ...], *, claimed: bool
) -> None:
    """A server that has the old one alone serves it, too."""
    runtime, path = cri_served
    runtime.services = set(services)
    assert serves_no_cri(path) is claimed
