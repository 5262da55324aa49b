"""How a scripted Kubernetes API server speaks HTTP."""

from __future__ import annotations

import json
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from collectors.kube_shapes import NODE, status

if TYPE_CHECKING:
    from collectors.kube_server import KubeServer

Query = dict[str, str]


def _bears(header: str | None, token: str) -> bool:
    scheme, _, given = (header or "").partition(" ")
    return scheme.casefold() == "bearer" and given == token


class Server(ThreadingHTTPServer):
    """Serves a KubeServer's answers."""

    daemon_threads = True

    def __init__(self, api: KubeServer, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api, self.tls = api, tls

    def get_request(self) -> tuple[Any, Any]:
        """Return a connection; its handshake happens in the handler's thread."""
        sock, address = super().get_request()
        if self.tls:
            sock = self.tls.wrap_socket(
                sock, server_side=True, do_handshake_on_connect=False
            )
        return sock, address

    def handle_error(self, request: object, address: object) -> None:
        """Stay quiet when a client hangs up."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, address)  # type: ignore[arg-type]  # passed on


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests that the collector makes."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        """Answer as the API does."""
        api = self.server.api
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query))
        if isinstance(self.connection, ssl.SSLSocket):
            shown: dict[str, Any] = self.connection.getpeercert() or {}
            names = dict(pair for part in shown.get("subject", ()) for pair in part)
            api.clients.update({names["commonName"]} if names else ())
        before = api.note(path, query, dict(self.headers.items()))
        api.hold.wait()
        if api.failures:
            self._reply(*api.failures.pop(0))
        elif api.token and not _bears(self.headers["Authorization"], api.token):
            self._reply(401, status(401, "Unauthorized"))
        elif path in api.answers:
            self._reply(*api.answers[path])
        elif path.startswith("/api/v1/nodes/"):
            node = api.nodes.get(path.rpartition("/")[2])
            self._reply(*((200, node) if node else (404, status(404, "not found"))))
        elif query.get("fieldSelector") != f"spec.nodeName={NODE}":
            self._reply(200, {"kind": "PodList", "metadata": {}, "items": []})
        elif "watch" in query:
            self._watch(before, query)
        else:
            self._reply(200, api.listed(query))

    def _reply(self, code: int, body: object) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _watch(self, before: tuple[int, int], query: Query) -> None:
        version, seconds = int(query["resourceVersion"]), float(query["timeoutSeconds"])
        if not self.server.api.kept(version):
            return self._reply(410, status(410, "too old resource version"))
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        for line in self.server.api.told(before, version, seconds):
            if line is None:
                return self._write(b'{"type": "ADDED", "object": {"meta')
            size = self.server.api.chunk or len(line) + 1
            for at in range(0, len(line) + 1, size):
                self._write((line + b"\n")[at : at + size])
        self.wfile.write(b"0\r\n\r\n")
        return None

    def _write(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()
