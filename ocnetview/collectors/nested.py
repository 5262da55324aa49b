"""Runtimes inside the node's containers: kind, minikube, Docker in Docker."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress

from ocnetview.collectors.base import How, Stop
from ocnetview.collectors.census import Census
from ocnetview.collectors.cgroup import first_started
from ocnetview.collectors.nested_engine import NestedEngine
from ocnetview.collectors.nested_sockets import Identity, own_sockets, sockets_in
from ocnetview.collectors.passes import Passes
from ocnetview.collectors.turns import Turns
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import NestedFacts, SourceKind
from ocnetview.units import printable

_QUIET_SECONDS = 10.0
"""After this long every engine is asked again, and what was told confirmed."""
_REST = 4000
"""Rest this many times as long as it took to see who is there, in whole seconds."""
_SLOWER = 3
"""So many times as rarely it is looked where no engine is known."""
_AGES = (2.0, 8.0, 30.0)
"""Seconds after which a container whose processes changed is looked into again: a
socket comes later than the process that listens at it."""
_PORTION = 2
"""So many containers are looked into in which nothing seems to have changed."""
_ANSWER_SECONDS = 10.0
"""An engine is waited for so long at most, and its answer taken when it comes."""

_Key = tuple[str, int, Identity]
"""Container, main pid and socket: a socket made anew is another engine."""


class NestedCollector:
    """Gives what the engines inside containers tell, again when it changes."""

    name = "nested"
    kind = SourceKind.ENGINES

    def __init__(self, settings: Settings, passes: Passes | None = None) -> None:
        """Look into the root of each container that the settings' proc shows."""
        self.where = f"{settings.proc}/PID/root"
        self._settings = settings
        self._proc = settings.proc
        self._census = Census(settings.proc, passes=passes)
        self._turns: Turns[str] = Turns(_QUIET_SECONDS, _PORTION)
        self._looked: Mapping[str, frozenset[int]] = {}
        """The processes of each container when it was last looked into."""
        self._engines: dict[str, dict[_Key, NestedEngine]] = {}
        self._denied: set[str] = set()
        self._quiet_until = 0.0
        self._refresh = settings.refresh
        self._rest = 0.0
        """Seconds to rest from a dear look at who is there, less after each other."""

    def watch(self, stop: Stop) -> Iterator[NestedFacts | How]:
        """Yield all engines' facts, then again after each change, until stopped.

        They are confirmed each time that all engines were asked.

        Raises:
            SourceAbsentError: there is no proc file system.
            CollectorError: no container may be looked into.
        """
        shown, seconds = None, 0.0
        try:
            while not stop:
                due = time.monotonic() >= self._quiet_until
                facts = self._read(stop, due=due)
                if seconds != (seconds := self._seconds()):
                    lists = f"lists every {_QUIET_SECONDS:g} s"
                    yield How(f"processes every {seconds:g} s, {lists}")
                if (due or facts != shown) and not stop:
                    shown = facts if facts != shown else shown
                    yield shown or facts
                stop.wait(seconds)
        finally:
            for container in list(self._engines):
                self._drop(container)
            self._looked = {}

    def _seconds(self) -> float:
        """Return how long to wait between two looks at who is there."""
        often = self._refresh * (1 if self._engines else _SLOWER)
        return max(often, self._rest)

    def _read(self, stop: Stop, *, due: bool) -> NestedFacts:
        """Return what is known now, having asked where it changed, or all if due."""
        self._take(due=due)
        self._look()
        engines = [one for found in self._engines.values() for one in found.values()]
        inside = {one.container: self._census.inside(one.container) for one in engines}
        for engine in engines:
            if due or inside[engine.container] != engine.asked:
                engine.ask(inside[engine.container])
        _wait(engines, stop)
        said = [f for one in engines if (f := one.facts(inside[one.container]))]
        return NestedFacts(
            tuple(sorted(said, key=lambda facts: (facts.within, facts.where))),
            tuple(sorted(self._troubles(engines))),
        )

    def _take(self, *, due: bool) -> None:
        """See who is there; rest by what that took, but not by what the first took.

        Raises:
            SourceAbsentError: there is no proc file system.
        """
        first, began = not self._quiet_until, time.thread_time()
        try:
            self._census.take()
        except OSError as error:
            reason = error.strerror or str(error)
            raise SourceAbsentError(self.name, f"read {self._proc}", reason) from error
        if due:
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
        if not first:
            rest = _REST * (time.thread_time() - began) // 1
            self._rest = min(max(self._rest // 2, rest), _QUIET_SECONDS)

    def _look(self) -> None:
        """Look for sockets where processes are others than before, and in a few more.

        Raises:
            CollectorError: no container may be looked into.
        """
        before, containers = self._looked, self._census.containers()
        changed: list[str] = []
        if containers is not before:
            gone = before.keys() - containers.keys()
            for container in gone:
                self._drop(container)
            self._turns.end(gone)
            self._denied &= containers.keys()
            changed = [c for c, pids in containers.items() if pids != before.get(c)]
            # Who was there before us has its socket by now.
            self._turns.begin(changed, _AGES if before else ())
            self._looked = containers
        looks = {*changed, *self._turns.take()}
        others = own_sockets(self._settings) if looks else frozenset()
        for container in looks:
            self._look_into(container, containers[container], others)
        if containers and self._denied == containers.keys():
            doing = f"look into {len(containers)} containers"
            reason, hint = "permission denied", "needs CAP_SYS_PTRACE"
            raise CollectorError(self.name, doing, reason, hint)

    def _look_into(
        self, container: str, pids: frozenset[int], others: frozenset[Identity]
    ) -> None:
        """Find a container's engines, keeping those that are known."""
        pid = first_started(self._proc, pids) if len(pids) > 1 else next(iter(pids))
        if pid is None:
            return
        self._denied.discard(container)
        try:
            found = sockets_in(self._proc, pid, container, others)
        except OSError:
            self._denied.add(container)
            found = {}
        known = self._engines.pop(container, {})
        engines: dict[_Key, NestedEngine] = {}
        for path, identity in found.items():
            key = (container, pid, identity)
            if key in known:
                engines[key] = known.pop(key)
                continue
            with suppress(OSError):  # gone by now
                engines[key] = NestedEngine(self._proc, pid, container, path, identity)
        for engine in known.values():
            engine.close()
        if engines:
            self._engines[container] = engines

    def _drop(self, container: str) -> None:
        for engine in self._engines.pop(container, {}).values():
            engine.close()

    def _troubles(self, engines: list[NestedEngine]) -> Iterator[str]:
        """Yield what could not be seen, and why."""
        for engine in engines:
            why = engine.trouble
            if engine.busy:
                why = f"no answer within {_ANSWER_SECONDS:.0f} s"
            if why:
                yield printable(f"{engine.path} in {engine.container[:13]}: {why}")
        if self._denied:
            count = len(self._denied)
            what = "container" if count == 1 else "containers"
            yield f"{count} {what} cannot be looked into (needs CAP_SYS_PTRACE)"


def _wait(engines: list[NestedEngine], stop: Stop) -> None:
    """Wait for the answers, each engine's once, all together not for long."""
    end = time.monotonic() + _ANSWER_SECONDS
    awaited = [one for one in engines if one.busy and not one.overdue]
    with ExitStack() as held:
        for engine in awaited:
            held.enter_context(stop.closing(engine.done.set))
        for engine in awaited:
            engine.done.wait(max(0.0, end - time.monotonic()))
            engine.overdue = engine.busy
