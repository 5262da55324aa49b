"""Ports and processes as JSON: what stands in a row, and what belongs to it."""

from __future__ import annotations

from ocnetview.columns import PORT_COLUMNS, PROCESS_COLUMNS, Json
from ocnetview.details.json_pods import columns_json, link_json
from ocnetview.facts import OvsInterface, Thread
from ocnetview.model import Port, TreeProcess


def port_json(port: Port) -> Json:
    """Return a port with its link on the host and the pod behind it."""
    return {
        **columns_json(PORT_COLUMNS, port),
        "key": port.key,
        "bridge": port.bridge,
        "datapath": port.datapath,
        "role": port.role,
        "pod": port.pod or None,
        "ifindex": port.link.ifindex if port.link else None,
        "link": link_json(port.link) if port.link else None,
        "counters": dict(port.counters._asdict()) if port.counters else None,
        "trunks": port.trunks,
        "ovs": _ovs(port.ovs),
    }


def _ovs(row: OvsInterface | None) -> Json:
    """Return what OVSDB's Interface row says beyond the port's own keys."""
    if row is None:
        return None
    return {
        "ifindex": row.ifindex,
        "mac": row.mac or None,
        "mtu": row.mtu,
        "admin_state": row.admin_state or None,
        "link_state": row.link_state or None,
        "external_ids": dict(row.external_ids),
        "options": dict(row.options),
    }


def process_json(row: TreeProcess) -> Json:
    """Return a process at its place in the tree."""
    process = row.process
    return {
        **columns_json(PROCESS_COLUMNS, row),
        "ppid": process.ppid,
        "start_time": process.start_time,
        "name": process.name,
        "argv": process.command,
        "uid": process.uid,
        "threads": process.threads,
        "tasks": [thread_json(thread) for thread in process.tasks] or None,
        "wchan": process.wchan or None,
        "note": row.note,
        "cpu_ticks": process.cpu_ticks,
        "depth": row.depth,
        "container_id": process.container_id or None,
        "pod": row.pod or None,
    }


def thread_json(thread: Thread) -> Json:
    """Return a thread."""
    return {
        "tid": thread.tid,
        "name": thread.name,
        "state": thread.state,
        "start_time": thread.start_time,
        "cpu_ticks": thread.cpu_ticks,
    }
