"""Recipes as text that a shell takes whole, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ocnetview.columns import Json
from ocnetview.details.recipes import Recipe, recipes, script
from ocnetview.frozen import dataclass
from ocnetview.match.answers import Answer
from ocnetview.model import NodeModel
from ocnetview.units import printable


@dataclass(frozen=True, slots=True)
class Explained:
    """Something on the node, and the lines that show it."""

    subject: str
    """What it is, in words; untrusted text."""
    recipes: tuple[Recipe, ...]


def explain_node(model: NodeModel) -> tuple[Explained, ...]:
    """Return the lines that show the whole node."""
    return (Explained("the node", recipes(model)),)


def explain(model: NodeModel, answers: Sequence[Answer]) -> tuple[Explained, ...]:
    """Return the lines for each thing that answers; each line stands there once."""
    seen: set[str] = set()
    return tuple(
        one for answer in answers for one in _explain(model, answer, seen) if one
    )


def _explain(model: NodeModel, answer: Answer, seen: set[str]) -> Iterator[Explained]:
    """Yield the lines for what answers that were not seen yet, if there are some."""
    found = recipes(
        model,
        pod=answer.pod,
        container=answer.container,
        port=answer.port,
        process=answer.process,
        link=answer.link,
    )
    fresh = tuple(one for one in found if one.command not in seen)
    seen |= {one.command for one in fresh}
    if fresh:
        yield Explained(_subject(answer), fresh)


def _subject(answer: Answer) -> str:
    """Return what answers, in words."""
    parts = []
    if answer.process:
        process = answer.process.process
        parts.append(f"process {process.name} ({process.pid})")
    if answer.port:
        parts.append(f"port {answer.port.name} of {answer.port.bridge}")
    elif answer.link:
        parts.append(f"link {answer.link.name}")
    if answer.pod:
        parts.append(f"{answer.pod.kind} {answer.pod.title}")
    return ", ".join(parts) or answer.what


def explained_text(explained: Sequence[Explained]) -> str:
    """Return all lines, each below a comment: whatever the names are, no more is run.

    A name with a line's end in it does not end a comment: it is made visible.
    """
    blocks = (
        f"## {printable(one.subject)}\n\n{script(one.recipes)}" for one in explained
    )
    return "\n".join(blocks)


def explained_json(
    explained: Sequence[Explained], _: NodeModel
) -> Mapping[str, Iterator[Json]]:
    """Return what a document of recipes holds."""
    return {"recipes": _rows(explained)}


def _rows(explained: Sequence[Explained]) -> Iterator[Json]:
    """Yield a row for each line."""
    for about in explained:
        for one in about.recipes:
            yield {
                "subject": about.subject,
                "title": one.title,
                "command": one.command,
                "shows": one.shows,
                "tool": one.tool,
            }
