"""What a demo node is made of, as data, and the names that follow from it."""

from __future__ import annotations

import hashlib
import ipaddress
import uuid
from dataclasses import dataclass

TRAFFIC_PORT = 4000
"""The UDP port of all made traffic; it never leaves the demo."""
GATEWAY = "gateway"
"""Where a flow to the subnet's gateway goes."""
GATEWAY_ADDRESS = "10.128.0.1"
POD_PREFIX = 23
"""Prefix length of a node's pod subnet: OpenShift SDN's default, 9 bits for hosts."""
POD_MTU = 1450
"""1500 less VXLAN's 50 bytes."""
DOCKER_GATEWAY = "172.17.0.1"
DOCKER_PREFIX = 16
DOCKER_MTU = 1500
LEAKED_POD = "shop/web-6d4b75cb6d-zzk8q"
"""A pod that is gone, though its port is not."""
LEAKED_ADDRESS = "10.128.0.24"
LEAKED_PIN = "/run/netns/6f1d6c0e-2a57-4c53-9b8e-7f0f3f6f9a11"
"""Keeps the gone pod's namespace, named by a uuid as CRI-O's pinns names it."""
LOOSE_PIN = "/run/netns/vpn"
"""A namespace made by hand, as `ip netns add vpn` does; no process is in it."""
LOOSE_LINKS = ("vpn0", "vpn1")
"""Its veth: on the node, and inside."""
LOOSE_ADDRESSES = ("192.168.100.1", "192.168.100.2")
"""In the same order."""
LINK_PREFIX = 30
"""Prefix length of a link with two ends."""


def digest(*parts: str) -> str:
    """Return 64 hexadecimal digits, the same for the same parts on every run."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


def veth_name(key: str) -> str:
    """Return the host end's name for a pod, as CNI's ip.SetupVeth shapes it."""
    return "veth" + digest("veth", key)[:8]


def mac_of(address: str) -> str:
    """Return the MAC that OpenShift SDN gives an IPv4 address: 0a:58 and its bytes."""
    return ipaddress.IPv4Address(address).packed.hex(":").join(("0a:58:", ""))


@dataclass(frozen=True, slots=True)
class Flow:
    """Datagrams that a program sends all the time."""

    to: str
    """The title of the pod that receives them, or GATEWAY."""
    per_second: int
    size: int
    """Bytes of payload."""


@dataclass(frozen=True, slots=True)
class Program:
    """A process that a demo container shows, and what it does."""

    arguments: tuple[str, ...]
    """What /proc/PID/cmdline shows."""
    name: str = ""
    """What comm shows; empty for the first argument's file name."""
    uid: int = 0
    children: tuple[Program, ...] = ()
    flows: tuple[Flow, ...] = ()
    answers: int | None = None
    """Bytes of each answer on TRAFFIC_PORT, 0 for silence; None does not listen."""
    burns: int = 0
    """Milliseconds of CPU time per second."""
    holds: int = 0
    """Mebibytes of memory beyond what each has."""
    lives: float | None = None
    """Seconds until it ends by itself, with exit code 1; None for ever."""
    zombie: bool = False
    """Claims that it ends at once and that its parent never waits for it."""

    @property
    def comm(self) -> str:
        """Return the name that the kernel would give it."""
        return self.name or self.arguments[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class DemoContainer:
    """A container of the plan."""

    name: str
    image: str
    program: Program
    execs: tuple[Program, ...] = ()
    """Started as `docker exec` does: in the container, but not by its tree."""
    exit_code: int | None = None
    """How it ended before the demo began; None for one that runs."""
    attempt: int = 0
    """How many runs of it there were before this one."""


@dataclass(frozen=True, slots=True)
class DemoPod:
    """A pod of the plan, or with no namespace a plain Docker container."""

    name: str
    namespace: str
    containers: tuple[DemoContainer, ...]
    address: str = ""
    """IPv4; empty for the node's own network, or for a pod that has ended."""
    age: int = 3600
    """Seconds since it was made."""
    ended: bool = False
    noted: str = ""
    """The address in the row of its OVS port; empty for its own, as it should be."""

    @property
    def title(self) -> str:
        """Return namespace/name, or the name of a plain container."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    @property
    def uid(self) -> str:
        """Return the pod's uid in the API's form."""
        return str(uuid.UUID(digest("uid", self.title)[:32], version=4))

    @property
    def sandbox_id(self) -> str:
        """Return the id of the container that holds the pod's namespaces."""
        kind = "sandbox" if self.namespace else "container"
        last = "" if self.namespace else self.containers[0].name
        return digest(kind, self.title, last)

    @property
    def host_network(self) -> bool:
        """Claim that the pod uses the node's own network namespace."""
        return not self.address and not self.ended

    @property
    def pin(self) -> str:
        """Return the file that keeps the network namespace, as dockerd names it."""
        return f"/run/docker/netns/{digest('netns', self.title)[:12]}"

    @property
    def veth(self) -> str:
        """Return the host end's name."""
        return veth_name(self.title)

    def container_id(self, container: DemoContainer) -> str:
        """Return 64 hexadecimal digits."""
        return digest("container", self.title, container.name)


@dataclass(frozen=True, slots=True)
class Wire:
    """A veth between two pods, as a Multus network of CNI meshnet makes one."""

    ifname: str
    """Its name in both pods."""
    ends: tuple[tuple[DemoPod, str], tuple[DemoPod, str]]
    """Each pod with its address there."""


def target_address(to: str, pods: tuple[DemoPod, ...]) -> str:
    """Return the address that a flow goes to, always one inside the demo.

    Raises:
        KeyError: no such pod, or one without an address of its own.
    """
    addresses = {pod.title: pod.address for pod in pods if pod.address}
    return GATEWAY_ADDRESS if to == GATEWAY else addresses[to]
