"""How a capture is doing, in the lines above its packets. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from ocnetview.facts.packets import CaptureOrder, Spot, Tally
from ocnetview.match.two_places.sums import Comparison, Way
from ocnetview.tui.capture_run import Run
from ocnetview.units import counted, memory, printable

BAD = "bold $text-error"
WELL = "$text-success"


def head_of(run: Run) -> Content:
    """Return the lines: its state, each spot, what was lost between two."""
    lines = [_state(run)]
    spots = run.order.spots
    tallies = run.tallies or tuple(Tally() for _ in spots)
    lines += [
        _spot(_called(place, spot, run), tally, spot.filter)
        for place, (spot, tally) in enumerate(zip(spots, tallies, strict=True), 1)
    ]
    if run.comparison:
        lines += _between(run.comparison)
    return Content("\n").join(lines)


def _state(run: Run) -> Content:
    """Return what it does, how long, and what it takes."""
    parts = [_time(run)]
    parts.append(_wanted(run.order))
    if run.order.count:
        parts.append(f"at most {counted(run.order.count, 'packet')}")
    told = " · ".join(parts)
    if run.end is None:
        word = "stopping" if run.stopping else "capturing"
        return Content.assemble((f"● {word}", WELL), f" · {told}")
    reason = printable(run.end.reason)
    if run.end.failed:
        return Content.assemble((f"✖ failed: {reason}", BAD), f" · {told}")
    return Content.assemble((f"○ ended: {reason}", "bold"), f" · {told}")


def _wanted(order: CaptureOrder) -> str:
    """Return the user's filter; without one whether a place of many's has its own."""
    if order.filter:
        return f"filter {printable(order.filter)}"
    own = any(spot.owner and spot.filter for spot in order.spots)
    return "only its own sockets" if own else "no filter"


def _time(run: Run) -> str:
    """Return how long it runs, and how long it will."""
    gone, limit = int(run.seconds), int(run.order.seconds)
    if run.is_over:
        return f"after {gone} s"
    left = f", {max(0, limit - gone)} s left" if limit else ", no limit of time"
    return f"{gone} s{left}"


def _called(place: int, spot: Spot, run: Run) -> str:
    """Return what a spot is called, without the pod that the title names already.

    Of two each has the number that the packets have.
    """
    named = spot.owner and spot.owner in run.title
    name = printable(spot.ifname if named else spot.title)
    return f"{place} {name}" if len(run.order.spots) > 1 else name


def _spot(name: str, tally: Tally, own: str) -> Content:
    """Return what passed a spot, what was not captured, and what is let through."""
    told = f"  {name}: {counted(tally.packets, 'packet')}, {memory(tally.bytes)}B, "
    lost = f"✖ {tally.dropped:,} dropped by the kernel" if tally.dropped else ""
    only = f", only {printable(own)}" if own else ""
    return Content.assemble(told, (lost, BAD) if lost else "none dropped", only)


def _between(comparison: Comparison) -> Iterator[Content]:
    """Yield what became of the packets on their way between two spots."""
    for title, way in zip(("1 → 2", "2 → 1"), comparison.ways, strict=True):
        if way.sent or way.alone:
            yield _way(title, way)


def _way(title: str, way: Way) -> Content:
    """Return what became of the packets of one direction."""
    lost = f"✖ {way.lost:,} lost" if way.lost else "none lost"
    rest = [f"{way.arrived:,} of {way.expected:,} arrived"]
    if way.median is not None:
        rest.append(f"in {way.median / 1000:.0f} µs")
    rest += [
        f"{number:,} {word}"
        for number, word in (
            (way.waiting, "waited for"),
            (way.unknown, "not comparable"),
            (way.alone, f"only at {title[-1]}"),
        )
        if number
    ]
    more = f", {', '.join(rest)}"
    return Content.assemble(f"  {title}: ", (lost, BAD if way.lost else ""), more)


def foot_of(run: Run, shown: int, *, held: bool, since: int) -> str:
    """Return where packets are kept, and which of them are listed."""
    parts = [_kept(run)]
    if run.listed.wanted:
        parts.append(f"{shown:,} shown by filter: {printable(run.listed.wanted)}")
    elif run.listed.first and not held:
        parts.append(f"the last {shown:,} are listed")
    if run.nameless:
        parts.append(f"other nodes have no names: {printable(run.nameless)}")
    if held:
        parts.insert(0, f"‖ held: {counted(since, 'packet')} since")
    return " · ".join(parts)


def _kept(run: Run) -> str:
    """Return where the packets are."""
    if run.order.file:
        files = run.end.files if run.end else ()
        named = ", ".join(map(printable, files)) or printable(run.order.file)
        ring = f" and {run.order.ring - 1} more by turns" if run.order.ring > 1 else ""
        return f"in {named}" + ("" if files else ring)
    if not run.captured.total:
        return "kept in memory"
    gone = f", the first {run.captured.gone:,} had to go" if run.captured.gone else ""
    if run.saved >= run.captured.total:
        return f"saved in {printable(run.file)}"
    return f"{counted(len(run.captured), 'packet')} in memory, not saved{gone}"
