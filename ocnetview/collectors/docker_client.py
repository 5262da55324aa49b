"""The Docker SDK's client, its events and its errors, as ours."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from docker import APIClient
from docker.constants import MINIMUM_DOCKER_API_VERSION
from docker.errors import DockerException, NotFound
from docker.utils import kwargs_from_env, parse_host
from requests.exceptions import Timeout

from ocnetview.collectors.docker_reply import read_containers
from ocnetview.collectors.main_processes import MainProcess, MainProcesses
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Container, ContainerState
from ocnetview.units import printable

if TYPE_CHECKING:
    from docker.types import CancellableStream

T = TypeVar("T")

RUNTIME = "docker"
_EVENTS = {
    "type": ["container", "network"],
    "event": [
        *("create", "start", "die", "pause", "unpause", "rename", "destroy"),
        *("connect", "disconnect"),
        *("died", "remove"),
    ],
}
"""What the daemon is to tell; the last two are what Podman calls die and destroy."""
_REQUEST_SECONDS = 10
"""What the daemon may take to answer a request."""
_WITH_PROCESS = {ContainerState.RUNNING, ContainerState.PAUSED}
_LONG = 200
"""Characters of a daemon's message that are shown."""


class Daemon:
    """A connection to the Docker daemon, with what is known of its containers."""

    def __init__(self, where: str, proc: str) -> None:
        """Connect, and agree on the API's version."""
        path = _socket_path(where)
        self._client = _connect(where, path)
        self.processes = MainProcesses(proc, self._pid, local=bool(path))

    def close(self) -> None:
        """Close the connections that no request is using."""
        self._client.close()

    def events(self) -> Events:
        """Return the events from now on."""
        ask = partial(self._client.events, filters=_EVENTS, decode=True)
        return Events(_asked("follow events", ask))

    def ping(self) -> None:
        """Make sure that the daemon still answers."""
        _asked("ping the daemon", self._client.ping)

    def containers(self) -> tuple[Container, ...]:
        """Return all containers in the order of their names."""
        reply = _asked("list containers", partial(self._client.containers, all=True))
        try:
            listed = read_containers(reply, RUNTIME)
        except ValueError as error:
            raise CollectorError(RUNTIME, "list containers", str(error)) from error
        running = [one.id for one in listed if one.state in _WITH_PROCESS]
        found = self.processes.find(running)
        gone = set(running) - found.keys()
        containers = (
            _with_process(one, found.get(one.id))
            for one in listed
            if one.id not in gone
        )
        return tuple(sorted(containers, key=lambda one: (one.name, one.id)))

    def _pid(self, container: str) -> int | None:
        """Return State.Pid.

        Raises:
            LookupError: the container is gone.
        """

        def ask() -> object:
            try:
                return self._client.inspect_container(container)
            except NotFound:
                return None

        reply = _asked("inspect a container", ask)
        if reply is None:
            raise LookupError(container)
        state = reply.get("State") if isinstance(reply, dict) else None
        pid = state.get("Pid") if isinstance(state, dict) else None
        return pid if type(pid) is int and pid > 0 else None


def _with_process(container: Container, main: MainProcess | None) -> Container:
    if main is None:
        return container
    return replace(container, pid=main.pid, started=main.started, netns=main.netns)


class Events:
    """The daemon's events, read by a thread of their own until closed."""

    def __init__(self, stream: CancellableStream[Any]) -> None:
        """Read from this stream."""
        self.happened = threading.Event()
        """Set when there is something to `take`."""
        self._stream = stream
        self._ids: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._end: str | None = None
        self._thread = threading.Thread(
            target=self._read, name="ocnetview-docker-events", daemon=True
        )
        self._thread.start()

    def _read(self) -> None:
        """Note each event's container, until the stream ends."""
        end = "the daemon closed the stream"
        try:
            for event in self._stream:
                actor = event.get("Actor") if isinstance(event, dict) else None
                number = actor.get("ID") if isinstance(actor, dict) else None
                self._ids.put(number if isinstance(number, str) else "")
                self.happened.set()
        except Exception as error:  # noqa: BLE001 - a thread's edge; told by `take`
            end = str(error)
        self._end = end
        self.happened.set()

    def take(self) -> list[str]:
        """Return the ids of what changed since the last time.

        Raises:
            CollectorError: the stream has ended.
        """
        self.happened.clear()
        if self._end is not None:
            raise CollectorError(RUNTIME, "follow events", _line(self._end))
        taken = []
        with suppress(queue.Empty):
            while True:
                taken.append(self._ids.get_nowait())
        return taken

    def close(self) -> None:
        """End the thread: what it blocks on is shut down."""
        with suppress(OSError, AttributeError):  # the SDK's, when it has ended already
            self._stream.close()
        self._thread.join(_REQUEST_SECONDS)


