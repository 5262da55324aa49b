"""The demo's links: pods' namespaces with veths, and bridges to put them on."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocnetview.demo import kernel
from ocnetview.demo.plan import (
    DOCKER_GATEWAY,
    DOCKER_MTU,
    DOCKER_PREFIX,
    GATEWAY_ADDRESS,
    LEAKED_ADDRESS,
    LEAKED_PIN,
    LEAKED_POD,
    LINK_PREFIX,
    LOOSE_ADDRESSES,
    LOOSE_LINKS,
    LOOSE_PIN,
    POD_MTU,
    POD_PREFIX,
    DemoPod,
    Wire,
    mac_of,
    veth_name,
)

if TYPE_CHECKING:
    from pyroute2 import IPRoute

BRIDGE = "br0"
_DOCKER_BRIDGE = "docker0"
_PIN_FOLDERS = ("/run/netns", "/run/docker/netns")
_OWN_NETNS = "/proc/self/ns/net"
_VXLAN_PORT = 4789
_NEAR_INDEX = 20
"""Not the other end's: of equal ones link_watch.c tells the carrier a second late."""
_SIOCETHTOOL = 0x8946
_ETHTOOL_STXCSUM = 0x17


@contextmanager
def _netlink() -> Iterator[IPRoute]:
    """Give a route socket of the namespace that we are in now."""
    from pyroute2 import IPRoute  # noqa: PLC0415 - costs 0.2 s, and only here

    with IPRoute() as netlink:
        yield netlink


def _index(netlink: IPRoute, name: str) -> int:
    """Return a link's ifindex.

    Raises:
        OSError: there is no such link.
    """
    found: Sequence[int] = netlink.link_lookup(ifname=name)
    if not found:
        raise OSError(f"no link {name}")
    return found[0]


def _up(netlink: IPRoute, name: str, **more: object) -> int:
    """Change a link and set it up; return its ifindex."""
    index = _index(netlink, name)
    netlink.link("set", index=index, state="up", **more)
    return index


def _pin(path: str) -> None:
    """Keep our network namespace by a file, as ip-netns(8) and dockerd do."""
    Path(path).touch(mode=0o444)
    kernel.mount(_OWN_NETNS, path, "none", kernel.Mount.BIND)


def _software_checksums(name: str) -> None:
    """Have the kernel write whole checksums on what this link sends.

    A veth leaves them to hardware that is not there, and OVS's userspace
    datapath passes such packets on as they are, so the receiver drops them.
    """
    value = array("I", [_ETHTOOL_STXCSUM, 0])
    request = struct.pack("16sP", name.encode(), value.buffer_info()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCETHTOOL, request.ljust(40, b"\0"))


