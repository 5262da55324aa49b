"""The commands that look closer: processes, what is inside, who something is."""

from __future__ import annotations

from functools import partial

import click

from ocnetview.collectors.base import Focus
from ocnetview.console import incomplete, named, need, not_found, require, tell
from ocnetview.errors import NotFoundError
from ocnetview.exits import CODES_HELP
from ocnetview.facts import SourceKind
from ocnetview.facts.asked import Inside
from ocnetview.headless.printing import json_option, show
from ocnetview.invocation import Invocation
from ocnetview.joined import modelled
from ocnetview.report import json, text
from ocnetview.wanted import (
    CONTAINERS,
    NETWORK,
    PROCESSES,
    RUNTIMES,
    read_for,
    read_inside,
    read_network,
    read_tree,
)


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="POD", required=False)
@click.option("--node", "whole", is_flag=True, help="Every process of the node.")
@click.option("--threads", is_flag=True, help="The threads of each process, too.")
@json_option
def tree(obj: Invocation, scrap: str | None, *, whole: bool, threads: bool) -> None:
    """Show every process of a POD (or container), as a tree.

    POD is namespace/name, a name, or the unique beginning of a container's id. With
    --node it is the tree of the whole node, pods and their containers as branches.
    """
    if whole is (scrap is not None):
        raise click.UsageError("give a POD, or --node for all of them")
    node = obj.node()
    runtimes = node.read(RUNTIMES)
    known = modelled(runtimes)
    if scrap is None:
        focus = Focus.on_all(one for each in known.pods for one in each.members)
    else:
        need(known, CONTAINERS)
        found, container = named(known, scrap)
        focus = Focus.on([container] if container else found.members)
    model = read_tree(node, runtimes, focus.and_threads() if threads else focus)
    require(model, PROCESSES)
    rows = partial(json.tree_json, whole=whole)
    show(obj, model, "tree", rows, lambda: text.tree_text(model, whole=whole))
    if whole:
        incomplete(model, SourceKind.CONTAINERS)
    tell((), "running processes" if not model.processes else "")


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="POD")
@click.argument(
    "what", nargs=-1, metavar="[WHAT]...", type=click.Choice(list(map(str, Inside)))
)
@click.option("--environment", is_flag=True, help="Names of variables, too.")
@click.option("--show-values", is_flag=True, help="Their values, but no secrets.")
@json_option
def inside(
    obj: Invocation,
    scrap: str,
    *,
    what: tuple[str, ...],
    environment: bool,
    show_values: bool,
) -> None:
    """Read what is inside a POD (or container) now.

    WHAT is interfaces, routes, neighbours, dns, sockets, conntrack, containers,
    limits or environment; all but the last two without it.
    """
    from ocnetview.report import inside as report  # noqa: PLC0415 - no other command's

    node = obj.node()
    model = read_network(node)
    need(model, CONTAINERS | {SourceKind.LINKS})
    found, container = named(model, scrap)
    target = report.target_of(model, found, container)
    wanted = report.wanted(what, environment=environment or show_values)
    read, failed = read_inside(node.prober(), target, wanted)
    told = report.Told(found, read, failed, show_values)
    rows = partial(report.inside_json, told)
    show(obj, model, "inside", rows, lambda: report.inside_text(told, model))
    report.complete(told, asked=what)


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="X")
@json_option
def who(obj: Invocation, scrap: str) -> None:
    """Say what X belongs to, with the path and the proof.

    X is a PID or TID, ifname, altname, ifindex, MAC, IP address, ofport (br0:7), the
    unique beginning of a sandbox's, container's or pod's id, a name, the inode or
    path of a network namespace, or a cgroup path.
    """
    from ocnetview.match.who import find  # noqa: PLC0415 - no other command's

    model = read_for(obj.node(), scrap)
    need(model, CONTAINERS | {SourceKind.LINKS})
    try:
        answers = find(model, scrap)
    except NotFoundError as error:
        raise not_found(model, error) from None
    rows = partial(json.answers_json, answers)
    show(obj, model, "who", rows, lambda: text.answers_text(answers, scrap, model))


@click.command(epilog=CODES_HELP)
@json_option
def sources(obj: Invocation) -> None:
    """List the sources that were tried, what answered, and why the rest did not."""
    from ocnetview.report import place  # noqa: PLC0415 - no other command's

    model = modelled(obj.node().read(NETWORK | PROCESSES))
    show(obj, model, "sources", place.sources_json, lambda: place.sources_text(model))
