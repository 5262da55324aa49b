"""A container runtime's caller as the kubelet is one, without its messages' classes.

Requests are made by hand from field numbers of the CRI's api.proto (runtime.v1), so
that what the tests ask for shares no code with what they test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

One: TypeAlias = "int | str | Mapping[int, One | Sequence[One]]"
"""A value: a number, a bool or an enum; a text; a message."""
Value: TypeAlias = "One | Sequence[One]"
"""A field; a sequence is a repeated one."""
Message: TypeAlias = "Mapping[int, Value]"
"""Values by field number."""
Fields: TypeAlias = dict[int, list[int | bytes]]
"""What came back: every value of each field, messages not yet taken apart."""

_VARINT, _BYTES = 0, 2
"""Wire types; the CRI has no others in what we ask for."""


def _varint(number: int) -> bytes:
    """Return a number in groups of seven bits, the lowest first."""
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])


def encode(message: Message) -> bytes:
    """Return a message on the wire."""
    return b"".join(_field(number, value) for number, value in message.items())


def _field(number: int, value: Value) -> bytes:
    """Return one field with its tag; repeated values have a tag each."""
    if isinstance(value, int):
        return _varint(number << 3 | _VARINT) + _varint(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return b"".join(_field(number, item) for item in value)
    body = value.encode() if isinstance(value, str) else encode(value)
    return _varint(number << 3 | _BYTES) + _varint(len(body)) + body


def texts(values: Mapping[str, str]) -> list[One]:
    """Return a map<string, string>: an entry is a message of key and value."""
    return [{1: key, 2: value} for key, value in values.items()]


def decode(wire: bytes) -> Fields:
    """Return the values of a message of ours on the wire."""
    fields: Fields = {}
    data = iter(wire)
    for tag in _numbers(data):
        number = next(_numbers(data))
        kind = tag & 7
        assert kind in {_VARINT, _BYTES}, f"wire type {kind} of field {tag >> 3}"
        value = bytes(next(data) for _ in range(number)) if kind else number
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def _numbers(data: Iterator[int]) -> Iterator[int]:
    """Yield the numbers that stand one after the other."""
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            yield number
            number = shift = 0


class Cri:
    """A connection to a runtime's socket."""

    def __init__(self, socket: str) -> None:
        """Take the socket's path; the connection is made by the first call."""
        import grpc  # noqa: PLC0415 - only live tests need it

        options = [("grpc.default_authority", "localhost")]
        self._channel = grpc.insecure_channel(f"unix:{socket}", options=options)

    def call(self, method: str, message: Message) -> Fields:
        """Return the answer to SERVICE/METHOD of runtime.v1.

        Raises:
            grpc.RpcError: what the runtime could not do.
        """
        call = self._channel.unary_unary(f"/runtime.v1.{method}")
        return decode(call(encode(message), timeout=50, wait_for_ready=True))

    def make(self, method: str, message: Message) -> str:
        """Return the id of what a call of the runtime service made."""
        (made,) = self.call(f"RuntimeService/{method}", message)[1]
        assert isinstance(made, bytes)
        return made.decode()

    def answers(self) -> bool:
        """Claim that the runtime is there and lists what runs."""
        import grpc  # noqa: PLC0415 - only live tests need it

        try:
            self.call("RuntimeService/ListPodSandbox", {})
        except grpc.RpcError:
            return False
        return True

    def images(self) -> int:
        """Return how many images the runtime knows."""
        return len(self.call("ImageService/ListImages", {}).get(1, []))

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()
