"""Pods and bridges -> pods with interfaces, each with its counterpart and port."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ocnetview.facts import CniFacts, LinkFacts
from ocnetview.match import claims_cni, claims_ovs, derived, disputes
from ocnetview.match.claims import Claim, by_pod, identify
from ocnetview.match.counterparts import Homes, settle
from ocnetview.match.interfaces import (
    Surroundings,
    claimants,
    networks_of,
    with_interfaces,
)
from ocnetview.match.kernel import index
from ocnetview.match.roles import TUNNEL_TYPES
from ocnetview.model import Bridge, Pod, Port


@dataclass(frozen=True, slots=True)
class Wired:
    """Pods joined with all that is said of their interfaces."""

    pods: tuple[Pod, ...]
    rows: tuple[claims_ovs.RowClaim, ...]
    """What each row of Open vSwitch says of the pod behind it."""


def wire(
    pods: Iterable[Pod],
    bridges: Iterable[Bridge],
    facts: LinkFacts | None,
    cache: Iterable[CniFacts] = (),
) -> Wired:
    """Return the pods with their interfaces; `facts` is None without the kernel."""
    kernel = index(facts)
    pods, bridges = tuple(pods), tuple(bridges)
    homes = settle(pods, kernel)
    known = identify(pods)
    rows = claims_ovs.claim_rows(bridges, known)
    results = claims_cni.results(pods, cache, known)
    said = _claims(pods, rows, results, homes)
    ports = [port for bridge in bridges for port in bridge.ports]
    moved = {p.name: p for p in ports if p.type in ("internal", "tap") and not p.link}
    around = Surroundings(
        homes=homes,
        claims=by_pod(said),
        claimants=claimants(said, homes),
        ports={p.link.ifindex: p.key for p in ports if p.link and _carries(p)},
        inside=claims_cni.inside(results),
        moved=moved,
        moved_names=Counter(k.name for k in kernel.links.values() if k.name in moved),
    )
    told = disputes.about_rows(rows, homes)
    joined = tuple(
        replace(pod, disputes=(*pod.disputes, *told[pod.key]))
        if pod.key in told
        else pod
        for pod in (with_interfaces(pod, around) for pod in pods)
    )
    return Wired(joined, rows)


def _carries(port: Port) -> bool:
    """Claim that a port's link carries it alone: tunnels share theirs."""
    return port.type not in TUNNEL_TYPES


def _claims(
    pods: tuple[Pod, ...],
    rows: tuple[claims_ovs.RowClaim, ...],
    results: Iterable[claims_cni.Result],
    homes: Homes,
) -> list[Claim]:
    """Return everything that is said of pods' links, but by the kernel."""
    kernel = homes.kernel
    where = {pod.key: homes.home(pod) for pod in pods}
    said = list(claims_ovs.claims(rows))
    said += claims_ovs.claims_by_address(rows, pods, kernel)
    said += claims_cni.claims(results, kernel, where)
    homely = set(where.values())
    names = derived.index(k for k in kernel.links.values() if k.netns in homely)
    for pod in pods:
        said += claims_cni.representors(pod, networks_of(pod))
        home = where[pod.key]
        said += derived.claims(pod, names.get(home) if home else None)
    return said
