"""Columns: what they show, what JSON holds, and how they sort."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import TypeVar

import pytest
from builders import container, process, veth, wired
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.columns import (
    NOTHING,
    POD_COLUMNS,
    PORT_COLUMNS,
    PROCESS_COLUMNS,
    Column,
    guides,
)
from ocnetview.facts import ContainerState
from ocnetview.model import (
    BridgeKind,
    Pod,
    PodKind,
    Port,
    Rate,
    TreeProcess,
)

Row = TypeVar("Row", Port, Pod, TreeProcess)
_TABLES = [PORT_COLUMNS, POD_COLUMNS, PROCESS_COLUMNS]
_HOSTILE = st.text(st.characters(exclude_categories=()), min_size=1, max_size=20)


def port(name: str = "veth1", **fields: object) -> Port:
    """Return a port of br0."""
    return Port("br0", BridgeKind.OVS, name, "system", **fields)  # type: ignore[arg-type]


def pod(name: str = "web", **fields: object) -> Pod:
    """Return a pod."""
    return Pod("key", PodKind.POD, name, **fields)  # type: ignore[arg-type]


def node(**fields: object) -> TreeProcess:
    """Return a process at the root of its tree."""
    return TreeProcess(process(7, **fields))  # type: ignore[arg-type]


def texts(columns: Sequence[Column[Row]], row: Row) -> dict[str, str]:
    """Return what people read, by the columns' keys."""
    return {column.key: column.text(row) for column in columns}


def values(columns: Sequence[Column[Row]], row: Row) -> dict[str, object]:
    """Return what JSON holds, by the columns' keys."""
    return {column.key: column.value(row) for column in columns}


@pytest.mark.parametrize("columns", _TABLES)
def test_a_table_is_whole(columns: Sequence[Column[Port]]) -> None:
    """Keys are unique, titles fit, one column takes the room that is left."""
    assert len({column.key for column in columns}) == len(columns)
    assert all(len(column.title) <= column.width for column in columns)
    assert sum(column.grows for column in columns) == 1
    assert any(column.rank == 0 and not column.live for column in columns)


@pytest.mark.parametrize("columns", _TABLES)
def test_what_always_shows_fits_a_narrow_screen(
    columns: Sequence[Column[Port]],
) -> None:
    """The columns that never give way fit in 80 cells, with a space between."""
    kept = [column.width for column in columns if column.rank == 0]
    assert sum(kept) + len(kept) <= 80


def test_an_empty_row_shows_that_there_is_nothing() -> None:
    """A cell without a value is marked, not left blank."""
    shown = texts(PORT_COLUMNS, port())
    empty = ["ofport", "tag", "purpose", "state", "rx_rate", "tx_rate", "error"]
    assert {shown[key] for key in empty} == {NOTHING}
    shown = texts(POD_COLUMNS, pod())
    empty = ["addresses", "inside", "veth", "port", "rx_rate", "tx_rate"]
    assert {shown[key] for key in empty} == {NOTHING}
    assert texts(PROCESS_COLUMNS, node())["cpu"] == NOTHING


def test_a_port_shows_its_numbers() -> None:
    """OpenFlow's local port has its name; 0, -1 and rates are numbers."""
    assert texts(PORT_COLUMNS, port(ofport=65534))["ofport"] == "LOCAL"
    assert values(PORT_COLUMNS, port(ofport=65534))["ofport"] == 65534
    assert texts(PORT_COLUMNS, port(ofport=-1, tag=0))["ofport"] == "-1"
    assert texts(PORT_COLUMNS, port(tag=0))["tag"] == "0"
    row = port(rate=Rate(1234.56, 0.0, 1.0, 0.0))
    assert texts(PORT_COLUMNS, row)["rx_rate"] == "1.2k"
    assert values(PORT_COLUMNS, row)["rx_rate"] == 1234.6
    assert texts(PORT_COLUMNS, row)["tx_rate"] == "0"


def test_a_pod_shows_the_interface_that_stands_for_it() -> None:
    """Inside, veth and port are those of the main interface."""
    outer, inner = veth(1, 9, "veth9")
    row = pod(
        namespace="shop",
        interfaces=(wired(inner, outer, "br0/veth9"),),
        addresses=("10.0.0.2", "fd00::2", "10.0.0.3"),
        containers=(container(1), container(2, state=ContainerState.EXITED)),
        ready=1,
        expected=2,
        age=90,
    )
    shown = texts(POD_COLUMNS, row)
    assert shown["title"] == "shop/web"
    assert (shown["inside"], shown["veth"]) == ("eth0", "veth9")
    assert shown["port"] == "br0/veth9"
    assert shown["addresses"] == "10.0.0.2 +2"
    assert (shown["running"], shown["age"]) == ("1/2", "90s")
    assert values(POD_COLUMNS, row)["addresses"] == row.addresses


