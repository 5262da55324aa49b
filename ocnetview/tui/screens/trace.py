"""What would become of a packet: its way there, and the answer's way back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static

from ocnetview.details.recipes import Recipe
from ocnetview.details.recipes.trace import trace_recipes
from ocnetview.details.section import Section
from ocnetview.details.trace import raw_text, trace_detail, verdict_line
from ocnetview.match.trace_ways import Traced
from ocnetview.model import NodeModel
from ocnetview.tui.commands.trace import OF_TRACE
from ocnetview.tui.tabs.sections import BAD, WRONG, sections_content, wrapped
from ocnetview.tui.tracing import Asking, Chosen, Told
from ocnetview.tui.widgets.choice_bar import Choice, ChoiceBar
from ocnetview.tui.widgets.offers import offers
from ocnetview.units import age, printable

ENDED = "the asking was ended; r asks again"
_LABEL = 9
"""Cells for the name of a way."""
OTHER = "other"
"""Given where another target is wanted."""


class TraceScreen(ModalScreen[str]):
    """Shows each step with names, the verdict first; gives what is wanted next."""

    BINDINGS: ClassVar[list[BindingType]] = [*OF_TRACE]
    DEFAULT_CSS = """
    TraceScreen {
        #frame { max-width: 180; }
        ChoiceBar { padding: 0; }
        #verdicts { height: auto; max-height: 8; margin-bottom: 1; }
    }
    """

    bar = query_one(ChoiceBar)
    body = query_one("#body", VerticalScroll)

    def __init__(
        self,
        chosen: Chosen,
        asking: Asking,
        clock: Callable[[], float] = time.time,
        *,
        explain: Callable[[], object] | None = None,
        copy: Callable[[str, Sequence[Recipe]], object] | None = None,
    ) -> None:
        """Take who sends what where, and what asks about it.

        `explain` shows what the keys do here, and `copy` offers what is shown, with the
        commands for it; whoever opens the screen knows how.
        """
        super().__init__(classes="-framed")
        self._chosen = chosen
        self.asking = asking
        self._clock = clock
        self._explain = explain
        self._copy = copy
        self.place = 0
        self.raw = False
        self.text = Content("")
        self.foot = Content("")

    def compose(self) -> ComposeResult:
        """Give the verdicts, the ways, the steps of one, and where they are from."""
        with Vertical(id="frame"):
            yield Static(id="verdicts")
            yield ChoiceBar()
            with VerticalScroll(id="body"):
                yield Static(id="text")
            yield Static(id="foot")

    def on_mount(self) -> None:
        """Begin to ask."""
        self.set_interval(1.0, self._draw_foot)
        self.body.focus()
        self.ask()

    def on_unmount(self) -> None:
        """End what is being asked."""
        self.asking.give_up()

    def on_resize(self) -> None:
        """Use the room that there is now."""
        self.call_after_refresh(self._draw)

    def ask(self) -> None:
        """Ask in a thread, and give up what was being asked."""
        model = getattr(self.app, "model", NodeModel())
        job = self.asking.job(model, self._chosen, self.post_message)
        self.run_worker(job, thread=True, exclusive=True, group="trace")
        self._draw()

    def on_told(self, message: Told) -> None:
        """Show what came."""
        if self.asking.take(message):
            self._draw()

    @property
    def way(self) -> Traced | None:
        """Return the way that is looked at."""
        return (
            self.asking.ways[self.place] if self.place < len(self.asking.ways) else None
        )

    def _draw(self) -> None:
        """Draw frame, verdicts, ways, steps and foot."""
        if not self.is_mounted:
            return
        self._draw_frame()
        width = max(20, self.body.scrollable_content_region.width)
        self.query_one("#verdicts", Static).update(self._verdicts(width))
        text = self._text(width)
        if text != self.text:
            self.text = text
            self.query_one("#text", Static).update(text)
        self._draw_foot()

    def _draw_frame(self) -> None:
        """Say what is traced, which ways there are, and what keys do."""
        frame = self.query_one("#frame")
        way = self.way
        title = way.route.title if way else self._chosen.title or self._chosen.target
        frame.border_title = Content(f"Trace {printable(title)}")
        frame.border_subtitle = offers(
            ("tab other way", "screen.turn(1)"),
            ("v names" if self.raw else "v raw", "screen.raw"),
            ("r ask again", "screen.again"),
            ("x other target", "screen.other"),
            (
                "esc ends asking" if self.asking.goes_on else "esc closes",
                "screen.leave",
            ),
        )
        every = enumerate(self.asking.ways)
        self.bar.choices = tuple(Choice(str(n), _label(n, one)) for n, one in every)
        self.bar.current = str(self.place)

    def _verdicts(self, width: int) -> Content:
        """Return what became of the packet and of its answer, of one route."""
        way = self.way
        route = [one for one in self.asking.ways if way and one.route is way.route]
        lines = []
        for line in map(verdict_line, route):
            parts = wrapped(line.text, width - _LABEL)
            for label, part in zip_longest([line.label], parts, fillvalue=""):
                text = f"{label:<{_LABEL}}{part}"
                lines.append(Content.styled(text, BAD if line.bad else "bold"))
        return Content("\n").join(lines)

    def _text(self, width: int) -> Content:
        """Return the steps of the way, or what the switch wrote."""
        parts = []
        if not self.asking.goes_on:
            for note in self.asking.notes:
                style = "" if self.asking.ways else BAD
                sign = "note:" if self.asking.ways else WRONG
                parts.append(Content.styled(f"{sign} {printable(note)}", style))
        way = self.way
        if way is None and self.asking.goes_on:
            parts.append(Content.styled("asking the switch…", "dim"))
        elif way and self.raw:
            parts.append(Content(raw_text(self.asking.model, way)))
        elif way:
            first, *steps = trace_detail(self.asking.model, way)
            if rest := first.lines[1:]:  # the verdict stands above
                steps = [Section(first.title, rest), *steps]
            parts.append(sections_content(steps, width))
        return Content("\n\n").join(parts)

    def _draw_foot(self) -> None:
        """Say where it is from, and how old it is."""
        way, parts = self.way, []
        if way and way.facts:
            since = self._clock() - way.facts.at
            ago = f"{age(since)} ago" if since >= 1 else "just now"
            parts.append(f"ofproto/trace by {printable(way.facts.source)}, asked {ago}")
            parts.append("no packet was sent")
        foot = Content(" · ".join(parts))
        if foot != self.foot:
            self.foot = foot
            self.query_one("#foot", Static).update(foot)

    def go_to(self, place: int) -> None:
        """Look at another way."""
        if place != self.place and place < len(self.asking.ways):
            self.place = place
            self.body.scroll_home(animate=False)
            self._draw()

    def on_choice_bar_chosen(self, event: ChoiceBar.Chosen) -> None:
        """Look at the way that was clicked."""
        self.go_to(int(event.key))

    def on_click(self, event: events.Click) -> None:
        """Close at a click outside of the frame."""
        if event.widget is self:
            self.dismiss("")

    def action_leave(self) -> None:
        """End what is being asked, else close."""
        if self.asking.give_up(ENDED):
            self._draw()
        else:
            self.dismiss("")

    def action_turn(self, step: int) -> None:
        """Go this many ways on."""
        if self.asking.ways:
            self.go_to((self.place + step) % len(self.asking.ways))

    def action_jump(self, number: int) -> None:
        """Go to the way with this number."""
        self.go_to(number - 1)

    def action_again(self) -> None:
        """Ask the switch again."""
        self.ask()

    def action_raw(self) -> None:
        """Show what the switch wrote, or the steps with names again."""
        self.raw = not self.raw
        self._draw()

    def action_other(self) -> None:
        """Choose another target."""
        self.dismiss(OTHER)

    def action_help(self) -> None:
        """Say what the keys do, those of here first."""
        if self._explain:
            self._explain()

    def action_copy(self) -> None:
        """Offer to copy what is shown, and the commands that ask the same."""
        if self._copy:
            recipes = trace_recipes(self.asking.model, self.asking.ways)
            self._copy(self.text.plain, recipes)

    def action_scroll(self, lines: int) -> None:
        """Scroll down by this many lines."""
        self.body.scroll_relative(y=lines, animate=False)


def _label(number: int, traced: Traced) -> str:
    """Return what a way is called among the others, with its verdict's sign."""
    sign = verdict_line(traced).label
    target = traced.route.target.title if number > 1 else ""
    return printable(f"{number + 1} {sign} {target}".strip())
