"""The command that says how a thing is seen without ocnetview."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from ocnetview.console import need, not_found
from ocnetview.errors import NotFoundError
from ocnetview.exits import CODES_HELP
from ocnetview.facts import SourceKind
from ocnetview.headless.printing import json_option, show
from ocnetview.invocation import Invocation
from ocnetview.model import NodeModel
from ocnetview.wanted import CONTAINERS, read_for, read_network

if TYPE_CHECKING:
    from ocnetview.match.who import Answer


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
        found = report.explain(model, _found(model, scrap))
    rows = partial(report.explained_json, found)
    show(obj, model, "explain", rows, lambda: report.explained_text(found))


def _found(model: NodeModel, scrap: str) -> Sequence[Answer]:
    """Return what a scrap stands for: a port as `pods` writes it, or what `who` finds.

    Raises:
        OcnetviewError: nothing does, or it was not looked everywhere.
    """
    from ocnetview.match.who import Answer, find  # noqa: PLC0415 - as above

    port = model.ports_by_key.get(scrap)
    if port:
        return (Answer("port", port=port),)
    try:
        return find(model, scrap)
    except NotFoundError as error:
        raise not_found(model, error) from None
