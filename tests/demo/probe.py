"""Runs on the demo node in the explorer's place and prints what it finds, as JSON.

It reads /proc and netlink by itself, not through ocnetview.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from pyroute2 import IPRoute

IPV4, UDP, PORT = 0x0800, 17, 4000
NETNS_FOLDERS = ("/run/netns", "/run/docker/netns")


def links() -> dict[str, dict[str, object]]:
    """Return the node's links by name."""
    found: dict[str, dict[str, object]] = {}
    with IPRoute() as netlink:
        dump = list(netlink.get_links())
        names = {each["index"]: each.get("ifname") for each in dump}
        for each in dump:
            info = each.get("linkinfo") or {}
            found[each.get("ifname")] = {
                "kind": info.get("kind") if info else None,
                "index": each["index"],
                "peer": each.get("link"),
                "nsid": each.get("link_netnsid"),
                "master": names.get(each.get("master")),
                "mtu": each.get("mtu"),
                "state": each.get("operstate"),
            }
    return found


def interfaces() -> list[dict[str, object]]:
    """Return OVSDB's Interface rows, or none where there is no OVSDB."""
    if not Path("/run/openvswitch/db.sock").exists():
        return []
    columns = "name,type,ofport,error,external_ids"
    shown = subprocess.run(
        ["ovs-vsctl", "-f", "json", f"--columns={columns}", "list", "Interface"],
        capture_output=True,
        check=True,
    )
    table = json.loads(shown.stdout)
    return [dict(zip(table["headings"], row, strict=True)) for row in table["data"]]


def ask_docker(path: str) -> Any:  # noqa: ANN401 - whatever JSON the reply holds
    """Return the reply of the runtime's API, over HTTP/1.0 to keep it short."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("/run/docker.sock")
        client.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        with client.makefile("rb") as reply:
            return json.loads(reply.read().partition(b"\r\n\r\n")[2])


def traffic(veth: str) -> list[int]:
    """Count the demo's datagrams to us and from us at a veth, until both were seen."""
    counts = [0, 0]
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)) as seen:
        seen.bind((veth, 3))
        seen.settimeout(10)
        while not all(counts):
            packet, address = seen.recvfrom(2048)
            ports = {int.from_bytes(packet[at : at + 2]) for at in (20, 22)}
            if address[1] == IPV4 and packet[9] == UDP and PORT in ports:
                counts[address[2] == socket.PACKET_OUTGOING] += 1
    return counts


def inside(pin: str) -> dict[str, dict[str, object]]:
    """Return the links of a pinned namespace by name."""
    with open(pin, "rb") as fd, IPRoute(netns=fd.fileno()) as netlink:  # noqa: PTH123
        return {
            each.get("ifname"): {
                "kind": (each.get("linkinfo") or {}).get("kind"),
                "index": each["index"],
                "peer": each.get("link"),
                "mac": each.get("address"),
                "state": each.get("operstate"),
            }
            for each in netlink.get_links()
        }


def processes() -> dict[int, dict[str, object]]:
    """Return every process of the node by pid."""
    found: dict[int, dict[str, object]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            status = (folder / "status").read_text()
            inner = next(x for x in status.splitlines() if x.startswith("NSpid:"))
            try:
                spaces = [(folder / "ns" / n).stat().st_ino for n in ("pid", "net")]
            except OSError:
                spaces = [0, 0]
            found[int(folder.name)] = {
                "state": fields[0],
                "parent": int(fields[1]),
                "name": (folder / "comm").read_text().strip(),
                "command": (folder / "cmdline").read_text().split("\0")[:-1],
                "environment": (folder / "environ").read_bytes().hex()
                if fields[0] != "Z"
                else "",
                "inner": [int(x) for x in inner.split()[1:]],
                "pidns": spaces[0],
                "netns": spaces[1],
                "uid": folder.stat().st_uid,
            }
    return found


def main() -> None:
    """Print it all."""
    pins = {
        str(pin): pin.stat().st_ino
        for folder in NETNS_FOLDERS
        for pin in sorted(Path(folder).iterdir())
    }
    report = {
        "arguments": sys.argv[1:],
        "pid": os.getpid(),
        "uid": os.getuid(),
        "hostname": socket.gethostname(),
        "environment": dict(os.environ),
        "netns": Path("/proc/self/ns/net").stat().st_ino,
        "links": links(),
        "pins": pins,
        "inside": {pin: inside(pin) for pin in pins},
        "interfaces": interfaces(),
        "containers": [
            ask_docker(f"/containers/{each['Id']}/json")
            for each in ask_docker("/v1.41/containers/json?all=1")
        ],
        "traffic": traffic(sys.argv[1]),
        "processes": processes(),
        "run": sorted(each.name for each in Path("/run").iterdir()),
    }
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
