"""What a command is given by the flags before it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ocnetview.config import Settings

if TYPE_CHECKING:
    from ocnetview.collectors.ahead import Ahead
    from ocnetview.node import Node


@dataclass(slots=True)
class Invocation:
    """What the flags say."""

    settings: Settings
    json: bool = False
    replay: Path | None = None
    ahead: Ahead | None = None
    """What can read the links before they are wanted."""

    def node(self) -> Node:
        """Return the node to look at."""
        from ocnetview.node import RecordedNode, live_node  # noqa: PLC0415 - as below

        if self.replay is None:
            return live_node(self.settings, self.ahead)
        from ocnetview.record import read_recording  # noqa: PLC0415 - not for --help

        return RecordedNode(read_recording(self.replay), str(self.replay))
