"""How each source is doing, with its reason in full."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from ocnetview.facts import Source
from ocnetview.model import NodeModel
from ocnetview.tui.lights import light
from ocnetview.tui.screens.sheet import Sheet
from ocnetview.units import printable


def sources_text(sources: Sequence[Source]) -> Content:
    """Return a paragraph for each source; safe to print."""
    paragraphs = []
    for source in sources:
        shown = light(source)
        lines = [
            Content.assemble(
                (shown.sign, shown.style), " ", (shown.name, "bold"), f"  {shown.word}"
            )
        ]
        if source.where:
            lines.append(Content.styled(f"  {printable(source.where)}", "dim"))
        if shown.reason:
            lines.append(Content(f"  {shown.reason}"))
        paragraphs.append(Content("\n").join(lines))
    if not paragraphs:
        return Content("No source was asked yet.")
    return Content("\n\n").join(paragraphs)


class SourcesScreen(Sheet):
    """Shows the sources, and follows what becomes of them."""

    def __init__(self, sources: Sequence[Source]) -> None:
        """Take the sources as they are now."""
        super().__init__("Sources", sources_text(sources))

    def on_mount(self) -> None:
        """Follow the app's model."""
        self.watch(self.app, "model", self._follow, init=False)

    def _follow(self, model: NodeModel) -> None:
        """Show the sources as they are now."""
        self.show(sources_text(model.sources))
