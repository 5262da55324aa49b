"""The reports as text tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ocnetview.columns import (
    POD_COLUMNS,
    PORT_COLUMNS,
    PROCESS_COLUMNS,
    Column,
    Row,
)
from ocnetview.facts import Source
from ocnetview.match.branches import branches_of
from ocnetview.match.forest import with_threads
from ocnetview.match.paths import astray, network_of
from ocnetview.match.trees import draw_trees
from ocnetview.model import Evidence, NodeModel, Pod, Port
from ocnetview.units import age, printable, quantity

if TYPE_CHECKING:
    from ocnetview.match.who import Answer

GAP = "  "
BRIDGE: Column[Port] = Column(
    "bridge", "BRIDGE", 15, lambda p: p.bridge, lambda p: printable(p.bridge)
)
IFINDEX: Column[Port] = Column(
    "ifindex",
    "IFINDEX",
    7,
    lambda p: p.link.ifindex if p.link else None,
    lambda p: str(p.link.ifindex) if p.link else "-",
    right=True,
)
TOTALS: tuple[Column[Port], ...] = (
    Column(
        "rx_bytes",
        "RX BYTES",
        8,
        lambda p: p.counters.rx_bytes if p.counters else None,
        lambda p: quantity(p.counters.rx_bytes) if p.counters else "-",
        right=True,
    ),
    Column(
        "tx_bytes",
        "TX BYTES",
        8,
        lambda p: p.counters.tx_bytes if p.counters else None,
        lambda p: quantity(p.counters.tx_bytes) if p.counters else "-",
        right=True,
    ),
)


def table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]
) -> str:
    """Return lines with aligned cells, the titles first, as wide as they need."""
    lines = [titles, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(titles))]
    return "".join(
        GAP.join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )


def rows_table(columns: Iterable[Column[Row]], rows: Iterable[Row]) -> str:
    """Return rows as a table; what needs two samples is left out."""
    shown = [column for column in columns if not column.live]
    return table(
        [column.title for column in shown],
        [[column.text(row) for column in shown] for row in rows],
        [column.right for column in shown],
    )


def ports_text(ports: Iterable[Port]) -> str:
    """Return the ports of all bridges as a table."""
    first, *others = PORT_COLUMNS
    name, *rest = others
    return rows_table([BRIDGE, first, name, IFINDEX, *rest, *TOTALS], ports)


def pods_text(pods: Iterable[Pod]) -> str:
    """Return the pods as a table."""
    return rows_table(POD_COLUMNS, pods)


def tree_text(model: NodeModel, *, whole: bool = False) -> str:
    """Return the trees as a table; threads that were read below their processes.

    That of the whole node has its pods and containers as branches.
    """
    branches = branches_of(model.processes, model.pods_by_key) if whole else ()
    rows = draw_trees((*branches, *with_threads(model.processes)))
    return rows_table(PROCESS_COLUMNS, rows)


def sources_text(sources: Iterable[Source]) -> str:
    """Return what was tried, what answered, and why the rest did not."""
    rows = [
        [
            printable(s.name),
            str(s.state),
            printable(s.how) or "-",
            "-" if s.age is None else age(s.age),
            str(s.resyncs),
            printable(s.where),
            printable(s.reason) or "-",
        ]
        for s in sources
    ]
    titles = ["SOURCE", "STATE", "FRESH BY", "AGE", "RESYNCS", "WHERE", "WHY"]
    return table(titles, rows, [title in ("AGE", "RESYNCS") for title in titles])


def answers_text(answers: Iterable[Answer], scrap: str, model: NodeModel) -> str:
    """Return each answer with its path, what proves it, and what is wrong."""
    blocks = []
    for answer in answers:
        lines = [f"{printable(scrap)} is {_subject(answer)}"]
        path = answer.path(model)
        if path:
            lines.append("  path      " + " -> ".join(path))
        strayed = astray(answer.pod, answer.process, answer.container)
        network = network_of(model, strayed) if strayed else answer.pod
        interface = answer.interface or (network.main if network else None)
        if interface and interface.proof:
            lines += [_evidence(evidence) for evidence in interface.evidence]
        elif network and network.reason:
            lines.append(f"  no veth   {printable(network.reason)}")
        if answer.pod:
            lines += [f"  ≠         {printable(text)}" for text in answer.pod.disputes]
        if answer.port and answer.port.error:
            lines.append(f"  error     {printable(answer.port.error)}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _evidence(evidence: Evidence) -> str:
    """Return a piece of evidence; one that leads elsewhere says where."""
    said = f"{evidence.kind}: {printable(evidence.detail)}"
    if evidence.agrees:
        return f"  evidence  {said}"
    return f"  ≠         {printable(evidence.says)} by {said}"


def _subject(answer: Answer) -> str:
    """Return in words what a scrap is, and of what."""
    owner = f"{answer.pod.kind} {printable(answer.pod.title)}" if answer.pod else ""
    if answer.process:
        whose = f", in {owner}" if owner else ""
        return f"the {answer.what} of {printable(answer.process.process.name)}{whose}"
    if answer.of:
        whose = f", in {owner}" if owner else ""
        if answer.pod and answer.link and answer.of == answer.link.name:
            whose = f", the host's end of {owner}"
        return f"the {answer.what} of {printable(answer.of)}{whose}"
    if owner and answer.container:
        return f"the {answer.what} of a container of {owner}"
    if answer.port:
        state = f" ({answer.port.state})" if answer.port.state else ""
        return f"a port of {printable(answer.port.bridge)}{printable(state)}"
    return f"the {answer.what} of {owner}" if owner else f"a {answer.what}"
