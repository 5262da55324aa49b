"""`ocnetview capture` of known traffic between two pods on Open vSwitch."""

from __future__ import annotations

import json
from collections import Counter
from shutil import which

import pytest
from node.capturing import Running, growing, hearing, in_netns, lines, opened, send
from node.lab import Lab, path_of_tools, until
from node.wiring import Node, Started
from pcapng_file import number

SENT, DROPPED = 40, 10


def lost(lab: Lab, path: str) -> list[str]:
    """Return the comments of packets that are marked as lost, of a growing file."""
    frames = growing(lab, path)
    return [one.comment for one in frames if one.comment.startswith("lost")]


def two_hops(node: Node, ends: tuple[Started, Started], path: str) -> tuple[int, str]:
    """Capture at two pods; return how many datagrams came, and what it said."""
    lab, (first, second) = node.lab, ends
    flags = ("--to", "shop/web-1", "--filter", "udp", "-w", path, "--duration", "0")
    with (
        Running(lab, "capture", "shop/web-0", *flags) as capture,
        hearing(lab, second.pid, second.box.ip, SENT - DROPPED) as hearer,
    ):
        capture.begun()
        send(lab, first.pid, second.box.ip, SENT)
        assert hearer.stdout
        heard = int(hearer.stdout.readline())
        until(lambda: len(lost(lab, path)) == DROPPED, "the lost ones are written")
        capture.kill("TERM")
        status, _ = capture.ended()
        said = capture.said
    assert status == 0, said
    return heard, said


def test_what_a_flow_drops_between_two_pods_is_marked(
    node: Node, ends: tuple[Started, Started]
) -> None:
    """Each hop has what was sent and what was heard, and the rest is marked as lost."""
    lab, path = node.lab, "/run/lab/two-hops.pcapng"
    heard, said = two_hops(node, ends, path)
    written = opened(lab, path)
    at = [[one for one in written.frames if one.place == place] for place in (0, 1)]
    assert [len(some) for some in at] == [SENT, heard]
    marked = [one for one in at[0] if one.comment]
    assert all("not seen at" in one.comment for one in marked)
    assert [int(one.data[42:48]) % 4 for one in marked] == [3] * DROPPED
    assert not any(one.comment for one in at[1])
    # The host's end receives what a pod sends, and sends what it receives.
    assert {one.direction for one in at[0]} == {1}
    assert {one.direction for one in at[1]} == {2}
    assert len(lines(lab, path)) == SENT + heard
    assert f"{SENT} sent, {heard} arrived" in said
    assert f"{DROPPED} lost" in said


@pytest.mark.skipif(not which("tshark", path=path_of_tools()), reason="no tshark here")
def test_tshark_reads_each_hop_and_what_was_lost(
    node: Node, ends: tuple[Started, Started]
) -> None:
    """Wireshark's own reader names the interfaces, and has our words as comments."""
    lab, (first, second), path = node.lab, ends, "/run/lab/tshark.pcapng"
    heard, _ = two_hops(node, ends, path)
    fields = ("interface_name", "comment", "interface_description")
    flags = [word for one in fields for word in ("-e", f"frame.{one}")]
    said = lab.do("tshark", "-n", "-r", path, "-T", "fields", *flags)
    rows = [line.split("\t") for line in said.splitlines()]
    veths = Counter(name for name, *_ in rows)
    assert veths == {first.box.veth: SENT, second.box.veth: heard}
    described = {name: description for name, _, description in rows}
    assert "pod shop/web-0" in described[first.box.veth]
    assert "pod shop/web-1" in described[second.box.veth]
    marked = [(name, comment) for name, comment, _ in rows if comment]
    word = f"lost: not seen at {second.box.veth} within 1 s"
    assert marked == [(first.box.veth, word)] * DROPPED


