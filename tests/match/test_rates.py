"""Two readings -> what moved per second."""

from __future__ import annotations

from dataclasses import replace

from builders import pod_node, port_of, process, sample

from ocnetview.build import build_model
from ocnetview.facts import Counters, LinkFacts, ProcessFacts, Sample


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
