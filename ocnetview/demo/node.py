"""The demo node from inside: builds itself, runs the explorer, restarts a container."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from ocnetview.demo import kernel, links, ovs
from ocnetview.demo.actors import PAUSE, Cast, Started, leave_terminal, start_container
from ocnetview.demo.plan import DemoPod, Program, target_address
from ocnetview.demo.pods import PODS, WIRES
from ocnetview.errors import DemoError

_LONGEST_BUILD = 60
"""Seconds before a build that hangs is given up."""
_BACK_OFF = 8.0
"""Seconds before a container that ended is started again."""
_DOCKER_SOCKET = "/run/docker.sock"
_LINKS_DONE = "links"
_MOST_MESSAGE = 4096
_OWN_SETTINGS = ("OCNETVIEW_", "DOCKER_", "OVS_", "XDG_")


@dataclass(slots=True)
class Node:
    """What runs on the node, as its first process knows it."""

    control: socket.socket
    """The other end is with the caller, on the machine outside."""
    command: Sequence[str]
    bridge: str
    """ovs, linux, or empty for what works."""
    started: dict[str, Started] = field(default_factory=dict)
    casts: dict[int, Cast] = field(default_factory=dict)
    """What each shim runs, by its pid."""
    due: dict[str, tuple[float, Cast]] = field(default_factory=dict)
    """Containers to start again, with the moment, by id."""


def be_node(control: socket.socket, command: Sequence[str], bridge: str) -> int:
    """Build the node, run the command on it to its end, and return its exit code.

    Tells the caller what happens: `ready`, `failed REASON`, `stopped` and
    `exit CODE`; obeys its numbers, which are signals for the command.
    """
    node = Node(control, command, bridge)
    kernel.set_title("ocnetview-demo", ("ocnetview: demo node",))
    try:
        tell_runtime = _build(node)
    except (DemoError, OSError) as error:
        control.send(f"failed {error}".encode("utf-8", "replace")[:_MOST_MESSAGE])
        return 1
    control.send(b"ready")
    explorer = os.fork()
    if not explorer:
        _run_command(node.command)
    code = _keep(node, explorer, tell_runtime)
    control.send(f"exit {code}".encode("ascii"))
    return code


def _build(node: Node) -> socket.socket:
    """Make links, containers, runtime and bridge; return the line to the runtime."""
    builder, said = _fork_builder(node.bridge)
    with os.fdopen(said, encoding="utf-8") as lines:
        first = lines.readline().strip()
        if first != _LINKS_DONE:
            raise DemoError(f"links: {first or 'the builder ended early'}")
        # Pages that the collector never touches stay shared with the children.
        gc.disable()
        gc.freeze()
        try:
            for cast in _casts(PODS):
                _start(node, cast)
        except OSError as error:
            raise DemoError(f"containers: {error}") from error
        tell_runtime = _start_runtime(node)
        problem = lines.read().strip()
    _, status = os.waitpid(builder, 0)
    if problem or status:
        raise DemoError(f"bridge: {problem or 'the builder ended early'}")
    return tell_runtime


def _fork_builder(bridge: str) -> tuple[int, int]:
    """Start what makes the links, so that its libraries stay out of the actors.

    Return its pid and a descriptor: a line when the pods have their links, then
    what went wrong, if anything did.
    """
    reader, writer = os.pipe()
    builder = os.fork()
    if builder:
        os.close(writer)
        return builder, reader
    code = 1
    try:
        leave_terminal(writer)
        signal.alarm(_LONGEST_BUILD)
        links.add_pods(PODS, WIRES)
        os.write(writer, f"{_LINKS_DONE}\n".encode("ascii"))
        links.add_docker_bridge(PODS)
        links.add_loose_namespace()
        _add_br0(bridge)
        links.await_carrier(PODS)
        code = 0
    except Exception as error:  # noqa: BLE001 - a process's edge; the caller tells it
        kind = "" if isinstance(error, DemoError) else f"{type(error).__name__}: "
        os.write(writer, f"{kind}{error}".encode("utf-8", "replace"))
    finally:
        os._exit(code)


def _add_br0(bridge: str) -> None:
    """Make br0 as asked for, or as OVS where it works and else as a Linux bridge."""
    problem = ovs.why_no_ovs() if bridge != "linux" else "not asked for"
    if not problem:
        try:
            ovs.start(PODS)
            links.set_up(PODS)
        except (DemoError, OSError) as error:
            ovs.stop()
            problem = str(error)
        else:
            return
    if bridge == "ovs":
        raise DemoError(f"Open vSwitch: {problem}")
    if bridge != "linux":
        ovs.tell_absence(problem)
    links.add_linux_bridge(PODS)


def _casts(pods: Sequence[DemoPod]) -> list[Cast]:
    """Return every container that runs, sandboxes first as kubelet starts them."""
    casts: list[Cast] = []
    for pod in pods:
        netns = pod.pin if pod.address else ""
        if pod.namespace and not pod.ended:
            casts.append(Cast(pod.sandbox_id, PAUSE, (), netns))
        casts.extend(
            Cast(pod.container_id(each), each.program, each.execs, netns)
            for each in pod.containers
            if each.exit_code is None
        )
    return casts


def _addresses(program: Program) -> dict[str, str]:
    """Return where the flows of a program and its children go."""
    found = {flow.to: target_address(flow.to, PODS) for flow in program.flows}
    for child in program.children:
        found.update(_addresses(child))
    return found


def _start(node: Node, cast: Cast) -> Started:
    """Start a container and remember it."""
    started = start_container(cast, _addresses(cast.program))
    node.started[cast.container_id] = started
    node.casts[started.shim] = cast
    return started


def _fork_apart(keep: socket.socket, run: Callable[[], None]) -> None:
    """Run a service of the node in a process of its own, away from the terminal."""
    if os.fork():
        return
    try:
        leave_terminal(keep.fileno())
        run()
    finally:
        os._exit(1)


def _start_runtime(node: Node) -> socket.socket:
    """Start the runtime's API server; return the socket for its news."""
    from ocnetview.demo.containers import describe  # noqa: PLC0415 - see below

    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pids = {name: started.pid for name, started in node.started.items()}

    def serve() -> None:
        """Answer for the containers until the node ends."""
        # http.server is imported here alone, so no actor carries it.
        from ocnetview.demo.runtime import (  # noqa: PLC0415
            Runtime,
            RuntimeServer,
            follow,
        )

        kernel.set_title("dockerd", ("/usr/bin/dockerd", "-H", "fd://"))
        runtime = Runtime(describe(PODS, pids, time.time()))
        with RuntimeServer(_DOCKER_SOCKET, runtime) as server:
            theirs.send(b"listening")
            follow(theirs, runtime)
            server.serve_forever()

    _fork_apart(theirs, serve)
    theirs.close()
    if not ours.recv(_MOST_MESSAGE):
        raise DemoError("runtime: the server ended early")
    return ours


