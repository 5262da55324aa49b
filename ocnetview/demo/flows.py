"""The flows of the demo's br0: those of OpenShift SDN, rule version 13, networkpolicy.

As in pkg/network/node/{ovscontroller,networkpolicy}.go of openshift/sdn. One pod has
lost its own: its address is in the row of a neighbour's port, too, and the SDN, which
sets a pod's flows anew by that row, has set the neighbour's in their place.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from ocnetview.demo.plan import GATEWAY_ADDRESS, POD_PREFIX, DemoPod, digest

CLUSTER = "10.128.0.0/14"
SERVICES = "172.30.0.0/16"
SUBNET = str(ipaddress.ip_interface(f"{GATEWAY_ADDRESS}/{POD_PREFIX}").network)
NODE_ADDRESS = "192.0.2.17"
PEER_ADDRESS, PEER_SUBNET = "192.0.2.18", "10.128.2.0/23"
"""Of another node, that there is none of (RFC 5737: TEST-NET-1)."""
GUARDED = "payments/api-"
"""The pod that a NetworkPolicy guards, by the beginning of its title."""
ADMITTED = ("payments", "openshift-monitoring")
"""The namespaces that the policy lets in."""
_VERSION = "02.0D"
_MULTICAST = "224.0.0.0/4"
_TENANT_BITS = 0xFFFFFF
_FROM_TUNNEL = "actions=move:NXM_NX_TUN_ID[0..31]->NXM_NX_REG0[],goto_table:10"
_TO_TUNNEL = (
    "actions=move:NXM_NX_REG0[]->NXM_NX_TUN_ID[0..31],"
    f"set_field:{PEER_ADDRESS}->tun_dst,output:1"
)


def vnid(namespace: str) -> int:
    """Return a namespace's network: 24 bits, those below 10 are not for namespaces."""
    return max(10, int(digest("vnid", namespace)[:6], 16) & _TENANT_BITS)


def flows(pods: Sequence[tuple[int, DemoPod]]) -> Iterator[str]:
    """Yield the flows of these pods, each with its port, as ovs-ofctl takes them."""
    yield from _dispatch()
    yield from _routing()
    yield from _egress()
    yield from _peer()
    taken = {pod.noted for _, pod in pods if pod.noted}
    for ofport, pod in pods:
        if pod.address not in taken:
            yield from _pod(ofport, pod.address, vnid(pod.namespace))
        if pod.noted:
            yield from _pod(ofport, pod.noted, vnid(pod.namespace))
    yield from _policies([pod for _, pod in pods])
    yield f"table=253,actions=note:{_VERSION}"


def _dispatch() -> Iterator[str]:
    """Yield what tells by the port where a packet goes on."""
    yield "table=0,priority=1000,ip,ct_state=-trk,actions=ct(table=0)"
    tunnel, gateway = "table=0,priority=200,in_port=1", "table=0,priority=200,in_port=2"
    yield f"{tunnel},arp,arp_spa={CLUSTER},arp_tpa={SUBNET},{_FROM_TUNNEL}"
    yield f"{tunnel},ip,nw_src={CLUSTER},{_FROM_TUNNEL}"
    yield f"{tunnel},ip,nw_dst={CLUSTER},{_FROM_TUNNEL}"
    yield "table=0,priority=150,in_port=1,actions=drop"
    own = f"table=0,priority=400,in_port=2,ip,nw_src={GATEWAY_ADDRESS}"
    yield f"{own},actions=goto_table:30"
    back = f"table=0,priority=300,in_port=2,ip,nw_src={SUBNET},nw_dst={CLUSTER}"
    yield f"{back},actions=goto_table:25"
    yield f"table=0,priority=250,in_port=2,ip,nw_dst={_MULTICAST},actions=drop"
    asking = f"{gateway},arp,arp_spa={GATEWAY_ADDRESS},arp_tpa={CLUSTER}"
    yield f"{asking},actions=goto_table:30"
    yield f"{gateway},ip,actions=goto_table:30"
    yield "table=0,priority=150,in_port=2,actions=drop"
    yield "table=0,priority=100,arp,actions=goto_table:20"
    yield "table=0,priority=100,ip,actions=goto_table:20"
    yield "table=20,priority=300,udp,udp_dst=4789,actions=drop"
    for table in (0, 10, 20, 25, 27, 40, 50, 70, 80, 90, 110, 120):
        yield f"table={table},priority=0,actions=drop"


