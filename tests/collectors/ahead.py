"""Run in namespaces made for it: has the links read ahead, and goes on from there.

Each line is a JSON object: what was found, and what a reader that knew nothing gave.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

from collectors.shapes import PINS, run
from collectors.updating import SETTINGS, Counting, line_of, say
from heard import everything, news

from ocnetview.collectors.ahead import Ahead, prepare
from ocnetview.collectors.base import Stop
from ocnetview.collectors.home import open_events
from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.netlink import RTM_GETADDR, RTM_GETLINK, Netlink
from ocnetview.collectors.rtnetlink import LinkCollector
from ocnetview.facts import LinkFacts

PARENT = """
import sys
from collectors.ahead import begun
print(begun().pid, flush=True)
sys.stdin.read()
"""


def begun() -> Ahead:
    """Return a child that reads."""
    ahead = prepare()
    assert ahead
    return ahead


def fresh() -> object:
    """Return what a reader finds that knew nothing, as a line."""
    with Netlink() as netlink:
        return line_of(LinkReader(SETTINGS).read(netlink))


def collected(ahead: Ahead, stop: Stop) -> Iterator[LinkFacts]:
    """Return what a collector gives that was given what was read ahead."""
    return news(LinkCollector(SETTINGS, everything(0.05), ahead).watch(stop))


def follow() -> None:
    """Say what a collector gives at first, and after a change before it went on."""
    ahead, stop = begun(), Stop()
    facts = collected(ahead, stop)
    say({"name": "first", "facts": line_of(next(facts)), "fresh": fresh()})
    run("ip link add v3 type veth peer name eth0 netns c")
    for said in facts:
        if any(link.name == "v3" for link in said.links):
            break
    say({"name": "later", "facts": line_of(said), "fresh": fresh()})
    stop.set()
    say({"name": "end", "left": list(facts), "child": is_there(ahead)})


def take_over() -> None:
    """Say what the child's reader asks the kernel for, where nothing changed."""
    stop = Stop()
    with closing(open_events(SETTINGS)) as events, closing(begun()) as ahead:
        ahead.begin(SETTINGS)
        ahead.facts(stop)
        reader = ahead.reader(stop)
        assert reader
        with Counting() as netlink:
            facts = reader.update(netlink, events)
            dumps = [netlink.dumps.count(one) for one in (RTM_GETLINK, RTM_GETADDR)]
    line = {"name": "taken over", "facts": line_of(facts), "fresh": fresh()}
    say(line | {"dumps": dumps})


def lose() -> None:
    """Say what a collector gives whose child was ended."""
    ahead, stop = begun(), Stop()
    os.kill(ahead.pid, signal.SIGKILL)
    facts = next(collected(ahead, stop))
    say({"name": "ended", "facts": line_of(facts), "fresh": fresh()})


def close_twice() -> None:
    """Say what a collector gives whose child was used up by another one."""
    ahead, stop = begun(), Stop()
    ahead.close()
    facts = collected(ahead, stop)
    say({"name": "used up", "facts": line_of(next(facts)), "fresh": fresh()})
    stop.set()
    assert list(facts) == []


def end() -> None:
    """Say what is told of a child that stands still, once we are told to stop."""
    ahead, stop = begun(), Stop()
    os.kill(ahead.pid, signal.SIGSTOP)
    stop.set()
    left = [line_of(facts) for facts in collected(ahead, stop)]
    say({"name": "stopped", "left": left, "child": is_there(ahead)})


def orphan() -> None:
    """Say whether a child ends whose parent was killed."""
    command = [sys.executable, "-c", PARENT]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as parent:
        assert parent.stdout
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
        ended, _, _ = select.select([child], [], [], 30)
    say({"name": "orphan", "ended": bool(ended)})


def is_there(ahead: Ahead) -> bool:
    """Claim that the child is there, be it as a zombie."""
    try:
        os.kill(ahead.pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    """Build, and do all of it."""
    run("mount -t tmpfs tmpfs /run")
    PINS.mkdir()
    run("ip link set lo up")
    for name in ("a", "b", "c"):
        run(f"ip netns add {name}")
    run("ip link add v1 type veth peer name eth0 netns a")
    run("ip link add v2 type veth peer name eth0 netns b")
    run("ip -n a addr add 10.9.0.1/24 dev eth0")
    follow()
    take_over()
    lose()
    close_twice()
    end()
    orphan()


if __name__ == "__main__":
    main()
