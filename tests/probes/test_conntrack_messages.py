"""Flows, out of what a kernel sent and out of its table."""

from __future__ import annotations

import pytest
from probes.recorded import bodies, said

from ocnetview.facts.inside import Flow, Side
from ocnetview.probes.conntrack_messages import decode_flows, read_flows

NATTED = Flow(
    "tcp",
    Side("10.128.0.7", "10.96.0.10", 43372, 443, 4, 316),
    Side("10.128.0.1", "10.128.0.7", 8443, 43372, 3, 214),
    "ESTABLISHED",
    ("ASSURED", "DNAT"),
    431999,
)
"""What the recorded pod asked of a service, whose address became another's."""


def sided(flow: Flow) -> Flow:
    """Return a flow as the table tells it: no word of NAT, a second apart."""
    known = tuple(word for word in flow.status if word in {"ASSURED", "UNREPLIED"})
    return flow._replace(status=known, timeout=0)


def test_a_flow_is_read_whole() -> None:
    """Both directions with what they moved, the state, NAT and the time left."""
    flows = list(decode_flows(bodies("flows")))
    (natted,) = (one for one in flows if one.protocol == "tcp")
    assert natted._replace(timeout=NATTED.timeout) == NATTED
    assert 0 < natted.timeout <= 432000


def test_the_table_tells_the_same() -> None:
    """Every flow of both families, also those without ports or an answer."""
    by_table = [sided(flow) for flow in read_flows(said("/proc/net/nf_conntrack"))]
    by_netlink = [sided(flow) for flow in decode_flows(bodies("flows"))]
    assert len(by_table) == 5
    assert sorted(by_table, key=str) == sorted(by_netlink, key=str)
    assert sum(flow.status == ("UNREPLIED",) for flow in by_table) == 2


@pytest.mark.parametrize(
    "line",
    ["", "ipv4 2 tcp", "ipv4 2 tcp 6 9 X src=a dst=b src=c dst=d", "src=1 dst=2"],
)
def test_what_is_no_flow_is_passed_over(line: str) -> None:
    """A table of another shape gives nothing, and no error."""
    assert not list(read_flows(line))


def test_an_empty_message_is_an_empty_flow() -> None:
    """Attributes that are missing make no error."""
    (flow,) = decode_flows([bytes(4)])
    assert flow.original == Side("", "")
