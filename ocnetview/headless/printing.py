"""How a command prints its result: as JSON where that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING

import click

from ocnetview.console import print_result
from ocnetview.invocation import Invocation

if TYPE_CHECKING:
    from ocnetview.model import NodeModel
    from ocnetview.report import json


def show(
    obj: Invocation,
    model: NodeModel,
    command: str,
    rows: Callable[[NodeModel], json.Rows],
    text: Callable[[], str],
) -> None:
    """Print a result in the form that was asked for."""
    print_result(model, command, rows(model) if obj.json else None, text)


def json_option(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command its own `--json`, the same as the one before the command."""

    @click.option("--json", "as_json", is_flag=True, help="Print JSON (ocnetview/1).")
    @click.pass_obj
    def command(obj: Invocation, /, *, as_json: bool, **arguments: object) -> None:
        obj.json = obj.json or as_json
        function(obj, **arguments)

    return update_wrapper(command, function)
