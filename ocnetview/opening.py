"""Opens the screen, with as little as that takes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ocnetview.config import load_settings
from ocnetview.errors import ConfigError
from ocnetview.invocation import Invocation

if TYPE_CHECKING:
    from ocnetview.collectors.ahead import Ahead
    from ocnetview.tui.app import OcnetviewApp


def is_terminal() -> bool:
    """Claim that there is a screen to draw on, and keys to press."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def make_app(given: Invocation) -> OcnetviewApp:
    """Return the explorer of the node that the flags name.

    Raises:
        ConfigError: a setting that cannot be used.
        RecordError: a recording that cannot be read.
    """
    node = given.node()
    from ocnetview.tui import first_run  # noqa: PLC0415 - as below
    from ocnetview.tui.app import OcnetviewApp  # noqa: PLC0415 - 220 ms of Textual
    from ocnetview.tui.feed import LateFeed  # noqa: PLC0415 - as above

    first = first_run.is_first(os.environ)
    return OcnetviewApp(LateFeed(node.feed), given.settings, tools=node, first=first)


def opened(ahead: Ahead | None) -> int | None:
    """Open the screen without flags; return how it ended, None where it cannot be.

    What hinders, the command line says: this is only faster, as it needs no Click.
    """
    if not is_terminal():
        return None
    try:
        app = make_app(Invocation(load_settings({}), ahead=ahead))
    except ConfigError:
        return None
    app.run()
    return app.return_code
