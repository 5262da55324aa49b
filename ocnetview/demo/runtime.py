"""The demo's container runtime: a small server of the Docker Engine API."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import cast
from urllib.parse import parse_qs, unquote, urlsplit

from ocnetview.demo.containers import (
    Described,
    JsonObject,
    inspect_reply,
    list_entry,
)

API_VERSION = "1.41"
"""The API of Docker 20.10, the last that OpenShift 3.11's successors met."""
_VERSION = "20.10.24"


class Runtime:
    """The containers and what happened to them, shared by the server's threads."""

    def __init__(self, containers: Sequence[Described]) -> None:
        self._containers = list(containers)
        self._events: list[JsonObject] = []
        self._changed = threading.Condition()

    def containers(self) -> list[Described]:
        """Return every container, newest first."""
        return self._containers

    def find(self, reference: str) -> Described | None:
        """Return the one with this name, id, or unique beginning of an id."""
        for container in self._containers:
            if reference in (container.id, container.name, f"/{container.name}"):
                return container
        starting = [c for c in self._containers if c.id.startswith(reference)]
        return starting[0] if len(starting) == 1 else None

    def died(self, container_id: str, exit_code: int) -> None:
        """Note that a container's main process ended."""
        container = self.find(container_id)
        if container is not None:
            container.pid = 0
            container.exit_code = exit_code
            container.finished = time.time()
            self._tell(container, "die", {"exitCode": str(exit_code)})

    def started(self, container_id: str, pid: int) -> None:
        """Note that a container runs again."""
        container = self.find(container_id)
        if container is not None:
            container.pid = pid
            container.exit_code = 0
            container.started = time.time()
            container.restarts += 1
            self._tell(container, "start", {})

    def _tell(self, container: Described, action: str, more: dict[str, str]) -> None:
        """Add an event (API schema EventMessage) and wake whoever waits for one."""
        now = time.time()
        attributes = {
            **container.labels,
            "image": container.image,
            "name": container.name,
            **more,
        }
        event: JsonObject = {
            "status": action,
            "id": container.id,
            "from": container.image,
            "Type": "container",
            "Action": action,
            "Actor": {"ID": container.id, "Attributes": attributes},
            "scope": "local",
            "time": int(now),
            "timeNano": int(now * 1e9),
        }
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def happened(self) -> int:
        """Return how many events there were so far: where a listener begins."""
        with self._changed:
            return len(self._events)

    def events(self, since: int, *, follow: bool) -> Iterator[JsonObject]:
        """Yield the events from this one on: those so far, or for ever."""
        while True:
            with self._changed:
                while follow and len(self._events) == since:
                    self._changed.wait()
                new = self._events[since:]
            yield from new
            since += len(new)
            if not follow:
                return


class RuntimeServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Answers for a runtime on a Unix socket, one thread for each connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, path: str, runtime: Runtime) -> None:
        self.runtime = runtime
        super().__init__(path, _Answers)

    def handle_error(self, request: object, client_address: object) -> None:
        """Let a client go that left in the middle of an answer."""


class _Answers(BaseHTTPRequestHandler):
    """Answers the part of the API that a reader of containers asks for."""

    protocol_version = "HTTP/1.1"
    server_version = f"Docker/{_VERSION} (linux)"
    sys_version = ""

    @property
    def runtime(self) -> Runtime:
        """Return what to answer for."""
        return cast("RuntimeServer", self.server).runtime

    def address_string(self) -> str:
        """Return a name for the client; a Unix socket's end has none."""
        return "local"

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal is the explorer's."""

    def version_string(self) -> str:
        """Return the Server header."""
        return self.server_version

    def do_HEAD(self) -> None:
        """Answer a HEAD request; only _ping takes one."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer a GET request."""
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        parts = [unquote(part) for part in url.path.split("/") if part]
        if parts and parts[0][:1] == "v" and parts[0][1:].replace(".", "").isdigit():
            del parts[0]
        match parts:
            case ["_ping"]:
                self._reply(HTTPStatus.OK, b"OK", "text/plain; charset=utf-8")
            case ["version"]:
                self._json(_version())
            case ["info"]:
                self._json(self._info())
            case ["containers", "json"]:
                self._json(self._list(query))
            case ["containers", reference, "json"]:
                self._inspect(reference)
            case ["events"]:
                self._stream_events(follow="until" not in query)
            case _:
                self._json({"message": "page not found"}, HTTPStatus.NOT_FOUND)

    def _reply(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        self.send_header("Api-Version", API_VERSION)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _json(self, value: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Send a value."""
        self._reply(status, json.dumps(value).encode() + b"\n", "application/json")

    def _list(self, query: dict[str, list[str]]) -> list[JsonObject]:
        """Return the containers, the running ones or all."""
        everything = query.get("all", ["0"])[-1].lower() in ("1", "true")
        now = time.time()
        return [
            list_entry(container, now)
            for container in self.runtime.containers()
            if everything or container.running
        ]

    def _inspect(self, reference: str) -> None:
        """Send all about one container."""
        container = self.runtime.find(reference)
        if container is None:
            message = f"No such container: {reference}"
            self._json({"message": message}, HTTPStatus.NOT_FOUND)
        else:
            self._json(inspect_reply(container))

    def _info(self) -> JsonObject:
        """Return the counts and names of GET /info that are looked at."""
        containers = self.runtime.containers()
        running = sum(container.running for container in containers)
        return {
            "ID": "DEMO",
            "Name": "demo-node",
            "Containers": len(containers),
            "ContainersRunning": running,
            "ContainersPaused": 0,
            "ContainersStopped": len(containers) - running,
            "ServerVersion": _VERSION,
            "OSType": "linux",
            "CgroupDriver": "none",
            "CgroupVersion": "2",
        }

    def _stream_events(self, *, follow: bool) -> None:
        """Send events as they come, each as a chunk of its own (RFC 9112, 7.1).

        A stream starts before its headers are sent: a client that lists the
        containers once it has them misses nothing.
        """
        since = self.runtime.happened() if follow else 0
        self.send_response(HTTPStatus.OK)
        self.send_header("Api-Version", API_VERSION)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        for event in self.runtime.events(since, follow=follow):
            line = json.dumps(event).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        self.wfile.write(b"0\r\n\r\n")


def _version() -> JsonObject:
    """Return the reply to GET /version."""
    return {
        "Version": _VERSION,
        "ApiVersion": API_VERSION,
        "MinAPIVersion": "1.12",
        "Os": "linux",
        "Arch": "amd64",
        "Components": [{"Name": "Engine", "Version": _VERSION, "Details": {}}],
    }


def follow(news: socket.socket, runtime: Runtime) -> None:
    """Hear from the node, in a thread, which containers end and start."""

    def hear() -> None:
        """Pass each message on until the node ends."""
        while text := news.recv(4096):
            message = json.loads(text)
            if "died" in message:
                runtime.died(message["died"], message["code"])
            else:
                runtime.started(message["started"], message["pid"])

    threading.Thread(target=hear, daemon=True).start()
