"""The way in one line, in two, and with something wrong."""

from __future__ import annotations

from tui.bar_app import BarApp

from ocnetview.tui.widgets.path_line import PathLine
from ocnetview.tui.widgets.way import Hop


def way() -> PathLine:
    """Return a way of four hops with something wrong."""
    line = PathLine()
    texts = ("veth0 (ofport 1) on br0", "a", "b", "vxlan0")
    line.set_reactive(PathLine.hops, tuple(map(Hop, texts)))
    line.set_reactive(PathLine.trouble, "no such device")
    return line


async def test_what_is_wrong_stands_behind_the_way() -> None:
    """The way keeps at least half of the line, and the trouble is named."""
    app = BarApp(way)
    shown = []
    async with app.run_test(size=(80, 3)) as pilot:
        for width in (80, 58, 40):
            await pilot.resize_terminal(width, 3)
            await pilot.pause()
            shown.append(app.query_one(PathLine).render().plain)
    assert shown == [
        "veth0 (ofport 1) on br0 → a → b → vxlan0  ✖ no such device",
        "veth0 (ofport 1) on br0 → … → vxlan0  ✖ no such device",
        "veth0 (ofp… → vxlan0  ✖ no such device",
    ]


async def test_two_lines_break_between_hops() -> None:
    """Where there are two lines the way is whole, and trouble has the second."""
    app = BarApp(way)
    async with app.run_test(size=(34, 4)) as pilot:
        line = app.query_one(PathLine)
        line.styles.height = 2
        await pilot.pause()
        assert line.render().plain.splitlines()[1] == "✖ no such device"
        line.trouble = ""
        assert line.render().plain.splitlines() == [
            "veth0 (ofport 1) on br0 → a → b",
            "  → vxlan0",
        ]
