"""The command that says how a thing is seen without ocnetview."""

from __future__ import annotations

from functools import partial

import click

from ocnetview.console import need, not_found
from ocnetview.errors import NotFoundError
from ocnetview.exits import CODES_HELP
from ocnetview.facts import SourceKind
from ocnetview.headless.printing import json_option, show
from ocnetview.invocation import Invocation
from ocnetview.wanted import CONTAINERS, read_for, read_network


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="[POD|PORT|PID]", required=False)
@json_option
def explain(obj: Invocation, scrap: str | None) -> None:
    """Print the shell lines that show the same without ocnetview.

    Of a pod, a port (veth, or br0:7), a process, or whatever else `who` finds; without
    one, of the whole node. Names are quoted for bash: the output can be pasted whole.
    """
    from ocnetview.report import recipes as report  # noqa: PLC0415 - no other command's

    node = obj.node()
    model = read_for(node, scrap) if scrap else read_network(node)
    need(model, CONTAINERS | {SourceKind.LINKS})
    if scrap is None:
        found = report.explain_node(model)
    else:
        from ocnetview.match.who import find  # noqa: PLC0415 - as above

        try:
            found = report.explain(model, find(model, scrap))
        except NotFoundError as error:
            raise not_found(model, error) from None
    rows = partial(report.explained_json, found)
    show(obj, model, "explain", rows, lambda: report.explained_text(found))
