"""Rows searched and sorted."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ocnetview.columns import PORT_COLUMNS, PORT_FIELDS, Fields
from ocnetview.model import BridgeKind, NodeModel, Port, Problem
from ocnetview.tui.panes.rows import Arranged, Arranging, Each, Order, listed, sort

OFPORT = next(column for column in PORT_COLUMNS if column.key == "ofport")
FIELDS: Fields[Port] = Fields(PORT_FIELDS)
PORTS = st.lists(
    st.builds(
        Port,
        bridge=st.just("br0"),
        datapath=st.just(BridgeKind.OVS),
        name=st.text(max_size=4),
        type=st.just("system"),
        ofport=st.none() | st.integers(-1, 5),
    )
)


@given(PORTS, st.booleans())
def test_sorting_loses_nothing(ports: list[Port], down: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    """Every row is there once, sorted, and those with nothing to sort by come last."""
    found = list(sort(ports, map(OFPORT.sort_key, ports), down=down))
    assert sorted(map(id, found)) == sorted(map(id, ports))
    numbers = [port.ofport for port in found if port.ofport is not None]
    assert numbers == sorted(numbers, reverse=down)
    assert all(port.ofport is None for port in found[len(numbers) :])


def test_without_a_column_rows_keep_their_order() -> None:
    """The rows' own order is the model's, of those too that a filter keeps."""
    port = Port("br0", BridgeKind.OVS, "b", "system", 2)
    ports = [port, replace(port, ofport=1), replace(port, ofport=3)]
    assert listed(ports, None, None, down=True) == ports
    assert listed(ports, [True, False, True], None, down=True) == ports[::2]


def test_rows_are_worked_for_once() -> None:
    """What is made of a row is kept while it is there; an equal one is another."""
    made: list[str] = []
    each = Each[Port, None](lambda port: made.append(port.name))
    one, other = (Port("br0", BridgeKind.OVS, name, "system") for name in "ab")
    each([one])
    each([one, other])
    assert made == ["a", "b"]
    each([replace(one), other])
    assert made == ["a", "b", "a"]
    each([other])
    each([one])
    assert made == ["a", "b", "a", "a"]


@given(PORTS, st.sampled_from(["", "a", "ofport"]), st.sampled_from(["", "1", "é"]))
def test_rows_are_arranged_as_if_for_the_first_time(
    ports: list[Port], column: str, wanted: str
) -> None:
    """What is kept of other rows, filters and orders makes no difference."""
    arranging = Arranging(PORT_COLUMNS, FIELDS, listed)
    every = [column.key for column in PORT_COLUMNS]
    model = NodeModel()
    ways = [Arranged(), Arranged(Order(column), wanted, every), Arranged(Order(column))]
    for way in (*ways, *ways[::-1]):
        fresh = Arranging(PORT_COLUMNS, FIELDS, listed)
        for some in (ports, ports[1:]):
            assert arranging(some, model, way) == fresh(some, model, way)


def test_what_looks_beyond_the_row_is_looked_at_again() -> None:
    """A problem that another model tells is found, though the row is the same."""
    port = Port("br0", BridgeKind.OVS, "a", "system")
    arranging = Arranging(PORT_COLUMNS, FIELDS, listed)
    way = Arranged(wanted="problem:bad")
    sick = NodeModel(problems=(Problem("check", port.key, "bad"),))
    assert [arranging([port], m, way) for m in (NodeModel(), sick)] == [[], [port]]
