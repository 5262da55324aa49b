"""A runtime's sandboxes and containers with their processes, asked for over the CRI."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.cri_client import CriClient
from ocnetview.collectors.cri_kept import Kept
from ocnetview.collectors.cri_reply import (
    SandboxDetail,
    read_container,
    read_detail,
    read_pid,
    read_sandbox,
)
from ocnetview.collectors.cri_sockets import socket_path
from ocnetview.collectors.main_processes import MainProcess, MainProcesses
from ocnetview.collectors.namespaces import netns_of, netns_of_pid
from ocnetview.collectors.passes import Passes
from ocnetview.collectors.stat import start_time
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.facts import Container, ContainerFacts, Netns, Sandbox

_OWN_NETNS = "/proc/self/ns/net"


class Told(NamedTuple):
    """A pid that the runtime told, and whose it was then."""

    pid: int | None
    started: int | None
    """start_time in clock ticks after boot; None where it was not to be seen."""


class CriReader:
    """Reads one runtime; what only verbose calls tell is kept until it changes.

    `close` may be called from any thread: a `read` that waits then ends with a
    CollectorError.
    """

    def __init__(  # noqa: PLR0913 - only the first is always needed
        self,
        endpoint: str,
        proc: str = "/proc",
        host_root: str = "",
        within: str = "",
        name: str = "cri",
        *,
        passes: Passes | None = None,
    ) -> None:
        """Read at `endpoint`, a socket's path or unix:///PATH as found from here.

        Args:
            endpoint: where the runtime answers.
            proc: the proc file system that shows its processes.
            host_root: what leads to the paths that the runtime tells: empty,
                /host, or /proc/PID/root of the container that the runtime runs in.
            within: that container's id; empty for a runtime of the node.
            name: the source's name, for errors.
            passes: over all processes, for several readers at once.
        """
        self._endpoint = endpoint
        self._proc = proc
        self._paths = Settings(host_root=host_root)
        self._within = within
        self._name = name
        self._lock = threading.Lock()
        self._client: CriClient | None = None
        self._closed = False
        self._said = cri.VersionResponse()
        self._node: Netns | None = None
        """Where the init of those processes is, as of the last reading."""
        self._details: Kept[tuple[SandboxDetail, Told]] = Kept()
        self._ends: Kept[cri.ContainerStatus] = Kept()
        self._pids: Kept[Told] = Kept()
        self._kept = (self._details, self._ends, self._pids)
        self._passes = passes
        self._processes = MainProcesses(proc, lambda _: None, few=0, passes=passes)

    @property
    def unfinished(self) -> bool:
        """Claim that there was no time to ask all that the facts should hold."""
        return any(kept.unfinished for kept in self._kept)

    @property
    def listener(self) -> int:
        """Return the runtime's own process; 0 where none is known."""
        return self._client.listener if self._client else 0

    def close(self) -> None:
        """End the connection for good, also while another thread reads."""
        with self._lock:
            self._closed = True
            if self._client:
                self._client.close()

    def read(self) -> ContainerFacts:
        """Return every sandbox and container as of now.

        Raises:
            CollectorError: the runtime cannot be asked; the next read connects anew.
            SourceAbsentError: its socket is not there, or serves no CRI.
        """
        client = self._client or self._connect()
        try:
            return self._facts(client)
        except CollectorError:
            client.close()
            self._client = None
            raise

    def _connect(self) -> CriClient:
        """Connect and agree on a version; where pids are counted otherwise, ask none.

        A pid of another numbering would be somebody else's here: then only what a
        process's cgroup says counts.
        """
        client = CriClient(self._name, socket_path(self._endpoint, self._name))
        with self._lock:
            self._client = client
            if self._closed:
                client.close()
        try:
            self._said = client.agree()
        except CollectorError:
            client.close()
            self._client = None
            raise

        def inspect(one: str) -> int | None:
            return self._inspect(client, one) if client.counts_pids_as_we else None

        self._processes = MainProcesses(self._proc, inspect, few=0, passes=self._passes)
        return client

    def _facts(self, client: CriClient) -> ContainerFacts:
        # A sandbox is there before its containers, so none lacks its own.
        containers = {one.id: one for one in client.containers()}
        sandboxes = {one.id: one for one in client.sandboxes()}
        if "" in containers or "" in sandboxes:
            raise CollectorError(self._name, "read the lists", "one has no id")
        self._node = netns_of_pid(self._proc, 1)
        client.begin()
        gone = self._details.learn(sandboxes, client.sandbox_statuses, self._detail)
        ended = {i: c for i, c in containers.items() if c.state == cri.CONTAINER_EXITED}
        ask = partial(client.container_statuses, verbose=False)
        gone |= self._ends.learn(ended, ask, lambda reply: reply.status)
        running = {
            i: c for i, c in containers.items() if c.state == cri.CONTAINER_RUNNING
        }
        self._pids.expect(running)
        ready = [i for i, s in sandboxes.items() if s.state == cri.SANDBOX_READY]
        sought = [one for one in (*running, *ready) if one not in gone]
        mains = self._processes.find(sought)
        gone |= set(sought) - mains.keys()
        return ContainerFacts(
            self._said.runtime_name,
            tuple(
                self._container(one, mains.get(one.id))
                for one in sorted(containers.values(), key=_name)
                if one.id not in gone
            ),
            tuple(
                self._sandbox(one, mains.get(one.id))
                for one in sorted(sandboxes.values(), key=_name)
                if one.id not in gone
            ),
            version=self._said.runtime_version,
            within=self._within,
            where=self._endpoint,
            troubles=tuple(sorted(why for one in self._kept for why in one.troubles())),
        )

    def _inspect(self, client: CriClient, one: str) -> int | None:
        """Return the pid that the runtime told of a sandbox or container.

        It is asked once: a number that is another process's by now is none of it.

        Raises:
            LookupError: it is gone.
        """
        if self._pids.expects(one):
            ask = partial(client.container_statuses, verbose=True)
            if self._pids.ask([one], ask, lambda reply: self._told(read_pid(reply))):
                raise LookupError(one)
            told = self._pids.get(one)
        else:
            detail = self._details.get(one)
            told = detail[1] if detail else None
        return told.pid if told and told == self._told(told.pid) else None

    def _told(self, pid: int | None) -> Told:
        """Return a pid with the process that has it now."""
        return Told(pid, start_time(self._proc, pid) if pid else None)

    def _detail(
        self, reply: cri.PodSandboxStatusResponse
    ) -> tuple[SandboxDetail, Told]:
        """Return what a sandbox's status tells, and whose its pid is."""
        detail = read_detail(reply)
        return detail, self._told(detail.pid)

    def _container(self, listed: cri.Container, main: MainProcess | None) -> Container:
        ended = self._ends.get(listed.id)
        container = read_container(listed, self._said.runtime_name, ended)
        if main is None:
            return container
        return replace(container, pid=main.pid, started=main.started, netns=main.netns)

    def _sandbox(self, listed: cri.PodSandbox, main: MainProcess | None) -> Sandbox:
        told = self._details.get(listed.id)
        detail = told[0] if told else SandboxDetail()
        sandbox = read_sandbox(listed, self._said.runtime_name, detail)
        pinned = self._netns(sandbox.netns_path)
        if main is None:
            return replace(sandbox, netns=pinned)
        # A path may come to pin another namespace; who is inside stays where they are.
        # A VM's process may be in the node's own, and a cgroup's name proves no pid.
        sure = told is not None and told[1] == Told(main.pid, main.started)
        netns = main.netns if sure and main.netns != self._node else None
        netns = netns or pinned or main.netns
        return replace(sandbox, pid=main.pid, started=main.started, netns=netns)

    def _netns(self, path: str) -> Netns | None:
        """Return the namespace that a path of the runtime's pins; None for none.

        What an unclean end leaves there is a plain file, on another device.
        """
        if not path:
            return None
        try:
            status = os.stat(self._paths.on_host(path))
            nsfs = os.stat(_OWN_NETNS).st_dev
        except (OSError, ValueError):  # a path with a NUL, or half a character
            return None
        return netns_of(status) if status.st_dev == nsfs else None


def _name(listed: cri.PodSandbox | cri.Container) -> tuple[str, str, int, str]:
    named = listed.metadata
    namespace = named.namespace if isinstance(named, cri.PodSandboxMetadata) else ""
    return (namespace, named.name, named.attempt, listed.id)
