"""The demo's containers: real processes in real namespaces, playing a part."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from ocnetview.demo import kernel
from ocnetview.demo.plan import TRAFFIC_PORT, Program

_TICK = 0.25
"""Seconds between two bursts: often enough to be steady at a reading per second."""
_MOST_FILES = 1024
_BIGGEST = 2048
_PAGE = 4096

PAUSE = Program(("/pause",), uid=1001)
"""What a sandbox container runs."""


@dataclass(frozen=True, slots=True)
class Cast:
    """One container to start: its programs, and where they run."""

    container_id: str
    program: Program
    execs: tuple[Program, ...] = ()
    netns: str = ""
    """The pin of its network namespace; empty for the node's own."""


@dataclass(frozen=True, slots=True)
class Started:
    """A container that runs, in the node's pid numbering."""

    shim: int
    """Its parent, which ends with the same code."""
    pid: int
    """The first process of its pid namespace."""


def start_container(cast: Cast, addresses: Mapping[str, str]) -> Started:
    """Start a shim that starts the container, and return both pids.

    One shim for each, as containerd has it: a process can make only one pid
    namespace for its children, and what `docker exec` starts has the shim as
    parent, so it stands outside the container's tree.

    Raises:
        OSError: no process, or the shim could not make the container.
    """
    reader, writer = os.pipe()
    shim = os.fork()
    if not shim:
        _be_shim(cast, addresses, writer)
    os.close(writer)
    with os.fdopen(reader, encoding="ascii") as answer:
        text = answer.read()
    if not text.isdigit():
        os.waitpid(shim, 0)
        raise OSError(text or "the shim ended early")
    return Started(shim, int(text))


def leave_terminal(*keep: int) -> None:
    """Become a session of our own with no open file but these."""
    os.setsid()
    empty = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        os.dup2(empty, fd)
    first = 3
    for fd in sorted(keep):
        os.closerange(first, fd)
        first = fd + 1
    os.closerange(first, _MOST_FILES)
    signal.set_wakeup_fd(-1)
    kernel.handle((*kernel.CALLERS_SIGNALS, signal.SIGCHLD), signal.SIG_DFL)


def _be_shim(cast: Cast, addresses: Mapping[str, str], writer: int) -> NoReturn:
    """Start the container, say its pid, and end as it ends."""
    code = 1
    try:
        leave_terminal(writer)
        shim = "/usr/bin/containerd-shim-runc-v2"
        shown = (shim, "-namespace", "moby", "-id", cast.container_id)
        kernel.set_title("containerd-shim", shown)
        kernel.unshare(kernel.Clone.NEWPID)
        main = _fork_program(cast.program, cast.netns, addresses)
        for program in cast.execs:
            _fork_program(program, cast.netns, addresses)
        os.write(writer, str(main).encode())
        os.close(writer)
        ended, status = os.wait()
        while ended != main:
            ended, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
    except OSError as error:
        os.write(writer, str(error).encode("ascii", "replace"))
    finally:
        os._exit(code if 0 <= code < 128 else 137)  # noqa: PLR2004 - signals


def _fork_program(program: Program, netns: str, addresses: Mapping[str, str]) -> int:
    """Start a program and its children; return its pid in our numbering."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        # Whoever waits for the pipe to the node sees its end with the shim's copy.
        os.closerange(3, _MOST_FILES)
        if netns:
            fd = os.open(netns, os.O_RDONLY | os.O_CLOEXEC)
            kernel.setns(fd, kernel.Clone.NEWNET)
            os.close(fd)
        _play(program, addresses)
    except OSError:
        pass
    finally:
        os._exit(code)


def _play(program: Program, addresses: Mapping[str, str]) -> None:
    """Look like the program and do what it does, until its time is over."""
    for child in program.children:
        _fork_program(child, "", addresses)
    # A user namespace with one uid in it has no others to change to.
    with contextlib.suppress(OSError):
        if program.uid:
            os.setgroups([])
            os.setgid(program.uid)
            os.setuid(program.uid)
    kernel.set_title(program.comm, program.arguments)
    if program.zombie:
        return
    held = bytearray(program.holds << 20)
    held[::_PAGE] = b"\1" * len(range(0, len(held), _PAGE))
    if program.flows or program.burns or program.answers is not None:
        _work(program, addresses)
    elif program.lives is not None:
        time.sleep(program.lives)
    else:
        while True:
            signal.pause()


def _work(program: Program, addresses: Mapping[str, str]) -> None:
    """Send, answer and compute a little, in ticks, for ever."""
    sender = _sender()
    owed = [0.0] * len(program.flows)
    listener = None if program.answers is None else _listener()
    ticking = bool(program.flows or program.burns)
    next_tick = time.monotonic()
    while True:
        wait = max(0.0, next_tick - time.monotonic()) if ticking else None
        ready, _, _ = select.select([listener] if listener else [], [], [], wait)
        if listener and ready:
            _answer(listener, program.answers or 0)
        if not ticking or time.monotonic() < next_tick:
            continue
        next_tick = max(next_tick + _TICK, time.monotonic())
        for number, flow in enumerate(program.flows):
            owed[number] += flow.per_second * _TICK
            _send(sender, addresses[flow.to], flow.size, int(owed[number]))
            owed[number] %= 1
        _burn(program.burns * _TICK / 1000)


def _listener() -> socket.socket:
    """Return a socket for the datagrams that others send here."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("", TRAFFIC_PORT))
    listener.settimeout(0)
    return listener


def _sender() -> socket.socket:
    """Return a socket for the datagrams that we send to others."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.settimeout(0)
    return sender


def _answer(listener: socket.socket, size: int) -> None:
    """Read all that came, and answer each unless the size is 0."""
    with contextlib.suppress(OSError):
        while True:
            _, peer = listener.recvfrom(_BIGGEST)
            if size:
                listener.sendto(bytes(size), peer)


def _send(sender: socket.socket, address: str, size: int, times: int) -> None:
    """Send a burst, and drop what came back since the last one.

    A datagram that finds no route is lost, as on a real node.
    """
    with contextlib.suppress(OSError):
        while True:
            sender.recv(_BIGGEST)
    with contextlib.suppress(OSError):
        for _ in range(times):
            sender.sendto(bytes(size), (address, TRAFFIC_PORT))


def _burn(seconds: float) -> None:
    """Use this much CPU time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
