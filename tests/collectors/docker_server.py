"""A scripted Docker API server on a Unix socket, and a proc file system of files."""

from __future__ import annotations

import json
import queue
import socketserver
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from heard import news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.docker import DockerCollector
from ocnetview.collectors.docker_endpoint import docker_endpoint
from ocnetview.config import Settings
from ocnetview.facts import Container, ContainerFacts

RECORDINGS = Path(__file__).parents[1] / "recordings" / "docker"


def recorded_containers() -> list[dict[str, Any]]:
    """Return a real daemon's list of five containers."""
    listed = json.loads((RECORDINGS / "containers.json").read_text())
    assert isinstance(listed, list)
    return listed


def container_ids() -> dict[str, str]:
    """Return the ids in that list, by the containers' names."""
    return {c["Names"][0][1:]: c["Id"] for c in recorded_containers()}


def recorded_events() -> list[dict[str, Any]]:
    """Return the events of `docker restart`, as a real daemon told them."""
    lines = (RECORDINGS / "events.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


class Daemon(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """What the server answers; tests change it as they go."""

    def __init__(self, path: str) -> None:
        super().__init__(path, _Handler)
        self.version: Any = json.loads((RECORDINGS / "version.json").read_text())
        self.head: Mapping[str, str] = {}
        """What each answer begins with, beside what every HTTP server says."""
        self.containers: Any = recorded_containers()
        self.inspected: dict[str, Any] = {}
        """The reply to an inspection by id; others are answered with 404."""
        self.pods: Any = None
        """The reply to Podman's list of pods; without one it is answered with 404."""
        self.failure: tuple[int, bytes] | None = None
        """Instead of a list: an HTTP status and a body."""
        self.health: list[int] = []
        """HTTP statuses of the next pings; those after them succeed."""
        self.asked: list[str] = []
        """Each request's path, without the API's version."""
        self.filters: dict[str, list[str]] = {}
        self.hold = threading.Event()
        """Lists are answered when this is set."""
        self.hold.set()
        self.held = threading.Event()
        """Set once a list is asked for."""
        self.stream: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def say(self, *events: object) -> None:
        """Tell these events, in one piece."""
        self.stream.put("".join(json.dumps(e) + "\n" for e in events).encode())

    def hang_up(self) -> None:
        """End the event stream as a daemon that ends does."""
        self.stream.put(b"")

    def count(self, path: str) -> int:
        """Return how often this was asked for."""
        return self.asked.count(path)


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests that the collector makes."""

    protocol_version = "HTTP/1.1"
    server: Daemon

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def end_headers(self) -> None:
        """Add what the daemon says of itself."""
        for name, value in self.server.head.items():
            self.send_header(name, value)
        super().end_headers()

    def do_GET(self) -> None:
        """Answer as the API does."""
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/v1.41")
        self.server.asked.append(path)
        if path == "/version":
            self._reply(200, json.dumps(self.server.version).encode())
        elif path == "/_ping":
            status = self.server.health.pop(0) if self.server.health else 200
            self._reply(status, b"OK")
        elif path == "/events":
            self.server.filters = json.loads(parse_qs(parts.query)["filters"][0])
            self._events()
        elif path == "/containers/json":
            self.server.held.set()
            self.server.hold.wait()
            body = json.dumps(self.server.containers).encode()
            self._reply(*(self.server.failure or (200, body)))
        elif path == "/v4.0.0/libpod/pods/json":
            found = self.server.pods is not None
            self._reply(200 if found else 404, json.dumps(self.server.pods).encode())
        else:
            self._inspect(path.split("/")[2])

    def _inspect(self, container: str) -> None:
        found = self.server.inspected.get(container)
        body = {"message": "No such container"} if found is None else found
        self._reply(404 if found is None else 200, json.dumps(body).encode())

    def _reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == HTTPStatus.FOUND:
            self.send_header("Location", body.decode())
        self.end_headers()
        self.wfile.write(body)

    def _events(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with suppress(OSError):
            while data := self.server.stream.get():
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.close_connection = True


@contextmanager
def docker_daemon(path: str = "") -> Iterator[tuple[Daemon, str]]:
    """Give a running server and its DOCKER_HOST, a socket of its own or given."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Daemon(path or f"{folder}/s") as daemon,
    ):
        thread = threading.Thread(target=daemon.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield daemon, f"unix://{path or f'{folder}/s'}"
        finally:
            daemon.hold.set()
            daemon.hang_up()
            daemon.shutdown()
            thread.join()


@contextmanager
def watching(host: str, proc: Path) -> Iterator[Iterator[ContainerFacts]]:
    """Give the collector's facts, and hang up afterwards."""
    stop = Stop()
    endpoint = docker_endpoint(Settings(docker_host=host, proc=str(proc)))
    collector = DockerCollector(endpoint)
    with closing(collector.watch(stop)) as said:  # type: ignore[type-var]  # a generator
        yield news(said)
    stop.close()


def add_process(proc: Path, pid: int, cgroup: str, started: int = 100) -> None:
    """Add a process with this cgroup text and start time to a fake /proc."""
    folder = proc / str(pid)
    (folder / "ns").mkdir(parents=True)
    (folder / "ns" / "net").touch()
    (folder / "cgroup").write_text(cgroup)
    fields = ["S", *["0"] * 18, str(started), *["0"] * 30]
    (folder / "stat").write_text(f"{pid} (a) b)) {' '.join(fields)}\n")


def by_name(facts: ContainerFacts) -> dict[str, Container]:
    """Return the containers by their names."""
    return {container.name: container for container in facts.containers}
