"""Matches and actions with names: ports as what is behind them, VNIDs as such."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ocnetview.facts.openflow import FlowEntry
from ocnetview.match.ofports import ofport_of, with_names
from ocnetview.match.openflow import Layout

_LOADED = 70
"""OpenShift SDN's table that puts a port into a register."""
_VNID = re.compile(
    r"(?<![a-z_0-9])(load:|set_field:)(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})"
    r"(->(?:NXM_NX_REG[01]\[\]|reg[01]))(?![0-9\[])"
)
_MATCHED = re.compile(
    r"(?<![a-z_0-9])(reg[01]=)(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})(?![/0-9A-Za-z])"
)
GLOBAL = 0
"""The VNID that may talk with all: of namespace default, or of everything."""


def readable(
    text: str,
    table: int,
    layout: Layout,
    names: Mapping[int, str],
    own: int | None = None,
) -> str:
    """Return a match or actions of a table with names in them.

    `own` is the VNID of whom it is looked at for.
    """
    sdn = layout is Layout.SDN
    text = with_names(text, names, loaded=sdn and table == _LOADED)
    if not sdn:
        return text

    def vnid(found: re.Match[str]) -> str:
        after = found[3] if found.re is _VNID else ""
        return f"{found[1]}{vnid_text(ofport_of(found[2].lower()) or 0, own)}{after}"

    return _MATCHED.sub(vnid, _VNID.sub(vnid, text))


def vnid_text(number: int, own: int | None = None) -> str:
    """Return a VNID in decimal, as NetNamespaces have it."""
    if number == GLOBAL:
        return "VNID 0 (global)"
    return f"VNID {number}{' (own)' if number == own else ''}"


def drops(entry: FlowEntry) -> bool:
    """Claim that what the entry takes goes nowhere."""
    return entry.actions in ("drop", "")
