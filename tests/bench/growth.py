"""The picture of how time, CPU and memory grow with pods, as SVG written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from bench.bounds import Amount, Findings
from bench.table import number

WIDTH, HEIGHT, GAP = 350, 300, 10
LEFT, RIGHT, TOP, BOTTOM = 54, 130, 40, 40
"""Around each panel's plot; names of lines stand to the right."""
_OURS = "#d6336c"
COLOURS = {
    "ocnetview pods": _OURS,
    "ocnetview": _OURS,
    "without screen": "#f59f00",
    "ip -d -j link": "#1c7ed6",
    "lsns -t net": "#2b8a3e",
    "plotnetcfg": "#7048e8",
    "htop": "#2b8a3e",
    "btop": "#1c7ed6",
    "bare Textual app": "#868e96",
}
"""Of each line, by its name."""
_NAME_HEIGHT = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One program's."""

    name: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Panel:
    """What is drawn in one pair of axes."""

    title: str
    lines: tuple[Line, ...]


def _timed(*names: tuple[str, str]) -> tuple[Line, ...]:
    return tuple(
        Line(name, Amount(("race", key, "wall"), " ms")) for name, key in names
    )


def _shared(what: str, *names: tuple[str, str]) -> tuple[Line, ...]:
    return tuple(Line(name, Amount(("screens", what, key), "")) for name, key in names)


_SCREENS = (("ocnetview", "screen"), ("htop", "htop"), ("btop", "btop"))
PANELS = (
    Panel(
        "Time for the whole map, ms",
        _timed(
            ("ocnetview pods", "pods"),
            ("ip -d -j link", "ip -d"),
            ("lsns -t net", "lsns"),
            ("plotnetcfg", "plotnetcfg"),
        ),
    ),
    Panel(
        "CPU at 1 Hz, % of one core",
        (
            *_shared("cpu", *_SCREENS),
            Line("without screen", Amount(("engine", "cpu", "collectors"), "")),
        ),
    ),
    Panel(
        "Resident memory, MB",
        _shared("memory", *_SCREENS, ("bare Textual app", "bare")),
    ),
)


@dataclass(frozen=True, slots=True)
class Axis:
    """A logarithmic axis: values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Return where a value is."""
        part = (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        return self.start + part * (self.end - self.start)


def picture(found: Sequence[Findings]) -> str:
    """Return the panels, with the points of these nodes, each with its `pods`."""
    width = len(PANELS) * (WIDTH + GAP) - GAP
    inner = "\n".join(
        f'<g transform="translate({place * (WIDTH + GAP)} 0)">\n'
        + "\n".join(draw(panel, found))
        + "\n</g>"
        for place, panel in enumerate(PANELS)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}"'
        f' width="{width}" height="{HEIGHT}" font-family="sans-serif" font-size="11">\n'
        f'<rect width="{width}" height="{HEIGHT}" fill="#fff"/>\n{inner}\n</svg>\n'
    )


def points(line: Line, found: Sequence[Findings]) -> list[tuple[float, float]]:
    """Return pods and value of each node where it was measured."""
    taken = ((node["pods"], line.amount.take(node)) for node in found)
    return sorted((pods, value) for pods, value in taken if value)


def draw(panel: Panel, found: Sequence[Findings]) -> Iterator[str]:
    """Yield one panel's elements."""
    drawn = {line.name: points(line, found) for line in panel.lines}
    values = [value for many in drawn.values() for _, value in many]
    yield text(0, 16, panel.title, 'font-weight="bold"')
    if not values:
        yield text(LEFT, HEIGHT / 2, "not measured")
        return
    sizes = sorted({pods for many in drawn.values() for pods, _ in many})
    across = Axis(sizes[0] * 0.8, sizes[-1] * 1.2, LEFT, WIDTH - RIGHT)
    low, high = floor(log10(min(values))), ceil(log10(max(values) * 1.01))
    up = Axis(10.0**low, 10.0**high, HEIGHT - BOTTOM, TOP)
    yield from axes(across, up, sizes, range(low, high + 1))
    yield from lines(drawn, across, up)


def axes(
    across: Axis, up: Axis, sizes: Sequence[float], powers: Sequence[int]
) -> Iterator[str]:
    """Yield the grid with its numbers."""
    for size in sizes:
        x = across.place(size)
        yield rule(x, up.start, x, up.end)
        yield text(x, up.start + 15, number(size), 'text-anchor="middle"')
    for power in powers:
        y = up.place(10.0**power)
        yield rule(across.start, y, across.end, y)
        yield text(across.start - 6, y + 4, f"{10.0**power:g}", 'text-anchor="end"')
    yield text(
        (across.start + across.end) / 2, HEIGHT - 8, "pods", 'text-anchor="middle"'
    )


def lines(
    drawn: Mapping[str, list[tuple[float, float]]], across: Axis, up: Axis
) -> Iterator[str]:
    """Yield each program's line, its points with their values, and its name."""
    ends = {n: up.place(many[-1][1]) for n, many in drawn.items() if many}
    names = apart(ends)
    for name, many in drawn.items():
        if not many:
            continue
        colour = COLOURS[name]
        at = [(across.place(pods), up.place(value)) for pods, value in many]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}"/>'
        for (x, y), (pods, value) in zip(at, many, strict=True):
            said = escape(f"{name}, {number(pods)} pods: {number(value)}")
            yield (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}">'
                f"<title>{said}</title></circle>"
            )
        label = f"{name} {number(many[-1][1])}"
        yield text(across.end + 6, names[name] + 4, label, f'fill="{colour}"')


def apart(places: Mapping[str, float]) -> dict[str, float]:
    """Return the places moved down as far as it takes for names not to overlap."""
    moved: dict[str, float] = {}
    last = float("-inf")
    for name, place in sorted(places.items(), key=lambda one: one[1]):
        last = moved[name] = max(place, last + _NAME_HEIGHT)
    return moved


def rule(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a line of the grid."""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="#dee2e6"/>'


def text(x: float, y: float, said: str, how: str = "") -> str:
    """Return a text, drawn as these attributes say."""
    return f'<text x="{x:.1f}" y="{y:.1f}" {how}>{escape(said)}</text>'
