"""Notes of CNI plugins about sandboxes that are no more."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.facts import CniResult, SourceKind, SourceState
from ocnetview.model import NodeModel, Problem

_SETTLED_SECONDS = 60.0
"""A runtime lists a sandbox only some time after CNI has wired it."""


def leftover_results(model: NodeModel) -> Iterator[Problem]:
    """Report CNI results whose sandbox no runtime knows: its deletion went wrong.

    Only where every runtime of the node answers and one of them has sandboxes: else
    the sandbox may be one that was not heard of.
    """
    if not model.results:
        return
    runtimes = [s for s in model.sources if s.kind is SourceKind.CONTAINERS]
    silent = (SourceState.DOWN, SourceState.WAITING)
    listed = [pod for pod in model.pods if pod.sandbox and not pod.engine]
    if not listed or any(source.state in silent for source in runtimes):
        return
    known = {
        one.id for pod in model.pods for one in (*pod.members, *pod.attempts) if one
    }
    inhabited = {_name(pin) for n in model.namespaces if n.pids for pin in n.pins}
    for result in model.results:
        settled = model.at - result.written > _SETTLED_SECONDS
        lives = any(_name(i.netns_path) in inhabited for i in result.interfaces)
        if settled and not lives and result.container_id not in known:
            yield Problem("leftover-result", result.path, _text(result))


def _name(path: str) -> str:
    """Return a pin's own name: /run and /var/run lead to the same."""
    return path.rpartition("/")[2]


def _text(result: CniResult) -> str:
    """Return what the file is about, and who does not know of it."""
    pod = f" of {result.pod}" if result.pod else ""
    whose = f"{result.container_id[:13]}{pod}"
    return f"CNI result of {result.ifname} for sandbox {whose}, which no runtime knows"
