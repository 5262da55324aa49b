"""What details are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocnetview.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is known; safe to print."""

    label: str
    text: str
    bad: bool = False
    """Claims that something is wrong here."""


@dataclass(frozen=True, slots=True)
class Table:
    """Things of one kind, a row each, their properties in columns; safe to print."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    """Columns that are numbers, by place: they end below one another."""
    bad: frozenset[int] = frozenset()
    """Rows that something is wrong with, by place."""

    @property
    def widths(self) -> tuple[int, ...]:
        """Return how many characters each column takes."""
        columns = zip(self.heads, *self.rows, strict=True)
        return tuple(max(map(len, column)) for column in columns)

    def lines(self) -> Iterator[str]:
        """Yield the heads, then each row, as text."""
        widths = self.widths
        for row in (self.heads, *self.rows):
            cells = (
                f"{cell:>{width}}" if place in self.right else f"{cell:<{width}}"
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            yield "  ".join(cells).rstrip()


@dataclass(frozen=True, slots=True)
class Section:
    """What is known of one part: the pod itself, an interface, its routes."""

    title: str
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    """Below the lines."""


def as_text(sections: Sequence[Section]) -> str:
    """Return the sections as text, labels in one column."""
    lines = [line for section in sections for line in section.lines]
    width = max((len(line.label) for line in lines), default=0)
    blocks = []
    for section in sections:
        rows = [f"  {line.label:<{width}}  {line.text}" for line in section.lines]
        if section.table:
            rows += [f"  {line}" for line in section.table.lines()]
        blocks.append("\n".join([section.title, *rows]))
    return "\n\n".join(blocks) + "\n"
