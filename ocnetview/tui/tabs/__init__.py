"""The tabs of the detail; a new one is a line here."""

from __future__ import annotations

from textual.content import Content

from ocnetview.details.evidence import evidence_detail
from ocnetview.details.hops import Hop
from ocnetview.details.path import way_out
from ocnetview.details.port import port_detail
from ocnetview.details.process import process_detail
from ocnetview.facts.inside import Inside
from ocnetview.model import NodeModel
from ocnetview.tui.selection import PaneId
from ocnetview.tui.tabs.sections import sections_content
from ocnetview.tui.tabs.subject import Subject
from ocnetview.tui.tabs.tab import Tab
from ocnetview.tui.tabs.way import way_content

__all__ = ["TABS", "Subject", "Tab", "hops_of", "offered"]


def hops_of(model: NodeModel, subject: Subject) -> tuple[Hop, ...]:
    """Return the way from the subject outwards."""
    port, process = subject.port(model), subject.process(model)
    return way_out(model, pod=subject.pod(model), port=port, process=process)


def _path(model: NodeModel, subject: Subject, width: int) -> Content:
    """Draw the way."""
    return way_content(hops_of(model, subject), width)


def _port(model: NodeModel, subject: Subject, width: int) -> Content:
    """Draw all that is known of the port."""
    port = subject.port(model)
    return sections_content(port_detail(model, port) if port else (), width)


def _process(model: NodeModel, subject: Subject, width: int) -> Content:
    """Draw what is known of the process."""
    row = subject.process(model)
    return sections_content(process_detail(model, row) if row else (), width)


def _evidence(model: NodeModel, subject: Subject, width: int) -> Content:
    """Draw how each part of the pod is known."""
    pod = subject.pod(model)
    return sections_content(evidence_detail(model, pod) if pod else (), width)


def _always(_: NodeModel, __: Subject) -> bool:
    """Claim that it makes sense of anything."""
    return True


def _is_port(_: NodeModel, subject: Subject) -> bool:
    """Claim that it is about a port."""
    return subject.pane is PaneId.PORTS


def _is_process(_: NodeModel, subject: Subject) -> bool:
    """Claim that it is about a process."""
    return subject.pane is PaneId.PROCESSES


def _has_pod(model: NodeModel, subject: Subject) -> bool:
    """Claim that there is a pod to know something of."""
    return subject.pod(model) is not None


def _has_netns(model: NodeModel, subject: Subject) -> bool:
    """Claim that there is a namespace to look into."""
    target = subject.target(model)
    return target is not None and target.netns is not None


def _runs(model: NodeModel, subject: Subject) -> bool:
    """Claim that a process runs there, whose files can be read."""
    target = subject.target(model)
    return target is not None and target.pid is not None


def _has_addresses(model: NodeModel, subject: Subject) -> bool:
    """Claim that there are addresses that flows may have."""
    target = subject.target(model)
    return target is not None and bool(target.addresses)


def _has_containers(model: NodeModel, subject: Subject) -> bool:
    """Claim that there are containers."""
    target = subject.target(model)
    return target is not None and bool(target.containers)


TABS = (
    Tab("path", "Path", "Path", _always, _path),
    Tab("port", "Port", "Port", _is_port, _port),
    Tab("process", "Process", "Proc", _is_process, _process, asks=Inside.LIMITS),
    Tab("evidence", "Evidence", "Evid", _has_pod, _evidence),
    Tab("interfaces", "Interfaces", "Ifaces", _has_netns, asks=Inside.INTERFACES),
    Tab("routes", "Routes", "Routes", _has_netns, asks=Inside.ROUTES),
    Tab("neighbours", "Neighbours", "Neigh", _has_netns, asks=Inside.NEIGHBOURS),
    Tab("dns", "DNS", "DNS", _runs, asks=Inside.DNS),
    Tab("sockets", "Sockets", "Sockets", _has_netns, asks=Inside.SOCKETS),
    Tab("conntrack", "Conntrack", "Conntr", _has_addresses, asks=Inside.CONNTRACK),
    Tab(
        "containers",
        "Containers",
        "Contain",
        _has_containers,
        asks=Inside.CONTAINERS,
        hides=Inside.ENVIRONMENT,
    ),
)


def offered(model: NodeModel, subject: Subject) -> tuple[Tab, ...]:
    """Return the tabs that make sense for the subject."""
    return tuple(tab for tab in TABS if tab.can(model, subject))
