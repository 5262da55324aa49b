"""Sends a short-lived child to read inside a namespace, and waits only so long."""

from __future__ import annotations

import errno
import json
import os
import select
import subprocess
import sys
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import ocnetview
from ocnetview.collectors.base import Stop

_LIMIT = 256 << 20
"""Bytes of an answer."""
_CHUNK = 1 << 20
_ROOT = str(Path(ocnetview.__file__).parents[1])
_START = (
    # Last, so that nothing beside us stands for a module of Python's own.
    "import sys; sys.path.append(sys.argv[1]);"
    " from ocnetview.probes.child import main; main()"
)

Task = Mapping[str, Any]


class StoppedError(Exception):
    """The question is of no interest any more."""


class EnterError(OSError):
    """The namespace may not be entered."""


def dump(
    protocol: int, kind: int, request: bytes, answer: int, holding: Sequence[bytes] = ()
) -> Task:
    """Return the task to dump something by netlink, that with one of these texts."""
    return {
        "do": "dump",
        "protocol": protocol,
        "kind": kind,
        "request": _plain(request),
        "answer": answer,
        "holding": [_plain(text) for text in holding],
    }


def file(path: str) -> Task:
    """Return the task to read a file of the kernel's, as it is inside."""
    return {"do": "file", "path": path}


def below(root: int, path: str) -> Task:
    """Return the task to read a plain file below a root that we have open."""
    return {"do": "below", "root": root, "path": path}


def descriptors(proc: str, pids: Sequence[int]) -> Task:
    """Return the task to list the sockets that processes have open."""
    return {"do": "descriptors", "proc": proc, "pids": list(pids)}


def _plain(content: bytes) -> str:
    return b64encode(content).decode("ascii")


class Answers:
    """What a child brought back, by the names of the tasks."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._said = said

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        """Return one answer.

        Raises:
            OSError: the kernel refused it.
        """
        said: Mapping[str, Any] = self._said[name]
        if "errno" in said:
            raise OSError(said["errno"], said["why"])
        return said

    def bodies(self, name: str) -> list[bytes]:
        """Return the messages of a dump.

        Raises:
            OSError: the kernel refused it.
        """
        return [b64decode(body) for body in self[name]["bodies"]]

    def text(self, name: str) -> str:
        """Return what stands in a file.

        Raises:
            OSError: it cannot be read.
        """
        content = b64decode(self[name]["text"])
        return content.decode("utf-8", "backslashreplace")


def run(
    tasks: Mapping[str, Task],
    stop: Stop,
    *,
    netns: int | None = None,
    root: int | None = None,
    seconds: float = 10.0,
) -> Answers:
    """Return what a child reads within this time, in a namespace where one is given.

    Both descriptors stay the caller's, who is to close them at once.

    Raises:
        StoppedError: told to stop meanwhile; the child is dead.
        TimeoutError: it did not answer in time; it is dead, too.
        EnterError: the namespace may not be entered.
        OSError: no process can be started, or it ended without an answer.
    """
    question = {
        "parent": os.getpid(),
        "seconds": int(seconds) + 1,
        "netns": netns,
        "tasks": tasks,
    }
    passed = tuple(fd for fd in (netns, root) if fd is not None)
    with (
        _started(json.dumps(question).encode(), passed) as child,
        stop.closing(child.kill),
    ):
        said = _read(child, stop, time.monotonic() + seconds)
    if not said:
        why = f"the reading process ended with status {child.returncode} and no answer"
        raise OSError(errno.EIO, why)
    answers = json.loads(said)
    if refused := answers.get(""):
        raise EnterError(refused["errno"], refused["why"])
    return Answers(answers)


@contextmanager
def _started(
    question: bytes, passed: Sequence[int]
) -> Iterator[subprocess.Popen[bytes]]:
    """Give the child, and be sure that it is dead afterwards."""
    told = os.memfd_create("ocnetview-question", os.MFD_CLOEXEC)
    try:
        os.write(told, question)
        os.lseek(told, 0, os.SEEK_SET)
        child = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _START, _ROOT],
            stdin=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=passed,
            start_new_session=True,
        )
    finally:
        os.close(told)
    try:
        yield child
    finally:
        child.kill()
        if child.stdout:
            child.stdout.close()
        _reap(child)


def _reap(child: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a child; of one that the kernel holds on to, elsewhere."""
    try:
        child.wait(1)
    except subprocess.TimeoutExpired:
        threading.Thread(target=child.wait, name="ocnetview-reap", daemon=True).start()


def _read(child: subprocess.Popen[bytes], stop: Stop, end: float) -> bytes:
    """Return all that the child says until it ends."""
    assert child.stdout is not None  # noqa: S101 - it was asked for
    fd, parts, size = child.stdout.fileno(), list[bytes](), 0
    while True:
        left = end - time.monotonic()
        ready, _, _ = select.select([fd, stop.fileno()], [], [], max(0.0, left))
        if stop:
            raise StoppedError
        if not ready:
            raise TimeoutError(errno.ETIMEDOUT, "it hung, and was ended")
        part = os.read(fd, _CHUNK)
        if not part:
            with suppress(subprocess.TimeoutExpired):
                child.wait(1)
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > _LIMIT:
            raise OSError(errno.EFBIG, f"an answer of more than {_LIMIT >> 20} MiB")
