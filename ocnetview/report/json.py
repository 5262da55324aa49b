"""The reports as JSON: one shape, named and versioned by `schema`.

Every document has `schema`, `command`, `at` (seconds since the epoch), `sources`,
and its rows under a name of their own. Within `ocnetview/1` keys may be added, none
is removed or changes its meaning. Unknown is null, never left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from ocnetview.columns import Json
from ocnetview.details.json_pods import (
    container_json,
    interface_json,
    link_json,
    pod_json,
)
from ocnetview.details.json_rows import port_json, process_json
from ocnetview.facts import Source
from ocnetview.match.branches import branches_of, place_of
from ocnetview.match.trees import draw_trees
from ocnetview.model import Bridge, NodeModel, Pod, Port, Problem, TreeProcess

if TYPE_CHECKING:
    from ocnetview.match.who import Answer

SCHEMA = "ocnetview/1"
Rows = Mapping[str, Json | Iterator[Json]]
"""What a document holds; of many rows each is made when it is written."""
_TOGETHER = 64
"""So many rows are written at once: a reader is not woken for each."""
_text = json.JSONEncoder(check_circular=False).encode
"""Gives one value's JSON; they are made here, and none holds itself."""


def document(model: NodeModel, command: str, rows: Rows) -> Iterator[str]:
    """Yield a whole document as text, each row in a line of its own.

    The encoder that can indent is not that in C, and takes four times as long. All
    the text at once would be megabytes, copied again and again.
    """
    whole: dict[str, Json | Iterator[Json]] = {
        "schema": SCHEMA,
        "command": command,
        "at": round(model.at, 3),
        "sources": [source_json(source) for source in model.sources],
        **rows,
    }
    before = "{"
    for key, value in whole.items():
        yield f"{before}\n  {_text(key)}: "
        yield from _laid(value)
        before = ","
    yield "\n}\n"


def _laid(value: Json | Iterator[Json]) -> Iterator[str]:
    """Yield a value as JSON, the items of a list below each other."""
    if not isinstance(value, (list, Iterator)):
        yield _text(value)
        return
    texts = map(_text, value)
    before = "["
    while some := list(islice(texts, _TOGETHER)):
        yield f"{before}\n    " + ",\n    ".join(some)
        before = ","
    yield "[]" if before == "[" else "\n  ]"


def ports_json(ports: Sequence[Port], model: NodeModel) -> Rows:
    """Return what a document about these ports holds."""
    others = model.ports_by_key.keys() - {port.key for port in ports}
    problems = (p for p in model.problems if p.subject not in others)
    return {
        "ovs_version": model.ovs_version or None,
        "bridges": [bridge_json(bridge) for bridge in model.bridges],
        "ports": map(port_json, ports),
        "problems": [problem_json(problem) for problem in problems],
    }


def pods_json(pods: Iterable[Pod], _: NodeModel) -> Rows:
    """Return what a document about pods holds."""
    return {"pods": map(pod_json, pods)}


def one_pod_json(pod: Pod, _: NodeModel) -> Mapping[str, Json]:
    """Return what a document about one pod holds."""
    return {"pod": pod_json(pod)}


def tree_json(model: NodeModel, *, whole: bool = False) -> Mapping[str, Json]:
    """Return what a document about processes holds; of the node also its branches."""
    rows = {"processes": [process_json(row) for row in model.processes]}
    if not whole:
        return rows
    branches = branches_of(model.processes, model.pods_by_key)
    drawn = draw_trees((*branches, *model.processes))
    return {"branches": [branch_json(row) for row in drawn if row.branch], **rows}


def answers_json(answers: Iterable[Answer], model: NodeModel) -> Mapping[str, Json]:
    """Return what a document about a scrap holds."""
    return {"answers": [answer_json(answer, model) for answer in answers]}


def source_json(source: Source) -> Json:
    """Return a source's health."""
    return {
        "name": source.name,
        "state": source.state,
        "where": source.where,
        "reason": source.reason,
        "how": source.how,
        "age": source.age,
        "resyncs": source.resyncs,
    }


def problem_json(problem: Problem) -> Json:
    """Return one thing that is wrong."""
    return {"check": problem.check, "subject": problem.subject, "text": problem.text}


def bridge_json(bridge: Bridge) -> Json:
    """Return a bridge; its ports stand in a list of their own."""
    return {
        "name": bridge.name,
        "kind": bridge.kind,
        "ports": len(bridge.ports),
        "link": link_json(bridge.link) if bridge.link else None,
        "datapath_type": bridge.datapath_type or None,
        "fail_mode": bridge.fail_mode or None,
        "protocols": list(bridge.protocols),
        "external_ids": dict(bridge.external_ids),
    }


def branch_json(row: TreeProcess) -> Json:
    """Return a branch of the node's tree, with the sums of what is below it."""
    branch, below = row.branch, row.below
    if branch is None or below is None:
        return None
    pod, container = place_of(row)
    return {
        "kind": branch.kind,
        "title": branch.title,
        "pod": pod or None,
        "container_id": container or None,
        "processes": below.processes,
        "rss": below.rss,
    }


def answer_json(answer: Answer, model: NodeModel) -> Json:
    """Return what answers to a scrap, with everything that belongs to it."""
    return {
        "what": answer.what,
        "path": answer.path(model),
        "pod": pod_json(answer.pod) if answer.pod else None,
        "container": container_json(answer.container) if answer.container else None,
        "process": process_json(answer.process) if answer.process else None,
        "netns": answer.netns.ino if answer.netns else None,
        "interface": interface_json(answer.interface) if answer.interface else None,
        "link": link_json(answer.link) if answer.link else None,
        "port": port_json(answer.port) if answer.port else None,
    }
