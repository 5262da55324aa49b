"""Screens that open above the panes; none is imported before it is asked for."""

from __future__ import annotations

from textual.screen import ModalScreen

from ocnetview.model import NodeModel


def detail_screen(pod: str) -> ModalScreen[None]:
    """Return all that is known of the pod with this key."""
    from ocnetview.tui.screens.detail import DetailScreen  # noqa: PLC0415 - start-up

    return DetailScreen(pod)


def help_screen() -> ModalScreen[None]:
    """Return what the keys do and what the signs mean."""
    from ocnetview.tui.screens.help import HelpScreen  # noqa: PLC0415 - start-up

    return HelpScreen()


def sources_screen(model: NodeModel) -> ModalScreen[None]:
    """Return how each source is doing, in full."""
    from ocnetview.tui.screens.sources import SourcesScreen  # noqa: PLC0415 - start-up

    return SourcesScreen(model)
