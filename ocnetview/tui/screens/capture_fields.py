"""The fields of the setup of a capture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, Label, Static

from ocnetview.facts.packets import Spot
from ocnetview.match.spots import Spots
from ocnetview.tui.screens.capture_form import COMMON, KEEPS, MEMORY, RING, Form
from ocnetview.tui.widgets.choice_bar import Choice, ChoiceBar
from ocnetview.tui.widgets.choice_line import ChoiceLine
from ocnetview.tui.widgets.fitting import Heading
from ocnetview.tui.widgets.row import Row, Rows
from ocnetview.tui.widgets.row_table import RowTable
from ocnetview.units import printable

NONE = "none"
"""The key of no second spot."""
LINES = 6
"""Lines that a table of spots takes at most, its heading among them."""
LIMITS = (
    ("Ends after", (("seconds", "seconds"), ("count", "packets"), ("size", "MB"))),
    ("Of each", (("snaplen", "bytes"),)),
)
"""The numbers: what a line is about, then names with what stands behind them."""


def _light(table: RowTable, cursor: str) -> None:
    """Have a chosen row stand out also while keys go elsewhere."""
    table.linked = frozenset({cursor})


def _headings(title: str) -> tuple[Heading, ...]:
    """Return the columns of a table of spots."""
    return (
        Heading("title", title, 16, grows=True, named=True, wants=30),
        Heading("why", "WHY", 24, grows=True, rank=1, wants=70),
    )


def _rows(spots: Mapping[str, Spot | None], whose: str) -> Rows:
    """Return spots by their keys as rows, without the owner where it is this one."""
    keys = tuple(spots)

    def make(place: int) -> Row:
        spot = spots[keys[place]]
        cells = _cells(spot, whose) if spot else _NOTHING
        return Row(keys[place], spot, lambda: cells)

    return Rows(keys, make)


def _cells(spot: Spot, whose: str) -> tuple[str, str]:
    """Return what a spot is called, and why it is one; safe to print."""
    name = spot.ifname if spot.owner and spot.owner in whose else spot.title
    return printable(name), printable(spot.why)


_NOTHING = ("nothing", "one place only")


class CaptureFields(VerticalScroll):
    """Shows what can be chosen and typed, and tells what was."""

    DEFAULT_CSS = """
    CaptureFields {
        height: 1fr;
        scrollbar-size-vertical: 1;
        RowTable { height: 3; margin-bottom: 1; }
        Horizontal { height: 1; }
        Horizontal.-off { display: none; }
        Label { width: auto; padding-right: 1; }
        .name { width: 12; text-style: bold; }
        Input { width: 1fr; }
        .number { width: 8; margin-right: 1; }
        #common { padding: 0; width: 1fr; }
        #error { height: auto; max-height: 4; color: $text-error; display: none; }
        &.-wrong #error { display: block; }
    }
    """

    first = query_one("#first", RowTable)
    second = query_one("#second", RowTable)
    filter = query_one("#filter", Input)
    keep = query_one("#keep", ChoiceLine)

    def __init__(self, whose: str, form: Form, earlier: Sequence[str]) -> None:
        """Take whose packets, what is typed at first, and filters typed before."""
        super().__init__(can_focus=False)
        self._whose = whose
        self._form = form
        self._filters = tuple(dict.fromkeys((*earlier, *COMMON)))
        self._spots = Spots()
        self.error = ""
        self._lasts = False
        """Claims that what is wrong is so whatever is typed."""

    def compose(self) -> ComposeResult:
        """Give two tables of spots, and a line for each of the rest."""
        yield RowTable(_headings("CAPTURE AT"), id="first")
        yield RowTable(_headings("COMPARE WITH"), id="second")
        with Horizontal(id="own", classes="-off"):
            yield Label("Only", classes="name")
            yield Label(id="only", markup=False)
        with Horizontal():
            yield Label("Filter", classes="name")
            hint = "everything; as tcpdump takes it, ↑ ↓: common ones"
            yield self._input("filter", self._form.filter, hint)
        with Horizontal():
            yield Label("  common", classes="name")
            yield ChoiceBar(id="common")
        yield Static(id="error", markup=False)
        for about, numbers in LIMITS:
            with Horizontal():
                yield Label(about, classes="name")
                yield from self._numbers(numbers)
        with Horizontal():
            yield Label("Keep", classes="name")
            yield ChoiceLine(id="keep")
        with Horizontal(classes="file"):
            yield Label("File", classes="name")
            yield self._input("file", self._form.texts["file"])
            yield Label(" files", classes="ring")
            yield self._input("ring", self._form.texts["ring"], classes="number ring")

    def _numbers(self, numbers: Iterable[tuple[str, str]]) -> Iterator[Label | Input]:
        """Yield numbers, with the word behind each."""
        for name, word in numbers:
            text = self._form.texts[name]
            yield self._input(name, text, "no limit", classes="number")
            yield Label(word)

    @staticmethod
    def _input(name: str, text: str, hint: str = "", classes: str = "") -> Input:
        """Return a line to type into."""
        line = Input(
            text,
            hint,
            id=name,
            classes=classes,
            compact=True,
            select_on_focus=False,
        )
        line.cursor_blink = False
        return line

    def on_mount(self) -> None:
        """Offer filters, and show what belongs to where packets are kept."""
        for table in (self.first, self.second):
            self.watch(table, "cursor", partial(_light, table))
        bar = self.query_one("#common", ChoiceBar)
        bar.choices = tuple(Choice(one, printable(one)) for one in self._filters)
        self.keep.choices = KEEPS
        self._keep(self._form.keep)

    def offer(self, spots: Spots) -> None:
        """Offer these spots; what was chosen of them stays chosen."""
        self._spots = spots
        self.first.rows = _rows({_key(spot): spot for spot in spots.spots}, self._whose)
        self._offer_second()
        for table in (self.first, self.second):
            table.styles.height = min(max(len(table.rows), 1) + 1, LINES)

    def _offer_second(self) -> None:
        """Offer to compare with all but what is chosen."""
        taken = self.first.cursor
        others = {_key(spot): spot for spot in self._spots.others}
        others.pop(taken, None)
        self.second.rows = _rows({NONE: None, **others}, self._whose)
        self._say_own()

    def _say_own(self) -> None:
        """Say what the chosen places let through, where that is not all."""
        own = "; ".join(f"{s.ifname}: {s.filter}" for s in self.chosen if s.filter)
        self.query_one("#own").set_class(not own, "-off")
        self.query_one("#only", Label).update(Content(printable(own)))

    @property
    def chosen(self) -> tuple[Spot, ...]:
        """Return the spots that are chosen; none where none is known."""
        first = {_key(spot): spot for spot in self._spots.spots}
        second = {_key(spot): spot for spot in self._spots.others}
        pair = (first.get(self.first.cursor), second.get(self.second.cursor))
        return tuple(spot for spot in pair if spot)

    @property
    def form(self) -> Form:
        """Return what is typed."""
        names = self._form.texts
        texts = {name: self.query_one(f"#{name}", Input).value for name in names}
        return replace(
            self._form, filter=self.filter.value, keep=self.keep.current, texts=texts
        )

    def say(self, error: str, *, lasts: bool = False) -> None:
        """Say what is wrong, safe to print; empty where nothing is.

        It is said until something else is typed, unless it `lasts` all the same.
        """
        self.error = error
        self._lasts = lasts
        self.set_class(bool(error), "-wrong")
        line = self.query_one("#error", Static)
        line.update(Content(f"✖ {error}" if error else ""))
        if error:
            line.scroll_visible(animate=False)

    def take_filter(self, step: int) -> None:
        """Take a filter of those that are offered, this many further on."""
        every = ("", *self._filters)
        text = self.filter.value
        at = every.index(text) if text in every else 0
        self._write(every[(at + step) % len(every)])

    def _write(self, text: str) -> None:
        """Put a filter into its line."""
        self.filter.value = text
        self.filter.cursor_position = len(text)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """Take back what was said of another text."""
        event.stop()
        self._take_back()

    def _take_back(self) -> None:
        """Say no more what is wrong, where that may be right now."""
        if self.error and not self._lasts:
            self.say("")

    @on(RowTable.Selected, "#first")
    def _at_first(self, event: RowTable.Selected) -> None:
        """Offer to compare with what is left."""
        event.stop()
        self._offer_second()

    @on(RowTable.Selected, "#second")
    def _at_second(self, event: RowTable.Selected) -> None:
        """Say what is let through there."""
        event.stop()
        self._say_own()

    @on(RowTable.Scrolled)
    def _keep_from_panes(self, event: RowTable.Scrolled) -> None:
        """Count nothing for these rows."""
        event.stop()

    @on(ChoiceBar.Chosen)
    def _choose(self, event: ChoiceBar.Chosen) -> None:
        """Take the filter, or the place to keep packets at, that was clicked."""
        event.stop()
        if event.key in {choice.key for choice in KEEPS}:
            self._take_back()
            self._keep(event.key)
        else:
            self._write(event.key)
            self.filter.focus()

    def _keep(self, where: str) -> None:
        """Keep packets there, and ask for the file if it is one."""
        self.keep.current = where
        self.query_one(".file").set_class(where == MEMORY, "-off")
        for part in self.query(".ring"):
            part.display = where == RING


def _key(spot: Spot) -> str:
    """Return what tells a spot from all others."""
    return f"{spot.netns} {spot.ifname} {spot.filter}"
