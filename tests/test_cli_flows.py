"""`ocnetview flows` where there is nothing to be had: what it says, and its status."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import link, link_facts
from cli_node import node, run, written


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return the file of a recorded node."""
    return written(tmp_path, node())


@pytest.mark.parametrize("scrap", ["shop/web", "vethA", "br0/vethA", "br0:3"])
def test_a_recording_has_no_flows(recording: Path, scrap: str) -> None:
    """The pod and its port are found, and the switch is not there to be asked."""
    result = run("--replay", recording, "flows", scrap)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "br0: cannot read its flows: a recording holds no flows" in (result.stderr)


@pytest.mark.parametrize(
    ("scrap", "why"),
    [
        ("gone", "port br0/gone has no port that a bridge of Open vSwitch uses"),
        ("nothing", "nothing"),
    ],
)
def test_what_is_on_no_bridge_is_not_found(
    recording: Path, scrap: str, why: str
) -> None:
    """A stale port has no number that flows could name."""
    result = run("--replay", recording, "flows", scrap)
    assert (result.exit_code, result.stdout) == (1, "")
    assert why in result.stderr


@pytest.mark.parametrize(
    ("scrap", "why"),
    [
        ("docker0", "docker0 is a Linux bridge: only those of Open vSwitch have flows"),
        ("vethB", "port docker0/vethB is of a Linux bridge: only those of Open vSwi"),
    ],
)
def test_a_linux_bridge_has_no_flows(tmp_path: Path, scrap: str, why: str) -> None:
    """Its own name and a port's are answered with what it is, not as a pod's."""
    sample = node()
    device = link(40, "docker0", kind="bridge")
    port = link(41, "vethB", kind="veth", master=40)
    facts = {**sample.facts, "rtnetlink": link_facts([device, port])}
    recorded = written(tmp_path, replace(sample, facts=facts))
    result = run("--replay", recorded, "flows", scrap)
    assert (result.exit_code, result.stdout) == (1, "")
    assert why in result.stderr


@pytest.mark.parametrize("rates", ["0", "-1", "1e9", "soon", "nan"])
def test_a_time_that_is_none_is_bad_usage(recording: Path, rates: str) -> None:
    """Nobody waits for no time, or longer than a day."""
    result = run("--replay", recording, "flows", "shop/web", "--rates", rates)
    assert result.exit_code == 2
