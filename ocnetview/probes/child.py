"""The short-lived process that reads inside a namespace, and does nothing else.

It is started anew for each question, told on its standard input what to read, and
answers in JSON. It imports as little as it can, keeps no namespace for longer than it
lives, and ends with its parent, at the end of its time, or when it is killed: nothing
that hangs in there can hold up anybody else.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ocnetview.collectors.entry import enter
from ocnetview.collectors.netlink import Netlink
from ocnetview.collectors.rooted import below

_PR_SET_PDEATHSIG = 1
_CHUNK = 1 << 16
_MOST = 1 << 20
"""Bytes of a file that are read: a container may have written any."""
_MOST_BODIES = 100_000
"""So many messages of a dump are handed back: nobody looks at more."""


def main() -> None:
    """Read what the input asks for, and print the answers."""
    question = json.load(sys.stdin)
    end_with(question["parent"])
    signal.alarm(question["seconds"])
    if question["netns"] is not None:
        _enter(question["netns"])
    answers = {name: _answer(task) for name, task in question["tasks"].items()}
    sys.stdout.write(json.dumps(answers))


def end_with(parent: int) -> None:
    """Let the kernel kill us when our parent is no more (prctl(2))."""
    import ctypes  # noqa: PLC0415 - cost

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def _enter(fd: int) -> None:
    """Enter a namespace, and keep nothing but that we are in it."""
    try:
        enter(fd)
    except OSError as error:
        sys.stdout.write(json.dumps({"": _refused(error)}))
        sys.exit(0)
    finally:
        os.close(fd)


def _answer(task: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what one reading gives, or the errno of what hindered it."""
    try:
        return _READINGS[task["do"]](task)
    except OSError as error:
        return _refused(error)
    except Exception as error:  # noqa: BLE001 - the process's edge; told by the parent
        return {"errno": 0, "why": f"{type(error).__name__}: {error}"}


def _refused(error: OSError) -> Mapping[str, Any]:
    return {"errno": error.errno or 0, "why": error.strerror or str(error)}


def _dump(task: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the messages of a netlink dump that hold one of the wanted texts."""
    wanted = [b64decode(text) for text in task["holding"]]
    bodies: list[str] = []

    def take(body: bytes) -> None:
        if not wanted or any(text in body for text in wanted):
            if len(bodies) == _MOST_BODIES:
                raise OSError(errno.EFBIG, f"there are more than {_MOST_BODIES}")
            bodies.append(b64encode(body).decode("ascii"))

    with Netlink(task["protocol"]) as netlink:
        request = b64decode(task["request"])
        netlink.sift(task["kind"], request, task["answer"], take)
    return {"bodies": bodies}


def _file(task: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a file of the kernel's."""
    return _content(os.open(task["path"], os.O_RDONLY | os.O_CLOEXEC), _MOST << 4)


def _below(task: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a plain file below the root of somebody whom we do not trust.

    Nothing else is opened: a FIFO would wait for its writer, a device do anything.
    """
    with below(f"/proc/self/fd/{task['root']}", task["path"]) as found:
        if not stat.S_ISREG(os.fstat(found).st_mode):
            return {"errno": 0, "why": "it is no plain file"}
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
        return _content(os.open(f"/proc/self/fd/{found}", flags), _MOST)


def _content(fd: int, most: int) -> Mapping[str, Any]:
    """Return what is read of a descriptor, at most so many bytes, and close it."""
    parts, size = [], 0
    try:
        while size < most and (part := os.read(fd, _CHUNK)):
            parts.append(part)
            size += len(part)
    finally:
        os.close(fd)
    return {"text": b64encode(b"".join(parts)[:most]).decode("ascii")}


def _descriptors(task: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the sockets that processes have open: name, and inode by descriptor."""
    found: dict[int, Any] = {}
    denied: list[int] = []
    for pid in task["pids"]:
        place = f"{task['proc']}/{pid}"
        try:
            found[pid] = (_name(place), _sockets(f"{place}/fd"))
        except PermissionError:
            denied.append(pid)
        except OSError:
            continue  # it has ended
    return {"processes": found, "denied": denied}


def _name(place: str) -> str:
    with open(f"{place}/comm", "rb") as file:
        return file.read().removesuffix(b"\n").decode("utf-8", "backslashreplace")


def _sockets(folder: str) -> dict[str, int]:
    """Return the inode of each descriptor that is a socket."""
    found = {}
    for number in os.listdir(folder):
        with suppress(FileNotFoundError):
            target = os.readlink(f"{folder}/{number}")
            if target.startswith("socket:["):
                found[number] = int(target[8:-1])
    return found


_READINGS: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "dump": _dump,
    "file": _file,
    "below": _below,
    "descriptors": _descriptors,
}
