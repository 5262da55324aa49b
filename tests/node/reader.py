"""Run in a lab: prints one reading of the links, as a recording would write it."""

from __future__ import annotations

from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.netlink import Netlink
from ocnetview.config import load_settings
from ocnetview.facts import Sample
from ocnetview.record import to_json

with Netlink() as netlink:
    facts = LinkReader(load_settings({})).read(netlink)
print(to_json(Sample(facts={"rtnetlink": facts})))  # noqa: T201 - the answer
