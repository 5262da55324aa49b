"""A pod's interfaces, routes, neighbours and resolver, as sections."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.details.cells import section, table_of, trouble
from ocnetview.details.section import Line, Section
from ocnetview.facts.inside import (
    DnsFacts,
    InsideLink,
    InterfacesFacts,
    NeighboursFacts,
    NextHop,
    Route,
    RoutesFacts,
    Rule,
)
from ocnetview.match.ports import link_state
from ocnetview.units import printable, quantity

_FIRST_TABLES = ("main", "default", "local")
_ALWAYS = frozenset({(0, "lookup local"), (32766, "lookup main")})
"""The rules that every namespace has; with IPv4 also that of table default."""
_LAST = (32767, "lookup default")
_DEAD = frozenset({"dead", "linkdown"})


def interfaces_detail(facts: InterfacesFacts) -> tuple[Section, ...]:
    """Return the interfaces, then what each moved, with errors and drops."""
    links = [one.link for one in facts.links]
    # What is set down is so by somebody's will; what is up and has no carrier is amiss.
    bad = [
        n for n, link in enumerate(links) if link.up and link_state(link) not in _GOOD
    ]
    heads = ("NAME", "IFINDEX", "KIND", "STATE", "MTU", "MAC", "ADDRESSES")
    rows = [
        (
            link.name,
            str(link.ifindex),
            link.kind,
            link_state(link),
            str(link.mtu),
            link.mac,
            ", ".join(link.addresses),
        )
        for link in links
    ]
    table = table_of(heads, rows, {"IFINDEX", "MTU"}, bad)
    return (
        section("interfaces", facts.source, table, "no interface at all"),
        _counters(facts),
    )


_GOOD = frozenset({"up", "unknown"})


def _counters(facts: InterfacesFacts) -> Section:
    """Return what each interface moved, as it sees it itself."""
    counted = [one for one in facts.links if one.counters]
    heads = (
        *("NAME", "RX BYTES", "RX PACKETS", "RX ERRORS", "RX DROPS"),
        *("TX BYTES", "TX PACKETS", "TX ERRORS", "TX DROPS"),
    )
    bad = [n for n, one in enumerate(counted) if _failed(one)]
    table = table_of(heads, map(_counted, counted), frozenset(heads[1:]), bad)
    return Section("counters", table=table)


def _failed(one: InsideLink) -> bool:
    counters = one.counters
    return counters is not None and bool(counters.rx_errors or counters.tx_errors)


def _counted(one: InsideLink) -> tuple[str, ...]:
    c = one.counters
    if c is None:
        return (one.link.name, *[""] * 8)
    return (
        one.link.name,
        *(quantity(c.rx_bytes), str(c.rx_packets)),
        *(str(c.rx_errors), str(c.rx_dropped)),
        *(quantity(c.tx_bytes), str(c.tx_packets)),
        *(str(c.tx_errors), str(c.tx_dropped)),
    )


def routes_detail(facts: RoutesFacts) -> tuple[Section, ...]:
    """Return each table, the main one first, then rules that not every node has."""
    tables = dict.fromkeys(route.table for route in facts.routes)
    order = sorted(tables, key=_table_order)
    sections = [
        _routes(name, [r for r in facts.routes if r.table == name], facts.source)
        for name in order
    ]
    if not sections:
        sections = [section("routes", facts.source, None, "no route at all")]
    rules = [rule for rule in facts.rules if not _usual(rule)]
    if rules:
        sections.append(_rules(facts.rules))
    return tuple(sections)


def _table_order(name: str) -> tuple[int, str]:
    known = name in _FIRST_TABLES
    place = {"main": 0, "default": 2, "local": 3}.get(name, 1)
    return (place, "" if known else name.rjust(10))


def _usual(rule: Rule) -> bool:
    known = (rule.priority, rule.action)
    return not rule.match and (known in _ALWAYS or known == _LAST)


def _routes(name: str, routes: list[Route], source: str) -> Section:
    """Return the routes of a table, a row for each of their ways."""
    heads = ("DESTINATION", "VIA", "DEVICE", "SOURCE", "METRIC", "KIND", "FROM", "")
    rows = [row for route in routes for row in _route(route)]
    bad = [n for n, row in enumerate(rows) if _DEAD & set(row[-1].split(", "))]
    table = table_of(heads, rows, {"METRIC"}, bad)
    return section(f"routes, table {printable(name)}", source, table, "no route")


def _route(route: Route) -> Iterator[tuple[str, ...]]:
    kind = "" if route.kind == "unicast" else route.kind
    said = " ".join(filter(None, (kind, route.protocol)))
    metric = str(route.metric) if route.metric else ""
    first = True
    for hop in route.hops or (NextHop(),):
        notes = [*hop.flags, f"weight {hop.weight}" if hop.weight > 1 else ""]
        shown = (
            *((route.destination,) if first else ("",)),
            *(hop.gateway, hop.device),
            *((route.source, metric, said, route.origin) if first else ("",) * 4),
        )
        yield (*shown, ", ".join(filter(None, notes)))
        first = False


def _rules(rules: tuple[Rule, ...]) -> Section:
    heads = ("PRIORITY", "FAMILY", "FOR", "DOES")
    rows = [
        (
            str(rule.priority),
            f"IPv{rule.family}",
            " ".join(rule.match) or "all",
            rule.action,
        )
        for rule in rules
    ]
    return Section("rules", table=table_of(heads, rows, {"PRIORITY"}))


def neighbours_detail(facts: NeighboursFacts) -> tuple[Section, ...]:
    """Return who is known to answer; one that does not is marked."""
    heads = ("ADDRESS", "DEVICE", "MAC", "STATE", "")
    rows = [
        (one.address, one.device, one.mac, one.state, ", ".join(one.flags))
        for one in facts.neighbours
    ]
    bad = [n for n, row in enumerate(rows) if row[3] in {"failed", "incomplete"}]
    table = table_of(heads, rows, bad=bad)
    nothing = "nobody is known: nothing was sent lately"
    return (section("neighbours", facts.source, table, nothing),)


def dns_detail(facts: DnsFacts) -> tuple[Section, ...]:
    """Return what the resolver is told, then the fixed names."""
    lines = [Line("source", printable(facts.source))]
    if facts.container:
        lines.append(Line("container", printable(facts.container)))
    lines += [Line("nameserver", printable(one)) for one in facts.nameservers]
    if facts.search:
        lines.append(Line("search", printable(" ".join(facts.search))))
    if facts.options:
        lines.append(Line("options", printable(" ".join(facts.options))))
    if not facts.nameservers and not facts.troubles:
        lines.append(Line("nameserver", "none: names are asked of 127.0.0.1", bad=True))
    lines += map(trouble, facts.troubles)
    rows = [(one.address, " ".join(one.names)) for one in facts.hosts]
    hosts = table_of(("ADDRESS", "NAMES"), rows)
    return (
        Section("DNS", tuple(lines)),
        *([Section("fixed names (/etc/hosts)", table=hosts)] if hosts else []),
    )
