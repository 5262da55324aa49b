"""Flows with names: ports, and the networks of OpenShift SDN."""

from __future__ import annotations

import pytest
from sdn import entries

from ocnetview.match.openflow import Layout
from ocnetview.match.openflow_names import drops, readable

NAMES = {3: "shop/web"}


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        (20, "load:0x2a->NXM_NX_REG0[],goto_table:30", "load:VNID 42->NXM_NX_REG0[],"),
        (20, "load:0x7->NXM_NX_REG0[]", "load:VNID 7 (own)->NXM_NX_REG0[]"),
        (20, "load:007->NXM_NX_REG0[]", "load:VNID 7 (own)->NXM_NX_REG0[]"),
        (80, "reg0=0,reg1=0x2a", "reg0=VNID 0 (global),reg1=VNID 42"),
        (80, "reg0=0x4/0x4", "reg0=0x4/0x4"),
        (70, "load:0x3->NXM_NX_REG2[]", "load:shop/web->NXM_NX_REG2[]"),
        (20, "load:0x3->NXM_NX_REG2[]", "load:0x3->NXM_NX_REG2[]"),
        (40, "output:3", "output:shop/web"),
        (20, "load:1->NXM_NX_REG10[]", "load:1->NXM_NX_REG10[]"),
    ],
)
def test_networks_and_ports_are_named(table: int, text: str, said: str) -> None:
    """A register is only named where it holds such a thing."""
    assert readable(text, table, Layout.SDN, NAMES, own=7).startswith(said)


@pytest.mark.parametrize(
    "name", ["reg0=5", "load:5->NXM_NX_REG0[]", "output:4", "load:4->NXM_NX_REG2[]"]
)
def test_nothing_is_named_within_a_name(name: str) -> None:
    """A port that is called like a part of a flow stands as it is called."""
    names = {3: f"a,{name}", 4: "other"}
    said = readable("in_port=3,reg0=7", 70, Layout.SDN, names)
    assert said == f"in_port=a,{name},reg0=VNID 7"
    said = readable("load:0x3->NXM_NX_REG2[],output:3", 70, Layout.SDN, names)
    assert said == f"load:a,{name}->NXM_NX_REG2[],output:a,{name}"


def test_registers_of_others_stay_numbers() -> None:
    """OVN has other things in the same registers."""
    text = "reg0=0x2a,in_port=3"
    assert readable(text, 9, Layout.OVN_INT, NAMES) == "reg0=0x2a,in_port=shop/web"


def test_what_drops_is_known_by_its_actions() -> None:
    """An entry without an action drops as well."""
    one, other, third = entries(
        "table=1 actions=drop", "table=2 actions=", "table=3 actions=NORMAL"
    )
    assert (drops(one), drops(other), drops(third)) == (True, True, False)
