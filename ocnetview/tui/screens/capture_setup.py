"""Where to capture, what of it, how long, and where it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.packets import CaptureOrder
from ocnetview.match.spots import Spots
from ocnetview.probes.base import Capturer
from ocnetview.tui.capture_run import Wish
from ocnetview.tui.capturing import Capturing
from ocnetview.tui.commands.capture import OF_SETUP
from ocnetview.tui.screens.capture_fields import CaptureFields
from ocnetview.tui.screens.capture_form import Form, FormError
from ocnetview.tui.selection import Selection
from ocnetview.tui.widgets.offers import offers
from ocnetview.tui.widgets.row_table import RowTable
from ocnetview.units import printable


@dataclass(frozen=True, slots=True)
class Setup:
    """What a setup begins with."""

    title: str
    """Of what; safe to print."""
    find: Callable[[Stop], Spots]
    """Finds the spots, in a thread.

    Raises:
        ProbeError: what is read for them cannot be read.
    """
    selected: Selection
    """The row."""
    form: Form
    """What is typed at first."""
    earlier: tuple[str, ...] = ()
    """Filters that were used before, the last one first."""
    reads: str = ""
    """What is read to find the spots; empty for nothing."""


class Done(Message):
    """What a thread was asked is done."""

    def __init__(self, stop: Stop, error: str, spots: Spots | None = None) -> None:
        """Take what could have ended it, what went wrong, and what was found."""
        super().__init__()
        self.ticket = stop
        self.error = error
        self.spots = spots


class CaptureSetup(ModalScreen[bool]):
    """Begins a capture; claims that it did."""

    BINDINGS: ClassVar[list[BindingType]] = [*OF_SETUP]
    DEFAULT_CSS = """
    CaptureSetup {
        align: center middle;
        #frame {
            width: 100%;
            height: 100%;
            max-width: 120;
            max-height: 30;
            padding: 0 1;
            border: round $primary;
            border-title-style: bold;
            border-subtitle-style: dim;
            background: $surface;
        }
        #foot { height: 1; color: $text-muted; text-wrap: nowrap; }
    }
    """

    fields = query_one(CaptureFields)

    def __init__(
        self,
        setup: Setup,
        capturing: Capturing,
        capturer: Callable[[], Capturer],
        copy: Callable[[CaptureOrder], object],
        explain: Callable[[], object],
    ) -> None:
        """Take what to begin with, what captures, and what checks an order.

        `copy` offers the commands that capture the same, and `explain` says what the
        keys do.
        """
        super().__init__()
        self._explain = explain
        self._setup = setup
        self._capturing = capturing
        self._capturer = capturer
        self._copy = copy
        self._stop: Stop | None = None
        """Ends what a thread does for this; None while none does anything."""
        self._order: CaptureOrder | None = None
        """What is being checked, or was begun."""

    def compose(self) -> ComposeResult:
        """Give the fields, and what is going on."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(f"Capture · {self._setup.title}")
            frame.border_subtitle = offers(
                ("enter starts", "screen.start"),
                ("tab next", "app.focus_next"),
                ("/ filter", "screen.filter"),
                ("y copies", "screen.copy"),
                ("esc closes", "screen.leave"),
                ("? helps", "screen.help"),
            )
            setup = self._setup
            yield CaptureFields(setup.title, setup.form, setup.earlier)
            yield Static(id="foot", markup=False)

    def on_mount(self) -> None:
        """Find where to capture."""
        self.fields.first.focus()
        self.watch(self.app, "captures", self._follow, init=False)
        reads = self._setup.reads
        self._say(f"reading {reads}…" if reads else "")
        self.fields.first.empty = f"reading {reads}…" if reads else ""
        self._begin(self._find)

    @property
    def is_busy(self) -> bool:
        """Claim that something goes on that was not answered yet."""
        return self._stop is not None or self._order is not None

    def _begin(self, job: Callable[[Stop], Done]) -> None:
        """Do something in a thread; what was done before is given up."""
        self._give_up()
        stop = self._stop = Stop()

        def work() -> None:
            done = job(stop)
            if not stop:
                self.post_message(done)

        self.run_worker(work, thread=True, group="capture")

    def _give_up(self) -> None:
        """End what a thread does for this."""
        if self._stop is not None:
            self._stop.set()
        self._stop = None

    def _find(self, stop: Stop) -> Done:
        """Find the spots, and see whether anything can be captured at all."""
        try:
            spots = self._setup.find(stop)
        except ProbeError as error:
            return Done(stop, str(error), Spots())
        try:
            if spots.spots:
                self._capturer().check(CaptureOrder(spots.spots[:1]))
        except ProbeError as error:
            return Done(stop, str(error), spots)
        return Done(stop, "", spots)

    def _check(self, stop: Stop, order: CaptureOrder) -> Done:
        """See whether the order can be carried out."""
        try:
            self._capturer().check(order)
        except ProbeError as error:
            return Done(stop, str(error))
        return Done(stop, "")

    def on_done(self, event: Done) -> None:
        """Show what was found, what is wrong, or go on."""
        if event.ticket is not self._stop:
            return
        self._stop = None
        self._say("")
        self.fields.say(printable(event.error), lasts=event.spots is not None)
        if event.error:
            self._order = None
        if event.spots is not None:
            self.fields.first.empty = "there is no place to capture at"
            self.fields.offer(event.spots)
        elif not event.error and self._order:
            self._say("starting…")
            setup = self._setup
            self._capturing.start(Wish(self._order, setup.title, setup.selected))

    def _follow(self) -> None:
        """Go on when the capture began; say why it did not."""
        run = self._capturing.run
        if run is None or self._order is None:
            return
        if run.error:
            self._order = None
            self._say("")
            self._capturing.leave()
            self.fields.say(printable(run.error))
        elif run.begun or run.end:
            self._remember()
            self.dismiss(True)  # noqa: FBT003 - the screen's result

    def _remember(self) -> None:
        """Keep what was typed for the next time."""
        self._capturing.form = self.fields.form

    def _say(self, text: str) -> None:
        """Say what is going on."""
        self.query_one("#foot", Static).update(Content(text))

    def _ordered(self) -> CaptureOrder | None:
        """Return what is ordered; None where it is none, which is said."""
        spots = self.fields.chosen
        if not spots:
            return None
        try:
            return self.fields.form.order(spots, self._capturing.node)
        except FormError as error:
            self.fields.say(printable(str(error)))
            return None

    def action_copy(self) -> None:
        """Offer the commands that capture what is ordered."""
        order = self._ordered()
        if order:
            self._copy(order)

    def action_start(self) -> None:
        """Check what was ordered, then begin."""
        order = None if self._order else self._ordered()
        if order is None:
            return
        self._order = order
        self._say("checking…")
        self._begin(lambda stop: self._check(stop, order))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Begin."""
        event.stop()
        self.action_start()

    def on_row_table_entered(self, event: RowTable.Entered) -> None:
        """Begin at the spot that was double-clicked."""
        event.stop()
        self.action_start()

    def action_filter(self) -> None:
        """Type a filter."""
        self.fields.filter.focus()

    def action_common(self, step: int) -> None:
        """Take the next filter of those that are offered."""
        if self.fields.filter.has_focus:
            self.fields.take_filter(step)

    def action_leave(self) -> None:
        """Give up what goes on, else close."""
        if self._order is None:
            self._remember()
            self.dismiss(False)  # noqa: FBT003 - the screen's result
            return
        self._give_up()
        self._order = None
        self._say("")
        self._capturing.leave()

    def action_help(self) -> None:
        """Say what the keys do, those of here first."""
        self._explain()

    def on_unmount(self) -> None:
        """End what a thread does for this."""
        self._give_up()

    def on_click(self, event: events.Click) -> None:
        """Close at a click outside of the frame."""
        if event.widget is self:
            self.action_leave()
