"""A daemon's containers and events, from the Docker API."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from ocnetview.collectors.docker_connect import FAILURES, connect, docker_error
from ocnetview.collectors.docker_endpoint import Endpoint
from ocnetview.collectors.docker_http import REQUEST_SECONDS, ReplyError, Stream
from ocnetview.collectors.docker_reply import read_containers, read_inspected
from ocnetview.collectors.http_reply import NOT_FOUND
from ocnetview.collectors.main_processes import MainProcess, MainProcesses
from ocnetview.collectors.passes import Passes
from ocnetview.collectors.podman_reply import PodmanPod, read_pods, with_pods
from ocnetview.collectors.userns import userns_owner
from ocnetview.errors import CollectorError
from ocnetview.facts import Container, ContainerFacts, ContainerState
from ocnetview.records import changed
from ocnetview.units import one_line, printable

T = TypeVar("T")

_EVENTS = {
    "type": ["container", "network"],
    "event": [
        *("create", "start", "die", "pause", "unpause", "rename", "destroy"),
        *("connect", "disconnect"),
        *("died", "remove"),
    ],
}
"""What the daemon is to tell; the last two are what Podman calls die and destroy."""
_PODS = "/v4.0.0/libpod/pods/json"
"""Podman's own API, which every one since version 3 has at this version too."""
_WITH_PROCESS = {ContainerState.RUNNING, ContainerState.PAUSED}


class Daemon:
    """A connection to a daemon, with what is known of its containers."""

    def __init__(self, endpoint: Endpoint, passes: Passes | None = None) -> None:
        """Connect, and agree on the API's version.

        Raises:
            CollectorError: the daemon cannot be asked.
            SourceAbsentError: its socket is not there.
        """
        self._endpoint = endpoint
        self._held = ExitStack()
        try:
            found = self._asked(
                f"connect to {printable(endpoint.where)}",
                lambda: connect(endpoint, self._held),
            )
        except CollectorError:
            self._held.close()
            raise
        self._client, self._version = found.client, found.version
        self.runtime = "podman" if found.podman else "docker"
        self.processes = MainProcesses(
            endpoint.proc, self._pid, local=found.local, passes=passes
        )
        self._modes: dict[str, str] = {}
        """HostConfig.NetworkMode by id: Podman's list of containers has none."""

    def close(self) -> None:
        """Give up the way to its socket; a request that is on its way still ends."""
        self._held.close()

    def events(self) -> Events:
        """Return the events from now on."""
        ask = partial(self._client.follow, "/events", filters=json.dumps(_EVENTS))
        return Events(self._asked("follow events", ask), self._endpoint.name)

    def ping(self) -> None:
        """Make sure that the daemon still answers."""
        self._asked("ping the daemon", partial(self._client.read, "/_ping"))

    def read(self) -> ContainerFacts:
        """Return all containers with their processes, and Podman's pods.

        Raises:
            CollectorError: the daemon does not answer, or not as the API says.
        """
        containers, pods = self._lists()
        running = [one.id for one in containers if one.state in _WITH_PROCESS]
        found = self.processes.find(running)
        gone = set(running) - found.keys()
        if self.runtime == "podman":
            gone |= self._learn_modes([c.id for c in containers if c.id not in gone])
        seen = [
            _with_process(self._with_mode(one), self._trusted(found.get(one.id)))
            for one in containers
            if one.id not in gone
        ]
        return self._facts(seen, pods)

    def listed(self) -> ContainerFacts:
        """Return the same without processes, and as quickly as the lists come.

        Raises:
            CollectorError: the daemon does not answer, or not as the API says.
        """
        return self._facts(*self._lists())

    def _facts(
        self, containers: Iterable[Container], pods: tuple[PodmanPod, ...]
    ) -> ContainerFacts:
        facts = ContainerFacts(
            self.runtime,
            tuple(sorted(containers, key=lambda one: (one.name, one.id))),
            version=self._version,
            where=self._endpoint.where,
        )
        return with_pods(facts, pods)

    def _lists(self) -> tuple[tuple[Container, ...], tuple[PodmanPod, ...]]:
        """Ask for all containers, and for Podman's pods."""
        ask = partial(self._client.get, "/containers/json", all="1")
        reply = self._asked("list containers", ask)
        try:
            return read_containers(reply, self.runtime), self._pods()
        except ValueError as error:
            reason = str(error)
            raise CollectorError(
                self._endpoint.name, "list containers", reason
            ) from error

    def _pods(self) -> tuple[PodmanPod, ...]:
        """Return Podman's pods, from its own API behind the same socket."""
        if self.runtime != "podman":
            return ()

        def ask() -> object:
            try:
                return json.loads(self._client.read(_PODS))
            except ReplyError as error:
                if error.status != NOT_FOUND:
                    raise
                return []

        return read_pods(self._asked("list pods", ask))

    def _learn_modes(self, ids: list[str]) -> set[str]:
        """Ask for the network modes not known yet; return the ids that are gone."""
        gone = set()
        for one in ids:
            if one not in self._modes:
                try:
                    self._pid(one)
                except LookupError:
                    gone.add(one)
        self._modes = {one: self._modes[one] for one in ids if one in self._modes}
        return gone

    def _with_mode(self, container: Container) -> Container:
        mode = self._modes.get(container.id, "")
        return changed(container, network_mode=mode) if mode else container

    def _trusted(self, main: MainProcess | None) -> MainProcess | None:
        """Return the process, if it can be one of the daemon's owner.

        Whoever has a daemon of their own can make it tell any container's id; but
        its processes are in a user namespace that its owner made.
        """
        owner = self._endpoint.owner
        if main is None or owner is None:
            return main
        return main if userns_owner(self._endpoint.proc, main.pid) == owner else None

    def _pid(self, container: str) -> int | None:
        """Return State.Pid, and keep the network mode.

        Raises:
            LookupError: the container is gone.
        """

        def ask() -> object:
            try:
                return self._client.get(f"/containers/{quote(container, '')}/json")
            except ReplyError as error:
                if error.status != NOT_FOUND:
                    raise
                return None

        reply = self._asked("inspect a container", ask)
        if reply is None:
            raise LookupError(container)
        pid, self._modes[container] = read_inspected(reply)
        return pid

    def _asked(self, doing: str, ask: Callable[[], T]) -> T:
        """Return the answer, what fails as our error."""
        try:
            return ask()
        except FAILURES as error:
            raise docker_error(self._endpoint, doing, error) from error


def _with_process(container: Container, main: MainProcess | None) -> Container:
    if main is None:
        return container
    return changed(container, pid=main.pid, started=main.started, netns=main.netns)


class Events:
    """The daemon's events, read by a thread of their own until closed."""

    def __init__(self, stream: Stream, name: str) -> None:
        """Read from this stream; errors bear the source's `name`."""
        self._name = name
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
            raise CollectorError(self._name, "follow events", one_line(self._end))
        taken = []
        with suppress(queue.Empty):
            while True:
                taken.append(self._ids.get_nowait())
        return taken

    def close(self) -> None:
        """End the thread: what it blocks on is shut down."""
        self._stream.end()
        self._thread.join(REQUEST_SECONDS)
