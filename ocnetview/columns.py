"""Title, width, text, JSON value and sort key of each column, once for all views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Generic, Protocol, TypeVar

from ocnetview.model import LOCAL_OFPORT, Pod, PodKind, Port, Rate, TreeProcess
from ocnetview.units import age, memory, printable, quantity

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Row = TypeVar("Row", Port, Pod, TreeProcess)

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
    """Claims that it is aligned to the right."""
    rank: int = 0
    """0 is always shown; the higher, the sooner it gives way to a narrow screen."""
    grows: bool = False
    """Claims that it takes the room that is left."""
    live: bool = False
    """Claims that it needs two samples, so that a one-shot report leaves it out."""
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


def _shown(value: object) -> str:
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


def _rate_columns(rank: int = 0) -> tuple[Column[Any], Column[Any]]:
    """Return the columns of what a row receives and transmits."""

    def column(key: str, title: str, field: str) -> Column[Any]:
        return Column(
            key,
            title,
            6,
            lambda row: _rate(row, field),
            lambda row: _per_second(_rate(row, field)),
            right=True,
            rank=rank,
            live=True,
        )

    return (
        column("rx_rate", "RX B/s", "rx_bytes"),
        column("tx_rate", "TX B/s", "tx_bytes"),
    )


def _ofport(port: Port) -> str:
    return "LOCAL" if port.ofport == LOCAL_OFPORT else _shown(port.ofport)


PORT_COLUMNS: tuple[Column[Port], ...] = (
    Column("ofport", "OFPORT", 6, lambda p: p.ofport, _ofport, right=True),
    Column("name", "PORT", 15, lambda p: p.name, lambda p: _shown(p.name)),
    Column("type", "TYPE", 8, lambda p: p.type, lambda p: _shown(p.type), rank=2),
    Column(
        "tag", "TAG", 4, lambda p: p.tag, lambda p: _shown(p.tag), right=True, rank=4
    ),
    Column(
        "purpose",
        "POD OR PURPOSE",
        24,
        lambda p: p.purpose,
        lambda p: _shown(p.purpose),
        grows=True,
        wants=46,
        named=True,
    ),
    Column("state", "STATE", 9, lambda p: p.state, lambda p: _shown(p.state), rank=1),
    *_rate_columns(),
    Column(
        "error",
        "ERROR",
        12,
        lambda p: p.error,
        lambda p: _shown(p.error),
        rank=3,
        wants=60,
    ),
)


def _inside(pod: Pod) -> str:
    """Return the name of the interface that stands for the pod."""
    return pod.main.name if pod.main else ""


def _veth(pod: Pod) -> str:
    """Return the host's end of that interface."""
    return pod.main.outer.name if pod.main and pod.main.outer else ""


def _veth_text(pod: Pod) -> str:
    return "host network" if pod.host_network else _shown(_veth(pod))


def _port(pod: Pod) -> str:
    return pod.main.port if pod.main else ""


def _ready(pod: Pod) -> str:
    return f"{pod.running}/{len(pod.containers)}"


def _pod_title(pod: Pod) -> str:
    mark = "" if pod.kind is PodKind.POD else " (container)"
    return printable(pod.title) + mark


def _addresses(pod: Pod) -> str:
    """Return the first address, and how many more there are."""
    first, *more = pod.addresses or ("",)
    return _shown(first) + (f" +{len(more)}" if more else "")


def _address_order(pod: Pod) -> str:
    """Return a text that sorts addresses as numbers, IPv4 first; others last."""
    try:
        address = ip_address(pod.addresses[0])
    except ValueError:
        return pod.addresses[0]
    return f"{address.version}{int(address):039d}"


POD_COLUMNS: tuple[Column[Pod], ...] = (
    Column(
        "title",
        "POD",
        28,
        lambda p: p.title,
        _pod_title,
        grows=True,
        wants=46,
        named=True,
    ),
    Column(
        "addresses",
        "ADDRESS",
        15,
        lambda p: p.addresses,
        _addresses,
        order=_address_order,
    ),
    Column(
        "inside",
        "INSIDE",
        6,
        lambda p: _inside(p) or None,
        lambda p: _shown(_inside(p)),
        rank=2,
    ),
    Column("veth", "VETH", 15, lambda p: _veth(p) or None, _veth_text),
    Column(
        "port",
        "PORT",
        22,
        lambda p: _port(p) or None,
        lambda p: _shown(_port(p)),
        rank=4,
    ),
    Column("running", "READY", 5, lambda p: p.running, _ready, right=True, rank=1),
    Column("age", "AGE", 5, lambda p: p.age, lambda p: age(p.age), right=True, rank=1),
    *_rate_columns(rank=3),
)


def guides(row: TreeProcess) -> str:
    """Return the lines that draw the row's place in the tree."""
    if not row.last:
        return ""
    *above, own = row.last
    trunk = "".join("  " if last else "│ " for last in above)
    return trunk + ("└─" if own else "├─")


def _command(row: TreeProcess) -> str:
    """Return the command line as typed, or the kernel's name in brackets."""
    process = row.process
    return " ".join(process.command) if process.command else f"[{process.name}]"


PROCESS_COLUMNS: tuple[Column[TreeProcess], ...] = (
    Column(
        "pid",
        "PID",
        7,
        lambda r: r.process.pid,
        lambda r: str(r.process.pid),
        right=True,
    ),
    Column(
        "inner_pid",
        "INNER",
        6,
        lambda r: r.process.inner_pid,
        lambda r: str(r.process.inner_pid),
        right=True,
        rank=1,
    ),
    Column(
        "user",
        "USER",
        10,
        lambda r: r.process.user,
        lambda r: _shown(r.process.user),
        rank=2,
    ),
    Column(
        "state", "S", 1, lambda r: r.process.state, lambda r: _shown(r.process.state)
    ),
    Column(
        "cpu",
        "CPU%",
        5,
        lambda r: None if r.cpu is None else round(r.cpu, 1),
        lambda r: NOTHING if r.cpu is None else f"{r.cpu:.1f}",
        right=True,
        live=True,
    ),
    Column(
        "rss",
        "MEM",
        5,
        lambda r: r.process.rss,
        lambda r: memory(r.process.rss),
        right=True,
    ),
    Column("age", "AGE", 5, lambda r: r.age, lambda r: age(r.age), right=True, rank=3),
    Column(
        "container",
        "CONTAINER",
        14,
        lambda r: r.container,
        lambda r: _shown(r.container),
        rank=2,
    ),
    Column(
        "command",
        "COMMAND",
        30,
        _command,
        lambda r: guides(r) + printable(_command(r)),
        grows=True,
    ),
)
