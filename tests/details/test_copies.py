"""What can be taken along of a row."""

from __future__ import annotations

import json
from dataclasses import replace

from builders import container, process, source, veth, wired

from ocnetview.details.copies import Copy, copies
from ocnetview.details.json_pods import pod_json
from ocnetview.details.json_rows import port_json, process_json
from ocnetview.model import (
    Bridge,
    BridgeKind,
    NodeModel,
    Pod,
    PodKind,
    Port,
    TreeProcess,
)

OUTER, INNER = veth(1, 12, "veth1")
PORT = Port("br0", BridgeKind.OVS, "veth1", "system", 3, link=OUTER, pod="p1")
POD = Pod(
    "p1",
    PodKind.POD,
    "web-0",
    "shop",
    uid="u1",
    containers=(container(1, "web"),),
    interfaces=(wired(INNER, OUTER, "br0/veth1"),),
    addresses=("10.128.0.1", "fd00::1"),
    sources=("docker",),
)
NODE = NodeModel(
    bridges=(Bridge("br0", BridgeKind.OVS, (PORT,)),),
    pods=(POD,),
    sources=(source("docker"),),
)


def by_what(found: tuple[Copy, ...]) -> dict[str, str]:
    """Return the texts by what they are."""
    texts = {one.what: one.text for one in found}
    assert len(texts) == len(found)
    return texts


def test_a_pods_names_and_numbers() -> None:
    """Title, addresses, MAC, veth and ids, each as it is pasted elsewhere."""
    found = by_what(copies(NODE, pod=POD))
    assert found["pod"] == "shop/web-0"
    assert found["address"] == "10.128.0.1"
    assert found["all addresses"] == "10.128.0.1 fd00::1"
    assert found["MAC of eth0"] == INNER.mac
    assert found["veth of eth0"] == "veth1"
    assert found["main PID of web"] == "5001"
    assert found["id of web"] == POD.containers[0].id


def test_the_row_is_that_of_the_reports() -> None:
    """As JSON each row is what the command for it prints."""
    row = TreeProcess(process(4170), pod="p1")
    rows = (
        (copies(NODE, pod=POD), pod_json(POD)),
        (copies(NODE, port=PORT, pod=POD), port_json(PORT)),
        (copies(NODE, process=row, pod=POD), process_json(row)),
    )
    for found, wanted in rows:
        said = json.loads(by_what(found)["the row as JSON"])
        assert said == json.loads(json.dumps(wanted))


def test_the_commands_come_last_all_of_them_first() -> None:
    """A script of all, then each alone, without what is not of the row."""
    found = copies(NODE, pod=POD)
    (place,) = [
        n
        for n, one in enumerate(found)
        if one.what.startswith("all ") and one.what.endswith(" commands")
    ]
    single = found[place + 1 :]
    assert found[place].what == f"all {len(single)} commands"
    assert all(one.what.startswith("$ ") for one in single)
    for one in single:
        assert f"\n{one.text}\n" in found[place].text


def test_what_is_not_known_is_not_offered() -> None:
    """No empty text can be copied."""
    bare = Pod("x", PodKind.NETNS, "net:[5]")
    assert {one.what for one in copies(NODE, pod=bare)} == {
        "namespace",
        "the row as JSON",
    }
    gone = replace(PORT, link=None, ofport=None)
    found = by_what(copies(NODE, port=gone))
    assert "ofport" not in found
    assert all(found.values())


def test_a_command_line_is_quoted() -> None:
    """What a process was started with comes back as a shell reads it."""
    row = TreeProcess(process(7, command=("sh", "-c", "a b;$(c)")))
    assert by_what(copies(NODE, process=row))["command line"] == "sh -c 'a b;$(c)'"
