"""Everything about the row that the user was on, in tabs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static

from ocnetview.details.inside import inside_detail
from ocnetview.details.path import links_of
from ocnetview.facts import Netns
from ocnetview.facts.inside import Inside
from ocnetview.model import NodeModel
from ocnetview.probes.base import Prober
from ocnetview.tui.commands.detail import OF_DETAIL
from ocnetview.tui.tabs import Subject, Tab, hops_of, offered
from ocnetview.tui.tabs.answers import Answered, Failed, Questions
from ocnetview.tui.tabs.foot import foot_of
from ocnetview.tui.tabs.sections import BAD, WRONG, sections_content
from ocnetview.tui.tabs.tab import labels_of
from ocnetview.tui.widgets.choice_bar import Choice, ChoiceBar
from ocnetview.tui.widgets.offers import offers
from ocnetview.units import printable

GONE = "It is gone from this node."
_REVEALS = ("shows the environment", "shows its values", "hides the environment")
"""What the key v does next."""


class DetailScreen(ModalScreen[None]):
    """Shows a row in full: what the model has follows it, what is inside is asked."""

    BINDINGS: ClassVar[list[BindingType]] = [*OF_DETAIL]
    DEFAULT_CSS = """
    DetailScreen {
        #frame { max-width: 180; }
        ChoiceBar { padding: 0; }
    }
    """

    bar = query_one(ChoiceBar)
    body = query_one("#body", VerticalScroll)

    def __init__(  # noqa: PLR0913 - one a thing to ask or to tell
        self,
        subject: Subject,
        prober: Callable[[], Prober],
        watch: Callable[[frozenset[tuple[Netns, int]]], None],
        clock: Callable[[], float] = time.time,
        *,
        explain: Callable[[], object] | None = None,
        copy: Callable[[str], object] | None = None,
    ) -> None:
        """Take what it is about, whom to ask, and who is told which links are drawn.

        `explain` shows what the keys do here, and `copy` offers a text to copy;
        whoever opens the screen knows how.
        """
        super().__init__(classes="-framed")
        self.subject = subject
        self._questions = Questions(prober, self.post_message)
        self._watch_links = watch
        self._clock = clock
        self._explain = explain
        self._copy = copy
        self._tabs: tuple[Tab, ...] = ()
        self._tab = ""
        self._reveal = 0
        """0: no environment, 1: without its values, 2: with them."""
        self.title_text = ""
        self.text = Content("")
        self.foot = Content("")

    def compose(self) -> ComposeResult:
        """Give the tabs, what the current one shows, and where that is from."""
        with Vertical(id="frame"):
            yield ChoiceBar()
            with VerticalScroll(id="body"):
                yield Static(id="text")
            yield Static(id="foot")

    def on_mount(self) -> None:
        """Follow the app's model, and let what was read grow old."""
        self.watch(self.app, "model", self._follow)
        self.set_interval(1.0, self.draw_foot)
        self.body.focus()

    def on_unmount(self) -> None:
        """End what is being read, and count nothing more for this."""
        self._questions.give_up()
        self._watch_links(frozenset())

    def on_resize(self) -> None:
        """Use the room that there is now."""
        self.call_after_refresh(self._draw)

    @property
    def model(self) -> NodeModel:
        """Return the node as it is now."""
        return getattr(self.app, "model", NodeModel())

    @property
    def tab(self) -> Tab | None:
        """Return the tab that is looked at."""
        return next((tab for tab in self._tabs if tab.id == self._tab), None)

    def _follow(self, model: NodeModel) -> None:
        """Show the subject as it is now; what was read inside stays."""
        before = (self._tabs, self.title_text)
        there = self.subject.is_there(model)
        self._tabs = offered(model, self.subject) if there else ()
        if self._tabs and self.tab is None:
            self._tab = self._tabs[0].id
        self.title_text = self.subject.title(model) or self.title_text
        # What was read once is not drawn again for what else happens.
        if before != (self._tabs, self.title_text) or (self.tab and self.tab.draw):
            self._draw()

    def _draw(self) -> None:
        """Draw tabs, text and foot, and ask what is not known yet."""
        if not self.is_mounted:
            return
        self._ask()
        self._draw_frame()
        text = self._text(max(20, self.body.scrollable_content_region.width))
        if text != self.text:
            self.text = text
            self.query_one("#text", Static).update(text)
        self.draw_foot()
        hops = hops_of(self.model, self.subject) if self._tab == "path" else ()
        self._watch_links(links_of(hops))

    def _draw_frame(self) -> None:
        """Say what it is about, which tabs there are, and what keys do."""
        frame = self.query_one("#frame")
        frame.border_title = Content(self.title_text)
        keys = [("tab next", "screen.turn(1)")]
        if self.tab and self.tab.asks:
            keys.append(("r read again", "screen.again"))
        if self.tab and self.tab.hides:
            keys.append((f"v {_REVEALS[self._reveal]}", "screen.reveal"))
        ends = "esc ends reading" if self._questions.asking else "esc closes"
        frame.border_subtitle = offers(*keys, (ends, "screen.leave"))
        labels = labels_of(self._tabs, self.size.width - 4)
        pairs = zip(self._tabs, labels, strict=True)
        self.bar.choices = tuple(Choice(tab.id, label) for tab, label in pairs)
        self.bar.current = self._tab

    def _text(self, width: int) -> Content:
        """Return what the tab shows: the model's part, then what was read."""
        tab = self.tab
        if tab is None:
            return Content(GONE)
        parts = [tab.draw(self.model, self.subject, width)] if tab.draw else []
        parts += [self._answer(what, width) for what in self._wanted(tab)]
        return Content("\n\n").join(parts)

    def _answer(self, what: Inside, width: int) -> Content:
        """Return what was read, or why it was not."""
        answer = self._questions.answers.get(what)
        if answer is None:
            reading = self._questions.asking is what
            return Content.styled(f"reading {what}…" if reading else "", "dim")
        if isinstance(answer, Failed):
            return Content.styled(f"{WRONG} {printable(answer.reason)}", BAD)
        reveal = self._reveal > 1
        return sections_content(inside_detail(self.model, answer, reveal=reveal), width)

    def draw_foot(self) -> None:
        """Say where the tab's text is from, and how old it is."""
        tab = self.tab
        answers = {w: self._questions.answers.get(w) for w in self._wanted(tab)}
        foot = foot_of(self.model, tab, answers, self._clock())
        if foot != self.foot:
            self.foot = foot
            self.query_one("#foot", Static).update(foot)

    def _wanted(self, tab: Tab | None) -> tuple[Inside, ...]:
        """Return what a tab has to ask."""
        if tab is None:
            return ()
        hidden = tab.hides if self._reveal else None
        return tuple(what for what in (tab.asks, hidden) if what)

    def _ask(self) -> None:
        """Ask the first thing that the tab needs and nobody asked yet."""
        needed = [w for w in self._wanted(self.tab) if w not in self._questions.answers]
        target = self.subject.target(self.model)
        if needed and target and self._questions.asking is not needed[0]:
            job = self._questions.job(needed[0], target)
            self.run_worker(job, thread=True, exclusive=True, group="probe")

    def on_answered(self, message: Answered) -> None:
        """Show what came of a question."""
        self._questions.take(message)
        self._draw()
        if self.tab and message.what is self.tab.hides:
            self.body.scroll_end(animate=False)

    def go_to(self, tab: str) -> None:
        """Look at another tab; what this one is asking is given up."""
        if tab != self._tab:
            self._questions.give_up()
            self._tab = tab
            self.body.scroll_home(animate=False)
            self._draw()

    def on_choice_bar_chosen(self, event: ChoiceBar.Chosen) -> None:
        """Look at the tab that was clicked."""
        self.go_to(event.key)

    def on_click(self, event: events.Click) -> None:
        """Close at a click outside of the frame."""
        if event.widget is self:
            self.dismiss()

    def action_leave(self) -> None:
        """End what is being read, else close."""
        what = self._questions.give_up()
        if what is None:
            self.dismiss()
            return
        reason = f"the reading of {what} was ended; r reads again"
        self._questions.answers[what] = Failed(reason)
        self._draw()

    def action_turn(self, step: int) -> None:
        """Go this many tabs on."""
        ids = [tab.id for tab in self._tabs]
        if ids:
            self.go_to(ids[(ids.index(self._tab) + step) % len(ids)])

    def action_jump(self, number: int) -> None:
        """Go to the tab with this number."""
        if number <= len(self._tabs):
            self.go_to(self._tabs[number - 1].id)

    def action_again(self) -> None:
        """Ask again what the tab shows."""
        for what in self._wanted(self.tab):
            self._questions.answers.pop(what, None)
        self._questions.give_up()
        self._draw()

    def action_help(self) -> None:
        """Say what the keys do, those of here first."""
        if self._explain:
            self._explain()

    def action_copy(self) -> None:
        """Offer to copy the tab's text, and what belongs to the row."""
        if self._copy:
            self._copy(self.text.plain)

    def action_reveal(self) -> None:
        """Show the environment, then its values, then neither."""
        if self.tab and self.tab.hides:
            self._reveal = (self._reveal + 1) % len(_REVEALS)
            self._draw()

    def action_scroll(self, lines: int) -> None:
        """Scroll down by this many lines."""
        self.body.scroll_relative(y=lines, animate=False)
