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
    from ocnetview.collectors.base import Stop
    from ocnetview.config_file import Tables
    from ocnetview.details.copies import Copy
    from ocnetview.details.recipes import Recipe
    from ocnetview.facts.packets import CaptureOrder
    from ocnetview.match.peers import PeersFacts
    from ocnetview.model import Port
    from ocnetview.probes.base import Prober, Switch
    from ocnetview.tui.app import OcnetviewApp
    from ocnetview.tui.capture_run import Run
    from ocnetview.tui.screens.answer import Answer
    from ocnetview.tui.tracing import Chosen


def ask_screen(title: str, asked: str, answers: Sequence[Answer]) -> ModalScreen[str]:
    """Return a question with a key for each answer."""
    from ocnetview.tui.screens.capture_ask import AskScreen  # noqa: PLC0415 - start-up

    return AskScreen(title, asked, answers)


def capture_screen(
    app: OcnetviewApp,
    run: Run,
    do: Callable[[str], None],
    copy: Callable[[str], object],
) -> ModalScreen[None]:
    """Return the packets of a capture; `do` hears what is to become of it.

    `copy` offers the text that is shown, and the commands that capture the same.
    """
    from ocnetview.tui.screens.capture import CaptureScreen  # noqa: PLC0415 - start-up

    def explain() -> None:
        app.push_screen(help_screen(app, place="capture"))

    return CaptureScreen(run, do, explain, copy)


def setup_screen(
    app: OcnetviewApp,
    selected: Selection,
    copy: Callable[[CaptureOrder], object],
    *,
    again: bool = False,
) -> ModalScreen[bool]:
    """Return the setup of a capture of this row; `again` with the same filter.

    `copy` offers the commands that capture what would be ordered.
    """
    from ocnetview.tui.screens.capture_begin import setup_of  # noqa: PLC0415 - start-up
    from ocnetview.tui.screens.capture_setup import (  # noqa: PLC0415 - start-up
        CaptureSetup,
    )

    def explain() -> None:
        app.push_screen(help_screen(app, place="setup"))

    setup = setup_of(app, selected, again=again)
    return CaptureSetup(setup, app.capturing, app.tools.capturer, copy, explain)


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


def flows_screen(
    selected: Selection,
    switch: Callable[[], Switch],
    explain: Callable[[], object],
    copy: Callable[[str, Sequence[Recipe]], object],
) -> ModalScreen[None]:
    """Return the flows of a row.

    `explain` says what the keys do there; `copy` offers the text that is shown, and
    the commands that show it.
    """
    from ocnetview.tui.screens.flows import FlowsScreen  # noqa: PLC0415 - start-up
    from ocnetview.tui.tabs.subject import Subject  # noqa: PLC0415 - the same

    subject = Subject(selected.pane, selected.key)
    return FlowsScreen(subject, switch, explain=explain, copy=copy)


def help_screen(app: OcnetviewApp, *, place: str = "") -> ModalScreen[None]:
    """Return what the keys do, those of where the user is first, and the signs."""
    from ocnetview.tui.screens.help import HelpScreen  # noqa: PLC0415 - start-up

    return HelpScreen(app, place=place)


def keep_screen(views: Mapping[PaneId, View], path: Path) -> ModalScreen[Tables | None]:
    """Return the question whether to keep these views in this file."""
    from ocnetview.tui.screens.keep import KeepScreen  # noqa: PLC0415 - start-up

    return KeepScreen(views, path)


def save_screen(
    what: str, path: str, saver: Callable[[], Callable[[Path], None]]
) -> ModalScreen[str]:
    """Return the question where packets are to be written; gives the file."""
    from ocnetview.tui.screens.capture_save import SaveScreen  # noqa: PLC0415 - start-up

    return SaveScreen(what, path, saver)


def sources_screen(model: NodeModel) -> ModalScreen[None]:
    """Return how each source is doing, in full."""
    from ocnetview.tui.screens.sources import SourcesScreen  # noqa: PLC0415 - start-up

    return SourcesScreen(model)


def target_screen(source: str) -> ModalScreen[Chosen | None]:
    """Return the box to say by where a packet of this pod is to go."""
    from ocnetview.tui.screens.trace_target import (  # noqa: PLC0415 - start-up
        TargetScreen,
    )

    return TargetScreen(source)


def trace_screen(
    app: OcnetviewApp,
    chosen: Chosen,
    explain: Callable[[], object],
    copy: Callable[[str, Sequence[Recipe]], object],
) -> ModalScreen[str]:
    """Return what would become of a packet.

    `explain` says what the keys do there; `copy` offers the text that is shown, and
    the commands for it.
    """
    from ocnetview.tui.screens.trace import TraceScreen  # noqa: PLC0415 - start-up
    from ocnetview.tui.tracing import Asking  # noqa: PLC0415 - the same

    asking = Asking(app.tools.switch, app.tools.cluster)
    return TraceScreen(chosen, asking, explain=explain, copy=copy)


def peers_screen(app: OcnetviewApp, tunnel: Port) -> ModalScreen[None]:
    """Return the other nodes that a tunnel leads to."""
    from ocnetview.probes.peers import read_peers  # noqa: PLC0415 - start-up
    from ocnetview.tui.screens.peers import PeersScreen  # noqa: PLC0415 - the same

    def read(stop: Stop) -> PeersFacts:
        tools = app.tools
        return read_peers(tools.switch(), tools.cluster(), app.model, tunnel, stop)

    return PeersScreen(f"{tunnel.name} of {tunnel.bridge}", read)
