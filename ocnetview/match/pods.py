"""Runtimes and API -> pods, and the containers that are in none, a row each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ocnetview.facts import (
    Container,
    KubeFacts,
    KubePod,
    NamespaceMode,
    Netns,
    Sample,
    Sandbox,
    SourceState,
)
from ocnetview.frozen import dataclass
from ocnetview.match.api import join_api
from ocnetview.match.groups import Group, Scope, gather, group
from ocnetview.match.joins import disputes, joins
from ocnetview.match.kept import KeptEach
from ocnetview.match.names import SHORT, running
from ocnetview.match.order import in_order
from ocnetview.match.statuses import api_status, container_status, runtime_status
from ocnetview.model import Pod, PodKind
from ocnetview.records import changed

# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_POD, _CONTAINER, _NODE = PodKind.POD, PodKind.CONTAINER, NamespaceMode.NODE


@dataclass(frozen=True, slots=True)
class _Api:
    """Who speaks for the API, and whether it still answers."""

    source: str = ""
    answers: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What belongs to one pod, and where its runtime is."""

    group: Group
    within: str

    @property
    def key(self) -> tuple[str, ...]:
        """Return what tells it from all others."""
        boxes = (box.id for box in self.group.sandboxes[:1])
        return (self.within, self.group.uid, *self.group.title, *boxes)


Rows = KeptEach[_Found, _Api, Pod]
"""Gives what belongs to a pod its row."""


def kept_rows() -> Rows:
    """Return what keeps pods' rows for `match_pods`, from one sample to the next."""
    return KeptEach(_pod, lambda found: found.key)


def match_pods(sample: Sample, kept: Rows | None = None) -> tuple[Pod, ...]:
    """Return every pod with its containers, and every container without one.

    No sandbox or container is lost or in two rows; the order of the input does not
    matter. Pods come first, then by title; those of an engine in a container come
    right below that. Interfaces are not joined yet, and nobody has an age.
    """
    api, told = _api(sample)
    scopes = gather(sample)
    grouped = {within: group(scope) for within, scope in scopes.items()}
    home, unknown = join_api({w: groups for w, (groups, _) in grouped.items()}, told)
    rows: list[Pod] = []
    founds: list[_Found] = []
    for within, (groups, plain) in sorted(grouped.items()):
        scope = scopes[within]
        strangers = scope.strangers() if plain else {}
        rows += [_container(c, scope, within, strangers.get(c.id)) for c in plain]
        founds += [_Found(found, within) for found in groups]
    founds += [_Found(_only_in_api(pod), home) for pod in unknown]
    pods = (kept or kept_rows())(founds, api)
    rows += (_absent(p) if p.engine == home and api.answers else p for p in pods)
    return in_order(rows)


def _api(sample: Sample) -> tuple[_Api, tuple[KubePod, ...]]:
    """Return who speaks for the API, and the pods that it knows."""
    # While a list is read again the last one stands; else all rows would change twice.
    heard = (SourceState.UP, SourceState.STALE)
    silent = {s.name for s in sample.sources if s.state not in heard}
    for name, facts in sorted(sample.facts.items()):
        if isinstance(facts, KubeFacts):
            return _Api(name, name not in silent), facts.pods
    return _Api(), ()


def _absent(pod: Pod) -> Pod:
    """Return the pod, with a trait where the API does not know it."""
    return pod if pod.api else changed(pod, traits=("not in the API", *pod.traits))


def _pod(where: _Found, api: _Api) -> Pod:
    """Return the row of a pod that a runtime has, or only the API."""
    found = where.group
    boxes = found.sandboxes
    if len(boxes) > 1:
        boxes = sorted(boxes, key=_liveliness, reverse=True)
    sandbox = boxes[0] if boxes else None
    containers, earlier = _runs(found, sandbox)
    if found.api and (api.answers or not sandbox):
        status = api_status(found.api)
    else:
        status = runtime_status(sandbox, _current(containers, sandbox))
    everyone = (*boxes[:1], *containers, *((found.api,) if found.api else ()))
    sources = (*sorted(found.sources), *((api.source,) if found.api else ()))
    return Pod(
        key=found.uid or (sandbox.id if sandbox else "/".join(found.title)),
        kind=_POD,
        name=found.name or (sandbox.id[:SHORT] if sandbox else ""),
        namespace=found.namespace,
        uid=(found.api.uid if found.api else "") or found.uid,
        containers=containers,
        earlier=earlier,
        sandbox=sandbox,
        attempts=tuple(boxes[1:]),
        api=found.api,
        netns=_netns(sandbox, containers),
        host_network=_host_network(found, sandbox, containers),
        status=status.word,
        ready=status.ready,
        expected=status.expected,
        restarts=status.restarts,
        sources=sources,
        joined=tuple(joins(found, sandbox)),
        engine=where.within,
        disputes=tuple(disputes(found, sandbox, containers, said=api.answers)),
        addresses=tuple(dict.fromkeys([a for one in everyone for a in one.addresses])),
        created=_created(found),
    )


