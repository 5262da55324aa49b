"""A made-up OpenShift node for the screen: the tests and the pictures draw it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from builders import source, wired
from tui.trees import HOSTILE, trees

from ocnetview.facts import (
    Container,
    ContainerState,
    Link,
    Netns,
    OperState,
    Sandbox,
    Source,
    SourceState,
)
from ocnetview.model import (
    Bridge,
    BridgeKind,
    Evidence,
    EvidenceKind,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
    Rate,
)

HOST = Netns(4, 4026531840)
EVIDENCE = Evidence(EvidenceKind.KERNEL, "index and nsid agree at both ends")
PODS = (
    ("openshift-console", "console-7d9f-x2x8l", ("console",)),
    ("openshift-dns", "dns-default-4kq2c", ("dns", "kube-rbac-proxy")),
    ("openshift-ingress", "router-default-6b7c4-q9z5d", ("router",)),
    ("openshift-monitoring", "prometheus-k8s-0", ("prometheus", "thanos-sidecar")),
    ("shop", "cart-5c9d8-7hk2p", ("cart",)),
    ("shop", "checkout-66f4b-mm8zt", ("checkout", "envoy")),
    ("shop", "db-0", ("postgres",)),
    ("shop", "web-84d5f-j4r7x", ("nginx",)),
    ("shop", "worker-9f7c6-t6w8v", ("worker",)),
    ("team-a", HOSTILE, ("app",)),
)


@dataclass(frozen=True, slots=True)
class _Seat:
    """The place of one pod on the node, that all its numbers come from."""

    number: int

    @property
    def netns(self) -> Netns:
        return Netns(4, 4026532000 + self.number)

    @property
    def veth(self) -> str:
        return f"veth{0x9A3C51E0 + self.number * 0x1F3:08x}"

    @property
    def ifindex(self) -> int:
        return 20 + self.number

    @property
    def address(self) -> str:
        return f"10.128.2.{10 + self.number}"


def rate(received: float, sent: float) -> Rate:
    """Return a rate in bytes per second, in packets of 500 bytes."""
    return Rate(received, sent, received / 500, sent / 500)


def container(name: str, number: int, *, state: str = "running") -> Container:
    """Return a container; its number makes its id and pid."""
    running = state == "running"
    return Container(
        id=f"{0xC0FFEE00 + number:064x}",
        name=name,
        runtime="docker",
        state=ContainerState(state),
        image=f"quay.io/demo/{name}",
        pid=4000 + 10 * number if running else None,
    )


def _pair(seat: _Seat, number: int) -> tuple[Link, Link]:
    """Return a pod's eth0 and its veth."""
    eth0 = Link(
        netns=seat.netns,
        ifindex=3,
        name="eth0",
        kind="veth",
        peer_index=seat.ifindex,
        up=True,
        operstate=OperState.UP,
        addresses=(f"{seat.address}/23",),
    )
    host = Link(
        netns=HOST,
        ifindex=seat.ifindex,
        name=seat.veth,
        kind="veth",
        peer_index=3,
        nsid=number,
        up=True,
        operstate=OperState.UP,
    )
    return eth0, host


def pod(number: int, namespace: str, name: str, containers: tuple[str, ...]) -> Pod:
    """Return a pod of br0 with its eth0 and its veth."""
    seat = _Seat(number)
    eth0, host = _pair(seat, number)
    return Pod(
        key=f"uid-{number}",
        kind=PodKind.POD,
        name=name,
        namespace=namespace,
        uid=f"uid-{number}",
        containers=tuple(
            container(inner, number * 4 + place)
            for place, inner in enumerate(containers, 1)
        ),
        sandbox=Sandbox(container("POD", number * 4).id, "docker"),
        netns=seat.netns,
        interfaces=(wired(eth0, host, f"br0/{seat.veth}", EVIDENCE),),
        addresses=(seat.address,),
        status="Running",
        ready=len(containers),
        expected=len(containers),
        sources=("docker",),
        age=3600 * (number + 2),
        rate=rate(1200.0 * number**3, 300.0 * number**2),
    )


def host_pod() -> Pod:
    """Return a pod that uses the node's own network."""
    return Pod(
        key="uid-host",
        kind=PodKind.POD,
        name="node-exporter-p5k8d",
        namespace="openshift-monitoring",
        uid="uid-host",
        containers=(container("node-exporter", 90),),
        netns=HOST,
        host_network=True,
        addresses=("192.0.2.17",),
        status="Running",
        ready=1,
        expected=1,
        traits=("host network",),
        sources=("docker",),
        age=86400 * 12,
    )


