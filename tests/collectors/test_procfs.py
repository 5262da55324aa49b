"""Processes, from a made-up /proc and from our own."""

from __future__ import annotations

import os
import pwd
import threading
from pathlib import Path

import pytest

from ocnetview.collectors.base import Attention, Focus, Stop
from ocnetview.collectors.procfs import ProcessCollector, read_process, read_processes
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError


def made(
    proc: Path, pid: int, name: bytes, command: bytes, state: bytes = b"S"
) -> None:
    """Write a process as proc(5) describes it."""
    place = proc / str(pid)
    place.mkdir(parents=True)
    fields = [state, b"7", *(str(n).encode() for n in range(5, 53))]
    (place / "stat").write_bytes(b"%d (%s) %s\n" % (pid, name, b" ".join(fields)))
    status = b"Name:\tx\nUid:\t4242\t0\t0\t0\nNSpid:\t%d\t13\t2\nThreads:\t3\n" % pid
    (place / "status").write_bytes(status)
    (place / "cmdline").write_bytes(command)


def hide(proc: Path, pid: int) -> None:
    """Write a process that may not be read: a file that is EACCES to root as well."""
    made(proc, pid, b"h", b"h\0")
    (proc / str(pid) / "stat").unlink()
    (proc / str(pid) / "stat").symlink_to("/proc/sys/vm/drop_caches")


def test_each_field_is_the_right_one(tmp_path: Path) -> None:
    """Field numbers of /proc/PID/stat, uid, innermost pid, argv."""
    made(tmp_path, 50, b"nginx", b"nginx\0-g\0daemon off;\0")
    process = read_process(str(tmp_path), 50, "id")
    assert (process.pid, process.ppid, process.inner_pid) == (50, 7, 2)
    assert (process.start_time, process.cpu_ticks, process.threads) == (22, 29, 20)
    assert process.rss == 24 * os.sysconf("SC_PAGE_SIZE")
    assert process.command == ("nginx", "-g", "daemon off;")
    assert (process.uid, process.user, process.container_id) == (4242, "4242", "id")
    assert process.netns is None


@pytest.mark.parametrize("name", [b"a) R 1 (b", b"((", b"x\xff\x1b[1m", b" "])
def test_a_name_may_hold_what_ends_the_field(tmp_path: Path, name: bytes) -> None:
    """A comm with parentheses, spaces or escapes shifts no field."""
    made(tmp_path, 50, name, b"")
    process = read_process(str(tmp_path), 50, "")
    assert (process.ppid, process.command) == (7, ())


def test_a_title_written_over_argv_loses_its_padding(tmp_path: Path) -> None:
    """Programs that show a title pad it with NULs."""
    made(tmp_path, 50, b"pg", b"postgres: writer\0\0\0\0")
    assert read_process(str(tmp_path), 50, "").command == ("postgres: writer",)


def test_the_hosts_names_are_not_a_containers(tmp_path: Path) -> None:
    """Uid 1 is daemon on the host; in a container nobody here knows who it is."""
    names = {}
    for pid, uid in ((50, 0), (51, 1)):
        made(tmp_path, pid, b"x", b"x\0")
        status = tmp_path / str(pid) / "status"
        status.write_bytes(status.read_bytes().replace(b"4242", b"%d" % uid))
        for container in ("", "id"):
            found = read_process(str(tmp_path), pid, container)
            names[uid, container] = found.user
    host = {uid: pwd.getpwuid(uid).pw_name for uid in (0, 1)}
    assert names == {
        (0, ""): host[0],
        (0, "id"): "root",
        (1, ""): host[1],
        (1, "id"): "1",
    }


