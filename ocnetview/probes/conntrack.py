"""The flows of a pod that the node keeps track of."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from ocnetview.collectors.namespaces import DENIED
from ocnetview.facts.inside import ConntrackFacts, Flow
from ocnetview.probes import errand
from ocnetview.probes.conntrack_messages import (
    ALL_FLOWS,
    IPCTNL_MSG_CT_GET,
    IPCTNL_MSG_CT_NEW,
    NETLINK_NETFILTER,
    decode_flows,
    read_flows,
)
from ocnetview.probes.visit import Visit

_SETTINGS = "/proc/sys/net/netfilter"
_SIGNS = (f"{_SETTINGS}/nf_conntrack_count", "/sys/module/nf_conntrack")
"""Of these one is there where flows are tracked; to ask where none is would load it."""
_TABLE = "/proc/thread-self/net/nf_conntrack"
_DOING = "read conntrack"


def read_conntrack(visit: Visit) -> ConntrackFacts:
    """Return the flows from or to the target's addresses, by the node's own table.

    Raises:
        ProbeError: the node tracks none, or they cannot be told from the node's.
        OSError: what hinders.
    """
    addresses = _addresses(visit)
    if not any(map(os.path.exists, _SIGNS)):
        why = "this node's kernel keeps no track of flows (no module nf_conntrack)"
        raise visit.absent(_DOING, why)
    tasks = {
        "flows": errand.dump(
            NETLINK_NETFILTER,
            IPCTNL_MSG_CT_GET,
            ALL_FLOWS,
            IPCTNL_MSG_CT_NEW,
            tuple(map(_packed, addresses)),
        ),
        "table": errand.file(_TABLE),
        "total": errand.file(f"{_SETTINGS}/nf_conntrack_count"),
        "most": errand.file(f"{_SETTINGS}/nf_conntrack_max"),
    }
    with _nodes_namespace(visit.settings.netns) as fd:
        answers = errand.run(tasks, visit.stop, netns=fd, seconds=visit.seconds)
    how, flows = _flows(visit, answers)
    kept = tuple(sorted(_of(flows, addresses), key=_order))
    total, most = _number(answers, "total"), _number(answers, "most")
    return ConntrackFacts(f"{how} of the node", time.time(), kept, total, most)


def _addresses(visit: Visit) -> Sequence[str]:
    """Return the addresses whose flows are the target's.

    Raises:
        ProbeError: it has none of its own.
    """
    if visit.target.host_network:
        raise visit.absent(_DOING, "it has the node's addresses, so the node's flows")
    if not visit.target.addresses:
        raise visit.absent(_DOING, "no address of it is known")
    return visit.target.addresses


def _packed(address: str) -> bytes:
    """Return an address as it stands in a message."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address)


@contextmanager
def _nodes_namespace(path: str) -> Iterator[int | None]:
    """Give the node's network namespace; None where it is our own."""
    if not path:
        yield None
        return
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        yield fd
    finally:
        os.close(fd)


def _number(answers: errand.Answers, name: str) -> int | None:
    """Return a number that the kernel tells; None where it does not."""
    with suppress(FileNotFoundError, ValueError):
        return int(answers.text(name))
    return None


def _flows(visit: Visit, answers: errand.Answers) -> tuple[str, Iterable[Flow]]:
    """Return the flows, by ctnetlink, else by their table, and how.

    Raises:
        ProbeError: we may do neither.
    """
    try:
        return "ctnetlink", decode_flows(answers.bodies("flows"))
    except OSError as error:
        refused = error
    try:
        return "/proc/net/nf_conntrack", read_flows(answers.text("table"))
    except OSError as error:
        if refused.errno in DENIED and error.errno in {errno.ENOENT, *DENIED}:
            hint = "needs CAP_NET_ADMIN"
            raise visit.error(_DOING, "permission denied", hint) from error
        raise refused from error


def _of(flows: Iterable[Flow], addresses: Sequence[str]) -> Iterator[Flow]:
    """Yield the flows of which an end, before or after NAT, is one of these."""
    mine = frozenset(addresses)
    for flow in flows:
        ends = (side for side in (flow.original, flow.reply))
        if any({side.source, side.destination} & mine for side in ends):
            yield flow


def _order(flow: Flow) -> tuple[str, str, str, int, int]:
    one = flow.original
    ports = (one.destination_port or 0, one.source_port or 0)
    return (flow.protocol, one.source, one.destination, *ports)
