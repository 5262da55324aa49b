"""Files of captured packets, read back by another reader and by tcpdump."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pcapng_file import read

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts import Netns
from ocnetview.facts.packets import CaptureOrder, Packet, Spot, Tally
from ocnetview.probes import pcapng
from ocnetview.probes.capture_files import Files, save
from ocnetview.probes.capture_marks import Marked
from ocnetview.probes.capture_output import Pipe
from ocnetview.units import printable

MAC = "0a:58:0a:80:00:07"
HOST = Spot("veth1", owner="shop/web", owner_key="uid-7", mac=MAC, why="the veth")
INSIDE = Spot("eth0", Netns(4, 1007), owner="shop/web", inwards=True, mac=MAC)
FROM = bytes.fromhex("0a580a800001" + MAC.replace(":", "") + "0800")
TO = bytes.fromhex(MAC.replace(":", "") + "0a580a8000010800")
SECOND = 1_000_000_000


def packet(number: int, spot: int = 0, head: bytes = FROM, size: int = 40) -> Packet:
    """Return a frame that bears its number."""
    data = head + number.to_bytes(4, "big") + bytes(size)
    return Packet(spot, 1_700_000_000 * SECOND + number, len(data) + 9, data)


def order(path: Path, *spots: Spot, **more: object) -> CaptureOrder:
    """Return an order to write to a file."""
    values: dict[str, object] = {"size": 0, "node": "node-1", **more}
    return CaptureOrder(spots or (HOST,), "udp", file=str(path), **values)  # type: ignore[arg-type]


def written(files: Files, packets: list[Packet]) -> int:
    """Write these to new files, end them, and return for how many there was room."""
    files.begin([(1, 256)])
    room = files.write(packets, {})
    files.end([Tally(room, 0, 3)])
    files.close()
    return room


def test_everything_that_was_said_stands_in_the_file(tmp_path: Path) -> None:
    """Program, node, link, pod, uid, namespace, filter, stamps, lengths and drops."""
    path = tmp_path / "x.pcapng"
    packets = [packet(1), packet(2, 1, TO)]
    save(
        str(path),
        order(path, HOST, INSIDE, snaplen=99),
        packets,
        [Tally(1, 67, 0), Tally(1, 67, 5)],
        {1: "lost: not seen at veth1"},
    )
    found = read(path.read_bytes())
    assert found.section.text(4).startswith("ocnetview ")
    assert found.section.text(3).startswith("Linux ")
    assert "on node node-1: veth1 of shop/web, eth0 of shop/web" in found.section.text(
        1
    )
    assert [one.text(2) for one in found.interfaces] == ["veth1", "eth0"]
    assert "pod shop/web; key uid-7; on the node" in found.interfaces[0].text(3)
    assert "in net:[1007]" in found.interfaces[1].text(3)
    assert [one.text(11) for one in found.interfaces] == ["\0(udp)"] * 2
    assert [one.options[9] for one in found.interfaces] == [b"\x09"] * 2
    assert [(f.place, f.at, f.length, f.data) for f in found.frames] == [
        (one.spot, one.at, one.length, one.data) for one in packets
    ]
    assert [one.comment for one in found.frames] == ["", "lost: not seen at veth1"]
    drops = [int.from_bytes(one.options[5], "little") for one in found.statistics]
    assert drops == [0, 5]


@pytest.mark.parametrize(
    ("spot", "head", "direction"),
    [(HOST, FROM, 1), (HOST, TO, 2), (INSIDE, FROM, 2), (INSIDE, TO, 1)],
)
def test_the_direction_is_the_links_own(
    spot: Spot, head: bytes, direction: int
) -> None:
    """What a pod sends its own end sends, and the host's end receives."""
    block = pcapng.packet(packet(1, head=head), spot)
    whole = pcapng.section("", "", "x") + pcapng.interface(spot, 1, 9, "") + block
    assert [one.direction for one in read(whole).frames] == [direction]


def test_without_a_mac_no_direction_is_claimed() -> None:
    """A tunnel has many's packets."""
    spot = Spot("vxlan_sys_4789")
    whole = pcapng.section("", "", "x") + pcapng.interface(spot, 1, 9, "")
    assert read(whole + pcapng.packet(packet(1), spot)).frames[0].direction == 0


