"""The command that shows the OpenFlow entries of a pod or port."""

from __future__ import annotations

from functools import partial

import click

from ocnetview.collectors.base import Stop
from ocnetview.config import LONGEST
from ocnetview.console import named, need
from ocnetview.errors import BlindError, NotFoundError
from ocnetview.exits import CODES_HELP
from ocnetview.facts import SourceKind
from ocnetview.headless.printing import json_option, show
from ocnetview.invocation import Invocation
from ocnetview.match.flowless import flowless_pod, flowless_port, flowless_scrap
from ocnetview.match.openflow import Wired, wired_pod, wired_port
from ocnetview.model import BridgeKind, NodeModel, Pod
from ocnetview.wanted import CONTAINERS, read_network


def _seconds(
    _: click.Context, __: click.Parameter, value: float | None
) -> float | None:
    """Return a number of seconds that one may wait; of nan no comparison holds."""
    if value is not None and not 0 < value <= LONGEST:
        raise click.BadParameter(f"must be above 0 and at most {LONGEST}")
    return value


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="POD|PORT")
@click.option("--raw", is_flag=True, help="As ovs-ofctl prints them.")
@click.option(
    "--rates",
    type=float,
    callback=_seconds,
    metavar="SECONDS",
    help="Read twice, this long apart, and say what passes per second.",
)
@json_option
def flows(obj: Invocation, scrap: str, *, raw: bool, rates: float | None) -> None:
    """Show the OpenFlow entries that name a POD or PORT, by table.

    PORT is a name, BRIDGE/NAME, or BRIDGE:OFPORT. What OpenShift SDN should have
    programmed for a pod and has not is shown as missing.
    """
    from ocnetview.probes.flows import read_views  # noqa: PLC0415 - no other command's
    from ocnetview.report import flows as report  # noqa: PLC0415 - the same

    node = obj.node()
    model = read_network(node)
    need(model, {SourceKind.BRIDGES})
    wired = _wired(model, scrap)
    switch, stop = node.switch(), Stop()
    views = read_views(switch, model, wired, (), stop)
    if rates is not None:
        stop.wait(rates)
        views = read_views(switch, model, wired, views, stop)
    rows = partial(report.flows_json, views)
    text = partial(report.flows_text, views, model, raw=raw)
    show(obj, model, "flows", rows, text)


def _wired(model: NodeModel, scrap: str) -> tuple[Wired, ...]:
    """Return what names a port or a pod on the bridges.

    Raises:
        NotFoundError: there is none, or it is on no bridge of Open vSwitch.
    """
    for port in model.ports_by_key.values():
        names = (port.name, port.key, f"{port.bridge}:{port.ofport}")
        if port.datapath is BridgeKind.OVS and scrap in names:
            found, why = wired_port(model, port), flowless_port(port)
            break
    else:
        need(model, CONTAINERS | {SourceKind.LINKS})
        pod = _pod(model, scrap)
        found, why = wired_pod(model, pod), flowless_pod(pod)
    if not found:
        raise NotFoundError(why)
    return found


def _pod(model: NodeModel, scrap: str) -> Pod:
    """Return the pod or container that answers; of a bridge say why it has no flows."""
    try:
        return named(model, scrap)[0]
    except (BlindError, NotFoundError):
        if why := flowless_scrap(model, scrap):
            raise NotFoundError(why) from None
        raise
