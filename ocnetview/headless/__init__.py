"""The commands that need no screen: each reads, prints or writes, and ends."""

from __future__ import annotations

from importlib import import_module

import click

_MODULES = {
    **dict.fromkeys(("ports", "pods", "pod"), "network"),
    **dict.fromkeys(("tree", "inside", "who"), "asking"),
    "capture": "capturing",
    "flows": "flows",
    "trace": "tracing",
    "explain": "explaining",
    "graph": "graphing",
    "sources": "asking",
    **dict.fromkeys(("record", "demo"), "nodes"),
}
"""Where each command is: one is loaded without the others."""
NAMES = tuple(_MODULES)
"""In the order that the help has."""


def command(name: str) -> click.Command | None:
    """Return the command of this name; None where there is none."""
    if name not in _MODULES:
        return None
    module = import_module(f"{__name__}.{_MODULES[name]}")
    found: click.Command = getattr(module, name)
    return found
