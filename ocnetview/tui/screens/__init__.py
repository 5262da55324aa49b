"""Screens that open above the panes; none is imported before it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import ModalScreen

from ocnetview.facts import Netns
from ocnetview.model import NodeModel
from ocnetview.probes.base import Prober
from ocnetview.tui.selection import Selection


def detail_screen(
    selected: Selection,
    prober: Callable[[], Prober],
    watch: Callable[[frozenset[tuple[Netns, int]]], None],
) -> ModalScreen[None]:
    """Return all about a row, read by this prober; `watch` hears of links to count."""
    from ocnetview.tui.screens.detail import DetailScreen  # noqa: PLC0415 - start-up
    from ocnetview.tui.tabs.subject import Subject  # noqa: PLC0415 - the same

    return DetailScreen(Subject(selected.pane, selected.key), prober, watch)


def help_screen() -> ModalScreen[None]:
    """Return what the keys do and what the signs mean."""
    from ocnetview.tui.screens.help import HelpScreen  # noqa: PLC0415 - start-up

    return HelpScreen()


def sources_screen(model: NodeModel) -> ModalScreen[None]:
    """Return how each source is doing, in full."""
    from ocnetview.tui.screens.sources import SourcesScreen  # noqa: PLC0415 - start-up

    return SourcesScreen(model)
