"""The table: its cursor, its marks, its keys and the mouse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.strip import Strip

from ocnetview.tui.widgets.fitting import Heading
from ocnetview.tui.widgets.row import Flag, Row, Rows, heir
from ocnetview.tui.widgets.row_table import RowTable

KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True).map(tuple)


def row(key: str) -> Row:
    """Return a row whose texts are its key and its length in figures."""
    return Row(key, key, lambda: (key, str(len(key))))


def rows(keys: Sequence[str], gone: str = "") -> Rows:
    """Return a row for each key, some of which are gone."""
    return Rows(keys, lambda place: row(keys[place]), gone)


def made(ready: Iterable[Row]) -> Rows:
    """Return these rows."""
    known = tuple(ready)
    return Rows([one.key for one in known], known.__getitem__)


class TableApp(App[None]):
    """A table alone, that remembers what it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        """Give the table."""
        headings = (Heading("name", "NAME", 10, grows=True), Heading("n", "N", 4))
        yield RowTable(headings)

    @property
    def table(self) -> RowTable:
        """Return the table."""
        return self.query_one(RowTable)

    def on_row_table_selected(self, event: RowTable.Selected) -> None:
        """Remember."""
        self.told.append(event)

    def on_row_table_entered(self, event: RowTable.Entered) -> None:
        """Remember."""
        self.told.append(event)

    def on_row_table_header_clicked(self, event: RowTable.HeaderClicked) -> None:
        """Remember."""
        self.told.append(event)


def line(table: RowTable, y: int) -> str:
    """Return a line of the table as text."""
    return table.render_line(y).text


def test_the_next_row_inherits() -> None:
    """The cursor of a row that is gone goes to the next, else the one before."""
    assert heir("abcd", 1, "acd") == "c"
    assert heir("abcd", 3, "ab") == "b"
    assert heir("abcd", 1, "xy") == "x"
    assert heir("abcd", 1, "") == ""


@given(KEYS.filter(bool), st.data())
def test_an_heir_is_always_a_row(before: tuple[str, ...], data: st.DataObject) -> None:
    """Whatever goes and comes, the heir is there; only no rows have none."""
    after = data.draw(KEYS)
    gone = data.draw(st.integers(0, len(before) - 1))
    found = heir(before, gone, after)
    assert found in after if after else found == ""


async def test_the_cursor_never_leaves_the_rows() -> None:
    """Through any replacements and moves the cursor is a row that is there."""
    steps = st.lists(KEYS | st.integers(-9, 9), max_size=12)
    app = TableApp()
    async with app.run_test():

        @given(steps)
        @settings(max_examples=150, deadline=None)
        def prove(steps: list[tuple[str, ...] | int]) -> None:
            app.table.rows = Rows()
            for step in steps:
                if isinstance(step, int):
                    app.table.action_move(step)
                else:
                    app.table.rows = rows(step)
                keys = [row.key for row in app.table.rows]
                assert app.table.cursor in keys if keys else not app.table.cursor

        prove()


async def test_the_cursor_stays_with_its_row() -> None:
    """Rows that come, go and change places carry the cursor along."""
    app = TableApp()
    async with app.run_test():
        app.table.rows = rows("abc")
        app.table.go_to("b")
        app.table.rows = rows("zcxb")
        assert (app.table.cursor, app.table.place) == ("b", 3)


async def test_keys_move_the_cursor() -> None:
    """Arrows, j and k, pages, g and G, home and end move within the rows."""
    app = TableApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.table.rows = rows("abcdefghijkl")
        places = []
        for key in ("down", "j", "up", "k", "k", "pagedown", "G", "j", "pageup", "g"):
            await pilot.press(key)
            places.append(app.table.place)
        assert places == [1, 2, 1, 0, 0, 4, 11, 11, 7, 0]
        await pilot.press("end")
        assert app.table.cursor == "l"
        await pilot.press("home")
        assert app.table.cursor == "a"
        assert all(isinstance(m, RowTable.Selected) for m in app.told)


async def test_the_cursor_is_kept_in_sight() -> None:
    """Moving scrolls as little as needed; rows above do not push it out of sight."""
    app = TableApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.table.rows = rows("abcdefghijkl")
        await pilot.press(*["j"] * 6)
        assert app.table.scroll_offset.y == 2
        app.table.rows = rows("0123456abcdefghijkl")
        await pilot.pause()
        assert "g" in line(app.table, 5)


async def test_what_is_seen_stays_where_it_is() -> None:
    """Rows that come and go above the cursor's row do not move it on the screen."""
    app = TableApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.table.rows = rows("abcdefghijkl")
        await pilot.press(*["j"] * 6, "k")
        assert "f" in line(app.table, 4)
        for keys in ("xyabcdefghijkl", "cdefghijkl", "cxdyefghizjkl"):
            app.table.rows = rows(keys)
            assert line(app.table, 4).startswith("▌  f")


async def test_rows_stay_also_where_the_cursor_is_elsewhere() -> None:
    """Whoever scrolled away goes on reading the same lines, even if the first goes."""
    app = TableApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.table.rows = rows("abcdefghijklmnop")
        await pilot.pause()
        app.table.scroll_to(y=7, animate=False, immediate=True)
        assert line(app.table, 2).startswith("   i")
        for keys in ("0abcdefghijklmnop", "abcdefgijklmnop", "fgijklmnop"):
            app.table.rows = rows(keys)
            assert line(app.table, 2).startswith("   i")
        assert app.table.cursor == "f"


