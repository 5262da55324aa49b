"""One box to say where a packet is to go, with what that may be, as it is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input

from ocnetview.match.finder import Finder
from ocnetview.match.trace_candidates import Candidate, candidates, port_of
from ocnetview.match.trace_flow import Protocol
from ocnetview.model import NodeModel
from ocnetview.tui.tracing import Chosen
from ocnetview.tui.widgets.choice_bar import Choice, ChoiceBar
from ocnetview.tui.widgets.fitting import Heading
from ocnetview.tui.widgets.offers import offers
from ocnetview.tui.widgets.row import Row, Rows
from ocnetview.tui.widgets.row_table import RowTable
from ocnetview.units import printable

HEADINGS = (
    Heading("kind", "IS", 10),
    Heading("text", "TARGET", 20, grows=True, named=True, wants=44),
    Heading("of", "WITH", 16, grows=True, rank=1, wants=40),
)
PLACEHOLDER = "pod, address, service namespace/name, or node; then :port"
NOTHING = "nothing answers to this: type a pod, an address or a service, then :port"


class TargetScreen(ModalScreen[Chosen | None]):
    """Gives what was chosen, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close"),
        Binding("enter", "choose", "Trace"),
        Binding("tab", "protocol(1)", "Protocol", priority=True),
        Binding("shift+tab", "protocol(-1)", "Protocol", show=False, priority=True),
        Binding("down,ctrl+n", "move(1)", "Next", show=False),
        Binding("up,ctrl+p", "move(-1)", "Previous", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]
    DEFAULT_CSS = """
    TargetScreen {
        align: center top;
        #target {
            width: 90%;
            max-width: 120;
            height: 80%;
            margin-top: 1;
            padding: 0 1;
            border: round $primary;
            border-title-style: bold;
            border-subtitle-style: dim;
            background: $surface;
        }
        Input { width: 1fr; }
        ChoiceBar { padding: 0; margin-bottom: 1; }
    }
    """

    table = query_one(RowTable)
    input = query_one(Input)
    bar = query_one(ChoiceBar)

    def __init__(self, source: str) -> None:
        """Take the key of the pod that sends; nothing for the node itself."""
        super().__init__()
        self._source = source
        self._model = NodeModel()
        self._finder: Finder | None = None
        """Of this model, once something is looked for in it."""
        self._found: dict[str, Candidate] = {}
        self.protocol = Protocol.TCP

    def compose(self) -> ComposeResult:
        """Give the box, the protocols, and what is found below."""
        with Vertical(id="target") as frame:
            frame.border_subtitle = offers(
                ("enter traces", "screen.choose"),
                ("tab protocol", "screen.protocol(1)"),
                ("escape closes", "screen.dismiss(None)"),
            )
            yield Input(compact=True, placeholder=PLACEHOLDER)
            yield ChoiceBar()
            yield RowTable(HEADINGS)

    def on_mount(self) -> None:
        """Follow the app's model."""
        self.input.cursor_blink = False
        self.table.can_focus = False
        self.table.in_use = True
        self.table.empty = NOTHING
        self.bar.choices = tuple(Choice(str(one), str(one)) for one in Protocol)
        self.bar.current = str(self.protocol)
        self.input.focus()
        self.watch(self.app, "model", self._follow)

    def _follow(self, model: NodeModel) -> None:
        """Look among what there is now."""
        self._model, self._finder = model, None
        pod = model.pods_by_key.get(self._source)
        title = printable(pod.title) if pod else "the node"
        frame = self.query_one("#target")
        frame.border_title = Content(f"Trace a packet from {title} to …")
        self._search()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed now."""
        event.stop()
        self._search()
        self.table.action_first()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Trace to the row."""
        event.stop()
        self.action_choose()

    def _search(self) -> None:
        """Show what is found."""
        text = self.input.value
        if text.strip() and self._finder is None:
            # Without processes: they are no targets, and there are many.
            self._finder = Finder(replace(self._model, processes=()))
        found = candidates(self._model, self._finder, text, self._source)
        self._found = {one.target: one for one in found}
        keys = tuple(self._found)
        self.table.rows = Rows(keys, lambda place: _row(self._found[keys[place]]))

    def action_move(self, lines: int) -> None:
        """Move to another row."""
        self.table.action_move(lines)

    def action_page(self, pages: int) -> None:
        """Move by a page."""
        self.table.action_page(pages)

    def action_protocol(self, step: int) -> None:
        """Send something else."""
        every = list(Protocol)
        self.protocol = every[(every.index(self.protocol) + step) % len(every)]
        self.bar.current = str(self.protocol)

    def on_choice_bar_chosen(self, event: ChoiceBar.Chosen) -> None:
        """Send what was clicked."""
        self.protocol = Protocol(event.key)
        self.bar.current = event.key

    def action_choose(self) -> None:
        """Give the row under the cursor, with the port that was typed."""
        found = self._found.get(self.table.cursor)
        if found:
            _, port = port_of(self.input.value)
            target = f"[{found.target}]" if ":" in found.target else found.target
            title = f"to {found.text}{port}"
            target = f"{target}{port}"
            self.dismiss(Chosen(self._source, target, self.protocol, title))

    def on_click(self, event: events.Click) -> None:
        """Close at a click outside of the frame."""
        if event.widget is self:
            self.dismiss(None)

    def on_row_table_entered(self, event: RowTable.Entered) -> None:
        """Give the row that was double-clicked."""
        event.stop()
        self.action_choose()

    def on_row_table_selected(self, event: RowTable.Selected) -> None:
        """Let keys go to the box still."""
        event.stop()

    def on_row_table_scrolled(self, event: RowTable.Scrolled) -> None:
        """Keep it from the panes: these rows have no counters."""
        event.stop()


def _row(found: Candidate) -> Row:
    """Return what was found as a row."""
    cells = (found.kind, printable(found.text), printable(found.of))
    return Row(found.target, found, lambda: cells)
