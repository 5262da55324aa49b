"""Small facts for tests: what a test does not name gets a plain value."""

from __future__ import annotations

from collections.abc import Iterable

from ocnetview.facts import (
    Container,
    ContainerFacts,
    ContainerState,
    Counters,
    Facts,
    KubeContainer,
    KubeContainerState,
    KubeFacts,
    KubePod,
    Link,
    LinkFacts,
    NamespaceLinks,
    Netns,
    OvsBridge,
    OvsFacts,
    OvsInterface,
    OvsPort,
    Process,
    Sample,
    Sandbox,
    Source,
    SourceKind,
    SourceState,
)
from ocnetview.model import (
    Counterpart,
    Evidence,
    Interface,
    NodeModel,
    Port,
    Relation,
    Whereabouts,
)

HOST = Netns(4, 1000)


KINDS = {
    "rtnetlink": SourceKind.LINKS,
    "ovsdb": SourceKind.BRIDGES,
    "docker": SourceKind.CONTAINERS,
    "cri": SourceKind.CONTAINERS,
    "nested": SourceKind.ENGINES,
    "kube": SourceKind.PODS,
    "cni": SourceKind.RESULTS,
    "procfs": SourceKind.PROCESSES,
}


def source(
    name: str, state: SourceState = SourceState.UP, where: str = "", reason: str = ""
) -> Source:
    """Return a source that tells of what its name stands for."""
    return Source(name, state, where, reason, KINDS[name])


def netns(number: int) -> Netns:
    """Return the namespace with this number; 0 is the host's."""
    return Netns(4, 1000 + number)


def link(ifindex: int, name: str, inside: int = 0, **facts: object) -> Link:
    """Return a link of the host, or of another namespace."""
    return Link(netns(inside), ifindex, name, up=True, **facts)  # type: ignore[arg-type]


def veth(
    number: int, ifindex: int, name: str, inner: int = 2, inside: str = "eth0"
) -> tuple[Link, Link]:
    """Return both ends of a pair between the host and namespace `number`."""
    outer = link(
        ifindex,
        name,
        kind="veth",
        peer_index=inner,
        nsid=number,
        peer_netns=netns(number),
        mac=f"fe:00:00:00:00:{number:02x}",
    )
    end = link(
        inner,
        inside,
        inside=number,
        kind="veth",
        peer_index=ifindex,
        nsid=0,
        peer_netns=HOST,
        mac=f"0a:58:0a:80:00:{number:02x}",
        addresses=(f"10.128.0.{number}/23", "fe80::1/64"),
    )
    return outer, end


def wired(inner: Link, outer: Link, port: str = "", *proof: Evidence) -> Interface:
    """Return an interface inside a pod whose veth's other end is on the host."""
    peer = Counterpart(Relation.PEER, Whereabouts.HOST, outer)
    return Interface(inner, peer, port, proof)


def link_facts(
    links: Iterable[Link],
    inner: Iterable[Link] = (),
    counters: dict[int, Counters] | None = None,
    at: float = 0.0,
) -> LinkFacts:
    """Return the host's links, and namespaces made from the inner ones."""
    by_netns: dict[Netns, list[Link]] = {}
    for one in inner:
        by_netns.setdefault(one.netns, []).append(one)
    namespaces = tuple(
        NamespaceLinks(where, where.ino - HOST.ino, links=tuple(found))
        for where, found in by_netns.items()
    )
    return LinkFacts(HOST, tuple(links), namespaces, counters or {}, at)


def ovs(*interfaces: OvsInterface, bridge: str = "br0") -> OvsFacts:
    """Return one OVS bridge with a port for each interface."""
    ports = tuple(OvsPort(one.name, interfaces=(one,)) for one in interfaces)
    return OvsFacts((OvsBridge(bridge, ports=ports),), "3.1.0")


def container(number: int, name: str = "", **facts: object) -> Container:
    """Return a running container in namespace `number`."""
    values: dict[str, object] = {
        "state": ContainerState.RUNNING,
        "pid": 5000 + number,
        "netns": netns(number),
        "created": 100.0,
    }
    name = name or f"box{number}"
    return Container(f"{number:064x}", name, "docker", **{**values, **facts})  # type: ignore[arg-type]


