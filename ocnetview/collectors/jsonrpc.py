"""JSON-RPC 1.0 over a socket, as OVSDB speaks it (RFC 7047, section 4)."""

from __future__ import annotations

import codecs
import contextlib
import errno
import itertools
import json
import os
import re
import select
import socket
import time
from contextlib import ExitStack
from typing import Any

from ocnetview.collectors.base import Stop
from ocnetview.collectors.unix_path import reachable

Message = dict[str, Any]

PROBE_SECONDS = 5.0
"""Silence before we ask whether the peer lives, and again before we give it up;
as long as OVSDB's own inactivity probe."""
REPLY_SECONDS = 30.0
"""How long a peer that is alive may take to answer a request."""
_OVSDB_PORT = 6640
"""IANA's `ovsdb`."""
_PROBE_ID = "probe"
_MESSAGE_CHARS = 64 << 20
_UNSENT_BYTES = 1 << 20
_READ_BYTES = 1 << 18
_BRACE = re.compile("[{}]")
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")


class Splitter:
    """Cuts a stream of JSON objects, which nothing separates, into objects.

    It counts the braces outside of strings, so each character is looked at a
    fixed number of times, however the stream arrives.
    """

    def __init__(self, limit: int = _MESSAGE_CHARS) -> None:
        """Start between two objects; none may have more characters than this."""
        self._limit = limit
        self._codec = codecs.getincrementaldecoder("utf-8")()
        self._json = json.JSONDecoder()
        self._parts: list[str] = []
        self._size = 0
        self._depth = 0
        self._quoted = False
        self._escaped = False

    def feed(self, data: bytes) -> list[Message]:
        """Return the objects that these bytes complete.

        Raises:
            ValueError: the stream is no JSON objects, or one is too large.
        """
        text = self._codec.decode(data)
        self._parts.append(text)
        self._size += len(text)
        ends = self._count(text)
        found: list[Message] = []
        if ends or self._depth <= 0:
            found, rest = self._decode("".join(self._parts), ends)
            if self._depth <= 0 and rest:
                raise ValueError("not a stream of JSON objects")
            self._parts, self._size = [rest], len(rest)
        if self._size > self._limit:
            raise ValueError(f"a message of more than {self._limit} characters")
        return found

    def _count(self, text: str) -> int:
        """Return how many objects end in this text."""
        if self._escaped and text:
            text, self._escaped = text[1:], False
        if "\\" in text:
            text = _ESCAPED.sub("", text)
            self._escaped = text.endswith("\\")
        pieces = text.split('"')
        bare = "".join(pieces[int(self._quoted) :: 2])
        self._quoted ^= len(pieces) % 2 == 0
        steps = (1 if brace == "{" else -1 for brace in _BRACE.findall(bare))
        depths = list(itertools.accumulate(steps, initial=self._depth))
        self._depth = depths[-1]
        return depths[1:].count(0)

    def _decode(self, text: str, count: int) -> tuple[list[Message], str]:
        """Return this many objects from the text's beginning, and what is left."""
        found: list[Message] = []
        start = _skip(text, 0)
        for _ in range(count):
            try:
                message, start = self._json.raw_decode(text, start)
            except RecursionError as error:
                raise ValueError("a message nested too deep") from error
            if not isinstance(message, dict):
                raise ValueError("a message that is no JSON object")  # noqa: TRY004 - bad input, no bug
            found.append(message)
            start = _skip(text, start)
        return found, text[start:]


def _skip(text: str, start: int) -> int:
    """Return where the white space that begins here ends."""
    space = _SPACE.match(text, start)
    return space.end() if space else start


def address(remote: str) -> tuple[socket.AddressFamily, Any]:
    """Return the family and address that `unix:PATH` or `tcp:HOST[:PORT]` names.

    Raises:
        ValueError: the remote is written in another way.
        OSError: the host's name has no address.
    """
    scheme, _, rest = remote.partition(":")
    if scheme == "unix" and rest:
        return socket.AF_UNIX, rest
    parts = re.fullmatch(r"(?:\[([^]]+)\]|([^:\[\]]+))(?::([0-9]{1,5}))?", rest)
    if scheme != "tcp" or parts is None:
        raise ValueError("not a remote of the form unix:PATH or tcp:HOST:PORT")
    port = int(parts[3] or _OVSDB_PORT)
    found = socket.getaddrinfo(parts[1] or parts[2], port, type=socket.SOCK_STREAM)
    return found[0][0], found[0][4]


def connect(remote: str, stop: Stop, seconds: float = PROBE_SECONDS) -> socket.socket:
    """Return a socket connected to the remote, one that never blocks.

    Raises:
        ValueError: the remote is not one that `address` understands.
        OSError: it cannot be reached, with its errno.
        InterruptedError: told to stop meanwhile.
    """
    family, where = address(remote)
    with ExitStack() as held:
        if family is socket.AF_UNIX:
            where = held.enter_context(reachable(where))
        sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            _establish(sock, where, stop, seconds)
        except BaseException:
            sock.close()
            raise
    return sock


