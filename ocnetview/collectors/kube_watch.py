"""A watch of this node's pods, read by a thread of its own until closed."""

from __future__ import annotations

import queue
import threading
from contextlib import suppress

from urllib3.exceptions import HTTPError

from ocnetview.collectors.kube_client import Stream
from ocnetview.collectors.kube_reply import PodEvent, read_event

_JOIN_SECONDS = 10
"""What the thread may take to end once its connection is shut."""


class PodWatch:
    """The events of a watch, as they come."""

    def __init__(self, stream: Stream) -> None:
        """Read from this stream, and close it in the end."""
        self.happened = threading.Event()
        """Set when there is something to `take`."""
        self.ended = False
        """Claims that no more will come; true only when all was taken."""
        self.broken = False
        """Claims that it did not end because the API wanted it to."""
        self._stream = stream
        self._events: queue.SimpleQueue[PodEvent] = queue.SimpleQueue()
        self._error: Exception | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(
            target=self._read, name="ocnetview-kube-watch", daemon=True
        )
        self._thread.start()

    def _read(self) -> None:
        """Note each event, until the stream ends; a broken one is one that ended."""
        try:
            for line in self._stream.lines():
                if line:
                    self._events.put(read_event(line))
                    self.happened.set()
        except (HTTPError, OSError):
            self.broken = True
        except Exception as error:  # noqa: BLE001 - a thread's edge; told by `check`
            self._error = error
        self._done.set()
        self.happened.set()

    def take(self) -> list[PodEvent]:
        """Return what happened since the last time."""
        self.happened.clear()
        self.ended = self._done.is_set()
        if self.ended:
            self.happened.set()
        taken = []
        with suppress(queue.Empty):
            while True:
                taken.append(self._events.get_nowait())
        return taken

    def check(self) -> None:
        """Make sure that the watch did not end by an error of the API's.

        Raises:
            StatusError: it told one instead of an event.
            ValueError: something else than events came.
        """
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """End the thread: what it blocks on is shut."""
        self._stream.shut()
        self._thread.join(_JOIN_SECONDS)
        self._stream.close()
