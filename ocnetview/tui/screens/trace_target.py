"""One box to say where a packet is to go, with what that may be, as it is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input

from ocnetview.match.finder import Finder
from ocnetview.match.trace_candidates import Candidate, candidates, port_of
from ocnetview.match.trace_flow import Protocol
from ocnetview.model import NodeModel
from ocnetview.tui.screens.search import Search
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


class TargetScreen(Search[Chosen]):
    """Gives what was chosen, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close"),
        Binding("enter", "choose", "Trace"),
        Binding("tab", "protocol(1)", "Protocol", priority=True),
        Binding("shift+tab", "protocol(-1)", "Protocol", show=False, priority=True),
    ]
    DEFAULT_CSS = "TargetScreen { ChoiceBar { padding: 0; margin-bottom: 1; } }"

    bar = query_one(ChoiceBar)

    def __init__(self, source: str) -> None:
        """Take the key of the pod that sends; nothing for the node itself."""
        super().__init__()
        self._source = source
        self._found: dict[str, Candidate] = {}
        self.protocol = Protocol.TCP

    def compose(self) -> ComposeResult:
        """Give the box, the protocols, and what is found below."""
        with Vertical(id="frame") as frame:
            frame.border_subtitle = offers(
                ("enter traces", "screen.choose"),
                ("tab protocol", "screen.protocol(1)"),
                ("escape closes", "screen.dismiss(None)"),
            )
            yield Input(compact=True, placeholder=PLACEHOLDER)
            yield ChoiceBar()
            yield RowTable(HEADINGS)

    def on_mount(self) -> None:
        """Offer the protocols."""
        self.table.empty = NOTHING
        self.bar.choices = tuple(Choice(str(one), str(one)) for one in Protocol)
        self.bar.current = str(self.protocol)

    def _follow(self, model: NodeModel) -> None:
        """Look among what there is now, and say who sends."""
        pod = model.pods_by_key.get(self._source)
        title = printable(pod.title) if pod else "the node"
        frame = self.query_one("#frame")
        frame.border_title = Content(f"Trace a packet from {title} to …")
        super()._follow(model)

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


def _row(found: Candidate) -> Row:
    """Return what was found as a row."""
    cells = (found.kind, printable(found.text), printable(found.of))
    return Row(found.target, found, lambda: cells)
