"""What a command starts, and what it does with Python before that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli_node import node, written
from click.testing import CliRunner
from collectors.docker_server import docker_daemon

from ocnetview.cli import main

RUNTIMES = {"docker", "cri", "podman", "nested", "kube"}
NETWORK = RUNTIMES | {"rtnetlink", "ovsdb", "cni"}
COLLECTED = """
import gc, sys
from ocnetview.__main__ import run
try:
    run()
except SystemExit:
    sys.stdout.write(f"{gc.isenabled()} {gc.get_freeze_count() > 0}")
"""
FIRST_PAINT = """
import sys
import ocnetview.cli, ocnetview.tui.app, ocnetview.tui.feed
from ocnetview.config import Settings
from ocnetview.node import live_node
live_node(Settings())
print(*sys.modules)
"""


def test_the_screen_is_painted_before_the_rest_is_imported() -> None:
    """Neither what reads the node nor what joins or reports it."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "ocnetview.tui.app" in loaded
    later = {"build", "engine", "headless", "reading", "replay", "report", "wanted"}
    later |= {"collectors.registry", "collectors.netlink", "collectors.nested"}
    assert not loaded & {f"ocnetview.{name}" for name in later}


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        (("pods",), NETWORK),
        (("pod", "web"), NETWORK),
        (("who", "web"), NETWORK),
        (("who", "4242"), NETWORK | {"procfs"}),
        (("tree", "web"), RUNTIMES | {"procfs"}),
        (("sources",), NETWORK | {"procfs"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_asks_the_sources_that_its_answer_needs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    asked: set[str],
) -> None:
    """And no others; each document says which they were."""
    (tmp_path / "uptime").write_text("100.5 1.0\n")
    (tmp_path / "4242").mkdir()
    line = f"4242 (web) S {' '.join(map(str, range(4, 53)))}\n"
    texts = {"stat": line, "status": "Name:\tweb\nUid:\t0\n", "cmdline": "web"}
    for name, text in texts.items():
        (tmp_path / "4242" / name).write_text(text)
    monkeypatch.setenv("OCNETVIEW_PROC", str(tmp_path))
    with docker_daemon() as (daemon, host):
        daemon.containers = [{"Id": "ab" * 32, "Names": ["/web"], "State": "exited"}]
        flags = ("--host-root", str(tmp_path), "--docker-host", host)
        result = CliRunner().invoke(main, [*flags, *command, "--json"])
    document = json.loads(result.stdout or "{}")
    assert {one["name"] for one in document["sources"]} == asked, result.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [(("pods", "--json"), "False True"), (("record", "--samples=1"), "True True")],
)
def test_only_what_goes_on_looks_for_garbage(
    tmp_path: Path, command: tuple[str, ...], said: str
) -> None:
    """A command that reads once ends sooner than it would have to."""
    recording = written(tmp_path, node())
    name, *options = command
    file = (str(tmp_path / "again"),) if name == "record" else ()
    done = subprocess.run(
        [sys.executable, "-c", COLLECTED, "--replay", recording, name, *file, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.endswith(said), done.stderr
