"""Pictures of what can be copied, of each kind of row, at three sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from tui.driving import press

from ocnetview.tui.app import OcnetviewApp

SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"]
)
ROWS = {"pod": "jjjjy", "port": "jjjj1y", "process": "jjjj3y", "detail": "jjjjdy"}
"""The keys that lead to the menu of each kind of row."""


@SIZES
@pytest.mark.parametrize("row", ROWS)
def test_copying(
    snap_compare: Callable[..., bool],
    app: OcnetviewApp,
    row: str,
    size: tuple[int, int],
) -> None:
    """What each line copies, and how it begins; what is cut says so."""

    async def show(pilot: Pilot[None]) -> None:
        await press(pilot, *ROWS[row])

    assert snap_compare(app, terminal_size=size, run_before=show)
