"""`ocnetview capture`, as far as nothing is captured."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_node import node, run, written


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Give a recording of a node."""
    return written(tmp_path, node())


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("nobody",), 1, "nothing on this node answers to 'nobody'"),
        (("shop/web", "-i", "net1"), 1, "'shop/web' has no 'net1', but vethA"),
        (("br0/gone",), 3, "is configured in OVS, but has no device"),
        (("shop/web", "--to", "tunnel"), 3, "no tunnel to other nodes is a device"),
        (("shop/web",), 3, "vethA of shop/web: cannot capture: a recording holds no"),
        (("5008",), 3, "vethA of shop/web: cannot capture: a recording holds no"),
        (("br0/vethA",), 3, "vethA of shop/web: cannot capture: a recording holds"),
        (("shop/web", "--size", "ten"), 2, "'ten' is no number of bytes"),
        (("shop/web", "--ring", "2"), 2, "--ring goes with -w FILE"),
        (("shop/web", "--ring", "2", "-w", "-"), 2, "--ring goes with -w FILE"),
        (("shop/web", "--json", "-w", "-"), 2, "both want standard output"),
        (("shop/web", "--duration", "-1"), 2, "Invalid value"),
        (("shop/web", "--snaplen", "262145"), 2, "0<=x<=262144"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_hinders_it_is_said_before_anything_begins(
    recording: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    """Who, doing what and why stand on stderr alone, with the exit status for it."""
    result = run("--replay", recording, "capture", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr


def test_packets_are_not_written_to_a_terminal(recording: Path) -> None:
    """What anybody sent would act on it: a pipe or a file has to be there."""
    ours, theirs = os.openpty()
    words = ("--replay", str(recording), "capture", "shop/web", "-w", "-")
    try:
        said = subprocess.run(
            [sys.executable, "-m", "ocnetview", *words],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert said.returncode == 2
    assert "`-w -` is for a pipe" in said.stderr


def test_the_help_tells_a_limit_from_a_ring() -> None:
    """One counts packets before it ends, the other the files that are kept."""
    told = " ".join(run("capture", "--help").stdout.split())
    assert "--count INTEGER RANGE End after this many packets. " in told
    assert "--ring INTEGER RANGE Keep this many files, the newest. " in told
