"""The command line: the flags before the command; without one it opens the screen."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from ocnetview.config import load_settings
from ocnetview.exits import CODES_HELP, Group
from ocnetview.flags import setting_flags
from ocnetview.headless import NAMES, command
from ocnetview.invocation import Invocation
from ocnetview.opening import is_terminal, make_app

_ONCE = frozenset(
    {
        *("ports", "pods", "pod", "tree", "inside", "who", "flows", "trace"),
        *("explain", "graph", "sources"),
    }
)
"""The commands that read once, and then end."""


class _Lazy(Group):
    """Imports a command when it is asked for: the screen needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Return their names."""
        return [*NAMES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Return a command; None where there is none of this name."""
        return command(cmd_name)


@click.group(
    cls=_Lazy,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=CODES_HELP,
)
@click.version_option(package_name="ocnetview", prog_name="ocnetview")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (ocnetview/1).")
@setting_flags
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Settings file [default: ~/.config/ocnetview/config.toml].",
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Look at a recording instead of this node.",
)
@click.pass_context
def main(
    ctx: click.Context,
    /,
    *,
    as_json: bool,
    config: Path | None,
    replay: Path | None,
    **flags: object,
) -> None:
    """See which pod, veth, bridge port and process belong together, live.

    Without a command it opens the explorer. Nothing on the node is changed.
    """
    if ctx.invoked_subcommand not in {*_ONCE, None}:  # the screen does it later
        gc.enable()
    settings = load_settings(flags, file=config)
    ctx.obj = Invocation(settings, as_json, replay, ahead=ctx.obj)
    if ctx.invoked_subcommand is None:
        _explore(ctx.obj)


def _explore(obj: Invocation) -> None:
    """Open the screen."""
    if obj.json:
        raise click.UsageError("--json goes with a command, such as `ports` or `pods`")
    if not is_terminal():
        raise click.UsageError(
            "the explorer needs a terminal; `ocnetview pods` and the other commands"
            " do not"
        )
    app = make_app(obj)
    app.run()
    raise SystemExit(app.return_code)
