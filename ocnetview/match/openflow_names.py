"""Matches and actions with names: ports as what is behind them, VNIDs as such."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ocnetview.facts.openflow import FlowEntry
from ocnetview.match.ofports import Span, ofport_of, port_spans, written
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
    return written(text, name_spans(text, table, layout, names, own))


def name_spans(
    text: str,
    table: int,
    layout: Layout,
    names: Mapping[int, str],
    own: int | None = None,
) -> Iterator[Span]:
    """Yield where a match or actions have what is named, with its name."""
    sdn = layout is Layout.SDN
    yield from port_spans(text, names, loaded=sdn and table == _LOADED)
    if sdn:
        yield from _vnid_spans(text, own)


def _vnid_spans(text: str, own: int | None) -> Iterator[Span]:
    """Yield where VNIDs stand, with how they are written."""
    for pattern in (_VNID, _MATCHED):
        for found in pattern.finditer(text):
            number = ofport_of(found[2].lower()) or 0
            yield Span(*found.span(2), vnid_text(number, own))


def vnid_text(number: int, own: int | None = None) -> str:
    """Return a VNID in decimal, as NetNamespaces have it."""
    if number == GLOBAL:
        return "VNID 0 (global)"
    return f"VNID {number}{' (own)' if number == own else ''}"


def drops(entry: FlowEntry) -> bool:
    """Claim that what the entry takes goes nowhere."""
    return entry.actions in ("drop", "")
