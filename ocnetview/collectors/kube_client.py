"""Requests to the Kubernetes API, by the kubernetes package's client, as raw JSON."""

from __future__ import annotations

import json
import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from kubernetes.client.rest import RESTClientObject
from kubernetes.config.config_exception import ConfigException
from urllib3 import disable_warnings
from urllib3.exceptions import HTTPError, InsecureRequestWarning, ProxyError
from urllib3.exceptions import TimeoutError as LateError
from urllib3.util import Timeout

from ocnetview.collectors.kube_reply import StatusError, read_status
from ocnetview.errors import CollectorError, causes
from ocnetview.units import one_line, printable

if TYPE_CHECKING:
    from kubernetes.client.configuration import Configuration
    from urllib3 import BaseHTTPResponse

_CONNECT_SECONDS = 5
_READ_SECONDS = 15
"""What the API may take until it says something more."""
_PIECE = 1 << 16
"""Bytes of a watch that are read at once, at most."""
_LARGEST = 64 << 20
"""Bytes of an answer: 500 pods have some MB. Of a line of a watch, a pod, as well."""
_LONGEST_STATUS = 1 << 16
"""Bytes of an error's body that are read."""
_KEEPALIVE = {
    socket.TCP_KEEPIDLE: 20,
    socket.TCP_KEEPINTVL: 10,
    socket.TCP_KEEPCNT: 3,
}
"""A peer that vanished is noticed within 50 seconds (tcp(7))."""
_TOKEN = {chr(code) for code in range(0x20, 0x7F)}
"""Characters that a header may have."""

RBAC = "needs get, list and watch on pods of all namespaces: a ClusterRole"


