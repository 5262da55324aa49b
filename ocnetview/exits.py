"""How the command line ends: every exit status, and what is said with it."""

from __future__ import annotations

import os
import sys
from enum import IntEnum

import click

from ocnetview.errors import (
    AmbiguousError,
    BlindError,
    CollectorError,
    ConfigError,
    DemoError,
    FilterError,
    NotFoundError,
    OcnetviewError,
    ProbeError,
    RecordError,
)
from ocnetview.units import printable


class Exit(IntEnum):
    """What the exit status says."""

    FOUND = 0
    """The answer is on stdout."""
    NOT_FOUND = 1
    """Nothing on the node answers to what was asked."""
    USAGE = 2
    """Bad usage: an unknown flag, a bad setting, a name that fits several things."""
    BLIND = 3
    """The sources that the answer needs could not be read, or it not be written."""
    PIPE = 141
    """Whoever read stdout closed it, as a shell says of a command that SIGPIPE ends."""


_CODES: tuple[tuple[type[OcnetviewError], Exit], ...] = (
    (NotFoundError, Exit.NOT_FOUND),
    (AmbiguousError, Exit.USAGE),
    (ConfigError, Exit.USAGE),
    (FilterError, Exit.USAGE),
    (RecordError, Exit.USAGE),
    (BlindError, Exit.BLIND),
    (DemoError, Exit.BLIND),
    (CollectorError, Exit.BLIND),
    (ProbeError, Exit.BLIND),
)
CODES_HELP = """\b
Exit status: 0 found, 1 not found, 2 bad usage or several things fit,
3 could not look (a source that the answer needs is down or not there)."""


class Group(click.Group):
    """Says every error of ours on stderr, with its exit status."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OcnetviewError as error:
            click.echo(f"ocnetview: {printable(str(error))}", err=True)
            code = next(code for kind, code in _CODES if isinstance(error, kind))
            ctx.exit(code)
        except BrokenPipeError:
            _abandon_stdout()
            ctx.exit(Exit.PIPE)
        except OSError as error:
            what = error.filename or "cannot write the result"
            line = f"{what}: {error.strerror or error}"
            click.echo(f"ocnetview: {printable(line)}", err=True)
            _abandon_stdout()
            ctx.exit(Exit.BLIND)


def _abandon_stdout() -> None:
    """Send what is left for stdout nowhere: at its end Python would try once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
