"""The screen: owns the model and what is selected, and tells the panes."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.filter import LineFilter
from textual.getters import query_one
from textual.reactive import var
from textual.screen import Screen

from ocnetview.config import Settings
from ocnetview.model import NodeModel
from ocnetview.node import RecordedNode
from ocnetview.tui import first_run
from ocnetview.tui.capturing import Capturing
from ocnetview.tui.commands import BY_ID, COMMANDS
from ocnetview.tui.commands.palette import palette
from ocnetview.tui.dress import dress
from ocnetview.tui.fed import Fed
from ocnetview.tui.feed import Feed, ModelChanged
from ocnetview.tui.following import Following
from ocnetview.tui.lights import light
from ocnetview.tui.looking import Looking
from ocnetview.tui.marking import Marking
from ocnetview.tui.pace import set_pace
from ocnetview.tui.panes.pane import Pane
from ocnetview.tui.selection import FIRST, PaneId, Scope, Selection
from ocnetview.tui.sizes import HEIGHTS, LEAST_HEIGHT, LEAST_WIDTH, WIDTHS
from ocnetview.tui.spelling import key_of
from ocnetview.tui.views import read_views
from ocnetview.tui.widgets.choice_bar import ChoiceBar
from ocnetview.tui.widgets.filter_bar import FilterBar
from ocnetview.tui.widgets.key_line import KeyLine
from ocnetview.tui.widgets.path_line import PathLine
from ocnetview.tui.widgets.status_bar import StatusBar
from ocnetview.tui.widgets.too_small import TooSmall
from ocnetview.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from ocnetview.probes.base import Tools


class OcnetviewApp(Fed):
    """The node on one screen: ports, pods and processes that move together."""

    TITLE = "ocnetview"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [b for c in COMMANDS for b in c.bindings()]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    model: var[NodeModel] = var(NodeModel(), always_update=True)
    """The node as it was last heard of; replaced whole."""
    scope: var[Scope] = var(Scope())
    """What the panes are turned to."""
    active: var[PaneId] = var(FIRST)
    """The pane that the user is in."""

    filter_bar = query_one(FilterBar)
    path_line = query_one(PathLine)
    status_bar = query_one(StatusBar)
    welcome = query_one(Welcome)

    paused: var[bool] = var(default=False)
    """Claims that the screen stays as it is, whatever comes."""
    captures: var[int] = var(0)
    """Counts how often something about the capture became other."""

    def __init__(
        self,
        feed: Feed | None = None,
        settings: Settings | None = None,
        *,
        tools: Tools | None = None,
        first: bool = False,
    ) -> None:
        """Take where models come from; without a feed, messages bring them.

        `settings` are the user's, `tools` make what reads on demand, such as the
        inside of pods; `first` claims that the user is here for the first time.

        Raises:
            ConfigError: a theme, a key or a view of the settings that there is not.
        """
        super().__init__(feed)
        self._first = first
        self.views = read_views(settings)
        self._held: NodeModel | None = None
        """The newest model that came while paused."""
        self.dress = dress(self, settings)
        self.set_reactive(OcnetviewApp.pace, (settings or Settings()).refresh)
        self._marking = Marking(self)
        self.selected = Selection()
        """The row under the cursor, as it was followed last."""
        self._following = Following(self)
        self.looking = Looking(feed)
        self.tools = tools or RecordedNode(())
        self.capturing = Capturing(self, settings.node_name if settings else "")
        self.finding = False
        """Claims that the user looks for something among all processes."""
        self._chosen = False
        """Claims that the user chose a row: until then it is the first one."""
        self.way: deque[tuple[Scope, Selection]] = deque(maxlen=50)
        """Where the user came from."""

    def compose(self) -> ComposeResult:
        """Give the panes and the lines below them."""
        with Container(id="panes", classes=f"-in-{FIRST}"):
            for pane in self.views.panes():
                yield pane.data_bind(OcnetviewApp.model, OcnetviewApp.scope)
        yield Welcome()
        yield FilterBar()
        yield PathLine()
        bar = StatusBar(usual=self.pace)
        yield bar.data_bind(OcnetviewApp.paused, OcnetviewApp.pace)
        yield KeyLine()
        yield TooSmall(self.TITLE, LEAST_WIDTH, LEAST_HEIGHT)

    def on_mount(self) -> None:
        """Go to the pods."""
        self.path_line.empty = "nothing is selected"
        self.pane(self.active).table.focus()
        if self._first:
            self.welcome.say(first_run.lines(lambda command: key_of(self, command)))
        if not self.is_headless:
            set_pace(self)

    def on_unmount(self) -> None:
        """End what captures."""
        self.capturing.close()

    def on_model_changed(self, event: ModelChanged) -> None:
        """Show the node as it is now; an equal model draws nothing."""
        if self.paused:
            self._held = event.model
        elif event.model != self.model:
            self._marking.follow(self.model, event.model)
            self.model = event.model
            self.status_bar.lights = tuple(map(light, self.model.sources))
            if not self._chosen:
                # Sources answer one by one, and rows come above those of the first.
                any(map(self.here.table.go_to, self.here.table.rows.keys))
            self.follow()

    def watch_paused(self, paused: bool) -> None:  # noqa: FBT001 - Textual gives it so
        """Afterwards show what came meanwhile."""
        if not paused and self._held:
            self.publish(self._held)
            self._held = None

    def pane(self, pane: PaneId) -> Pane:
        """Return the pane with this name."""
        return self.query_one(f"#{pane}", Pane)

    @property
    def here(self) -> Pane:
        """Return the pane that the user is in."""
        return self.pane(self.active)

    def follow(self) -> None:
        """Turn everything to the row under the cursor of the pane we are in."""
        self._following.follow()

    def watch_active(self, active: PaneId) -> None:
        """Give the pane that the user is in more room."""
        panes = self.query_one("#panes")
        for pane in PaneId:
            panes.set_class(pane is active, f"-in-{pane}")
            self.pane(pane).set_class(pane is active, "-active")
            self.pane(pane).table.in_use = pane is active

    def on_pane_activated(self, event: Pane.Activated) -> None:
        """Select what the pane's cursor is on, unless the user went on meanwhile."""
        # Who leaves at once hears of it when the panes are gone.
        if self.query(Pane) and self.pane(event.pane).table.has_focus:
            self.active = event.pane
            self.follow()

    def on_row_table_scrolled(self) -> None:
        """Count what is in sight now."""
        self.looking.over(map(self.pane, PaneId), self.model)

    def on_row_table_selected(self) -> None:
        """Turn everything to the row."""
        self._chosen = True
        self.follow()

    async def on_row_table_entered(self) -> None:
        """Open the row, as the key does."""
        await self.run_action("do('open')")

    def on_choice_bar_chosen(self, event: ChoiceBar.Chosen) -> None:
        """Show the bridge that was clicked."""
        self.turn_to(replace(self.scope, bridge=event.key))

    def on_capture_changed(self) -> None:
        """Show how the capture is now."""
        self.capturing.take_in()

    async def action_quit(self) -> None:
        """Leave as the key does that may be another."""
        self.action_do("quit")

    def on_status_bar_opened(self) -> None:
        """Give the reasons of the sources that were clicked."""
        self.action_do("sources")

    def on_welcome_read(self) -> None:
        """Take the first lines away, as the key does."""
        first_run.end(self)

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Filter the pane while the user types."""
        self.filter_bar.error = self.here.want(event.text)
        self.follow()

    def on_filter_bar_closed(self) -> None:
        """Go back to the rows, unless the user went elsewhere."""
        if self.focused is None or self.focused is self.filter_bar.input:
            self.here.table.focus()
        self.refresh_bindings()

    def turn_to(self, scope: Scope) -> None:
        """Show something else in the same panes."""
        self.scope = scope
        self.follow()

    def go(self, pane: PaneId, key: str = "") -> None:
        """Go to a row of a pane."""
        self._chosen = True
        if key:
            self.pane(pane).reveal(key)
        self.active = pane
        self.here.table.focus()
        self.follow()

    def action_do(self, command: str, *asked: object) -> None:
        """Do what the command with this id does; asked why not, say that."""
        BY_ID[command].do(self, *asked)

    def action_help_quit(self) -> None:
        """Say which key leaves: ctrl+c does not."""
        self.notify(f"{key_of(self, 'quit')} leaves {self.TITLE}", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Claim that the action can be done now; the footer hides what cannot."""
        if action == "do":
            return BY_ID[str(parameters[0])].answers(self, *parameters[1:])
        return super().check_action(action, parameters)

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as people write it; ⏎ by its name where letters are plain."""
        shown = super().get_key_display(binding)
        return shown if shown.isascii() or not self.dress.plain else binding.key

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what is done to each line that is drawn."""
        return self.dress.filters(self, super().get_line_filters())

    def copy_to_clipboard(self, text: str) -> None:
        """Copy as Textual does, and past tmux or GNU screen."""
        from ocnetview.tui.clipboard import through  # noqa: PLC0415 - start-up

        super().copy_to_clipboard(text)
        if self._driver:
            self._driver.write(through(text, os.environ))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:  # noqa: ARG002 - Textual's signature
        """Yield what can be done now; what Textual itself offers is among it."""
        yield from palette(self)
