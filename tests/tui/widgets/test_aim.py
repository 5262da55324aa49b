"""What of a table the mouse points at."""

from __future__ import annotations

import pytest
from rich.style import Style

from ocnetview.tui.widgets.drawing import Aim, Drawing
from ocnetview.tui.widgets.fitting import Heading, fit
from ocnetview.tui.widgets.row import Row, Rows

HEADINGS = (Heading("n", "N", 4), Heading("name", "NAME", 10, grows=True))
ROWS = (
    Row("a", "a", lambda: ("1", "▸ root"), handle=1),
    Row("b", "b", lambda: ("2", "│ └─leaf")),
    Row("c", "c", lambda: ("3", "├─inner"), handle=3),
)


def drawing(*keys: str) -> Drawing:
    """Return a table of these columns, scrolled down by one row."""
    columns = tuple(one for key in keys for one in HEADINGS if one.key == key)
    rows = Rows(tuple("abc"), ROWS.__getitem__)
    slots = fit(columns, 30)
    plain = Style()
    return Drawing(
        width=34,
        top=1,
        slots=slots,
        rows=rows,
        cursor="a",
        lit=True,
        linked=frozenset(),
        sorted_by=("", False),
        empty="",
        style=lambda *_, partial=False: plain,  # noqa: ARG005 - looks do not matter here
    )


@pytest.mark.parametrize(
    ("x", "y", "aim"),
    [
        (3, 0, Aim(heading="n")),
        (9, 0, Aim(heading="name")),
        (1, 0, Aim()),
        (9, 1, Aim(row="b")),
        (8, 2, Aim(row="c")),
        (9, 2, Aim(row="c", handle=True)),
        (11, 2, Aim(row="c", handle=True)),
        (12, 2, Aim(row="c")),
        (0, 2, Aim(row="c")),
        (9, 3, Aim()),
    ],
)
def test_a_cell_is_of_a_heading_a_row_or_its_handle(x: int, y: int, aim: Aim) -> None:
    """The handle is where the last text begins, as far as the row says."""
    assert drawing("n", "name").aim_at(x, y) == aim


def test_the_handle_is_gone_with_its_column() -> None:
    """Where the last text is not in sight nothing folds."""
    assert drawing("n").aim_at(3, 2) == Aim(row="c")
