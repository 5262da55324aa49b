"""Main processes: by cgroup when many, by inspection when few, kept while they run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from collectors.docker_server import add_process

from ocnetview.collectors.main_processes import MainProcesses, counts_pids_as_we

IDS = [f"{number:064x}" for number in range(1, 31)]


class Inspector:
    """Answers inspections from a table, and remembers who was asked for."""

    def __init__(self, pids: dict[str, int | None]) -> None:
        self.pids = pids
        self.asked: list[str] = []

    def __call__(self, container: str) -> int | None:
        """Return the pid; a container that is not in the table is gone."""
        self.asked.append(container)
        return self.pids[container]


def pids_of(processes: MainProcesses, ids: list[str]) -> list[int | None]:
    """Return the pids that are found for these containers."""
    found = processes.find(ids)
    return [main.pid if (main := found[one]) else None for one in ids]


def test_many_are_found_by_their_cgroups(tmp_path: Path) -> None:
    """The process that started first is the main one, whatever its number."""
    for number, container in enumerate(IDS):
        text = f"2:pids:/docker/{container}\n0::/\n"
        add_process(tmp_path, 1000 + number, text, started=500)
        add_process(tmp_path, 500 + number, text, started=600)
    inspector = Inspector({})
    processes = MainProcesses(str(tmp_path), inspector)
    assert pids_of(processes, IDS) == [1000 + number for number in range(30)]
    assert inspector.asked == []


def test_a_cgroup_that_only_bears_the_name_fools_nobody(tmp_path: Path) -> None:
    """Users may name theirs after a container: then the daemon says which is its."""
    for number, container in enumerate(IDS):
        text = f"2:pids:/docker/{container}\n0::/docker/{container}/init\n"
        add_process(tmp_path, 1000 + number, text, started=500)
        text = f"2:pids:/\n0::/docker/{container}\n"
        add_process(tmp_path, 2000 + number, text, started=600)
    add_process(tmp_path, 3, f"0::/user.slice/app/docker-{IDS[0]}.scope\n", started=1)
    inspector = Inspector({IDS[0]: 1000})
    processes = MainProcesses(str(tmp_path), inspector)
    assert pids_of(processes, IDS) == [1000 + number for number in range(30)]
    assert inspector.asked == IDS[:1]


def test_few_are_inspected(tmp_path: Path) -> None:
    """For a handful the daemon is asked, and each process's namespace is read."""
    add_process(tmp_path, 7, "0::/\n")
    inspector = Inspector({IDS[0]: 7, IDS[1]: None, IDS[2]: 8})
    found = MainProcesses(str(tmp_path), inspector).find(IDS[:3])
    assert inspector.asked == IDS[:3]
    first, none, hidden = (found[one] for one in IDS[:3])
    assert first is not None
    assert first.netns is not None
    assert none is None
    assert hidden is not None
    assert hidden.netns is None


def test_those_without_a_cgroup_are_inspected(tmp_path: Path) -> None:
    """What one pass over the processes does not find, the daemon is asked for."""
    for number, container in enumerate(IDS[:-1]):
        add_process(tmp_path, 1000 + number, f"0::/docker/{container}\n")
    inspector = Inspector({IDS[-1]: 5})
    processes = MainProcesses(str(tmp_path), inspector)
    assert pids_of(processes, IDS)[-1] == 5
    assert inspector.asked == IDS[-1:]


def test_what_is_known_is_not_asked_for_again(tmp_path: Path) -> None:
    """A process is kept until its container is forgotten or no longer runs."""
    inspector = Inspector({IDS[0]: 7, IDS[1]: 8})
    processes = MainProcesses(str(tmp_path), inspector)
    processes.find(IDS[:2])
    assert pids_of(processes, IDS[:2]) == [7, 8]
    assert len(inspector.asked) == 2
    processes.forget([IDS[0], "unknown"])
    inspector.pids[IDS[0]] = 9
    assert pids_of(processes, IDS[:2]) == [9, 8]
    processes.find(IDS[:1])
    inspector.pids[IDS[1]] = 10
    assert pids_of(processes, IDS[:2]) == [9, 10]


@pytest.mark.parametrize("after", [None, 200])
def test_a_number_that_another_process_has_by_now_is_dropped(
    tmp_path: Path, after: int | None
) -> None:
    """A process is (pid, start time): one that ended, or another one, is not it."""
    proc = tmp_path / "before"
    add_process(proc, 7, "0::/\n", started=100)
    inspector = Inspector({IDS[0]: 7})
    processes = MainProcesses(str(proc), inspector)
    first = processes.find(IDS[:1])[IDS[0]]
    assert first is not None
    assert (first.pid, first.started) == (7, 100)
    proc.rename(tmp_path / "aside")
    add_process(proc, 9, "0::/\n", started=300)
    if after is not None:
        add_process(proc, 7, "0::/\n", started=after)
    inspector.pids[IDS[0]] = 9
    second = processes.find(IDS[:1])[IDS[0]]
    assert second is not None
    assert (second.pid, second.started) == (9, 300)


def test_a_number_that_changes_hands_meanwhile_is_nobodys(tmp_path: Path) -> None:
    """What was read of two processes that had one number is told of neither."""
    add_process(tmp_path, 7, "", started=1)
    cgroup = tmp_path / "7" / "cgroup"
    cgroup.unlink()
    os.mkfifo(cgroup)

    def end_and_begin() -> None:
        with cgroup.open("w") as read_by:
            add_process(tmp_path / "new", 7, "", started=2)
            (tmp_path / "new" / "7" / "stat").rename(tmp_path / "7" / "stat")
            read_by.write(f"0::/docker/{IDS[0]}\n")

    other = threading.Thread(target=end_and_begin)
    other.start()
    processes = MainProcesses(str(tmp_path), Inspector({IDS[0]: 7}))
    assert pids_of(processes, IDS[:1]) == [None]
    other.join()


