"""A capturer that gives the packets it is told to, and frames for it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from queue import SimpleQueue

from packets import captured, dns, ethernet, ipv4, tcp, udp, vxlan

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Packet, Tally
from ocnetview.probes.base import Take

AT = 1_795_000_000
"""When the first packet passed, in seconds since the epoch."""
CART_IP, WEB_IP, DNS_IP = "10.128.2.14", "10.128.2.17", "10.128.2.11"
"""Addresses of pods of the made-up node."""
MILLI = 1_000_000
SYN, ACK, PUSH, FIN = 0x02, 0x10, 0x18, 0x11


def at(milliseconds: float) -> int:
    """Return a time as a packet has it, so long after the first one."""
    return AT * 10**9 + int(milliseconds * MILLI)


def segment(
    place: int, flags: int = ACK, data: bytes = b"", *, back: bool = False
) -> bytes:
    """Return a TCP segment between web and cart, each place with an id of its own."""
    ends = (CART_IP, WEB_IP) if back else (WEB_IP, CART_IP)
    ports = (8080, 40112) if back else (40112, 8080)
    carried = tcp(data, flags, seq=1000 + place, ports=ports)
    return ethernet(ipv4(carried, 6, *ends, ident=place + 1))


def talk() -> tuple[Packet, ...]:
    """Return a short connection from web to cart, a question to DNS before it."""
    asked = udp(dns("cart.shop.svc.cluster.local"), (41000, 53))
    frames = (
        ethernet(ipv4(asked, 17, CART_IP, DNS_IP, ident=99)),
        segment(0, SYN),
        segment(1, SYN | ACK, back=True),
        segment(2),
        segment(3, PUSH, b"GET /items HTTP/1.1\r\nHost: cart\r\n\r\n"),
        segment(4, PUSH, b"HTTP/1.1 200 OK\r\n\r\n[]", back=True),
        segment(5, FIN),
    )
    return tuple(
        captured(frame, at(1.25 * place), keep=64) for place, frame in enumerate(frames)
    )


def flood(number: int, begin: int = 0) -> tuple[Packet, ...]:
    """Return so many packets, one a millisecond."""
    return tuple(
        captured(segment(place % 60000), at(place))
        for place in range(begin, begin + number)
    )


def two_hops(lost: Sequence[int] = (2, 5), number: int = 8) -> tuple[Packet, ...]:
    """Return packets at a veth and, but for those that are lost, in the tunnel."""
    packets = []
    for place in range(number):
        frame = segment(place, back=True)
        packets.append(captured(frame, at(10 * place)))
        if place not in lost:
            packets.append(captured(vxlan(frame), at(10 * place + 0.08), spot=1))
    return tuple(packets)


class TellingCapturer:
    """Gives what it is told, until it is told to stop; remembers what was ordered."""

    def __init__(self) -> None:
        self.orders: list[CaptureOrder] = []
        self.checked: list[CaptureOrder] = []
        self.refused: dict[str, str] = {}
        """Filters that are none, each with what is wrong with it."""
        self.unfit = ""
        """Why nothing can be captured at all."""
        self.fails = ""
        """Why a capture does not begin."""
        self.stopped = threading.Semaphore(0)
        """Released each time it was told to stop, and did."""
        self.given = 0
        """How often it gave something."""
        self.now = float(AT)
        """The time, in seconds since the epoch."""
        self._told: SimpleQueue[Sequence[Packet] | CaptureEnd | None] = SimpleQueue()
        self._dropped = 0

    def check(self, order: CaptureOrder) -> None:
        """Refuse what it was told to refuse.

        Raises:
            ProbeError: the filter is wrong, or nothing can be captured.
        """
        self.checked.append(order)
        if self.unfit:
            hint = "apt install tcpdump"
            raise ProbeError(order.spots[0].title, "capture", self.unfit, hint)
        if order.filter in self.refused:
            reason = self.refused[order.filter]
            raise ProbeError(f"filter “{order.filter}”", "use it", reason)

    def tell(self, packets: Sequence[Packet], dropped: int = 0) -> None:
        """Have these captured, and so many dropped at each spot until now."""
        self._dropped = dropped or self._dropped
        self._told.put(packets)

    def end(self, reason: str, *, failed: bool = False) -> None:
        """End the capture by itself."""
        self._told.put(CaptureEnd(reason, failed=failed))

    def run(self, order: CaptureOrder, take: Take, stop: Stop) -> CaptureEnd:
        """Give what is told.

        Raises:
            ProbeError: it was told not to begin.
        """
        if self.fails:
            raise ProbeError(order.spots[0].title, "capture", self.fails)
        self.orders.append(order)
        tallies = [Tally() for _ in order.spots]
        take((), tallies)
        with stop.closing(lambda: self._told.put(None)):
            while (told := self._told.get()) is not None:
                if isinstance(told, CaptureEnd):
                    return told
                for one in told:
                    tally = tallies[one.spot]
                    tallies[one.spot] = Tally(
                        tally.packets + 1, tally.bytes + one.length, self._dropped
                    )
                take(told, tallies)
                self.given += 1
        self.stopped.release()
        files = (order.file,) if order.file else ()
        return CaptureEnd("told to stop", files=files)