@contextmanager
def _opened(netns: str) -> Iterator[int]:
    """Give a descriptor of a network namespace."""
    fd = os.open(netns, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield fd
    finally:
        os.close(fd)


@contextmanager
def _inside(node: int, pin: str) -> Iterator[IPRoute]:
    """Go to the namespace of a pin, new where there is none; back to the node's."""
    new = not Path(pin).exists()
    if new:
        kernel.unshare(kernel.Clone.NEWNET)
    else:
        with _opened(pin) as fd:
            kernel.setns(fd, kernel.Clone.NEWNET)
    try:
        if new:
            _pin(pin)
        with _netlink() as netlink:
            yield netlink
    finally:
        kernel.setns(node, kernel.Clone.NEWNET)


def _add_namespace(node: int, pin: str, veth: str, address: str, mtu: int) -> None:
    """Make a pod's namespace with eth0, whose other end is in the node's."""
    docker = mtu == DOCKER_MTU
    prefix, gateway = (
        (DOCKER_PREFIX, DOCKER_GATEWAY) if docker else (POD_PREFIX, GATEWAY_ADDRESS)
    )
    with _inside(node, pin) as netlink:
        netlink.link(
            "add",
            ifname="eth0",
            kind="veth",
            address=mac_of(address),
            mtu=mtu,
            peer={"ifname": veth, "mtu": mtu, "net_ns_fd": node},
        )
        _up(netlink, "lo")
        _add_address(netlink, "eth0", address, prefix)
        netlink.route("add", dst="default", gateway=gateway)
        _software_checksums("eth0")


def add_pods(pods: Sequence[DemoPod], wires: Sequence[Wire]) -> None:
    """Make the namespace and the veth of each pod that has an address, and the wires.

    Raises:
        OSError: the kernel refused a namespace, a mount or a link.
    """
    for folder in _PIN_FOLDERS:
        Path(folder).mkdir(parents=True, exist_ok=True)
    _pin("/run/docker/netns/default")
    with _opened(_OWN_NETNS) as node:
        with _netlink() as netlink:
            _up(netlink, "lo")
        for pod in pods:
            if pod.address:
                mtu = POD_MTU if pod.namespace else DOCKER_MTU
                _add_namespace(node, pod.pin, pod.veth, pod.address, mtu)
        for wire in wires:
            _add_wire(node, wire)


def _add_wire(node: int, wire: Wire) -> None:
    """Join two pods by a veth."""
    (one, address), (other, far_address) = wire.ends
    with _opened(other.pin) as there, _inside(node, one.pin) as netlink:
        netlink.link(
            "add",
            ifname=wire.ifname,
            index=_NEAR_INDEX,
            kind="veth",
            address=mac_of(address),
            peer={
                "ifname": wire.ifname,
                "address": mac_of(far_address),
                "net_ns_fd": there,
            },
        )
        _add_address(netlink, wire.ifname, address, LINK_PREFIX)
    with _inside(node, other.pin) as netlink:
        _add_address(netlink, wire.ifname, far_address, LINK_PREFIX)


def add_loose_namespace() -> None:
    """Make a namespace that nobody is in, with a veth to the node and on no bridge.

    Raises:
        OSError: the kernel refused a namespace, a mount or a link.
    """
    (here, there), (address, far_address) = LOOSE_LINKS, LOOSE_ADDRESSES
    with _opened(_OWN_NETNS) as node:
        with _inside(node, LOOSE_PIN) as netlink:
            peer = {"ifname": here, "net_ns_fd": node}
            netlink.link("add", ifname=there, kind="veth", peer=peer)
            _up(netlink, "lo")
            _add_address(netlink, there, far_address, LINK_PREFIX)
        with _netlink() as netlink:
            _add_address(netlink, here, address, LINK_PREFIX)


def _add_bridge(netlink: IPRoute, name: str) -> int:
    """Make a Linux bridge, up, and return its ifindex."""
    netlink.link("add", ifname=name, kind="bridge")
    return _up(netlink, name)


def _add_address(netlink: IPRoute, name: str, address: str, prefix: int) -> None:
    """Set a link up with an address."""
    index = _up(netlink, name)
    netlink.addr("add", index=index, address=address, prefixlen=prefix)


def add_docker_bridge(pods: Sequence[DemoPod]) -> None:
    """Make docker0 and put the plain containers on it.

    Raises:
        OSError: the kernel refused a link.
    """
    with _netlink() as netlink:
        bridge = _add_bridge(netlink, _DOCKER_BRIDGE)
        _add_address(netlink, _DOCKER_BRIDGE, DOCKER_GATEWAY, DOCKER_PREFIX)
        for pod in pods:
            if pod.address and not pod.namespace:
                _up(netlink, pod.veth, master=bridge)


def set_up(pods: Sequence[DemoPod]) -> None:
    """Set the pods' host ends and the gateway up, for a switch that is not Linux's.

    Raises:
        OSError: a link is not there.
    """
    with _netlink() as netlink:
        for pod in pods:
            if pod.address and pod.namespace:
                _up(netlink, pod.veth)
        _add_address(netlink, "tun0", GATEWAY_ADDRESS, POD_PREFIX)


def await_carrier(pods: Sequence[DemoPod]) -> None:
    """Wait until the kernel shows the pods' links as up, or for two seconds.

    It notes a new carrier at most once per second (net/core/link_watch.c), and
    a link that looks down would be the first thing to see on a sound node.
    """
    names = {pod.veth for pod in pods if pod.address} | {LOOSE_LINKS[0]}
    end = time.monotonic() + 2
    with _netlink() as netlink:
        while time.monotonic() < end:
            links = netlink.get_links()
            ours = [each for each in links if each.get("ifname") in names]
            if all(each.get("operstate") == "UP" for each in ours):
                return
            time.sleep(0.05)


def add_linux_bridge(pods: Sequence[DemoPod]) -> None:
    """Make br0 of the kernel's own bridge: tunnel, gateway, pods and a leak.

    Raises:
        OSError: the kernel refused a link.
    """
    leaked = veth_name(LEAKED_POD)
    with _opened(_OWN_NETNS) as node:
        _add_namespace(node, LEAKED_PIN, leaked, LEAKED_ADDRESS, POD_MTU)
    with _netlink() as netlink:
        bridge = _add_bridge(netlink, BRIDGE)
        _add_vxlan(netlink, bridge)
        netlink.link("add", ifname="tun0", kind="veth", peer={"ifname": "gw0"})
        for name in ("tun0", "gw0"):
            netlink.link("set", index=_index(netlink, name), mtu=POD_MTU)
        _up(netlink, "tun0", master=bridge)
        _add_address(netlink, "gw0", GATEWAY_ADDRESS, POD_PREFIX)
        for pod in pods:
            if pod.address and pod.namespace:
                _up(netlink, pod.veth, master=bridge)
        _up(netlink, leaked, master=bridge)


def _add_vxlan(netlink: Any, bridge: int) -> None:  # noqa: ANN401 - untyped library
    """Put a VXLAN device on the bridge; a kernel without any goes without."""
    with contextlib.suppress(_netlink_error()):
        netlink.link(
            "add", ifname="vxlan0", kind="vxlan", vxlan_id=1, vxlan_port=_VXLAN_PORT
        )
        _up(netlink, "vxlan0", master=bridge)


def _netlink_error() -> type[Exception]:
    """Return pyroute2's error for an answer that carries an errno."""
    from pyroute2.netlink.exceptions import (  # noqa: PLC0415 - as in _netlink
        NetlinkError,
    )

    error: type[Exception] = NetlinkError
    return error
