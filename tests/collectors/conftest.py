"""Fixtures of the collectors' tests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from collectors.cri_server import Runtime, cri_server
from collectors.docker_server import Daemon, container_ids, docker_daemon


@pytest.fixture
def served() -> Iterator[tuple[Daemon, str]]:
    """Give a daemon with five containers, of which it knows the pids, and its host."""
    with docker_daemon() as (daemon, host):
        for pid, (name, container) in enumerate(sorted(container_ids().items()), 100):
            state = {"Pid": 0 if name == "made" else pid}
            daemon.inspected[container] = {"Id": container, "State": state}
        yield daemon, host


@pytest.fixture
def cri_served() -> Iterator[tuple[Runtime, str]]:
    """Give an empty runtime that speaks the CRI, and its socket."""
    with cri_server() as (runtime, path):
        yield runtime, path


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """Give a fake /proc without processes."""
    folder = tmp_path / "proc"
    folder.mkdir()
    return folder


@pytest.fixture
def nobody() -> Iterator[Path]:
    """Give a folder of a user without root's rights, who runs the test."""
    before = os.geteuid()
    user = before or 65534
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, user, -1)
        os.seteuid(user)
        try:
            yield Path(folder)
        finally:
            os.seteuid(before)


@pytest.fixture
def no_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave nothing of the tester's own cluster or proxy to be found."""
    for name in (
        *("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"),
        *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
