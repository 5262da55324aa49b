"""The house's own rules: format, lint, types, layers, imports, sizes."""

from __future__ import annotations

import ast
import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from collectors.cri_server import cri_server
from collectors.docker_server import docker_daemon

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "ocnetview"
SCRIPTS = Path(sys.executable).parent

TOOLS = {
    "lint": ("ruff", "check", "--no-fix"),
    "format": ("ruff", "format", "--check"),
    "types": ("mypy",),
    "layers": ("lint-imports",),
}
SCREEN = ("textual", "rich")
CLIENTS = ("docker", "requests", "pyroute2", "psutil", "kubernetes", "grpc")
NOWHERE = (
    *("--docker-host", "unix:///nonexistent/docker.sock"),
    *("--ovsdb", "unix:/nonexistent/db.sock", "--timeout", "5"),
)
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("--version",),
    ("--help",),
    (*NOWHERE, "pods", "--json"),
    (*NOWHERE, "ports"),
    (*NOWHERE, "ports", "--json"),
    (*NOWHERE, "tree", "nothing"),
    (*NOWHERE, "inside", "nothing"),
    (*NOWHERE, "who", "127.0.0.1"),
    (*NOWHERE, "explain", "nothing"),
    (*NOWHERE, "graph", "--svg"),
    (*NOWHERE, "capture", "nothing"),
    (*NOWHERE, "flows", "nothing"),
    (*NOWHERE, "sources"),
)
LOADED = """
import sys
from ocnetview.cli import main
try:
    main(sys.argv[2:])
except SystemExit:
    pass
print("loaded:", *{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""
FILE_LINES = 300
FUNCTION_LINES = 40
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """Return a file's path in the repository."""
    return str(path.relative_to(REPOSITORY))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("tool", TOOLS)
def test_tools_are_content(tool: str) -> None:
    """ruff, mypy and import-linter find nothing."""
    command, *arguments = TOOLS[tool]
    done = subprocess.run(
        [SCRIPTS / command, *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def loaded_by(command: tuple[str, ...], **environment: str) -> set[str]:
    """Return the top-level modules that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, "--", *command],
        cwd="/",
        env={"HOME": "/nonexistent", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    last = done.stderr.splitlines()[-1].split()
    assert last[0] == "loaded:", done.stderr
    return set(last[1:])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_headless_commands_leave_the_screen_out(command: tuple[str, ...]) -> None:
    """No headless command imports Textual or Rich."""
    loaded = loaded_by(command)
    assert "ocnetview" in loaded
    assert not loaded & set(SCREEN)


def test_the_version_is_said_without_any_client() -> None:
    """`--version` imports no client library either."""
    assert not loaded_by(("--version",)) & {*SCREEN, *CLIENTS}


def test_a_runtime_or_cluster_that_is_not_there_costs_nothing(tmp_path: Path) -> None:
    """Without a socket neither gRPC nor HTTP is imported, nor kubernetes unasked."""
    there = ("--host-root", str(tmp_path))
    loaded = loaded_by((*NOWHERE, *there, "pods"), OCNETVIEW_PROC=str(tmp_path))
    assert "ocnetview" in loaded
    assert not loaded & {"grpc", "google", "kubernetes", "http", "ssl", "requests"}


@pytest.mark.parametrize(
    "command",
    [
        ("pods", "--json"),
        ("ports",),
        ("tree", "web"),
        ("who", "web"),
        ("inside", "web"),
    ],
)
def test_a_docker_that_is_there_costs_no_client(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Its list is asked for by a socket alone, whatever the command wants of it."""
    with docker_daemon() as (daemon, host):
        daemon.containers = [{"Id": "ab" * 32, "Names": ["/web"], "State": "exited"}]
        there = ("--host-root", str(tmp_path), "--docker-host", host)
        asked = (*NOWHERE, *there, *command)
        loaded = loaded_by(asked, OCNETVIEW_PROC=str(tmp_path))
        assert daemon.count("/containers/json") == 1
    spared = {"google", "cattrs", "asyncio", "tomllib", "http", "email", "ssl"}
    assert not loaded & {*SCREEN, *CLIENTS, *spared}


def test_a_runtime_that_is_there_costs_grpc_alone(tmp_path: Path) -> None:
    """Where a CRI socket answers, no other client is imported for it."""
    with cri_server() as (_, path):
        there = ("--host-root", str(tmp_path), "--cri", f"unix://{path}")
        asked = (*NOWHERE, *there, "pods")
        loaded = loaded_by(asked, OCNETVIEW_PROC=str(tmp_path))
    assert {"grpc", "google"} <= loaded
    assert not loaded & ({*SCREEN, *CLIENTS, "cattrs"} - {"grpc"})


def test_a_containerd_without_the_cri_costs_nothing(tmp_path: Path) -> None:
    """Docker's own, on every node that has it: gRPC is not imported to be told so."""
    with cri_server() as (runtime, path):
        runtime.services = set()
        there = ("--host-root", str(tmp_path), "--cri", f"unix://{path}")
        asked = (*NOWHERE, *there, "pods")
        loaded = loaded_by(asked, OCNETVIEW_PROC=str(tmp_path))
    assert not loaded & {*SCREEN, *CLIENTS, "google"}


def test_modules_are_short() -> None:
    """A module has at most 300 lines."""
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in MODULES}
    long = [f"{name_of(p)}: {n} lines" for p, n in lines.items() if n > FILE_LINES]
    assert not long, "\n".join(long)


def long_functions(path: Path) -> Iterator[str]:
    """Yield the functions of a file that are longer than they may be."""
    for item in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (item.end_lineno or 0) - item.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{name_of(path)}: {item.name} has {lines} lines"


def test_functions_are_short() -> None:
    """A function has at most 40 lines, its decorators not counted."""
    paths = [*MODULES, *sorted(Path(__file__).parent.rglob("*.py"))]
    long = [found for path in paths for found in long_functions(path)]
    assert not long, "\n".join(long)


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and text of every file of the repository, packed ones unpacked."""
    tops = ("ocnetview", "tests", "screenshots", ".ci")
    paths = [p for top in tops for p in (REPOSITORY / top).rglob("*") if p.is_file()]
    paths += [p for p in REPOSITORY.iterdir() if p.is_file()]
    for path in paths:
        if "__pycache__" not in path.parts:
            content = path.read_bytes()
            if path.suffix == ".gz":
                content = gzip.decompress(content)
            yield name_of(path), content.decode("utf-8", "replace")


def test_nothing_names_the_place_it_was_made_in() -> None:
    """No file holds the path of a checkout, or of anyone's home folder."""
    # /proc/PID/root is the root of a process, no home.
    homes = r"/(?:home|Users)/[a-z]\w*/|(?<![\w}])/root/[.\w]"
    place = re.compile(rf"{re.escape(str(REPOSITORY))}/|{homes}")
    found = [
        f"{name}: {match.group()}"
        for name, text in texts()
        for match in place.finditer(text)
    ]
    assert not found, "\n".join(found)
