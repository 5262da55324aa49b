"""Two readings of counters -> what moved per second."""

from __future__ import annotations

from collections.abc import Mapping

from ocnetview.facts import Counters, LinkFacts, Netns, Process, ProcessFacts
from ocnetview.model import Rate, Traffic


def match_rates(now: LinkFacts, before: LinkFacts | None) -> Mapping[int, Rate]:
    """Return the rates of the host's links by ifindex, from each link's own view.

    A link that is new, or whose counters went back (a device made anew under the
    same ifindex), has none until the next reading.
    """
    seconds = now.at - before.at if before else 0.0
    if before is None or seconds <= 0:
        return {}
    old = before.counters
    return {
        ifindex: _rate(counters, old[ifindex], seconds)
        for ifindex, counters in now.counters.items()
        if ifindex in old and _grew(counters, old[ifindex])
    }


def match_traffic(
    now: LinkFacts, before: LinkFacts | None
) -> Mapping[tuple[Netns, int], Traffic]:
    """Return what went through the links that are watched, by namespace and ifindex."""
    seconds = now.at - before.at if before else 0.0
    watched = before.watched if before and seconds > 0 else ()
    old = {(one.netns, one.ifindex): one.counters for one in watched}
    found: dict[tuple[Netns, int], Traffic] = {}
    for one in now.watched:
        key, last = (one.netns, one.ifindex), old.get((one.netns, one.ifindex))
        grew = last is not None and _grew(one.counters, last)
        rate = _rate(one.counters, last, seconds) if last and grew else None
        found[key] = Traffic(one.counters, rate)
    return found


def _grew(now: Counters, before: Counters) -> bool:
    return now.rx_bytes >= before.rx_bytes and now.tx_bytes >= before.tx_bytes


def _rate(now: Counters, before: Counters, seconds: float) -> Rate:
    return Rate(
        rx_bytes=(now.rx_bytes - before.rx_bytes) / seconds,
        tx_bytes=(now.tx_bytes - before.tx_bytes) / seconds,
        rx_packets=(now.rx_packets - before.rx_packets) / seconds,
        tx_packets=(now.tx_packets - before.tx_packets) / seconds,
        rx_errors=(now.rx_errors - before.rx_errors) / seconds,
        tx_errors=(now.tx_errors - before.tx_errors) / seconds,
        rx_dropped=(now.rx_dropped - before.rx_dropped) / seconds,
        tx_dropped=(now.tx_dropped - before.tx_dropped) / seconds,
    )


def seen_from_pod(rate: Rate | None) -> Rate | None:
    """Return a host veth's rate as the pod sees it: what one sends, the other gets."""
    if rate is None:
        return None
    return Rate(
        rate.tx_bytes,
        rate.rx_bytes,
        rate.tx_packets,
        rate.rx_packets,
        rate.tx_errors,
        rate.rx_errors,
        rate.tx_dropped,
        rate.rx_dropped,
    )


def match_cpu(
    now: ProcessFacts, before: ProcessFacts | None
) -> Mapping[tuple[int, int], float]:
    """Return percent of one core by (pid, start_time), between two readings."""
    seconds = now.at - before.at if before else 0.0
    if before is None or seconds <= 0:
        return {}
    old = {identity(process): process.cpu_ticks for process in before.processes}
    ticks = now.ticks_per_second * seconds
    return {
        identity(process): 100 * (process.cpu_ticks - old[identity(process)]) / ticks
        for process in now.processes
        if process.cpu_ticks >= old.get(identity(process), process.cpu_ticks + 1)
    }


def match_thread_cpu(
    now: ProcessFacts, before: ProcessFacts | None
) -> Mapping[tuple[int, int], float]:
    """Return the same of threads, by (tid, start_time), as far as they were read."""
    seconds = now.at - before.at if before else 0.0
    if before is None or seconds <= 0:
        return {}
    old = {
        (thread.tid, thread.start_time): thread.cpu_ticks
        for process in before.processes
        for thread in process.tasks
    }
    ticks = now.ticks_per_second * seconds
    return {
        key: 100 * (thread.cpu_ticks - old[key]) / ticks
        for process in now.processes
        for thread in process.tasks
        if thread.cpu_ticks
        >= old.get(key := (thread.tid, thread.start_time), thread.cpu_ticks + 1)
    }


def identity(process: Process) -> tuple[int, int]:
    """Return what tells a process from a later one with the same pid."""
    return (process.pid, process.start_time)
