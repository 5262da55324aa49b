"""The containers of a pod in detail, and the environments that they were given."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ocnetview.collectors.request import ask_unless_stopped
from ocnetview.collectors.stat import read_file
from ocnetview.facts import Container
from ocnetview.facts.inside_containers import (
    ContainerDetail,
    ContainersFacts,
    EnvironmentFacts,
    Variable,
)
from ocnetview.match.names import container_name
from ocnetview.probes.control_groups import ControlGroups
from ocnetview.probes.errand import StoppedError
from ocnetview.probes.runtime_words import Told
from ocnetview.probes.runtimes import ask_runtimes, listed
from ocnetview.probes.visit import Visit

_NESTED = "its runtime runs in a container, and is not asked"
_SECRET_NAMES = re.compile(
    r"pass(?:wd|word|phrase|code)|(?:^|_)pass(?:$|_)|_pwd$|secret|token|credential"
    r"|auth(?!or)"
    r"|(?:^|_)(?:api|access|private|signing|encryption|master)?_?key(?:$|_)"
    r"|apikey|dsn$|conn(?:ection)?_?str|cookie|salt$|bearer",
    re.IGNORECASE,
)
"""Names of variables that hold what nobody else is to know."""
_SECRET_VALUES = re.compile(
    r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@"
    r"|-----BEGIN |^eyJ[\w-]{8,}\.|^(?:gh[pousr]_|glpat-|xox[abprs]-|sk-|AKIA|ASIA)",
    re.IGNORECASE,
)
"""A URL with a password, a PEM, a JWT, and what some makers' keys begin with."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What the runtimes say of the target's containers."""

    told: Mapping[str, Told]
    troubles: tuple[str, ...]


def read_containers(visit: Visit) -> ContainersFacts:
    """Return every container, as its runtime and the kernel describe it.

    Raises:
        ProbeError: there is none.
    """
    said = _asked(visit)
    groups = ControlGroups(visit.proc, visit.settings.host_root)
    found = tuple(_details(visit, said, groups))
    source = ", ".join(dict.fromkeys(one.source for one in found))
    return ContainersFacts(source, time.time(), found)


def _asked(visit: Visit) -> _Said:
    """Ask the runtimes, unless told to stop meanwhile.

    Raises:
        ProbeError: there is no container to ask about.
        StoppedError: told to stop.
    """
    target = visit.target
    if not target.containers:
        raise visit.absent("read containers", "it has none")
    if target.nested:
        return _Said({}, (_NESTED,))
    try:
        found, troubles = ask_unless_stopped(
            visit.stop, lambda: ask_runtimes(visit.settings, target.containers)
        )
    except InterruptedError:
        raise StoppedError from None
    return _Said(found, troubles)


def _details(
    visit: Visit, said: _Said, groups: ControlGroups
) -> Iterator[ContainerDetail]:
    """Yield each container in the order of the model, named as there."""
    for one in visit.target.containers:
        told = said.told.get(one.id)
        detail = told.detail if told else listed(one, visit.proc)
        name = container_name(one)
        limits = groups.limits(name, one.pid, one.id) if one.pid else None
        command = detail.command or _arguments(visit, one)
        trouble = "" if told else "; ".join(said.troubles) or "no runtime knows it"
        yield detail._replace(
            name=name,
            pid=one.pid,
            restarts=detail.restarts if detail.restarts is not None else one.attempt,
            command=command,
            limits=limits,
            trouble=trouble,
        )


def _arguments(visit: Visit, container: Container) -> tuple[str, ...]:
    """Return the command line of its main process, where no runtime tells."""
    return tuple(_texts(visit, container, "cmdline"))


def _texts(visit: Visit, container: Container, name: str) -> Iterator[str]:
    """Yield the texts in a file of the main process's, while it is still that one."""
    if not container.pid:
        return
    try:
        content = read_file(f"{visit.proc}/{container.pid}/{name}")
    except (FileNotFoundError, ProcessLookupError):
        return  # it has ended
    visit.check(container.pid, container.started)
    for text in content.split(b"\0"):
        if text:
            yield text.decode("utf-8", "backslashreplace")


def read_environment(visit: Visit) -> EnvironmentFacts:
    """Return the variables of every container, as they were when it was started.

    Raises:
        ProbeError: there is no container.
        OSError: a process's environment may not be read.
    """
    said = _asked(visit)
    found: list[Variable] = []
    sources: dict[str, None] = {}
    for one in visit.target.containers:
        told = said.told.get(one.id)
        if told:
            sources[told.detail.source] = None
            texts: Iterable[str] = told.environment
        else:
            sources[f"{visit.proc}/PID/environ"] = None
            texts = _texts(visit, one, "environ")
        found += (variable(container_name(one), text) for text in texts)
    return EnvironmentFacts(
        ", ".join(sources), time.time(), tuple(found), said.troubles
    )


def variable(container: str, text: str) -> Variable:
    """Return NAME=VALUE, and whether it looks like a secret."""
    name, _, value = text.partition("=")
    secret = _SECRET_NAMES.search(name) or _SECRET_VALUES.search(value)
    return Variable(container, name, value, secret=bool(secret))
