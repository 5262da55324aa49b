"""What stands on the lab's node: its containers, and how each is wired."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

INSIDE = 50003
"""The ifindex of eth0 in every wired container; no pid of the lab is as high.

The first container's host end has it too, so that an index alone says nothing.
"""
PROGRAM = "sh -c 'sleep 100001 & sleep 100002 & wait' & sleep 100003 & wait"
"""Five processes in a tree of three levels."""
HOSTILE = "\x1b[31m[b]"
"""Text that would act on a terminal and on Rich's markup, and fits in an ifname."""
SUBNET = ipaddress.ip_network("10.128.0.0/23")


class Wire(StrEnum):
    """What a container's eth0 is joined to."""

    OVS = "br0"
    LINUX = "lbr0"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A container of the lab as it is meant to be."""

    name: str
    """Docker's name for it."""
    network: str = "none"
    """Docker's network mode; `container:NAME` for another one's namespace."""
    wire: Wire = Wire.NONE
    pod: tuple[str, str, str] | None = None
    """Kubernetes namespace, pod name and uid."""
    container: str = ""
    """The Kubernetes container's name; POD for a sandbox."""
    runs: bool = True
    ip: str = ""
    veth: str = ""
    """The host's end."""
    program: str = PROGRAM
    """What its shell runs."""
    tag: int | None = None

    @property
    def mac(self) -> str:
        """Return eth0's address as OpenShift makes it: 0a:58 and the IPv4 in hex."""
        return ":".join(["0a", "58", *(f"{int(n):02x}" for n in self.ip.split("."))])

    @property
    def sandbox(self) -> str:
        """Return the name of the container whose namespace this one shares."""
        return self.network.removeprefix("container:") if ":" in self.network else ""


def digest(text: str, size: int) -> str:
    """Return this many hexadecimal digits that depend on the text alone."""
    return hashlib.sha256(text.encode()).hexdigest()[:size]


def plain_boxes() -> Iterator[Box]:
    """Yield containers as an administrator starts them, each on br0."""
    odd = {"plain-02": "9e10", "plain-03": "veth[red]"}
    for number in range(16):
        name = f"plain-{number:02d}"
        yield Box(
            name,
            wire=Wire.OVS,
            ip=str(SUBNET[10 + number]),
            veth=odd.get(name, f"veth{digest(name, 8)}"),
            tag=10 if number == 1 else None,
        )


def pod_boxes() -> Iterator[Box]:
    """Yield the sandboxes and containers of pods, named as cri-dockerd names them."""
    pods = {
        ("shop", "cart-6d4f9c7b5-x2x7k"): ("cart", "proxy"),
        ("shop", "web-0"): ("web",),
        ("shop", "web-1"): ("web",),
        ("bank", "web-0"): ("web",),
        ("openshift-dns", "dns-default-9zv2p"): ("dns", "rbac"),
        ("openshift-ingress", "router.default-abcde"): ("router",),
        ("openshift-sdn", "sdn-h7k2q"): ("sdn",),
    }
    for number, ((namespace, pod), containers) in enumerate(pods.items()):
        word = digest(f"{namespace}/{pod}", 32)
        uid = "-".join((word[:8], word[8:12], word[12:16], word[16:20], word[20:]))
        key, tail = (namespace, pod, uid), f"_{pod}_{namespace}_{uid}_0"
        sandbox = f"k8s_POD{tail}"
        if namespace == "openshift-sdn":
            yield Box(sandbox, "host", pod=key, container="POD")
        else:
            veth, ip = f"veth{digest(sandbox, 8)}", str(SUBNET[100 + number])
            yield Box(sandbox, "none", Wire.OVS, key, "POD", ip=ip, veth=veth)
        for name in containers:
            yield Box(
                f"k8s_{name}{tail}", f"container:{sandbox}", pod=key, container=name
            )


BOXES = (
    *plain_boxes(),
    *pod_boxes(),
    Box("sidecar", "container:plain-00"),
    Box("agent", "host"),
    Box("bridged", wire=Wire.LINUX, ip="10.129.0.2", veth="vethlinux"),
    Box("unwired"),
    Box("done", runs=False, program="true"),
    Box(
        "hostile",
        wire=Wire.LINUX,
        ip="10.129.0.3",
        veth=f"v{HOSTILE}",
        program=f": '{HOSTILE}[/b]\x07\x9b'; {PROGRAM}",
    ),
)
"""Every container; a sandbox stands before the containers that join it."""


def labels(box: Box, sandbox_id: str) -> dict[str, str]:
    """Return the labels that cri-dockerd gives; none for a plain container."""
    if box.pod is None:
        return {}
    namespace, name, uid = box.pod
    own = {"io.kubernetes.docker.type": "podsandbox"}
    if box.sandbox:
        own = {
            "io.kubernetes.docker.type": "container",
            "io.kubernetes.sandbox.id": sandbox_id,
        }
    return own | {
        "io.kubernetes.pod.namespace": namespace,
        "io.kubernetes.pod.name": name,
        "io.kubernetes.pod.uid": uid,
        "io.kubernetes.container.name": box.container,
    }
