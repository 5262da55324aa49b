"""Whole recorded nodes as samples: each source's reply read by its own parser."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from builders import source
from collectors.cri_server import cri_server, recorded, recorded_processes

from ocnetview.collectors.cni_result import read_result
from ocnetview.collectors.cri_reader import CriReader
from ocnetview.collectors.kube_reply import read_page
from ocnetview.collectors.ovsdb_rows import Rows
from ocnetview.facts import (
    CniFacts,
    Container,
    ContainerFacts,
    Facts,
    KubeFacts,
    Link,
    LinkFacts,
    NamespaceLinks,
    Netns,
    OperState,
    OvsFacts,
    Sample,
    Sandbox,
)

RECORDINGS = Path(__file__).parent / "recordings"
Reply = Mapping[str, Any]
Where = dict[str, Netns]


def recorded_node(name: str) -> Reply:
    """Return what the recording holds: `ip -j`, pins, nsids, OVSDB, CNI results."""
    with gzip.open(RECORDINGS / f"nodes/{name}.json.gz") as file:
        node: Reply = json.load(file)
    return node


def ns(inode: int) -> Netns:
    """Return the recorded namespace with this inode."""
    return Netns(4, inode)


def whole_sample(name: str, proc: Path) -> Sample:
    """Return all that the node said; `proc` is a folder for its processes."""
    node = recorded_node(name)
    facts: dict[str, Facts] = {
        "rtnetlink": link_facts(node),
        "ovsdb": ovs_facts(node),
        "cri": container_facts(name, node, proc),
        "cni": cni_facts(node),
        "kube": kube_facts(name),
    }
    return Sample(1795372000.0, facts, tuple(source(one) for one in facts))


def link_facts(node: Reply) -> LinkFacts:
    """Return the links of the node and of each namespace that was looked into."""
    host = ns(node["host"])
    pinned = {pin: ns(inode) for pin, inode in node["pins"].items()}
    numbers = {number: pinned[pin] for pin, number in node["nsids"].items()}
    inside = {pin: netns for pin, netns in pinned.items() if netns != host}
    lived_in: dict[Netns, list[int]] = {}
    for pid, inode in node["processes"].items():
        lived_in.setdefault(ns(inode), []).append(int(pid))
    spaces = [
        NamespaceLinks(
            netns,
            node["nsids"].get(pin),
            (f"/run/netns/{pin}",),
            tuple(sorted(lived_in.get(netns, ())))[:8],
            links=links(node["namespaces"][pin], netns, {0: host})
            if pin in node["namespaces"]
            else None,
            reason="" if pin in node["namespaces"] else "was not looked into",
        )
        for pin, netns in sorted(inside.items())
    ]
    alone = lived_in.keys() - {host, *inside.values()}
    spaces += [
        NamespaceLinks(n, pids=tuple(lived_in[n]), reason="was not looked into")
        for n in sorted(alone)
    ]
    own = links(node["links"], host, numbers)
    return LinkFacts(host, own, tuple(spaces))


def links(
    said: Iterable[Reply], here: Netns, numbers: Mapping[int, Netns]
) -> tuple[Link, ...]:
    """Return the links of one `ip -d -j addr`, ids as they were numbered there.

    `ip` writes a pin's name for an id that it knows; of the recorded nodes that is
    the namespace outside, which the nodes' own link leads to.
    """
    said = list(said)
    indexes = {one["ifname"]: one["ifindex"] for one in said}
    return tuple(
        Link(
            netns=here,
            ifindex=one["ifindex"],
            name=one["ifname"],
            kind=one.get("linkinfo", {}).get("info_kind", ""),
            peer_index=one.get("link_index", indexes.get(one.get("link", ""))),
            nsid=one.get("link_netnsid"),
            peer_netns=numbers.get(one["link_netnsid"])
            if "link_netnsid" in one
            else here
            if one.get("link") in indexes
            else None,
            master=indexes.get(one.get("master", "")),
            mtu=one["mtu"],
            up="UP" in one["flags"],
            operstate=OperState(one["operstate"].lower()),
            mac=one.get("address", ""),
            addresses=tuple(
                f"{a['local']}/{a['prefixlen']}" for a in one.get("addr_info", ())
            ),
        )
        for one in said
    )


def ovs_facts(node: Reply) -> OvsFacts:
    """Return OVSDB's rows, read as a monitor's first reply."""
    rows = Rows()
    rows.update(node["ovsdb"])
    return rows.facts()


def cni_facts(node: Reply) -> CniFacts:
    """Return the CNI results, read as the files that they were."""
    results = [
        read_result(f"/var/lib/cni/results/{name}", json.dumps(said).encode())
        for name, said in sorted(node["cni"].items())
    ]
    return CniFacts(tuple(results))


def kube_facts(name: str) -> KubeFacts:
    """Return the API's pods, read as a page of its list."""
    said = json.loads((RECORDINGS / f"kube/{name}.json").read_text())
    page = read_page({"kind": "PodList", "metadata": {}, **said})
    return KubeFacts("worker-0", page.pods)


def container_facts(name: str, node: Reply, proc: Path) -> ContainerFacts:
    """Return what the runtime says over a real gRPC socket.

    Only the identity of namespaces cannot be made again: it is the recorded one of
    the pin that the runtime names, and of the process.
    """
    for pid, cgroup in recorded_processes(name).items():
        (proc / str(pid)).mkdir()
        (proc / str(pid) / "cgroup").write_text(cgroup)
        (proc / str(pid) / "stat").write_text(f"{pid} (x) S 1{' 0' * 17} {pid} 0 0\n")
    with cri_server(runtime=recorded(name)) as (_, path):
        reader = CriReader(path, str(proc))
        facts = reader.read()
        reader.close()
    return replace(
        facts,
        containers=tuple(_settled(c, node) for c in facts.containers),
        sandboxes=tuple(_held(s, node) for s in facts.sandboxes),
    )


def _settled(container: Container, node: Reply) -> Container:
    inode = node["processes"].get(str(container.pid))
    return replace(container, netns=ns(inode) if inode else None)


def _held(sandbox: Sandbox, node: Reply) -> Sandbox:
    pin = node["pins"].get(Path(sandbox.netns_path).name)
    inode = pin or node["processes"].get(str(sandbox.pid))
    return replace(sandbox, netns=ns(inode) if inode else None)
