"""Unix sockets whose path is longer than their address holds."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ocnetview.collectors.unix_path import reachable


def test_a_path_that_fits_is_taken_as_it_is() -> None:
    """107 bytes are the most; letters that take two of them count so."""
    path = "/" + "é" * 53
    with reachable(path) as found:
        assert found == path


def test_a_longer_path_leads_to_the_same_socket(tmp_path: Path) -> None:
    """What listens there hears; no descriptor is left."""
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a folder of the kernel's
    with socket.socket(socket.AF_UNIX) as server:
        with reachable(str(folder / "db.sock")) as near:
            server.bind(near)
        server.listen()
        with socket.socket(socket.AF_UNIX) as client:
            with reachable(str(folder / "db.sock")) as near:
                client.connect(near)
            server.accept()[0].close()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - as above


def test_a_folder_that_is_not_there_is_no_such_file(tmp_path: Path) -> None:
    """The error is that of a short path to nothing."""
    with (
        pytest.raises(FileNotFoundError),
        reachable(str(tmp_path / ("x" * 100) / "db.sock")),
    ):
        pass
