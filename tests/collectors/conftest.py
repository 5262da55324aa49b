"""Fixtures of the collectors' tests."""

from __future__ import annotations

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
