"""The short-lived child: what it brings back, and that it ends."""

from __future__ import annotations

import errno
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocnetview.collectors.base import Stop
from ocnetview.collectors.decode import GETLINK_FAMILY, decode_link
from ocnetview.collectors.netlink import RTM_GETLINK, RTM_NEWLINK
from ocnetview.probes import errand

LINKS = errand.dump(0, RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK)


@pytest.fixture
def stop() -> Iterator[Stop]:
    """Give what would end a question."""
    stop = Stop()
    yield stop
    stop.close()


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """Give a file that nobody writes to: who opens it to read hangs."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


def children() -> set[int]:
    """Return the processes that this one started and that still run or are unread."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text("utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == os.getpid():
                found.add(int(entry.name))
    return found


def test_a_dump_and_a_file_come_back_whole(stop: Stop) -> None:
    """What the child reads is what would be read here."""
    tasks = {"links": LINKS, "comm": errand.file("/proc/self/comm")}
    answers = errand.run(tasks, stop)
    names = {decode_link(body).name for body in answers.bodies("links")}
    assert names == {name for _, name in socket.if_nameindex()}
    assert answers.text("comm").startswith("python")


def test_a_dump_holds_only_what_is_wanted(stop: Stop) -> None:
    """Of a large table only the messages with one of the texts come back."""
    task = errand.dump(0, RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK, [b"lo\0"])
    (body,) = errand.run({"links": task}, stop).bodies("links")
    assert decode_link(body).name == "lo"


def test_what_the_kernel_refuses_is_said_of_that_task_alone(stop: Stop) -> None:
    """Each answer has its own errno; the others are there."""
    tasks = {"missing": errand.file("/proc/self/nothing"), "links": LINKS}
    answers = errand.run(tasks, stop)
    with pytest.raises(FileNotFoundError):
        answers.text("missing")
    assert answers.bodies("links")


def test_what_goes_wrong_in_the_child_is_told_in_words(
    stop: Stop, capfd: pytest.CaptureFixture[str]
) -> None:
    """Never by a traceback on the terminal, which may be the screen."""
    answers = errand.run({"odd": {"do": "nothing"}}, stop)
    with pytest.raises(OSError, match="KeyError: 'nothing'"):
        answers.text("odd")
    assert capfd.readouterr() == ("", "")


