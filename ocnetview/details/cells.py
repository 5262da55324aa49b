"""Tables and lines out of untrusted text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ocnetview.details.section import Line, Section, Table
from ocnetview.units import printable


def table_of(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    right: Collection[str] = (),
    bad: Collection[int] = (),
) -> Table | None:
    """Return a table of these rows, without columns where no row says anything.

    None where there is no row. `right` names the columns that are numbers.
    """
    cells = [tuple(map(printable, row)) for row in rows]
    kept = [n for n in range(len(heads)) if any(row[n] for row in cells)]
    if not cells or not kept:
        return None
    return Table(
        tuple(heads[n] for n in kept),
        tuple(tuple(row[n] for n in kept) for row in cells),
        frozenset(place for place, n in enumerate(kept) if heads[n] in right),
        frozenset(bad),
    )


def section(
    title: str, source: str, table: Table | None, nothing: str, *lines: Line
) -> Section:
    """Return a section with where it is from, and what to say of an empty one."""
    said = [Line("source", printable(source)), *lines]
    if table is None:
        said.append(Line("none", nothing))
    return Section(title, tuple(said), table)


def trouble(text: str) -> Line:
    """Return a line of something that could not be told."""
    return Line("not seen", printable(text), bad=True)