class Api:
    """The API, asked as a configuration says."""

    def __init__(self, configuration: Configuration, held: ExitStack) -> None:
        """Take the address and the credential; nothing is asked yet.

        `held` is what the configuration needs, and is closed in the end.
        """
        self._held = held
        self.address = str(configuration.host)
        self._configuration = configuration
        if not configuration.verify_ssl:
            # Who wrote the kubeconfig wants it so; a warning would fall on the screen.
            disable_warnings(InsecureRequestWarning)
        self._pool = RESTClientObject(configuration).pool_manager

    def close(self) -> None:
        """Close the connections that no request is using; none can be made then."""
        self._pool.clear()
        self._held.close()

    def get(self, path: str, query: Mapping[str, str] | None = None) -> object:
        """Return the JSON that a path answers with.

        Raises:
            StatusError: the API refuses.
            CollectorError: it cannot be reached, or something else answers.
        """
        doing = f"read {path}"
        try:
            response = self._open(path, query or {}, _READ_SECONDS)
            try:
                body = response.read(_LARGEST)
            finally:
                response.close()
            if len(body) < _LARGEST:
                return json.loads(body)
            reason = f"{self._shown()} answers {_LARGEST} bytes and more"
            raise CollectorError("kube", doing, reason, "see the kubeconfig")
        except (HTTPError, OSError) as error:
            raise self.failure(doing, error) from error
        except (ValueError, RecursionError):
            raise CollectorError(
                "kube", doing, f"{self._shown()} answers no JSON", "see the kubeconfig"
            ) from None

    def stream(self, path: str, query: Mapping[str, str], silence: float) -> Stream:
        """Return what a path goes on saying; `silence` seconds of none are an error.

        Raises:
            StatusError: the API refuses.
            CollectorError: it cannot be reached.
        """
        try:
            return Stream(self._open(path, query, silence))
        except (HTTPError, OSError) as error:
            raise self.failure(f"watch {path}", error) from error

    def _open(
        self, path: str, query: Mapping[str, str], silence: float
    ) -> BaseHTTPResponse:
        response = self._pool.request(
            "GET",
            f"{self.address}{quote(path)}?{urlencode(query)}",
            headers={"Accept": "application/json", "User-Agent": "ocnetview"}
            | self._authorization(),
            timeout=Timeout(connect=_CONNECT_SECONDS, read=silence),
            # Ours to try again; and a redirect would take the token elsewhere.
            retries=False,
            preload_content=False,
        )
        if response.status == 200:  # noqa: PLR2004 - OK
            return response
        try:
            with suppress(ValueError, RecursionError):
                body = json.loads(response.read(_LONGEST_STATUS))
                raise read_status(body, response.status)
            raise read_status(None, response.status)
        finally:
            response.close()

    def _authorization(self) -> dict[str, str]:
        """Return the header with the token as it is now; the account's is rotated."""
        found = {}
        doing = f"ask {self._shown()}"
        try:
            settings: Mapping[str, Any] = self._configuration.auth_settings()
        except (ConfigException, ValueError):
            # Without the cause: its text may hold a part of the token.
            reason = "the file of its token holds none"
            raise CollectorError("kube", doing, reason) from None
        for setting in settings.values():
            value = str(setting["value"]).strip()
            if not _TOKEN.issuperset(value):
                # http.client would tell the whole of it.
                reason = "the token holds characters that no token has"
                raise CollectorError("kube", doing, reason)
            found[str(setting["key"])] = value
        return found

    def _shown(self) -> str:
        """Return the address without a password that may be in it."""
        parts = urlsplit(self.address)
        return printable(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")

    def failure(self, doing: str, error: Exception) -> CollectorError:
        """Return what a failed request means to the user, and what would help."""
        if isinstance(error, StatusError):
            reason, hint = _refusal(error)
            return CollectorError("kube", doing, reason, hint)
        where, hint = self._shown(), ""
        reason = "the connection broke"
        for cause in causes(error):
            match cause:
                case ssl.SSLCertVerificationError():
                    reason = f"its certificate: {cause.verify_message}"
                    hint = "is certificate-authority of the kubeconfig right?"
                    break
                case ssl.SSLError():
                    reason = f"TLS: {cause.reason or 'failed'}"
                    break
                case LateError() | TimeoutError():
                    reason = "no answer in time"
                case ProxyError():
                    hint = "see HTTPS_PROXY and NO_PROXY"
                case ConnectionRefusedError():
                    reason, hint = "connection refused", "is the API server up?"
                case socket.gaierror():
                    reason = "its name cannot be resolved"
                case OSError(strerror=str(words)):
                    reason = words
        return CollectorError("kube", doing, f"{where}: {printable(reason)}", hint)


class Stream:
    """An answer that goes on, read line by line."""

    def __init__(self, response: BaseHTTPResponse) -> None:
        """Take a response whose body was not read."""
        self._response = response
        # A descriptor of our own: the library's may be closed and given away
        # while another thread shuts the connection down.
        self._socket = socket.socket(fileno=os.dup(response.fileno()))
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in _KEEPALIVE.items():
                self._socket.setsockopt(socket.IPPROTO_TCP, option, value)

    def lines(self) -> Iterator[bytes]:
        """Yield each line that is whole; one that was cut is left out.

        Raises:
            HTTPError, OSError, ValueError: the connection broke, or was closed; or a
                line does not end.
        """
        parts: list[bytes] = []
        size = 0
        for piece in self._response.stream(_PIECE, decode_content=True):
            head, *rest = piece.split(b"\n")
            parts.append(head)
            size += len(head)
            if size > _LARGEST:
                raise ValueError("an event without an end")
            for following in rest:
                yield b"".join(parts)
                parts, size = [following], len(following)

    def shut(self) -> None:
        """End the connection: whoever reads from it stops at once."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give everything back, once nobody reads any more."""
        self.shut()
        self._socket.close()
        self._response.close()


def _refusal(error: StatusError) -> tuple[str, str]:
    """Return what an HTTP status means, and what would help."""
    words = one_line(error.message)
    hint = {
        401: "the credential is not valid, or no longer",
        403: RBAC,
        404: "is this the API's address?",
        429: "the API server is busy",
    }.get(error.code, "")
    return f"HTTP status {error.code}{': ' if words else ''}{words}", hint
