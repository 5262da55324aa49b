"""What a command starts, and what it does with Python before that."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from cli_node import node, written
from click.testing import CliRunner
from collectors.docker_server import docker_daemon

from ocnetview.__main__ import reads_links
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
AHEAD = "collectors.ahead"
FIRST_PAINT = """
import sys
from ocnetview.config import Settings
from ocnetview.invocation import Invocation
from ocnetview.opening import make_app, opened
opened(None)  # it is no terminal
make_app(Invocation(Settings()))
print(*sys.modules)
"""


def test_the_screen_is_painted_before_the_rest_is_imported() -> None:
    """Neither what reads the node, nor what joins or reports it, nor Click."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "ocnetview.tui.app" in loaded
    later = {"build", "engine", "headless", "reading", "replay", "report", "wanted"}
    later |= {"collectors.registry", "collectors.netlink", "collectors.nested"}
    later |= {"columns.packets", "details.recipes", "facts.packets", "model.packets"}
    later |= {"match.spots", "match.openflow", "match.trace_ends", "tui.capture_flow"}
    assert not loaded & {f"ocnetview.{name}" for name in later}
    assert "click" not in loaded


def test_the_child_that_reads_ahead_begins_before_all_else() -> None:
    """It is loaded while the rest is: nothing of that comes first."""
    script = "import sys, ocnetview.__main__; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    ours = {name for name in done.stdout.split() if name.startswith("ocnetview.")}
    assert ours == {f"ocnetview.{n}" for n in ("__main__", "collectors", AHEAD)}


@pytest.mark.parametrize(
    ("words", "reads"),
    [
        ("", True),
        ("pods", True),
        ("--json pods --filter x", True),
        ("--refresh 2 who 7", True),
        ("tree --node", False),
        ("--version", False),
        ("demo pods", False),
        ("--replay node.gz pods", False),
    ],
)
def test_only_who_wants_the_links_has_them_read_ahead(
    words: str, *, reads: bool
) -> None:
    """That is told by the words alone, before any is understood."""
    assert reads_links(words.split()) is reads


def on_terminal(config: Path, keys: bytes) -> tuple[bytes, int]:
    """Return what is drawn or said without a flag, and how it ends.

    Keys are pressed as soon as something is on the screen.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {**os.environ, "TERM": "xterm", "XDG_CONFIG_HOME": str(config)}
    with subprocess.Popen(
        [sys.executable, "-m", "ocnetview"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    ) as program:
        os.close(theirs)
        drawn = b""
        # Of a terminal that nobody has open any more nothing can be read.
        with contextlib.suppress(OSError):
            while part := os.read(ours, 65536):
                drawn += part
                if keys and b"Pods" in drawn:
                    os.write(ours, keys)
                    keys = b""
    os.close(ours)
    return drawn, program.returncode


def test_without_a_flag_the_screen_opens(tmp_path: Path) -> None:
    """And ends as the key says."""
    drawn, code = on_terminal(tmp_path, b"q")
    assert b"Pods" in drawn
    assert code == 0


def test_without_a_flag_a_bad_setting_is_said(tmp_path: Path) -> None:
    """As with one: in words, with the file, and the status of bad usage."""
    (tmp_path / "ocnetview").mkdir()
    (tmp_path / "ocnetview/config.toml").write_text('refresh = "soon"\n')
    drawn, code = on_terminal(tmp_path, b"")
    assert b"config.toml" in drawn
    assert b"Traceback" not in drawn
    assert code == 2


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
