"""How a pane shows its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocnetview.tui.panes.rows import Order

if TYPE_CHECKING:
    from ocnetview.config_file import Value

_OWN = Order()
"""The rows' own order."""


@dataclass(frozen=True, slots=True)
class View:
    """How a pane shows its rows."""

    columns: tuple[str, ...] = ()
    """Keys, in order; none: as many as there is room for."""
    order: Order = _OWN
    wanted: str = ""
    """The filter."""

    def table(self, *, filters: bool) -> Mapping[str, Value]:
        """Return what the file holds of it, with or without its filter."""
        values: dict[str, Value] = {}
        if self.columns:
            values["columns"] = self.columns
        if self.order.column:
            values |= {"sort": self.order.column, "down": self.order.down}
        if filters and self.wanted:
            values["filter"] = self.wanted
        return values
