"""The kernel's numbers as the words that its own tools have for them."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence

_SIZES: Mapping[int, int] = {socket.AF_INET: 4, socket.AF_INET6: 16}


def named(words: Sequence[str], number: int) -> str:
    """Return the word for a number; the number where there is none."""
    return words[number] if number < len(words) else str(number)


def flags_of(bits: int, words: Mapping[int, str]) -> tuple[str, ...]:
    """Return the words for the bits that are set, of those that have one."""
    return tuple(word for bit, word in words.items() if bits & bit)


def shown(family: int, address: bytes | None) -> str:
    """Return an IP address as text; empty for none."""
    size = _SIZES.get(family)
    if size is None or address is None or len(address) < size:
        return ""
    return socket.inet_ntop(family, address[:size])


def prefixed(family: int, address: bytes | None, bits: int) -> str:
    """Return an address with its prefix length, of a single host without it.

    Where the kernel sends a length but no address, the address is all zeros.
    """
    size = _SIZES.get(family, 0)
    if address is None and not bits:
        return ""
    text = shown(family, address or bytes(size))
    return text if bits == size * 8 else f"{text}/{bits}"
