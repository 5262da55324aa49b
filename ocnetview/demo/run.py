"""`ocnetview demo`: the explorer on a node that lives as long as it does."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Any, NoReturn

from ocnetview.demo.namespaces import END_NOW, enter
from ocnetview.errors import ConfigError, DemoError
from ocnetview.units import printable

_PATIENCE = 1.5
"""Seconds of building before a line says what we wait for."""
_MOST_MESSAGE = 8192
_BUILDING = "ocnetview: building the demo node ...\n"
_LEAVE_SCREEN = b"\x1b[?1049l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h"
"""Main screen, no mouse reports, no bracketed paste, cursor shown (xterm's modes)."""
_EXPLORER = (sys.executable, "-m", "ocnetview")


class _InterruptedError(Exception):
    """A signal came while the node was being built."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


def run_demo(
    arguments: Sequence[str],
    command: Sequence[str] = _EXPLORER,
    bridge: str | None = None,
) -> int:
    """Build the demo node, run the command with the arguments on it, and end it.

    Args:
        arguments: for the command: flags and a headless command, or none.
        command: what runs on the node, in this terminal.
        bridge: what br0 is: `ovs`, `linux`, or empty for OVS where it works; by
            default what OCNETVIEW_DEMO_BRIDGE says.

    Returns:
        The command's exit code, or 128 and the number of the signal it died of.

    Raises:
        DemoError: namespaces are forbidden here, or a step of the build failed.
    """
    wanted = _wanted_bridge() if bridge is None else bridge

    def be_init(control: socket.socket) -> int:
        """Import the node only there: whoever asks why not needs none of it."""
        from ocnetview.demo.node import be_node  # noqa: PLC0415

        return be_node(control, (*command, *arguments), wanted)

    terminal = _terminal()
    try:
        with _launched(be_init) as control, _signals(control) as ready:
            _await_ready(control)
            ready.set()
            code = _await_end(control)
    except _InterruptedError as interrupted:
        return 128 + interrupted.number
    if code > 128:  # noqa: PLR2004 - it had no time to clean up
        _reset(terminal)
    return code


def _wanted_bridge() -> str:
    """Return what the environment says of br0.

    Raises:
        ConfigError: neither of the words that it may be.
    """
    wanted = os.environ.get("OCNETVIEW_DEMO_BRIDGE", "")
    if wanted not in ("", "ovs", "linux"):
        raise ConfigError(f"OCNETVIEW_DEMO_BRIDGE is ovs or linux, not {wanted!r}")
    return wanted


def why_no_namespaces() -> str | None:
    """Return why the demo cannot have its namespaces here, or None if it can."""

    def be_init(control: socket.socket) -> int:
        """Say that everything was allowed."""
        control.send(b"ready")
        return 0

    try:
        with _launched(be_init) as control:
            _await_ready(control)
    except DemoError as error:
        return str(error)
    return None


@contextmanager
def _launched(be_init: Callable[[socket.socket], int]) -> Iterator[socket.socket]:
    """Give the line to a process in new namespaces, and end it all afterwards."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if not child:
        ours.close()
        _be_child(theirs, be_init)
    theirs.close()
    try:
        yield ours
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, END_NOW)
        raise
    finally:
        os.waitpid(child, 0)
        ours.close()


def _be_child(
    control: socket.socket, be_init: Callable[[socket.socket], int]
) -> NoReturn:
    """Enter the namespaces, and say why that failed if it did."""
    try:
        enter(control.fileno(), lambda: be_init(control))
    except BaseException as error:  # noqa: BLE001 - nothing may return to the caller
        with contextlib.suppress(OSError):
            control.send(f"failed {error}".encode("utf-8", "replace"))
    finally:
        os._exit(1)


@contextmanager
def _signals(control: socket.socket) -> Iterator[Event]:
    """Handle what a terminal or a caller sends us; set the event once built.

    While the node is built, a signal ends it. Later the explorer, in the same
    process group, hears the terminal's itself; only what a caller sends to us
    alone is passed on, and we stop when the explorer does, not before.
    """
    ready = Event()

    def heed(number: int, _: FrameType | None) -> None:
        """Pass a signal on, or end the build."""
        if not ready.is_set():
            raise _InterruptedError(number)
        if number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(OSError):
                control.send(str(number).encode("ascii"))

    heeded = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, heed) for number in heeded}
    before[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, lambda *_: None)
    try:
        yield ready
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _hear(control: socket.socket) -> str:
    """Return what the node says next, or nothing when it is gone."""
    try:
        said = control.recv(_MOST_MESSAGE)
    except ConnectionResetError:
        # Said once when it ended with a message of ours unread; its own last
        # words come after that.
        said = control.recv(_MOST_MESSAGE)
    return said.decode("utf-8", "replace")


def _await_ready(control: socket.socket) -> None:
    """Wait until the node is built.

    Raises:
        DemoError: it is not, with the step that failed.
    """
    if not select.select([control], [], [], _PATIENCE)[0]:
        sys.stderr.write(_BUILDING)
        sys.stderr.flush()
    said = _hear(control)
    if said != "ready":
        reason = said.removeprefix("failed ") or "it ended early"
        raise DemoError(f"cannot build the demo node: {printable(reason)}")


def _await_end(control: socket.socket) -> int:
    """Wait until the explorer ends, and stop with it; return its exit code."""
    while said := _hear(control):
        word, _, rest = said.partition(" ")
        if word == "exit":
            return int(rest)
        if word == "stopped":
            os.kill(os.getpid(), signal.SIGSTOP)
            # Here again: somebody let us go on, so the explorer goes on as well.
            control.send(str(int(signal.SIGCONT)).encode("ascii"))
        else:
            sys.stderr.write(f"ocnetview: demo node: {printable(rest)}\n")
    return 128 + signal.SIGKILL


def _terminal() -> list[Any] | None:
    """Return the terminal's settings, when there is one."""
    try:
        return termios.tcgetattr(sys.stdin)
    except (termios.error, ValueError, OSError):
        return None


def _reset(terminal: list[Any] | None) -> None:
    """Give the terminal back as it was, after an explorer that could not."""
    if terminal is not None:
        with contextlib.suppress(termios.error, OSError):
            os.write(sys.stdin.fileno(), _LEAVE_SCREEN)
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, terminal)
