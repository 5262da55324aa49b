"""Which rows a filter keeps, what it can name, and what completes it."""

from __future__ import annotations

import re

import pytest
from builders import process
from tui import nodes

from ocnetview.columns import (
    POD_COLUMNS,
    POD_FIELDS,
    PORT_COLUMNS,
    PORT_FIELDS,
    PROCESS_COLUMNS,
    PROCESS_FIELDS,
    Fields,
)
from ocnetview.errors import FilterError
from ocnetview.model import NodeModel, Pod, Port, Problem, TreeProcess

PODS: Fields[Pod] = Fields(POD_FIELDS)
PORTS: Fields[Port] = Fields(PORT_FIELDS)
PROCESSES: Fields[TreeProcess] = Fields(PROCESS_FIELDS)
MODEL = nodes.node()


def pods(text: str, model: NodeModel = MODEL) -> list[str]:
    """Return the names of the pods that a filter keeps."""
    wanted = PODS.read(text)
    return [p.name for p in model.pods if wanted.keeps(p, model, POD_COLUMNS)]


def ports(text: str) -> list[str]:
    """Return the names of the ports that a filter keeps."""
    wanted = PORTS.read(text)
    every = MODEL.ports_by_key.values()
    return [p.name for p in every if wanted.keeps(p, MODEL, PORT_COLUMNS)]


def processes(text: str, *rows: TreeProcess) -> list[int]:
    """Return the pids of the processes that a filter keeps."""
    wanted = PROCESSES.read(text)
    kept = [r for r in rows if wanted.keeps(r, MODEL, PROCESS_COLUMNS)]
    return [row.process.pid for row in kept]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("WEB", ["web-84d5f-j4r7x"]),
        ("shop !web !check", ["cart-5c9d8-7hk2p", "db-0", "worker-9f7c6-t6w8v"]),
        ("ns:shop db", ["db-0"]),
        ("/^shop.db/", ["db-0"]),
        ("/^shop.DB/", ["db-0"]),
        ("ns:=sho", []),
        ("ns:/^s.op$/ !title:/-.*-/", ["db-0"]),
        ("pod:db", ["db-0"]),
        ("ip:10.128.2.16", ["db-0"]),
        ("ip:=10.128.2.1", []),
        ("veth:host", ["node-exporter-p5k8d"]),
        ("age:<3h console", ["console-7d9f-x2x8l"]),
        ("age:2h ns:/./", ["console-7d9f-x2x8l"]),
        ("container:envoy", ["checkout-66f4b-mm8zt"]),
        ("image:demo/postgres", ["db-0"]),
        ("netns:4026532006", ["db-0"]),
        ("ready:2/2 ns:shop", ["checkout-66f4b-mm8zt"]),
        ("rx:>500k ns:shop", ["worker-9f7c6-t6w8v"]),
        ("node:*", []),
    ],
)
def test_pods(text: str, names: list[str]) -> None:
    """All terms have to hold, of what is in sight or of the field that is named."""
    assert pods(text) == names


def test_an_inverse_keeps_the_others() -> None:
    """What a filter keeps and what its inverse keeps are all rows, none twice."""
    for text in ("shop", "ns:shop", "/shop/", "inside:*", "age:>5h", "port:br0"):
        kept, others = pods(text), pods(f"!{text}")
        assert sorted(kept + others) == sorted(p.name for p in MODEL.pods)
        assert kept
        assert others


def test_plain_text_searches_what_is_in_sight() -> None:
    """A column that is not shown is searched by its name only."""
    row = next(p for p in MODEL.pods if p.name == "db-0")
    seen = [c for c in POD_COLUMNS if c.key == "title"]
    assert not PODS.read("10.128.2.16").keeps(row, MODEL, seen)
    assert PODS.read("ip:10.128.2.16").keeps(row, MODEL, seen)


def test_problems_are_found() -> None:
    """What a check says of a row, and what the row says itself, is its problem."""
    key = next(p.key for p in MODEL.pods if p.name == "db-0")
    model = NodeModel(pods=MODEL.pods, problems=(Problem("x", key, "it leaks"),))
    assert pods("problem:leaks", model) == ["db-0"]
    assert pods("problem:*", model) == ["db-0"]
    assert len(ports("problem:*")) == 1


def test_ports() -> None:
    """A port is found by the namespace of the pod behind it, its role and state."""
    assert len(ports("ns:shop")) == 5
    assert ports("role:tunnel") == ["vxlan0"]
    assert ports("port:=vxlan0 ofport:1") == ["vxlan0"]
    assert ports("state:no") == ports("problem:*")
    assert "docker0" not in ports("bridge:br0")


def test_processes() -> None:
    """Numbers are compared as they are written: shares, sizes and ages."""
    busy = TreeProcess(process(7, rss=300 << 20), cpu=80.0, age=60)
    idle = TreeProcess(process(8, rss=3 << 20, state="Z"), cpu=0.0, age=7200)
    new = TreeProcess(process(9))
    for text, pids in {
        "cpu:>50": [7],
        "cpu:>=80%": [7],
        "cpu:<50": [8],
        "!cpu:>50": [8, 9],
        "mem:>100M": [7],
        "rss:>299M rss:<301m": [7],
        "age:>90m": [8],
        "age:<=1m": [7, 9],
        "pid:8": [8],
        "pid:=8": [8],
        "pid:>7": [8, 9],
        "problem:zombie": [8],
        "name:p7": [7],
        "ppid:/./": [7, 8, 9],
    }.items():
        assert processes(text, busy, idle, new) == pids, text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("foo:bar", "no foo: here; known: ns node state problem ip mac"),
        ("nginx:1.25", 'to find it as a text, quote it: "nginx:1.25"'),
        ("age:>soon", "age:>soon cannot be compared: > takes an age such as 90s"),
        ("title:>5", "title:>5 cannot be compared: > takes numbers only"),
        ("rx:>5q", "> takes a number such as 500, 20k"),
    ],
)
def test_what_is_not_known_is_said(text: str, said: str) -> None:
    """An unknown name is told with those that are known; a number with its form."""
    with pytest.raises(FilterError, match=re.escape(said)):
        PODS.read(text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", "ns:"),
        ("n", "ns:"),
        ("web !n", "web !ns:"),
        ("ns:", "ns:openshift-console "),
        ("ns:s", "ns:shop "),
        ("a !ns:SH", "a !ns:shop "),
        ("title:shop/d", "title:shop/db-0 "),
        ("foo:", None),
        ("ns:zzz", None),
        ("zzz", None),
        ('ns:"sh', "ns:shop "),
    ],
)
def test_completion(text: str, first: str | None) -> None:
    """What is begun goes on as a name that is known, or as a value that is there."""
    found = PODS.completions(text, MODEL.pods, MODEL)
    assert next(iter(found), None) == first
    assert len(set(found)) == len(found)
    for one in found:
        if not one.endswith(":"):
            PODS.read(one)


def test_fields_have_names_of_their_own() -> None:
    """Each name that is told is known, and no two name the same thing."""
    for fields in (PODS, PORTS, PROCESSES):
        assert len(set(fields.known)) == len(fields.known)
        for name in fields.known:
            fields.read(f"{name}:x")
        for name in ("ns", "node", "state", "port", "problem"):
            assert fields.read(f"{name}:x").tests
