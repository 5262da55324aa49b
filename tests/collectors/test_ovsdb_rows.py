"""OVSDB's rows: initial, changed and gone, as facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ocnetview.collectors.ovsdb_rows import COLUMNS, Rows
from ocnetview.facts import OvsFacts, OvsInterface, OvsPort

_RECORDINGS = Path(__file__).parents[1] / "recordings" / "ovsdb"
_SANDBOX = "7eb65b1c5c55ba9f0cd8d2d4a5f7a8fbd3a6b4f5d46bb5c9f4e8a26e0a91e9b1"


def replayed(name: str) -> dict[str, OvsFacts]:
    """Return the facts after each step of a recorded exchange, by the step's name."""
    lines = (_RECORDINGS / f"{name}.jsonl").read_text().splitlines()
    rows, facts = Rows(), {}
    for step, message in map(json.loads, lines[1:]):
        updates = message["params"][1] if "method" in message else message["result"]
        (rows.update2 if name == "monitor_cond" else rows.update)(updates)
        facts[step] = rows.facts()
    return facts


def port_of(facts: OvsFacts, name: str) -> OvsPort:
    """Return the port of this name."""
    (port,) = (p for bridge in facts.bridges for p in bridge.ports if p.name == name)
    return port


def interface_of(facts: OvsFacts, name: str) -> OvsInterface:
    """Return the only interface of the port of this name."""
    (interface,) = port_of(facts, name).interfaces
    return interface


@pytest.fixture(params=["monitor_cond", "monitor"])
def steps(request: pytest.FixtureRequest) -> dict[str, OvsFacts]:
    """Give the facts after each step, as either method tells of them."""
    return replayed(request.param)


def test_both_methods_tell_the_same() -> None:
    """Differences (update2) and whole rows (update) lead to the same facts."""
    assert replayed("monitor_cond") == replayed("monitor")


def test_a_first_reply_gives_the_whole_switch(steps: dict[str, OvsFacts]) -> None:
    """Bridges and ports come in the order of their names, with all their columns."""
    facts = steps["first"]
    assert facts.version == "3.1.0"
    assert [bridge.name for bridge in facts.bridges] == ["br-ex", "br0"]
    br0 = facts.bridges[1]
    assert (br0.datapath_type, br0.fail_mode) == ("netdev", "secure")
    assert br0.external_ids == {"bridge-id": "br0"}
    names = [port.name for port in br0.ports]
    assert names == sorted(names)
    assert len(names) == 8


def test_a_pods_interface_has_all_its_columns(steps: dict[str, OvsFacts]) -> None:
    """Every column that is shown or matched on arrives in its own field."""
    interface = interface_of(steps["first"], "veth143e4c68")
    assert interface == OvsInterface(
        name="veth143e4c68",
        ofport=4,
        ifindex=12,
        mac="3e:1f:20:11:22:33",
        mtu=1450,
        admin_state="up",
        link_state="up",
        external_ids={
            "sandbox": _SANDBOX,
            "ip": "10.129.0.3",
        },
    )


def test_a_name_of_digits_stays_text(steps: dict[str, OvsFacts]) -> None:
    """OVN-Kubernetes names ports by a sandbox id's digits, which are no number."""
    assert interface_of(steps["first"], "412345678901234").ofport == 5
    assert port_of(steps["first"], "412345678901234").tag == 100


def test_ofport_failed_and_ofport_missing_differ(steps: dict[str, OvsFacts]) -> None:
    """A device that is gone has ofport -1 and an error; a new one has none yet."""
    gone = interface_of(steps["first"], "vethgone")
    assert (gone.ofport, gone.ifindex) == (-1, None)
    assert "No such device" in gone.error
    new = interface_of(steps["first"], "vethnew")
    assert (new.ofport, new.error) == (None, "")


def test_a_bond_has_its_interfaces_and_trunks(steps: dict[str, OvsFacts]) -> None:
    """A port has one interface or more, and one trunk is a set of one."""
    bond = port_of(steps["first"], "bond0")
    assert [one.name for one in bond.interfaces] == ["eth1", "eth2"]
    assert bond.trunks == (10, 20, 30)
    assert port_of(steps["first"], "patch-br-ex").trunks == (5,)


def test_a_tunnels_options_arrive(steps: dict[str, OvsFacts]) -> None:
    """Options are a map of texts, numbers among them too."""
    vxlan = interface_of(steps["first"], "vxlan0")
    assert vxlan.type == "vxlan"
    assert vxlan.options == {"remote_ip": "flow", "key": "flow", "dst_port": "4789"}


