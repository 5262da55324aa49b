"""What was typed into the setup of a capture -> what is ordered. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ocnetview.errors import OcnetviewError
from ocnetview.facts.packets import MOST_SNAPLEN, CaptureOrder, Spot
from ocnetview.tui.widgets.choice_bar import Choice

COMMON = (
    "tcp",
    "udp",
    "port 53",
    "icmp or icmp6",
    "arp",
    "not port 22",
    "tcp[tcpflags] & (tcp-syn|tcp-rst) != 0",
)
"""Filters that are often wanted (pcap-filter(7)), that every libpcap knows."""
MEMORY, FILE, RING = "memory", "file", "ring"
KEEPS = (
    Choice(MEMORY, "in memory"),
    Choice(FILE, "a file"),
    Choice(RING, "a ring of files"),
)
"""Where packets are kept."""
MEBI = 20
"""Bits by which bytes become MiB."""


class FormError(OcnetviewError):
    """Something that was typed is not what it should be."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed; texts as they are."""

    filter: str = ""
    keep: str = MEMORY
    texts: Mapping[str, str] = field(
        default_factory=lambda: {
            "seconds": "60",
            "count": "",
            "size": "64",
            "snaplen": "256",
            "file": "",
            "ring": "5",
        }
    )
    """By the field's name."""

    def order(self, spots: tuple[Spot, ...], node: str) -> CaptureOrder:
        """Return what is ordered.

        Raises:
            FormError: a number is none or too high, or a file has no name.
        """
        file = "" if self.keep == MEMORY else self.texts["file"].strip()
        if self.keep != MEMORY and not file:
            raise FormError("type the path of the file that packets are written to")
        if file == "-":
            raise FormError("the screen needs the standard output: name a file")
        ring = self._number("ring", "files") if self.keep == RING else 0
        if self.keep == RING and ring < 2:  # noqa: PLR2004 - one is no ring
            raise FormError("a ring has two files at least")
        snaplen = self._number("snaplen", "bytes of each")
        if snaplen > MOST_SNAPLEN:
            raise FormError(
                f"bytes of each: {MOST_SNAPLEN} at most; nothing is for all"
            )
        size = self._number("size", "MB")
        if not size:
            raise FormError("MB: what is kept has to have a limit")
        return CaptureOrder(
            spots=spots,
            filter=self.filter.strip(),
            seconds=float(self._number("seconds", "seconds")),
            count=self._number("count", "packets"),
            size=size << MEBI,
            snaplen=snaplen,
            file=file,
            ring=ring,
            node=node,
        )

    def _number(self, name: str, title: str) -> int:
        """Return a number that was typed; nothing is 0, which is no limit.

        Raises:
            FormError: it is none.
        """
        text = self.texts[name].strip() or "0"
        if not (text.isascii() and text.isdigit()) or len(text) > 9:  # noqa: PLR2004 - a long time
            raise FormError(f"{title}: {text} is no whole number")
        return int(text)
