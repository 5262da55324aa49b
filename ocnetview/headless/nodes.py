"""The commands about whole nodes: one is recorded, another one made to try."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ocnetview.console import counted
from ocnetview.errors import DemoError, RecordError
from ocnetview.exits import CODES_HELP
from ocnetview.flags import flags_for_demo
from ocnetview.invocation import Invocation
from ocnetview.wanted import samples_of


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
        recording = Path(__file__).parents[1] / "demo" / "recorded.json.gz"
        code = _run_again(ctx, ["--replay", str(recording), *arguments])
    raise SystemExit(code)


def _run_again(ctx: click.Context, arguments: Sequence[str]) -> int:
    """Run ocnetview with other arguments, in this process; return its status."""
    try:
        ctx.find_root().command.main(list(arguments), prog_name="ocnetview")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0