def test_changes_are_followed(steps: dict[str, OvsFacts]) -> None:
    """Values, map pairs and set members that come, change and go are applied."""
    came = interface_of(steps["a pod comes"], "vethpod")
    assert came.external_ids == {"sandbox": "aa", "ip": "10.129.0.9"}
    up = interface_of(steps["it is set up"], "vethpod")
    assert (up.ofport, up.ifindex, up.link_state) == (9, 40, "up")
    ids = interface_of(steps["its ids change"], "vethpod").external_ids
    assert ids == {"ip": "10.129.0.10", "ovn-installed": "true"}
    tagged = port_of(steps["its trunks are set"], "vethpod")
    assert (tagged.tag, tagged.trunks) == (4, (1, 2, 3))
    other = port_of(steps["one trunk goes, one comes"], "vethpod")
    assert (other.tag, other.trunks) == (None, (1, 3, 9))
    gone = interface_of(steps["its device goes"], "vethpod")
    assert (gone.ofport, gone.ifindex, gone.link_state) == (-1, None, "")


def test_what_is_deleted_is_gone(steps: dict[str, OvsFacts]) -> None:
    """A deleted port and a deleted bridge leave nothing behind."""
    assert steps["it goes"] == steps["first"]
    assert [bridge.name for bridge in steps["a bridge goes"].bridges] == ["br0"]


def test_given_facts_do_not_change_afterwards() -> None:
    """An update makes new facts and leaves those given before as they were."""
    rows = Rows()
    ids = ["map", [["ip", "10.0.0.1"]]]
    rows.update2({"Bridge": {"b": {"insert": {"name": "br0", "external_ids": ids}}}})
    before = rows.facts()
    change = {"external_ids": ["map", [["ip", "10.0.0.2"]]]}
    rows.update2({"Bridge": {"b": {"modify": change}}})
    assert before.bridges[0].external_ids == {"ip": "10.0.0.1"}
    assert rows.facts().bridges[0].external_ids == {"ip": "10.0.0.2"}


def test_a_reference_to_nothing_is_left_out() -> None:
    """A port or interface that is not there (yet) is not invented."""
    rows = Rows()
    nowhere = ["uuid", "00000000-0000-0000-0000-000000000000"]
    port = {"name": "p", "interfaces": nowhere}
    bridge = {"name": "b", "ports": ["set", [["uuid", "1"], nowhere]]}
    rows.update2({"Port": {"1": {"insert": port}}, "Bridge": {"2": {"insert": bridge}}})
    assert rows.facts().bridges[0].ports == (OvsPort("p"),)


def test_statistics_are_never_asked_for() -> None:
    """The columns that the daemon writes every few seconds are not among ours."""
    asked = {column for columns in COLUMNS.values() for column in columns}
    assert not asked & {"statistics", "status", "link_resets", "other_config"}


@pytest.mark.parametrize(
    "updates",
    [
        None,
        [],
        {"Port": []},
        {"Port": {"1": None}},
        {"Port": {"1": {}}},
        {"Port": {"1": {"upsert": {}}}},
        {"Port": {"1": {"modify": {"tag": 1}}}},
        {"Port": {"1": {"insert": []}}},
        {"Port": {"1": {"insert": {"name": 5}}}},
        {"Port": {"1": {"insert": {"name": ["set", ["a", "b"]]}}}},
        {"Port": {"1": {"insert": {"tag": "5"}}}},
        {"Port": {"1": {"insert": {"tag": True}}}},
        {"Port": {"1": {"insert": {"trunks": ["set", [1, "2"]]}}}},
        {"Port": {"1": {"insert": {"trunks": ["set", 1]}}}},
        {"Port": {"1": {"insert": {"interfaces": 7}}}},
        {"Interface": {"1": {"insert": {"options": {"key": "flow"}}}}},
        {"Interface": {"1": {"insert": {"options": ["map", [["key"]]]}}}},
        {"Interface": {"1": {"insert": {"options": ["map", [["key", 1]]]}}}},
    ],
)
def test_what_is_no_update_is_refused(updates: Any) -> None:  # noqa: ANN401 - rubbish
    """An update that RFC 7047 does not describe is a ValueError, never another."""
    with pytest.raises(ValueError, match=r"."):
        Rows().update2(updates)


def test_tables_and_columns_not_asked_for_are_ignored() -> None:
    """A server may tell of more than we know."""
    rows = Rows()
    rows.update2({"Flow": {"1": {"insert": {}}}, "Port": {"1": {"insert": {"x": 1}}}})
    assert rows.facts() == OvsFacts()
