"""Columns chosen from the room there is, and texts cut to it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ocnetview.tui.widgets.fitting import Heading, cut, cut_out, fit, pad

HEADINGS = (
    Heading("number", "NUMBER", 6, right=True),
    Heading("name", "NAME", 15),
    Heading("kind", "KIND", 8, rank=2),
    Heading("what", "WHAT", 20, grows=True),
    Heading("state", "STATE", 9, rank=1),
)
WORDS = st.text(max_size=40)


def shown(room: int) -> list[str]:
    """Return the keys of the columns that fit."""
    return [slot.heading.key for slot in fit(HEADINGS, room)]


def test_wide_room_shows_every_column_two_cells_apart() -> None:
    """Where all columns fit they stand two cells apart, and one takes the rest."""
    slots = fit(HEADINGS, 100)
    assert [slot.width for slot in slots] == [6, 15, 8, 54, 9]
    assert [slot.start for slot in slots] == [0, 8, 25, 35, 91]


def test_the_highest_rank_gives_way_first() -> None:
    """A narrower screen loses rank 2, then rank 1, and never rank 0."""
    assert shown(62) == ["number", "name", "kind", "what", "state"]
    assert shown(60) == ["number", "name", "what", "state"]
    assert shown(50) == ["number", "name", "what"]
    assert shown(43) == ["number", "name", "what"]


def test_the_growing_column_shrinks_before_the_last_ones_go() -> None:
    """What always stays stays, as long as the growing column keeps a few cells."""
    assert [slot.width for slot in fit(HEADINGS, 35)] == [6, 15, 12]
    assert shown(20) == ["number", "what"]


@given(st.integers(min_value=1, max_value=300))
def test_columns_never_overlap_nor_leave_the_room(room: int) -> None:
    """In any room there is a column, and none reaches into the next or outside."""
    slots = fit(HEADINGS, room)
    assert slots
    for left, right in pairwise(slots):
        assert left.start + left.width < right.start
    if len(slots) > 1:
        assert slots[-1].start + slots[-1].width <= room


@given(WORDS, st.integers(min_value=0, max_value=30))
def test_a_cut_text_fits(text: str, width: int) -> None:
    """No text is wider than its cut, wide and empty characters included."""
    assert cell_len(cut(text, width)) <= width


@given(st.text(alphabet="ab 漢é…", max_size=40), st.integers(1, 30), st.booleans())
def test_a_padded_text_fills_its_cells(text: str, width: int, right: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    """Every text takes exactly the cells of its column."""
    assert cell_len(pad(text, width, right=right)) == width


def test_what_is_wanted_comes_before_the_spare_columns() -> None:
    """From rank 4 on a column is shown only where the others have what they want."""
    headings = (
        Heading("what", "WHAT", 10, grows=True, wants=20),
        Heading("kind", "KIND", 5, rank=3),
        Heading("why", "WHY", 5, rank=4, wants=9),
    )
    widths = [
        [slot.width for slot in fit(headings, room)] for room in (15, 16, 31, 32, 50)
    ]
    assert widths == [[15], [10, 5], [24, 5], [20, 5, 5], [32, 5, 9]]


def test_what_holds_nothing_gives_way_first() -> None:
    """A column without content is as wide as its title, and the first to go."""
    bare = frozenset({"state"})
    slots = fit(HEADINGS, 100, bare)
    assert [slot.width for slot in slots] == [6, 15, 8, 58, 5]
    assert [s.heading.key for s in fit(HEADINGS, 57, bare)] == [
        *("number", "name", "kind", "what"),
    ]


FLAGS = st.booleans()
TABLES = st.lists(
    st.builds(
        lambda width, rank, wants, grows: Heading(
            "", "T" * (width // 2), width, rank=rank, wants=wants, grows=grows
        ),
        *(st.integers(1, 20), st.integers(0, 5), st.integers(0, 40), FLAGS),
    ),
    min_size=1,
    max_size=9,
)


@given(TABLES, st.sets(st.integers(0, 8)), st.integers(1, 120))
def test_more_room_takes_no_column_away(
    table: list[Heading], empty: set[int], room: int
) -> None:
    """What is shown in some room is shown in more of it too."""
    headings = tuple(replace(h, key=str(i)) for i, h in enumerate(table))
    bare = frozenset(map(str, empty))
    less, more = ({s.index for s in fit(headings, r, bare)} for r in (room, room + 1))
    assert less <= more


def test_names_keep_both_ends() -> None:
    """Pods of one long namespace are told apart by their last letters."""
    names = ["openshift-monitoring/prometheus-k8s-0", "openshift-monitoring/thanos-1"]
    shown = [pad(name, 20, named=True) for name in names]
    assert shown == ["openshift-…eus-k8s-0", "openshift-…/thanos-1"]


@given(WORDS, st.integers(1, 50))
def test_what_is_cut_out_fits(text: str, width: int) -> None:
    """Never wider than asked for, and whole where there is room."""
    assert cell_len(cut_out(text, width)) <= width
    if cell_len(text) <= width:
        assert cut_out(text, width) == text
