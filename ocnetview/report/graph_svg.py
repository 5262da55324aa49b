"""The graph of a node as an SVG picture, laid out in columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape

from ocnetview.frozen import dataclass
from ocnetview.report.graph import NO_NAMESPACE, Column, Edge, Graph, Vertex

_LEFT = {
    Column.POD: 16,
    Column.LINK: 420,
    Column.BRIDGE: 740,
    Column.WAY: 920,
    Column.PEER: 1320,
}
"""Where the columns begin, in pixels."""
_WIDTHS = {
    Column.POD: 340,
    Column.LINK: 250,
    Column.BRIDGE: 110,
    Column.WAY: 340,
    Column.PEER: 150,
}
_TITLES = ("pods", "links on the node", "bridges", "ways out", "other nodes")
_ROW, _BOX, _LETTER = 22, 18, 6.7
"""Heights of a row and of a box, and the width of a letter."""
_TOP = 2
"""Rows for the titles."""
_AGAIN = 40
"""So many rows below its name a bridge bears it again."""
_STYLE = """
text { font: 11px monospace; fill: #1f2328; }
.title, .group { font-weight: bold; }
.group { fill: #57606a; }
.ground { fill: #ffffff; stroke: none; }
rect { fill: #f6f8fa; stroke: #8c959f; }
.bridge rect { fill: #ddf4ff; stroke: #0969da; }
.way rect { fill: #dafbe1; stroke: #1a7f37; }
.peer rect { fill: #fff8c5; stroke: #9a6700; }
.bad rect { fill: #ffebe9; stroke: #cf222e; stroke-dasharray: 4 2; }
path { fill: none; stroke: #8c959f; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .group { fill: #9198a1; }
  .ground { fill: #0d1117; }
  rect { fill: #161b22; stroke: #656c76; }
  .bridge rect { fill: #0c2d6b; }
  .way rect { fill: #033a16; }
  .peer rect { fill: #341a00; }
  .bad rect { fill: #490202; }
}
"""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a vertex is drawn."""

    vertex: Vertex
    row: int
    rows: int = 1
    """How many rows it is high."""

    @property
    def left(self) -> int:
        """Return where it begins."""
        return _LEFT[self.vertex.column]

    @property
    def right(self) -> int:
        """Return where it ends."""
        return self.left + _WIDTHS[self.vertex.column]

    @property
    def top(self) -> int:
        """Return its upper side."""
        return self.row * _ROW

    @property
    def middle(self) -> int:
        """Return the height at which edges meet its first row."""
        return self.top + _BOX // 2


def as_svg(graph: Graph) -> str:
    """Return the picture."""
    layout = _Layout(graph)
    layout.lay()
    width = _LEFT[Column.PEER] + _WIDTHS[Column.PEER] + 16
    height = (layout.row + 1) * _ROW
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
        *_titles(),
        *layout.heads(),
        *(layout.path(edge) for edge in graph.edges),
        *map(_box, layout.places.values()),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


class _Layout:
    """Gives every vertex its place: a row for each link, a block for each bridge."""

    def __init__(self, graph: Graph) -> None:
        self._known = {one.id: one for one in graph.vertices}
        self._into: dict[str, list[str]] = defaultdict(list)
        self._out: dict[str, list[str]] = defaultdict(list)
        for edge in graph.edges:
            self._into[edge.end].append(edge.begin)
            self._out[edge.begin].append(edge.end)
        self.places: dict[str, _Place] = {}
        self._heads: list[tuple[int, str]] = []
        self.row = _TOP
        """The first row that is free in all columns."""

    def lay(self) -> None:
        """Place everything: block by block, then what is on no bridge."""
        every = self._known.values()
        for one in every:
            if one.column is Column.BRIDGE:
                self._block(one, self._into[one.id], self._out[one.id])
        rest = [v for v in every if v.column is Column.LINK and v.id not in self.places]
        self._links([one.id for one in rest])
        pods = [
            v.id for v in every if v.column is Column.POD and v.id not in self.places
        ]
        self._pods(pods)

    def _block(self, bridge: Vertex, links: Sequence[str], ways: Sequence[str]) -> None:
        """Place a bridge between its ports; all of it below what is there."""
        first = self.row
        self._links(links)
        ends = [self.row]
        row = first
        for way in ways:
            self._put(way, row)
            peers = [p for p in self._out[way] if self._known[p].column is Column.PEER]
            for number, peer in enumerate(peers):
                if peer not in self.places:
                    self._put(peer, row + number)
            row += max(1, len(peers))
        ends.append(row + 1)
        self.row = max(ends)
        self._put(bridge.id, first, max(1, self.row - first - 1))

    def _links(self, links: Sequence[str]) -> None:
        """Place links, each beside the first pod that is not placed yet."""
        group = None
        for link in sorted(links, key=self._order):
            pods = [pod for pod in self._into[link] if pod not in self.places]
            name = self._known[pods[0]].group if pods else group
            if name is not None and name != group:
                self._head(name)
            group = name
            self._put(link, self.row)
            for pod in pods:
                self._put(pod, self.row)
                self.row += 1
            self.row += 0 if pods else 1
        self.row += 1 if links else 0

    def _order(self, link: str) -> tuple[bool, str, str, str]:
        """Return what links are sorted by: their pods by namespace, then the rest."""
        pods = [self._known[pod] for pod in self._into[link]]
        first = min(((p.group, p.name) for p in pods), default=("", ""))
        return (not pods, *first, link)

    def _pods(self, pods: Sequence[str]) -> None:
        """Place pods that have no link."""
        group = None
        for pod in pods:
            if self._known[pod].group != group:
                group = self._known[pod].group
                self._head(group)
            self._put(pod, self.row)
            self.row += 1

    def _head(self, name: str) -> None:
        """Write the name of a namespace into a row of its own."""
        self._heads.append((self.row, name))
        self.row += 1

    def _put(self, vertex: str, row: int, rows: int = 1) -> None:
        """Give a vertex its place."""
        self.places[vertex] = _Place(self._known[vertex], row, rows)

    def heads(self) -> Iterator[str]:
        """Yield the names of the namespaces."""
        for row, name in self._heads:
            yield _text(
                _LEFT[Column.POD],
                row,
                name or NO_NAMESPACE,
                "group",
                _WIDTHS[Column.POD],
            )

    def path(self, edge: Edge) -> str:
        """Return an edge as a line, straight where both ends are side by side."""
        begin, end = self.places[edge.begin], self.places[edge.end]
        if begin.vertex.column == end.vertex.column:
            x, bend = begin.right, begin.right + 30
            return (
                f'<path d="M{x} {begin.middle}C{bend} {begin.middle}'
                f' {bend} {end.middle} {x} {end.middle}"/>'
            )
        y0 = end.middle if begin.rows > 1 else begin.middle
        y1 = begin.middle if end.rows > 1 else end.middle
        x0, x1 = begin.right, end.left
        half = (x0 + x1) // 2
        return f'<path d="M{x0} {y0}C{half} {y0} {half} {y1} {x1} {y1}"/>'


def _titles() -> Iterator[str]:
    """Yield what stands above the columns."""
    for column, title in zip(Column, _TITLES, strict=True):
        yield _text(_LEFT[column], 0, title, "title", _WIDTHS[column])


def _box(place: _Place) -> str:
    """Return a vertex as a box with its texts; the whole of them when pointed at."""
    one = place.vertex
    whole = " ".join(filter(None, (one.name, one.note)))
    title = f"{one.group}/{whole}" if one.group else whole
    kind = one.column.name.lower() + (" bad" if one.bad else "")
    width, height = _WIDTHS[one.column], (place.rows - 1) * _ROW + _BOX
    shown = [
        _text(place.left, row, whole, "", width)
        for row in range(place.row, place.row + place.rows, _AGAIN)
    ]
    return (
        f'<g id="{one.id}" class="{kind}"><title>{escape(title)}</title>'
        f'<rect x="{place.left}" y="{place.top}" width="{width}" height="{height}"'
        f' rx="3"/>{"".join(shown)}</g>'
    )


def _text(left: int, row: int, text: str, kind: str, width: int) -> str:
    """Return a text in a row, its middle cut out where it is too long."""
    room = int((width - 10) / _LETTER)
    if len(text) > room:
        half = (room - 1) // 2
        text = f"{text[:half]}…{text[-half:]}"
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{left + 5}" y="{row * _ROW + 13}"{named}>{escape(text)}</text>'
