"""The command that draws the node."""

from __future__ import annotations

import click

from ocnetview.console import incomplete, need
from ocnetview.exits import CODES_HELP
from ocnetview.facts import SourceKind
from ocnetview.headless.printing import json_option, show
from ocnetview.invocation import Invocation
from ocnetview.wanted import CONTAINERS, read_network


@click.command(epilog=CODES_HELP)
@click.option("--dot", "form", flag_value="dot", help="For Graphviz: | dot -Tpdf.")
@click.option("--svg", "form", flag_value="svg", help="A picture.")
@click.option("--mermaid", "form", flag_value="mermaid", help="For Markdown.")
@json_option
def graph(obj: Invocation, form: str | None) -> None:
    """Draw the node: pods, their veths, bridges, tunnels, other nodes.

    As text; or in one of these forms, on stdout.
    """
    from ocnetview.report import graph_svg, graph_text  # noqa: PLC0415 - as below
    from ocnetview.report.graph import graph_of  # noqa: PLC0415 - no other command's

    if form and obj.json:
        raise click.UsageError(f"--{form} and --json are two forms: choose one")
    model = read_network(obj.node())
    need(model, CONTAINERS | {SourceKind.LINKS})
    drawn = graph_of(model)
    forms = {
        "dot": graph_text.as_dot,
        "svg": graph_svg.as_svg,
        "mermaid": graph_text.as_mermaid,
    }
    write = forms.get(form or "", graph_text.as_text)
    show(
        obj,
        model,
        "graph",
        lambda _: graph_text.graph_json(drawn),
        lambda: write(drawn),
    )
    incomplete(model, SourceKind.CONTAINERS)