def _establish(sock: socket.socket, where: Any, stop: Stop, seconds: float) -> None:  # noqa: ANN401 - the family's own form of address
    """Connect a socket that does not block, and wait until it is."""
    code = sock.connect_ex(where)
    if code == errno.EINPROGRESS:
        ready = select.select([stop.fileno()], [sock], [], seconds)
        if stop:
            raise InterruptedError(errno.EINTR, "told to stop")
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not any(ready):
            code = errno.ETIMEDOUT
    if code:
        raise OSError(code, os.strerror(code))


class Peer:
    """The other end of a connection: takes our requests, gives its messages.

    Every wait ends at once when the thread is told to stop.
    """

    def __init__(
        self, sock: socket.socket, stop: Stop, probe: float = PROBE_SECONDS
    ) -> None:
        """Speak over a connected socket that does not block, and own it."""
        self._sock = sock
        self._stop = stop
        self._probe = probe
        self._splitter = Splitter()
        self._inbox: list[Message] = []
        self._unsent = b""
        self._ids = itertools.count(1)
        self._heard = time.monotonic()
        self._asked = False

    def close(self) -> None:
        """Close the connection."""
        self._sock.close()

    def call(self, method: str, params: list[Any]) -> Message:
        """Return the reply to this request; what follows it is kept for later.

        Raises:
            OSError: the peer has gone or does not answer, or we are to stop.
            ValueError: the peer speaks something else than JSON-RPC.
        """
        number = next(self._ids)
        self._send({"method": method, "params": params, "id": number})
        late = time.monotonic() + REPLY_SECONDS
        while not self._stop:
            left = late - time.monotonic()
            if left <= 0:
                raise TimeoutError(errno.ETIMEDOUT, f"no reply to {method}")
            messages = self._arriving(left)
            for place, message in enumerate(messages):
                if "method" not in message and message.get("id") == number:
                    self._inbox += messages[place + 1 :]
                    return message
        raise InterruptedError(errno.EINTR, "told to stop")

    def receive(
        self, seconds: float | None = None, *, signs: bool = False
    ) -> list[Message]:
        """Return what the peer sends next; nothing after this time, or on stop.

        With `signs` also nothing at a mere sign of life, such as an echo.

        Raises:
            OSError: the peer has gone, or has been silent for too long.
            ValueError: the peer speaks something else than JSON-RPC.
        """
        if self._inbox:
            messages, self._inbox = self._inbox, []
            return messages
        return self._arriving(seconds, signs=signs)

    def _arriving(self, seconds: float | None, *, signs: bool = False) -> list[Message]:
        """Return the messages of the next read that holds more than echoes."""
        end = float("inf") if seconds is None else time.monotonic() + seconds
        while not self._stop:
            until = min(end, self._attend())
            wanted = [self._sock] if self._unsent else []
            wait = max(0.0, until - time.monotonic())
            watched = [self._stop.fileno(), self._sock.fileno()]
            ready, able, _ = select.select(watched, wanted, [], wait)
            if able:
                self._flush()
            heard = watched[1] in ready
            messages = self._read() if heard else []
            if messages or (signs and heard) or time.monotonic() >= end:
                return messages
        return []

    def _attend(self) -> float:
        """Ask a silent peer for a sign of life; return when to look again."""
        late = self._heard + self._probe * (2 if self._asked else 1)
        if time.monotonic() < late:
            return late
        if self._asked:
            reason = f"nothing heard for {2 * self._probe:.0f} s"
            raise TimeoutError(errno.ETIMEDOUT, reason)
        self._asked = True
        self._send({"method": "echo", "params": [], "id": _PROBE_ID})
        return late + self._probe

    def _read(self) -> list[Message]:
        """Return the messages that have arrived, once echoes are answered."""
        try:
            data = self._sock.recv(_READ_BYTES)
        except BlockingIOError:
            return []
        if not data:
            raise ConnectionResetError(errno.ECONNRESET, "the daemon has gone")
        self._heard = time.monotonic()
        self._asked = False
        return [m for m in self._splitter.feed(data) if not self._is_echo(m)]

    def _is_echo(self, message: Message) -> bool:
        """Answer the peer's echo; claim that the message was one, or a reply to ours.

        RFC 7047, section 4.1.11: either side may ask, the other sends params back.
        """
        if message.get("method") == "echo":
            params, number = message.get("params"), message.get("id")
            self._send({"result": params, "error": None, "id": number})
            return True
        return "method" not in message and message.get("id") == _PROBE_ID

    def _send(self, message: Message) -> None:
        self._unsent += json.dumps(message).encode()
        self._flush()
        if len(self._unsent) > _UNSENT_BYTES:
            raise ConnectionAbortedError(errno.ECONNABORTED, "it reads no replies")

    def _flush(self) -> None:
        """Send as much as the socket takes now."""
        with contextlib.suppress(BlockingIOError):
            sent = self._sock.send(self._unsent)
            self._unsent = self._unsent[sent:]
