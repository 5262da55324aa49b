"""A pod's containers, their limits and environments, as sections."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator

from ocnetview.details.cells import section, table_of, trouble
from ocnetview.details.section import Line, Section, Table
from ocnetview.facts.inside_containers import (
    ContainerDetail,
    ContainersFacts,
    EnvironmentFacts,
    Limit,
    Limits,
    LimitsFacts,
    Variable,
)
from ocnetview.model import NodeModel
from ocnetview.units import age, memory, printable

_MASK = "••••••"
"""In place of a value; as long for every one."""
_SECRET = "•••••• (looks like a secret)"  # noqa: S105 - what stands in place of one
_MUCH = 0.9
"""Of a limit, from where on it is near."""
_ROOT = "/"
"""The cgroup that all others are below of."""


def containers_detail(model: NodeModel, facts: ContainersFacts) -> tuple[Section, ...]:
    """Return a section for each container, its mounts below."""
    at = model.at or time.time()
    return tuple(_container(one, at) for one in facts.containers)


def _container(one: ContainerDetail, at: float) -> Section:
    lines = [Line(label, printable(text), bad) for label, text, bad in _said(one, at)]
    if one.limits:
        lines += _limits(one.limits)
    if one.trouble:
        lines.append(trouble(one.trouble))
    return Section(
        f"container {printable(one.name)}",
        tuple(line for line in lines if line.text),
        _mounts(one),
    )


def _said(one: ContainerDetail, at: float) -> Iterator[tuple[str, str, bool]]:
    """Yield what is known of a container under its label, and whether it is amiss."""
    ended = one.exit_code is not None
    state = [one.state, one.reason, f"exit {one.exit_code}" if ended else ""]
    yield "source", one.source, False
    yield "state", ", ".join(filter(None, state)), bool(one.exit_code)
    yield "image", one.image, False
    yield "id", one.id, False
    yield "restarts", str(one.restarts or 0), bool(one.restarts)
    for label, when in (
        ("created", one.created),
        ("started", one.started),
        ("finished", one.finished if ended else 0.0),
    ):
        yield label, f"{age(max(0.0, at - when))} ago" if when else "", False
    yield "command", shlex.join(one.command), False
    yield "folder", one.folder, False
    yield "user", one.user, False
    yield "pid", str(one.pid or ""), False
    yield "privileged", "yes" if one.privileged else "", True
    if one.capabilities is not None:
        names = [name.removeprefix("CAP_").lower() for name in one.capabilities]
        yield "may use", ", ".join(names) or "no capability", False


def _mounts(one: ContainerDetail) -> Table | None:
    rows = [
        (m.destination, "rw" if m.writable else "ro", m.kind, m.source)
        for m in one.mounts
    ]
    return table_of(("MOUNTED AT", "MODE", "KIND", "FROM"), rows)


def limits_detail(facts: LimitsFacts) -> tuple[Section, ...]:
    """Return a section for each container, or for the one process."""
    return tuple(
        Section(
            f"limits of {printable(one.subject)}",
            (Line("source", printable(facts.source)), *_limits(one)),
        )
        for one in facts.limits
    )


def _limits(one: Limits) -> list[Line]:
    """Return a line for each resource: how much is used, of how much, set where."""
    of_all = ", the root: what is taken is of all that runs" * (one.cgroup == _ROOT)
    lines = [Line("cgroup", printable(one.cgroup) + of_all)] if one.cgroup else []
    if one.trouble:
        return [*lines, trouble(one.trouble)]
    return [
        *lines,
        Line("cpu", _cpu(one), bool(one.throttled)),
        Line("memory", *_used(one.memory_used, one.memory, one.cgroup, binary=True)),
        *([Line("out of memory", _kills(one), bad=True)] if one.oom_kills else []),
        Line("pids", *_used(one.pids_used, one.pids, one.cgroup)),
    ]


def _kills(one: Limits) -> str:
    times = "once" if one.oom_kills == 1 else f"{one.oom_kills} times"
    return f"a process was killed {times}"


def _cpu(one: Limits) -> str:
    limit = f"{one.cpu.value:g} CPUs{_set_at(one.cpu, one.cgroup)}" if one.cpu else ""
    parts = [
        limit or "no limit",
        f"weight {one.cpu_weight}" if one.cpu_weight is not None else "",
        f"took {one.cpu_seconds:.1f} s" if one.cpu_seconds is not None else "",
    ]
    if one.throttled:
        held = f"for {one.throttled_seconds or 0:.1f} s"
        parts.append(f"held back in {one.throttled} of {one.periods} periods {held}")
    return ", ".join(filter(None, parts))


def _used(
    used: int | None, limit: Limit | None, cgroup: str, *, binary: bool = False
) -> tuple[str, bool]:
    """Return what is used of a limit, and whether that is nearly all."""

    def shown(number: float) -> str:
        return memory(int(number)) if binary else f"{number:g}"

    taken = "unknown" if used is None else shown(used)
    if limit is None:
        return f"{taken}, no limit", False
    near = used is not None and used >= _MUCH * limit.value
    return f"{taken} of {shown(limit.value)}{_set_at(limit, cgroup)}", near


def _set_at(limit: Limit, cgroup: str) -> str:
    """Return which cgroup sets a limit, where it is one above."""
    above = limit.where and not cgroup.endswith(limit.where)
    return f" (set by {printable(limit.where)})" if above else ""


def environment_detail(facts: EnvironmentFacts, *, reveal: bool) -> tuple[Section, ...]:
    """Return the variables; their values only where asked, and never a secret."""
    heads = ("CONTAINER", "NAME", "VALUE")
    rows = [
        (v.container, v.name, shown_value(v, reveal=reveal)) for v in facts.variables
    ]
    table = table_of(heads, rows)
    lines = map(trouble, facts.troubles)
    nothing = "no variable is set"
    return (section("environment", facts.source, table, nothing, *lines),)


def shown_value(variable: Variable, *, reveal: bool) -> str:
    """Return a variable's value as it may be shown."""
    if not reveal:
        return _MASK
    return _SECRET if variable.secret else variable.value
