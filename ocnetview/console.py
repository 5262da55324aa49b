"""What the command line prints: results on stdout, all else on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from ocnetview.errors import BlindError, NotFoundError, OcnetviewError
from ocnetview.facts import Container, Sample, SourceKind, SourceState
from ocnetview.units import printable

if TYPE_CHECKING:
    from ocnetview.model import NodeModel, Pod, Problem
    from ocnetview.report import json

_EVERYWHERE = (SourceKind.LINKS, SourceKind.CONTAINERS, SourceKind.PROCESSES)
_LOOKING = ("CAP_NET_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN")
"""Rights without which a part of the node cannot be seen at all."""


def need(model: NodeModel, *groups: Collection[SourceKind]) -> None:
    """Warn of sources that failed; refuse to answer when a group was not heard.

    Raises:
        BlindError: of a group of kinds no source is up, or they cannot be joined.
    """
    for source in model.sources:
        if source.state is SourceState.DOWN:
            line = f"{source.name} is down: {source.reason}"
            click.echo(f"ocnetview: {printable(line)}", err=True)
    if _rights(model):
        line = f"without {', '.join(_rights(model))} not all can be seen"
        click.echo(f"ocnetview: {line}; `ocnetview sources` says what", err=True)
    require(model, *groups)


def require(model: NodeModel, *groups: Collection[SourceKind]) -> None:
    """Refuse to answer when a group was not heard.

    Raises:
        BlindError: of a group of kinds no source is up, or they cannot be joined.
    """
    from ocnetview.joined import JOIN  # noqa: PLC0415 - while the sources are read

    joins = [source for source in model.sources if source.name == JOIN]
    needed = [[s for s in model.sources if s.kind in kinds] for kinds in groups]
    for some in ([joins] if joins else []) + needed:
        if not any(s.state is SourceState.UP for s in some):
            reasons = "; ".join(f"{s.name} {s.state}: {s.reason}" for s in some)
            raise BlindError(f"could not look: {reasons or 'no source'}")


def incomplete(model: NodeModel, kind: SourceKind) -> None:
    """Say that a result lacks what a source that is down would have told.

    Raises:
        BlindError: it is down; one that is not there has nothing to tell.
    """
    for source in model.sources:
        if source.kind is kind and source.state is SourceState.DOWN:
            raise BlindError(f"this is not all: {source.name} could not be asked")


def not_found(model: NodeModel, error: NotFoundError) -> OcnetviewError:
    """Return the error, or that it was not looked everywhere, where that is so.

    What a source that does not answer knows may well exist. One that is not there
    knows nothing, unless it is the only one of a kind that every node has.
    """
    silent = [s.name for s in model.sources if s.state is SourceState.DOWN]
    for kind in _EVERYWHERE:
        some = [s for s in model.sources if s.kind is kind]
        if not any(s.state in (SourceState.UP, SourceState.DOWN) for s in some):
            silent += [s.name for s in some]
    blind = f"{', '.join(silent)} could not be asked" if silent else ""
    if _rights(model):
        blind = "; ".join(filter(None, [blind, f"needs {', '.join(_rights(model))}"]))
    return BlindError(f"{error}; {blind}") if blind else error


def named(model: NodeModel, scrap: str) -> tuple[Pod, Container | None]:
    """Return the pod, or the container in it, that a name or id stands for.

    Raises:
        OcnetviewError: none does, several do, or it was not looked everywhere.
    """
    from ocnetview.match.who import find_pod  # noqa: PLC0415 - few commands

    try:
        return find_pod(model, scrap)
    except NotFoundError as error:
        raise not_found(model, error) from None


def _rights(model: NodeModel) -> Sequence[str]:
    """Return what we may not do and had to, to see all of the node."""
    rights = model.place.rights if model.place else ()
    return [right.name for right in rights if right.name in _LOOKING and not right.held]


def tell(problems: Iterable[Problem], nothing: str) -> None:
    """Say on stderr what is wrong on the node, and of what there is nothing."""
    if nothing:
        click.echo(f"ocnetview: no {nothing} here", err=True)
    for problem in problems:
        click.echo(f"ocnetview: {printable(problem.text)}", err=True)


def counted(samples: Iterable[Sample], total: int) -> Iterator[Sample]:
    """Yield the samples, and say on a terminal's stderr how many there are."""
    shown = sys.stderr.isatty()
    for number, sample in enumerate(samples, start=1):
        yield sample
        if shown:
            end = number == total
            click.echo(f"\rocnetview: {number} of {total} samples", nl=end, err=True)


def print_result(
    model: NodeModel,
    command: str,
    rows: json.Rows | None,
    text: Callable[[], str],
) -> None:
    """Print a result on stdout: as JSON where `rows` are given, else as text.

    Colour only on a terminal, and not where NO_COLOR is set and not empty.
    """
    if rows is not None:
        from ocnetview.report.json import document  # noqa: PLC0415 - as above

        # JSON escapes what colours: there is nothing to search the text for.
        for piece in document(model, command, rows):
            click.echo(piece, nl=False, color=True)
        return
    head, newline, rest = text().partition("\n")
    if command != "who":
        head = click.style(head, bold=True)
    plain = False if os.environ.get("NO_COLOR") else None
    click.echo(head + newline + rest, nl=False, color=plain)