def docker(*containers: Container) -> ContainerFacts:
    """Return what Docker would say of these."""
    return ContainerFacts("docker", containers)


def sandbox(number: int, name: str, uid: str, **facts: object) -> Sandbox:
    """Return a ready CRI sandbox of shop/NAME in namespace `number`, without a pid."""
    values: dict[str, object] = {
        "name": name,
        "namespace": "shop",
        "uid": uid,
        "created": 100.0,
        "netns": netns(number),
        "netns_path": f"/run/netns/cni-{number}",
        "runtime": "cri-o",
        "id": f"{number:064x}",
    }
    return Sandbox(**{**values, **facts})  # type: ignore[arg-type]


def member(number: int, name: str, within: Sandbox, **facts: object) -> Container:
    """Return a running CRI container of a sandbox, in its namespace."""
    labels = {
        "io.kubernetes.container.name": name,
        "io.kubernetes.pod.name": within.name,
        "io.kubernetes.pod.namespace": within.namespace,
        "io.kubernetes.pod.uid": within.uid,
    }
    values: dict[str, object] = {
        "state": ContainerState.RUNNING,
        "pid": 5000 + number,
        "netns": within.netns,
        "created": 101.0,
        "labels": labels,
        "sandbox_id": within.id,
    }
    made = {**values, **facts}
    return Container(f"{number:064x}", name, within.runtime, **made)  # type: ignore[arg-type]


def cri(*members: Sandbox | Container, within: str = "") -> ContainerFacts:
    """Return what a CRI runtime would say of these."""
    containers = tuple(one for one in members if isinstance(one, Container))
    sandboxes = tuple(one for one in members if isinstance(one, Sandbox))
    runtime = members[0].runtime if members else "cri-o"
    return ContainerFacts(runtime, containers, sandboxes, within=within)


def kube_container(name: str, **facts: object) -> KubeContainer:
    """Return a container that is ready, as the API has it."""
    values: dict[str, object] = {"state": KubeContainerState.RUNNING, "ready": True}
    return KubeContainer(name, **{**values, **facts})  # type: ignore[arg-type]


def kube_pod(name: str, uid: str, *members: KubeContainer, **facts: object) -> KubePod:
    """Return shop/NAME as the API has it, running."""
    values: dict[str, object] = {"namespace": "shop", "phase": "Running"}
    containers = members or (kube_container("app"),)
    made = {**values, "containers": containers, **facts}
    return KubePod(name, uid=uid, **made)  # type: ignore[arg-type]


def kube(*pods: KubePod) -> KubeFacts:
    """Return what the API would say of these."""
    return KubeFacts("node-1", pods)


def kubelet_name(name: str, pod: str, namespace: str, uid: str) -> str:
    """Return the name that cri-dockerd gives a container."""
    return f"k8s_{name}_{pod}_{namespace}_{uid}_0"


def process(pid: int, ppid: int = 1, start: int = 0, **facts: object) -> Process:
    """Return a process."""
    return Process(pid, start or pid, ppid, pid, f"p{pid}", **facts)  # type: ignore[arg-type]


def sample(*facts: Facts, at: float = 1000.0) -> Sample:
    """Return a sample of these facts, each from a source of its own."""
    return Sample(at, {f"source{n}": one for n, one in enumerate(facts)})


def pod_node(
    *interfaces: OvsInterface, links: tuple[Link, ...] = (), **counters: Counters
) -> Sample:
    """Return a node with one pod on br0, and whatever else is asked for."""
    outer, inner = veth(7, 12, "vethA")
    facts = link_facts(
        [outer, *links], [inner], {12: counters["now"]} if counters else None, 10.0
    )
    uid = "uid-7"
    pod = docker(
        container(7, kubelet_name("POD", "web", "shop", uid)),
        container(
            8, kubelet_name("nginx", "web", "shop", uid), netns=netns(7), pid=5008
        ),
    )
    port = OvsInterface("vethA", ofport=3, ifindex=12)
    return sample(facts, ovs(port, *interfaces), pod)


def port_of(model: NodeModel, name: str) -> Port:
    """Return br0's port of this name."""
    return model.ports_by_key[f"br0/{name}"]
