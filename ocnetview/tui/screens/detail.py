"""All that is known of the selected pod, with the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from textwrap import wrap

from textual.content import Content

from ocnetview.details.pod import pod_detail
from ocnetview.details.section import Section
from ocnetview.model import NodeModel
from ocnetview.tui.screens.sheet import Sheet

_LABEL = 20
"""Cells for the labels, so that what they say stands in one column."""
_LEAST = 20
"""Cells that a text has at least beside its label."""
GONE = "It is gone from this node."


def detail_content(sections: Iterable[Section], width: int) -> Content:
    """Return the sections with their titles, no wider than this; safe to print.

    What does not fit a line goes on below its beginning, beside the label.
    """
    room = max(width - _LABEL - 1, _LEAST)
    blocks = []
    for section in sections:
        lines = [Content.styled(section.title, "bold $text-primary")]
        for line in section.lines:
            style = "bold $text-error" if line.bad else ""
            parts = wrap(line.text, room) or [""]
            for label, part in zip_longest([line.label], parts, fillvalue=""):
                head = Content.styled(f"{label:<{_LABEL}} ", "dim")
                lines.append(Content.assemble(head, (part, style)))
        blocks.append(Content("\n").join(lines))
    return Content("\n\n").join(blocks)


class DetailScreen(Sheet):
    """Shows a pod in full, and follows what becomes of it."""

    DEFAULT_CSS = """
    DetailScreen #sheet { max-width: 150; }
    """

    def __init__(self, pod: str) -> None:
        """Take the pod's key."""
        super().__init__("Detail", Content(""))
        self._pod = pod
        self._sections: tuple[Section, ...] = ()

    def on_mount(self) -> None:
        """Follow the app's model."""
        self.watch(self.app, "model", self._follow)

    def on_resize(self) -> None:
        """Use the room that there is now."""
        self.call_after_refresh(self._draw)

    def _follow(self, model: NodeModel) -> None:
        """Show the pod as it is now."""
        pod = model.pods_by_key.get(self._pod)
        self._sections = pod_detail(model, pod) if pod else (Section(GONE, ()),)
        self._draw()

    def _draw(self) -> None:
        """Fit the lines into the frame."""
        self.show(detail_content(self._sections, self.room))