def test_the_file_says_whose_packets_they_are(
    node: Node, ends: tuple[Started, Started]
) -> None:
    """Pod, uid, interface, filter, node and the kernel's drops stand in the file."""
    lab, (first, second), path = node.lab, ends, "/run/lab/names.pcapng"
    flags = ("-w", path, "--filter", "udp", "--count", "8", "--snaplen", "60")
    named = {"OCNETVIEW_NODE_NAME": "node-7"}
    before = "export " + " ".join(f"{k}={v}" for k, v in named.items())
    with Running(lab, "capture", "shop/web-0", *flags, before=before) as capture:
        capture.begun()
        send(lab, first.pid, second.box.ip, 20)
        assert capture.ended()[0] == 0, capture.said
    written = opened(lab, path)
    (interface,) = written.interfaces
    assert first.box.pod
    assert interface.text(2) == first.box.veth
    assert "pod shop/web-0" in interface.text(3)
    assert first.box.pod[2] in interface.text(3)
    assert interface.text(11) == "\0(udp)"
    assert "ocnetview" in written.section.text(4)
    assert "on node node-7" in written.section.text(1)
    assert len(written.frames) == 8
    assert {len(one.data) for one in written.frames} == {48}
    (statistics,) = written.statistics
    assert statistics.options[4] == (8).to_bytes(8, "little")
    assert statistics.options[5] == bytes(8)


def test_packets_are_lines_with_the_names_of_pods(
    node: Node, ends: tuple[Started, Started]
) -> None:
    """Who sends to whom stands in each line, as the pods pane calls them."""
    first, second = ends
    flags = ("--filter", "udp", "--count", "4")
    with Running(node.lab, "capture", "shop/web-0", *flags) as capture:
        capture.begun()
        send(node.lab, first.pid, second.box.ip, 4)
        status, said = capture.ended()
    head, *rows = said.splitlines()
    assert status == 0
    assert head.split()[:3] == ["TIME", "FROM", "TO"]
    assert len(rows) == 4
    assert all("shop/web-0" in row and "shop/web-1:700" in row for row in rows)


def test_json_has_every_packet(node: Node, ends: tuple[Started, Started]) -> None:
    """The document names the spot, the end and each packet."""
    first, second = ends
    flags = ("--filter", "udp", "--count", "3", "--json")
    with Running(node.lab, "capture", "shop/web-0", *flags) as capture:
        capture.begun()
        send(node.lab, first.pid, second.box.ip, 3)
        status, said = capture.ended()
    document = json.loads(said)
    assert status == 0
    assert document["end"]["reason"] == "3 packets were captured"
    assert [spot["ifname"] for spot in document["spots"]] == [first.box.veth]
    assert [one["protocol"] for one in document["packets"]] == ["UDP"] * 3


def test_a_process_is_captured_where_its_pod_is(
    node: Node, ends: tuple[Started, Started]
) -> None:
    """A pid leads to the veth of the network that it is in."""
    first, second = ends
    flags = ("--filter", "udp", "--count", "1", "--json")
    with Running(node.lab, "capture", str(first.pid), *flags) as capture:
        capture.begun()
        send(node.lab, first.pid, second.box.ip, 1)
        said = capture.ended()[1]
    assert json.loads(said)["spots"][0]["ifname"] == first.box.veth


def test_a_ring_keeps_the_last_files(node: Node, ends: tuple[Started, Started]) -> None:
    """Of many files the last ones stay, each whole, with the last packets."""
    lab, (first, second) = node.lab, ends
    flags = ("-w", "/run/lab/ring/x.pcapng", "--ring", "2", "--size", "1k")
    lab.do("mkdir", "-p", "/run/lab/ring")
    more = ("--filter", "udp", "--count", "60")
    with Running(lab, "capture", "shop/web-0", *flags, *more) as capture:
        capture.begun()
        send(lab, first.pid, second.box.ip, 60)
        assert capture.ended()[0] == 0, capture.said
    names = lab.do("ls", "/run/lab/ring").splitlines()
    numbers = [int(name.removeprefix("x_").removesuffix(".pcapng")) for name in names]
    assert len(numbers) == 2
    assert numbers[1] == numbers[0] + 1 > 2
    found = [opened(lab, f"/run/lab/ring/{name}").frames for name in names]
    assert [int(one.data[42:48]) for some in found for one in some][-1] == 59
    assert all(len(lines(lab, f"/run/lab/ring/{name}")) for name in names)
    sizes = lab.do("stat", "--format=%s", *(f"/run/lab/ring/{n}" for n in names))
    assert all(int(size) <= 1024 + 120 for size in sizes.split())


