"""What was asked of the inside of a subject, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.inside import Inside, InsideFacts
from ocnetview.probes.base import Prober, Target


@dataclass(frozen=True, slots=True)
class Failed:
    """A question that could not be answered."""

    reason: str
    """Who, doing what, why, and what the user can do; untrusted text."""


Answer = InsideFacts | Failed


class Answered(Message):
    """A question came to its end."""

    def __init__(self, what: Inside, answer: Answer, stop: Stop) -> None:
        """Take the question, what came of it, and what would have ended it."""
        super().__init__()
        self.what = what
        self.answer = answer
        self.ticket = stop


class Questions:
    """Asks one question at a time, in a thread, and keeps the answers."""

    def __init__(
        self, prober: Callable[[], Prober], post: Callable[[Message], object]
    ) -> None:
        """Take what makes the prober, and what takes messages from any thread."""
        self._prober = prober
        self._post = post
        self.answers: dict[Inside, Answer] = {}
        self.asking: Inside | None = None
        """What is being asked now."""
        self._stop: Stop | None = None

    def job(self, what: Inside, target: Target) -> Callable[[], None]:
        """Begin to ask, and return what a thread has to do for it.

        What was asked before is given up.
        """
        self.give_up()
        stop = self._stop = Stop()
        self.asking = what

        def ask() -> None:
            answer: Answer
            try:
                answer = self._prober().ask(what, target, stop)
            except ProbeError as error:
                answer = Failed(str(error))
            if not stop:
                self._post(Answered(what, answer, stop))

        return ask

    def take(self, message: Answered) -> None:
        """Keep an answer, unless it is one that was given up."""
        if message.ticket is self._stop:
            self.asking = self._stop = None
            self.answers[message.what] = message.answer

    def give_up(self) -> Inside | None:
        """End what is being asked, and return what that was."""
        what, stop = self.asking, self._stop
        self.asking = self._stop = None
        if stop is not None:
            stop.set()
        return what