def test_a_child_that_cannot_even_start_is_told(
    stop: Stop, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """With the status that it ended with."""
    monkeypatch.setattr(errand, "_ROOT", "/nonexistent")
    with pytest.raises(OSError, match="ended with status 1 and no answer"):
        errand.run({"links": LINKS}, stop)
    assert capfd.readouterr() == ("", "")


def test_a_child_that_hangs_is_ended(stop: Stop, fifo: Path) -> None:
    """After its time it is dead, and who asked is told."""
    before = children()
    with pytest.raises(TimeoutError, match="it hung, and was ended"):
        errand.run({"fifo": errand.file(str(fifo))}, stop, seconds=0.5)
    assert children() == before


def test_stop_ends_a_child_that_hangs_at_once(stop: Stop, fifo: Path) -> None:
    """Set from another thread, long before its time."""
    before = children()

    def end() -> None:
        # The child has opened the other end once this open returns.
        with fifo.open("wb"):
            stop.set()

    thread = threading.Thread(target=end)
    thread.start()
    with pytest.raises(errand.StoppedError):
        errand.run({"fifo": errand.file(str(fifo))}, stop, seconds=50)
    thread.join()
    assert children() == before


def test_nothing_is_asked_any_more_after_stop(stop: Stop) -> None:
    """A question that comes too late gets no answer."""
    stop.set()
    with pytest.raises(errand.StoppedError):
        errand.run({"links": LINKS}, stop)


PARENT = """
import os, sys
from ocnetview.collectors.base import Stop
from ocnetview.probes import errand
errand.run({"fifo": errand.file(sys.argv[1])}, Stop(), seconds=50)
"""


def test_a_child_dies_with_its_parent(fifo: Path) -> None:
    """Though that was killed and could not end it."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(fifo)])
    end = os.open(fifo, os.O_WRONLY | os.O_CLOEXEC)
    try:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        # With its last reader gone a pipe is in error.
        poll = select.poll()
        poll.register(end, 0)
        assert poll.poll(20_000) == [(end, select.POLLERR)]
    finally:
        os.close(end)


def test_a_file_below_a_root_is_read(stop: Stop, tmp_path: Path) -> None:
    """Links are followed as they are meant inside, none leads out."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "resolv.conf").write_text("nameserver 10.0.0.10\n", "utf-8")
    (tmp_path / "etc" / "resolv.conf").symlink_to("/run/resolv.conf")
    (tmp_path / "etc" / "hosts").symlink_to("../../../../../../etc/passwd")
    tasks = [("resolv", "/etc/resolv.conf"), ("hosts", "/etc/hosts")]
    answers = below(tmp_path, dict(tasks), stop)
    assert answers.text("resolv") == "nameserver 10.0.0.10\n"
    with pytest.raises(FileNotFoundError):
        answers.text("hosts")


def test_nothing_but_plain_files_is_read_below_a_root(
    stop: Stop, tmp_path: Path
) -> None:
    """A FIFO, a folder, a socket: neither opened nor waited for."""
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        names = ("fifo", "socket", ".")
        answers = below(tmp_path, {name: name for name in names}, stop)
    for name in names:
        with pytest.raises(OSError, match="no plain file"):
            answers.text(name)


def test_a_file_without_end_is_read_in_part(stop: Stop, tmp_path: Path) -> None:
    """A megabyte at most of what a container wrote."""
    with (tmp_path / "hosts").open("wb") as file:
        file.truncate(1 << 30)
    assert len(below(tmp_path, {"hosts": "hosts"}, stop).text("hosts")) == 1 << 20


def below(root: Path, paths: dict[str, str], stop: Stop) -> errand.Answers:
    """Return what a child reads below this root."""
    fd = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        tasks = {name: errand.below(fd, path) for name, path in paths.items()}
        return errand.run(tasks, stop, root=fd)
    finally:
        os.close(fd)


def test_a_namespace_that_is_none_cannot_be_entered(stop: Stop) -> None:
    """The kernel's word is told as that, not as an answer."""
    fd = os.open("/proc/self/ns/uts", os.O_RDONLY | os.O_CLOEXEC)
    try:
        with pytest.raises(errand.EnterError) as caught:
            errand.run({"links": LINKS}, stop, netns=fd)
    finally:
        os.close(fd)
    assert caught.value.errno in (errno.EINVAL, errno.EPERM)


def test_the_sockets_that_a_process_has_open_are_found(stop: Stop) -> None:
    """By their inodes, with the process's name; one that ended is left out."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    with socket.socket() as ours:
        inode = os.fstat(ours.fileno()).st_ino
        task = errand.descriptors("/proc", [os.getpid(), ended.pid])
        said = errand.run({"fds": task}, stop)["fds"]
        ((pid, (name, sockets)),) = said["processes"].items()
        assert (int(pid), sockets[str(ours.fileno())]) == (os.getpid(), inode)
    assert name == Path("/proc/self/comm").read_text("utf-8").strip()
    assert said["denied"] == []


def test_no_descriptor_is_left_here(stop: Stop, fifo: Path) -> None:
    """Neither after an answer nor after a child that hung."""
    before = sorted(Path("/proc/self/fd").iterdir())
    errand.run({"links": LINKS}, stop)
    with pytest.raises(TimeoutError):
        errand.run({"fifo": errand.file(str(fifo))}, stop, seconds=0.2)
    assert sorted(Path("/proc/self/fd").iterdir()) == before


def test_a_child_imports_next_to_nothing() -> None:
    """No client, no dataclasses, no package of the program beyond what it reads by."""
    code = (
        "import sys, ocnetview.probes.child;"
        "print(*sorted(n for n in sys.modules if n.startswith('ocnetview.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == {
        "ocnetview.collectors",
        "ocnetview.collectors.attributes",
        "ocnetview.collectors.entry",
        "ocnetview.collectors.netlink",
        "ocnetview.collectors.rooted",
        "ocnetview.probes",
        "ocnetview.probes.child",
    }
