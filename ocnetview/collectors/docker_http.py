"""Requests of the Docker API over a Unix socket, TCP or TLS.

Docker's own SDK is not used: of it three plain requests and one stream would be, and
to load it takes longer than to ask for five hundred containers.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode, urlsplit

from ocnetview.collectors.http_reply import OK, CutShortError, Reply
from ocnetview.untyped import object_of, text_of

if TYPE_CHECKING:
    from ssl import SSLContext

REQUEST_SECONDS = 10
"""What the daemon may take to answer a request."""
_LIMIT = 64 << 20
"""Bytes of a reply: whoever answers may be a container, and say anything."""
_LINE = 1 << 20
"""Bytes of an event."""


class ReplyError(Exception):
    """An answer with another status than success, in the daemon's words."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        super().__init__(words)


class Address(NamedTuple):
    """Where a daemon answers."""

    path: str
    """Of its Unix socket; empty for one elsewhere."""
    host: str = "localhost"
    port: int = 0
    tls: bool = False


def read_address(where: str) -> Address:
    """Return an address as DOCKER_HOST writes it.

    Raises:
        ValueError: it is none, or of a kind that is not spoken here.
    """
    scheme, colon, rest = where.strip().partition("://")
    if colon and scheme in {"unix", "http+unix"}:
        return Address(f"/{rest.strip('/')}")
    if not colon:
        scheme, rest = "tcp", scheme
    if scheme not in {"tcp", "http", "https"}:
        raise ValueError("neither unix:// nor tcp://")
    parts = urlsplit(f"//{rest}")
    if not parts.hostname or not parts.port:
        raise ValueError("it takes HOST:PORT")
    if parts.username is not None or parts.path.strip("/") or parts.query:
        raise ValueError("it takes HOST:PORT and no more")
    return Address("", parts.hostname, parts.port, scheme == "https")


def tls_of(address: Address, environment: Mapping[str, str]) -> SSLContext | None:
    """Return how to speak TLS, as Docker's own command: None for plain text.

    DOCKER_TLS_VERIFY and DOCKER_CERT_PATH turn it on for every daemon elsewhere.

    Raises:
        ValueError: the certificates cannot be read.
    """
    folder = environment.get("DOCKER_CERT_PATH", "")
    verify = environment.get("DOCKER_TLS_VERIFY", "") != ""
    if address.path or not (address.tls or folder or verify):
        return None
    from ssl import CERT_NONE, create_default_context  # noqa: PLC0415 - cost

    if not (folder or verify):
        return create_default_context()
    folder = folder or os.path.expanduser("~/.docker")
    authority, certificate, key = (
        os.path.join(folder, name) for name in ("ca.pem", "cert.pem", "key.pem")
    )
    try:
        context = create_default_context(cafile=authority if verify else None)
        context.load_cert_chain(certificate, key)
    except OSError as error:
        reason = f"no certificates in {folder}: {error.strerror or error}"
        raise ValueError(f"{reason} (see DOCKER_CERT_PATH)") from error
    if not verify:
        context.check_hostname, context.verify_mode = False, CERT_NONE
    return context


class Client:
    """Asks one daemon, each request by a connection of its own.

    No proxy is asked, and no reply is followed elsewhere.
    """

    def __init__(self, address: Address, tls: SSLContext | None, api: str = "") -> None:
        """Speak this version of the API; without one, what every version answers."""
        self._address, self._tls = address, tls
        self._prefix = f"/v{api}" if api else ""

    def get(self, path: str, **query: str) -> object:
        """Return what the JSON of a reply says.

        Raises:
            ReplyError: the daemon refuses.
            OSError: it does not answer.
            ValueError: it answers in no HTTP, no JSON, or without end.
        """
        return json.loads(self.read(f"{self._prefix}{path}", **query))

    def read(self, path: str, **query: str) -> bytes:
        """Return a reply's body, of a path without the API's version.

        Raises:
            Exception: as `get`.
        """
        with closing(self._asked(path, query)) as sock, closing(Reply(sock)) as reply:
            return _body(reply)

    def head(self, path: str) -> Mapping[bytes, bytes]:
        """Return the lines that a reply begins with, whatever it says then.

        Raises:
            OSError: the daemon does not answer.
            ValueError: it answers in no HTTP.
        """
        with closing(self._asked(path, {})) as sock, closing(Reply(sock)) as reply:
            return reply.head

    def follow(self, path: str, **query: str) -> Stream:
        """Return what is told line by line from now on.

        Raises:
            Exception: as `get`.
        """
        sock = self._asked(f"{self._prefix}{path}", query)
        with _closed_on_error(sock):
            reply = Reply(sock)
            if reply.status != OK:
                with closing(reply):
                    _body(reply)
            sock.settimeout(None)
        return Stream(sock, reply)

    def _asked(self, path: str, query: Mapping[str, str]) -> socket.socket:
        """Return a connection on which the request is sent."""
        target = f"{path}?{urlencode(query)}" if query else path
        _, host, port, _ = self._address
        host = f"[{host}]" if ":" in host else host
        head = {
            "Host": f"{host}:{port}" if port else host,
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        lines = [f"GET {target} HTTP/1.1", *(f"{key}: {head[key]}" for key in head)]
        sock = self.connected()
        with _closed_on_error(sock):
            sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        return sock

    def connected(self) -> socket.socket:
        """Return a socket that is connected to the daemon.

        Raises:
            OSError: what hinders that.
        """
        path, host, port, _ = self._address
        if not path:
            sock = socket.create_connection((host, port), REQUEST_SECONDS)
            with _closed_on_error(sock):
                context = self._tls
                return (
                    context.wrap_socket(sock, server_hostname=host) if context else sock
                )
        sock = socket.socket(socket.AF_UNIX)
        with _closed_on_error(sock):
            sock.settimeout(REQUEST_SECONDS)
            sock.connect(path)
        return sock


@contextmanager
def _closed_on_error(sock: socket.socket) -> Iterator[None]:
    """Close a socket that did not come to be connected."""
    try:
        yield
    except BaseException:
        sock.close()
        raise


class Stream:
    """Values that a daemon tells as they happen, a line each."""

    def __init__(self, sock: socket.socket, reply: Reply) -> None:
        self._sock, self._reply = sock, reply

    def __iter__(self) -> Iterator[object]:
        """Yield each value until the daemon, or `end`, ends the stream.

        Raises:
            OSError: the connection broke.
            ValueError: a line is no JSON.
        """
        try:
            with suppress(CutShortError):
                while line := self._reply.body.readline(_LINE):
                    if line.strip():
                        yield json.loads(line)
        finally:
            self._reply.close()
            self._sock.close()

    def end(self) -> None:
        """End it from any thread: who waits for a value is woken."""
        with suppress(OSError):  # the daemon has ended it already
            self._sock.shutdown(socket.SHUT_RDWR)


def _body(reply: Reply) -> bytes:
    """Return a whole reply.

    Raises:
        ReplyError: it is a refusal.
        ValueError: it is larger than any real one.
    """
    body = reply.body.read(_LIMIT + 1)
    if len(body) > _LIMIT:
        raise ValueError(f"a reply of more than {_LIMIT >> 20} MiB")
    if reply.status != OK:
        raise ReplyError(reply.status, f"{_words(body)} (HTTP status {reply.status})")
    return body


def _words(body: bytes) -> str:
    """Return what a refusal says: `message` of the API's own, else all of it."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError):
        return text_of(object_of(json.loads(text)).get("message")) or text
    return text
