"""A DNS message -> a line, as tcpdump has it: `A? db.shop.svc. → NXDomain`."""

from __future__ import annotations

from struct import Struct, error

from ocnetview.match.packets.written import address
from ocnetview.units import printable

DNS_PORTS = frozenset({53, 5353})
_HEAD = Struct("!HHHHHH")
_QUESTION = Struct("!HH")
_RECORD = Struct("!HHIH")
_TYPES = {
    1: "A",
    2: "NS",
    5: "CNAME",
    6: "SOA",
    12: "PTR",
    15: "MX",
    16: "TXT",
    28: "AAAA",
    33: "SRV",
    35: "NAPTR",
    41: "OPT",
    43: "DS",
    46: "RRSIG",
    48: "DNSKEY",
    64: "SVCB",
    65: "HTTPS",
    255: "ANY",
}
_ADDRESSES = {1: 4, 28: 16}
"""How long an address is in a record of this type."""
_CODES = (
    "",
    "FormErr",
    "ServFail",
    "NXDOMAIN",
    "NotImp",
    "Refused",
    "YXDomain",
    "YXRRSet",
    "NXRRSet",
    "NotAuth",
    "NotZone",
)
_ANSWER, _CUT = 0x8000, 0x0200
_POINTER, _LABEL = 0xC0, 0x3F
_LONGEST = 255
"""Bytes of a name (RFC 1035)."""
_JUMPS = 16
"""Pointers that are followed in one name; an honest one has few."""
_SHOWN = 4
"""Records of an answer that are looked at, for the first that is shown."""


def dns(message: bytes) -> str:
    """Return the line of a message; empty for what is none."""
    try:
        _, flags, questions, answers, _, _ = _HEAD.unpack_from(message)
    except error:
        return ""
    if not questions:
        return "answer" if flags & _ANSWER else ""
    asked, at = _name(message, _HEAD.size)
    try:
        kind, _ = _QUESTION.unpack_from(message, at)
    except error:
        return ""
    # The names are anybody's.
    line = f"{_type(kind)}? {printable(asked)}"
    if not flags & _ANSWER:
        return line
    return f"{line} → {_result(message, flags, answers, at + _QUESTION.size, kind)}"


def _type(kind: int) -> str:
    """Return what a type of record is called."""
    return _TYPES.get(kind) or f"TYPE{kind}"


def _result(message: bytes, flags: int, answers: int, at: int, kind: int) -> str:
    """Return what an answer says: an error, nothing, or what it found."""
    code = flags & 15
    if code:
        return _CODES[code] if code < len(_CODES) else f"error {code}"
    if flags & _CUT:
        return "too long, ask by TCP"
    if not answers:
        return "no such record"
    found = _first(message, at, min(answers, _SHOWN), kind)
    more = f" +{answers - 1}" if answers > 1 else ""
    return f"{found}{more}" if found else f"{answers} records"


def _first(message: bytes, at: int, records: int, kind: int) -> str:
    """Return the first address or name that was asked for; empty for none."""
    said = ""
    for _ in range(records):
        _, at = _name(message, at)
        try:
            of, _, _, size = _RECORD.unpack_from(message, at)
        except error:
            break
        at += _RECORD.size
        data = message[at : at + size]
        if of == kind and len(data) == size == _ADDRESSES.get(of):
            return address(data)
        if of in (5, 12) and not said:
            said = f"{_type(of)} {printable(_name(message, at)[0])}"
        at += size
    return said


def _name(message: bytes, at: int) -> tuple[str, int]:
    """Return a name, with its last dot, and where it ends; what is wrong ends it."""
    labels: list[str] = []
    after, jumps, size = 0, 0, 0
    while at < len(message) and size <= _LONGEST and jumps <= _JUMPS:
        length = message[at]
        if length & _POINTER == _POINTER:
            if at + 1 >= len(message):
                break
            after = after or at + 2
            at = (length & _LABEL) << 8 | message[at + 1]
            jumps += 1
        elif length == 0 or length & _POINTER:
            at += 1
            break
        else:
            label = message[at + 1 : at + 1 + length]
            labels.append(label.decode("ascii", "backslashreplace"))
            at, size = at + 1 + length, size + 1 + length
    return "".join(f"{label}." for label in labels) or ".", after or at
