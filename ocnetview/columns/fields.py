"""What `key:value` in a filter can ask of each kind of row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic

from ocnetview.columns.column import NOTHING, Column, Row
from ocnetview.columns.measures import Measure
from ocnetview.columns.pods import POD_COLUMNS
from ocnetview.columns.ports import PORT_COLUMNS
from ocnetview.columns.processes import PROCESS_COLUMNS
from ocnetview.model import NodeModel, Pod, Port, TreeProcess


@dataclass(frozen=True, slots=True)
class Field(Generic[Row]):
    """Something of a row that a filter can name."""

    keys: tuple[str, ...]
    """Its names, the one that is told first."""
    texts: Callable[[Row, NodeModel], Iterable[str]]
    """Gives what it says; nothing, or empty texts, where there is nothing."""
    number: Callable[[Row], float | None] | None = None
    """Gives its number, where it is one."""
    measure: Measure = Measure.COUNT
    alone: bool = True
    """Claims that it looks at nothing but the row."""


def column_field(column: Column[Row]) -> Field[Row]:
    """Return a column as a field, by its key, its title, and the first word of that."""

    def texts(row: Row, _: NodeModel) -> Iterator[str]:
        value = column.value(row)
        if isinstance(value, str):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from map(str, value)
        text = column.text(row)
        if text not in (NOTHING, value):
            yield text

    def number(row: Row) -> float | None:
        value = column.value(row)
        if isinstance(value, (int, float)) and column.text(row) != NOTHING:
            return float(value)
        return None

    title = "".join(c if c.isalpha() else " " for c in column.title.casefold())
    words = title.split()
    keys = dict.fromkeys((column.key, "_".join(words), words[0]))
    measured = number if column.right else None
    return Field(tuple(keys), texts, measured, column.measure)


def _owner(key: str, model: NodeModel) -> tuple[Pod, ...]:
    """Return the pod with this key, where there is one."""
    return (model.pods_by_key[key],) if key in model.pods_by_key else ()


def _node(pod: Pod, model: NodeModel) -> str:
    """Return the container that is a pod's node (kind); empty on the node itself."""
    within = model.pods_by_key.get(pod.engine)
    return within.title if within else ""


def _spaces(owner: Callable[[Row], str]) -> Field[Row]:
    """Return the namespace of the pod behind a row."""
    return Field(
        ("ns", "namespace"),
        lambda row, model: (p.namespace for p in _owner(owner(row), model)),
        alone=False,
    )


def _nodes(pods: Callable[[Row, NodeModel], Iterable[Pod]]) -> Field[Row]:
    """Return the node that a row is on."""
    return Field(
        ("node",),
        lambda row, model: (_node(pod, model) for pod in pods(row, model)),
        alone=False,
    )


def _pod_troubles(pod: Pod, model: NodeModel) -> Iterator[str]:
    """Yield what is wrong with a pod."""
    if pod.reason and pod.running:
        yield pod.reason
    yield from pod.disputes
    for interface in pod.interfaces:
        yield from (e.detail for e in interface.evidence if not e.agrees)
    yield from model.troubles.get(pod.key, ())


def _port_troubles(port: Port, model: NodeModel) -> Iterator[str]:
    """Yield what is wrong with a port."""
    yield port.error
    yield from model.troubles.get(port.key, ())


def _process_troubles(row: TreeProcess, _: NodeModel) -> Iterator[str]:
    """Yield what is wrong with a process."""
    wrong = {"Z": "zombie", "D": "uninterruptible"}
    if row.process.state in wrong:
        yield wrong[row.process.state]


def _macs(pod: Pod, _: NodeModel) -> Iterator[str]:
    """Yield the MAC of each interface inside."""
    yield from (i.link.mac for i in pod.interfaces if i.link)


def _ids(pod: Pod, _: NodeModel) -> Iterator[str]:
    """Yield the ids of what a pod is made of, and its own."""
    yield from (member.id for member in pod.members)
    yield pod.uid


POD_FIELDS: tuple[Field[Pod], ...] = (
    Field(("ns", "namespace"), lambda p, _: [p.namespace]),
    _nodes(lambda pod, _: [pod]),
    Field(("state",), lambda p, _: [p.status]),
    Field(("problem",), _pod_troubles, alone=False),
    Field(("ip",), lambda p, _: p.addresses),
    Field(("mac",), _macs),
    Field(("netns",), lambda p, _: [str(p.netns.ino)] if p.netns else []),
    Field(("id", "uid"), _ids),
    Field(("container",), lambda p, _: (c.name for c in p.containers)),
    Field(("image",), lambda p, _: (c.image for c in p.containers)),
    Field(("kind",), lambda p, _: [str(p.kind)]),
    Field(
        ("restarts",),
        lambda p, _: [str(p.restarts)],
        lambda p: float(p.restarts),
    ),
    *map(column_field, POD_COLUMNS),
)
PORT_FIELDS: tuple[Field[Port], ...] = (
    _spaces(lambda port: port.pod),
    _nodes(lambda port, model: _owner(port.pod, model)),
    Field(("problem",), _port_troubles, alone=False),
    Field(("role",), lambda p, _: [str(p.role)]),
    Field(("bridge",), lambda p, _: [p.bridge]),
    Field(("mac",), lambda p, _: [p.link.mac] if p.link else []),
    Field(
        ("ifindex",),
        lambda p, _: [str(p.link.ifindex)] if p.link else [],
        lambda p: float(p.link.ifindex) if p.link else None,
    ),
    *map(column_field, PORT_COLUMNS),
)
PROCESS_FIELDS: tuple[Field[TreeProcess], ...] = (
    _spaces(lambda row: row.pod),
    _nodes(lambda row, model: _owner(row.pod, model)),
    Field(("problem",), _process_troubles),
    Field(
        ("port",),
        lambda r, model: (p.main.port for p in _owner(r.pod, model) if p.main),
        alone=False,
    ),
    Field(("name",), lambda r, _: [r.process.name]),
    Field(
        ("ppid",),
        lambda r, _: [str(r.process.ppid)],
        lambda r: float(r.process.ppid),
    ),
    *map(column_field, PROCESS_COLUMNS),
)
