"""Bridges for flows: one as OpenShift SDN has it, one of OpenFlow 1.0, OVN's."""

from __future__ import annotations

HOSTILE = "x actions=drop,output:4"
"""A port's name, with an escape sequence at its end."""
BRIDGES = """
ovs-vsctl -- add-br br0 -- set Bridge br0 datapath_type=netdev fail_mode=secure \\
    protocols=OpenFlow13 \\
  -- add-port br0 vxlan0 -- set Interface vxlan0 type=vxlan ofport_request=1 \\
    options:remote_ip=flow options:key=flow \\
  -- add-port br0 tun0 -- set Interface tun0 type=internal ofport_request=2 \\
  -- add-port br0 "$1" -- set Interface "$1" type=patch ofport_request=3 \\
    options:peer=nowhere \\
  -- add-port br0 veth4 -- set Interface veth4 type=patch ofport_request=4 \\
    options:peer=nowhere
ovs-vsctl -- add-br br10 -- set Bridge br10 datapath_type=netdev fail_mode=secure \\
    protocols=OpenFlow10
ovs-ofctl -O OpenFlow10 add-flow br10 in_port=3,actions=output:4
ovs-vsctl -- add-br br-int -- set Bridge br-int datapath_type=netdev fail_mode=secure \\
  -- add-port br-int 7be093806debefd -- set Interface 7be093806debefd type=patch \\
    options:peer=nowhere ofport_request=7 external_ids:ovn-installed=true
ovs-ofctl del-flows br-int
"""
OVN = """
table=0,priority=100,in_port=7,actions=load:0x13->NXM_NX_REG13[],\
load:0x3->OXM_OF_METADATA[],load:0xb->NXM_NX_REG14[],resubmit(,8)
table=0,priority=100,in_port=70,actions=load:0x3->OXM_OF_METADATA[],\
load:0xc->NXM_NX_REG14[],resubmit(,8)
table=8,priority=50,reg14=0xb,metadata=0x3,dl_src=0a:58:0a:80:00:02,actions=resubmit(,9)
table=8,priority=50,reg14=0xc,metadata=0x3,actions=resubmit(,9)
table=8,priority=50,reg14=0xb,metadata=0x4,actions=resubmit(,9)
table=17,priority=50,ip,metadata=0x9,nw_dst=10.128.0.2,actions=resubmit(,18)
table=48,priority=90,ip,reg15=0xb,metadata=0x3,actions=resubmit(,64)
table=65,priority=100,reg15=0xb,metadata=0x3,actions=output:7
table=65,priority=100,reg15=0xc,metadata=0x3,actions=output:70
"""
"""In the shape of ovn-controller's: two ports, another datapath, a router."""
POD = {
    "bridge": "br0",
    "title": "shop/web",
    "ofport": 3,
    "addresses": ["10.128.0.2"],
    "macs": ["0a:58:0a:80:00:02"],
    "expected": True,
}
OTHER = {**POD, "ofport": 4, "addresses": ["10.128.0.3"], "title": "shop/db"}


def frame() -> str:
    """Return a datagram from 10.128.0.2 to 10.128.0.3 in hexadecimal."""
    ethernet = "0a580a8000030a580a8000020800"
    ip = "4500001c0000400040112673" + "0a800002" + "0a800003"
    return f"{ethernet}{ip}3039003500080000"
