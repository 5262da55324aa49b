"""The table of all figures, as markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bench.bounds import Amount, Figure, Findings
from bench.figures import FIGURES

HEADS = (
    "#",
    "figure",
    "pods",
    "bound",
    "stretch",
    "measured",
    "ours",
    "other",
    "holds",
)
NOT_MEASURED = "-"


def table(found: Mapping[str, Findings], only: Collection[int] = ()) -> str:
    """Return a line for each figure, with what was measured on these nodes.

    Args:
        found: what was measured, by node.
        only: the figures that were asked for; empty for all.
    """
    lines = [HEADS, tuple("---" for _ in HEADS)]
    lines += [
        tuple(cells(figure, found.get(figure.where, {})))
        for figure in FIGURES
        if not only or figure.number in only
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cells(figure: Figure, findings: Findings) -> Iterator[str]:
    """Yield one line's cells."""
    measured = figure.measured(findings)
    yield str(figure.number)
    yield figure.what
    yield str(findings.get("pods", NOT_MEASURED))
    bound = figure.bound
    yield f"{'≥' if bound.least else '≤'} {number(bound.limit)}{bound.unit}"
    yield "" if bound.stretch is None else f"{number(bound.stretch)}{bound.unit}"
    if measured is None:
        yield from (NOT_MEASURED, *amounts(figure, findings), "not measured")
        return
    yield f"{number(measured)}{bound.unit}"
    yield from amounts(figure, findings)
    yield "yes" if figure.holds(findings) else "**no**"


def amounts(figure: Figure, findings: Findings) -> Iterator[str]:
    """Yield both absolute values, ours first."""
    for amount in (figure.ours, figure.other):
        yield shown(amount, findings) if amount else ""


def shown(amount: Amount, findings: Findings) -> str:
    """Return an amount with its unit, and which part of the samples it is."""
    value = amount.take(findings)
    if value is None:
        return NOT_MEASURED
    part = "" if amount.of == "p50" else f" ({amount.of})"
    return f"{number(value)}{amount.unit}{part}"


def number(value: float) -> str:
    """Return a number with as many digits as say something."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
