"""The OpenFlow entries of a pod or port, as sections: one for each table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ocnetview.details.cells import table_of
from ocnetview.details.hops import per
from ocnetview.details.section import Line, Section
from ocnetview.facts.openflow import FlowEntry, FlowsFacts
from ocnetview.frozen import dataclass
from ocnetview.match.ofports import port_names
from ocnetview.match.openflow import NOTE_TABLE, Layout, Wired, layout_of
from ocnetview.match.openflow_names import drops, readable, vnid_text
from ocnetview.match.openflow_rates import FlowRate, flow_rates
from ocnetview.match.openflow_sdn import PRIORITY, contradiction, missing, vnid_of
from ocnetview.match.openflow_tables import Note, cookie_text, meaning, note_of
from ocnetview.match.openflow_text import flow_line
from ocnetview.model import LOCAL_OFPORT, NodeModel
from ocnetview.units import age, printable, quantity

MOST = 50
"""Rows of a table that are shown; who needs all has the raw text, or JSON."""
HEADS = (
    *("PRIO", "PACKETS", "BYTES", "PKT/s", "B/s", "AGE"),
    *("MATCH", "ACTIONS", "NOTE"),
)
_NUMBERS = frozenset(HEADS[:6])
DROPS = "drops"
"""What is said of an entry that drops what it takes, though nothing just now."""


@dataclass(frozen=True, slots=True)
class FlowsView:
    """What was read of a bridge about one pod or port."""

    wired: Wired
    facts: FlowsFacts
    before: FlowsFacts | None = None
    """An earlier answer to the same questions; None before the second."""


class FlowRow(NamedTuple):
    """An entry as it is looked at, or one that there should be; untrusted text."""

    table: int
    priority: int
    match: str
    actions: str
    entry: FlowEntry | None = None
    """None for one that is missing."""
    rate: FlowRate | None = None
    note: str = ""
    """What is to be said of it: missing, stale, drops."""
    bad: bool = False


class Judged(NamedTuple):
    """All rows of a view, and what they are to be understood by."""

    layout: Layout
    note: Note | None
    rows: Sequence[FlowRow]
    own: int | None
    """The pod's VNID."""

    @property
    def wrong(self) -> int:
        """Return how many rows something is wrong with."""
        return sum(row.bad for row in self.rows)


def judge(model: NodeModel, view: FlowsView) -> Judged:
    """Return the rows of a view by table and priority, those that are missing too."""
    bridge = model.bridges_by_name.get(view.wired.bridge)
    layout = layout_of(bridge) if bridge else Layout.OTHER
    names = port_names(model, view.wired.bridge)
    entries, sdn = view.facts.entries, layout is Layout.SDN
    note = note_of(entries) if sdn else None
    own = vnid_of(entries, view.wired) if sdn else None
    rates = flow_rates(view.facts, view.before)

    def text(part: str, table: int) -> str:
        return readable(part, table, layout, names, own)

    def row(entry: FlowEntry) -> FlowRow:
        rate = rates.get(entry.key)
        wrong = contradiction(entry, view.wired, names) if sdn else ""
        said, bad = _said(entry, rate, layout, wrong)
        match, actions = (
            text(entry.match, entry.table),
            text(entry.actions, entry.table),
        )
        shown = (entry.table, entry.priority, match or "all", actions)
        return FlowRow(*shown, entry, rate, said, bad)

    # The note is said above them all.
    rows = [row(e) for e in entries if not sdn or e.table != NOTE_TABLE]
    if sdn:
        rows += (
            FlowRow(r.table, PRIORITY, r.match, "", note="missing", bad=True)
            for r in missing(entries, view.wired, note)
        )
    rows.sort(key=lambda one: (one.table, -one.priority))
    return Judged(layout, note, rows, own)


def _said(
    entry: FlowEntry, rate: FlowRate | None, layout: Layout, wrong: str
) -> tuple[str, bool]:
    """Return what is to be said of an entry, and whether it is bad."""
    now = bool(rate and rate.packets > 0)
    dropping = ("drops now" if now else DROPS) if drops(entry) else ""
    parts = (wrong, dropping, cookie_text(layout, entry.cookie))
    return ", ".join(filter(None, parts)), bool(wrong or (dropping and now))


