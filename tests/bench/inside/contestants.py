"""What is raced against each other, by name: our own parts and the peers' commands."""

from __future__ import annotations

import gc
import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import psutil
from bench.inside.spending import Spent, call, run
from heard import news

from ocnetview.collectors.base import Attention, Focus, Stop
from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.netlink import Netlink
from ocnetview.collectors.process_reader import ProcessReader
from ocnetview.collectors.registry import make_collectors
from ocnetview.config import Settings, load_settings
from ocnetview.facts import SourceKind
from ocnetview.joined import modelled
from ocnetview.node import LiveNode, live_node

COMMANDS = {
    "pods": ("ocnetview", "pods", "--json"),
    "ip -d": ("ip", "-d", "-j", "link"),
    "ip -s": ("ip", "-s", "-j", "link"),
    "plotnetcfg": ("plotnetcfg",),
    "lsns": ("lsns", "-t", "net"),
    "pstree": ("pstree", "-p"),
    "ovs-vsctl": ("ovs-vsctl", "-f", "json", "list", "Interface"),
}
BY_HAND = """
i=$(docker exec "$1" cat /sys/class/net/eth0/iflink)
ip a | grep "^$i:"
"""
"""The recipe that everyone uses to find a container's veth."""

Contestant = Callable[[], Spent]


def contestants(options: Mapping[str, object]) -> dict[str, Contestant]:
    """Return every contestant; each does its part once and says what it took.

    Args:
        options: `tree`, id and pid of the container whose processes are read;
            `sample`, how many containers are looked up by hand; `ticks`, how many
            ticks are measured at once.
    """
    settings = load_settings({})
    node = live_node(settings)
    ticks = int(str(options["ticks"]))
    tree = options.get("tree")
    id_, pid = tree if isinstance(tree, list) else ("", 0)
    focus = Focus(frozenset({(str(id_), int(pid))}))
    ours: dict[str, Contestant] = {
        "map": partial(call, partial(read_map, node)),
        "ovsdb": partial(call, partial(read_first, settings, SourceKind.BRIDGES)),
        "tick": partial(count, LinkReader(replace(settings, refresh=0)), ticks),
        "tree": partial(refresh, ProcessReader(settings.proc), focus, ticks),
        "psutil": partial(call, partial(children, int(pid))),
        "by hand": partial(by_hand, int(str(options["sample"]))),
    }
    return ours | {name: partial(run, words) for name, words in COMMANDS.items()}


def read_map(node: LiveNode) -> None:
    """Read links, namespaces, names, addresses and OVSDB from new sockets; join.

    All in this process, whose time is taken.
    """
    modelled(node.read(frozenset({SourceKind.LINKS, SourceKind.BRIDGES})))


def read_first(settings: Settings, kind: SourceKind) -> None:
    """Read what a collector says first."""
    (collector,) = make_collectors(settings, Attention(), frozenset({kind}))
    stop = Stop()
    next(news(collector.watch(stop)))
    stop.set()


def count(reader: LinkReader, ticks: int) -> Spent:
    """Return what it takes to read the counters of all links once."""
    with Netlink() as netlink:
        facts = reader.read(netlink)

        def again() -> None:
            for _ in range(ticks):
                reader.count(netlink, facts)

        spent = call(again)
    return Spent(spent.wall / ticks, spent.cpu / ticks)


def refresh(reader: ProcessReader, focus: Focus, ticks: int) -> Spent:
    """Return what one reading takes once all processes in focus were read."""
    reader.read(focus)

    def again() -> None:
        for _ in range(ticks):
            reader.read(focus)

    spent = call(again)
    return Spent(spent.wall / ticks, spent.cpu / ticks)


def children(pid: int) -> None:
    """Walk a process's tree with psutil, names too, as one would to draw it."""
    for process in psutil.Process(pid).children(recursive=True):
        process.name()


def by_hand(sample: int) -> Spent:
    """Look some containers' veths up by hand; return what it takes for all of them.

    It grows by the same step with each container.
    """
    ids = subprocess.run(
        ["docker", "ps", "--quiet"], capture_output=True, text=True, check=True
    ).stdout.split()
    some = ids[:sample]
    spent = [run(("sh", "-euc", BY_HAND, "sh", id_)) for id_ in some]
    times = len(ids) / len(some)
    return Spent(
        times * sum(one.wall for one in spent), times * sum(one.cpu for one in spent)
    )


def race(options: Mapping[str, object], rounds: Mapping[str, int]) -> dict[str, object]:
    """Run every contestant so many times, in turns; return wall and CPU of each."""
    # As in the commands, which read once and end.
    gc.disable()
    known = contestants(options)
    found: dict[str, list[Spent]] = {name: [] for name in rounds}
    for name in rounds:
        if rounds[name] > 1:
            known[name]()  # a first time, for caches and imports
    for number in range(max(rounds.values())):
        for name, times in rounds.items():
            if number < times:
                found[name].append(known[name]())
    return {name: list(map(list, spent)) for name, spent in found.items()}


def main(arguments: Sequence[str]) -> None:
    """Race those that are named, and print what they took."""
    wish = json.loads(arguments[0])
    print(json.dumps(race(wish["options"], wish["rounds"])))  # noqa: T201 - the answer


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
