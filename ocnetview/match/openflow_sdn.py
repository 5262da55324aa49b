"""OpenShift SDN's entries of a pod: which there must be, and which contradict it.

A healthy pod has two entries in table 20 and one each in 25, 40 and 70
(setupPodFlows in pkg/network/node/ovscontroller.go of openshift/sdn).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping

from ocnetview.facts.openflow import FlowEntry
from ocnetview.frozen import dataclass
from ocnetview.match.ofports import ofport_of, ofport_text
from ocnetview.match.openflow import Wired
from ocnetview.match.openflow_tables import Note
from ocnetview.match.openflow_text import actions_of, fields_of

PRIORITY = 100
"""Of all entries that are a pod's."""
_TO_REG2 = re.compile(
    r"(?:load:|set_field:)(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})->(?:NXM_NX_REG2\[\]|reg2)"
)
_TO_VNID = re.compile(
    r"(?:load:|set_field:)(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})"
    r"->(?:NXM_NX_REG[01]\[\]|reg[01])"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """An entry that a pod must have."""

    table: int
    match: str
    """As it is to be written."""
    needed: tuple[tuple[str, str], ...]
    """The fields that make it this entry, whatever else it has."""
    leads: bool = False
    """Claims that its actions lead to the pod's port."""


def rules_of(wired: Wired, note: Note | None) -> tuple[Rule, ...]:
    """Return the entries that a pod must have; without a note those of all versions."""
    if wired.ofport is None or not wired.expected:
        return ()
    port = ofport_text(wired.ofport)
    found: list[Rule] = []
    for address in filter(_is_ipv4, wired.addresses):
        mac = ipaddress.IPv4Address(address).packed.hex(":")
        sender = f"arp_sha=00:00:{mac}/00:00:ff:ff:ff:ff"
        arp = f"arp,in_port={port},arp_spa={address},{sender}"
        at, spa, tpa = ("in_port", port), ("arp_spa", address), ("arp_tpa", address)
        source, target = ("nw_src", address), ("nw_dst", address)
        found += (
            Rule(20, arp, (("arp", ""), at, spa)),
            Rule(20, f"ip,in_port={port},nw_src={address}", (("ip", ""), at, source)),
        )
        if note and note.reloads:
            found.append(Rule(25, f"ip,nw_src={address}", (("ip", ""), source)))
        found += (
            Rule(40, f"arp,arp_tpa={address}", (("arp", ""), tpa), leads=True),
            Rule(70, f"ip,nw_dst={address}", (("ip", ""), target), leads=True),
        )
    return tuple(found)


def _is_ipv4(address: str) -> bool:
    try:
        ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return True


def missing(
    entries: Iterable[FlowEntry], wired: Wired, note: Note | None
) -> tuple[Rule, ...]:
    """Return the entries that a pod must have and has not."""
    there = tuple(entries)
    return tuple(
        rule
        for rule in rules_of(wired, note)
        if not any(_is(entry, rule, wired) for entry in there)
    )


def _is(entry: FlowEntry, rule: Rule, wired: Wired) -> bool:
    """Claim that an entry is the one that a rule wants."""
    if entry.table != rule.table:
        return False
    fields = fields_of(entry.match)
    fits = all(fields.get(name) == value for name, value in rule.needed)
    return fits and (not rule.leads or leads_to(entry) == wired.ofport)


def leads_to(entry: FlowEntry) -> int | None:
    """Return the one port that an entry of table 40 or 70 leads to."""
    if found := _TO_REG2.search(entry.actions):
        return ofport_of(found[1].casefold())
    ports = [
        a.partition(":")[2] for a in actions_of(entry.actions) if a[:7] == "output:"
    ]
    return ofport_of(ports[0]) if len(ports) == 1 else None


def contradiction(entry: FlowEntry, wired: Wired, names: Mapping[int, str]) -> str:
    """Return why an entry cannot be right beside where the pod is; empty: it can.

    What a pod left behind whose address or port is another's by now stays until
    somebody deletes it.
    """
    if wired.ofport is None or not wired.expected:
        return ""
    return next(_contradictions(entry, wired, names), "")


def _contradictions(
    entry: FlowEntry, wired: Wired, names: Mapping[int, str]
) -> Iterator[str]:
    """Yield what is wrong with an entry."""
    fields = fields_of(entry.match)
    if entry.table == 20 and "in_port" in fields:  # noqa: PLR2004 - from pods
        source = fields.get("nw_src") or fields.get("arp_spa")
        port = ofport_of(fields["in_port"])
        if source in wired.addresses and port != wired.ofport:
            yield f"stale: lets {_named(port, names)} use this pod's address"
        elif port == wired.ofport and source and source not in wired.addresses:
            yield f"stale: lets this port use {source}, which the pod has not"
    if entry.table in (40, 70) and entry.priority == PRIORITY:
        target = fields.get("nw_dst") or fields.get("arp_tpa")
        port = leads_to(entry)
        if target in wired.addresses and port not in (None, wired.ofport):
            yield f"stale: leads to {_named(port, names)}"
        elif port == wired.ofport and target and target not in wired.addresses:
            yield f"stale: leads here for {target}, which the pod has not"


def _named(port: int | None, names: Mapping[int, str]) -> str:
    if port is None:
        return "an unknown port"
    name = names.get(port)
    return f"port {port} ({name or 'there is no such port'})"


def vnid_of(entries: Iterable[FlowEntry], wired: Wired) -> int | None:
    """Return the pod's VNID: what table 20 sets for what comes from its port."""
    for entry in entries:
        fields = fields_of(entry.match)
        mine = wired.ofport is not None and fields.get("in_port") == ofport_text(
            wired.ofport
        )
        if entry.table == 20 and mine and (found := _TO_VNID.search(entry.actions)):  # noqa: PLR2004 - from pods
            return ofport_of(found[1].casefold())
    return None