def plain_container() -> Pod:
    """Return a container that docker alone knows, on docker0."""
    seat = _Seat(60)
    inside = Link(seat.netns, 7, "eth0", kind="veth", peer_index=seat.ifindex)
    host = Link(HOST, seat.ifindex, "veth5e77a91", kind="veth", peer_index=7)
    one = container("registry-mirror", 95)
    return Pod(
        key=one.id,
        kind=PodKind.CONTAINER,
        name=one.name,
        containers=(one,),
        netns=seat.netns,
        interfaces=(wired(inside, host, "docker0/veth5e77a91"),),
        addresses=("172.17.0.2",),
        status="Running",
        ready=1,
        expected=1,
        sources=("docker",),
        age=5400,
        rate=rate(90, 4100),
    )


def _br0_port(name: str, type_: str, ofport: int | None, **more: object) -> Port:
    """Return a port of br0 that is no pod's."""
    port = Port("br0", BridgeKind.OVS, name, type_, ofport, state="up")
    return replace(port, **more)  # type: ignore[arg-type]  # fields of Port by name


def _pod_port(one: Pod, number: int) -> Port:
    """Return the port of br0 that leads to a pod."""
    main = one.main
    assert main is not None
    assert main.host is not None
    return _br0_port(
        main.host.name,
        "system",
        number,
        role=PortRole.POD,
        purpose=one.title,
        link=main.host,
        pod=one.key,
        rate=one.rate and rate(one.rate.tx_bytes, one.rate.rx_bytes),
    )


def br0(pods: tuple[Pod, ...]) -> Bridge:
    """Return br0 with its own ports, one for each pod, and a stale one."""
    tunnel = _br0_port("vxlan0", "vxlan", 1, role=PortRole.TUNNEL)
    gateway = _br0_port("tun0", "internal", 2, role=PortRole.GATEWAY)
    stale = _br0_port("veth7e1f40aa", "system", 14, role=PortRole.STALE)
    local = _br0_port("br0", "internal", 65534, role=PortRole.LOCAL)
    ports = (
        replace(tunnel, purpose="tunnel to the other nodes", rate=rate(5.2e6, 880_000)),
        replace(
            gateway,
            purpose="gateway of this node, 10.128.2.1/23",
            rate=rate(42_000, 1.3e6),
        ),
        *(_pod_port(one, number) for number, one in enumerate(pods, 3)),
        replace(
            stale,
            purpose="device is gone; was of shop/web-84d5f-old",
            state="no device",
            error="could not open network device veth7e1f40aa (No such device)",
        ),
        replace(local, purpose="the bridge itself"),
    )
    return Bridge("br0", BridgeKind.OVS, ports)


def docker0(one: Pod) -> Bridge:
    """Return the Linux bridge with the plain container's port."""
    main = one.main
    assert main is not None
    port = Port(
        "docker0",
        BridgeKind.LINUX,
        "veth5e77a91",
        "veth",
        role=PortRole.CONTAINER,
        purpose=one.title,
        link=main.host,
        pod=one.key,
        state="up",
        rate=rate(4100, 90),
    )
    return Bridge("docker0", BridgeKind.LINUX, (port,))


def sources() -> tuple[Source, ...]:
    """Return the four sources, all up."""
    wheres = {
        "rtnetlink": "netlink route",
        "ovsdb": "unix:/run/openvswitch/db.sock",
        "docker": "unix:///run/docker.sock",
        "procfs": "/proc",
    }
    return tuple(source(n, SourceState.UP, where) for n, where in wheres.items())


def node() -> NodeModel:
    """Return the whole node, with the processes of every pod."""
    pods = tuple(pod(number, *one) for number, one in enumerate(PODS))
    plain = plain_container()
    everyone = (*pods, host_pod(), plain)
    return NodeModel(
        bridges=(br0(pods), docker0(plain)),
        pods=everyone,
        processes=tuple(row for one in everyone for row in trees(one)),
        host=HOST,
        sources=sources(),
    )


def with_source(model: NodeModel, name: str, state: SourceState, why: str) -> NodeModel:
    """Return the node with one source in another state."""
    return replace(
        model,
        sources=tuple(
            replace(s, state=state, reason=why) if s.name == name else s
            for s in model.sources
        ),
    )
