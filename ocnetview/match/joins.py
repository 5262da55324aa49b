"""How a pod's parts are known to be one, and where its sources contradict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ocnetview.facts import Container, Sandbox
from ocnetview.match.groups import Group
from ocnetview.match.names import SHORT, running


def joins(found: Group, sandbox: Sandbox | None) -> Iterator[str]:
    """Yield how the parts are known to be one pod."""
    if found.by_sandbox and sandbox:
        word = "containers name" if found.by_sandbox > 1 else "container names"
        its = "its sandboxes" if len(found.sandboxes) > 1 else "its sandbox"
        yield f"{found.by_sandbox} {word} {its} {sandbox.id[:SHORT]}"
    if found.by_label:
        word = "containers have" if found.by_label > 1 else "container has"
        yield f"{found.by_label} {word} the pod's uid, namespace and name on labels"
    if len(found.sandboxes) > 1:
        yield f"{len(found.sandboxes)} sandboxes have its uid, namespace and name"
    if found.api and found.api_by:
        yield f"the API's pod has {found.api_by}"


def disputes(
    found: Group,
    sandbox: Sandbox | None,
    containers: Sequence[Container],
    *,
    said: bool,
) -> Iterator[str]:
    """Yield where the sources contradict each other."""
    for container in found.misnamed:
        yield f"the labels of container {container[:SHORT]} name another pod"
    runtimes = {box.runtime for box in found.sandboxes if box.ready}
    if len(runtimes) > 1:
        both = " and ".join(sorted(runtimes))
        yield f"{both} each have a sandbox of it that is ready"
    yield from _strayed(found, sandbox, containers)
    # One stands for all runs of its name, unless several of them run.
    names = [found.names[c.id] for c in containers]
    if len(set(names)) < len(names):
        for name, count in sorted(Counter(names).items()):
            if count > 1:
                yield f"{count} containers run as {name}"
    if found.api is None:
        return
    if (found.api.namespace, found.api.name) != found.title:
        yield f"the API names it {found.api.namespace}/{found.api.name}"
    ended = sandbox and not sandbox.ready and found.api.phase == "Running"
    if ended and said and not found.api.deleting:
        yield "the API says Running, but its sandbox has ended"


def _strayed(
    found: Group, sandbox: Sandbox | None, containers: Sequence[Container]
) -> Iterator[str]:
    """Yield which containers run in another namespace than their sandbox."""
    here = sandbox.netns if sandbox else None
    if sandbox is None or here is None:
        return
    for one in containers:
        its = running(one) and one.sandbox_id in ("", sandbox.id)
        if its and one.netns not in (None, here):
            name = found.names[one.id] or one.id[:SHORT]
            yield f"container {name} is in {one.netns}, the pod in {here}"
