"""The screens that open above the panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocnetview.tui import screens

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def show_detail(app: OcnetviewApp) -> None:
    """Say all that is known of the pod."""
    app.follow()
    app.push_screen(screens.detail_screen(app.scope.pod))


def has_detail(app: OcnetviewApp) -> bool:
    """Claim that there is a pod to say something of."""
    return app.scope.pod in app.model.pods_by_key


def show_sources(app: OcnetviewApp) -> None:
    """Give the reasons of all sources in full."""
    app.push_screen(screens.sources_screen(app.model))


def show_help(app: OcnetviewApp) -> None:
    """Say what the keys do and what the signs mean."""
    app.push_screen(screens.help_screen())
