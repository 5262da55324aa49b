"""The other nodes that a tunnel leads to, read when it is opened."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.message import Message

from ocnetview.collectors.base import Stop
from ocnetview.details.peers import peers_detail
from ocnetview.match.peers import PeersFacts
from ocnetview.tui.screens.sheet import Sheet
from ocnetview.tui.tabs.sections import sections_content
from ocnetview.units import printable


class PeersScreen(Sheet):
    """Shows each peer with its node's name, its pods' subnets, and what it lacks."""

    DEFAULT_CSS = """
    PeersScreen {
        #sheet { max-width: 120; scrollbar-gutter: stable; }
    }
    """

    class Read(Message):
        """The peers were read."""

        def __init__(self, facts: PeersFacts) -> None:
            """Take them."""
            super().__init__()
            self.facts = facts

    def __init__(self, tunnel: str, read: Callable[[Stop], PeersFacts]) -> None:
        """Take what the tunnel is called, and what reads its peers."""
        reading = Content.styled("reading the peers…", "dim")
        super().__init__(f"Tunnel {printable(tunnel)}", reading)
        self._read = read
        self._stop = Stop()
        self._facts: PeersFacts | None = None

    def on_mount(self) -> None:
        """Read in a thread."""

        def work() -> None:
            facts = self._read(self._stop)
            if not self._stop:
                self.post_message(self.Read(facts))

        self.run_worker(work, thread=True)

    def on_unmount(self) -> None:
        """End the reading."""
        self._stop.set()

    def on_resize(self) -> None:
        """Use the room that there is now."""
        self.call_after_refresh(self._draw)

    def on_peers_screen_read(self, message: Read) -> None:
        """Show the peers."""
        self._facts = message.facts
        self._draw()

    def _draw(self) -> None:
        """Fit the rows into the frame."""
        if self._facts:
            self.show(sections_content(peers_detail(self._facts), self.room))