def test_a_process_that_ends_between_two_reads_is_gone(tmp_path: Path) -> None:
    """It is left out, and the others are not."""
    made(tmp_path, 50, b"a", b"a\0")
    (tmp_path / "51").mkdir()
    (tmp_path / "uptime").write_text("100.5 1.0\n")
    facts = read_processes(str(tmp_path), Focus(pids=frozenset({50, 51, 52})))
    assert [p.pid for p in facts.processes] == [50]
    assert facts.uptime == 100.5


def test_a_process_that_hidepid_hides_is_left_out(tmp_path: Path) -> None:
    """One that may not be read takes none of the others with it."""
    made(tmp_path, 50, b"a", b"a\0")
    hide(tmp_path, 51)
    (tmp_path / "uptime").write_text("100.5 1.0\n")
    facts = read_processes(str(tmp_path), Focus(pids=frozenset({50, 51})))
    assert [p.pid for p in facts.processes] == [50]


def test_users_are_named_as_on_the_node(tmp_path: Path) -> None:
    """With another root its files count, those of an image's own users as well."""
    made(tmp_path, 50, b"nginx", b"nginx\0")
    for place, name in (("etc", "kim"), ("usr/lib", "image")):
        (tmp_path / place).mkdir(parents=True)
        line = f"{name}:x:{4242 if name == 'kim' else 4243}:0::/:/bin/sh\n+\n"
        (tmp_path / place / "passwd").write_text(line)
    root = str(tmp_path)
    assert read_process(str(tmp_path), 50, "", root).user == "kim"
    (tmp_path / "50" / "status").write_text("\nUid:\t4243\n")
    assert read_process(str(tmp_path), 50, "", root).user == "image"


def test_that_every_process_is_hidden_is_said(tmp_path: Path) -> None:
    """No tree at all is an error with what would help, not an empty container."""
    hide(tmp_path, 51)
    (tmp_path / "uptime").write_text("100.5 1.0\n")
    attention = Attention(Focus(pids=frozenset({51, 52})))
    collector = ProcessCollector(Settings(proc=str(tmp_path)), attention)
    with pytest.raises(CollectorError, match=r"hidepid \(needs CAP_SYS_PTRACE or root"):
        next(collector.watch(Stop()))


def test_our_own_process_is_as_the_kernel_shows_it() -> None:
    """A real process, its namespace included."""
    pid = os.getpid()
    (process,) = read_processes("/proc", Focus(pids=frozenset({pid}))).processes
    assert (process.pid, process.ppid, process.uid) == (pid, os.getppid(), os.getuid())
    assert process.netns is not None
    assert process.netns.ino == os.stat("/proc/self/ns/net").st_ino  # noqa: PTH116 - as the code does


def test_the_collector_follows_the_focus() -> None:
    """What is looked at is read; a change of focus is read at once."""
    attention, stop = Attention(), Stop()
    collector = ProcessCollector(Settings(refresh=600), attention)
    facts = collector.watch(stop)
    assert next(facts).processes == ()
    attention.turn(Focus(pids=frozenset({os.getpid()})))
    assert [p.pid for p in next(facts).processes] == [os.getpid()]
    stop.set()
    assert list(facts) == []


def test_no_proc_is_said(tmp_path: Path) -> None:
    """A place without a proc file system is not there, not an empty node."""
    collector = ProcessCollector(Settings(proc=str(tmp_path)), Attention())
    with pytest.raises(SourceAbsentError, match="no proc file system there"):
        next(collector.watch(Stop()))


def test_a_thread_leads_to_its_process() -> None:
    """A thread's id, which /proc does not list, gives the process, and is kept."""
    go = threading.Event()
    thread = threading.Thread(target=go.wait)
    thread.start()
    try:
        tid = thread.native_id
        assert tid
        (process,) = read_processes("/proc", Focus.on([], [tid])).processes
        assert (process.pid, process.tids) == (os.getpid(), (tid,))
        (process,) = read_processes("/proc", Focus.on([], [os.getpid()])).processes
        assert (process.pid, process.tids) == (os.getpid(), ())
    finally:
        go.set()
        thread.join()
