"""Limits out of trees of files as both versions of control groups have them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ocnetview.facts.inside_containers import Limit, Limits
from ocnetview.probes.control_groups import ControlGroups

ID = "ab" * 32
POD = "/kubepods/burstable/poduid"
V1 = ("cpu,cpuacct", "memory", "pids")


def tree(folder: Path, files: Mapping[str, str]) -> None:
    """Write these files."""
    for name, text in files.items():
        path = folder / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def node(folder: Path, mounts: Mapping[str, str], cgroups: Mapping[str, str]) -> str:
    """Return a proc file system with process 7 in these cgroups."""
    lines = [
        f"30 20 0:30 / {folder / place} rw - {'cgroup' if names else 'cgroup2'} x"
        f" rw{',' if names else ''}{names}"
        for names, place in mounts.items()
    ]
    members = [f"{n}:{c}:{path}" for n, (c, path) in enumerate(cgroups.items())]
    tree(
        folder,
        {
            "proc/self/mountinfo": "".join(f"{line}\n" for line in lines),
            "proc/7/cgroup": "\n".join(members) + "\n",
        },
    )
    return str(folder / "proc")


@pytest.fixture
def unified(tmp_path: Path) -> str:
    """Give a node of version 2, whose pod limits what its container does not."""
    tree(
        tmp_path / "cg",
        {
            f"{POD}/cpu.max": "150000 100000\n",
            f"{POD}/memory.max": "536870912\n",
            f"{POD}/pids.max": "4096\n",
            f"{POD}/{ID}/cgroup.procs": "7\n",
            f"{POD}/{ID}/cpu.max": "max 100000\n",
            f"{POD}/{ID}/cpu.weight": "39\n",
            f"{POD}/{ID}/cpu.stat": "usage_usec 2500000\nnr_periods 10\n"
            "nr_throttled 3\nthrottled_usec 500000\n",
            f"{POD}/{ID}/memory.max": "268435456\n",
            f"{POD}/{ID}/memory.current": "1048576\n",
            f"{POD}/{ID}/memory.peak": "2097152\n",
            f"{POD}/{ID}/memory.swap.max": "0\n",
            f"{POD}/{ID}/memory.events": "low 0\noom 2\noom_kill 1\n",
            f"{POD}/{ID}/pids.max": "max\n",
            f"{POD}/{ID}/pids.current": "5\n",
        },
    )
    return node(tmp_path, {"": "cg"}, {"": f"{POD}/{ID}"})


def test_limits_of_version_2(unified: str) -> None:
    """The strictest on the way up counts, with the cgroup that sets it."""
    assert ControlGroups(unified).limits("web", 7, ID) == Limits(
        "web",
        f"{POD}/{ID}",
        2,
        cpu=Limit(1.5, POD),
        cpu_weight=39,
        cpu_seconds=2.5,
        throttled=3,
        periods=10,
        throttled_seconds=0.5,
        memory=Limit(268435456, f"{POD}/{ID}"),
        memory_used=1048576,
        memory_peak=2097152,
        swap=Limit(0, f"{POD}/{ID}"),
        oom_kills=1,
        pids=Limit(4096, POD),
        pids_used=5,
    )


def test_a_process_below_its_container_has_the_containers_usage(
    unified: str, tmp_path: Path
) -> None:
    """What a container made below its own cgroup is only a part of it."""
    below = f"{POD}/{ID}/init.scope"
    tree(tmp_path / "cg", {f"{below}/cgroup.procs": "7\n"})
    tree(tmp_path, {"proc/7/cgroup": f"0::{below}\n"})
    found = ControlGroups(unified).limits("web", 7, ID)
    assert (found.cgroup, found.memory_used) == (f"{POD}/{ID}", 1048576)
    alone = ControlGroups(unified).limits("web", 7)
    assert (alone.cgroup, alone.memory_used) == (below, None)
    assert alone.memory == Limit(268435456, f"{POD}/{ID}")


@pytest.fixture
def version_1(tmp_path: Path) -> str:
    """Give a node of version 1, whose pod limits what its container does not."""
    path = f"{POD}/{ID}"
    tree(
        tmp_path,
        {
            **{f"{name}{path}/cgroup.procs": "1\n7\n" for name in V1},
            f"cpu,cpuacct{path}/cpu.cfs_quota_us": "-1\n",
            f"cpu,cpuacct{path}/cpu.cfs_period_us": "100000\n",
            f"cpu,cpuacct{path}/cpu.shares": "102\n",
            f"cpu,cpuacct{path}/cpu.stat": "nr_periods 4\nnr_throttled 1\n"
            "throttled_time 250000000\n",
            f"cpu,cpuacct{path}/cpuacct.usage": "3000000000\n",
            f"cpu,cpuacct{POD}/cpu.cfs_quota_us": "25000\n",
            f"cpu,cpuacct{POD}/cpu.cfs_period_us": "100000\n",
            f"memory{path}/memory.limit_in_bytes": "9223372036854771712\n",
            f"memory{path}/memory.usage_in_bytes": "4096\n",
            f"memory{path}/memory.max_usage_in_bytes": "8192\n",
            f"memory{path}/memory.oom_control": "oom_kill_disable 0\noom_kill 2\n",
            f"memory{POD}/memory.limit_in_bytes": "1000000\n",
            f"pids{path}/pids.max": "100\n",
            f"pids{path}/pids.current": "9\n",
        },
    )
    return node(tmp_path, {n: n for n in V1}, dict.fromkeys(V1, path))


def test_limits_of_version_1(version_1: str) -> None:
    """Each controller in a hierarchy of its own; what no machine has is no limit."""
    path = f"{POD}/{ID}"
    found = ControlGroups(version_1).limits("web", 7, ID)
    assert found == Limits(
        "web",
        path,
        1,
        cpu=Limit(0.25, POD),
        cpu_weight=102,
        cpu_seconds=3.0,
        throttled=1,
        periods=4,
        throttled_seconds=0.25,
        memory=Limit(1000000, POD),
        memory_used=4096,
        memory_peak=8192,
        oom_kills=2,
        pids=Limit(100, path),
        pids_used=9,
    )


def test_what_cannot_be_seen_is_told(tmp_path: Path) -> None:
    """No mount, or another process under that number: no limits, but why."""
    proc = node(tmp_path, {}, {"": "/x"})
    found = ControlGroups(proc).limits("web", 7)
    assert found == Limits(
        "web", trouble="its control groups are not to be seen from here"
    )


def test_files_that_say_something_else_are_no_limit(
    unified: str, tmp_path: Path
) -> None:
    """Garbage in a file is as if it were not there."""
    tree(
        tmp_path / "cg",
        {
            f"{POD}/{ID}/cpu.max": "\x1b[31m\n",
            f"{POD}/cpu.max": "100000 0\n",
            f"{POD}/{ID}/memory.current": "a lot\n",
            f"{POD}/{ID}/cpu.stat": "usage_usec\n",
        },
    )
    found = ControlGroups(unified).limits("web", 7, ID)
    assert (found.cpu, found.memory_used, found.cpu_seconds) == (None, None, None)