def _liveliness(box: Sandbox) -> tuple[bool, float, int, str]:
    """Return what orders sandboxes: the newest ready one, else the newest, last."""
    return (box.ready, box.created, box.attempt, box.id)


def _runs(
    found: Group, sandbox: Sandbox | None
) -> tuple[tuple[Container, ...], tuple[Container, ...]]:
    """Return the run that stands for each container, and its earlier runs.

    Two that run at once under one name are no runs of the same: both stand.
    """
    live = sandbox.id if sandbox else ""
    by_name: dict[str, list[Container]] = {}
    for container in found.containers:
        by_name.setdefault(found.names[container.id], []).append(container)
    stand: list[Container] = []
    earlier: list[Container] = []
    for name in sorted(by_name):
        runs = by_name[name]
        if len(runs) > 1:
            runs.sort(
                key=lambda c: (
                    running(c),
                    c.sandbox_id == live,
                    c.created,
                    c.attempt,
                    c.id,
                ),
                reverse=True,
            )
        stand.append(runs[0])
        for other in runs[1:]:
            (stand if running(other) else earlier).append(other)
    earlier.sort(key=lambda c: (c.created, c.id), reverse=True)
    return tuple(stand), tuple(earlier)


def _current(
    containers: Sequence[Container], sandbox: Sandbox | None
) -> Sequence[Container]:
    """Return the containers without those of a sandbox that is not the live one."""
    if sandbox is None:
        return containers
    return [c for c in containers if c.sandbox_id in ("", sandbox.id)]


def _netns(sandbox: Sandbox | None, containers: Iterable[Container]) -> Netns | None:
    """Return a pod's namespace: its sandbox's, else the one most containers are in.

    A container may leave it (unshare), which does not move the pod.
    """
    if sandbox and sandbox.netns:
        return sandbox.netns
    inside = Counter(c.netns for c in containers if c.netns)
    return inside.most_common(1)[0][0] if inside else None


def _host_network(
    found: Group, sandbox: Sandbox | None, containers: Iterable[Container]
) -> bool:
    """Claim that somebody says that the pod uses the node's own network."""
    return (
        bool(sandbox and sandbox.network is _NODE)
        or bool(found.api and found.api.host_network)
        or "host" in [c.network_mode for c in containers]
    )


def _created(found: Group) -> float:
    """Return when a pod was made: the API's word, else when its first part was."""
    if found.api and found.api.created:
        return found.api.created
    parts: list[Sandbox | Container] = [*found.sandboxes, *found.containers]
    return min([one.created for one in parts if one.created], default=0.0)


def _only_in_api(pod: KubePod) -> Group:
    """Return a pod that no runtime has: Pending, or its runtime is down."""
    return Group(pod.uid, pod.namespace, pod.name, api=pod)


def _container(
    container: Container, scope: Scope, within: str, of: Sandbox | None
) -> Pod:
    """Return the row of a container that belongs to no pod, be it labelled `of` one."""
    told = (
        f"its labels put it into pod {of.namespace}/{of.name}, but the pod's runtime,"
        f" {of.runtime}, does not know it"
        if of
        else ""
    )
    status = container_status(container)
    return Pod(
        key=container.id,
        kind=_CONTAINER,
        name=container.name or container.id[:SHORT],
        containers=(container,),
        netns=container.netns,
        host_network=container.network_mode == "host",
        status=status.word,
        ready=status.ready,
        expected=status.expected,
        restarts=status.restarts,
        sources=tuple(sorted(scope.sources[container.id])),
        engine=within,
        disputes=(told,) if told else (),
        addresses=container.addresses,
        created=container.created,
    )
