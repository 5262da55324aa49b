"""Network namespaces that no container is known to use -> rows of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ocnetview.facts import (
    CniFacts,
    CniResult,
    LinkFacts,
    NamespaceLinks,
    Netns,
    ProcessFacts,
    Sample,
    Sandbox,
    SourceKind,
    SourceState,
)
from ocnetview.frozen import dataclass
from ocnetview.match.names import SHORT
from ocnetview.match.traced import TracedEach
from ocnetview.model import Pod, PodKind
from ocnetview.records import changed

_FALLBACKS = frozenset(
    {
        "lo",
        "tunl0",
        "gre0",
        "gretap0",
        "erspan0",
        "ip_vti0",
        "ip6_vti0",
        "sit0",
        "ip6tnl0",
        "ip6gre0",
    }
)
"""Links that the kernel makes in every new namespace, as modules are loaded."""
_NETNS = PodKind.NETNS


@dataclass(frozen=True, slots=True)
class _Told:
    """What others say of namespaces."""

    results: Mapping[str, CniResult]
    """CNI's notes, by the pins that they name."""
    titles: Mapping[str, str]
    """Those of the pods, by the ids of their sandboxes."""
    names: Mapping[int, str]
    """Those of processes, by pid."""


Rows = TracedEach[NamespaceLinks, _Told, Pod]
"""Gives namespaces their rows."""


def kept_rows() -> Rows:
    """Return what keeps the rows for `match_namespaces`, from one time to the next."""
    return TracedEach(_row, lambda inside: inside.netns)


def match_namespaces(
    facts: LinkFacts,
    pods: Sequence[Pod],
    cache: Iterable[CniFacts],
    names: Mapping[int, str],
    kept: Rows | None = None,
) -> tuple[Pod, ...]:
    """Return a row for each namespace without a container that is worth one.

    That is every pinned one, and each that has a link which somebody made in it; a
    service's empty namespace (systemd's PrivateNetwork) is of no interest. `names`
    are those of processes, by pid.
    """
    known = {facts.host, *_used(pods)}
    linked = {link.peer_netns for link in facts.links}
    titles = {box.id: pod.title for pod in pods for box in _boxes(pod)}
    worth = [
        inside
        for inside in facts.namespaces
        if inside.netns not in known
        and (inside.pins or _peopled(inside) or inside.netns in linked)
    ]
    rows = (kept or kept_rows())(worth, _Told(_results(cache), titles, names))
    return tuple(sorted(rows, key=lambda row: (row.name, row.key)))


def _used(pods: Iterable[Pod]) -> Iterator[Netns]:
    """Yield every namespace that a sandbox or container is known to be in."""
    for pod in pods:
        spaces = [pod.netns, *(box.netns for box in _boxes(pod))]
        spaces += [c.netns for c in (*pod.containers, *pod.earlier)]
        yield from (netns for netns in spaces if netns)


def _boxes(pod: Pod) -> tuple[Sandbox, ...]:
    """Return a pod's sandboxes, the live one first."""
    return (pod.sandbox, *pod.attempts) if pod.sandbox else ()


def _peopled(inside: NamespaceLinks) -> bool:
    """Claim that it has a link that the kernel has not made by itself."""
    return not _FALLBACKS.issuperset([link.name for link in inside.links or ()])


def _results(cache: Iterable[CniFacts]) -> Mapping[str, CniResult]:
    """Return CNI's notes by the pins that they name."""
    return {
        _real(interface.netns_path): result
        for said in cache
        for result in said.results
        for interface in result.interfaces
        if interface.netns_path
    }


def _real(path: str) -> str:
    """Return a pin's path below /run, which /var/run is a link to."""
    return path.removeprefix("/var") if path.startswith("/var/run/") else path


def _row(inside: NamespaceLinks, told: _Told) -> Pod:
    """Return the row of a namespace, and whose CNI says that it was."""
    pins = sorted(map(_real, inside.pins))
    noted = next((told.results[pin] for pin in pins if pin in told.results), None)
    row = Pod(
        key=str(inside.netns),
        kind=_NETNS,
        name=_name(inside, told.names),
        netns=inside.netns,
        status="pinned" if inside.pins else "",
        sources=("cni", "rtnetlink") if noted else ("rtnetlink",),
    )
    if noted is None:
        return row
    owner = f"made for sandbox {noted.container_id[:SHORT]}"
    title = told.titles.get(noted.container_id)
    owner += f" of {title}" if title else ""
    said = f"{noted.path} names it, network {noted.network}"
    return changed(row, traits=(owner,), joined=(said,))


def _name(inside: NamespaceLinks, names: Mapping[int, str]) -> str:
    """Return what leads to a namespace: a pin, a holder, a process, its number."""
    if inside.pins or inside.holders:
        return min(inside.pins or inside.holders)
    if not inside.pids:
        return str(inside.netns)
    pid = min(inside.pids)
    named = f"{names[pid]} ({pid})" if pid in names else f"pid {pid}"
    return f"{inside.netns} of {named}"


def names_of(
    namespaces: Iterable[NamespaceLinks], processes: Iterable[ProcessFacts]
) -> Mapping[int, str]:
    """Return the names of those processes that a namespace is called after, by pid."""
    wanted = {
        min(inside.pids)
        for inside in namespaces
        if inside.pids and not (inside.pins or inside.holders)
    }
    return {
        process.pid: process.name
        for said in processes
        for process in said.processes
        if process.pid in wanted
    }


def doubt_of(sample: Sample) -> str:
    """Return why a namespace's row may be a container's; empty where it cannot be.

    Nobody can tell whose a namespace is as long as a runtime is not heard.
    """
    runtimes = [s for s in sample.sources if s.kind is SourceKind.CONTAINERS]
    silent = [s.name for s in runtimes if s.state is SourceState.DOWN]
    if silent:
        return f"{', '.join(silent)} not heard: it may be of a container there"
    if not sample.engines:
        return "no runtime was heard: whose it is cannot be told"
    return ""


def doubted(pod: Pod, doubt: str) -> Pod:
    """Return a namespace's row with the doubt whose it is; any other as it is."""
    if not doubt or pod.kind is not _NETNS:
        return pod
    return changed(pod, reason=f"{doubt}; {pod.reason}" if pod.reason else doubt)