def flows_detail(
    model: NodeModel, view: FlowsView, *, most: int = MOST
) -> tuple[Section, ...]:
    """Return what is known of the whole, then a section for each table."""
    judged = judge(model, view)
    tables = groupby(judged.rows, key=lambda row: row.table)
    return (
        whole(view, judged),
        *(_table(number, list(rows), judged, most) for number, rows in tables),
    )


def whole(view: FlowsView, judged: Judged) -> Section:
    """Return which bridge it is, how it is programmed, and what is amiss."""
    wired = view.wired
    named = ["" if wired.ofport is None else f"port {_port(wired.ofport)}"]
    named += [*wired.addresses, *wired.macs]
    lines = [
        Line("source", printable(view.facts.source)),
        Line("asked for", printable(", ".join(filter(None, named)))),
        _programmed(judged),
    ]
    if judged.own is not None:
        lines.append(Line("VNID", vnid_text(judged.own).removeprefix("VNID ")))
    lines.append(_summary(judged))
    title = f"{wired.title} on bridge {wired.bridge}"
    return Section(printable(title), tuple(lines))


def _port(ofport: int) -> str:
    return "LOCAL" if ofport == LOCAL_OFPORT else str(ofport)


def _programmed(judged: Judged) -> Line:
    """Return who programmed the bridge."""
    if judged.layout is not Layout.SDN:
        return Line("programmed by", judged.layout)
    if judged.note is None:
        why = "no version note in table 253: its setup never finished"
        return Line("programmed by", f"{judged.layout}, {why}", bad=True)
    return Line("programmed by", f"{judged.layout}, {judged.note.text}")


def _summary(judged: Judged) -> Line:
    """Return how many entries there are, and how many are amiss."""
    there = sum(row.entry is not None for row in judged.rows)
    lacking = len(judged.rows) - there
    other = judged.wrong - lacking
    parts = [f"{there} {'entry' if there == 1 else 'entries'}" if there else "none"]
    parts.append(f"{lacking} missing" if lacking else "")
    parts.append(f"{other} stale or dropping now" if other else "")
    return Line("entries", ", ".join(filter(None, parts)), bool(judged.wrong))


def kept(rows: Sequence[FlowRow], most: int = MOST) -> tuple[Sequence[FlowRow], int]:
    """Return the rows that are shown, and how many are not; what is wrong always is."""
    shown = [row for n, row in enumerate(rows) if n < most or row.bad]
    return shown, len(rows) - len(shown)


def title_of(table: int, judged: Judged) -> str:
    """Return a table's number, and what it is for."""
    said = meaning(judged.layout, table, judged.note)
    return f"table {table}{' · ' + said if said else ''}"


def _table(number: int, rows: Sequence[FlowRow], judged: Judged, most: int) -> Section:
    """Return the rows of one table."""
    shown, more = kept(rows, most)
    lines = (Line("and", f"{more} more, in the raw text"),) if more else ()
    bad = [place for place, row in enumerate(shown) if row.bad]
    cells = ((*numbers_of(r), r.match, r.actions, r.note) for r in shown)
    return Section(
        title_of(number, judged), lines, table_of(HEADS, cells, _NUMBERS, bad)
    )


def numbers_of(row: FlowRow) -> tuple[str, ...]:
    """Return priority, packets, bytes, what comes of both per second, and age."""
    if row.entry is None:
        return (str(row.priority), "", "", "", "", "")
    rate = ("", "")
    if row.rate is not None:
        rate = (per(row.rate.packets), quantity(row.rate.bytes))
    counted = (quantity(row.entry.packets), quantity(row.entry.bytes))
    return (str(row.priority), *counted, *rate, age(row.entry.duration))


def raw_text(views: Sequence[FlowsView]) -> str:
    """Return the entries as ovs-ofctl prints them; safe to print."""
    return "\n\n".join("\n".join(_raw(view)) for view in views)


def _raw(view: FlowsView) -> Iterator[str]:
    """Yield where from, then the entries."""
    yield printable(f"{view.facts.source}:")
    for entry in view.facts.entries:
        yield f" {printable(flow_line(entry))}"
