"""The flows of the row that the user was on, read again while they are looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static

from ocnetview.collectors.base import Stop
from ocnetview.details.flows import raw_text
from ocnetview.details.recipes import Recipe
from ocnetview.details.recipes.flows import flows_recipes
from ocnetview.model import NodeModel
from ocnetview.probes.base import Switch
from ocnetview.tui.commands.flows import OF_FLOWS
from ocnetview.tui.flow_lines import flows_content
from ocnetview.tui.flow_reading import Reading, pause_after, read
from ocnetview.tui.tabs.sections import BAD, WRONG
from ocnetview.tui.tabs.subject import Subject
from ocnetview.tui.widgets.offers import offers
from ocnetview.units import age, printable

GONE = "It is gone from this node."
NO_PORT = "It has no port on a bridge of Open vSwitch."


class FlowsScreen(ModalScreen[None]):
    """Shows the flows by table, what is missing among them, and their rates."""

    BINDINGS: ClassVar[list[BindingType]] = [*OF_FLOWS]

    class Read(Message):
        """A reading came to its end."""

        def __init__(self, reading: Reading, ticket: Stop) -> None:
            """Take what came of it, and what would have ended it."""
            super().__init__()
            self.reading = reading
            self.ticket = ticket

    body = query_one("#body", VerticalScroll)

    def __init__(  # noqa: PLR0913 - one a thing to ask or to tell
        self,
        subject: Subject,
        switch: Callable[[], Switch],
        clock: Callable[[], float] = time.time,
        *,
        pause: Callable[[float], float] = pause_after,
        explain: Callable[[], object] | None = None,
        copy: Callable[[str, Sequence[Recipe]], object] | None = None,
    ) -> None:
        """Take what it is about, and whom to ask.

        `pause` says how long not to read after a reading that took so long. `explain`
        shows what the keys do here, and `copy` offers what is shown, with the commands
        for it; whoever opens the screen knows how.
        """
        super().__init__(classes="-framed")
        self.subject = subject
        self._switch = switch
        self._clock = clock
        self._pause = pause
        self._explain = explain
        self._copy = copy
        self._stop: Stop | None = None
        """Ends the reading that goes on; None where none does."""
        self._timer: Timer | None = None
        self.reading: Reading | None = None
        self.raw = False
        self.title_text = ""
        self.text = Content("")
        self.foot = Content("")

    def compose(self) -> ComposeResult:
        """Give the flows, and where they are from."""
        with Vertical(id="frame"):
            with VerticalScroll(id="body"):
                yield Static(id="text")
            yield Static(id="foot")

    def on_mount(self) -> None:
        """Begin to read, and follow what the row is called."""
        self.watch(self.app, "model", self._follow)
        self.set_interval(1.0, self._draw_foot)
        self.body.focus()
        self.read()

    def on_unmount(self) -> None:
        """End what is being read."""
        self._give_up()

    def on_resize(self) -> None:
        """Use the room that there is now."""
        self.call_after_refresh(self._draw)

    @property
    def model(self) -> NodeModel:
        """Return the node as it is now."""
        return getattr(self.app, "model", NodeModel())

    def _follow(self, model: NodeModel) -> None:
        """Say what the row is called now."""
        title = self.subject.title(model) or self.title_text
        if title != self.title_text:
            self.title_text = title
            self._draw()

    def read(self) -> None:
        """Read in a thread, and give up what was being read."""
        self._give_up()
        model, stop = self.model, Stop()
        wired = self.subject.wired(model)
        before = self.reading.views if self.reading else ()
        if not wired:
            there = self.subject.is_there(model)
            self.reading = Reading(before, failure=NO_PORT if there else GONE)
            self._again_after(self._pause(0.0))
            return
        self._stop = stop

        def work() -> None:
            reading = read(self._switch, model, wired, before, stop)
            if not stop:
                self.post_message(self.Read(reading, stop))

        self.run_worker(work, thread=True, exclusive=True, group="flows")
        self._draw()

    def on_flows_screen_read(self, message: Read) -> None:
        """Show what came of the reading, and read again in a while."""
        if message.ticket is self._stop:
            self._stop = None
            self.reading = message.reading
            self._again_after(self._pause(message.reading.took))

    def _again_after(self, seconds: float) -> None:
        """Draw, and read again after this time."""
        self._timer = self.set_timer(seconds, self.due)
        self._draw()

    def due(self) -> None:
        """Read again, unless another screen is above this one."""
        if self.app.screen is self:
            self.read()
        else:
            self._again_after(self._pause(0.0))

    def _give_up(self) -> bool:
        """End what is being read or will be; return whether something was."""
        if self._timer is not None:
            self._timer.stop()
        stop, self._stop = self._stop, None
        if stop is not None:
            stop.set()
        return stop is not None

    def _draw(self) -> None:
        """Draw frame, text and foot."""
        if not self.is_mounted:
            return
        frame = self.query_one("#frame")
        frame.border_title = Content(f"Flows of {self.title_text}")
        reads = self._stop is not None and self.reading is None
        frame.border_subtitle = offers(
            ("v names" if self.raw else "v raw", "screen.raw"),
            ("r read again", "screen.again"),
            ("esc ends reading" if reads else "esc closes", "screen.leave"),
        )
        text = self._text(max(20, self.body.scrollable_content_region.width))
        if text != self.text:
            self.text = text
            self.query_one("#text", Static).update(text)
        self._draw_foot()

    def _text(self, width: int) -> Content:
        """Return the flows, with names or raw, or why there are none."""
        reading = self.reading
        if reading is None:
            return Content.styled("reading the flows…", "dim")
        parts = []
        if reading.failure:
            parts.append(Content.styled(f"{WRONG} {printable(reading.failure)}", BAD))
        if self.raw and reading.views:
            parts.append(Content(raw_text(reading.views)))
        elif reading.views:
            parts.append(flows_content(self.model, reading.views, width))
        return Content("\n\n").join(parts)

    def _draw_foot(self) -> None:
        """Say where the flows are from, and how old they are."""
        parts = []
        for view in self.reading.views if self.reading else ():
            since = self._clock() - view.facts.at
            ago = f"{age(since)} ago" if since >= 1 else "just now"
            parts.append(f"{printable(view.facts.source)}, read {ago}")
        foot = Content(" · ".join(parts))
        if foot != self.foot:
            self.foot = foot
            self.query_one("#foot", Static).update(foot)

    def on_click(self, event: events.Click) -> None:
        """Close at a click outside of the frame."""
        if event.widget is self:
            self.dismiss()

    def action_leave(self) -> None:
        """End the first reading, else close."""
        if self._give_up() and self.reading is None:
            self.reading = Reading(failure="the reading was ended; r reads again")
            self._draw()
        else:
            self.dismiss()

    def action_again(self) -> None:
        """Read again at once."""
        self.read()

    def action_raw(self) -> None:
        """Show the flows as ovs-ofctl prints them, or with names again."""
        self.raw = not self.raw
        self._draw()

    def action_help(self) -> None:
        """Say what the keys do, those of here first."""
        if self._explain:
            self._explain()

    def action_copy(self) -> None:
        """Offer to copy what is shown, and what belongs to the row."""
        if self._copy:
            views = self.reading.views if self.reading else ()
            self._copy(self.text.plain, flows_recipes(self.model, views))

    def action_scroll(self, lines: int) -> None:
        """Scroll down by this many lines."""
        self.body.scroll_relative(y=lines, animate=False)
