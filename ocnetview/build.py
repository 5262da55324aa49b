"""From samples to the model: match, rate, check. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

from ocnetview.checks import CHECKS
from ocnetview.facts import (
    CniFacts,
    FactSet,
    LinkFacts,
    OvsFacts,
    ProcessFacts,
    Sample,
)
from ocnetview.match import rates, roles
from ocnetview.match.namespaces import doubted, match_namespaces
from ocnetview.match.notes import noted
from ocnetview.match.pods import match_pods
from ocnetview.match.ports import match_ports
from ocnetview.match.processes import match_processes
from ocnetview.match.traits import traits_of
from ocnetview.match.unseen import with_namespaces
from ocnetview.match.wiring import Wired, wire
from ocnetview.model import Bridge, NodeModel, Pod, Port, Rate, TreeProcess
from ocnetview.units import coarse


def build_model(now: Sample, before: Sample | None = None) -> NodeModel:
    """Return the node as this sample shows it.

    Rates need an earlier sample with other counters; without one they are unknown.
    """
    now = with_namespaces(now)
    facts = _last(now, LinkFacts)
    earlier = _last(before, LinkFacts) if before else None
    ovs = now.of(OvsFacts)
    bridges = match_ports(ovs, facts.links if facts else None)
    pods = match_pods(now)
    if facts is not None:
        pods += match_namespaces(facts, pods, now)
    moved = rates.match_rates(facts, earlier) if facts else {}
    wired = wire(pods, bridges, facts, now.of(CniFacts))
    pods = tuple(replace(pod, rate=_pod_rate(pod, moved)) for pod in wired.pods)
    bridges = _join_ports(wired, bridges, facts, moved)
    pods = tuple(_described(pod, now) for pod in pods)
    model = NodeModel(
        bridges=bridges,
        pods=pods,
        processes=_processes(now, before, pods),
        links=facts.links if facts else (),
        counters=facts.counters if facts else {},
        host=facts.host if facts else None,
        ovs_version=ovs[0].version if ovs else "",
        leftovers=facts.not_netns if facts else (),
        namespaces=facts.namespaces if facts else (),
        place=now.place,
        results=tuple(one for said in now.of(CniFacts) for one in said.results),
        sources=tuple(noted(source, now.facts) for source in now.sources),
        at=now.at,
    )
    problems = chain.from_iterable(check(model) for check in CHECKS)
    return replace(model, problems=tuple(problems))


def _last(sample: Sample, kind: type[FactSet]) -> FactSet | None:
    """Return the one fact set of a kind that has a single source."""
    return next(iter(sample.of(kind)), None)


def _described(pod: Pod, now: Sample) -> Pod:
    """Return the pod with its traits, now that its network is settled."""
    traits = (*traits_of(pod), *pod.traits)
    return doubted(replace(pod, traits=traits) if traits else pod, now)


def _pod_rate(pod: Pod, moved: Mapping[int, Rate]) -> Rate | None:
    """Return what moved through the interface that stands for the pod."""
    host = pod.main.host if pod.main else None
    return rates.seen_from_pod(moved.get(host.ifindex)) if host else None


def _join_ports(
    wired: Wired,
    bridges: Iterable[Bridge],
    facts: LinkFacts | None,
    moved: Mapping[int, Rate],
) -> tuple[Bridge, ...]:
    """Return the bridges with each port's role, pod, rate and totals."""
    around = roles.Surroundings(
        owners=roles.owners(wired.pods),
        links={link.ifindex: link for link in facts.links} if facts else {},
        namespaces={n.netns: n for n in facts.namespaces} if facts else {},
        rows={row.port.key: row for row in wired.rows},
    )
    counters = facts.counters if facts else {}

    def join(port: Port) -> Port:
        port = roles.with_role(port, around)
        if port.link is None:
            return port
        index = port.link.ifindex
        return replace(port, rate=moved.get(index), counters=counters.get(index))

    return tuple(
        replace(bridge, ports=tuple(map(join, bridge.ports))) for bridge in bridges
    )


def _processes(
    now: Sample, before: Sample | None, pods: tuple[Pod, ...]
) -> tuple[TreeProcess, ...]:
    """Return the trees of what is looked at, with CPU use and ages."""
    facts = _last(now, ProcessFacts)
    if facts is None:
        return ()
    used = rates.match_cpu(facts, _last(before, ProcessFacts) if before else None)
    rows = match_processes(facts.processes, pods)
    return tuple(
        replace(
            row,
            cpu=used.get(rates.identity(row.process)),
            age=coarse(facts.uptime - row.process.start_time / facts.ticks_per_second),
        )
        for row in rows
    )
