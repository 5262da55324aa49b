"""Two readings -> what moved per second."""

from __future__ import annotations

from dataclasses import replace

from builders import (
    HOST,
    link_facts,
    netns,
    pod_node,
    port_of,
    process,
    sample,
    veth,
)

from ocnetview.build import Joiner, build_model
from ocnetview.facts import Counters, LinkCounters, LinkFacts, ProcessFacts, Sample
from ocnetview.model import Rate, Traffic


def two_seconds_later(now: Sample) -> Sample:
    """Return the sample with its counters read two seconds later."""
    facts = now.facts["source0"]
    assert isinstance(facts, LinkFacts)
    later = replace(facts, at=facts.at + 2)
    return replace(now, facts={**now.facts, "source0": later})


def test_rates_come_from_two_readings() -> None:
    """A veth's rates are its own; its pod's are seen from the other side."""
    before = pod_node(now=Counters(0, 0, 1000, 500, 0, 0, 0, 0))
    now = pod_node(now=Counters(10, 20, 3000, 4500, 0, 0, 0, 0))
    now = two_seconds_later(now)
    model = build_model(now, before)
    rate = port_of(model, "vethA").rate
    assert rate is not None
    assert (rate.rx_bytes, rate.tx_bytes, rate.rx_packets) == (1000, 2000, 5)
    (pod,) = model.pods
    assert pod.rate is not None
    assert (pod.rate.rx_bytes, pod.rate.tx_bytes) == (2000, 1000)


def test_counters_that_went_back_are_no_rate() -> None:
    """A device made anew under the same index starts from nothing."""
    before = pod_node(now=Counters(9, 9, 9000, 9000, 0, 0, 0, 0))
    now = pod_node(now=Counters(1, 1, 10, 10, 0, 0, 0, 0))
    now = two_seconds_later(now)
    assert port_of(build_model(now, before), "vethA").rate is None


def test_cpu_comes_from_two_readings_of_the_same_process() -> None:
    """Percent of one core; a pid that is another process now has none yet."""
    old = ProcessFacts(
        (process(1, cpu_ticks=100), process(2, cpu_ticks=5)), 10.0, 50.0, 100
    )
    new = ProcessFacts(
        (process(1, cpu_ticks=150), process(2, start=99, cpu_ticks=9)), 12.0, 52.0, 100
    )
    model = build_model(sample(new), sample(old))
    assert {row.process.pid: row.cpu for row in model.processes} == {1: 25.0, 2: None}


def watching(at: float, *counters: LinkCounters) -> Sample:
    """Return a node that counts these links at this moment."""
    outer, inner = veth(7, 12, "vethA")
    return sample(replace(link_facts([outer], [inner], at=at), watched=counters))


def test_links_that_are_watched_have_rates_of_their_own() -> None:
    """By namespace and ifindex; errors and drops too; a new one has totals alone."""
    old, now = Counters(0, 0, 0, 0, 0, 0, 0, 0), Counters(10, 20, 30, 40, 2, 4, 6, 8)
    both = ((HOST, 12), (netns(7), 2))
    before = watching(10.0, LinkCounters(*both[1], old))
    after = watching(12.0, *(LinkCounters(*one, now) for one in both))
    traffic = build_model(after, before).traffic
    rate = Rate(15.0, 20.0, 5.0, 10.0, 1.0, 2.0, 3.0, 4.0)
    assert traffic == {both[0]: Traffic(now), both[1]: Traffic(now, rate)}
    assert build_model(after).traffic == dict.fromkeys(both, Traffic(now))


def test_a_link_made_anew_has_no_rate() -> None:
    """Its counters went back."""
    key = (netns(7), 2)
    high, low = (Counters(n, n, n, n, 0, 0, 0, 0) for n in (9, 1))
    before, now = (
        watching(at, LinkCounters(*key, counters))
        for at, counters in ((10.0, high), (12.0, low))
    )
    assert build_model(now, before).traffic == {key: Traffic(low)}


def test_what_is_watched_matches_nothing_anew() -> None:
    """Rows stay the very same while only the counters of watched links move."""
    joiner = Joiner()
    low, high = (Counters(n, n, n, n, 0, 0, 0, 0) for n in (1, 9))
    first = joiner.join(watching(10.0, LinkCounters(HOST, 12, low)))
    second = joiner.join(watching(12.0, LinkCounters(HOST, 12, high)))
    assert second.pods is first.pods
    assert second != first