def test_inside_of_a_pod_the_same_packets_pass(
    node: Node, ends: tuple[Started, Started]
) -> None:
    """In its namespace eth0 sends what the host's end receives; the file says so."""
    first, second = ends
    path = "/run/lab/inside.pcapng"
    flags = ("-i", "eth0", "--filter", "udp", "--count", "6", "-w", path)
    with Running(node.lab, "capture", "shop/web-0", *flags) as capture:
        capture.begun()
        send(node.lab, first.pid, second.box.ip, 6)
        assert capture.ended()[0] == 0, capture.said
    written = opened(node.lab, path)
    inode = node.lab.do("stat", "-Lc", "%i", f"/proc/{first.pid}/ns/net")
    assert written.interfaces[0].text(2) == "eth0"
    assert f"in net:[{inode}]" in written.interfaces[0].text(3)
    assert [int(one.data[42:48]) for one in written.frames] == list(range(6))
    assert {one.direction for one in written.frames} == {2}


def test_of_the_nodes_network_only_a_pods_own_ports_pass(node: Node) -> None:
    """A host-network container is captured at the node's links, by its sockets."""
    lab, pid = node.lab, node["agent"].pid
    assert pid
    said = json.loads(
        lab.do("ocnetview", "capture", "agent", "--duration", "0.1", "--json")
    )
    assert "whose network it uses" in said["spots"][0]["why"]
    assert said["spots"][0]["filter"] == "less 0"
    assert not said["packets"]


def test_json_says_what_it_has_no_room_for(
    node: Node, ends: tuple[Started, Started]
) -> None:
    """A document of bounded size has the last packets, and how many were before."""
    first, second = ends
    flags = ("--filter", "udp", "--count", "40", "--size", "4k", "--json")
    with Running(node.lab, "capture", "shop/web-0", *flags) as capture:
        capture.begun()
        send(node.lab, first.pid, second.box.ip, 40)
        status, said = capture.ended()
    document = json.loads(said)
    assert status == 0
    numbers = [row["number"] for row in document["packets"]]
    assert 0 < len(numbers) < 10
    assert document["left_out"] == 40 - len(numbers)
    assert numbers == list(range(1, 41))[-len(numbers) :]
    assert f"the first {document['left_out']} packets are not in" in capture.said


VXLAN = """
ip link add vxlan-lab type vxlan id 7 remote 192.0.2.1 dstport 4790
ip link set vxlan-lab up master lbr0
"""
AWAY = "10.129.0.77"


def test_a_pod_is_compared_with_its_tunnel(node: Node) -> None:
    """What leaves the node is matched at the tunnel's device, before it is wrapped."""
    lab, pid, path = node.lab, node["bridged"].pid, "/run/lab/tunnel.pcapng"
    neighbour = ("lladdr", "02:00:00:00:00:77", "dev", "eth0", "nud", "permanent")
    lab.do(*in_netns(pid), "ip", "neigh", "replace", AWAY, *neighbour)
    lab.sh(VXLAN)
    flags = ("--to", "tunnel", "--filter", "udp", "-w", path, "--duration", "0")
    try:
        with Running(lab, "capture", "bridged", *flags) as capture:
            capture.begun()
            send(lab, pid, AWAY, 12)
            until(lambda: len(growing(lab, path)) == 24, "all are written")
            capture.kill("INT")
            assert capture.ended()[0] == 0, capture.said
            assert "vethlinux → vxlan-lab: 12 sent, 12 arrived" in capture.said
    finally:
        lab.do("ip", "link", "delete", "vxlan-lab")


@pytest.mark.parametrize(
    ("flags", "ends_at"),
    [
        ((), "it ends after 60 s, at 64M bytes, at Ctrl-C"),
        (("--ring", "3"), "it ends at Ctrl-C"),
        (("--duration", "0", "--size", "1M"), "it ends at 1.0M bytes, at Ctrl-C"),
    ],
    ids=["plain", "ring", "chosen"],
)
@pytest.mark.usefixtures("ends")
def test_by_default_it_has_limits(
    node: Node, flags: tuple[str, ...], ends_at: str
) -> None:
    """Time, size and bytes of each packet, unless others are chosen; a ring goes on."""
    name = f"/run/lab/limits{len(flags)}"
    with Running(node.lab, "capture", "shop/web-0", "-w", name, *flags) as capture:
        capture.begun()
        capture.kill("INT")
        assert capture.ended()[0] == 0, capture.said
    assert f"ocnetview: {ends_at}\n" in capture.said
    path = f"{name}_00001" if "--ring" in flags else name
    (interface,) = opened(node.lab, path).interfaces
    assert number(interface.body, 4) == 256
