"""Pods and bridges -> pods with interfaces, each with its counterpart and port."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ocnetview.facts import CniFacts, LinkFacts, Netns
from ocnetview.frozen import dataclass
from ocnetview.match import claims_cni, claims_ovs, derived, disputes
from ocnetview.match.claims import Claim, by_pod, identify
from ocnetview.match.counterparts import Homes, settle
from ocnetview.match.interfaces import (
    Surroundings,
    claimants,
    with_interfaces,
)
from ocnetview.match.kernel import Kernel, index
from ocnetview.match.networks import networks_of
from ocnetview.match.roles import TUNNEL_TYPES
from ocnetview.match.traced import TracedEach
from ocnetview.model import Bridge, Pod, PodKind, Port
from ocnetview.records import changed

# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_POD = PodKind.POD
Interfaces = TracedEach[Pod, Surroundings, Pod]
"""Gives pods their interfaces."""


@dataclass(frozen=True, slots=True)
class Wired:
    """Pods joined with all that is said of their interfaces."""

    pods: tuple[Pod, ...]
    rows: tuple[claims_ovs.RowClaim, ...]
    """What each row of Open vSwitch says of the pod behind it."""


def kept_interfaces() -> Interfaces:
    """Return what keeps pods' interfaces for `wire`, from one sample to the next."""
    return TracedEach(with_interfaces, lambda pod: pod.key)


def wire(
    pods: tuple[Pod, ...],
    bridges: tuple[Bridge, ...],
    facts: LinkFacts | None,
    cache: Iterable[CniFacts],
    interfaces: Interfaces,
) -> Wired:
    """Return the pods with their interfaces; `facts` is None without the kernel."""
    engines = {pod.engine for pod in pods}
    nodes = {pod.netns for pod in pods if pod.key in engines}
    homes = settle(pods, index(facts, nodes))
    known = identify(pods)
    rows = claims_ovs.claim_rows(bridges, known)
    results = claims_cni.results(pods, cache, known)
    around = _surroundings(pods, bridges, homes, rows, results)
    told = disputes.about_rows(rows, pods, homes)
    joined = tuple(
        changed(pod, disputes=(*pod.disputes, *told[pod.key]))
        if pod.key in told
        else pod
        for pod in interfaces(pods, around)
    )
    return Wired(joined, rows)


def _surroundings(
    pods: tuple[Pod, ...],
    bridges: tuple[Bridge, ...],
    homes: Homes,
    rows: tuple[claims_ovs.RowClaim, ...],
    results: tuple[claims_cni.Result, ...],
) -> Surroundings:
    """Return what is said of pods and links, keyed."""
    where = {pod.key: homes.home(pod) for pod in pods}
    said = _claims(pods, rows, results, where, homes.kernel)
    ports = [port for bridge in bridges for port in bridge.ports]
    moved = {p.name: p for p in ports if p.type in ("internal", "tap") and not p.link}
    links = homes.kernel.links.values()
    return Surroundings(
        homes=homes,
        claims=by_pod(said),
        claimants=claimants(said, where),
        ports={p.link.ifindex: p.key for p in ports if p.link and _carries(p)},
        inside=claims_cni.inside(results),
        moved=moved,
        moved_names=Counter(link.name for link in links if link.name in moved),
    )


def _carries(port: Port) -> bool:
    """Claim that a port's link carries it alone: tunnels share theirs."""
    return port.type not in TUNNEL_TYPES


def _claims(
    pods: tuple[Pod, ...],
    rows: tuple[claims_ovs.RowClaim, ...],
    results: Iterable[claims_cni.Result],
    where: Mapping[str, Netns | None],
    kernel: Kernel,
) -> list[Claim]:
    """Return everything that is said of pods' links, but by the kernel."""
    said = list(claims_ovs.claims(rows))
    said += claims_ovs.claims_by_address(rows, pods, kernel)
    said += claims_cni.claims(results, kernel, where)
    homely = {where[pod.key] for pod in pods if pod.kind is _POD}
    links = kernel.links.values() if homely else ()
    names = derived.index(link for link in links if link.netns in homely)
    for pod in pods:
        named = networks_of(pod)
        if named:
            said += claims_cni.representors(pod, named)
        home = where[pod.key]
        if home is not None and home in names:
            said += derived.claims(pod, names[home])
    return said
