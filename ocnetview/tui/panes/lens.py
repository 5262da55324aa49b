"""What one pane shows of the node: a set of pure functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic

from ocnetview.columns import NOTHING, Column, Fields
from ocnetview.columns import Row as Subject
from ocnetview.facts import Source
from ocnetview.model import NodeModel, Pod, Port, TreeProcess
from ocnetview.tui.changes import Changes, Lately, with_gone
from ocnetview.tui.lights import down
from ocnetview.tui.panes.rows import Arranging, Lay, Order, keys_of, listed, wanted_of
from ocnetview.tui.selection import PaneId, Scope
from ocnetview.tui.widgets.choice_bar import Choice
from ocnetview.tui.widgets.fitting import Heading
from ocnetview.tui.widgets.row import Flag, Row, Rows, Tone

Look = tuple[str, Tone]
"""A row's sign, one cell wide, and its tone."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen above a pane's rows."""

    all: tuple[Choice, ...] = ()
    current: str = ""


@dataclass(frozen=True, slots=True)
class Lens(Generic[Subject]):
    """One pane's view of the model."""

    pane: PaneId
    noun: str
    """What its rows are, in the plural."""
    columns: tuple[Column[Subject], ...]
    fields: Fields[Subject]
    """What a filter can name of them."""
    subjects: Callable[[NodeModel, Scope], Sequence[Subject]]
    """Gives what the rows are made of, in their own order."""
    lately: Callable[[Changes], Lately[Subject]]
    """Gives what became of rows of this kind."""
    belongs: Callable[[Subject, NodeModel, Scope], bool]
    """Claims that a row that is gone would be among the subjects."""
    look: Callable[[Subject, Collection[str]], Look]
    """Gives sign and tone, told which sources are down."""
    title: Callable[[NodeModel, Scope], str]
    """Safe to print."""
    empty: Callable[[NodeModel, Scope], str]
    """Says why there are no rows; safe to print."""
    sources: Callable[[NodeModel, Scope], Sequence[Source]]
    """Gives the sources that its rows come from."""
    heeds: Callable[[Scope], object] = lambda scope: scope
    """Gives what of the scope makes a difference to the pane."""
    lay: Lay[Subject] = listed
    """Puts the rows that a filter keeps where they belong."""
    counted: Callable[[Iterable[Subject]], int] = lambda rows: sum(1 for _ in rows)
    """Counts what the rows are, where some are not what the pane lists."""
    choices: Callable[[NodeModel, Scope], Choices] | None = None
    handle: Callable[[Subject], int] = lambda _: 0
    """Counts the cells before a row's last text that fold it when clicked."""

    def arranging(self) -> Arranging[Subject]:
        """Return what filters and sorts the rows, for one pane."""
        return Arranging(self.columns, self.fields, self.lay)

    def headings(self, keys: Sequence[str] = ()) -> tuple[Heading, ...]:
        """Return the columns as the table draws them.

        Those that the user chose come in their order, each of the same rank.
        """
        places = {column.key: place for place, column in enumerate(self.columns)}
        return tuple(
            Heading(
                c.key,
                c.title,
                c.width,
                c.right,
                c.grows,
                c.named,
                0 if keys else c.rank,
                c.wants,
                places[c.key],
            )
            for c in (self.columns[places[key]] for key in keys or places)
        )

    def rows(
        self,
        model: NodeModel,
        scope: Scope,
        arrange: Callable[[Sequence[Subject]], tuple[Sequence[Subject], bool]],
        changes: Changes,
    ) -> Rows:
        """Return the rows to draw, arranged, those that are gone at their places."""
        lately = self.lately(changes)
        gone = [g for g in lately.gone if self.belongs(g.subject, model, scope)]
        subjects = with_gone(self.subjects(model, scope), gone)
        lost = down(self.sources(model, scope))
        ordered, filtered = arrange(subjects)
        flags = dict.fromkeys(lately.born, Flag.NEW)
        flags |= {ghost.subject.key: Flag.GONE for ghost in gone}
        keys = keys_of(ordered)
        dead = {ghost.subject.key for ghost in gone}
        living = (s for s in wanted_of(ordered) if s.key not in dead)
        return Rows(
            keys,
            lambda place: self._row(ordered[place], lost, flags),
            dead.intersection(keys),
            self.counted(living) if filtered else 0,
        )

    def count(self, model: NodeModel, scope: Scope) -> int:
        """Return how many there are of what the pane lists."""
        return self.counted(self.subjects(model, scope))

    def bare(self, model: NodeModel, scope: Scope) -> frozenset[str]:
        """Return the keys of the columns that hold nothing in any row.

        Those that always stay are not looked at, and rates come with the second sample.
        Without rows nobody knows.
        """
        subjects = self.subjects(model, scope)
        optional = [c for c in self.columns if c.rank and not c.live and subjects]
        return frozenset(
            c.key for c in optional if all(c.text(s) == NOTHING for s in subjects)
        )

    def completions(self, model: NodeModel, scope: Scope, text: str) -> Sequence[str]:
        """Return what the text of a filter can go on as, in full."""
        return self.fields.completions(text, self.subjects(model, scope), model)

    def first_order(self, key: str) -> Order:
        """Return the order of a column just chosen; amounts begin with the largest."""
        amounts = (c.live or c.adds for c in self.columns if c.key == key)
        return Order(key, any(amounts))

    def _row(
        self, subject: Subject, lost: Collection[str], flags: Mapping[str, Flag]
    ) -> Row:
        """Return a row, its texts not made yet; one that is gone is muted."""
        sign, tone = self.look(subject, lost)
        flag = flags.get(subject.key, Flag.NONE)
        tone = Tone.MUTED if flag is Flag.GONE else tone
        cells = partial(_cells, self.columns, subject)
        handle = self.handle(subject)
        return Row(subject.key, subject, cells, sign, tone, flag, handle)


AnyLens = Lens[Port] | Lens[Pod] | Lens[TreeProcess]


def _cells(columns: Iterable[Column[Subject]], subject: Subject) -> tuple[str, ...]:
    """Return a row's texts, when it is drawn."""
    return tuple(column.text(subject) for column in columns)
