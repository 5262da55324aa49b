"""The command that captures packets."""

from __future__ import annotations

import platform
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any

import click

from ocnetview.collectors.base import Stop
from ocnetview.console import need, not_found, print_result
from ocnetview.errors import BlindError, NotFoundError
from ocnetview.exits import CODES_HELP
from ocnetview.facts import SourceKind
from ocnetview.facts.packets import (
    MOST_SNAPLEN,
    CaptureEnd,
    CaptureOrder,
    Packet,
    Spot,
    Tally,
)
from ocnetview.frozen import dataclass
from ocnetview.headless.capturing_where import where_of
from ocnetview.headless.printing import json_option
from ocnetview.invocation import Invocation
from ocnetview.match.called import Names
from ocnetview.match.two_places.orders import compared
from ocnetview.match.two_places.sums import Comparison
from ocnetview.model import NodeModel
from ocnetview.model.packets import PacketRow
from ocnetview.node import Node
from ocnetview.report import packets as report
from ocnetview.report.kept_rows import KeptRows
from ocnetview.units import memory
from ocnetview.wanted import CONTAINERS, read_for

_SIZE = re.compile(r"(\d+)([kMG]?)", re.IGNORECASE)
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_DEFAULTS = CaptureOrder(())
_SNAPLEN = click.IntRange(0, MOST_SNAPLEN)
_STDOUT = "-"


