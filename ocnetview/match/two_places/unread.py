"""Packets of which too little can be read -> which others they may have been."""

from __future__ import annotations

from collections.abc import Collection

from ocnetview.match.packets.frames import ESP, NOTHING, Frame
from ocnetview.match.packets.tunnels import innermost
from ocnetview.match.two_places.identity import Identity

_MOST = 1024
"""Ends that are remembered."""
NEVER = -(1 << 63)
_End = tuple[int, int, bool, bytes]
"""Place, protocol, whether it is the target, and address."""


class Unread:
    """Remembers when a place had a packet that may have been any, or any of an end."""

    def __init__(self) -> None:
        """Begin with none."""
        self._last: dict[_End, int] = {}

    def note(self, spot: int, frame: Frame, at: int, vxlan: Collection[int]) -> None:
        """Remember a packet that is cut off or encrypted."""
        inner = innermost(frame, vxlan)
        if inner is None or inner.protocol in (NOTHING, ESP):
            self._last[_any(spot)] = at
            return
        for end in _ends(spot, inner.protocol, inner.source, inner.target):
            self._last.pop(end, None)
            self._last[end] = at
        while len(self._last) > _MOST:
            del self._last[next(iter(self._last))]

    def last(self, spot: int, identity: Identity) -> int:
        """Return when a place last had one that may have been this packet."""
        if not self._last:
            return NEVER
        protocol = identity.flow.protocol
        ends = _ends(spot, protocol, identity.source, identity.target)
        every = (_any(spot), *ends)
        return max(self._last.get(end, NEVER) for end in every)


def _any(spot: int) -> _End:
    """Return what stands for all ends."""
    return spot, NOTHING, False, b""


def _ends(spot: int, protocol: int, source: bytes, target: bytes) -> tuple[_End, _End]:
    """Return both ends, one of which translation may change."""
    return (spot, protocol, False, source), (spot, protocol, True, target)