def _socket_path(where: str) -> str:
    """Return the path of a daemon's socket on this node; empty for one elsewhere.

    Raises:
        CollectorError: the address is not one that can be used.
    """
    doing, hint = f"use {printable(where)}", "see DOCKER_HOST"
    try:
        scheme, _, rest = str(parse_host(where)).partition("://")
    except (DockerException, ValueError) as error:
        raise CollectorError(RUNTIME, doing, _line(error), hint) from error
    if scheme not in {"http+unix", "http", "https"}:
        raise CollectorError(RUNTIME, doing, "neither unix:// nor tcp://", hint)
    return f"/{rest.lstrip('/')}" if scheme == "http+unix" else ""


def _connect(where: str, path: str) -> APIClient:
    """Return a client that speaks the daemon's own version of the API."""

    def client(version: str) -> APIClient:
        # As Docker's own command: DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.
        tls = False if path else kwargs_from_env().get("tls", False)
        made = APIClient(where, version=version, timeout=_REQUEST_SECONDS, tls=tls)
        made.trust_env = not path
        return made

    def ask() -> APIClient:
        if path:
            _try_socket(path)
        # The SDK's own version="auto" leaves its connection open when that fails.
        with closing(client(MINIMUM_DOCKER_API_VERSION)) as asking:
            said = asking.version(api_version=False)
        version = said.get("ApiVersion") if isinstance(said, dict) else None
        if not isinstance(version, str):
            reason = "what answers names no version of the Docker API"
            raise ValueError(reason)  # noqa: TRY004 - bad input, no bug
        return client(version)

    return _asked(f"connect to {printable(where)}", ask)


def _try_socket(path: str) -> None:
    """Raise what hinders a connect; the SDK puts it in words and leaks the socket."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(_REQUEST_SECONDS)
        sock.connect(path)


def _asked(doing: str, ask: Callable[[], T]) -> T:
    """Return the SDK's answer, its failures as ours.

    Reading a reply that is not the API's, it raises LookupError and TypeError too.
    """
    try:
        return ask()
    except (DockerException, OSError, ValueError, LookupError, TypeError) as error:
        raise docker_error(doing, error) from error


def docker_error(doing: str, error: Exception) -> CollectorError:
    """Return what a failed request means to the user, and what would help."""
    reason = str(getattr(error, "explanation", None) or error)
    for cause in _causes(error):
        match cause:
            case FileNotFoundError() | NotADirectoryError():
                hint = "is Docker running here?"
                return SourceAbsentError(RUNTIME, doing, "no such socket", hint)
            case PermissionError():
                hint = "needs root or group docker"
                return CollectorError(RUNTIME, doing, "permission denied", hint)
            case ConnectionRefusedError():
                hint = "is dockerd up?"
                return CollectorError(RUNTIME, doing, "no daemon answers", hint)
            case Timeout() | TimeoutError():
                reason = f"no answer within {_REQUEST_SECONDS} s"
                break
            case OSError(strerror=str(reason)):
                break
    return CollectorError(RUNTIME, doing, _line(reason))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and all that it was made from; requests keeps them in args."""
    pending, seen = [error], set()
    while pending:
        cause = pending.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        linked = (*cause.args, cause.__cause__, cause.__context__)
        pending += [one for one in linked if isinstance(one, BaseException)]


def _line(text: object) -> str:
    """Return a daemon's words in one line that is safe to show."""
    words = " ".join(str(text).split())
    return printable(words if len(words) <= _LONG else f"{words[:_LONG]}...")
