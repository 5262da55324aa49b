"""Rows searched and sorted."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ocnetview.columns import PORT_COLUMNS
from ocnetview.model import BridgeKind, Port
from ocnetview.tui.panes.rows import listed, sort

OFPORT = next(column for column in PORT_COLUMNS if column.key == "ofport")
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
    keys = [OFPORT.sort_key(port) for port in ports]
    found = list(sort(ports, keys, down=down))
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
