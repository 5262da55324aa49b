"""/proc/PID/stat, from made-up lines and from the kernel."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ocnetview.collectors.stat import parse_stat, read_stat, start_time


@pytest.mark.parametrize("name", [b"nginx", b"a) R 1 (b", b"((", b" ", b"", b"x\xff"])
def test_each_field_is_the_one_of_its_number(name: bytes) -> None:
    """Fields are counted from the last parenthesis, whatever the name holds."""
    rest = b" ".join(str(number).encode() for number in range(4, 53))
    found = parse_stat(b"50 (%s) S %s\n" % (name, rest))
    assert (found.name, found.state, found.ppid) == (name, b"S", 4)
    assert (found.cpu_ticks, found.threads) == (14 + 15, 20)
    assert (found.start_time, found.pages) == (22, 24)


@pytest.mark.parametrize("line", [b"", b"50 a S 1", b"50 (a) S 1 2 3\n", b")("])
def test_what_is_no_such_line_is_refused(line: bytes) -> None:
    """A torn or foreign line is an error, not a wrong process."""
    with pytest.raises(ValueError, match=r"."):
        parse_stat(line)


def test_the_kernel_is_read_as_it_writes() -> None:
    """Our own process: its parent, and a start between boot and now."""
    found = read_stat("/proc", os.getpid())
    assert found.ppid == os.getppid()
    ticks = time.clock_gettime(time.CLOCK_BOOTTIME) * os.sysconf("SC_CLK_TCK")
    assert 0 < found.start_time <= ticks
    assert start_time("/proc", os.getpid()) == found.start_time


def test_a_process_that_is_not_seen_has_no_start(tmp_path: Path) -> None:
    """No such process, or a file that is none of the kernel's."""
    assert start_time(str(tmp_path), 5) is None
    (tmp_path / "6").mkdir()
    (tmp_path / "6" / "stat").write_text("nothing\n")
    assert start_time(str(tmp_path), 6) is None
