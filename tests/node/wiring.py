"""Starts the lab's containers and joins them to its bridges, as a CNI does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from node.boxes import BOXES, INSIDE, SUBNET, Box, Wire, labels
from node.lab import Lab, until

IMAGE = "lab-busybox"
ROOTFS = """
mkdir -p /run/lab/rootfs/bin /run/lab/rootfs/etc
cp "$(command -v busybox)" /run/lab/rootfs/bin/busybox
for applet in sh sleep cat ip ping ls kill true; do
    ln -s busybox /run/lab/rootfs/bin/$applet
done
echo 'root:x:0:0:root:/:/bin/sh' >/run/lab/rootfs/etc/passwd
tar -C /run/lab/rootfs -c . | docker import - lab-busybox
"""
BRIDGES = """
ovs-vsctl -- add-br br0 -- set Bridge br0 datapath_type=netdev fail_mode=secure \\
    protocols=OpenFlow13 \\
  -- add-port br0 vxlan0 -- set Interface vxlan0 type=vxlan ofport_request=1 \\
    options:remote_ip=flow options:key=flow \\
  -- add-port br0 tun0 -- set Interface tun0 type=internal ofport_request=2 \\
  -- add-br br-ex -- set Bridge br-ex datapath_type=netdev \\
  -- add-port br0 patch-ex -- set Interface patch-ex type=patch \\
    options:peer=patch-int \\
  -- add-port br-ex patch-int -- set Interface patch-int type=patch \\
    options:peer=patch-ex
ovs-ofctl -O OpenFlow13 add-flow br0 priority=0,actions=NORMAL
ip address add 10.128.0.1/23 dev tun0
ip link set tun0 up
ip link add lbr0 type bridge
ip address add 10.129.0.1/24 dev lbr0
ip link set lbr0 up
"""
LEAKS = """
ip link add vethleaked type veth peer name vethgone
ovs-vsctl add-port br0 vethleaked -- set Interface vethleaked \\
    external_ids:sandbox=0123456789abcdef external_ids:ip=10.128.0.99
ip link delete vethleaked
ovs-vsctl add-port br0 vethnever 2>/dev/null
"""
"""A port whose device went away, and one whose device never was."""


@dataclass(frozen=True, slots=True)
class Started:
    """A container of the lab as it came to be."""

    box: Box
    id: str
    pid: int
    """In the lab's numbering; 0 when it does not run."""
    host_ifindex: int = 0
    """The ifindex of the host's end of its veth."""

    @property
    def name(self) -> str:
        """Return Docker's name for it."""
        return self.box.name


class Node:
    """The lab with everything on it."""

    def __init__(self, lab: Lab) -> None:
        """Build it all, in some seconds."""
        self.lab = lab
        lab.cover()
        lab.start_ovs()
        lab.start_docker()
        lab.sh(ROOTFS)
        lab.sh(BRIDGES)
        self.containers = build(lab, BOXES)
        lab.sh(LEAKS)

    def __getitem__(self, name: str) -> Started:
        """Return the container of this name."""
        return next(c for c in self.containers if c.name == name)

    def ask(self, *command: str) -> dict[str, Any]:
        """Return what a headless command of ocnetview answers, as JSON."""
        return dict(json.loads(self.lab.do("ocnetview", *command, "--json")))

    def execute(self, name: str, argument: str) -> int:
        """Start `sleep ARGUMENT` by `docker exec`; return its pid in the lab."""
        self.lab.do("docker", "exec", "--detach", name, "sleep", argument)
        found: list[str] = []

        def look() -> bool:
            # The pattern is not its own text, so grep does not find itself.
            pattern = f"{argument[:-1]}[{argument[-1]}]"
            script = f"grep -slzx '{pattern}' /proc/[0-9]*/cmdline || true"
            found[:] = self.lab.sh(script).splitlines()
            return len(found) == 1

        until(look, f"docker exec in {name}")
        return int(found[0].split("/")[2])

    @property
    def wired(self) -> tuple[Started, ...]:
        """Return those with a veth of their own."""
        return tuple(c for c in self.containers if c.box.wire)


