"""Addresses and ports in a packet's bytes -> as text."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address

_KNOWN = 8192
"""Addresses whose text is kept."""
_IPV4 = 4
_IPV6 = 16


@lru_cache(_KNOWN)
def address(raw: bytes) -> str:
    """Return an IP address or a MAC as it is written; empty for no bytes."""
    if len(raw) == _IPV4:
        return "{}.{}.{}.{}".format(*raw)
    if len(raw) == _IPV6:
        return str(IPv6Address(raw))
    return raw.hex(":")


def end(text: str, port: int | None) -> str:
    """Return one end of a packet, with brackets around IPv6 as in a URL."""
    if port is None:
        return text
    return f"[{text}]:{port}" if ":" in text else f"{text}:{port}"
