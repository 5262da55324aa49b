"""What is typed -> what a packet may be traced to, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.frozen import dataclass
from ocnetview.match.finder import Finder
from ocnetview.match.hits import Kind
from ocnetview.match.scraps import address_in
from ocnetview.model import NodeModel, Pod, PodKind

_KINDS = frozenset({Kind.POD, Kind.CONTAINER, Kind.ADDRESS, Kind.MAC})
NODE = "node"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a packet may be traced to; texts are untrusted."""

    kind: str
    text: str
    """What it is called."""
    of: str
    """What it is, or has."""
    target: str
    """What it is called where targets are named; without a port."""


def port_of(text: str) -> tuple[str, str]:
    """Return what is typed without its port, and `:PORT` or nothing."""
    text = text.strip()
    if address_in(text):
        return text, ""
    name, colon, port = text.rpartition(":")
    if not colon or (port and not port.isdecimal()):
        return text, ""
    return name.removeprefix("[").removesuffix("]"), f":{port}" if port else ""


def candidates(
    model: NodeModel, finder: Finder | None, text: str, source: str
) -> tuple[Candidate, ...]:
    """Return what the text may mean as a target; `source` is the sender's pod's key.

    The finder is of the same model; where nothing is typed none is needed.
    """
    scrap, _ = port_of(text)
    begin = model.pods_by_key.get(source)
    if not scrap:
        found = [*_pods(model, begin), *_node(source)]
    else:
        found = [*_addresses(scrap), *_hits(model, finder, scrap, source)]
        found += [one for one in _node(source) if NODE.startswith(scrap)]
        found += _services(scrap, begin)
    return tuple({one.target: one for one in reversed(found)}.values())[::-1]


def _pods(model: NodeModel, begin: Pod | None) -> list[Candidate]:
    """Return the pods of this node, those of the same namespace first."""
    own = begin.namespace if begin else ""
    others = (
        pod
        for pod in model.pods
        if pod is not begin and pod.kind is not PodKind.NETNS and pod.addresses
    )
    return [_pod(p) for p in sorted(others, key=lambda one: one.namespace != own)]


def _pod(pod: Pod) -> Candidate:
    return Candidate(str(pod.kind), pod.title, ", ".join(pod.addresses), pod.key)


def _node(source: str) -> Iterator[Candidate]:
    """Yield the node itself, where the packet is not its own."""
    if source:
        yield Candidate(NODE, "the node itself", "its port of the bridge", NODE)


def _addresses(scrap: str) -> Iterator[Candidate]:
    """Yield the address that is typed."""
    if address := address_in(scrap):
        yield Candidate("address", str(address), "as it is typed", str(address))


def _hits(
    model: NodeModel, finder: Finder | None, scrap: str, source: str
) -> Iterator[Candidate]:
    """Yield the pods that the text finds."""
    for hit in finder.search(scrap) if finder else ():
        pod = model.pods_by_key.get(hit.target.pod)
        if pod and hit.kind in _KINDS and pod.key != source and not address_in(scrap):
            yield _pod(pod)


def _services(scrap: str, begin: Pod | None) -> Iterator[Candidate]:
    """Yield the service that the text may name; the API knows."""
    namespace, slash, name = scrap.rpartition("/")
    namespace = namespace or (begin.namespace if begin and not slash else "")
    if name and namespace and not address_in(scrap):
        whole = f"{namespace}/{name}"
        yield Candidate("service", whole, "the API is asked for it", whole)
