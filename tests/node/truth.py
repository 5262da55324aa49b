"""What is true of a lab's node, by the kernel's and the daemons' own tools."""

from __future__ import annotations

import json
from dataclasses import dataclass

from node.lab import Lab


@dataclass(frozen=True, slots=True)
class Leg:
    """An interface inside a namespace, and the veth outside that it is one with."""

    name: str
    ifindex: int
    kind: str
    mac: str
    addresses: frozenset[str]
    """With prefix length."""
    host: tuple[str, int] | None
    """Name and ifindex of the veth's other end; None for what is no veth."""
    port: str
    """BRIDGE/NAME of the port that this end is; empty when it is none."""


def netns(lab: Lab, pid: int) -> int:
    """Return the inode of a process's network namespace."""
    return int(lab.do("stat", "--dereference", "--format=%i", f"/proc/{pid}/ns/net"))


def legs(lab: Lab, pid: int) -> dict[str, Leg]:
    """Return the interfaces of a process's namespace but lo, by `ip` in there."""
    outside = {link["ifindex"]: link for link in lab.ip("link")}
    ports = port_keys(lab)
    enter = ("nsenter", f"--target={pid}", "--net", "ip", "-json", "-details")
    found: dict[str, Leg] = {}
    for link in json.loads(lab.do(*enter, "address")):
        kind = link.get("linkinfo", {}).get("info_kind", "")
        if link["link_type"] == "loopback" or kind == "sit":
            continue
        host = None
        if kind == "veth":
            peer = outside[link["link_index"]]
            assert peer["link_index"] == link["ifindex"]
            host = (peer["ifname"], peer["ifindex"])
        found[link["ifname"]] = Leg(
            link["ifname"],
            link["ifindex"],
            kind,
            link["address"],
            frozenset(f"{a['local']}/{a['prefixlen']}" for a in link["addr_info"]),
            host,
            ports.get(host[0], "") if host else "",
        )
    return found


def port_keys(lab: Lab) -> dict[str, str]:
    """Return the key of each port of br0 and of the Linux bridges, by its name."""
    of_ovs = lab.do("ovs-vsctl", "list-ports", "br0").splitlines()
    of_linux = (link for link in lab.ip("link") if "master" in link)
    return {name: f"br0/{name}" for name in of_ovs} | {
        link["ifname"]: f"{link['master']}/{link['ifname']}"
        for link in of_linux
        if link["master"] != "ovs-system"
    }


def external_ids(lab: Lab) -> dict[str, dict[str, str]]:
    """Return the external_ids of every OVS interface, as OVSDB has them."""
    show = ("ovs-vsctl", "--format=json", "--columns=name,external_ids")
    rows = json.loads(lab.do(*show, "list", "Interface"))["data"]
    return {name: dict(pairs) for name, (_, pairs) in rows}


def in_cgroups(lab: Lab, *ids: str) -> set[int]:
    """Return the pids in these containers' cgroups, read from every hierarchy.

    Only below the lab's own: what else there is comes and goes meanwhile.
    """
    where = " -o ".join(f"-path '*/{id_}/cgroup.procs'" for id_ in ids)
    tops = f"/sys/fs/cgroup/{lab.cgroup} /sys/fs/cgroup/*/{lab.cgroup}"
    find = rf"find $top \( {where} \) -exec cat {{}} +"
    said = lab.sh(f"for top in {tops}; do [ ! -d $top ] || {find}; done")
    return {int(pid) for pid in said.split()}
