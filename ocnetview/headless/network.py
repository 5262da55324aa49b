"""The commands that list what is on the node, and say all of one pod."""

from __future__ import annotations

from functools import partial

import click

from ocnetview.console import incomplete, named, need, tell
from ocnetview.exits import CODES_HELP
from ocnetview.facts import SourceKind
from ocnetview.headless.printing import json_option, show
from ocnetview.invocation import Invocation
from ocnetview.report.only import none_of, only_pods, only_ports
from ocnetview.wanted import CONTAINERS, begin_network

_FILTER = click.option(
    "--filter",
    "wanted",
    metavar="FILTER",
    default="",
    help="Only what holds all of it: text, /regex/, !not, key:value.",
)


@click.command(epilog=CODES_HELP)
@_FILTER
@json_option
def ports(obj: Invocation, wanted: str) -> None:
    """List the ports of every bridge, with what is behind each."""
    chosen = only_ports(wanted)
    begun = begin_network(obj.node())
    from ocnetview.report import json, text  # noqa: PLC0415 - while it is read

    model = begun()
    need(model, {SourceKind.BRIDGES, SourceKind.LINKS})
    found = chosen(model)
    rows = partial(json.ports_json, found)
    show(obj, model, "ports", rows, lambda: text.ports_text(found))
    elsewhere = [p for p in model.problems if p.subject not in model.ports_by_key]
    incomplete(model, SourceKind.BRIDGES)
    tell(elsewhere, none_of("ports", wanted) if not found else "")


@click.command(epilog=CODES_HELP)
@_FILTER
@json_option
def pods(obj: Invocation, wanted: str) -> None:
    """List the pods, and containers without one, with the veth of each."""
    chosen = only_pods(wanted)
    begun = begin_network(obj.node())
    from ocnetview.report import json, text  # noqa: PLC0415 - as above

    model = begun()
    need(model, CONTAINERS)
    found = chosen(model)
    rows = partial(json.pods_json, found)
    show(obj, model, "pods", rows, lambda: text.pods_text(found))
    incomplete(model, SourceKind.CONTAINERS)
    tell((), none_of("pods or containers", wanted) if not found else "")


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="POD")
@json_option
def pod(obj: Invocation, scrap: str) -> None:
    """Say all that is known of a POD (or container), with every piece of evidence.

    POD is namespace/name, a name, or the unique beginning of an id.
    """
    begun = begin_network(obj.node())
    from ocnetview.details.pod import pod_detail  # noqa: PLC0415 - as above
    from ocnetview.details.section import as_text  # noqa: PLC0415 - as above
    from ocnetview.report import json  # noqa: PLC0415 - as above

    model = begun()
    need(model, CONTAINERS)
    found, _ = named(model, scrap)
    rows = partial(json.one_pod_json, found)
    show(obj, model, "pod", rows, lambda: as_text(pod_detail(model, found)))
