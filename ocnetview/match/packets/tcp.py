"""TCP's header -> a line, as tcpdump has it."""

from __future__ import annotations

from struct import Struct

from ocnetview.match.packets.frames import Frame

TCP = Struct("!HHIIBBH")
FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
_LEAST = 20
_LETTERS = ((1, "F"), (2, "S"), (4, "R"), (8, "P"), (16, "."), (32, "U"), (64, "E"))
_CWR = 128


def _letters(flags: int) -> str:
    """Return tcpdump's letters for flags."""
    text = "".join(letter for bit, letter in _LETTERS if flags & bit)
    return text + ("W" if flags & _CWR else "") or "none"


_FLAGS = tuple(map(_letters, range(256)))


def tcp(frame: Frame) -> tuple[str, str, int, int, bool]:
    """Return the name, the line, both ports, and whether the header is cut off.

    Sequence numbers are absolute, as `tcpdump -S` shows them: two places can be
    compared by them, and a capture that began later has no other ones.
    """
    source, target, seq, ack, size, flags, window = TCP.unpack_from(
        frame.data, frame.start
    )
    size = (size >> 4) * 4
    length = frame.end - frame.start - size
    short = size < _LEAST or length < 0
    info = f"Flags [{_FLAGS[flags]}]"
    if length > 0:
        info += f", seq {seq}:{(seq + length) & 0xFFFFFFFF}"
    elif flags & (SYN | FIN | RST):
        info += f", seq {seq}"
    if flags & ACK:
        info += f", ack {ack}"
    info += f", win {window}"
    if flags & SYN and (mss := _mss(frame, size)):
        info += f", mss {mss}"
    return "TCP", f"{info}, len {max(length, 0)}", source, target, short


def _mss(frame: Frame, size: int) -> int:
    """Return the segment size that an end announces; 0 where it does not."""
    options = frame.data[frame.start + _LEAST : frame.start + size]
    at = 0
    while at < len(options) - 1 and options[at]:
        kind, length = options[at], options[at + 1]
        if kind == 1:
            at += 1
        elif kind == 2 and length == 4 and len(options) >= at + 4:  # noqa: PLR2004 - RFC 9293
            return options[at + 2] << 8 | options[at + 3]
        else:
            at += max(length, 2)
    return 0
