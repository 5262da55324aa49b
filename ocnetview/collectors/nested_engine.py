"""A runtime inside a container: what it says, checked against where processes are."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Protocol, TypeVar

from ocnetview.collectors.cgroup import first_started
from ocnetview.collectors.docker_endpoint import Endpoint
from ocnetview.collectors.namespaces import netns_of
from ocnetview.collectors.nested_sockets import DOCKER, Identity
from ocnetview.collectors.rooted import below
from ocnetview.collectors.stat import start_time
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Container, ContainerFacts, Netns, Sandbox

R = TypeVar("R", Container, Sandbox)
Pids = Mapping[str, Iterable[int]]
"""The processes of each container, by its id."""

_NAME = "nested"
_OWN_NETNS = "/proc/self/ns/net"


class _Reader(Protocol):
    """What asks a runtime."""

    def read(self) -> ContainerFacts:
        """Return all that it tells."""

    def close(self) -> None:
        """Ask no more, from any thread."""


class NestedEngine:
    """A runtime in a container, asked by a thread of its own, for it may hang.

    Its replies are the container's: they say which containers there are, but which
    processes and namespaces those have is said by the kernel.
    """

    def __init__(
        self, proc: str, pid: int, container: str, path: str, identity: Identity
    ) -> None:
        """Ask at this socket in the root of a container's main process.

        Raises:
            OSError: the socket is gone, or another by now.
        """
        self._proc, self._pid, self.container, self.path = proc, pid, container, path
        with below(f"{proc}/{pid}/root", path) as fd:
            status = os.fstat(fd)
            if (status.st_dev, status.st_ino) != identity:
                raise FileNotFoundError(path)
            self._fd = os.dup(fd)
        self._where = f"/proc/self/fd/{self._fd}"
        self._reader: _Reader | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._said: ContainerFacts | None = None
        self._shown: tuple[ContainerFacts, Pids, ContainerFacts] | None = None
        self.busy = False
        """Claims that its answer is awaited."""
        self.overdue = False
        """Claims that it was waited for in vain."""
        self.done = threading.Event()
        """Set when an answer came, or none is of interest any more."""
        self.trouble = ""
        """Why it could not be asked the last time."""
        self.asked: Pids | None = None
        """The processes that were inside when it was last asked."""

    def ask(self, pids: Pids) -> None:
        """Begin to ask, unless the last answer is still awaited."""
        if self.busy:
            return
        self.asked, self.busy, self.overdue = pids, True, False
        self.done.clear()
        threading.Thread(target=self._ask, name="ocnetview-nested", daemon=True).start()

    def close(self) -> None:
        """Ask no more; the descriptor goes when nobody uses it any more."""
        with self._lock:
            self._closed = True
            if self._reader:
                self._reader.close()
            if not self.busy:
                self._release()

    def facts(self, pids: Pids) -> ContainerFacts | None:
        """Return what it said last, with the processes that are inside now.

        None when it is no runtime, or was never heard.
        """
        said, shown = self._said, self._shown
        if said is None:
            return None
        if shown is None or shown[0] is not said or shown[1] != pids:
            shown = self._shown = (said, pids, self._checked(said, pids))
        return shown[2]

    def _ask(self) -> None:
        """Read once; the edge of the thread."""
        try:
            self._said, self.trouble = self._open().read(), ""
        except SourceAbsentError:
            self._said, self.trouble = None, ""
        except CollectorError as error:
            # It is reached by our descriptor, and told by the container's own path.
            doing = error.doing.replace(f"unix://{self._where}", self.path)
            self.trouble = f"cannot {doing}: {error.reason}"
        except Exception as error:  # noqa: BLE001 - a thread's edge, told as trouble
            self.trouble = f"{type(error).__name__}: {error}"
        with self._lock:
            self.busy = False
            if self._closed:
                self._release()
        self.done.set()

    def _release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    def _open(self) -> _Reader:
        """Return what asks it, made at the first time."""
        with self._lock:
            if self._closed:
                raise CollectorError(_NAME, "ask", "told to stop")
            if self._reader is None:
                self._reader = self._made()
            return self._reader

    def _made(self) -> _Reader:
        if self.path in DOCKER:
            return _DockerReader(f"unix://{self._where}", self._proc)
        from ocnetview.collectors.cri_reader import CriReader  # noqa: PLC0415 - cost

        root = f"{self._proc}/{self._pid}/root"
        return CriReader(self._where, self._proc, root, self.container, _NAME)

    def _checked(self, said: ContainerFacts, pids: Pids) -> ContainerFacts:
        """Return what it said with processes and namespaces as the kernel has them."""
        placed = (self._placed(one, pids) for one in said.sandboxes)
        return replace(
            said,
            containers=tuple(self._placed(one, pids) for one in said.containers),
            sandboxes=tuple(map(self._pinned, placed)),
            within=self.container,
            where=self.path,
        )

    def _placed(self, one: R, pids: Pids) -> R:
        """Return a container or sandbox with its main process inside this container.

        Ids are only words: one that a container elsewhere bears finds no process.
        """
        pid = first_started(self._proc, pids.get(one.id, ()))
        if pid is None:
            return replace(one, pid=None, started=None, netns=None)
        netns = None
        with suppress(OSError):
            netns = netns_of(os.stat(f"{self._proc}/{pid}/ns/net"))
        return replace(one, pid=pid, started=start_time(self._proc, pid), netns=netns)

    def _pinned(self, sandbox: Sandbox) -> Sandbox:
        """Return a sandbox with its process's namespace, else that which its path pins.

        The path is the engine's word, and the mounts it leads through the container's.
        """
        if sandbox.netns or not sandbox.netns_path:
            return sandbox
        return replace(sandbox, netns=self._pin(sandbox.netns_path))

    def _pin(self, path: str) -> Netns | None:
        with (
            suppress(OSError, ValueError),
            below(f"{self._proc}/{self._pid}/root", path) as fd,
        ):
            status = os.fstat(fd)
            if status.st_dev == os.stat(_OWN_NETNS).st_dev:
                return netns_of(status)
        return None


class _DockerReader:
    """Asks what speaks the Docker API, by a connection for each list."""

    def __init__(self, where: str, proc: str) -> None:
        self._endpoint = Endpoint(_NAME, where, proc, "", "", "", "")

    def read(self) -> ContainerFacts:
        """Return all containers, and Podman's pods, without their processes."""
        from ocnetview.collectors.docker_client import Daemon  # noqa: PLC0415 - cost

        daemon = Daemon(self._endpoint)
        try:
            return daemon.listed()
        finally:
            daemon.close()

    def close(self) -> None:
        """Nothing is kept between two lists."""
