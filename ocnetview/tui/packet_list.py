"""The packets of a capture as the rows of a table, as far as a filter keeps them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from rich.cells import cell_len

from ocnetview.columns import Fields
from ocnetview.columns.matching import Filter
from ocnetview.columns.packet_fields import PACKET_FIELDS
from ocnetview.columns.packets import PACKET_COLUMNS, SIDE_BY_SIDE
from ocnetview.facts.cluster import NodesFacts
from ocnetview.facts.packets import Spot
from ocnetview.match.called import Names
from ocnetview.match.packets.rows import PacketRows
from ocnetview.match.two_places.lost import Found
from ocnetview.model import NodeModel
from ocnetview.model.packets import TOLD, Became, Fate, PacketRow
from ocnetview.tui.captured import Captured
from ocnetview.tui.widgets.fitting import Heading
from ocnetview.tui.widgets.row import Row, Rows, Tone

LISTED = 10_000
"""Packets that are shown at most: the last ones."""
LOOKS = {
    Became.WAITING: ("…", Tone.MUTED),
    Became.SEEN: ("✓", Tone.PLAIN),
    Became.LOST: ("✖", Tone.ERROR),
    Became.ALONE: ("◆", Tone.WARNING),
    Became.UNKNOWN: ("·", Tone.MUTED),
}
"""Sign and tone of what became of a packet between two spots."""
_FIELDS = Fields(PACKET_FIELDS)
_ALL = _FIELDS.read("")


class PacketList:
    """Makes rows only of what is in sight, or has to be searched."""

    def __init__(self, captured: Captured, spots: Sequence[Spot]) -> None:
        """Take the packets, and where they are captured."""
        self.compares = len(spots) > 1
        """Claims that two spots are compared."""
        self.columns = SIDE_BY_SIDE if self.compares else PACKET_COLUMNS
        self._captured = captured
        self._spots = spots
        self._model = NodeModel()
        self._nodes: NodesFacts | None = None
        self._maker: PacketRows | None = None
        self._made: dict[int, PacketRow] = {}
        self._fates: dict[int, Fate] = {}
        self._filter: Filter[PacketRow] = _ALL
        self._seen: Sequence[str] = ()
        self._kept: list[int] = []
        """Numbers of the packets that the filter keeps."""
        self._tested = 0
        """The number of the first that it was not asked of yet."""

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Return the columns as a table draws them."""
        return tuple(
            Heading(c.key, c.title, c.width, c.right, c.grows, c.named, c.rank, c.wants)
            for c in self.columns
        )

    @property
    def wanted(self) -> str:
        """Return the filter as it was written."""
        return self._filter.text

    @property
    def _sifts(self) -> bool:
        """Claim that not all packets are listed."""
        return self.compares or bool(self.wanted)

    @property
    def first(self) -> int:
        """Return the number of the first packet that is listed."""
        return self._first(self._captured.total)

    def _first(self, end: int) -> int:
        """Return the number of the first that is listed of those before this one."""
        return max(self._captured.gone, end - LISTED)

    def name_by(self, model: NodeModel) -> None:
        """Name what comes from now on by this node."""
        self._model = model
        self._maker = None

    def name_nodes(self, nodes: NodesFacts) -> None:
        """Name, too, what is on these nodes, and filter anew."""
        self._nodes = nodes
        self._maker = None
        self._made = {}
        self._kept, self._tested = [], 0

    def judge(self, found: Iterable[Found]) -> None:
        """Keep what became of packets, and filter those anew."""
        first = self.first
        for number, fate in found:
            self._fates[number] = fate
            if self._sifts and first <= number < self._tested:
                self._test_again(number)
        if len(self._fates) > 2 * max(LISTED, len(self._captured)):
            # Of those that are kept a file tells it, however few are listed.
            gone = self._captured.gone
            self._fates = {n: f for n, f in self._fates.items() if n >= gone}

    def notes(self, first: int) -> Mapping[int, str]:
        """Return what is said of packets at one place only, counted from this one."""
        return {
            number - first: fate.note
            for number, fate in self._fates.items()
            if fate.became in TOLD and number >= first
        }

    def want(self, text: str, seen: Sequence[str]) -> None:
        """Keep only what this filter keeps; a plain text is searched in what is seen.

        Raises:
            FilterError: it is none.
        """
        self._filter = _FIELDS.read(text.strip())
        self._seen = seen
        self._kept, self._tested = [], 0

    def completions(self, text: str) -> Sequence[str]:
        """Return what the text of a filter can go on as, in full."""
        rows = map(self.row, range(self.first, self._captured.total))
        return _FIELDS.completions(text, rows, self._model)

    def row(self, number: int) -> PacketRow:
        """Return the packet with this number as a row."""
        made = self._made.get(number)
        if made is None:
            self._maker = self._maker or PacketRows(
                self._spots, Names(self._model, self._nodes)
            )
            began = self._captured.began
            packet = self._captured[number]
            made = self._maker.row(packet)._replace(
                number=number, since=packet.at - began
            )
            self._made[number] = made
            self._forget()
        fate = self._fates.get(number)
        return made._replace(fate=fate, since_other=self._since(fate)) if fate else made

    def _since(self, fate: Fate) -> int | None:
        """Return when the same packet was at the other spot, as far as it is kept."""
        captured = self._captured
        if fate.other is None or fate.other < captured.gone:
            return None
        return captured[fate.other].at - captured.began

    def _forget(self) -> None:
        """Forget rows that are listed no more, now and then."""
        if len(self._made) > 2 * LISTED:
            first = self.first
            self._made = {n: row for n, row in self._made.items() if n >= first}

    def _keeps(self, number: int) -> bool:
        """Claim that the filter keeps this packet, and that it is not one once more."""
        fate = self._fates.get(number)
        if fate and fate.repeats(number):
            return False
        if not self.wanted:
            return True
        seen = [c for c in self.columns if c.key in self._seen]
        return self._filter.keeps(self.row(number), self._model, seen)

    def _test_again(self, number: int) -> None:
        """Filter a packet that looks otherwise than when it was filtered."""
        place = bisect_left(self._kept, number)
        is_kept = place < len(self._kept) and self._kept[place] == number
        keeps = self._keeps(number)
        if keeps and not is_kept:
            insort(self._kept, number)
        elif is_kept and not keeps:
            del self._kept[place]

    def numbers(self, until: int | None = None) -> Sequence[int]:
        """Return the numbers of the packets that are listed, of those before one."""
        end = self._captured.total if until is None else until
        first = self._first(end)
        if not self._sifts:
            return range(first, end)
        fresh = range(max(first, self._tested), self._captured.total)
        self._kept += filter(self._keeps, fresh)
        self._tested = self._captured.total
        del self._kept[: bisect_left(self._kept, first)]
        return self._kept[: bisect_left(self._kept, end)]

    def rows(self, until: int | None = None) -> Rows:
        """Return the rows of a table, the newest of those before one at the end."""
        numbers = tuple(self.numbers(until))
        return Rows(tuple(map(str, numbers)), partial(_row, self, numbers))

    def text(self, rows: Sequence[Row]) -> str:
        """Return rows as lines of text below the titles, nothing of them cut."""
        titles = [c.title for c in self.columns]
        cells = [("", *titles), *((row.sign, *row.cells()) for row in rows)]
        rights = (False, *(c.right for c in self.columns))
        parts = zip(*map(_aligned, zip(*cells, strict=True), rights), strict=True)
        return "".join(f"{'  '.join(line).rstrip()}\n" for line in parts)


def _aligned(cells: Sequence[str], right: bool) -> Sequence[str]:  # noqa: FBT001 - of a column
    """Return the cells of a column, all of one width."""
    width = max(map(cell_len, cells))
    gaps = (" " * (width - cell_len(cell)) for cell in cells)
    pairs = zip(gaps, cells, strict=True)
    return [gap + cell if right else cell + gap for gap, cell in pairs]


def _row(listed: PacketList, numbers: Sequence[int], place: int) -> Row:
    """Return the row at a place."""
    made = listed.row(numbers[place])
    sign, tone = " ", Tone.PLAIN
    if listed.compares:
        sign, tone = LOOKS[made.fate.became if made.fate else Became.WAITING]
    cells: Callable[[], Sequence[str]] = lambda: [c.text(made) for c in listed.columns]  # noqa: E731 - a row's own
    return Row(str(made.number), made, cells, sign, tone)
