"""OpenFlow port numbers as what they are called: pods by name, others by theirs.

`ovs-ofctl` cuts the names of ports to 15 characters, so nothing is joined by those:
what is asked has numbers only, and a number's name is the one of OVSDB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ocnetview.model import LOCAL_OFPORT, Bridge, NodeModel, Port

LOCAL = "LOCAL"


class Span(NamedTuple):
    """A place in a text, and what is to stand there."""

    start: int
    end: int
    said: str


_NUMBER = r"(LOCAL|[0-9]{1,10})(?![0-9A-Za-z_.:/\-\[])"
_PLACES = re.compile(
    rf"(?<![A-Za-z_])(in_port=|output:|output\(port=|enqueue:|resubmit\(){_NUMBER}"
)
"""Where a number of a port stands, in matches, actions and traces."""
_LOADED = re.compile(
    r"(?<![a-z_])(load:|set_field:)(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})"
    r"(->(?:NXM_NX_REG2\[\]|reg2))(?![0-9A-Za-z\[])"
)
"""OpenShift SDN's table 70 puts the port that table 80 sends to in register 2."""


def port_names(model: NodeModel, bridge: str) -> Mapping[int, str]:
    """Return what each port of an OVS bridge is called, by ofport; untrusted text."""
    known = model.bridges_by_name.get(bridge)
    return {
        port.ofport: name_of(model, port)
        for port in (known.ports if known else ())
        if port.ofport is not None and port.ofport >= 0
    }


def name_of(model: NodeModel, port: Port) -> str:
    """Return the pod's title behind a port, else the port's own name."""
    pod = model.pods_by_key.get(port.pod)
    return pod.title if pod else port.name


def ofport_of(text: str) -> int | None:
    """Return the port that OpenFlow writes so: 5, 0x5 or LOCAL."""
    if text == LOCAL:
        return LOCAL_OFPORT
    try:
        return int(text, 16 if text.startswith("0x") else 10)
    except ValueError:
        return None


def ofport_text(ofport: int) -> str:
    """Return a port as ovs-ofctl takes it."""
    return LOCAL if ofport == LOCAL_OFPORT else str(ofport)


def port_spans(
    text: str, names: Mapping[int, str], *, loaded: bool = False
) -> Iterator[Span]:
    """Yield where a match, actions or a trace has a port, with the port's name.

    Numbers that no port has stay as they are. `loaded` claims that what is put in
    register 2 is a port, as in OpenShift SDN's table 70.
    """
    for pattern in (_PLACES, _LOADED) if loaded else (_PLACES,):
        for found in pattern.finditer(text):
            name = names.get(_known(found[2]))
            if name is not None:
                yield Span(*found.span(2), name)


def written(text: str, spans: Iterable[Span]) -> str:
    """Return a text with others in places, which are not looked into again."""
    parts: list[str] = []
    at = 0
    for start, end, said in sorted(spans):
        parts += (text[at:start], said)
        at = end
    return "".join((*parts, text[at:]))


def _known(text: str) -> int:
    ofport = ofport_of(text)
    return -1 if ofport is None else ofport


def port_at(bridge: Bridge, ofport: int | None) -> Port | None:
    """Return the port of a bridge that has this number."""
    return next((one for one in bridge.ports if one.ofport == ofport), None)
