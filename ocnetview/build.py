"""From samples to the model: match, rate, check; again only what changed."""

from __future__ import annotations

from itertools import chain, islice

from ocnetview.checks import CHECKS
from ocnetview.facts import (
    CniFacts,
    ContainerFacts,
    Facts,
    FactSet,
    KubeFacts,
    LinkFacts,
    NestedFacts,
    OvsFacts,
    ProcessFacts,
    Sample,
    Source,
)
from ocnetview.match import namespaces, rates, roles
from ocnetview.match.kept import Kept, KeptEach
from ocnetview.match.living import Living
from ocnetview.match.moving import Moved, Moving, Rows
from ocnetview.match.namespaces import doubt_of, doubted, match_namespaces, names_of
from ocnetview.match.notes import noted
from ocnetview.match.pods import kept_rows, match_pods
from ocnetview.match.ports import match_ports
from ocnetview.match.traced import TracedEach
from ocnetview.match.traits import traits_of
from ocnetview.match.unseen import with_namespaces
from ocnetview.match.wiring import Wired, kept_interfaces, wire
from ocnetview.model import Bridge, NodeModel, Pod, Port, Problem
from ocnetview.records import changed

_RUNTIMES = (ContainerFacts, NestedFacts)


class Joiner:
    """Joins one sample after the other, each as `build_model` would.

    Counters and processes are read every second, what they belong to changes now and
    then: only that is matched again, and only by the steps that depend on it.
    """

    def __init__(self) -> None:
        self._known = Kept(with_namespaces)
        self._pods = Kept(match_pods)
        self._namespaces = Kept(match_namespaces)
        self._bridges = Kept(match_ports)
        self._wired = Kept(wire)
        self._settled = Kept(_settled)
        self._described = KeptEach(_described, lambda pod: pod.key)
        self._roles = TracedEach(roles.with_role, lambda port: port.key)
        self._rows = kept_rows()
        self._spaces = namespaces.kept_rows()
        self._interfaces = kept_interfaces()
        self._rates = Kept(rates.match_rates)
        self._moving = Moving()
        self._living = Living()
        self._problems = Kept(_problems)

    def join(self, now: Sample, before: Sample | None = None) -> NodeModel:
        """Return the node as this sample shows it.

        Rates need an earlier sample with other counters; without one they are unknown.
        """
        facts = _last(now, LinkFacts)
        earlier = _last(before, LinkFacts) if before else None
        counters = facts.counters if facts else {}
        moved = self._rates(facts, earlier) if facts else {}
        matched = self._matched(now)
        rows = self._moving(matched, Moved(moved, counters), now.at)
        ovs = now.of(OvsFacts)
        said = _last(now, ProcessFacts)
        past = _last(before, ProcessFacts) if before else None
        model = NodeModel(
            bridges=rows.bridges,
            pods=rows.pods,
            processes=self._living(said, past, matched.pods) if said else (),
            departed=self._living.departed(said, matched.pods) if said else (),
            links=facts.links if facts else (),
            counters=counters,
            traffic=rates.match_traffic(facts, earlier) if facts else {},
            host=facts.host if facts else None,
            ovs_version=ovs[0].version if ovs else "",
            leftovers=facts.not_netns if facts else (),
            namespaces=facts.namespaces if facts else (),
            place=now.place,
            results=tuple(one for said in now.of(CniFacts) for one in said.results),
            sources=tuple(noted(source, now.facts) for source in now.sources),
            at=now.at,
        )
        # Two models that were taken at other moments compare equal all the same.
        moment = model.at if model.results else 0.0
        return changed(model, problems=self._problems(model, moment))

    def _matched(self, now: Sample) -> Rows:
        """Return pods and bridges as they are matched, without what moves."""
        known = self._known(_still(now))
        facts = _last(known, LinkFacts)
        cache = known.of(CniFacts)
        pods = self._pods(_only(known, *_RUNTIMES, KubeFacts), self._rows)
        if facts is not None:
            names = names_of(facts.namespaces, now.of(ProcessFacts))
            pods += self._namespaces(facts, pods, cache, names, self._spaces)
        links = facts.links if facts else None
        bridges = self._bridges(known.of(OvsFacts), links)
        wired = self._wired(pods, bridges, facts, cache, self._interfaces)
        return self._settled(wired, bridges, known, self._described, self._roles)


def build_model(now: Sample, before: Sample | None = None) -> NodeModel:
    """Return the node as this sample shows it; rates are taken since `before`."""
    return Joiner().join(now, before)


def _last(sample: Sample, kind: type[FactSet]) -> FactSet | None:
    """Return the one fact set of a kind that has a single source."""
    return next(iter(sample.of(kind)), None)


def _still(sample: Sample) -> Sample:
    """Return a sample without all that is other at each reading, or only told of."""
    facts = {
        name: changed(said, counters={}, at=0.0, watched=())
        if isinstance(said, LinkFacts)
        else said
        for name, said in sample.facts.items()
        if not isinstance(said, ProcessFacts)
    }
    sources = (Source(s.name, s.state, kind=s.kind) for s in sample.sources)
    return Sample(facts=facts, sources=tuple(sources))


def _only(sample: Sample, *kinds: type[Facts]) -> Sample:
    """Return a sample with the facts of these kinds only."""
    facts = {n: said for n, said in sample.facts.items() if isinstance(said, kinds)}
    return changed(sample, facts=facts)


def _settled(
    wired: Wired,
    bridges: tuple[Bridge, ...],
    known: Sample,
    described: KeptEach[Pod, str, Pod],
    with_roles: TracedEach[Port, roles.Surroundings, Port],
) -> Rows:
    """Return pods with their traits, and ports with what they are there for."""
    facts = _last(known, LinkFacts)
    around = roles.Surroundings(
        owners=roles.owners(wired.pods),
        links={link.ifindex: link for link in facts.links} if facts else {},
        namespaces={n.netns: n for n in facts.namespaces} if facts else {},
        rows={row.port.key: row for row in wired.rows},
    )
    every = iter(with_roles((p for one in bridges for p in one.ports), around))
    return Rows(
        tuple(described(wired.pods, doubt_of(known))),
        tuple(
            changed(one, ports=tuple(islice(every, len(one.ports)))) for one in bridges
        ),
    )


def _described(pod: Pod, doubt: str) -> Pod:
    """Return the pod with its traits, now that its network is settled."""
    traits = traits_of(pod)
    pod = changed(pod, traits=(*traits, *pod.traits)) if traits else pod
    return doubted(pod, doubt)


def _problems(model: NodeModel, _: float) -> tuple[Problem, ...]:
    """Return what is wrong at a moment on which some of it depends."""
    return tuple(chain.from_iterable(check(model) for check in CHECKS))
