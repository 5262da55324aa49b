"""What came and went lately: which rows are new, and which stay though gone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Generic

from ocnetview.columns import Row as Subject
from ocnetview.facts import SourceState
from ocnetview.model import NodeModel, Pod, Port, TreeProcess

LINGER = 4.0
"""Seconds for which a new row is marked, and one that is gone stays at its place."""
BEATS = 2
"""Marks end at so many moments a second: however many there are, few are drawn."""


@dataclass(frozen=True, slots=True)
class Ghost(Generic[Subject]):
    """A row that is gone."""

    subject: Subject
    after: str
    """The key of the row that it stood behind; empty for none."""
    until: float
    """When it is shown no longer, by a monotonic clock."""


@dataclass(frozen=True, slots=True)
class Lately(Generic[Subject]):
    """What became lately of the rows of one kind."""

    born: Mapping[str, float] = field(default_factory=dict)
    """The keys of new rows, with when they are new no longer."""
    gone: tuple[Ghost[Subject], ...] = ()
    """In the order of their places."""

    def ends(self) -> Iterable[float]:
        """Yield when each mark ends."""
        yield from self.born.values()
        yield from (ghost.until for ghost in self.gone)

    def at(self, now: float) -> Lately[Subject]:
        """Return what is still worth a mark."""
        if all(end > now for end in self.ends()):
            return self
        born = {key: end for key, end in self.born.items() if end > now}
        return Lately(born, tuple(g for g in self.gone if g.until > now))


@dataclass(frozen=True, slots=True)
class Changes:
    """What became lately of all rows."""

    ports: Lately[Port] = Lately()
    pods: Lately[Pod] = Lately()
    processes: Lately[TreeProcess] = Lately()

    def next_end(self) -> float | None:
        """Return when the next mark ends; None where nothing is marked."""
        kinds = (self.ports, self.pods, self.processes)
        return min((end for kind in kinds for end in kind.ends()), default=None)

    def at(self, now: float) -> Changes:
        """Return what is still worth a mark."""
        return Changes(self.ports.at(now), self.pods.at(now), self.processes.at(now))


def followed(
    changes: Changes, before: NodeModel, after: NodeModel, now: float
) -> Changes:
    """Return what came and went with the second model, and what did shortly before.

    A source that is heard for the first time brings rows that were there all along.
    """
    if _voices(before) != _voices(after):
        return Changes()
    until = ceil((now + LINGER) * BEATS) / BEATS
    processes = {row.key: row for row in after.processes}
    alive = _Alive(after)

    def real(row: TreeProcess) -> bool:
        return row.age < LINGER if row.key in processes else not alive.unread(row)

    return Changes(
        _moved(changes.ports, before.ports_by_key, after.ports_by_key, until),
        _moved(changes.pods, before.pods_by_key, after.pods_by_key, until),
        _moved(
            changes.processes,
            {row.key: row for row in before.processes},
            processes,
            until,
            real,
        ),
    )


def with_gone(
    subjects: Sequence[Subject], gone: Iterable[Ghost[Subject]]
) -> Sequence[Subject]:
    """Return the rows with those that are gone, each behind the one it stood behind."""
    following: dict[str, list[Subject]] = {}
    for ghost in gone:
        following.setdefault(ghost.after, []).append(ghost.subject)
    if not following:
        return subjects
    keys = {subject.key for subject in subjects}
    placed = [s for after, some in following.items() if after not in keys for s in some]
    for subject in subjects:
        placed.append(subject)
        if subject.key in following:
            placed += following[subject.key]
    return placed


class _Alive:
    """The processes of a model, and the containers whose processes could be read."""

    def __init__(self, model: NodeModel) -> None:
        self._model = model
        self._read = {row.process.container_id for row in model.processes}

    def unread(self, row: TreeProcess) -> bool:
        """Claim that a process may well live: nobody looks at its container now."""
        one = row.process.container_id
        pod = self._model.pods_by_key.get(row.pod)
        lives = pod is not None and any(m.id == one and m.pid for m in pod.members)
        return lives and one not in self._read


def _voices(model: NodeModel) -> Collection[tuple[str, bool]]:
    """Return the sources, and which of them told something up to this model."""
    told = (SourceState.UP, SourceState.STALE)
    return {(s.name, s.state in told or s.age is not None) for s in model.sources}


def _moved(
    lately: Lately[Subject],
    before: Mapping[str, Subject],
    after: Mapping[str, Subject],
    until: float,
    real: Callable[[Subject], bool] = lambda _: True,
) -> Lately[Subject]:
    """Return what became of one kind of rows, with what is marked already.

    `real` claims that a row that is new, or gone, was not merely read, or not read.
    """
    if before.keys() == after.keys():
        return lately
    new = [key for key in after if key not in before and real(after[key])]
    lost = {key for key in before if key not in after and real(before[key])}
    born = {key: end for key, end in lately.born.items() if key in after}
    gone: list[Ghost[Subject]] = []
    if lost or lately.gone:
        known = {ghost.subject.key: ghost for ghost in lately.gone}
        last = ""
        for subject in with_gone(tuple(before.values()), lately.gone):
            key = subject.key
            if key in after:
                last = key
            elif key in known:
                ghost = known[key]
                same = ghost.after == last
                gone.append(ghost if same else replace(ghost, after=last))
            elif key in lost:
                gone.append(Ghost(subject, last, until))
    return Lately(born | dict.fromkeys(new, until), tuple(gone))
