"""Routes, rules and neighbours, out of what a kernel sent."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from probes.recorded import NAMES, bodies, said

from ocnetview.collectors.attributes import attribute, number
from ocnetview.facts.inside import NextHop, Route, Rule
from ocnetview.probes.route_messages import (
    decode_neighbours,
    decode_routes,
    decode_rules,
)


def as_ip(route: Route) -> dict[str, Any]:
    """Return a route as `ip -json -details route` writes it."""
    one = route.hops[0] if len(route.hops) == 1 else NextHop()
    row: dict[str, Any] = {
        "type": route.kind,
        "dst": route.destination,
        "table": route.table,
        "protocol": route.protocol,
        "scope": route.scope,
        "flags": list(one.flags),
    }
    via = one.gateway
    if via and (":" in via) != (route.family == 6):
        row["via"] = {"family": "inet6", "host": via}
    elif via:
        row["gateway"] = via
    if len(route.hops) > 1:
        row["nexthops"] = [
            {"gateway": h.gateway, "dev": h.device, "weight": h.weight, "flags": []}
            for h in route.hops
        ]
    named = {"dev": one.device, "prefsrc": route.source, "metric": route.metric}
    return row | {key: value for key, value in named.items() if value}


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return what `ip` wrote, without what we do not read."""
    return {k: v for k, v in row.items() if k != "pref" and (k, v) != ("metric", 0)}


def test_routes_are_those_of_ip() -> None:
    """Every table, both families, several ways, blackholes and other gateways."""
    ours = [as_ip(route) for route in decode_routes(bodies("routes"), NAMES)]
    assert ours == list(map(plain, said("ip -json -details route show table all")))


def test_rules_are_those_of_ip() -> None:
    """Each rule, with all that it is for and what it does, as `ip rule` writes it."""

    def line(rule: Rule) -> str:
        words = list(rule.match)
        negated = words[:1] == ["not"]
        words = words[1:] if negated else words
        if not words or not words[0].startswith("from "):
            words.insert(0, "from all")
        words = ["not", *words] if negated else words
        text = " ".join(words).replace("ipproto 6", "ipproto tcp")
        return f"{rule.priority}:\t{text} {rule.action}"

    rules = list(decode_rules(bodies("rules")))
    shown = [line(rule) for rule in rules if rule.family == 4]
    assert shown == said("ip rule")
    assert [line(rule) for rule in rules if rule.family == 6] == said("ip -6 rule")


def test_neighbours_are_those_of_ip() -> None:
    """With those that did not answer, and without what is not sent to (NOARP)."""
    found = list(decode_neighbours(bodies("neighbours"), NAMES))
    ours = [
        {"dst": one.address, "dev": one.device}
        | ({"lladdr": one.mac} if one.mac else {})
        | ({"router": None} if "router" in one.flags else {})
        | {"state": [one.state.upper()]}
        for one in found
    ]
    assert ours == said("ip -json neighbour")


@pytest.mark.parametrize("size", range(0, 60, 4))
def test_a_route_that_is_cut_short_is_no_error(size: int) -> None:
    """Whatever attributes are missing at its end, the rest is read."""
    for body in bodies("routes"):
        assert len(list(decode_routes([body[: 12 + size]], NAMES))) == 1


def test_other_families_are_no_routes_or_neighbours() -> None:
    """Multicast and MPLS routes come in the same dump."""
    assert not list(decode_routes([struct.pack("=8BI", 128, *[0] * 8)], NAMES))
    assert not list(decode_rules([struct.pack("=8BI", 129, *[0] * 8)]))
    assert not list(decode_neighbours([struct.pack("=BxxxiHBB", 7, 1, 2, 0, 0)], {}))


def test_a_link_that_came_meanwhile_has_its_index_for_a_name() -> None:
    """A route over a link that the dump before did not have is shown all the same."""
    body = struct.pack("=8BI", 2, 0, 0, 0, 254, 4, 0, 1, 0) + number(4, 77)
    (route,) = decode_routes([body], NAMES)
    assert (route.destination, route.hops) == ("default", (NextHop("", "if77"),))


def test_a_hop_without_a_length_ends_the_list() -> None:
    """No walk over a multipath attribute goes on for ever."""
    hops = attribute(9, bytes(16))
    body = struct.pack("=8BI", 2, 0, 0, 0, 254, 4, 0, 1, 0) + hops
    assert [route.hops for route in decode_routes([body], NAMES)] == [()]
