"""Addresses of daemons, and requests to one elsewhere."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from collectors.docker_server import Daemon, recorded_events
from collectors.kube_watching import make_keys, needs_openssl

from ocnetview.collectors.docker_http import (
    Address,
    Client,
    ReplyError,
    read_address,
    tls_of,
)


@pytest.mark.parametrize(
    ("where", "address"),
    [
        ("unix:///run/docker.sock", Address("/run/docker.sock")),
        ("unix://run/docker.sock", Address("/run/docker.sock")),
        ("http+unix:///run/a b?c.sock", Address("/run/a b?c.sock")),
        ("tcp://node:2375", Address("", "node", 2375)),
        ("node:2375", Address("", "node", 2375)),
        ("tcp://[fd00::1]:2375/", Address("", "fd00::1", 2375)),
        ("https://node:2376", Address("", "node", 2376, tls=True)),
    ],
)
def test_an_address_is_read_as_docker_writes_it(where: str, address: Address) -> None:
    """A socket's path, or a host and its port, with the scheme that Docker takes."""
    assert read_address(where) == address


@pytest.mark.parametrize(
    "where",
    ["tcp://node", "tcp://me@node:1", "tcp://node:1/x", "tcp://node:1?x", "fd://", ""],
)
def test_an_address_of_another_shape_is_refused(where: str) -> None:
    """No port is guessed, and nothing that would be ignored is taken."""
    with pytest.raises(ValueError, match=r"HOST:PORT|neither"):
        read_address(where)


class _Elsewhere(BaseHTTPRequestHandler):
    """Answers with the path, and with the name that the client proved."""

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        """Answer."""
        assert isinstance(self.connection, ssl.SSLSocket)
        shown: dict[str, Any] = self.connection.getpeercert() or {}
        name = shown["subject"][0][0][1]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps([self.path, name]).encode())


@contextmanager
def elsewhere(context: ssl.SSLContext) -> Iterator[Address]:
    """Give the address of a server that speaks TLS and asks clients who they are."""
    context.verify_mode = ssl.CERT_REQUIRED
    with HTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Address("", "127.0.0.1", server.server_port)
        finally:
            server.shutdown()
            thread.join()


@needs_openssl
def test_a_daemon_elsewhere_is_asked_by_tls(tmp_path: Path) -> None:
    """With Docker's variables both sides prove who they are, and strangers fail."""
    keys = make_keys(tmp_path)
    certificate, key = keys.signed("client", "/CN=operator")
    folder = tmp_path / "docker"
    folder.mkdir()
    for name, source in (("cert", certificate), ("key", key), ("ca", keys.authority)):
        (folder / f"{name}.pem").write_bytes(Path(source).read_bytes())
    told = {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(folder)}
    with elsewhere(keys.server()) as address:
        client = Client(address, tls_of(address, told), "1.41")
        assert client.get("/info", all="1") == ["/v1.41/info?all=1", "operator"]
        unknown = Client(address, ssl.create_default_context())
        with pytest.raises(ssl.SSLCertVerificationError):
            unknown.get("/info")
        told["DOCKER_TLS_VERIFY"] = ""
        assert Client(address, tls_of(address, told)).get("/x") == ["/x", "operator"]


def test_certificates_that_are_not_there_are_named(tmp_path: Path) -> None:
    """The error says in which folder, and what sets that; a socket needs none."""
    told = {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(tmp_path)}
    with pytest.raises(ValueError, match=rf"{tmp_path}.*see DOCKER_CERT_PATH"):
        tls_of(Address("", "node", 2376), told)
    assert tls_of(Address("/run/docker.sock"), told) is None
    assert tls_of(Address("", "node", 2375), {}) is None


def test_values_are_told_until_the_stream_is_ended(served: tuple[Daemon, str]) -> None:
    """Several in one piece are told one by one; ending it wakes who waits."""
    daemon, host = served
    stream = Client(read_address(host), None, "1.41").follow("/events", filters="{}")
    daemon.say(*recorded_events())
    values = iter(stream)
    assert [next(values) for _ in recorded_events()] == recorded_events()
    waiting = threading.Thread(target=lambda: list(values))
    waiting.start()
    stream.end()
    waiting.join()
    stream.end()


def test_a_refused_stream_leaves_no_socket(served: tuple[Daemon, str]) -> None:
    """The refusal is raised in the daemon's words, and the connection is closed."""
    daemon, host = served
    daemon.failure = (500, b'{"message":"no"}')
    made: list[socket.socket] = []

    class Watched(Client):
        """Keeps its sockets."""

        def connected(self) -> socket.socket:
            """Return a socket, and keep it."""
            made.append(super().connected())
            return made[-1]

    with pytest.raises(ReplyError, match=r"^no \(HTTP status 500\)$"):
        Watched(read_address(host), None).follow("/containers/json")
    assert [sock.fileno() for sock in made] == [-1]
