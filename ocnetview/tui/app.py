"""The screen: owns the model and what is selected, and tells the panes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from textual.app import App, ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Footer

from ocnetview.model import NodeModel
from ocnetview.tui import screens
from ocnetview.tui import selection as chosen
from ocnetview.tui.commands import COMMANDS, DEPENDING
from ocnetview.tui.feed import Feed, ModelChanged
from ocnetview.tui.lights import light
from ocnetview.tui.looking import Looking
from ocnetview.tui.marking import Marking
from ocnetview.tui.pace import set_pace
from ocnetview.tui.panes import PANES
from ocnetview.tui.panes.pane import Pane
from ocnetview.tui.selection import FIRST, PaneId, Scope, Selection
from ocnetview.tui.sizes import HEIGHTS, LEAST_HEIGHT, LEAST_WIDTH, WIDTHS
from ocnetview.tui.widgets.choice_bar import ChoiceBar
from ocnetview.tui.widgets.filter_bar import FilterBar
from ocnetview.tui.widgets.path_line import PathLine
from ocnetview.tui.widgets.status_bar import StatusBar
from ocnetview.tui.widgets.too_small import TooSmall


class OcnetviewApp(App[None]):
    """The node on one screen: ports, pods and processes that move together."""

    TITLE = "ocnetview"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [c.binding() for c in COMMANDS]
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

    def __init__(self, feed: Feed | None = None) -> None:
        """Take where models come from; without one, messages bring them."""
        super().__init__()
        self._feed = feed
        self._marking = Marking(self)
        self._selection = Selection()
        self._links: dict[PaneId, tuple[str, ...]] = {}
        self._looking = Looking(feed)
        self._offers: tuple[bool | None, ...] = ()
        self._chosen = False
        """Claims that the user chose a row: until then it is the first one."""
        self._way: deque[tuple[Scope, Selection]] = deque(maxlen=50)

    def compose(self) -> ComposeResult:
        """Give the panes and the lines below them."""
        with Container(id="panes", classes=f"-in-{FIRST}"):
            for lens in PANES:
                pane = Pane(lens, classes="-active" if lens.pane is FIRST else None)
                yield pane.data_bind(OcnetviewApp.model, OcnetviewApp.scope)
        yield FilterBar()
        yield PathLine()
        yield StatusBar()
        yield Footer(compact=True, show_command_palette=False)
        yield TooSmall(self.TITLE, LEAST_WIDTH, LEAST_HEIGHT)

    def on_mount(self) -> None:
        """Go to the pods, and begin to listen once there is something to see."""
        self.path_line.empty = "nothing is selected"
        self.pane(self.active).table.focus()
        if self._feed:
            self.call_after_refresh(self._feed.start, self.publish)
        if not self.is_headless:
            set_pace(self)

    def on_unmount(self) -> None:
        """End what `start` began."""
        if self._feed:
            self._feed.stop()

    def publish(self, model: NodeModel) -> None:
        """Take a model, from any thread."""
        self.post_message(ModelChanged(model))

    def on_model_changed(self, event: ModelChanged) -> None:
        """Show the node as it is now; an equal model draws nothing."""
        if event.model != self.model:
            self._marking.follow(self.model, event.model)
            self.model = event.model
            self.status_bar.lights = tuple(map(light, self.model.sources))
            if not self._chosen:
                # Sources answer one by one, and rows come above those of the first.
                any(map(self.here.table.go_to, self.here.table.rows.keys))
            self.follow()

    def pane(self, pane: PaneId) -> Pane:
        """Return the pane with this name."""
        return self.query_one(f"#{pane}", Pane)

    @property
    def here(self) -> Pane:
        """Return the pane that the user is in."""
        return self.pane(self.active)

    def follow(self) -> None:
        """Turn everything to the row under the cursor of the pane we are in."""
        selection = Selection(self.active, self.here.table.cursor)
        moved, self._selection = selection != self._selection, selection
        self.scope = chosen.turned(self.model, self.scope, selection)
        links = chosen.counterparts(self.model, self.scope, selection)
        moved = moved or links[PaneId.PORTS] != self._links.get(PaneId.PORTS)
        if moved:
            # Only then, so that another bridge can be looked at meanwhile.
            self.scope = chosen.bridge_of(self.model, self.scope, links[PaneId.PORTS])
        self._links = dict(links)
        for pane, keys in links.items():
            table = self.pane(pane).table
            table.linked = frozenset(keys)
            if moved:
                any(table.go_to(key) for key in keys)
        self.path_line.hops = chosen.way_of(self.model, self.scope, selection)
        self.path_line.trouble = chosen.trouble_of(self.model, selection)
        self._looking.at(chosen.focus_of(self.model, self.scope))
        self.on_row_table_scrolled()
        offers = tuple(self.check_action(name, ()) for name in DEPENDING)
        if offers != self._offers:
            # The footer is built anew each time, the dearest part of a refresh.
            self._offers = offers
            self.refresh_bindings()

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
        self._looking.over(map(self.pane, PaneId), self.model)

    def on_row_table_selected(self) -> None:
        """Turn everything to the row."""
        self._chosen = True
        self.follow()

    async def on_row_table_entered(self) -> None:
        """Open the row, as the key does."""
        await self.run_action("open")

    def on_choice_bar_chosen(self, event: ChoiceBar.Chosen) -> None:
        """Show the bridge that was clicked."""
        self._turn_to(replace(self.scope, bridge=event.key))

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Filter the pane while the user types."""
        self.here.wanted = event.text
        self.follow()

    def on_filter_bar_closed(self) -> None:
        """Go back to the rows, unless the user went elsewhere."""
        if self.focused is None or self.focused is self.filter_bar.input:
            self.here.table.focus()
        self.refresh_bindings()

    def _turn_to(self, scope: Scope) -> None:
        """Show something else in the same panes."""
        self.scope = scope
        self.follow()

    def _go(self, pane: PaneId, key: str = "") -> None:
        """Go to a row of a pane."""
        self._chosen = True
        if key:
            self.pane(pane).reveal(key)
        self.active = pane
        self.here.table.focus()
        self.follow()

    def action_open(self) -> None:
        """Go on from the row: port, pod, its processes, each container's."""
        # Keys may come faster than the messages of the rows they passed.
        self.follow()
        if self.active is PaneId.PROCESSES:
            key = self._selection.key
            self._turn_to(chosen.into_container(self.model, self.scope, key))
            return
        self._way.append((self.scope, self._selection))
        if self.active is PaneId.PORTS:
            self._go(PaneId.PODS, self.scope.pod)
        else:
            self._go(PaneId.PROCESSES, chosen.first_process(self.model, self.scope))

    def action_go_back(self) -> None:
        """End the filter, then the single container, then go the way back."""
        if self.here.wanted:
            self.here.wanted = ""
            self.follow()
        elif self.active is PaneId.PROCESSES and self.scope.container:
            self._turn_to(replace(self.scope, container=""))
        elif self._way:
            self.scope, selection = self._way.pop()
            self._go(selection.pane, selection.key)

    def action_go_to(self, pane: str) -> None:
        """Go to a pane."""
        self._go(PaneId(pane))

    def action_next_pane(self, step: int) -> None:
        """Go to the pane this many further on."""
        panes = list(PaneId)
        self._go(panes[(panes.index(self.active) + step) % len(panes)])

    def action_filter(self) -> None:
        """Type a filter for the pane."""
        self.filter_bar.open(f"Filter {self.here.lens.noun}:", self.here.wanted)

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.here.sort_by_next()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self.here.reverse()

    def action_bridge(self, step: int) -> None:
        """Show the bridge this many further on."""
        self._turn_to(chosen.next_bridge(self.model, self.scope, step))

    def action_container(self) -> None:
        """Show the next container's processes, after the last one all."""
        self.follow()
        self._turn_to(chosen.next_container(self.model, self.scope))

    def action_detail(self) -> None:
        """Say all that is known of the pod."""
        self.follow()
        self.push_screen(screens.detail_screen(self.scope.pod))

    def action_sources(self) -> None:
        """Give the reasons in full."""
        self.push_screen(screens.sources_screen(self.model))

    on_status_bar_opened = action_sources

    def action_help(self) -> None:
        """Say what the keys do and what the signs mean."""
        self.push_screen(screens.help_screen())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Claim that the action can be done now; the footer hides what cannot."""
        at = Selection(self.active, self.here.table.cursor)
        alone = self.active is PaneId.PROCESSES and bool(self.scope.container)
        offers: dict[str, Callable[[], bool]] = {
            "open": lambda: chosen.can_open(self.model, self.scope, at),
            "go_back": lambda: alone or bool(self.here.wanted or self._way),
            "filter": lambda: not self.filter_bar.is_open,
            "bridge": lambda: len(self.model.bridges) > 1,
            "container": lambda: chosen.can_narrow(self.model, self.scope),
            "detail": lambda: self.scope.pod in self.model.pods_by_key,
        }
        if action in offers:
            return offers[action]()
        return super().check_action(action, parameters)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield what can be done now, then what Textual itself offers."""
        for command in COMMANDS:
            if self.check_action(command.action.partition("(")[0], ()):
                run = partial(self.run_action, command.action)
                yield SystemCommand(command.text, command.tooltip, run)
        theirs = super().get_system_commands(screen)
        yield from (c for c in theirs if c.title in ("Theme", "Screenshot"))
