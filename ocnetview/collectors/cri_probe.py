"""Whether a runtime serves no CRI, found out without gRPC.

Every node with Docker has a containerd, mostly without its CRI plugin. To load gRPC
only to be told so takes longer than to read all of the node's links.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from ocnetview.collectors.unix_path import reachable

_SECONDS = 0.5
"""For an answer; who takes longer is asked by gRPC, which says what is wrong."""
_SERVICES = ("runtime.v1.RuntimeService", "runtime.v1alpha2.RuntimeService")
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_DATA, _HEADERS, _SETTINGS = 0x0, 0x1, 0x4
_END_STREAM, _END_HEADERS = 0x1, 0x4
_FRAME = struct.Struct(">HBBBI")
"""RFC 9113, 4.1: length (16 + 8 bits), type, flags, stream."""
_MOST_FRAMES = 16
"""That come before the answer: settings, a window, a ping."""
_LONGEST = 1 << 14
"""Bytes of a frame, as long as nobody allowed more (RFC 9113, 4.2)."""
_UNIMPLEMENTED = (
    b"\x40\x88\x9a\xca\xc8\xb2\x12\x34\xda\x8f\x0212",
    b"\x40\x0bgrpc-status\x0212",
)
"""`grpc-status: 12` as a new field (RFC 7541, 6.2.1), its name in Huffman's code or
plain: the first on a connection can be written in no other way that servers use."""


class _Frame(NamedTuple):
    kind: int
    flags: int
    stream: int
    payload: bytes

    def packed(self) -> bytes:
        """Return it as it is sent."""
        size = len(self.payload)
        head = _FRAME.pack(size >> 8, size & 0xFF, self.kind, self.flags, self.stream)
        return head + self.payload


def serves_no_cri(path: str) -> bool:
    """Claim that who answers at a socket speaks gRPC and knows no version of the CRI.

    Where that is not sure, whatever the reason, it is not claimed.
    """
    with suppress(OSError):
        return all(_is_unknown(path, service) for service in _SERVICES)
    return False


def _is_unknown(path: str, service: str) -> bool:
    """Claim that a service is not there.

    Raises:
        OSError: nobody answers in time.
    """
    with reachable(path) as near, socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(_SECONDS)
        sock.connect(near)
        sock.sendall(_PREFACE + b"".join(frame.packed() for frame in _request(service)))
        with sock.makefile("rb") as answer:
            for _ in range(_MOST_FRAMES):
                frame = _next(answer)
                if frame is None:
                    return False
                if frame.stream:
                    whole = frame.flags == _END_STREAM | _END_HEADERS
                    refusal = any(one in frame.payload for one in _UNIMPLEMENTED)
                    return frame.kind == _HEADERS and whole and refusal
    return False


def _request(service: str) -> Iterator[_Frame]:
    """Yield what calls `Version` with an empty message (RFC 7541, 6.1 and 6.2.2)."""
    yield _Frame(_SETTINGS, 0, 0, b"")
    fields = b"".join(
        (
            b"\x83\x86",  # :method POST, :scheme http
            b"\x04" + _text(f"/{service}/Version".encode()),  # :path
            b"\x01" + _text(b"localhost"),  # :authority
            b"\x0f\x10" + _text(b"application/grpc"),  # content-type
            b"\x00" + _text(b"te") + _text(b"trailers"),
        )
    )
    yield _Frame(_HEADERS, _END_HEADERS, 1, fields)
    yield _Frame(_DATA, _END_STREAM, 1, bytes(5))


def _text(plain: bytes) -> bytes:
    """Return a text that is shorter than 127 bytes, without Huffman's code."""
    return bytes([len(plain)]) + plain


def _next(answer: BinaryIO) -> _Frame | None:
    """Return the next frame; None at the end, or for what is none."""
    head = answer.read(_FRAME.size)
    if len(head) < _FRAME.size:
        return None
    high, low, kind, flags, stream = _FRAME.unpack(head)
    size = high << 8 | low
    payload = answer.read(size) if size <= _LONGEST else b""
    return _Frame(kind, flags, stream, payload) if len(payload) == size else None
