"""How long to soak, the one soak that all tests look at, and its closing report."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from node.lab import Lab, why_not
from soak.report import Report
from soak.rounds import Soak
from soak.stage import Stage

HERE = Path(__file__).parent
DEFAULT_SECONDS = 120.0
LONGEST_SECONDS = 900
"""What building, a last round and settling may take beside, on a busy machine."""
REPORT = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the soak's length."""
    parser.addoption(
        "--soak",
        type=float,
        default=DEFAULT_SECONDS,
        metavar="SECONDS",
        help="how long tests/soak soaks, at least one round of all faults",
    )


def length(config: pytest.Config) -> float:
    """Return how long to soak."""
    return float(config.getoption("--soak", DEFAULT_SECONDS))


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Mark what looks at the soak as live; the first one soaks, too."""
    for item in items:
        if item.path == HERE / "test_soak.py":
            item.add_marker("node")
            item.add_marker(pytest.mark.timeout(length(config) + LONGEST_SECONDS))


@pytest.fixture(scope="session")
def soaked(request: pytest.FixtureRequest) -> Report:
    """Give what a soak saw; at the end of the run its closing report is printed."""
    reason = why_not()
    if reason:
        pytest.skip(f"no lab on this machine: {reason}")
    lab = Lab()
    with ExitStack() as held:
        held.callback(lab.close)
        stage = Stage(lab)
        held.callback(stage.close)
        soak = Soak(stage, length(request.config))
        held.callback(soak.close)
        report = soak.run()
    request.config.stash[REPORT] = list(report.lines())
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the closing report."""
    lines = terminalreporter.config.stash.get(REPORT, [])
    if lines:
        terminalreporter.section("soak")
        for line in lines:
            terminalreporter.write_line(line)
