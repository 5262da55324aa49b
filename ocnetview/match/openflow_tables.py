"""What the tables of a bridge are for, where its layout is known.

OpenShift SDN: pkg/network/node/ovscontroller.go of openshift/sdn (rule version 14)
and openshift/origin (rule version 6), told apart by the note in table 253. OVN:
controller/lflow.h and ovn-architecture(7); the numbers between the two pipelines are
others in each release, so nothing is said of those. OVN-Kubernetes' external bridge:
go-controller/pkg/node/bridgeconfig/bridgeflows.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ocnetview.facts.openflow import FlowEntry
from ocnetview.frozen import dataclass
from ocnetview.match.openflow import NOTE_TABLE, Layout

_NOTE = re.compile(r"note:([0-9a-fA-F]{2})\.([0-9a-fA-F]{2})(?:\.|$)")
_PLUGINS = {0: "subnet", 1: "multitenant", 2: "networkpolicy"}
_OLD, _NEW = 6, 13
"""The last rule version seen with the old layout, the first one with the new."""
_SDN = {
    0: "dispatch by port; untracked IP to conntrack",
    10: "from other nodes (vxlan0): is the sender a known node",
    20: "from pods: is the address the port's own; sets the VNID",
    25: "service traffic that came back by tun0; sets the VNID again",
    40: "ARP to a pod of this node",
    50: "ARP to a pod of another node",
    60: "to a service: out by tun0",
    70: "IP to a pod of this node: its VNID and port",
    80: "may it come in: policy or tenant, then out by the port",
    90: "IP to a pod of another node",
    110: "multicast from pods: may the namespace",
    111: "multicast to other nodes",
    120: "multicast to the pods of this node",
    NOTE_TABLE: "the version of these rules",
}
_SDN_OLD = {
    21: "from pods: connection tracking",
    30: "routing",
    100: "egress addresses",
    101: "egress network policy, then out by tun0",
}
_SDN_BETWEEN = {
    21: "from pods: connection tracking",
    27: "may it go out: egress part of network policies",
    30: "routing",
    31: "routing",
    99: "egress, before its policy",
    100: "egress: policy or addresses",
    101: "egress: policy or addresses, then out by tun0",
}
_SDN_NEW = {
    27: "may it go out: egress part of network policies",
    30: "connection tracking",
    31: "routing",
    99: "egress, before its policy: DNS of the node",
    100: "egress network policy",
    101: "egress addresses, else out by tun0",
}
_OVN_INT = {
    0: "physical to logical: port to network and logical port",
    64: "before a logical port that sends back where it came from",
    65: "logical to physical: out by the port",
    66: "address to MAC, as learned",
    67: "address to MAC, looked up",
    71: "MAC to port, as learned",
    72: "MAC to port, looked up",
    73: "port security of what a port sends",
    74: "port security of neighbour discovery",
    75: "port security of what a port gets",
}
_OVN_INGRESS, _OVN_BETWEEN = range(8, 37), range(37, 64)
_OVN_EX = {
    0: "dispatch by port",
    1: "from outside: to OVN or to the node, by connection",
    2: "from the node to OVN",
    3: "from OVN to the node",
    4: "from OVN to the node for a service that leads back to OVN",
    5: "the node's replies to those",
    11: "too big packets to the node, all others to OVN",
}
_COOKIES = {
    0xDEFF105: "OVN-Kubernetes' usual flows",
    0xE745ECF105: "OVN-Kubernetes: services with externalTrafficPolicy Local",
}


@dataclass(frozen=True, slots=True)
class Note:
    """What table 253 says: the SDN's plugin, and the version of its rules."""

    plugin: int
    version: int

    @property
    def text(self) -> str:
        """Return it in words."""
        plugin = _PLUGINS.get(self.plugin, f"unknown plugin {self.plugin}")
        return f"{plugin}, rule version {self.version}"

    @property
    def reloads(self) -> bool:
        """Claim that every pod has an entry in table 25."""
        return self.version >= _NEW or _PLUGINS.get(self.plugin) == "networkpolicy"


def note_of(entries: Iterable[FlowEntry]) -> Note | None:
    """Return the note; None where it is absent: the SDN never finished its setup."""
    for entry in entries:
        if entry.table == NOTE_TABLE and (found := _NOTE.match(entry.actions)):
            return Note(int(found[1], 16), int(found[2], 16))
    return None


def meaning(layout: Layout, table: int, note: Note | None) -> str:
    """Return what a table is for; empty where that is not known for sure."""
    match layout:
        case Layout.SDN:
            return _SDN.get(table) or _sdn(note).get(table, "")
        case Layout.OVN_INT:
            return _ovn_int(table)
        case Layout.OVN_EX:
            return _OVN_EX.get(table, "")
        case Layout.OTHER:
            return ""


def _sdn(note: Note | None) -> Mapping[int, str]:
    """Return what the tables are for that changed their meaning."""
    if note is None or _OLD < note.version < _NEW:
        return _SDN_BETWEEN
    return _SDN_OLD if note.version <= _OLD else _SDN_NEW


def _ovn_int(table: int) -> str:
    if table in _OVN_INGRESS:
        return f"logical ingress, its table {table - _OVN_INGRESS.start}"
    if table in _OVN_BETWEEN:
        return "between: end of logical ingress, output, or logical egress"
    return _OVN_INT.get(table, "")


def cookie_text(layout: Layout, cookie: int) -> str:
    """Return whose an entry is, where its cookie tells."""
    return _COOKIES.get(cookie, "") if layout is Layout.OVN_EX else ""