def _run_command(command: Sequence[str]) -> NoReturn:
    """Become the command, in the caller's terminal and with the sources' defaults."""
    # Python ignores the last two for itself; other commands expect them.
    ours = (*kernel.CALLERS_SIGNALS, signal.SIGPIPE, signal.SIGXFSZ)
    kernel.handle(ours, signal.SIG_DFL)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OWN_SETTINGS)
    }
    # The user's own settings are about another node.
    environment["XDG_CONFIG_HOME"] = "/run/ocnetview"
    # Nor is a node that the machine's own /host may show.
    environment["OCNETVIEW_HOST_ROOT"] = "/"
    try:
        os.execvpe(command[0], list(command), environment)  # noqa: S606 - no shell
    except OSError as error:
        with contextlib.suppress(OSError):
            os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(127)


def _keep(node: Node, explorer: int, runtime: socket.socket) -> int:
    """Reap, restart and obey until the explorer ends; return its exit code."""
    waker, wake = socket.socketpair()
    wake.setblocking(False)  # noqa: FBT003 - the library's own form
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    code = _reap(node, explorer, runtime)
    while code is None:
        soonest = min((when for when, _ in node.due.values()), default=None)
        wait = None if soonest is None else max(0.0, soonest - time.monotonic())
        ready, _, _ = select.select([waker, node.control], [], [], wait)
        if waker in ready:
            waker.recv(_MOST_MESSAGE)
        if node.control in ready:
            order = node.control.recv(_MOST_MESSAGE)
            if not order:
                return 1
            with contextlib.suppress(ProcessLookupError):
                os.kill(explorer, int(order))
        _restart_due(node, runtime)
        code = _reap(node, explorer, runtime)
    return code


def _reap(node: Node, explorer: int, runtime: socket.socket) -> int | None:
    """Wait for all that ended or stopped; return the explorer's exit code."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
        except ChildProcessError:
            return 1
        if pid == 0:
            return None
        if pid == explorer and os.WIFSTOPPED(status):
            node.control.send(b"stopped")
        elif pid == explorer:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        elif pid in node.casts:
            cast = node.casts.pop(pid)
            code = os.waitstatus_to_exitcode(status)
            node.due[cast.container_id] = (time.monotonic() + _BACK_OFF, cast)
            _tell(runtime, died=cast.container_id, code=code)


def _restart_due(node: Node, runtime: socket.socket) -> None:
    """Start the containers again whose time has come."""
    for container_id, (when, cast) in list(node.due.items()):
        if when <= time.monotonic():
            try:
                started = _start(node, cast)
            except OSError:
                # No process to be had now; a node's kubelet also tries again.
                node.due[container_id] = (time.monotonic() + _BACK_OFF, cast)
                continue
            del node.due[container_id]
            _tell(runtime, started=container_id, pid=started.pid)


def _tell(runtime: socket.socket, **news: str | int) -> None:
    """Tell the runtime what happened to a container."""
    with contextlib.suppress(OSError):
        runtime.send(json.dumps(news).encode("ascii"))