class _Size(click.ParamType):  # type: ignore[type-arg]
    """Bytes as they are written: 500, 64k, 10M."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number of bytes."""
        if isinstance(value, int):
            return value
        parts = _SIZE.fullmatch(str(value))
        if parts is None:
            self.fail(
                f"{value!r} is no number of bytes, such as 64k or 10M", param, ctx
            )
        return int(parts[1]) * _UNITS[parts[2].casefold()]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the flags say."""

    file: str
    wanted: str
    duration: float | None
    count: int
    size: int | None
    snaplen: int | None
    ring: int
    ifname: str
    to: str

    def order(self, spots: tuple[Spot, ...]) -> CaptureOrder:
        """Return what is to be captured at these, with the usual limits."""
        piped = self.file == _STDOUT
        seconds = 0 if self.ring > 1 or piped else _DEFAULTS.seconds
        size = 0 if piped else _DEFAULTS.size
        return CaptureOrder(
            spots,
            self.wanted,
            seconds=seconds if self.duration is None else self.duration,
            count=self.count,
            size=size if self.size is None else self.size,
            snaplen=_DEFAULTS.snaplen if self.snaplen is None else self.snaplen,
            file=self.file,
            ring=self.ring,
        )


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="WHAT")
@click.option("-w", "file", metavar="FILE", default="", help="pcapng; - for stdout.")
@click.option("--filter", "wanted", metavar="FILTER", default="", help="As tcpdump's.")
@click.option("--duration", type=click.FloatRange(0), help="Seconds [default: 60].")
@click.option(
    "--count", type=click.IntRange(0), default=0, help="End after this many packets."
)
@click.option("--size", type=_Size(), help="Bytes of a file, as 10M [default: 64M].")
@click.option("--snaplen", type=_SNAPLEN, help="Bytes [default: 256].")
@click.option(
    "--ring",
    type=click.IntRange(0, 99999),
    default=0,
    help="Keep this many files, the newest.",
)
@click.option("-i", "ifname", metavar="IFNAME", default="", help="Which interface.")
@click.option("--to", metavar="WHERE", default="", help="POD, PORT or `tunnel`.")
@json_option
def capture(obj: Invocation, scrap: str, **flags: Any) -> None:  # noqa: ANN401 - click's
    """Capture packets of WHAT: a pod, container, port or PID.

    Without -w each packet is a line; `-w - | wireshark -k -i -` shows them there. With
    --to they are captured at two places, and what was lost between them is said. It
    ends at a limit (0 is none), at Ctrl-C, or when the pod is gone.
    """
    asked = _Asked(**flags)
    if asked.ring > 1 and asked.file in ("", _STDOUT):
        raise click.UsageError("--ring goes with -w FILE")
    if obj.json and asked.file == _STDOUT:
        raise click.UsageError("--json and `-w -` both want standard output")
    if asked.file == _STDOUT and sys.stdout.isatty():
        raise click.UsageError("`-w -` is for a pipe: a terminal would act on packets")
    node = obj.node()
    model = read_for(node, scrap)
    need(model, CONTAINERS | {SourceKind.LINKS})
    try:
        spots = where_of(node, model, scrap, ifname=asked.ifname, to=asked.to)
    except NotFoundError as error:
        raise not_found(model, error) from None
    name = obj.settings.node_name or platform.node()
    order = compared(replace(asked.order(spots), node=name), Names(model))
    _Session(obj, node, model, order).run()


class _Session:
    """One capture, and what is said of it."""

    def __init__(
        self, obj: Invocation, node: Node, model: NodeModel, order: CaptureOrder
    ) -> None:
        self._obj, self._node, self._model, self._order = obj, node, model, order
        self._lines: report.Lines | None = None
        self._tallies: Sequence[Tally] = tuple(Tally() for _ in order.spots)
        self._rows = KeptRows(order.size)
        self._said = 0.0
        self._live = sys.stderr.isatty() and not sys.stdout.isatty()

    def run(self) -> None:
        """Capture, and say how it ended.

        Raises:
            BlindError: it ended otherwise than was ordered.
        """
        capturer = self._node.capturer()
        capturer.check(self._order)
        with _stopping() as stop:
            end = capturer.run(self._order, self._take, stop)
        if self._lines:
            self._show(self._lines.end(time.time_ns()))
        self._finish(end)

    def _take(self, packets: Sequence[Packet], tallies: Sequence[Tally]) -> None:
        """Show packets as they come."""
        now = time.time_ns()
        if self._lines is None:
            self._lines = self._begin(now)
        self._tallies = tallies
        if not self._order.file or len(self._order.spots) > 1:
            self._show(self._lines.take(packets, now))
        if self._live and time.monotonic() - self._said >= 1:
            self._said = time.monotonic()
            count = sum(one.packets for one in tallies)
            size = memory(sum(one.bytes for one in tallies))
            click.echo(f"\rocnetview: {count} packets, {size}", nl=False, err=True)

    def _begin(self, now: int) -> report.Lines:
        """Say where it is captured, now that it is."""
        for spot in self._order.spots:
            click.echo(f"ocnetview: capturing at {report.spot_text(spot)}", err=True)
        click.echo(f"ocnetview: it ends {report.limits_text(self._order)}", err=True)
        lines = report.Lines(self._order, self._model, now)
        if self._prints:
            click.echo(lines.head)
        return lines

    @property
    def _prints(self) -> bool:
        """Claim that packets are lines on standard output."""
        return not self._order.file and not self._obj.json

    def _show(self, rows: Iterator[PacketRow]) -> None:
        """Print rows, or keep them for a document where they go to no file."""
        for row in rows:
            if self._prints and self._lines:
                click.echo(self._lines.line(row))
            elif not self._order.file:
                self._rows.add(row)

    def _finish(self, end: CaptureEnd) -> None:
        """Say how it ended.

        Raises:
            BlindError: otherwise than was ordered.
        """
        comparison = self._lines.comparison if self._lines else None
        start = "\r" if self._live else ""
        for line in report.comparison_texts(comparison) if comparison else ():
            click.echo(f"{start}ocnetview: {line}", err=True)
        if self._obj.json:
            self._document(end, comparison, start)
        told = report.end_text(end, self._tallies)
        if end.failed:
            raise BlindError(f"the capture ended early: {told}")
        click.echo(f"{start}ocnetview: {told}", err=True)

    def _document(
        self, end: CaptureEnd, comparison: Comparison | None, start: str
    ) -> None:
        """Print the document, and say which packets are not in it."""
        kept = self._rows
        rows = report.capture_json(self._order, end, self._tallies, kept, comparison)
        print_result(self._model, "capture", rows, str)
        if kept.left_out:
            said = report.left_out_text(kept.left_out, self._order.size)
            click.echo(f"{start}ocnetview: {said}", err=True)


@contextmanager
def _stopping() -> Iterator[Stop]:
    """Give what Ctrl-C, and whoever ends us politely, sets."""
    stop = Stop()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    before = {number: signal.signal(number, end) for number in _ENDING}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        stop.close()