@given(st.text(max_size=40), st.binary(max_size=64), st.text(max_size=90))
def test_any_name_and_any_bytes_come_back(name: str, data: bytes, comment: str) -> None:
    """Names are untrusted, and packets and texts of any length keep blocks whole."""
    spot = Spot(name.encode("utf-8", "replace").decode(), owner="p")
    block = pcapng.packet(Packet(0, 5, 90, data), spot, comment)
    found = read(
        pcapng.section("a", "b", "c") + pcapng.interface(spot, 1, 9, "f") + block
    )
    assert found.interfaces[0].text(2) == spot.ifname
    assert found.frames[0].data == data
    assert found.frames[0].comment == printable(comment)


def test_a_text_too_long_for_an_option_is_cut(tmp_path: Path) -> None:
    """A filter of a hundred thousand letters keeps the file readable."""
    path = tmp_path / "x"
    long = CaptureOrder((HOST,), "é" * 100_000, file=str(path))
    save(str(path), long, [packet(1)], [Tally()], {})
    assert len(read(path.read_bytes()).interfaces[0].options[11]) > 50_000


@pytest.mark.skipif(not shutil.which("tcpdump"), reason="needs tcpdump")
def test_tcpdump_reads_all_of_it(tmp_path: Path) -> None:
    """Another program finds every packet, and nothing amiss."""
    path = tmp_path / "x.pcapng"
    written(Files(order(path)), [packet(number) for number in range(50)])
    done = subprocess.run(
        ["tcpdump", "-n", "-r", str(path)], capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == 50


@pytest.mark.skipif(not shutil.which("tshark"), reason="no tshark is here")
def test_tshark_reads_names_and_marks(tmp_path: Path) -> None:
    """Wireshark's own reader finds link, pod, comment, stamp and length of each."""
    path = tmp_path / "x.pcapng"
    packets, note = [packet(1), packet(2, 1, TO)], {1: "lost: not seen at veth1"}
    save(str(path), order(path, HOST, INSIDE), packets, [Tally(1), Tally(1)], note)
    names = ("interface_name", "interface_description", "comment")
    fields = [f"-eframe.{name}" for name in (*names, "time_epoch", "len", "cap_len")]
    done = subprocess.run(
        ["tshark", "-n", "-r", path, "-T", "fields", *fields],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert [row[0] for row in rows] == ["veth1", "eth0"]
    assert all("pod shop/web" in row[1] for row in rows)
    assert [row[2] for row in rows] == ["", "lost: not seen at veth1"]
    assert [row[3] for row in rows] == [f"1700000000.00000000{n}" for n in (1, 2)]
    assert [row[4:] for row in rows] == [["67", "58"]] * 2


def test_a_single_file_takes_what_there_is_room_for(tmp_path: Path) -> None:
    """The packet that would make it larger than was said is not in it."""
    path = tmp_path / "x"
    room = written(Files(order(path, size=2000)), [packet(n) for n in range(99)])
    found = read(path.read_bytes())
    assert 0 < room == len(found.frames) < 99
    ended = sum(len(pcapng.statistics(0, Tally(), 0, 0)) for _ in found.statistics)
    block = len(pcapng.packet(packet(1), HOST))
    assert path.stat().st_size - ended <= 2000 < path.stat().st_size - ended + block


def test_a_ring_keeps_the_newest_and_loses_nothing_of_them(tmp_path: Path) -> None:
    """The files that stay are numbered on, and hold the last packets without a gap."""
    files = Files(order(tmp_path / "x.pcapng", size=2000, ring=3))
    written(files, [packet(number) for number in range(200)])
    paths = sorted(tmp_path.iterdir())
    assert [str(path) for path in paths] == list(files.files)
    assert [path.name[:2] + path.name[-7:] for path in paths] == ["x_.pcapng"] * 3
    frames = [one for path in paths for one in read(path.read_bytes()).frames]
    numbers = [int.from_bytes(one.data[14:18], "big") for one in frames]
    assert numbers == list(range(numbers[0], 200))
    assert all(path.stat().st_size <= 2200 for path in paths)


def test_a_packet_larger_than_a_file_of_a_ring_is_kept(tmp_path: Path) -> None:
    """Each then has a file of its own."""
    files = Files(order(tmp_path / "x", size=100, ring=9))
    assert written(files, [packet(1, size=500), packet(2, size=500)]) == 2
    assert [len(read(Path(p).read_bytes()).frames) for p in files.files] == [1, 1]


def test_no_file_of_others_is_written_to(tmp_path: Path) -> None:
    """One that is there, or a link to one, is left alone."""
    path, link = tmp_path / "mine", tmp_path / "link"
    path.write_text("mine", "utf-8")
    link.symlink_to(tmp_path / "elsewhere")
    for taken in (path, link):
        with pytest.raises(ProbeError, match="already"):
            save(str(taken), order(taken), [], [Tally()], {})
    assert path.read_text("utf-8") == "mine"
    assert not (tmp_path / "elsewhere").exists()


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file of this process become larger than this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [1000, 1001, 1050, 1099, 1100])
def test_where_no_more_can_be_written_the_file_is_whole(
    tmp_path: Path, size: int
) -> None:
    """A block that is in pieces is cut off, wherever the disk was full."""
    path = tmp_path / "x"
    files = Files(order(path))
    files.begin([(1, 256)])
    with room_for(size), pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
        files.write([packet(number) for number in range(99)], {})
    files.close()
    assert 5 < len(read(path.read_bytes()).frames) < 20


@pytest.mark.parametrize("ring", [0, 3])
def test_a_file_without_its_head_is_not_left_behind(tmp_path: Path, ring: int) -> None:
    """Where the disk is full from the beginning, nothing that none can read stays."""
    files = Files(order(tmp_path / "x", ring=ring))
    with room_for(100), pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
        files.begin([(1, 256)])
    files.close()
    assert (files.files, [*tmp_path.iterdir()]) == ((), [])


def udp(number: int, spot: int) -> Packet:
    """Return a datagram between two pods, at a time that is its number's."""
    payload = number.to_bytes(8, "big")
    header = bytes.fromhex("450000240000400040110000" + "0a8000070a800008")
    ports = bytes.fromhex("1f901f9100100000")
    identified = header[:4] + number.to_bytes(2, "big") + header[6:]
    return packet(number, spot)._replace(data=FROM + identified + ports + payload)


def test_what_was_lost_is_marked_before_it_is_written(tmp_path: Path) -> None:
    """Each packet is in the file once, in order, and those that were lost say so."""
    path = tmp_path / "x"
    other = Spot("veth2", owner="shop/db")
    pair = order(path, HOST, other, addresses=(("10.128.0.7",), ("10.128.0.8",)))
    start = 1_700_000_000 * SECOND
    output = Marked(
        Files(pair), pair, iter(range(start, start * 2, 3 * SECOND)).__next__
    )
    output.begin([(1, 256)] * 2)
    packets = [
        udp(number, spot)._replace(at=start + SECOND + number * 1000 + spot)
        for number in range(20)
        for spot in (0, 1)
        if spot == 0 or number % 5
    ]
    output.write(packets, {})
    output.end([Tally(), Tally()])
    output.close()
    frames = read(path.read_bytes()).frames
    assert [(one.at, one.place) for one in frames] == [
        (one.at, one.spot) for one in packets
    ]
    marked = [i for i, one in enumerate(frames) if one.comment]
    assert all(frames[i].comment.startswith("lost") for i in marked)
    assert [int.from_bytes(frames[i].data[42:50], "big") for i in marked] == [
        0,
        5,
        10,
        15,
    ]


def test_a_reader_that_does_not_read_is_not_waited_for_at_the_end(
    tmp_path: Path,
) -> None:
    """Told to stop while the pipe is full, it gives up, and writes nothing more."""
    reader, writer = os.pipe()
    stop = Stop()
    pipe = Pipe(order(tmp_path / "x"), stop, writer)
    pipe.begin([(1, 256)])
    stop.set()
    pipe.write([packet(number, size=1000) for number in range(200)], {})
    given = os.read(reader, 1 << 20)
    pipe.end([Tally()])
    os.close(writer)
    assert given.startswith(b"\x0a\x0d\x0d\x0a")
    assert not os.read(reader, 1)
    os.close(reader)
    stop.close()
