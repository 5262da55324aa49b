"""Processes, from a made-up /proc and from our own."""

from __future__ import annotations

import os
import pwd
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

import pytest

from ocnetview.collectors.base import Attention, Focus, How, Stop
from ocnetview.collectors.process_reader import ProcessReader, read_process
from ocnetview.collectors.procfs import ProcessCollector
from ocnetview.collectors.stat import read_stat
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Process, ProcessFacts


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


def seen(proc: str, pid: int, container: str, root: str = "") -> Process:
    """Return a process as it is read at first sight."""
    return read_process(proc, pid, read_stat(proc, pid), container, root)


def pids(said: ProcessFacts | How) -> list[int]:
    """Return whom these facts are of."""
    assert isinstance(said, ProcessFacts)
    return [process.pid for process in said.processes]


def hide(proc: Path, pid: int) -> None:
    """Write a process that may not be read: a file that is EACCES to root as well."""
    made(proc, pid, b"h", b"h\0")
    (proc / str(pid) / "stat").unlink()
    (proc / str(pid) / "stat").symlink_to("/proc/sys/vm/drop_caches")


def test_each_field_is_the_right_one(tmp_path: Path) -> None:
    """Field numbers of /proc/PID/stat, uid, innermost pid, argv."""
    made(tmp_path, 50, b"nginx", b"nginx\0-g\0daemon off;\0")
    process = seen(str(tmp_path), 50, "id")
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
    process = seen(str(tmp_path), 50, "")
    assert (process.ppid, process.command) == (7, ())


def test_a_title_written_over_argv_loses_its_padding(tmp_path: Path) -> None:
    """Programs that show a title pad it with NULs."""
    made(tmp_path, 50, b"pg", b"postgres: writer\0\0\0\0")
    assert seen(str(tmp_path), 50, "").command == ("postgres: writer",)


def test_the_hosts_names_are_not_a_containers(tmp_path: Path) -> None:
    """Uid 1 is daemon on the host; in a container nobody here knows who it is."""
    names = {}
    for pid, uid in ((50, 0), (51, 1)):
        made(tmp_path, pid, b"x", b"x\0")
        status = tmp_path / str(pid) / "status"
        status.write_bytes(status.read_bytes().replace(b"4242", b"%d" % uid))
        for container in ("", "id"):
            found = seen(str(tmp_path), pid, container)
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
    facts = ProcessReader(str(tmp_path)).read(Focus(pids=frozenset({50, 51, 52})))
    assert [p.pid for p in facts.processes] == [50]
    assert facts.uptime == 100.5


def test_a_process_that_hidepid_hides_is_left_out(tmp_path: Path) -> None:
    """One that may not be read takes none of the others with it."""
    made(tmp_path, 50, b"a", b"a\0")
    hide(tmp_path, 51)
    (tmp_path / "uptime").write_text("100.5 1.0\n")
    facts = ProcessReader(str(tmp_path)).read(Focus(pids=frozenset({50, 51})))
    assert [p.pid for p in facts.processes] == [50]


def test_users_are_named_as_on_the_node(tmp_path: Path) -> None:
    """With another root its files count, those of an image's own users as well."""
    made(tmp_path, 50, b"nginx", b"nginx\0")
    for place, name in (("etc", "kim"), ("usr/lib", "image")):
        (tmp_path / place).mkdir(parents=True)
        line = f"{name}:x:{4242 if name == 'kim' else 4243}:0::/:/bin/sh\n+\n"
        (tmp_path / place / "passwd").write_text(line)
    root = str(tmp_path)
    assert seen(str(tmp_path), 50, "", root).user == "kim"
    (tmp_path / "50" / "status").write_text("\nUid:\t4243\n")
    assert seen(str(tmp_path), 50, "", root).user == "image"


def test_that_every_process_is_hidden_is_said(tmp_path: Path) -> None:
    """No tree at all is an error with what would help, not an empty container."""
    hide(tmp_path, 51)
    (tmp_path / "uptime").write_text("100.5 1.0\n")
    attention = Attention(Focus(pids=frozenset({51, 52})))
    collector = ProcessCollector(Settings(proc=str(tmp_path)), attention)
    with pytest.raises(CollectorError, match=r"hidepid \(needs CAP_SYS_PTRACE or root"):
        list(islice(collector.watch(Stop()), 2))


def test_our_own_process_is_as_the_kernel_shows_it() -> None:
    """A real process, its namespace included."""
    pid = os.getpid()
    (process,) = ProcessReader("/proc").read(Focus(pids=frozenset({pid}))).processes
    assert (process.pid, process.ppid, process.uid) == (pid, os.getppid(), os.getuid())
    assert process.netns is not None
    assert process.netns.ino == os.stat("/proc/self/ns/net").st_ino  # noqa: PTH116 - as the code does