def build(lab: Lab, boxes: Sequence[Box]) -> tuple[Started, ...]:
    """Run all these containers and join them to their bridges."""
    start(lab, [box for box in boxes if not box.sandbox])
    start(lab, [box for box in boxes if box.sandbox])
    found = inspect(lab)
    pids = {name: pid for name, _, pid in found}
    wired = [box for box in boxes if box.wire]
    lab.sh(links(wired, pids))
    for box in wired:
        lab.sh(addresses(box, pids[box.name]))
    lab.sh(ports(wired, {name: id_ for name, id_, _ in found}))
    indexes = {link["ifname"]: link["ifindex"] for link in lab.ip("link")}
    by_name = {box.name: box for box in boxes}
    return tuple(
        Started(by_name[name], id_, pid, indexes.get(by_name[name].veth, 0))
        for name, id_, pid in found
    )


def start(lab: Lab, boxes: Iterable[Box]) -> None:
    """Run these containers, a few at a time."""
    ids = {name: id_ for name, id_, _ in inspect(lab)}

    def run(box: Box) -> None:
        named = labels(box, ids.get(box.sandbox, "")).items()
        flags = [f"--label={key}={value}" for key, value in named]
        flags += [f"--name={box.name}", f"--network={box.network}"]
        lab.do("docker", "run", "--detach", *flags, IMAGE, "sh", "-c", box.program)
        if not box.runs:
            lab.do("docker", "wait", box.name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, boxes))


def inspect(lab: Lab) -> list[tuple[str, str, int]]:
    """Return name, id and main pid of every container, as Docker says."""
    form = "{{.Name}} {{.Id}} {{.State.Pid}}"
    ids = "docker ps --all --quiet --no-trunc"
    said = lab.sh(f"{ids} | xargs --no-run-if-empty docker inspect --format '{form}'")
    rows = (line.split() for line in said.splitlines())
    return [(name.removeprefix("/"), id_, int(pid)) for name, id_, pid in rows]


def links(boxes: Iterable[Box], pids: dict[str, int]) -> str:
    """Return the script that makes every veth, its peer in the container at once.

    The kernel gives the peer the asked index only if both ends ask for one.
    """
    lines = [
        f"link add name {box.veth} index {INSIDE + number} type veth peer name eth0"
        f" index {INSIDE} address {box.mac} netns {pids[box.name]}"
        f"\nlink set {box.veth} up"
        for number, box in enumerate(boxes)
    ]
    lines += [f"link set {b.veth} master lbr0" for b in boxes if b.wire is Wire.LINUX]
    return "ip -batch - <<'END'\n" + "\n".join(lines) + "\nEND"


def addresses(box: Box, pid: int) -> str:
    """Return the script that gives a container its address and its route."""
    size = SUBNET.prefixlen if box.wire is Wire.OVS else 24
    gateway = "10.128.0.1" if box.wire is Wire.OVS else "10.129.0.1"
    return (
        f"nsenter --target {pid} --net ip -batch - <<'END'\nlink set lo up\n"
        f"address add {box.ip}/{size} dev eth0\nlink set eth0 up\n"
        f"route add default via {gateway}\nEND"
    )


def ports(boxes: Iterable[Box], ids: dict[str, str]) -> str:
    """Return the one transaction that puts every veth on br0, as openshift-sdn does."""
    parts = ["ovs-vsctl"]
    for box in boxes:
        if box.wire is Wire.OVS:
            tag = f"tag={box.tag}" if box.tag else ""
            parts.append(
                f"-- add-port br0 {box.veth} {tag} -- set Interface {box.veth}"
                f" external_ids:sandbox={ids[box.name]} external_ids:ip={box.ip}"
            )
    return " \\\n ".join(parts)
