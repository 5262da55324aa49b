"""An answer by HTTP/1.1, as far as a daemon's API needs it.

Python's own client takes the parsers of e-mail with it, and those longer to load than
a daemon to list five hundred containers.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

OK = 200
NOT_FOUND = 404
_LINE = 1 << 16
"""Bytes of a line of the head, or before a chunk."""
_LINES = 100
"""Lines of a head."""


class CutShortError(ValueError):
    """The connection ended before the answer did."""

    def __init__(self) -> None:
        super().__init__("the connection ended within the answer")


class Reply:
    """A status, and a body that is read as it comes."""

    def __init__(self, sock: socket.socket) -> None:
        """Read the head from this socket, which stays the caller's.

        Raises:
            OSError: nothing can be read.
            ValueError: it is no HTTP.
        """
        self._file = sock.makefile("rb")
        try:
            self.status = _status(self._file.readline(_LINE))
            self.head = _head(self._file)
            self.body = io.BufferedReader(_Body(self._file, self.head))
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Read no more."""
        self.body.close()
        self._file.close()


class _Body(io.RawIOBase):
    """What follows the head: so many bytes, chunks, or all until the end."""

    def __init__(self, file: io.BufferedReader, head: Mapping[bytes, bytes]) -> None:
        self._file = file
        self._chunked = head.get(b"transfer-encoding", b"").lower() == b"chunked"
        said = head.get(b"content-length")
        self._left = _number(said, 10) if said and not self._chunked else None
        """Bytes of this chunk, or of all; None where nobody said."""

    def readable(self) -> bool:
        """Claim that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read what is there, at least a byte; return how many, 0 at the end.

        Raises:
            CutShortError: the connection ended before.
            ValueError: a chunk does not begin as one.
        """
        if self._chunked and not self._left:
            self._left = self._next_chunk()
        if self._left == 0:
            self._chunked = False
            return 0
        count = self._file.readinto1(memoryview(buffer)[: self._left])
        if self._left is not None:
            if not count:
                raise CutShortError
            self._left -= count
        return count

    def _next_chunk(self) -> int:
        """Return the size of the next chunk, past the end of the one before."""
        line = self._file.readline(_LINE)
        if line == b"\r\n":
            line = self._file.readline(_LINE)
        if not line.endswith(b"\n"):
            raise CutShortError
        return _number(line.partition(b";")[0].strip(), 16)


def _status(line: bytes) -> int:
    """Return the number that an answer begins with."""
    if not line:
        raise CutShortError
    protocol, _, rest = line.partition(b" ")
    if not protocol.startswith(b"HTTP/1."):
        raise ValueError("what answers speaks no HTTP")
    return _number(rest[:3], 10)


def _head(file: io.BufferedReader) -> Mapping[bytes, bytes]:
    """Return the lines of the head, by their names in small letters."""
    head: dict[bytes, bytes] = {}
    for _ in range(_LINES):
        line = file.readline(_LINE)
        if line in {b"\r\n", b"\n"}:
            return head
        if not line.endswith(b"\n"):
            raise CutShortError
        name, _, value = line.partition(b":")
        head[name.strip().lower()] = value.strip()
    raise ValueError("an answer with too long a head")


def _number(text: bytes, base: int) -> int:
    """Return a number as HTTP writes it: digits and nothing else."""
    if not text.isalnum():
        raise ValueError("what answers speaks no HTTP")
    try:
        return int(text, base)
    except ValueError:
        raise ValueError("what answers speaks no HTTP") from None
