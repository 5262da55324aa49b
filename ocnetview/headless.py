"""The commands that need no screen: each reads, prints or writes, and ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from pathlib import Path

import click

from ocnetview.collectors.base import Focus
from ocnetview.console import (
    counted,
    incomplete,
    named,
    need,
    not_found,
    print_result,
    require,
    tell,
)
from ocnetview.engine import modelled
from ocnetview.errors import DemoError, NotFoundError, RecordError
from ocnetview.exits import CODES_HELP
from ocnetview.facts import SourceKind
from ocnetview.facts.asked import Inside
from ocnetview.flags import flags_for_demo
from ocnetview.invocation import Invocation
from ocnetview.model import NodeModel
from ocnetview.report import json, text
from ocnetview.report.only import none_of, only_pods, only_ports
from ocnetview.wanted import (
    CONTAINERS,
    NETWORK,
    PROCESSES,
    RUNTIMES,
    read_for,
    read_inside,
    read_network,
    read_tree,
    samples_of,
)


def _print(
    obj: Invocation,
    model: NodeModel,
    command: str,
    rows: Callable[[NodeModel], json.Rows],
    text: Callable[[], str],
) -> None:
    """Print a result in the form that was asked for."""
    print_result(model, command, rows(model) if obj.json else None, text)


def _json_option(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command its own `--json`, the same as the one before the command."""

    @click.option("--json", "as_json", is_flag=True, help="Print JSON (ocnetview/1).")
    @click.pass_obj
    def command(obj: Invocation, /, *, as_json: bool, **arguments: object) -> None:
        obj.json = obj.json or as_json
        function(obj, **arguments)

    return update_wrapper(command, function)


_filter_option = click.option(
    "--filter",
    "wanted",
    metavar="FILTER",
    default="",
    help="Only what holds all of it: text, /regex/, !not, key:value.",
)


@click.command(epilog=CODES_HELP)
@_filter_option
@_json_option
def ports(obj: Invocation, wanted: str) -> None:
    """List the ports of every bridge, with what is behind each."""
    chosen = only_ports(wanted)
    model = read_network(obj.node())
    need(model, {SourceKind.BRIDGES, SourceKind.LINKS})
    found = chosen(model)
    rows = partial(json.ports_json, found)
    _print(obj, model, "ports", rows, lambda: text.ports_text(found))
    elsewhere = [p for p in model.problems if p.subject not in model.ports_by_key]
    incomplete(model, SourceKind.BRIDGES)
    tell(elsewhere, none_of("ports", wanted) if not found else "")


@click.command(epilog=CODES_HELP)
@_filter_option
@_json_option
def pods(obj: Invocation, wanted: str) -> None:
    """List the pods, and containers without one, with the veth of each."""
    chosen = only_pods(wanted)
    model = read_network(obj.node())
    need(model, CONTAINERS)
    found = chosen(model)
    rows = partial(json.pods_json, found)
    _print(obj, model, "pods", rows, lambda: text.pods_text(found))
    incomplete(model, SourceKind.CONTAINERS)
    tell((), none_of("pods or containers", wanted) if not found else "")


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="POD")
@_json_option
def pod(obj: Invocation, scrap: str) -> None:
    """Say all that is known of a POD (or container), with every piece of evidence.

    POD is namespace/name, a name, or the unique beginning of an id.
    """
    from ocnetview.details.pod import pod_detail  # noqa: PLC0415 - as below
    from ocnetview.details.section import as_text  # noqa: PLC0415 - as below

    model = read_network(obj.node())
    need(model, CONTAINERS)
    found, _ = named(model, scrap)
    rows = partial(json.one_pod_json, found)
    _print(obj, model, "pod", rows, lambda: as_text(pod_detail(model, found)))


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="POD")
@_json_option
def tree(obj: Invocation, scrap: str) -> None:
    """Show every process of a POD (or container), as a tree.

    POD is namespace/name, a name, or the unique beginning of a container's id.
    """
    node = obj.node()
    runtimes = node.read(RUNTIMES)
    known = modelled(runtimes)
    need(known, CONTAINERS)
    found, container = named(known, scrap)
    focus = Focus.on([container] if container else found.members)
    model = read_tree(node, runtimes, focus)
    require(model, PROCESSES)
    _print(obj, model, "tree", json.tree_json, lambda: text.tree_text(model.processes))
    tell((), "running processes" if not model.processes else "")


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="POD")
@click.argument(
    "what", nargs=-1, metavar="[WHAT]...", type=click.Choice(list(map(str, Inside)))
)
@click.option("--environment", is_flag=True, help="Names of variables, too.")
@click.option("--show-values", is_flag=True, help="Their values, but no secrets.")
@_json_option
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
    _print(obj, model, "inside", rows, lambda: report.inside_text(told, model))
    report.complete(told, asked=what)


@click.command(epilog=CODES_HELP)
@click.argument("scrap", metavar="X")
@_json_option
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
    _print(obj, model, "who", rows, lambda: text.answers_text(answers, scrap, model))


@click.command(epilog=CODES_HELP)
@_json_option
def sources(obj: Invocation) -> None:
    """List the sources that were tried, what answered, and why the rest did not."""
    from ocnetview.report import place  # noqa: PLC0415 - no other command's

    model = modelled(obj.node().read(NETWORK | PROCESSES))
    _print(obj, model, "sources", place.sources_json, lambda: place.sources_text(model))


@click.command(epilog=CODES_HELP)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--samples", type=click.IntRange(1), default=10, help="How many [default: 10]."
)
@click.pass_obj
def record(obj: Invocation, file: Path, samples: int) -> None:
    """Write what this node says to FILE, for --replay elsewhere.

    It holds names, labels, addresses and command lines; no environment variables.
    """
    from ocnetview.record import create_recording, write_recording  # noqa: PLC0415

    taken = samples_of(obj.node(), samples, obj.settings.refresh)
    try:
        with create_recording(file) as out:
            write_recording(out, counted(taken, samples))
    except OSError as error:
        raise RecordError(f"{file}: cannot write: {error.strerror}") from error


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog=CODES_HELP,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def demo(ctx: click.Context, arguments: Sequence[str]) -> None:
    """Build a small OpenShift-shaped node and look at it.

    ARGUMENTS are those of ocnetview itself: `demo` opens the explorer on it, and
    `demo --json pods` lists its pods. Nothing of it is left afterwards. br0 is Open
    vSwitch where that is installed and allowed, else a Linux bridge.
    """
    from ocnetview.demo.run import run_demo  # noqa: PLC0415 - pyroute2's 200 ms

    if any(argument.startswith("--replay") for argument in arguments):
        raise click.UsageError("--replay is of another node than the demo")
    before = ctx.parent.params if ctx.parent else {}
    arguments = [*flags_for_demo(before), *arguments]
    try:
        code = run_demo(arguments)
    except DemoError as error:
        click.echo(f"ocnetview: {error}; showing a recorded demo node", err=True)
        recording = Path(__file__).parent / "demo" / "recorded.json.gz"
        code = _run_again(ctx, ["--replay", str(recording), *arguments])
    raise SystemExit(code)


def _run_again(ctx: click.Context, arguments: Sequence[str]) -> int:
    """Run ocnetview with other arguments, in this process; return its status."""
    try:
        ctx.find_root().command.main(list(arguments), prog_name="ocnetview")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


COMMANDS = (ports, pods, pod, tree, inside, who, sources, record, demo)
