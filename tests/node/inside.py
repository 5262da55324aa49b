"""Run inside the lab, by name: what our collectors read there, as lines of JSON.

python inside.py links
python inside.py pyroute2 PID...
python inside.py follow
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ocnetview.collectors.base import Attention
from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.netlink import Netlink
from ocnetview.collectors.registry import make_collectors
from ocnetview.config import load_settings
from ocnetview.engine import Engine
from ocnetview.facts import Link
from ocnetview.model import NodeModel


def say(value: object) -> None:
    """Print one line of JSON."""
    print(json.dumps(value), flush=True)  # noqa: T201 - the answer to the test


def links(_: list[str]) -> None:
    """Print what one reading of the links gives, and what it left open."""
    with Netlink() as netlink:
        facts = LinkReader(load_settings({})).read(netlink)
        held = [target for target in descriptors() if target.startswith("net:")]
    spaces = [asdict(n) | {"links": named(n.links or ())} for n in facts.namespaces]
    plain = asdict(facts) | {"links": named(facts.links), "namespaces": spaces}
    say({"facts": plain, "held": held})


def named(links: Iterable[Link]) -> list[dict[str, Any]]:
    """Return links with their fields by name."""
    return [link._asdict() for link in links]


def descriptors() -> Iterator[str]:
    """Yield what each descriptor of this process leads to."""
    for path in list(Path("/proc/self/fd").iterdir()):
        # The folder's own descriptor is closed by now.
        with suppress(FileNotFoundError):
            yield str(path.readlink())


def pyroute2(pids: list[str]) -> None:
    """Print what pyroute2 reads: our links, and each pid's links and nsid."""
    from pyroute2 import IPRoute  # noqa: PLC0415 - only this command needs it

    with IPRoute() as ipr:
        say([row(link) for link in ipr.get_links()])
        nsids = {pid: ipr.get_netnsid(pid=int(pid))["nsid"] for pid in pids}
    for pid in pids:
        with IPRoute(netns=f"/proc/{pid}/ns/net") as ipr:
            inside = [row(link) for link in ipr.get_links()]
        say({"pid": int(pid), "nsid": nsids[pid], "links": inside})


def row(link: Any) -> dict[str, Any]:  # noqa: ANN401 - pyroute2 has no types
    """Return what we use of one of pyroute2's link messages."""
    info = link.get_attr("IFLA_LINKINFO")
    statistics = link.get_attr("IFLA_STATS64") or {}
    return {
        "ifindex": link["index"],
        "name": link.get_attr("IFLA_IFNAME"),
        "kind": (info and info.get_attr("IFLA_INFO_KIND")) or "",
        "peer_index": link.get_attr("IFLA_LINK"),
        "nsid": link.get_attr("IFLA_LINK_NETNSID"),
        "master": link.get_attr("IFLA_MASTER"),
        "mtu": link.get_attr("IFLA_MTU"),
        "up": bool(link["flags"] & 1),
        "operstate": link.get_attr("IFLA_OPERSTATE").lower(),
        "mac": link.get_attr("IFLA_ADDRESS") or "",
        "counters": dict(statistics),
    }


def follow(_: list[str]) -> None:
    """Print what changes in the model, until the input ends."""
    attention = Attention()
    collectors = make_collectors(load_settings({}), attention)
    last: dict[str, Any] = {}

    def publish(model: NodeModel) -> None:
        now = {
            "sources": {source.name: source.state for source in model.sources},
            "reasons": {source.name: source.reason for source in model.sources},
            "pods": {pod.title: [*pod.addresses] for pod in model.pods},
            "running": {pod.title: pod.running for pod in model.pods},
            "inside": {p.title: p.main.name for p in model.pods if p.main},
            "ports": sorted(model.ports_by_key),
            "links": sorted(link.name for link in model.links),
        }
        if now != last:
            last.update(now)
            say(now)

    engine = Engine(collectors, attention, retry=0.1)
    engine.start(publish)
    sys.stdin.read()
    engine.stop()
    attention.close()


COMMANDS: dict[str, Callable[[list[str]], None]] = {
    "links": links,
    "pyroute2": pyroute2,
    "follow": follow,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](sys.argv[2:])
