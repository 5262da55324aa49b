"""Run in namespaces made for it: a node that no link connects with ours, and its pods.

It prints a JSON object: how many links of the pods lead to the node, and how many
namespaces were looked into to find that out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from collectors.shapes import PINS, run
from collectors.updating import SETTINGS, say

from ocnetview.collectors import visits
from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.namespaces import Namespace, entrance
from ocnetview.collectors.netlink import Netlink

PODS = 24


def main() -> None:
    """Build, read, and count."""
    run("mount -t tmpfs tmpfs /run")
    PINS.mkdir()
    looked: list[Namespace] = []

    @contextmanager
    def counted(namespace: Namespace) -> Iterator[int]:
        looked.append(namespace)
        with entrance(namespace) as fd:
            yield fd

    for number in range(PODS):
        run(f"ip netns add a{number:02}")
    run("ip netns add node")
    for number in range(PODS):
        peer = f"peer name eth0 netns a{number:02}"
        run(f"ip -n node link add v{number} type veth {peer}")
    visits.entrance = counted  # type: ignore[attr-defined]  # counts, and goes on
    with Netlink() as netlink:
        facts = LinkReader(SETTINGS).read(netlink)
    node = next(n.netns for n in facts.namespaces if f"{PINS}/node" in n.pins)
    links = [link for inside in facts.namespaces for link in inside.links or ()]
    proved = sum(link.name == "eth0" and link.peer_netns == node for link in links)
    say({"name": "foreign", "proved": proved, "looked": len(looked)})


if __name__ == "__main__":
    main()