def test_the_collector_follows_the_focus() -> None:
    """What is looked at is read; a change of focus is read at once."""
    attention, stop = Attention(), Stop()
    attention.pace(600)
    collector = ProcessCollector(Settings(), attention)
    facts = collector.watch(stop)
    assert next(facts) == How("polled every 600 s")
    assert pids(next(facts)) == []
    attention.turn(Focus(pids=frozenset({os.getpid()})))
    assert pids(next(facts)) == [os.getpid()]
    stop.set()
    assert list(facts) == []


def test_no_proc_is_said(tmp_path: Path) -> None:
    """A place without a proc file system is not there, not an empty node."""
    collector = ProcessCollector(Settings(proc=str(tmp_path)), Attention())
    with pytest.raises(SourceAbsentError, match="no proc file system there"):
        list(islice(collector.watch(Stop()), 2))


def test_a_thread_leads_to_its_process() -> None:
    """A thread's id, which /proc does not list, gives the process, and is kept."""
    go = threading.Event()
    thread = threading.Thread(target=go.wait)
    thread.start()
    try:
        tid = thread.native_id
        assert tid
        (process,) = ProcessReader("/proc").read(Focus.on([], [tid])).processes
        assert (process.pid, process.tids) == (os.getpid(), (tid,))
        (process,) = ProcessReader("/proc").read(Focus.on([], [os.getpid()])).processes
        assert (process.pid, process.tids) == (os.getpid(), ())
    finally:
        go.set()
        thread.join()


def change(proc: Path, file: str, before: bytes, after: bytes) -> None:
    """Put something else into a file of process 50."""
    place = proc / "50" / file
    content = place.read_bytes()
    assert before in content
    place.write_bytes(content.replace(before, after))


def watched(proc: Path) -> Iterator[Process]:
    """Yield process 50 as each reading gives it, after the first two."""
    made(proc, 50, b"web", b"web\0-a\0")
    (proc / "uptime").write_text("100.5 1.0\n")
    reader, focus = ProcessReader(str(proc)), Focus(pids=frozenset({50}))
    for reading in count():
        (process,) = reader.read(focus).processes
        if reading > 1:
            yield process


def test_what_moves_is_read_again_and_the_rest_kept(tmp_path: Path) -> None:
    """State, parent, time, memory and threads come from the one file that tells."""
    readings = watched(tmp_path)
    before = next(readings)
    assert next(readings) is before
    for name in ("status", "cmdline"):
        (tmp_path / "50" / name).unlink()
    line = b" ".join(str(n).encode() for n in range(5, 53))
    change(tmp_path, "stat", b"S 7 " + line, b"R 8 " + line.replace(b" 14 ", b" 15 "))
    after = next(readings)
    assert (after.state, after.ppid, after.cpu_ticks) == ("R", 8, before.cpu_ticks + 1)
    assert replace(after, state="S", ppid=7, cpu_ticks=before.cpu_ticks) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"(web)", b"(sh)"),
        (b" 26 ", b" 126 "),
        (b" 28 ", b" 128 "),
        (b" 22 ", b" 122 "),
        (b") S ", b") Z "),
    ],
    ids=["name", "code", "stack", "start", "zombie"],
)
def test_another_program_or_process_is_read_whole(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    """An exec, a number given anew, and an end: argv and user are read at once."""
    readings = watched(tmp_path)
    assert next(readings).command == ("web", "-a")
    change(tmp_path, "cmdline", b"web\0-a", b"sh\0-c")
    change(tmp_path, "status", b"4242", b"0")
    change(tmp_path, "stat", before, after)
    found = next(readings)
    assert (found.command, found.uid) == (("sh", "-c"), 0)


def test_a_title_and_a_user_that_change_alone_are_seen_in_time(tmp_path: Path) -> None:
    """Nothing tells of them, so all is read again after some readings."""
    readings = watched(tmp_path)
    assert next(readings).uid == 4242
    change(tmp_path, "cmdline", b"web\0-a", b"web: idle")
    change(tmp_path, "status", b"4242", b"33")
    found = [process for process, _ in zip(readings, range(10), strict=False)][-1]
    assert (found.command, found.uid) == (("web: idle",), 33)


def test_a_young_process_is_read_whole_twice(tmp_path: Path) -> None:
    """After a fork it sets its user and its namespace, and nothing tells."""
    made(tmp_path, 50, b"web", b"web\0")
    (tmp_path / "uptime").write_text("100.5 1.0\n")
    reader, focus = ProcessReader(str(tmp_path)), Focus(pids=frozenset({50}))
    reader.read(focus)
    change(tmp_path, "status", b"4242", b"33")
    (process,) = reader.read(focus).processes
    assert process.uid == 33