async def test_the_end_of_the_rows_stays_at_the_end() -> None:
    """Where rows go, no empty lines are shown as long as there are rows above."""
    app = TableApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.table.rows = rows("abcdefghijkl")
        await pilot.press("G")
        app.table.rows = rows("abcdefgh")
        shown = [line(app.table, y).split()[-2] for y in range(1, 6)]
        assert shown == ["d", "e", "f", "g", "h"]
        assert app.table.cursor == "h"


async def test_the_cursor_passes_over_what_is_gone() -> None:
    """Keys, the mouse and whoever goes there find only rows that are there."""
    app = TableApp()
    async with app.run_test(size=(30, 9)) as pilot:
        app.table.rows = rows("abcdef", gone="bcf")
        await pilot.press("j")
        assert app.table.cursor == "d"
        await pilot.press("G")
        assert app.table.cursor == "e"
        assert not app.table.go_to("f")
        await pilot.click(RowTable, offset=(4, 2))
        await pilot.pause()
        assert app.table.cursor == "e"
        app.table.rows = rows("abcdef", gone="bcef")
        assert app.table.cursor == "d"
        app.table.rows = rows("ab", gone="ab")
        assert app.table.cursor == ""
        await pilot.press("j", "G", "pagedown")
        assert app.table.cursor == ""


async def test_what_came_and_what_is_gone_bear_a_symbol() -> None:
    """Not the colour alone says so."""
    app = TableApp()
    flags = (Flag.NONE, Flag.NEW, Flag.GONE)
    async with app.run_test(size=(30, 9)):
        app.table.rows = made(replace(row("x" + f.name), flag=f) for f in flags)
        shown = [line(app.table, y)[1:9] for y in (1, 2, 3)]
        assert shown == ["  xNONE ", " +xNEW  ", " †xGONE "]


class Painting(RowTable):
    """A table that counts the lines it draws."""

    painted = 0

    def render_line(self, y: int) -> Strip:
        """Draw a line, and count it."""
        self.painted += 1
        return super().render_line(y)


async def test_only_lines_that_look_otherwise_are_drawn() -> None:
    """One row of many changes, and one line is drawn; the same again draws none."""

    class PaintingApp(TableApp):
        def compose(self) -> ComposeResult:
            yield Painting((Heading("name", "NAME", 10), Heading("n", "N", 4)))

    app = PaintingApp()
    async with app.run_test(size=(30, 20)) as pilot:
        table = app.query_one(Painting)
        table.rows = rows("abcdefgh")
        await pilot.pause()
        for keys, drawn in (("abcdefgh", 0), ("abcdxfgh", 1), ("bacdxfgh", 2)):
            table.painted = 0
            table.rows = rows(keys)
            await pilot.pause()
            assert table.painted == drawn


async def test_only_rows_in_sight_are_spelt() -> None:
    """The texts of rows that are not drawn are never asked for."""
    spelt: set[str] = set()

    def counted(key: str) -> Row:
        def cells() -> Sequence[str]:
            spelt.add(key)
            return (key, "")

        return Row(key, key, cells)

    app = TableApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.table.rows = made(counted(str(n)) for n in range(2000))
        await pilot.pause()
        assert spelt == {"0", "1", "2", "3", "4"}


async def test_marks_tell_without_colour() -> None:
    """Cursor, counterpart, sign and sort order each have a symbol."""
    app = TableApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.table.rows = made([row("a"), Row("b", "b", lambda: ("b", "1"), sign="✖")])
        app.table.linked = frozenset("b")
        app.table.sorted_by = ("name", True)
        await pilot.pause()
        assert line(app.table, 0).startswith("   NAME▼")
        assert line(app.table, 1).startswith("▌  a")
        assert line(app.table, 2).startswith("▸✖ b")
        app.screen.set_focus(None)
        await pilot.pause()
        assert line(app.table, 1).startswith("▏  a")


async def test_an_empty_table_says_why() -> None:
    """Without rows the reason stands in their place, wrapped to the width."""
    app = TableApp()
    async with app.run_test(size=(20, 6)) as pilot:
        app.table.empty = "no pods and no containers yet"
        await pilot.pause()
        assert line(app.table, 1).strip() == "no pods and no"
        assert line(app.table, 2).strip() == "containers yet"
        assert line(app.table, 3).strip() == ""


async def test_the_mouse_selects_enters_and_sorts() -> None:
    """A click selects, a double click enters, a click on a heading tells of it."""
    app = TableApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.table.rows = rows("abc")
        await pilot.click(RowTable, offset=(5, 2))
        assert app.table.cursor == "b"
        await pilot.click(RowTable, offset=(5, 3), times=2)
        await pilot.click(RowTable, offset=(26, 0))
        await pilot.click(RowTable, offset=(5, 5))
        kinds = [(type(m).__name__, m.key) for m in app.told]  # type: ignore[attr-defined]  # all three have one
        assert kinds[0] == ("Selected", "b")
        assert ("Entered", "c") in kinds
        assert kinds[-1] == ("HeaderClicked", "n")


async def test_the_wheel_scrolls_the_rows() -> None:
    """The wheel moves what is seen, not the cursor."""
    app = TableApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.table.rows = rows("abcdefghijkl")
        await pilot.pause()
        wheel = events.MouseScrollDown(app.table, 1, 1, 0, 0, 0, False, False, False)  # noqa: FBT003 - Textual's own signature
        app.table.post_message(wheel)
        await pilot.pause()
        await pilot.wait_for_animation()
        assert app.table.cursor == "a"
        assert app.table.scroll_offset.y > 0
        assert "a" not in line(app.table, 1)
