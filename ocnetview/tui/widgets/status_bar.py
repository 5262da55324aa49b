"""One line that shows how each of several things is doing, what is bad in any case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from ocnetview.tui.widgets.fitting import cut
from ocnetview.tui.widgets.offers import offer

RETURNS = "app.do('capture')"
"""What a click on the capture does."""


@dataclass(frozen=True, slots=True)
class Light:
    """How one thing is doing; all texts are safe to print."""

    name: str
    sign: str
    word: str
    style: str
    """A Textual style of theme variables; says no more than the word."""
    reason: str = ""
    bad: bool = False
    """Claims that its reason is worth more room than others'."""
    idle: bool = False
    """Claims that it may be left out where room is short: it is not in use."""
    how: str = ""
    """By which means it is kept fresh."""
    age: str = ""
    """How old it is."""
    old: bool = False
    """Claims that its age is worth room wherever there is some."""


def _told(*parts: str, reason: str = "") -> str:
    """Return what there is of these, and the reason behind them."""
    told = " · ".join(filter(None, parts))
    return f"{told}: {reason}" if reason else told


def _everything(light: Light) -> str:
    """Return name, word, means, age and reason."""
    named = f"{light.name} {light.word}"
    return _told(named, light.how, light.age, reason=light.reason)


def _fully(light: Light) -> str:
    """Return the same, with the reason only of what is bad."""
    named, reason = f"{light.name} {light.word}", light.reason if light.bad else ""
    return _told(named, light.how, light.age, reason=reason)


def _worded(light: Light) -> str:
    """Return name and word, with age and reason only of what is amiss."""
    named, reason = f"{light.name} {light.word}", light.reason if light.bad else ""
    return _told(named, light.age if light.old else "", reason=reason)


def _named(light: Light) -> str:
    """Return the name, and the age of what is old: the sign says the rest."""
    return _told(light.name, light.age if light.old else "")


class StatusBar(Widget):
    """Shows every light, in as many words as there is room for."""

    DEFAULT_CSS = """
    StatusBar { height: 1; padding: 0 1; link-style: none; link-color: $text-warning; }
    """

    lights: reactive[tuple[Light, ...]] = reactive[tuple[Light, ...]](())

    paused: reactive[bool] = reactive(default=False)
    """Claims that the screen stays as it is; bound to the app."""
    pace: reactive[float] = reactive(1.0)
    """Seconds between two readings; bound to the app."""

    capture: reactive[str] = reactive("")
    """How the capture is that goes on behind the screen; empty without one."""

    class Opened(Message):
        """The user asked for the reasons in full, by a click."""

    def __init__(self, usual: float = 1.0) -> None:
        """Take the pace that needs no word."""
        super().__init__()
        self._usual = usual

    def _pace(self) -> str:
        """Return how often is read, where that is not the usual."""
        return "" if self.pace == self._usual else f"every {self.pace:g} s"

    def watch_lights(self, lights: tuple[Light, ...]) -> None:
        """Let all reasons be read by pointing at the line."""
        lines = (f"{light.sign} {_everything(light)}" for light in lights)
        self.tooltip = Content("\n".join(lines)) if lights else None

    def on_click(self, event: events.Click) -> None:
        """Ask for the reasons in full; a click on the capture does what that offers."""
        if "@click" not in event.style.meta:
            self.post_message(self.Opened())

    def render(self) -> Content:
        """Draw the lights; texts are never taken as markup."""
        said = ("‖ paused" if self.paused else "", self._pace())
        parts = [Content(one) for one in said if one]
        parts += [offer(self.capture, RETURNS)] if self.capture else []
        notice = Content("").join(Content.assemble(one, "   ") for one in parts)
        notice = notice.stylize("bold $text-warning")
        room = self.content_size.width - notice.cell_length
        return Content.assemble(notice, self._lights(room))

    def _lights(self, room: int) -> Content:
        """Return the lights, in as many words as there is room for."""
        there = [light for light in self.lights if not light.idle]
        tries = (
            (_everything, self.lights),
            (_fully, self.lights),
            (_fully, there),
            (_worded, self.lights),
            (_worded, there),
            (_named, there),
        )
        for spell, lights in tries:
            line = self._line(spell, lights)
            if line.cell_length <= room:
                break
        else:
            return self._line(_named, sorted(there, key=lambda light: not light.bad))
        return self._with_reason(line, room) if spell is _named else line

    def _line(self, spell: Callable[[Light], str], lights: Sequence[Light]) -> Content:
        """Return the lights side by side, and how many are left out."""
        parts = [
            Content.assemble((light.sign, light.style), f" {spell(light)}")
            for light in lights
        ]
        left = len(self.lights) - len(lights)
        parts += [Content.styled(f"+{left}", "dim")] if left else []
        return Content("   ").join(parts)

    def _with_reason(self, line: Content, room: int) -> Content:
        """Return the line with the reason of the first that is bad, if it fits."""
        bad: Sequence[Light] = [light for light in self.lights if light.bad]
        left = room - line.cell_length - 3
        if not bad or left < len(bad[0].name):
            return line
        reason = cut(_everything(bad[0]), left)
        return Content.assemble(line, "   ", (reason, bad[0].style))