def _routing() -> Iterator[str]:
    """Yield what tells by the address where a packet goes on."""
    within = f"table=30,priority=100,ip,ct_state=-rpl,nw_src={CLUSTER},nw_dst={CLUSTER}"
    yield f"{within},actions=ct(commit,table=31)"
    yield "table=30,priority=0,actions=goto_table:31"
    for protocol, field, local, remote in (
        ("arp", "arp_tpa", 40, 50),
        ("ip", "nw_dst", 70, 90),
    ):
        at = f"{protocol},{field}"
        yield f"table=31,priority=300,{at}={GATEWAY_ADDRESS},actions=output:2"
        yield f"table=31,priority=200,{at}={SUBNET},actions=goto_table:{local}"
        yield f"table=31,priority=100,{at}={CLUSTER},actions=goto_table:{remote}"
    reply = f"table=31,priority=250,ip,ct_state=+rpl,nw_dst={SUBNET}"
    yield f"{reply},actions=ct(nat,table=70)"
    yield f"table=31,priority=100,ip,nw_dst={SERVICES},actions=goto_table:60"
    cast = f"ip,nw_dst={_MULTICAST}"
    yield f"table=31,priority=50,in_port=1,{cast},actions=goto_table:120"
    yield f"table=31,priority=25,{cast},actions=goto_table:110"
    yield "table=31,priority=0,ip,actions=goto_table:99"
    yield "table=31,priority=0,arp,actions=drop"
    yield "table=60,priority=200,actions=output:2"


def _egress() -> Iterator[str]:
    """Yield what leads out of the cluster."""
    for protocol in ("tcp", "udp"):
        asked = f"{protocol},{protocol}_dst=53,nw_dst={NODE_ADDRESS}"
        yield f"table=99,priority=200,{asked},actions=output:2"
    yield "table=99,priority=0,actions=goto_table:100"
    yield "table=100,priority=0,actions=goto_table:101"
    yield "table=101,priority=150,ct_state=+rpl,actions=output:2"
    yield "table=101,priority=0,actions=output:2"


def _peer() -> Iterator[str]:
    """Yield what leads to the other node, and back."""
    cookie = f"cookie=0x{digest('hostsubnet', PEER_ADDRESS)[:8]}"
    known = f"table=10,priority=100,tun_src={PEER_ADDRESS}"
    yield f"{cookie},{known},actions=goto_table:30"
    yield f"{cookie},table=50,priority=100,arp,arp_tpa={PEER_SUBNET},{_TO_TUNNEL}"
    yield f"{cookie},table=90,priority=100,ip,nw_dst={PEER_SUBNET},{_TO_TUNNEL}"
    yield f"table=111,priority=100,{_TO_TUNNEL},goto_table:120"


def _pod(ofport: int, address: str, tenant: int) -> Iterator[str]:
    """Yield what a pod has of its own."""
    mac = ipaddress.IPv4Address(address).packed.hex(":")
    sender = f"arp_spa={address},arp_sha=00:00:{mac}/00:00:ff:ff:ff:ff"
    to_reg0 = f"actions=load:{tenant}->NXM_NX_REG0[]"
    own = f"table=20,priority=100,in_port={ofport}"
    yield f"{own},arp,{sender},{to_reg0},goto_table:30"
    yield f"{own},ip,nw_src={address},{to_reg0},goto_table:27"
    yield f"table=25,priority=100,ip,nw_src={address},{to_reg0},goto_table:27"
    yield f"table=40,priority=100,arp,arp_tpa={address},actions=output:{ofport}"
    to = f"actions=load:{tenant}->NXM_NX_REG1[],load:{ofport}->NXM_NX_REG2[]"
    yield f"table=70,priority=100,ip,nw_dst={address},{to},goto_table:80"


def _policies(pods: Sequence[DemoPod]) -> Iterator[str]:
    """Yield who may talk to whom."""
    out = "actions=output:NXM_NX_REG2[]"
    yield f"table=27,priority=300,ip,nw_dst={SERVICES},actions=goto_table:30"
    yield "table=27,priority=200,ip,ct_state=+rpl,actions=goto_table:30"
    yield f"table=80,priority=300,ip,nw_src={GATEWAY_ADDRESS},{out}"
    yield f"table=80,priority=200,ip,ct_state=+rpl,{out}"
    for namespace in sorted({pod.namespace for pod in pods}):
        yield f"table=27,priority=50,reg0={vnid(namespace)},actions=goto_table:30"
        yield f"table=80,priority=50,reg1={vnid(namespace)},{out}"
    for pod in pods:
        if pod.title.startswith(GUARDED):
            to = f"reg1={vnid(pod.namespace)},ip,nw_dst={pod.address}"
            for namespace in ADMITTED:
                yield f"table=80,priority=150,reg0={vnid(namespace)},{to},{out}"
            yield f"table=80,priority=100,{to},actions=drop"
