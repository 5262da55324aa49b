"""Pods of hostile names on the lab's node, and what each printed line must give."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from shlex import quote
from typing import Any

from node.lab import Lab
from node.wiring import IMAGE, Node

EVIL = ("$(>c)", "`>c`", ";>c;", "|>c", "&>c&", "'\">c", "-dash", "--help")
ODD = ("{a,b}", "*", "~", "!!", "#x", "\\", "w\x1b[31m[b]", "wé☃ß")
NAMES = {"br0": EVIL + ODD, "lbr0": tuple(f"{name}l" for name in EVIL + ODD)}
"""The host's ends on each bridge: what acts on shells, options, terminals."""
POD = {"br0": "x\n>c #", "lbr0": "$(>c) `>c` ';>c;'"}
"""The names of the two pods, as a runtime may tell them."""
NEIGHBOUR = ("192.0.2.9", "02:00:00:00:00:09")
"""Whom every interface knows."""
CANARY = "/run/lab/canary"
"""Every line is run in this folder; what is there afterwards some name has made."""
STUB = "/run/lab/stub"
RECORDING = """#!/bin/sh
printf '%s\\0' "$0" "$@" >>/run/lab/stub/log
"""
TALKER = """
import socket, sys, threading
ends = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ends.set()), daemon=True).start()
talk = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
to = (0x88b5, 0, 0, bytes([255] * 6))
print("talks", flush=True)
while not ends.wait(0.01):
    for device in sys.argv[1:]:
        talk.sendto(b"x", (device, *to))
"""
"""Broadcasts at each device until its input ends; 0x88b5 is for experiments."""

Row = dict[str, Any]
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True)
class Hostile:
    """A pod whose every name is made to be run by a shell."""

    bridge: str
    id: str
    pid: int


def inner(number: int) -> str:
    """Return the name of an end inside: the same names, in another order."""
    names = EVIL + ODD
    return names[-1 - number]


def address(bridge: str, number: int) -> str:
    """Return the address of an interface."""
    return f"{'10.128.1' if bridge == 'br0' else '10.129.0'}.{150 + number}"


@contextmanager
def hostile_pods(node: Node) -> Iterator[Mapping[str, Hostile]]:
    """Give the pod on each bridge, and take both away afterwards."""
    made: dict[str, Hostile] = {}
    try:
        for bridge in NAMES:
            made[bridge] = _made(node.lab, bridge)
        yield made
    finally:
        for one in made.values():
            node.lab.do("docker", "rm", "--force", one.id)
        for name in NAMES["br0"]:
            _unplug(node.lab, name)


def _made(lab: Lab, bridge: str) -> Hostile:
    """Run a pod's sandbox and give it its interfaces."""
    labels = {
        "io.kubernetes.docker.type": "podsandbox",
        "io.kubernetes.pod.namespace": "evil;>c",
        "io.kubernetes.pod.name": POD[bridge],
        "io.kubernetes.pod.uid": f"$(>c)-{bridge}",
        "io.kubernetes.container.name": "POD",
    }
    flags = [f"--label={key}={value}" for key, value in labels.items()]
    program = ("sh", "-c", "sleep 100041 & wait")
    id_ = lab.do("docker", "run", "-d", *flags, "--network=none", IMAGE, *program)
    pid = int(lab.do("docker", "inspect", "--format", "{{.State.Pid}}", id_))
    one = Hostile(bridge, id_, pid)
    for number, name in enumerate(NAMES[bridge]):
        _plug(lab, one, number, name)
    return one


def _plug(lab: Lab, one: Hostile, number: int, name: str) -> None:
    """Make a veth of hostile names and put it on a bridge."""
    bridge = one.bridge
    enter = ("nsenter", f"--target={one.pid}", "--net", "ip")
    ends = ("type", "veth", "peer", "name", inner(number), "netns", str(one.pid))
    lab.do("ip", "link", "add", "name", name, *ends)
    lab.do("ip", "link", "set", "dev", name, "up")
    given = f"{address(bridge, number)}/24"
    lab.do(*enter, "address", "add", given, "dev", inner(number))
    lab.do(*enter, "link", "set", "dev", inner(number), "up")
    known = (NEIGHBOUR[0], "lladdr", NEIGHBOUR[1], "dev", inner(number))
    lab.do(*enter, "neighbour", "add", *known)
    if bridge == "lbr0":
        lab.do("ip", "link", "set", "dev", name, "master", bridge)
        return
    quoted = json.dumps(name)
    ids = f"external_ids:sandbox={one.id}"
    lab.do(
        *("ovs-vsctl", "--timeout=20", "--", "--id=@i", "create", "Interface"),
        *(f"name={quoted}", ids, "--", "--id=@p", "create", "Port"),
        *(f"name={quoted}", "interfaces=@i", "--", "add", "Bridge", bridge),
        *("ports", "@p"),
    )


def _unplug(lab: Lab, name: str) -> None:
    """Take a port off br0 again."""
    asked = ("ovs-vsctl", "--timeout=20", "--bare", "--columns=_uuid", "find", "Port")
    uuid = lab.do(*asked, f"name={json.dumps(name)}")
    if uuid:
        lab.do("ovs-vsctl", "--timeout=20", "remove", "Bridge", "br0", "ports", uuid)


@contextmanager
def talking(node: Node, one: Hostile) -> Iterator[None]:
    """Have every interface of a pod send, so that there are packets to see."""
    enter = ("nsenter", f"--target={one.pid}", "--net", "python3", "-c", TALKER)
    talker = node.lab.start(*enter, *map(inner, range(len(EVIL + ODD))))
    try:
        assert talker.stdout
        assert talker.stdout.readline() == "talks\n"
        yield
    finally:
        talker.communicate()


def argv(lab: Lab, command: str) -> list[str]:
    """Return the arguments as a shell understands them, those of a grep left out."""
    head = command.rpartition(" | grep ")[0] or command
    said = lab.run("bash", "-c", f"cd {CANARY}; printf '%s\\0' {head}")
    assert said.returncode == 0, said.stderr
    return said.stdout.split("\0")[:-1]


def run(lab: Lab, command: str, shell: str = "bash") -> Done:
    """Run a line as a colleague would, in the folder of the canary."""
    path = f"{lab.environment['PATH']}:{STUB}"
    script = f"cd {CANARY} && {{ {command}\n}}"
    return lab.run(shell, "-c", script, PATH=path)


def record_missing(lab: Lab, tools: set[str]) -> set[str]:
    """Put something that records its arguments in the place of tools that lack."""
    lab.sh(f"mkdir -p {CANARY} {STUB}")
    lacks = {tool for tool in tools if lab.run("which", tool).returncode}
    for tool in lacks:
        lab.sh(f"cat >{STUB}/{quote(tool)} <<'END'\n{RECORDING}END")
        lab.do("chmod", "+x", f"{STUB}/{tool}")
    return lacks


def recorded(lab: Lab) -> list[str]:
    """Return what was recorded last, the tool's name first, and forget it."""
    said = lab.sh(f"cat {STUB}/log; rm {STUB}/log").split("\0")[:-1]
    return [said[0].rpartition("/")[2], *said[1:]]


def field(text: str, name: str) -> str:
    """Return a column of what ovs-vsctl printed."""
    found = re.search(rf"^{name} *: (.*)$", text, re.MULTILINE)
    assert found, text
    return found[1]


def by_name(rows: list[Row], name: str) -> Row:
    """Return the one row of this name."""
    (row,) = [row for row in rows if row["name"] == name]
    return row
