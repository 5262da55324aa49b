"""The command that asks what would become of a packet."""

from __future__ import annotations

from functools import partial

import click

from ocnetview.collectors.base import Stop
from ocnetview.console import named, need, not_found
from ocnetview.errors import BlindError, NotFoundError
from ocnetview.exits import CODES_HELP
from ocnetview.facts import SourceKind
from ocnetview.headless.printing import json_option, show
from ocnetview.invocation import Invocation
from ocnetview.wanted import CONTAINERS, read_network


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="POD")
@click.argument("target", metavar="TARGET[:PORT]")
@click.option("--tcp", "sent", flag_value="tcp", default=True, help="TCP: the usual.")
@click.option("--udp", "sent", flag_value="udp", help="A UDP packet.")
@click.option("--icmp", "sent", flag_value="icmp", help="An echo request.")
@click.option("--raw", is_flag=True, help="The switch's own words.")
@json_option
def trace(obj: Invocation, scrap: str, target: str, *, sent: str, raw: bool) -> None:
    """Ask Open vSwitch what would become of a packet from POD to TARGET, and back.

    TARGET is a pod, an address, [IPv6]:PORT, a service (namespace/name), or `node`;
    so is POD a pod or `node`. Nothing is sent: ofproto/trace only tells.
    """
    from ocnetview.match.trace_flow import Protocol  # noqa: PLC0415 - as below
    from ocnetview.probes import trace_targets  # noqa: PLC0415 - as below
    from ocnetview.probes.tracing import Tracer  # noqa: PLC0415 - no other command's
    from ocnetview.report import trace as report  # noqa: PLC0415 - as above

    if raw and obj.json:
        raise click.UsageError("--raw is the switch's own text, not JSON")
    node = obj.node()
    model = read_network(node)
    need(model, CONTAINERS, {SourceKind.BRIDGES})
    source = None if scrap == trace_targets.NODE else named(model, scrap)[0]
    cluster, stop = node.cluster(), Stop()
    try:
        aiming = trace_targets.Aiming(model, cluster, stop)
        aim = aiming.aim(source, target, Protocol(sent))
    except NotFoundError as error:
        raise not_found(model, error) from None
    tracer = Tracer(node.switch(), cluster, model, stop)
    traced = [one for route in aim.routes for one in tracer.trace(route)]
    notes = [*aim.notes, *([tracer.nameless] if tracer.nameless else [])]
    told = report.Told(tuple(traced), tuple(notes))
    rows = partial(report.trace_json, told)
    text = partial(report.trace_text, told, model, raw=raw)
    show(obj, model, "trace", rows, text)
    if not any(one.verdict for one in traced):
        raise BlindError("nothing could be traced")
