"""A pane: what its lens sees of the node, as a table with a title."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Self

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.getters import query_one
from textual.message import Message
from textual.reactive import var

from ocnetview.errors import FilterError
from ocnetview.model import NodeModel
from ocnetview.tui.changes import Changes
from ocnetview.tui.lights import note
from ocnetview.tui.panes.lens import AnyLens, Choices
from ocnetview.tui.panes.rows import Arranged, Arranging, Order
from ocnetview.tui.panes.view import View
from ocnetview.tui.selection import PaneId, Scope
from ocnetview.tui.widgets.choice_bar import ChoiceBar
from ocnetview.tui.widgets.row_table import RowTable
from ocnetview.units import printable


class Pane(Vertical):
    """Lists what one lens sees, filtered and sorted as the user wants."""

    model: var[NodeModel] = var(NodeModel(), always_update=True)
    """Bound to the app; replaced whole, never changed in place."""
    scope: var[Scope] = var(Scope())
    """Bound to the app; what the panes are turned to."""
    wanted: var[str] = var("")
    """The filter, one that is understood; empty for none."""
    order: var[Order] = var(Order())
    folds: var[frozenset[str]] = var(frozenset[str]())
    """Keys of the rows of a tree that are folded, in sight or not."""
    columns: var[tuple[str, ...]] = var(())
    """The keys of the columns that the user chose; none: as many as there is room."""

    table = query_one(RowTable)

    class Activated(Message):
        """The user went into this pane."""

        def __init__(self, pane: PaneId) -> None:
            super().__init__()
            self.pane = pane

    def __init__(
        self, lens: AnyLens, view: View | None = None, classes: str | None = None
    ) -> None:
        """Take what the pane shows, and how; its id is the pane's name."""
        super().__init__(id=str(lens.pane), classes=classes)
        self.lens = lens
        if view:
            self.set_reactive(Pane.columns, view.columns)
            self.set_reactive(Pane.order, view.order)
            self.set_reactive(Pane.wanted, view.wanted)
        self.changes = Changes()
        """What becomes visible with the next model, or by `show_changes`."""
        self._arranging: Arranging[Any] = lens.arranging()
        self._kept = self._led = ""
        """The cursor's row before a filter was typed, and where that led it."""
        self._titles: tuple[str, str, bool] | None = None
        """Title and subtitle as they were set last, and whether in a frame."""
        self._naming = False

    def compose(self) -> ComposeResult:
        """Give the choices above the rows, where there are any, and the table."""
        if self.lens.choices:
            yield ChoiceBar()
        yield RowTable(self.lens.headings(self.columns))

    def on_mount(self) -> None:
        """Draw the pane as it is before anything was heard."""
        self._show()

    def watch_model(self) -> None:
        """Draw what the lens sees now."""
        if self.is_mounted:
            self._show()

    watch_order = watch_folds = watch_model

    def watch_columns(self, columns: tuple[str, ...]) -> None:
        """Draw the columns that were chosen."""
        if self.is_mounted:
            self.table.headings = self.lens.headings(columns)
            self._show()

    def watch_scope(self, before: Scope, scope: Scope) -> None:
        """Draw what the lens sees there, where that is something else."""
        if self.lens.heeds(before) != self.lens.heeds(scope):
            self.watch_model()

    def watch_wanted(self, before: str, wanted: str) -> None:
        """Filter the rows; the cursor stays with the row that it was on before.

        Also where a filter on the way to the one that is typed did not hold it. When
        the filter ends, it stays with what was found, if anything was.
        """
        if not self.is_mounted:
            return
        if not before or self.table.cursor not in ("", self._led):
            self._kept = self.table.cursor
        lost = not self.table.cursor
        self._show()
        if wanted or lost:
            self.table.go_to(self._kept)
        self._led = self.table.cursor

    def want(self, text: str) -> str:
        """Filter by a text; return why not, safe to print, where it is no filter."""
        try:
            self.lens.fields.read(text)
        except FilterError as error:
            return printable(str(error))
        self.wanted = text.strip()
        return ""

    def completions(self, text: str) -> Sequence[str]:
        """Return what the text of a filter can go on as, in full."""
        return self.lens.completions(self.model, self.scope, text)

    def on_resize(self) -> None:
        """Search the columns that are in sight now, and write where there is room."""
        self.call_after_refresh(self._show)

    def on_descendant_focus(self) -> None:
        """Tell that the user is here now."""
        self.post_message(self.Activated(self.lens.pane))

    def on_click(self) -> None:
        """Go to the rows, wherever in the pane the click was."""
        self.table.focus()

    @on(RowTable.HandleClicked)
    def fold_by_handle(self, event: RowTable.HandleClicked) -> None:
        """Fold the row, or unfold it."""
        event.stop()
        self.folds ^= {event.key}

    @on(RowTable.HeaderClicked)
    def sort_by_heading(self, event: RowTable.HeaderClicked) -> None:
        """Sort by the heading; at the second click the other way round."""
        event.stop()
        self.sort_by(event.key)

    def sort_by(self, column: str) -> None:
        """Sort by a column; when it is sorted by it already, the other way round."""
        if self.order.column == column:
            self.reverse()
        else:
            self.order = self.lens.first_order(column)

    @property
    def view(self) -> View:
        """Return how the rows are shown."""
        return View(self.columns, self.order, self.wanted)

    @property
    def moves(self) -> bool:
        """Claim that the rows are sorted by what is other at every reading."""
        columns = self.lens.columns
        return any(c.live and c.key == self.order.column for c in columns)

    def sort_by_next(self) -> None:
        """Sort by the next column in sight; after the last, by none."""
        keys = ["", *(slot.heading.key for slot in self.table.slots)]
        at = keys.index(self.order.column) if self.order.column in keys else 0
        self.order = self.lens.first_order(keys[(at + 1) % len(keys)])

    def reverse(self) -> None:
        """Turn the order round; rows in their own order are sorted first."""
        if not self.order.column:
            self.sort_by_next()
        self.order = Order(self.order.column, not self.order.down)

    def reveal(self, key: str) -> None:
        """Put the cursor on a row, which ends a filter that hides it."""
        if not self.table.go_to(key) and self.wanted:
            self.wanted = ""
            self.table.go_to(key)

    def show_changes(self, changes: Changes) -> None:
        """Show what became of the rows lately."""
        before = self.changes
        self.changes = changes
        if self.lens.lately(before) is not self.lens.lately(changes):
            self._show()

    def _show(self) -> None:
        """Give the table its rows, and the border its title."""
        sources = self.lens.sources(self.model, self.scope)
        bare = self.lens.bare(self.model, self.scope)
        self.table.bare = frozenset() if self.columns else bare
        self.table.sorted_by = (self.order.column, self.order.down)
        seen = tuple(slot.heading.key for slot in self.table.slots)
        arrange = partial(
            self._arranging,
            model=self.model,
            arranged=Arranged(self.order, self.wanted, seen, self.folds),
        )
        self.table.rows = self.lens.rows(self.model, self.scope, arrange, self.changes)
        found = self.lens.count(self.model, self.scope)
        self._show_titles(found, note(sources))
        if self.lens.choices:
            self._show_choices(self.lens.choices(self.model, self.scope))

    def _show_titles(self, found: int, lost: str) -> None:
        """Say what is shown, how many of them, and what is amiss."""
        title = self.lens.title(self.model, self.scope)
        shown = self.table.rows.found
        if self.wanted:
            wanted = printable(self.wanted)
            title += f" · {shown} of {found} · filter: {wanted}"
            self.table.empty = f"none of {found} {self.lens.noun} holds “{wanted}”"
        else:
            title += f" · {found}" if found else ""
            self.table.empty = self.lens.empty(self.model, self.scope)
        title += self._sorted_unseen()
        titles = (title, lost, bool(self.styles.border_bottom[0]))
        if titles != self._titles:
            self._titles, self._naming = titles, True
            self._set_titles(*titles)
            self._naming = False

    def _sorted_unseen(self) -> str:
        """Return by what the rows are sorted, where no heading in sight can tell."""
        seen = {slot.heading.key for slot in self.table.slots}
        for column in self.lens.columns:
            if column.key == self.order.column and column.key not in seen:
                return f" · by {column.title} {'▼' if self.order.down else '▲'}"
        return ""

    def _set_titles(self, title: str, lost: str, framed: bool) -> None:  # noqa: FBT001 - one of the titles
        """Put title and subtitle into the frame, or both into the line above."""
        loss = Content.styled(lost, "bold $text-error")
        if framed:
            self.border_title = Content(title)
            self.border_subtitle = loss if lost else None
        else:
            # A line has no room below it, and no corners that keep a distance.
            parts = (f" {title} ", Content.assemble("· ", loss, " ") if lost else "")
            self.border_title = Content.assemble(*parts)

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Draw again; for the sake of a title only the lines that titles are in.

        By itself a title has the whole pane drawn, with all rows in it.
        """
        if self._naming:
            left, top = self.content_offset
            width, height = self.outer_size
            lines = (-top, height - 1 - top)
            regions = tuple(Region(-left, line, width, 1) for line in lines)
        return super().refresh(
            *regions, repaint=repaint, layout=layout, recompose=recompose
        )

    def _show_choices(self, choices: Choices) -> None:
        """Offer what can be chosen."""
        bar = self.query_one(ChoiceBar)
        bar.choices, bar.current = choices.all, choices.current
