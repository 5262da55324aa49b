"""All that the model knows of one process."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.details.section import Line, Section, Table
from ocnetview.model import NodeModel, TreeProcess
from ocnetview.units import age, memory, printable

STATES = {
    "R": "running",
    "S": "sleeping",
    "D": "waiting for a device, cannot be interrupted",
    "T": "stopped",
    "t": "stopped by a debugger",
    "Z": "zombie: it ended, and its parent does not ask how",
    "I": "idle kernel thread",
    "X": "dead",
}
_BAD = ("D", "Z")


def process_detail(model: NodeModel, row: TreeProcess) -> tuple[Section, ...]:
    """Return the process, its parents as far as they are looked at, its children."""
    process = row.process
    title = f"process {printable(process.name)} ({process.pid})"
    lines = tuple(
        Line(label, printable(text), bad)
        for label, text, bad in _process(model, row)
        if text
    )
    parts = [Section(title, lines)]
    parents = tuple(_parents(model, row))
    if parents:
        parts.append(Section("parents", table=_table(parents)))
    children = tuple(r for r in model.processes if r.process.ppid == process.pid)
    if children:
        parts.append(Section("children", table=_table(children)))
    return tuple(parts)


def _process(model: NodeModel, row: TreeProcess) -> Iterator[tuple[str, str, bool]]:
    """Yield what is known of the process itself."""
    process = row.process
    inner = process.inner_pid
    within = f", {inner} in its container" if inner not in (0, process.pid) else ""
    yield "pid", f"{process.pid}{within}", False
    command = " ".join(process.command)
    yield "command", command or f"[{process.name}]", False
    state = STATES.get(process.state, "")
    yield "state", f"{process.state} {state}".rstrip(), process.state in _BAD
    number = str(process.uid)
    named = process.user not in ("", number)
    yield "user", f"{process.user} ({number})" if named else number, False
    yield "age", age(row.age) if row.age else "", False
    yield "CPU", "" if row.cpu is None else f"{row.cpu:.1f} % of one core", False
    yield "memory", f"{memory(process.rss)} resident" if process.rss else "", False
    yield "threads", str(process.threads), False
    yield "container", row.container, False
    pod = model.pods_by_key.get(row.pod)
    yield str(pod.kind) if pod else "", pod.title if pod else "", False
    yield "netns", _netns(model, row), _strayed(model, row)


def _netns(model: NodeModel, row: TreeProcess) -> str:
    """Return the network namespace, with whose it is where it is not the pod's."""
    netns = row.process.netns
    if netns is None:
        return ""
    text = f"{netns}, the node's own" if netns == model.host else str(netns)
    return f"{text}; not its pod's" if _strayed(model, row) else text


def _strayed(model: NodeModel, row: TreeProcess) -> bool:
    """Claim that the process left the network of its pod."""
    pod = model.pods_by_key.get(row.pod)
    return bool(pod and pod.netns and row.process.netns not in (None, pod.netns))


def _parents(model: NodeModel, row: TreeProcess) -> Iterator[TreeProcess]:
    """Yield the parents that are known, the nearest first."""
    by_pid = {r.process.pid: r for r in model.processes}
    seen = {row.process.pid}
    parent = by_pid.get(row.process.ppid)
    while parent and parent.process.pid not in seen:
        seen.add(parent.process.pid)
        yield parent
        parent = by_pid.get(parent.process.ppid)


def _table(rows: tuple[TreeProcess, ...]) -> Table:
    """Return processes as a table."""
    cells = (
        (
            str(row.process.pid),
            row.process.state,
            printable(row.process.user),
            printable(" ".join(row.process.command) or f"[{row.process.name}]"),
        )
        for row in rows
    )
    bad = frozenset(n for n, row in enumerate(rows) if row.process.state in _BAD)
    heads = ("PID", "S", "USER", "COMMAND")
    return Table(heads, tuple(cells), frozenset({0}), bad)
