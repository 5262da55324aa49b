"""The views of the panes that the settings file keeps: columns, order, filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ocnetview.config import Settings
from ocnetview.errors import ConfigError, FilterError
from ocnetview.tui.panes import PANES
from ocnetview.tui.panes.lens import AnyLens
from ocnetview.tui.panes.pane import Pane
from ocnetview.tui.panes.rows import Order
from ocnetview.tui.panes.view import View
from ocnetview.tui.selection import FIRST, PaneId

TABLE = "panes"
"""The table in the file that holds a table of each pane."""


@dataclass(frozen=True, slots=True)
class Views:
    """The views of the panes that were kept."""

    by_pane: Mapping[PaneId, View]
    """Of those alone that were kept."""
    file: Path | None = None
    """Where they are kept; None where there can be no file."""

    def panes(self) -> Iterator[Pane]:
        """Yield the panes of the screen, each with its view."""
        for lens in PANES:
            classes = "-active" if lens.pane is FIRST else None
            yield Pane(lens, self.by_pane.get(lens.pane), classes)


def read_views(settings: Settings | None = None) -> Views:
    """Return the views that the settings have; without settings none.

    Raises:
        ConfigError: something in them that is not known, with the file and its key.
    """
    settings = settings or Settings()
    lenses: dict[str, AnyLens] = {str(lens.pane): lens for lens in PANES}
    views: dict[PaneId, View] = {}
    for name, table in settings.panes.items():
        where = f"{settings.file}: {TABLE}.{name}"
        if name not in lenses:
            raise ConfigError(f"{where}: no such pane; known: {', '.join(lenses)}")
        if not isinstance(table, dict):
            raise ConfigError(f"{where} must be a table, not {table!r}")
        views[lenses[name].pane] = _view(lenses[name], table, where)
    return Views(views, settings.file)


def _view(lens: AnyLens, table: Mapping[str, object], where: str) -> View:
    """Return the view that a table writes."""
    known = {"columns", "sort", "down", "filter"}
    for key in table:
        if key not in known:
            names = ", ".join(sorted(known))
            raise ConfigError(f"{where}: unknown setting {key!r}; known: {names}")
    columns, sort = table.get("columns", []), table.get("sort", "")
    down, wanted = table.get("down", False), table.get("filter", "")
    if not isinstance(columns, list):
        raise ConfigError(f"{where}.columns must be a list of columns, not {columns!r}")
    if not isinstance(down, bool):
        raise ConfigError(f"{where}.down must be true or false, not {down!r}")
    if not isinstance(wanted, str):
        raise ConfigError(f"{where}.filter must be a text, not {wanted!r}")
    chosen = tuple(dict.fromkeys(_known(lens, columns, f"{where}.columns")))
    column = next(iter(_known(lens, [sort] if sort else [], f"{where}.sort")), "")
    try:
        lens.fields.read(wanted)
    except FilterError as error:
        raise ConfigError(f"{where}.filter: {error}") from error
    return View(chosen, Order(column, down), wanted)


def _known(lens: AnyLens, keys: Iterable[object], where: str) -> list[str]:
    """Return the keys of columns, each of which there is."""
    known = [column.key for column in lens.columns]
    for key in keys:
        if key not in known:
            names = ", ".join(known)
            raise ConfigError(f"{where}: no column {key!r}; known: {names}")
    return [str(key) for key in keys]
