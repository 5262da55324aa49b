"""Pod <-> the interfaces in its namespace, and their ends on the host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ocnetview.facts import PAIRED_KINDS, Link, LinkFacts, NamespaceLinks, Netns
from ocnetview.match.veths import VethPair
from ocnetview.model import (
    Counterpart,
    Evidence,
    EvidenceKind,
    Interface,
    Pod,
    Relation,
    Whereabouts,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the kernel and the bridges say, in the form that joining needs."""

    host: Netns
    namespaces: Mapping[Netns, NamespaceLinks]
    pairs: Mapping[tuple[Netns, int], VethPair]
    """By namespace and ifindex of the inner end."""
    ports: Mapping[int, str]
    """Port keys by the ifindex of the host link that carries them."""


def surroundings(
    facts: LinkFacts, pairs: tuple[VethPair, ...], ports: Mapping[int, str]
) -> Surroundings:
    """Return the facts keyed for `with_interfaces`."""
    return Surroundings(
        facts.host,
        {inside.netns: inside for inside in facts.namespaces},
        {(pair.inner.netns, pair.inner.ifindex): pair for pair in pairs},
        ports,
    )


def with_interfaces(pod: Pod, around: Surroundings) -> Pod:
    """Return the pod with its interfaces, addresses, and why it has no veth."""
    if pod.netns == around.host or (pod.host_network and pod.netns is None):
        return replace(pod, host_network=True, reason="uses the node's own network")
    if pod.netns is None:
        return replace(pod, reason=_no_namespace(pod))
    inside = around.namespaces.get(pod.netns)
    if inside is None or inside.links is None:
        reason = inside.reason if inside else f"{pod.netns} was not found"
        return replace(pod, host_network=False, reason=reason)
    interfaces = _interfaces(inside.links, around)
    addresses = [
        address.partition("/")[0]
        for interface in interfaces
        for address in (interface.link.addresses if interface.link else ())
        if not address.startswith("fe80:")
    ]
    return replace(
        pod,
        host_network=False,
        interfaces=interfaces,
        addresses=tuple(dict.fromkeys(addresses)),
        reason=_no_veth(interfaces),
    )


def _no_namespace(pod: Pod) -> str:
    """Return why a pod has no namespace to look into."""
    pids = [container.pid for container in pod.members if container.pid]
    if pids:
        return f"/proc/{pids[0]}/ns/net cannot be read (needs CAP_SYS_PTRACE)"
    return "not running"


def _interfaces(links: tuple[Link, ...], around: Surroundings) -> tuple[Interface, ...]:
    """Return the interfaces without lo: with a proved host end first, eth0 first."""
    found = [_interface(link, around) for link in links if link.name != "lo"]
    return tuple(
        sorted(
            found,
            key=lambda i: (
                i.host is None,
                i.name != "eth0",
                i.link.ifindex if i.link else 0,
            ),
        )
    )


def _interface(link: Link, around: Surroundings) -> Interface:
    """Return one interface, with its host end and the evidence for it."""
    pair = around.pairs.get((link.netns, link.ifindex))
    if pair is None:
        return Interface(link)
    host = pair.host
    detail = (
        f"{host.name} is ifindex {host.ifindex} in {host.netns} and names peer"
        f" {host.peer_index} in {host.peer_netns} (nsid {host.nsid}); {link.name} is"
        f" ifindex {link.ifindex} in {link.netns} and names peer {link.peer_index} in"
        f" {link.peer_netns}; both are {host.kind}"
    )
    return Interface(
        link,
        Counterpart(Relation.PEER, Whereabouts.HOST, host),
        around.ports.get(host.ifindex, ""),
        (Evidence(EvidenceKind.KERNEL, detail, host.name, "rtnetlink"),),
    )


def _no_veth(interfaces: tuple[Interface, ...]) -> str:
    """Return why no interface has an end on the host, or nothing when one has."""
    if any(interface.host for interface in interfaces):
        return ""
    if not interfaces:
        return "no interface but lo"
    kinds = sorted({i.link.kind or "physical" for i in interfaces if i.link})
    if PAIRED_KINDS.isdisjoint(kinds):
        return f"no veth: {', '.join(kinds)}"
    return "the veth's other end is not in the node's namespace"
