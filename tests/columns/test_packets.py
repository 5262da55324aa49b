"""The columns of packets, and filters of them."""

from __future__ import annotations

import json

import pytest
from packets import arp, captured, dns, ethernet, ipv4, tcp, udp, vxlan

from ocnetview.columns import Fields
from ocnetview.columns.packet_fields import PACKET_FIELDS
from ocnetview.columns.packets import PACKET_COLUMNS, TWO_HOP_COLUMNS
from ocnetview.match.packets.headers import decode
from ocnetview.model import NodeModel
from ocnetview.model.packets import Became, Fate, PacketRow

_AT = 1_700_000_000_123_456_789
_SYN = ethernet(ipv4(tcp(flags=2)))


def row(
    data: bytes = _SYN, fate: Fate | None = None, since: int = 2_310_000
) -> PacketRow:
    """Return a packet from shop/web to shop/db as a row."""
    packet = captured(data, _AT)
    header = decode(packet)
    return PacketRow(
        4, packet, header, since, "shop/web:40000", "shop/db:8080", "vethA", fate
    )


def texts(one: PacketRow) -> dict[str, str]:
    """Return what people read, by the columns' keys."""
    return {column.key: column.text(one) for column in TWO_HOP_COLUMNS}


def test_a_packet_is_a_line() -> None:
    """When, from whom, to whom, what, and what became of it."""
    seen = Fate(Became.SEEN, 5, 12_345)
    assert texts(row(fate=seen)._replace(since_other=2_322_345)) == {
        "number": "5",
        "time": "0.002310",
        "at": "22:13:20.123456",
        "from": "shop/web:40000",
        "to": "shop/db:8080",
        "protocol": "TCP",
        "length": "54",
        "hop": "vethA",
        "fate": "seen",
        "latency": "12",
        "time_1": "0.002310",
        "time_2": "0.002322",
        "info": "Flags [S], seq 1, win 64240, len 0",
    }


def test_json_has_the_moment_whole_and_times_as_numbers() -> None:
    """Seconds since the first packet, and the clock in UTC."""
    lost = Fate(Became.LOST, note="lost: not seen at vx within 1 s")
    values = {column.key: column.value(row(fate=lost)) for column in TWO_HOP_COLUMNS}
    assert values["at"] == "2023-11-14T22:13:20.123456Z"
    assert (values["time"], values["length"]) == (0.00231, 54)
    assert (values["fate"], values["latency"]) == ("lost", None)
    assert (values["time_1"], values["time_2"]) == (0.00231, None)
    json.dumps(values)


def test_what_is_lost_says_how_that_is_known() -> None:
    """The note stands in the cell; what waits says only that."""
    lost = Fate(Became.LOST, note="lost: not seen at \x1b[2J within 1 s")
    assert texts(row(fate=lost))["fate"] == r"lost: not seen at \x1b[2J within 1 s"
    assert texts(row(fate=Fate(Became.WAITING)))["fate"] == "waiting"
    assert texts(row())["fate"] == "-"


def test_one_place_has_no_columns_of_two() -> None:
    """Where nothing is compared, nothing is said of it."""
    keys = [column.key for column in PACKET_COLUMNS]
    assert not {"hop", "fate", "latency"}.intersection(keys)
    assert keys[-1] == TWO_HOP_COLUMNS[-1].key == "info"


def test_a_time_beyond_all_calendars_is_a_number() -> None:
    """A file's timestamps are anybody's."""
    packet = captured(_SYN, 1 << 80)
    far = PacketRow(0, packet, decode(packet), 0)
    assert str(TWO_HOP_COLUMNS[2].value(far)).startswith(str((1 << 80) // 10**9))


_TUNNELLED = vxlan(ethernet(ipv4(tcp())))
_ASKING = ethernet(ipv4(udp(dns("db.svc."), (5000, 53)), 17))


@pytest.mark.parametrize(
    ("asked", "data", "kept"),
    [
        ("protocol:tcp", _SYN, True),
        ("proto:tcp", arp(1), False),
        ("from:shop/web to:db", _SYN, True),
        ("port:=8080", _SYN, True),
        ("port:=808", _SYN, False),
        ("port:=8080", _TUNNELLED, True),
        ("ip:10.128.0.6", _TUNNELLED, True),
        ("ip:192.0.2.1", _TUNNELLED, True),
        ("vni:=42", _TUNNELLED, True),
        ("vni:*", _SYN, False),
        ("mac:0a:58", arp(1), True),
        ("length:>50", _SYN, True),
        ("length:>1k", _SYN, False),
        ("time:<1", _SYN, True),
        ("info:svc", _ASKING, True),
        ("svc", _ASKING, True),
        ("fate:lost", _SYN, True),
        ("!fate:lost", _SYN, False),
        ("spot:vetha", _SYN, True),
    ],
)
def test_filters_understand_packets(asked: str, data: bytes, kept: bool) -> None:  # noqa: FBT001
    """The language of the other lists asks for what packets have."""
    chosen = Fields(PACKET_FIELDS).read(asked)
    one = row(data, Fate(Became.LOST, note="lost: not seen"))
    assert chosen.keeps(one, NodeModel(), TWO_HOP_COLUMNS) is kept
