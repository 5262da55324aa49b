"""All that a captured packet says, and its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from ocnetview.columns import NOTHING
from ocnetview.columns.packets import TWO_HOP_COLUMNS
from ocnetview.details.section import Line, Section
from ocnetview.model.packets import Became, Header, PacketRow
from ocnetview.tui.screens.sheet import Sheet
from ocnetview.tui.tabs.sections import sections_content
from ocnetview.tui.widgets.offers import offers
from ocnetview.units import printable

WIDE, NARROW = 16, 8
"""Bytes that a line of the dump has, where there is room, and where not."""
_ROOM = 72
"""Cells that a line of the wide dump takes."""
_SHOWN = range(0x20, 0x7F)
"""Bytes that are shown as letters."""


class PacketScreen(Sheet):
    """Shows one packet, then the next or the one before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,n", "step(1)", "Next"),
        Binding("left,b", "step(-1)", "Before"),
    ]
    DEFAULT_CSS = """
    PacketScreen {
        #sheet { width: 100%; max-width: 104; scrollbar-gutter: stable; }
    }
    """

    def __init__(
        self,
        first: PacketRow,
        packet: Callable[[], PacketRow | None],
        step: Callable[[int], None],
    ) -> None:
        """Take what is shown at first, what gives it anew, and what goes to another.

        What is shown stays where nothing is given.
        """
        super().__init__("Packet", Content(""))
        self._shown = first
        self._packet = packet
        self._step = step

    def on_mount(self) -> None:
        """Draw it, once the room is known."""
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Use the room that there is now."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        """Fit the packet into the frame."""
        row = self._shown = self._packet() or self._shown
        frame = self.query_one("#sheet")
        frame.border_title = Content(f"Packet {row.number + 1:,}")
        frame.border_subtitle = offers(
            ("← before", "screen.step(-1)"),
            ("→ next", "screen.step(1)"),
            ("esc closes", "screen.dismiss"),
        )
        self.show(packet_content(row, self.room))

    def action_step(self, rows: int) -> None:
        """Show another packet."""
        self._step(rows)
        self._draw()


def packet_content(row: PacketRow, width: int) -> Content:
    """Return a packet in full, no wider than this; safe to print."""
    packet = row.packet
    sections = [Section("Captured", tuple(_captured(row)))]
    sections += [_layer(one) for one in row.header.layers]
    kept = len(packet.data)
    cut = "" if kept >= packet.length else f", {packet.length - kept:,} more were not"
    title = Content.styled(f"Bytes: {kept:,} were kept{cut}", "bold $text-primary")
    dump = Content("\n").join(map(Content, hex_dump(packet.data, width)))
    return Content("\n").join(
        [sections_content(sections, width), Content(""), title, dump]
    )


def _captured(row: PacketRow) -> Iterator[Line]:
    """Yield when and where it was captured, between whom, and what became of it."""
    cells = {c.key: c.text(row) for c in TWO_HOP_COLUMNS}
    yield Line("When", f"{cells['at']} UTC, {cells['time']} s after the first")
    for key, label in (("hop", "Where"), ("from", "From"), ("to", "To")):
        if cells[key] != NOTHING:
            yield Line(label, cells[key])
    if row.fate:
        bad = row.fate.became is Became.LOST
        yield Line("Became", cells["fate"], bad=bad)
    if row.fate and row.fate.latency is not None:
        yield Line("Took", f"{cells['latency']} µs from one place to the other")
    yield Line("Length", f"{cells['length']} bytes")


def _layer(header: Header) -> Section:
    """Return what a packet says of itself, or the one that it carries."""
    ports = (header.source_port, header.target_port)
    source, target = (
        f"{address} port {port}" if port is not None else address
        for address, port in zip((header.source, header.target), ports, strict=True)
    )
    told = (
        ("From", source),
        ("To", target),
        ("MAC", " → ".join(filter(None, (header.source_mac, header.target_mac)))),
        ("VLAN", ", ".join(map(str, header.vlans))),
        ("VNI", "" if header.vni is None else str(header.vni)),
        ("Says", header.info),
        ("Cut", "what was kept ends within its headers" if header.truncated else ""),
    )
    lines = (Line(label, printable(text)) for label, text in told if text)
    return Section(printable(header.protocol), tuple(lines))


def hex_dump(data: bytes, width: int) -> Iterator[str]:
    """Yield bytes as numbers and letters, no wider than this where that can be."""
    size = WIDE if width >= _ROOM else NARROW
    for start in range(0, len(data), size):
        part = data[start : start + size]
        halves = (part[: size // 2], part[size // 2 :])
        numbers = "  ".join(half.hex(" ") for half in halves)
        letters = "".join(chr(one) if one in _SHOWN else "." for one in part)
        yield f"{start:04x}  {numbers:<{size * 3}}  {letters}"
