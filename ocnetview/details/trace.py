"""What a trace says, as sections: the verdict first, then each step with names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import join

from ocnetview.details.cells import table_of
from ocnetview.details.section import Line, Section
from ocnetview.match.ofports import port_names
from ocnetview.match.openflow import layout_of
from ocnetview.match.openflow_names import readable
from ocnetview.match.openflow_tables import meaning
from ocnetview.match.trace_answer import Act, Pass, Step
from ocnetview.match.trace_flow import Way
from ocnetview.match.trace_ways import Traced
from ocnetview.model import NodeModel
from ocnetview.units import printable

DECIDES = "●"
"""Before the rule that decided what became of the packet, where that is no fault."""
_HEADS = ("", "TABLE", "RULE", "DOES")
_GOES = ("goto_table:", "resubmit(")


def trace_detail(model: NodeModel, traced: Traced) -> tuple[Section, ...]:
    """Return the verdict, what was asked, and every step with its rule."""
    parts = [Section(_title(traced), tuple(_verdict(traced)))]
    first = 0
    for number, one in enumerate(traced.passes):
        parts.append(_pass(model, traced, one, number, first))
        first += len(one.steps)
    return tuple(parts)


def verdict_line(traced: Traced) -> Line:
    """Return what came of a packet, in a line."""
    bad = traced.verdict is None or traced.verdict.bad
    label = "there" if traced.way is Way.THERE else "back"
    return Line(label, printable(traced.says), bad)


def _title(traced: Traced) -> str:
    """Return from whom to whom, and what."""
    return printable(f"{traced.title}, {traced.route.wanted.text}")


def _verdict(traced: Traced) -> Iterator[Line]:
    """Yield what became of it, by which rule, and what was asked."""
    yield verdict_line(traced)
    verdict, question = traced.verdict, traced.question
    if verdict and verdict.peer and verdict.peer.name:
        peer = verdict.peer
        behind = f", pods {', '.join(peer.subnets)}" if peer.subnets else ""
        yield Line("other node", printable(f"{peer.title}{behind}, by {peer.source}"))
    if question:
        yield Line("bridge", printable(question.bridge))
        yield Line("flow", printable(question.flow))
        if question.states:
            yield Line("as a reply", f"conntrack finds {question.states[0]}")
        for note in question.notes:
            yield Line("note", printable(note))


def _pass(
    model: NodeModel, traced: Traced, one: Pass, number: int, first: int
) -> Section:
    """Return the steps of a pass, as a table."""
    decided = traced.verdict.step if traced.verdict else None
    bad = bool(traced.verdict and traced.verdict.bad)
    rows, wrong, bridge = [], [], ""
    for place, step in enumerate(one.steps, first):
        decides = place == decided
        sign = DECIDES if decides and not bad else ""
        wrong += [place - first] if decides and bad else []
        rows.append((sign, *_row(model, step, moved=step.bridge != bridge)))
        bridge = step.bridge
    title = f"pass {number + 1}" if traced.passes[1:] else "steps"
    name = one.steps[0].bridge if one.steps else ""
    lines = [Line("resumed", printable(one.resumed))] if one.resumed else []
    lines += [Line("note", printable(line)) for line in one.rest]
    if one.actions:
        lines.append(Line("datapath", printable(one.actions), one.actions == "drop"))
    table = table_of(_HEADS, rows, right={"TABLE"}, bad=wrong)
    return Section(printable(f"{title} {name}".strip()), tuple(lines), table)


def _row(model: NodeModel, step: Step, *, moved: bool) -> tuple[str, str, str]:
    """Return a step: its table with what that is for, its rule, what it did."""
    names = port_names(model, step.bridge)
    known = model.bridges_by_name.get(step.bridge)
    for_what = meaning(layout_of(known), step.table, None) if known else ""
    place = f"{step.bridge} " if moved else ""
    table = f"{'  ' * step.depth}{place}{step.table}"
    rule = step.match or ("" if step.priority is None else "anything")
    if known:
        rule = readable(rule, step.table, layout_of(known), names)
    priority = "" if step.priority is None else f"{step.priority} "
    does = "; ".join(_act(model, step, act, names) for act in step.acts)
    about = f"{for_what}: " if for_what else ""
    return table, f"{about}{priority}{rule}", does


def _act(model: NodeModel, step: Step, act: Act, names: Mapping[int, str]) -> str:
    """Return an act with names, and what the switch says of it."""
    known = model.bridges_by_name.get(step.bridge)
    text = act.text
    if known:
        text = readable(text, step.table, layout_of(known), names)
    said = [r for r in act.remarks if not text.startswith(_GOES)]
    led = [f"goes on in {act.leads}"] if act.leads else []
    return " → ".join([text, *said, *led])


def raw_text(traced: Traced) -> str:
    """Return the command that asks the same, and the answer as the switch wrote it."""
    if traced.question is None or traced.facts is None:
        return f"{printable(traced.failed)}\n"
    lines = map(printable, traced.facts.text.splitlines())
    return "\n".join([f"# {command_of(traced)}", *lines, ""])


def command_of(traced: Traced) -> str:
    """Return the shell line that asks the same; empty where nothing was asked."""
    if traced.question is None:
        return ""
    asked = traced.question
    states = [part for state in asked.states for part in ("--ct-next", state)]
    words = ["ovs-appctl", "ofproto/trace", *states, asked.bridge, asked.flow]
    return printable(join(words))
