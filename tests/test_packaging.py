"""What is packed, and the commands that a fresh clone runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "ocnetview"


@pytest.fixture
def project() -> dict[str, Any]:
    """Give pyproject.toml."""
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))


def test_every_data_file_is_packed(project: dict[str, Any]) -> None:
    """A file in the package that is no module is named by the package data."""
    patterns = project["tool"]["setuptools"]["package-data"]["ocnetview"]
    globs = [pattern.replace("**/", "*") for pattern in patterns]
    data = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]
    assert "py.typed" in data
    assert [name for name in data if not any(fnmatch(name, g) for g in globs)] == []


def test_every_folder_of_modules_is_a_package() -> None:
    """Packages are found by their `__init__`, so each folder of modules has one."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [f.name for f in folders if not (f / "__init__.py").exists()] == []


def test_the_version_is_the_projects(project: dict[str, Any]) -> None:
    """The installed command says the version of pyproject.toml."""
    command = Path(sys.executable).with_name("ocnetview")
    done = subprocess.run(
        [command, "--version"], capture_output=True, text=True, check=True
    )
    assert project["project"]["version"] == version("ocnetview")
    assert done.stdout.split()[-1] == version("ocnetview")


def test_python_m_is_the_same_command() -> None:
    """`python -m ocnetview` and `ocnetview` are one program."""
    done = subprocess.run(
        [sys.executable, "-m", "ocnetview", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    (entry,) = entry_points(group="console_scripts", name="ocnetview")
    assert (entry.value, done.stdout.split()[0]) == (
        "ocnetview.__main__:run",
        "ocnetview,",
    )


def test_the_usage_names_the_command() -> None:
    """Whoever runs it as a module, as the demo does, reads `ocnetview` in the help."""
    done = subprocess.run(
        [sys.executable, "-m", "ocnetview", "flows", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("Usage: ocnetview flows ")


@pytest.mark.parametrize("script", ["tests/run", ".ci/run"])
def test_scripts_can_be_run(script: str) -> None:
    """The test commands are executable, and bash can read them."""
    path = REPOSITORY / script
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", path], check=True)


def test_ci_runs_the_tests_and_nothing_else() -> None:
    """What continuous integration does, anyone can do by `tests/run`."""
    lines = (REPOSITORY / ".ci" / "run").read_text("utf-8").splitlines()
    steps = [line for line in lines if line and not line.startswith("#")]
    assert steps[0] == "set -euo pipefail"
    (step,) = steps[1:]
    assert step.startswith("exec ")
    assert step.endswith('/../tests/run" "$@"')
