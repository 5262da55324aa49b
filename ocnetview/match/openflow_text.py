"""OpenFlow entries as `ovs-ofctl dump-flows` prints them, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ocnetview.facts.openflow import FlowEntry

DEFAULT_PRIORITY = 0x8000
"""OFP_DEFAULT_PRIORITY: what an entry has for which none is printed."""
_WORD = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^", \t])+')
"""A field of the head: commas and spaces part them, but not within quotes."""
_ACTIONS = re.compile(r'((?:"(?:[^"\\]|\\.)*"|[^"])*?)[ ,]actions?=(.*)', re.DOTALL)
_NUMBERS = frozenset({"table", "priority", "cookie", "n_packets", "n_bytes"})
_OTHER = frozenset(
    {
        *("idle_timeout", "hard_timeout", "idle_age", "hard_age", "importance"),
        *("send_flow_rem", "check_overlap", "reset_counts"),
        *("no_packet_counts", "no_byte_counts", "out_port", "out_group"),
    }
)
"""What is of an entry and no part of what it matches."""
_MOST_DIGITS = 40


def read_flows(text: str) -> tuple[FlowEntry, ...]:
    """Return the entries of a dump by table and priority; other lines say nothing."""
    return ordered(filter(None, map(read_flow, text.splitlines())))


def ordered(entries: Iterable[FlowEntry]) -> tuple[FlowEntry, ...]:
    """Return each entry once, by table, then by priority, the highest first."""
    once = {entry.key: entry for entry in entries}
    return tuple(sorted(once.values(), key=lambda e: (e.table, -e.priority, e.match)))


def read_flow(line: str) -> FlowEntry | None:
    """Return the entry that a line is; None for one that is none."""
    found = _ACTIONS.fullmatch(f" {line.strip()}")
    if found is None:
        return None
    numbers: dict[str, int] = {}
    duration, match = 0.0, []
    for word in _WORD.findall(found[1]):
        name, _, value = word.partition("=")
        if name in _NUMBERS:
            numbers[name] = _number(value)
        elif name == "duration":
            duration = _seconds(value)
        elif name not in _OTHER:
            match.append(word)
    return FlowEntry(
        table=numbers.get("table", 0),
        priority=numbers.get("priority", DEFAULT_PRIORITY),
        match=",".join(match),
        actions=found[2].strip(),
        cookie=numbers.get("cookie", 0),
        packets=numbers.get("n_packets", 0),
        bytes=numbers.get("n_bytes", 0),
        duration=duration,
    )


def _number(text: str) -> int:
    """Return a number, decimal or hexadecimal; 0 for what is none."""
    text = text.partition("/")[0]
    try:
        return int(text[:_MOST_DIGITS], 16 if text[:2] in {"0x", "0X"} else 10)
    except ValueError:
        return 0


def _seconds(text: str) -> float:
    """Return a duration as `1.5s`; 0 for what is none."""
    whole = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)s?", text, re.ASCII)
    return float(whole[1]) if whole else 0.0


def flow_line(entry: FlowEntry) -> str:
    """Return an entry as ovs-ofctl prints it."""
    priority = f"priority={entry.priority}"
    rule = ",".join(filter(None, (priority, entry.match)))
    return (
        f"cookie={entry.cookie:#x}, duration={entry.duration:.3f}s,"
        f" table={entry.table}, n_packets={entry.packets}, n_bytes={entry.bytes},"
        f" {rule} actions={entry.actions}"
    )


def fields_of(match: str) -> dict[str, str]:
    """Return the fields of a match by name; of a protocol the value is empty."""
    words = (word.partition("=") for word in _WORD.findall(match))
    return {name: value for name, _, value in words}


def actions_of(text: str) -> tuple[str, ...]:
    """Return the actions one by one; commas within parentheses part nothing."""
    found, depth, begin = [], 0, 0
    for place, char in enumerate(text):
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == "," and not depth:
            found.append(text[begin:place].strip())
            begin = place + 1
    return tuple(filter(None, (*found, text[begin:].strip())))
