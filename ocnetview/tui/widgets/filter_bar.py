"""One line to type a filter into, and what is wrong with it below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import var

if TYPE_CHECKING:
    from textual.widgets import Input

EARLIER = 50
"""Filters that are remembered of each caption at most."""
Complete = Callable[[str], Sequence[str]]
"""Gives what a text can go on as, in full."""


def _nothing(_: str) -> Sequence[str]:
    """Return that a text goes on as nothing."""
    return ()


class FilterBar(Vertical):
    """Takes a filter's text, and tells of each letter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", tooltip="Show all rows again"),
        Binding("enter", "keep", "Keep", tooltip="Keep the filter"),
        Binding("tab", "complete(1)", "Complete", tooltip="Complete the last term"),
        Binding("shift+tab", "complete(-1)", "Complete", show=False),
        Binding("up", "recall(-1)", "Earlier", tooltip="The filter before", show=False),
        Binding("down", "recall(1)", "Later", tooltip="The filter after", show=False),
    ]
    DEFAULT_CSS = """
    FilterBar {
        height: auto;
        padding: 0 1;
        display: none;
        &.-open { display: block; }
        Horizontal { height: 1; }
        Label { width: auto; padding-right: 1; text-style: bold; }
        Input { width: 1fr; }
        .hint { text-style: dim; padding: 0 0 0 1; }
        #error { height: auto; max-height: 4; color: $text-error; display: none; }
        &.-wrong #error { display: block; }
    }
    """

    caption: var[str] = var("")
    """What is filtered."""
    error: var[str] = var("")
    """Why the text is no filter, safe to print; empty where it is one."""

    class Changed(Message):
        """The user typed; this is the text now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """The user is done; the filter stays as the last `Changed` said."""

    def __init__(self) -> None:
        super().__init__()
        self._complete: Complete = _nothing
        self._offers: Sequence[str] = ()
        """What tab goes through, the text as it was typed first."""
        self._kept: dict[str, list[str]] = {}
        """Filters that were kept, by the caption, the latest at the end."""
        self._earlier: Sequence[str] = ()
        """Filters to be recalled, the text as it was typed last."""

    def on_mount(self) -> None:
        """Get all that is inside once there is something to see: the line is closed."""
        self.call_after_refresh(self._fill)

    async def _fill(self) -> None:
        """Get the caption, the line to type into, what ends it, and the error."""
        if not self.is_attached:  # who left at once
            return
        from textual.widgets import (  # noqa: PLC0415 - after the first paint
            Input,
            Label,
            Static,
        )

        line = Input(compact=True, select_on_focus=False)
        # A screen at rest draws nothing.
        line.cursor_blink = False
        hint = "enter keeps · escape clears"
        await self.mount(
            Horizontal(
                Label(id="caption", markup=False),
                line,
                Label(hint, classes="hint", markup=False),
            ),
            Static(id="error", markup=False),
        )

    @property
    def input(self) -> Input:
        """Return the line to type into."""
        from textual.widgets import Input  # noqa: PLC0415 - as above

        return self.query_one(Input)

    def watch_caption(self, caption: str) -> None:
        """Show what is filtered."""
        self._say("#caption", caption)

    def watch_error(self, error: str) -> None:
        """Say what is wrong, with a sign that needs no colour."""
        self.set_class(bool(error), "-wrong")
        self._say("#error", f"✖ {error}" if error else "")

    def _say(self, where: str, text: str) -> None:
        """Have one of the labels say something, where they are there."""
        from textual.widgets import Static  # noqa: PLC0415 - as above

        for label in self.query(where).results(Static):
            label.update(Content(text))

    @property
    def is_open(self) -> bool:
        """Claim that the user is typing a filter."""
        return self.has_class("-open")

    def open(self, caption: str, text: str, complete: Complete = _nothing) -> None:
        """Begin to type, with what is there already.

        Args:
            caption: what is filtered.
            text: the filter as it is.
            complete: gives what a text can go on as.
        """
        if not self.children:
            self.call_after_refresh(self.open, caption, text, complete)
            return
        self.caption, self.error = caption, ""
        self._complete, self._offers = complete, ()
        kept = self._kept.get(caption, [])
        self._earlier = [one for one in kept if one != text]
        self.add_class("-open")
        self._write(text)
        self.input.focus()

    def _write(self, text: str) -> None:
        """Put this into the line."""
        self.input.value = text
        self.input.cursor_position = len(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell of each letter."""
        event.stop()
        if self.is_open:
            self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter."""
        event.stop()
        self.action_keep()

    def on_descendant_blur(self) -> None:
        """Close the line when the user turns to something else."""
        self._close()

    def action_keep(self) -> None:
        """Close the line, unless it is wrong; the filter stays."""
        if not self.error:
            self._close()

    def action_clear(self) -> None:
        """Close the line and take the filter away."""
        self.post_message(self.Changed(""))
        self._write("")
        self._close()

    def action_complete(self, step: int) -> None:
        """Go on to the next that the text can be completed to, then round."""
        text = self.input.value
        if text not in self._offers:
            self._offers = [text, *self._complete(text)]
        at = self._offers.index(text) + step
        self._write(self._offers[at % len(self._offers)])
        if len(self._offers) == 2:  # noqa: PLR2004 - what was typed, and the only one
            self._offers = ()

    def action_recall(self, step: int) -> None:
        """Show the filter before, or the one after."""
        text = self.input.value
        if text not in self._earlier:
            self._earlier = [*self._earlier, text]
        at = self._earlier.index(text) + step
        self._write(self._earlier[min(max(0, at), len(self._earlier) - 1)])

    def _close(self) -> None:
        """Close the line."""
        if self.is_open:
            self.remove_class("-open")
            self._remember(self.input.value.strip())
            self.error = ""
            self.post_message(self.Closed())

    def _remember(self, text: str) -> None:
        """Put what was kept at the end of what can be recalled."""
        if text and not self.error:
            kept = self._kept.get(self.caption, [])
            kept = [one for one in kept if one != text]
            self._kept[self.caption] = [*kept, text][-EARLIER:]
