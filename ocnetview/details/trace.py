"""What a trace says, as sections: the verdict first, then each step with names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ocnetview.details.recipes.trace import command_of
from ocnetview.details.section import Line, Section
from ocnetview.frozen import dataclass
from ocnetview.match.ofports import port_names, written
from ocnetview.match.openflow import Layout, layout_of
from ocnetview.match.openflow_names import name_spans
from ocnetview.match.openflow_tables import Note, meaning
from ocnetview.match.peers import Peer, peer_spans
from ocnetview.match.trace_answer import Act, Pass, Step
from ocnetview.match.trace_flow import Way
from ocnetview.match.trace_ways import Traced
from ocnetview.model import NodeModel
from ocnetview.units import printable

DECIDES, ENDS = "●", "✖"
"""Before the rule that decided: that the packet gets on, or that it does not."""
NOTHING = "○"
"""Before what there is nothing to ask about."""
_RESUMED = re.compile(r"The forked pipeline will be resumed at table ([0-9]+)")
_STATE = re.compile(r"ct_state=(\S+)")
_IMPLIED = ("drop", "nat")
"""What the switch writes for the packet itself, whose clone goes on."""


def trace_detail(model: NodeModel, traced: Traced) -> tuple[Section, ...]:
    """Return the verdict, what was asked, and every step with its rule."""
    parts = [Section(_title(traced), tuple(_verdict(model, traced)))]
    first = 0
    for one in traced.passes:
        parts.append(_pass(model, traced, one, first))
        first += len(one.steps)
    return tuple(parts)


def verdict_line(traced: Traced) -> Line:
    """Return what came of a packet, in a line."""
    bad = traced.verdict.bad if traced.verdict else not traced.absent
    sign = ENDS if bad else DECIDES if traced.verdict else NOTHING
    return Line(f"{sign} {traced.way}", printable(traced.says), bad)


def _title(traced: Traced) -> str:
    """Return from whom to whom, and what."""
    reply = "" if traced.way is Way.THERE else "the answer to "
    return printable(f"{traced.title}, {reply}{traced.route.wanted.text}")


def _verdict(model: NodeModel, traced: Traced) -> Iterator[Line]:
    """Yield what became of it, by which rule, and what was asked."""
    yield verdict_line(traced)
    verdict, question = traced.verdict, traced.question
    steps = [step for one in traced.passes for step in one.steps]
    if verdict and verdict.step is not None:
        step = steps[verdict.step]
        words = _Words.of(model, step, traced)
        text = f"table {step.table} of {step.bridge}: {words.rule(step)}"
        yield Line("decided by", printable(text), verdict.bad)
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
    if traced.unnoted:
        why = f"named as any version has them: {traced.unnoted}"
        yield Line("tables", printable(why))


def _pass(model: NodeModel, traced: Traced, one: Pass, first: int) -> Section:
    """Return the steps of a pass, each with its rule and what that did."""
    verdict = traced.verdict
    lines: list[Line] = []
    bridge = one.steps[0].bridge if one.steps else ""
    shown = bridge
    for place, step in enumerate(one.steps, first):
        bad, sign = False, ""
        if verdict and place == verdict.step:
            bad, sign = verdict.bad, ENDS if verdict.bad else DECIDES
        if step.bridge != shown:
            lines.append(Line("bridge", printable(step.bridge)))
            shown = step.bridge
        label = f"{'  ' * step.depth}{sign or ' '} {step.table}"
        for text in _Words.of(model, step, traced).lines(step):
            lines.append(Line(label, printable(text), bad))
            label = ""
    lines += [Line("note", printable(rest)) for rest in one.rest if rest[-1:] != ":"]
    if one.actions:
        lines.append(Line("datapath", printable(one.actions)))
    return Section(printable(f"{bridge}{_how(one)}"), tuple(lines))


def _how(one: Pass) -> str:
    """Return how a pass came about, for its title."""
    if not one.resumed:
        return ""
    state = _STATE.search(one.resumed)
    return f" again, after conntrack found {state[1]}" if state else " again"


@dataclass(frozen=True, slots=True)
class _Words:
    """How the rules of a bridge are written with names."""

    layout: Layout
    names: tuple[tuple[int, str], ...]
    peer: Peer | None
    """The other node that the packet goes to."""
    note: Note | None
    """By which version the tables are named."""

    @classmethod
    def of(cls, model: NodeModel, step: Step, traced: Traced) -> _Words:
        """Return the words for a step."""
        bridge = model.bridges_by_name.get(step.bridge)
        names = tuple(port_names(model, step.bridge).items())
        layout = layout_of(bridge) if bridge else Layout.OTHER
        peer = traced.verdict.peer if traced.verdict else None
        return cls(layout, names, peer, traced.note)

    def named(self, step: Step, text: str) -> str:
        """Return a match or an act of a step with names in it."""
        spans = name_spans(text, step.table, self.layout, dict(self.names))
        peers = peer_spans(text, [self.peer] if self.peer else [])
        return written(text, [*spans, *peers])

    def rule(self, step: Step) -> str:
        """Return the rule that was met, with its priority."""
        if step.priority is None:
            return step.match
        match = self.named(step, step.match) or "anything"
        return f"priority {step.priority}, {match}"

    def lines(self, step: Step) -> Iterator[str]:
        """Yield what the table is for, the rule, and what that did."""
        if for_what := meaning(self.layout, step.table, self.note):
            yield for_what
        yield self.rule(step)
        for act in step.acts:
            if text := self.did(step, act):
                yield f"→ {text}"

    def did(self, step: Step, act: Act) -> str:
        """Return what a rule did, and what the switch says of it."""
        text = self.named(step, act.text)
        resumed = [found[1] for r in act.remarks if (found := _RESUMED.search(r))]
        if resumed:
            on = f"conntrack, then on at table {resumed[0]}"
            return on if act.text in _IMPLIED else f"{text}: {on}"
        said = [*act.remarks, *([f"goes on in {act.leads}"] if act.leads else [])]
        return f"{text} ({'; '.join(said)})" if said else text


def raw_text(model: NodeModel, traced: Traced) -> str:
    """Return the command that asks the same, and the answer as the switch wrote it."""
    if traced.question is None or traced.facts is None:
        return f"{printable(traced.failed)}\n"
    lines = map(printable, traced.facts.text.splitlines())
    return "\n".join([f"# {command_of(model, traced)}", *lines, ""])
