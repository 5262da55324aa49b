"""A pcapng file as another program would read it: draft-ietf-opsawg-pcapng, 3 and 4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SECTION, INTERFACE, PACKET, STATISTICS = 0x0A0D0D0A, 1, 6, 5
COMMENT = 1


@dataclass
class Block:
    """A block: what it is, its fixed part, and its options."""

    kind: int
    body: bytes
    options: Mapping[int, bytes] = field(default_factory=dict)

    def text(self, code: int) -> str:
        """Return an option as text; empty where it is not there."""
        return self.options.get(code, b"").decode("utf-8")


@dataclass
class Frame:
    """A packet in a file."""

    place: int
    at: int
    """In what the interface counts in."""
    length: int
    data: bytes
    comment: str
    direction: int


@dataclass
class Capture:
    """A whole file."""

    section: Block
    interfaces: list[Block]
    frames: list[Frame]
    statistics: list[Block]


def number(data: bytes, at: int, size: int = 4) -> int:
    """Return a little-endian number."""
    return int.from_bytes(data[at : at + size], "little")


def options(data: bytes) -> dict[int, bytes]:
    """Return the options of a block."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        code, length = number(data, at, 2), number(data, at + 2, 2)
        if code == 0:
            assert length == 0
            assert at + 4 == len(data)
            return found
        found[code] = data[at + 4 : at + 4 + length]
        at += 4 + -(-length // 4) * 4
    assert not data
    return found


def blocks(data: bytes) -> Iterator[Block]:
    """Yield the blocks; each is whole and says its length twice."""
    at = 0
    while at < len(data):
        kind, length = number(data, at), number(data, at + 4)
        assert length % 4 == 0
        assert at + length <= len(data), "a block is cut off"
        assert number(data, at + length - 4) == length
        content = data[at + 8 : at + length - 4]
        fixed = {SECTION: 16, INTERFACE: 8, STATISTICS: 12}.get(kind, 0)
        if kind == PACKET:
            fixed = 20 + -(-number(content, 12) // 4) * 4
        yield Block(kind, content[:fixed], options(content[fixed:]))
        at += length


def frame(block: Block) -> Frame:
    """Return a packet's block as a packet."""
    body = block.body
    kept = number(body, 12)
    return Frame(
        number(body, 0),
        number(body, 4) << 32 | number(body, 8),
        number(body, 16),
        body[20 : 20 + kept],
        block.text(COMMENT),
        number(block.options.get(2, bytes(4)), 0) & 3,
    )


def read(data: bytes) -> Capture:
    """Return what is in a file of one section."""
    section, *rest = blocks(data)
    assert section.kind == SECTION
    assert number(section.body, 0) == 0x1A2B3C4D
    of = {kind: [b for b in rest if b.kind == kind] for kind in {b.kind for b in rest}}
    return Capture(
        section,
        of.get(INTERFACE, []),
        [frame(block) for block in of.get(PACKET, [])],
        of.get(STATISTICS, []),
    )


def whole(data: bytes) -> bytes:
    """Return the whole blocks of a file that is being written."""
    at = 0
    while at + 8 <= len(data) and at + number(data, at + 4) <= len(data):
        at += number(data, at + 4)
    return data[:at]