def test_who_began_after_the_pass_is_looked_at_again(tmp_path: Path) -> None:
    """What was seen of a number before counts only for who had it then."""
    add_process(tmp_path, 7, "")
    cgroup = tmp_path / "7" / "cgroup"
    cgroup.unlink()
    os.mkfifo(cgroup)

    def end_and_begin() -> None:
        with cgroup.open("w") as read_by:
            add_process(tmp_path / "new", 7, "0::/\n", started=10**12)
            for name in ("stat", "cgroup"):
                (tmp_path / "new" / "7" / name).rename(tmp_path / "7" / name)
            read_by.write(f"0::/docker/{IDS[0]}\n")

    other = threading.Thread(target=end_and_begin)
    other.start()
    processes = MainProcesses(str(tmp_path), Inspector({IDS[0]: None}), few=0)
    assert pids_of(processes, IDS[:1]) == [None]
    other.join()


def test_a_namespace_that_was_not_readable_is_tried_again(tmp_path: Path) -> None:
    """A process that appears in /proc later gets its namespace then."""
    processes = MainProcesses(str(tmp_path), Inspector({IDS[0]: 7}))
    before = processes.find(IDS[:1])[IDS[0]]
    assert before is not None
    assert before.netns is None
    add_process(tmp_path, 7, "0::/\n")
    after = processes.find(IDS[:1])[IDS[0]]
    assert after is not None
    assert after.netns is not None


def test_a_container_that_is_gone_is_left_out(tmp_path: Path) -> None:
    """An inspection that finds no container leaves the others alone."""
    processes = MainProcesses(str(tmp_path), Inspector({IDS[1]: 8}))
    assert list(processes.find(IDS[:2])) == IDS[1:2]


@pytest.mark.parametrize(
    ("owner", "local", "pid"),
    [
        (IDS[0], True, 7),
        (IDS[0], False, 7),
        (IDS[1], True, None),
        (IDS[1], False, None),
        ("", True, 7),
        ("", False, None),
    ],
)
def test_a_pid_is_used_only_if_it_can_be_that_containers(
    tmp_path: Path,
    owner: str,
    local: bool,  # noqa: FBT001 - a parameter of pytest's
    pid: int | None,
) -> None:
    """A cgroup must not contradict a daemon here, and must confirm one elsewhere."""
    add_process(tmp_path, 7, f"0::/docker/{owner}\n")
    inspector = Inspector({IDS[0]: 7})
    processes = MainProcesses(str(tmp_path), inspector, local=local)
    assert pids_of(processes, IDS[:1]) == [pid]


def test_without_a_proc_the_daemon_is_asked(tmp_path: Path) -> None:
    """Where there is no proc file system, pids are known and namespaces are not."""
    inspector = Inspector(dict.fromkeys(IDS, 7))
    found = MainProcesses(str(tmp_path / "none"), inspector).find(IDS)
    assert all(main and (main.pid, main.netns) == (7, None) for main in found.values())


def test_those_without_a_process_are_not_sought_over_and_over(tmp_path: Path) -> None:
    """One pass serves a container that has none, until another one is new."""
    inspector = Inspector(dict.fromkeys(IDS[:2]))
    processes = MainProcesses(str(tmp_path), inspector, few=0)
    assert pids_of(processes, IDS[:1]) == [None]
    add_process(tmp_path, 7, f"0::/docker/{IDS[0]}\n")
    assert pids_of(processes, IDS[:1]) == [None]
    add_process(tmp_path, 8, f"0::/docker/{IDS[1]}\n")
    assert pids_of(processes, IDS[:2]) == [7, 8]
    assert inspector.asked == [IDS[0], IDS[0]]


def test_one_that_is_forgotten_is_sought_again(tmp_path: Path) -> None:
    """What was told to have changed may have a process by now."""
    processes = MainProcesses(str(tmp_path), Inspector({IDS[0]: None}), few=0)
    assert pids_of(processes, IDS[:1]) == [None]
    add_process(tmp_path, 7, f"0::/docker/{IDS[0]}\n")
    processes.forget(IDS[:1])
    assert pids_of(processes, IDS[:1]) == [7]


def test_a_peer_beside_us_counts_pids_as_we() -> None:
    """Both ends of a pair are ours."""
    one, other = socket.socketpair()
    with closing(one), closing(other):
        assert counts_pids_as_we(one)


LISTENER = """
import socket, sys
with socket.socket(socket.AF_UNIX) as listening:
    listening.bind(sys.argv[1])
    listening.listen()
    print("ready", flush=True)
    listening.accept()
"""


def test_a_peer_in_a_pid_namespace_of_its_own_counts_otherwise(tmp_path: Path) -> None:
    """As a runtime does that runs in a container: its pid 1 is not ours."""
    apart = ("unshare", "--pid", "--fork", "--kill-child")
    if subprocess.run(
        (*apart, "true"), stderr=subprocess.DEVNULL, check=False
    ).returncode:
        pytest.skip("needs CAP_SYS_ADMIN")
    path = str(tmp_path / "s")
    with subprocess.Popen(
        (*apart, sys.executable, "-c", LISTENER, path), stdout=subprocess.PIPE
    ) as listener:
        assert listener.stdout
        assert listener.stdout.readline() == b"ready\n"
        with closing(socket.socket(socket.AF_UNIX)) as sock:
            sock.connect(path)
            assert not counts_pids_as_we(sock)
