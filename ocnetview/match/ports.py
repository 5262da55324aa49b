"""Port of an OVS or Linux bridge <-> host link."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from ocnetview.facts import Link, OvsBridge, OvsFacts, OvsInterface, OvsPort
from ocnetview.model import Bridge, BridgeKind, Port

VXLAN_PORT = "4789"
GENEVE_PORT = "6081"
"""The UDP ports that OVS uses where options:dst_port says nothing."""
_WITH_DEVICE = frozenset({"", "system", "internal", "tap"})
"""Types of interfaces that have a netdev of their own name on the host."""


def link_state(link: Link) -> str:
    """Return a link's state in a word: IFF_UP first, then the kernel's operstate.

    Virtual devices report `unknown` for good; up is what that means there.
    """
    if not link.up:
        return "down"
    return "up" if link.operstate == "unknown" else str(link.operstate)


def match_ports(
    ovs: Iterable[OvsFacts], links: Iterable[Link] | None
) -> tuple[Bridge, ...]:
    """Return every bridge with its ports, each port with its link on the host.

    OVS names a system or internal port after its netdev, so the name is the key,
    and the ifindex must agree where OVS knows it. A port without a link is kept:
    a stale port is exactly what the operator came for. `links` is None when the
    kernel was not heard, so that nothing is called stale for want of an answer.
    """
    known = None if links is None else {link.name: link for link in links}
    tunnels = _only_tunnels(ovs)
    switched = [
        _ovs_bridge(bridge, known, tunnels) for facts in ovs for bridge in facts.bridges
    ]
    bridged = _linux_bridges(known or {})
    return tuple(
        sorted([*switched, *bridged], key=lambda b: (b.kind == "linux", b.name))
    )


def device_name(interface: OvsInterface, only_tunnels: frozenset[str]) -> str:
    """Return the name of the netdev that carries an interface; empty for none.

    All tunnels of one type and UDP port share one `vxlan_sys_4789`: its counters
    are a port's own only where that port is the only such one.
    """
    if interface.type in _WITH_DEVICE:
        return interface.name
    device = _tunnel_device(interface)
    return device if device in only_tunnels else ""


def _tunnel_device(interface: OvsInterface) -> str:
    """Return the name of the kernel device below a tunnel interface."""
    if interface.type == "vxlan":
        return f"vxlan_sys_{interface.options.get('dst_port', VXLAN_PORT)}"
    if interface.type == "geneve":
        return f"genev_sys_{interface.options.get('dst_port', GENEVE_PORT)}"
    return ""


def _only_tunnels(ovs: Iterable[OvsFacts]) -> frozenset[str]:
    """Return the tunnel devices that carry a single interface."""
    carried = Counter(
        _tunnel_device(interface)
        for facts in ovs
        for bridge in facts.bridges
        for port in bridge.ports
        for interface in port.interfaces
    )
    return frozenset(device for device, count in carried.items() if count == 1)


def _ovs_bridge(
    bridge: OvsBridge, known: dict[str, Link] | None, tunnels: frozenset[str]
) -> Bridge:
    """Return an OVS bridge with its ports in OpenFlow order."""
    ports = [
        _ovs_port(bridge, port, interface, known, tunnels)
        for port in bridge.ports
        for interface in port.interfaces
    ]
    ports.sort(key=lambda p: (p.ofport is None or p.ofport < 0, p.ofport or 0, p.name))
    return Bridge(
        bridge.name,
        BridgeKind.OVS,
        tuple(ports),
        link=(known or {}).get(bridge.name),
        datapath_type=bridge.datapath_type,
        fail_mode=bridge.fail_mode,
        external_ids=bridge.external_ids,
        protocols=bridge.protocols,
    )


def _ovs_port(
    bridge: OvsBridge,
    port: OvsPort,
    interface: OvsInterface,
    known: dict[str, Link] | None,
    tunnels: frozenset[str],
) -> Port:
    """Return one interface of OVSDB as a port, with the link that it names."""
    name = device_name(interface, tunnels)
    link = (known or {}).get(name)
    has_device = interface.type in _WITH_DEVICE
    gone = has_device and link is None and _is_gone(interface, heard=known is not None)
    error = interface.error
    if gone and not error:
        error = "no such device in the kernel"
    elif link and has_device and interface.ifindex not in (None, 0, link.ifindex):
        error = error or f"OVS holds ifindex {interface.ifindex}, not {link.ifindex}"
    return Port(
        bridge=bridge.name,
        datapath=BridgeKind.OVS,
        name=interface.name,
        type=interface.type or "system",
        ofport=interface.ofport,
        tag=port.tag,
        link=link,
        state="no device" if gone else _ovs_state(interface, link),
        error=error,
        trunks=port.trunks,
        ovs=interface,
    )


def _is_gone(interface: OvsInterface, *, heard: bool) -> bool:
    """Claim that the device of an interface without a link does not exist.

    OVS says so itself, or the kernel, if it was heard. But an internal device may
    have been moved to another namespace (Neutron does that); then OVS sees it up.
    """
    if interface.ofport == -1 or interface.error:
        return True
    elsewhere = interface.type in ("internal", "tap") and interface.link_state == "up"
    return heard and not elsewhere


def _ovs_state(interface: OvsInterface, link: Link | None) -> str:
    """Return what the kernel says of the port's device, else what OVS says."""
    if interface.ofport == -1:
        return "error"
    if link is not None:
        return link_state(link)
    if interface.admin_state == "down":
        return "down"
    return interface.link_state or interface.admin_state


def _linux_bridges(known: dict[str, Link]) -> Iterator[Bridge]:
    """Yield the kernel's own bridges with their ports by ifindex."""
    slaves: dict[int | None, list[Link]] = defaultdict(list)
    for link in known.values():
        slaves[link.master].append(link)
    for bridge in known.values():
        if bridge.kind != "bridge":
            continue
        ports = tuple(
            Port(
                bridge=bridge.name,
                datapath=BridgeKind.LINUX,
                name=link.name,
                type=link.kind or "system",
                tag=link.pvid,
                link=link,
                state=link_state(link),
            )
            for link in sorted(slaves[bridge.ifindex], key=lambda link: link.ifindex)
        )
        yield Bridge(bridge.name, BridgeKind.LINUX, ports, link=bridge)
