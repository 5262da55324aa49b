"""How each source is doing, with its reason in full."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from ocnetview.details.place import place_detail
from ocnetview.facts import Place, Source
from ocnetview.model import NodeModel
from ocnetview.tui.lights import light
from ocnetview.tui.screens.sheet import Sheet
from ocnetview.tui.tabs.sections import sections_content
from ocnetview.tui.widgets.status_bar import Light
from ocnetview.units import printable


def sources_text(sources: Sequence[Source], place: Place | None = None) -> Content:
    """Return a paragraph for each source, then the place; safe to print."""
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
        if fresh := _freshness(source, shown):
            lines.append(Content(f"  {fresh}"))
        if shown.reason:
            lines.append(Content(f"  {shown.reason}"))
        paragraphs.append(Content("\n").join(lines))
    if not paragraphs:
        return Content("No source was asked yet.")
    if place:
        paragraphs.append(sections_content([place_detail(place)], 84))
    return Content("\n\n").join(paragraphs)


def _freshness(source: Source, shown: Light) -> str:
    """Return by which means it is kept fresh, how old it is, how often it had a gap."""
    how = f"kept fresh by {shown.how}" if shown.how else ""
    times = f"read again whole: {source.resyncs}" if source.resyncs else ""
    return " · ".join(filter(None, (how, shown.age, times)))


class SourcesScreen(Sheet):
    """Shows the sources, and follows what becomes of them."""

    def __init__(self, model: NodeModel) -> None:
        """Take the sources as they are now."""
        super().__init__("Sources", sources_text(model.sources, model.place))

    def on_mount(self) -> None:
        """Follow the app's model."""
        self.watch(self.app, "model", self._follow, init=False)

    def _follow(self, model: NodeModel) -> None:
        """Show the sources as they are now."""
        self.show(sources_text(model.sources, model.place))
