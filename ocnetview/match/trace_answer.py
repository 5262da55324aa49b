"""The answer of `ofproto/trace` -> its steps: which rule was met, what it did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ocnetview import frozen

_BRIDGE = re.compile(r'bridge\("(.*)"\)')
_TABLE = re.compile(r"([0-9]{1,3})\. (.*)")
_PRIORITY = re.compile(r"(?:(.*), )?priority ([0-9]{1,5})(?:, cookie (0x[0-9a-f]+))?")
_REMARK = re.compile(r"(?:->|>>|>>>>) (.*)")
_RULER = frozenset("-="), frozenset("="), frozenset("-")
_HEADS = ("Flow: ", "Final flow: ", "Megaflow: ", "Datapath actions: ")
_ONE_DIGIT = 10
"""Tables below this are written with a space before, to be two characters wide."""


class Act(NamedTuple):
    """Something that a rule did."""

    text: str
    """As the switch writes it: `output:3`, `goto_table:20`."""
    remarks: tuple[str, ...] = ()
    """What it says of it: `-> output port is 4`."""
    leads: str = ""
    """The bridge that the packet went on in, by a patch port."""


class Step(NamedTuple):
    """A table that the packet went through, and the rule that it met there."""

    bridge: str
    table: int
    match: str
    """Of the rule; empty for one that matches everything."""
    priority: int | None = None
    """None where no rule matched: `match` has the switch's words then."""
    cookie: int = 0
    acts: tuple[Act, ...] = ()
    depth: int = 0
    """How many rules it was called by, with resubmit."""


@frozen.dataclass(frozen=True, slots=True)
class Pass:
    """A way through the tables, until its end or until connection tracking."""

    resumed: str = ""
    """How it came about, in the switch's words; empty for the first."""
    flow: str = ""
    """The packet as it began."""
    steps: tuple[Step, ...] = ()
    final: str = ""
    """The packet as it ended, `unchanged` where nothing of it changed."""
    megaflow: str = ""
    actions: str = ""
    """What the datapath is told to do; empty where the answer is not whole."""
    rest: tuple[str, ...] = ()
    """Lines of another kind: why it is slow, what is new in this version."""


@dataclass(slots=True)
class _Draft:
    """A pass while it is read."""

    resumed: str = ""
    heads: dict[str, str] = field(default_factory=dict)
    steps: list[_Rule] = field(default_factory=list)
    open: list[tuple[int, _Rule]] = field(default_factory=list)
    """Rules that may do more, each with its indent."""
    bridges: list[tuple[int, str]] = field(default_factory=list)
    last: _Deed | None = None
    rest: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Deed:
    """An act while it is read."""

    text: str
    remarks: list[str] = field(default_factory=list)
    leads: str = ""


@dataclass(slots=True)
class _Rule:
    """A step while it is read."""

    step: Step
    deeds: list[_Deed] = field(default_factory=list)

    def whole(self) -> Step:
        """Return the step with all that it did."""
        acts = (Act(d.text, tuple(d.remarks), d.leads) for d in self.deeds)
        return self.step._replace(acts=tuple(acts))


def read_answer(text: str) -> tuple[Pass, ...]:
    """Return the passes of an answer, whatever it holds; at least one."""
    drafts = [_Draft()]
    for line in text.splitlines():
        if not line.strip():
            continue
        if line.startswith("recirc("):
            drafts.append(_Draft(line.strip()))
            continue
        _take(drafts[-1], line)
    return tuple(map(_whole, drafts))


def _whole(draft: _Draft) -> Pass:
    """Return the pass that was read."""
    flow, final, megaflow, actions = (draft.heads.get(head, "") for head in _HEADS)
    steps = tuple(rule.whole() for rule in draft.steps)
    rest = tuple(draft.rest)
    return Pass(draft.resumed, flow, steps, final, megaflow, actions, rest)


def _take(draft: _Draft, line: str) -> None:
    """Take a line into the pass that it is of."""
    bare = line.strip()
    indent = len(line) - len(line.lstrip(" "))
    if head := next((h for h in _HEADS if line.startswith(h)), None):
        draft.heads[head] = line.removeprefix(head)
        draft.last = None
    elif any(set(bare) <= ruler for ruler in _RULER):
        pass  # an underline
    elif bare == "thaw" or bare.startswith("Resuming from table "):
        pass  # the table of the next step
    elif found := _BRIDGE.fullmatch(bare):
        _enter(draft, indent, found[1])
    elif found := _TABLE.fullmatch(bare):
        _open(draft, indent, int(found[1]), found[2])
    elif (found := _REMARK.fullmatch(bare)) and draft.last:
        draft.last.remarks.append(found[1].removesuffix(" <<<<"))
    elif not _do(draft, indent, bare):
        draft.rest.append(bare)


def _enter(draft: _Draft, indent: int, bridge: str) -> None:
    """Go on in a bridge: the first one, or one behind a patch port."""
    if draft.last:
        draft.last.leads = bridge
    draft.bridges = [one for one in draft.bridges if one[0] < indent]
    draft.bridges.append((indent, bridge))


def _open(draft: _Draft, indent: int, table: int, words: str) -> None:
    """Begin a step."""
    indent -= table < _ONE_DIGIT and indent % 4 == 1
    draft.open = [one for one in draft.open if one[0] < indent]
    inner = [bridge for at, bridge in draft.bridges if at <= indent]
    rule = _PRIORITY.fullmatch(words)
    step = Step(inner[-1] if inner else "", table, words.strip())
    if rule:
        cookie = int(rule[3] or "0", 16)
        step = step._replace(
            match=(rule[1] or "").strip(), priority=int(rule[2]), cookie=cookie
        )
    made = _Rule(step._replace(depth=len(draft.open)))
    draft.open.append((indent, made))
    draft.steps.append(made)


def _do(draft: _Draft, indent: int, words: str) -> bool:
    """Add an act to the rule that did it; claim that there is one."""
    draft.open = [one for one in draft.open if one[0] < indent]
    if not draft.open:
        return False
    draft.last = _Deed(words)
    draft.open[-1][1].deeds.append(draft.last)
    return True


def steps_of(passes: tuple[Pass, ...]) -> Iterator[Step]:
    """Yield every step, in the order in which they were met."""
    for one in passes:
        yield from one.steps


def field_of(flow: str, name: str) -> str:
    """Return what a field of a flow is, as the switch writes it; empty for none."""
    found = re.search(rf"(?:^|,){re.escape(name)}=([^,]*)", flow)
    return found[1] if found else ""
