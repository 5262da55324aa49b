"""What a column is, for the screen, the text tables and JSON alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ocnetview.columns.measures import Measure
from ocnetview.frozen import dataclass
from ocnetview.model import Pod, Port, Rate, TreeProcess
from ocnetview.units import printable, quantity

if TYPE_CHECKING:
    from ocnetview.model.packets import PacketRow

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Row = TypeVar("Row", Port, Pod, TreeProcess, "PacketRow")

NOTHING = "-"
"""What a cell shows where there is nothing to show."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of one row kind."""

    key: str
    """Its name in JSON and in settings."""
    title: str
    width: int
    """Cells it takes on the screen at least."""
    value: Callable[[Row], Json]
    """What JSON holds."""
    text: Callable[[Row], str]
    """What people read; safe to print."""
    right: bool = False
    """Claims that it is aligned to the right, as numbers are."""
    measure: Measure = Measure.COUNT
    """What its numbers count."""
    rank: int = 0
    """0 is always shown; the higher, the sooner it gives way to a narrow screen."""
    grows: bool = False
    """Claims that it takes the room that is left."""
    live: bool = False
    """Claims that it needs two samples, so that a one-shot report leaves it out."""
    adds: bool = False
    """Claims that a tree is sorted by the sum of it: that of a row and all below."""
    wants: int = 0
    """Cells it takes where there is room; a growing one before ranks from 4 on."""
    named: bool = False
    """Claims that both ends of its text tell rows apart: too long, the middle goes."""
    order: Callable[[Row], str] | None = None
    """What it sorts by, where that is not the text."""

    def sort_key(self, row: Row) -> tuple[int, float, str]:
        """Return a key that sorts numbers by size, texts by letters, nothing last."""
        value = self.value(row)
        if isinstance(value, (int, float)):
            return (0, float(value), "")
        if not value:
            return (2, 0.0, "")
        text = self.order(row) if self.order else self.text(row).casefold()
        return (1, 0.0, text)


def shown(value: object) -> str:
    """Return a value as text, or the mark for nothing."""
    return NOTHING if value is None or value == "" else printable(str(value))


def _per_second(bytes_per_second: float | None) -> str:
    """Return bytes per second as text; network people read B/s here."""
    return NOTHING if bytes_per_second is None else quantity(bytes_per_second)


class _Moving(Protocol):
    """A row that has a rate."""

    @property
    def rate(self) -> Rate | None:
        """Return what moved per second, None before the second sample."""


def _rate(row: _Moving, field: str) -> float | None:
    """Return bytes per second to one decimal; None where they are not known."""
    return None if row.rate is None else round(getattr(row.rate, field), 1)


def rate_columns(rank: int = 0) -> tuple[Column[Any], Column[Any]]:
    """Return the columns of what a row receives and transmits."""

    def column(key: str, title: str, field: str) -> Column[Any]:
        return Column(
            key,
            title,
            6,
            lambda row: _rate(row, field),
            lambda row: _per_second(_rate(row, field)),
            right=True,
            measure=Measure.BYTES,
            rank=rank,
            live=True,
        )

    return (
        column("rx_rate", "RX B/s", "rx_bytes"),
        column("tx_rate", "TX B/s", "tx_bytes"),
    )