def test_rows_without_a_veth_say_what_they_are() -> None:
    """A pod of the node's network says so; a plain container is told from a pod."""
    assert texts(POD_COLUMNS, pod(host_network=True))["veth"] == "host network"
    plain = Pod("key", PodKind.CONTAINER, "db")
    assert texts(POD_COLUMNS, plain)["title"] == "db (container)"
    assert values(POD_COLUMNS, plain)["title"] == "db"


def test_a_process_without_arguments_shows_its_name() -> None:
    """A zombie or a kernel thread has no argv; its name stands in brackets."""
    assert texts(PROCESS_COLUMNS, node())["command"] == "[p7]"
    row = node(command=("sleep", "1 0"))
    assert texts(PROCESS_COLUMNS, row)["command"] == "sleep 1 0"


@pytest.mark.parametrize(
    ("last", "drawn"),
    [
        ((), ""),
        ((False,), "├─"),
        ((True,), "└─"),
        ((False, True), "│ └─"),
        ((True, False), "  ├─"),
    ],
)
def test_a_tree_is_drawn_by_its_guides(last: tuple[bool, ...], drawn: str) -> None:
    """A trunk goes on where a level has more branches below."""
    row = TreeProcess(process(7, command=("sh",)), depth=len(last), last=last)
    assert guides(row) == drawn
    assert texts(PROCESS_COLUMNS, row)["command"] == f"{drawn}sh"
    assert values(PROCESS_COLUMNS, row)["command"] == "sh"


@given(_HOSTILE)
def test_no_cell_acts_on_a_terminal(text: str) -> None:
    """Whatever a name, a label, an error or an argument holds, its cell is safe."""
    outer, inner = veth(1, 9, text, inside=text)
    interfaces = (wired(inner, outer, f"br0/{text}"),)
    main = pod(text, namespace=text, interfaces=interfaces, addresses=(text,))
    tree = TreeProcess(process(7, command=(text,), user=text), container=text)
    bare = TreeProcess(process(7, user=text))
    bad = port(text, purpose=text, state=text, error=text)
    shown = [
        *texts(PORT_COLUMNS, bad).values(),
        *texts(POD_COLUMNS, main).values(),
        *texts(PROCESS_COLUMNS, tree).values(),
        *texts(PROCESS_COLUMNS, bare).values(),
    ]
    assert all(cell.isprintable() for cell in shown)


@given(_HOSTILE)
def test_json_holds_what_is_there(text: str) -> None:
    """A value is not escaped or cut for people, and JSON can carry it."""
    value = values(PORT_COLUMNS, port(text))
    assert json.loads(json.dumps(value))["name"] == text


def test_nothing_sorts_last() -> None:
    """Rows without a value come after those with one, numbers by size."""
    by_key = {column.key: column for column in PORT_COLUMNS}
    rows = [port(str(n), ofport=n, error=e) for n, e in ((10, "b"), (9, ""), (2, "A"))]
    rows.append(port("none"))
    random.Random(1).shuffle(rows)  # noqa: S311 - an order, no secret
    by_number = sorted(rows, key=by_key["ofport"].sort_key)
    assert [row.ofport for row in by_number] == [2, 9, 10, None]
    by_error = sorted(rows, key=by_key["error"].sort_key)
    assert [row.error for row in by_error] == ["A", "b", "", ""]


def test_a_pod_without_addresses_sorts_last() -> None:
    """An empty list is nothing, as an empty text is."""
    by_key = {column.key: column for column in POD_COLUMNS}
    rows = [pod("none"), pod("one", addresses=("10.0.0.1",))]
    ordered = sorted(rows, key=by_key["addresses"].sort_key)
    assert [row.name for row in ordered] == ["one", "none"]


def test_addresses_sort_as_numbers() -> None:
    """10.0.0.2 comes before 10.0.0.10, IPv4 before IPv6, what is no address last."""
    column = next(c for c in POD_COLUMNS if c.key == "addresses")
    wanted = ["9.9.9.9", "10.0.0.2", "10.0.0.10", "fd00::2", "fd00::10", "odd"]
    pods = [pod(address, addresses=(address,)) for address in reversed(wanted)]
    ordered = sorted([pod("none"), *pods], key=column.sort_key)
    assert [p.name for p in ordered] == [*wanted, "none"]
