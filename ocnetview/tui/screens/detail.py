"""All that is known of the selected pod, with the evidence."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from ocnetview.details.pod import pod_detail
from ocnetview.details.section import Section
from ocnetview.model import NodeModel
from ocnetview.tui.screens.sheet import Sheet

_LABEL = 18
"""Cells for the labels, so that what they say stands in one column."""
GONE = "It is gone from this node."


def detail_content(sections: Iterable[Section]) -> Content:
    """Return the sections with their titles; safe to print."""
    blocks = []
    for section in sections:
        lines = [Content.styled(section.title, "bold $text-primary")]
        for line in section.lines:
            style = "bold $text-error" if line.bad else ""
            label = Content.styled(f"  {line.label:<{_LABEL}} ", "dim")
            lines.append(Content.assemble(label, (line.text, style)))
        blocks.append(Content("\n").join(lines))
    return Content("\n\n").join(blocks)


class DetailScreen(Sheet):
    """Shows a pod in full, and follows what becomes of it."""

    def __init__(self, model: NodeModel, pod: str) -> None:
        """Take the pod's key, and the model as it is now."""
        super().__init__("Detail", self._text(model, pod))
        self._pod = pod

    @staticmethod
    def _text(model: NodeModel, key: str) -> Content:
        pod = model.pods_by_key.get(key)
        return detail_content(pod_detail(model, pod)) if pod else Content(GONE)

    def on_mount(self) -> None:
        """Follow the app's model."""
        self.watch(self.app, "model", self._follow, init=False)

    def _follow(self, model: NodeModel) -> None:
        """Show the pod as it is now."""
        self.show(self._text(model, self._pod))
