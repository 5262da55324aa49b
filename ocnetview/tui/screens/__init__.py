"""Screens that open above the panes; none is imported before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from ocnetview.facts import Netns
from ocnetview.match.hits import Hit
from ocnetview.model import NodeModel
from ocnetview.tui.panes.pane import Pane
from ocnetview.tui.panes.view import View
from ocnetview.tui.selection import PaneId, Selection

if TYPE_CHECKING:
    from ocnetview.config_file import Tables
    from ocnetview.details.copies import Copy
    from ocnetview.probes.base import Prober
    from ocnetview.tui.app import OcnetviewApp


def columns_screen(pane: Pane) -> ModalScreen[None]:
    """Return the columns of a pane, to choose from."""
    from ocnetview.tui.screens.columns import ColumnsScreen  # noqa: PLC0415 - start-up

    return ColumnsScreen(pane)


def copy_screen(copies: Sequence[Copy]) -> ModalScreen[Copy | None]:
    """Return what can be copied, to choose from."""
    from ocnetview.tui.screens.copying import CopyScreen  # noqa: PLC0415 - start-up

    return CopyScreen(copies)


def detail_screen(
    selected: Selection,
    prober: Callable[[], Prober],
    watch: Callable[[frozenset[tuple[Netns, int]]], None],
    explain: Callable[[], object],
    copy: Callable[[str], object],
) -> ModalScreen[None]:
    """Return all about a row, read by this prober; `watch` hears of links to count.

    `explain` says what the keys do there; `copy` offers the text that is shown.
    """
    from ocnetview.tui.screens.detail import DetailScreen  # noqa: PLC0415 - start-up
    from ocnetview.tui.tabs.subject import Subject  # noqa: PLC0415 - the same

    subject = Subject(selected.pane, selected.key)
    return DetailScreen(subject, prober, watch, explain=explain, copy=copy)


def finder_screen() -> ModalScreen[Hit | None]:
    """Return the box to find anything by."""
    from ocnetview.tui.screens.finder import FinderScreen  # noqa: PLC0415 - start-up

    return FinderScreen()


def help_screen(app: OcnetviewApp, *, detail: bool = False) -> ModalScreen[None]:
    """Return what the keys do, those of where the user is first, and the signs."""
    from ocnetview.tui.screens.help import HelpScreen  # noqa: PLC0415 - start-up

    return HelpScreen(app, detail=detail)


def keep_screen(views: Mapping[PaneId, View], path: Path) -> ModalScreen[Tables | None]:
    """Return the question whether to keep these views in this file."""
    from ocnetview.tui.screens.keep import KeepScreen  # noqa: PLC0415 - start-up

    return KeepScreen(views, path)


def sources_screen(model: NodeModel) -> ModalScreen[None]:
    """Return how each source is doing, in full."""
    from ocnetview.tui.screens.sources import SourcesScreen  # noqa: PLC0415 - start-up

    return SourcesScreen(model)
