"""Captures by a tcpdump that behaves as this test wants, in our own namespace."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pcapng_file import read

from ocnetview.collectors.base import Stop
from ocnetview.collectors.stat import start_time
from ocnetview.config import Settings
from ocnetview.errors import ProbeError
from ocnetview.facts import Netns
from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Packet, Spot, Tally
from ocnetview.probes.capture import LiveCapturer
from ocnetview.probes.capture_tap import is_there

SPOT = Spot("veth1", owner="shop/web")
HEAD = """
import os, signal, struct, sys
def out(data):
    os.write(1, data)
def packets(first, last):
    for n in range(first, last):
        out(struct.pack("<IIII", n, 0, 4, 60) + struct.pack(">I", n))
def say(text):
    os.write(2, text.encode())
def begin():
    out(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 256, 1))
"""
Script = Callable[[str], Path]


@pytest.fixture
def stop() -> Iterator[Stop]:
    """Give what would end a capture."""
    stop = Stop()
    yield stop
    stop.close()


@pytest.fixture
def tcpdump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Give what makes a tcpdump of this program."""

    def make(program: str) -> Path:
        path = tmp_path / "tcpdump"
        path.write_text(f"#!{sys.executable} -ISu\n{HEAD}\n{program}", "utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return path

    return make


class Taken:
    """What was taken, and what happens then."""

    def __init__(self, then: Callable[[Taken], object] = id) -> None:
        self.packets: list[Packet] = []
        self.tallies: Sequence[Tally] = ()
        self._then = then

    def __call__(self, packets: Sequence[Packet], tallies: Sequence[Tally]) -> None:
        """Take packets."""
        self.packets += packets
        self.tallies = tallies
        self._then(self)

    @property
    def numbers(self) -> list[int]:
        """Return the numbers that the packets bear."""
        return [int.from_bytes(one.data, "big") for one in self.packets]


def capture(stop: Stop, taken: Taken, **wanted: object) -> CaptureEnd:
    """Return how a capture at one spot ended."""
    order = CaptureOrder((SPOT,), **{"seconds": 0, **wanted})  # type: ignore[arg-type]
    return LiveCapturer(Settings(timeout=20)).run(order, taken, stop)


def test_tcpdump_is_run_so_that_it_changes_nothing(
    tcpdump: Script, tmp_path: Path, stop: Stop
) -> None:
    """Not promiscuous, without names, and hostile names are no flags of it."""
    path = tmp_path / "arguments"
    tcpdump(f"open({str(path)!r}, 'w').write(chr(0).join(sys.argv[1:]))\nbegin()")
    hostile = Spot("-w/etc/passwd", filter="host 10.0.0.1")
    order = CaptureOrder((hostile,), "-z reboot", snaplen=77)
    LiveCapturer(Settings()).run(order, Taken(), stop)
    said = path.read_text("utf-8").split("\0")
    assert said[:4] == ["-i", "-w/etc/passwd", "-p", "-n"]
    assert said[-2:] == ["--", "(host 10.0.0.1) and (-z reboot)"]
    assert said[said.index("-s") + 1] == "77"
    assert said[said.index("-w") + 1] == "-"


def test_its_end_is_told_with_its_last_words(tcpdump: Script, stop: Stop) -> None:
    """What it had is kept, also where it says why on the way out."""
    tcpdump(
        "begin(); packets(0, 5); say('tcpdump: pcap_loop: odd\\n5 packets captured')"
    )
    taken = Taken()
    end = capture(stop, taken)
    assert end.failed
    assert end.reason == (
        "veth1 of shop/web: tcpdump ended with status 0: pcap_loop: odd"
    )
    assert taken.numbers == [0, 1, 2, 3, 4]


def test_one_that_does_not_begin_is_no_capture(tcpdump: Script, stop: Stop) -> None:
    """What it said is the reason, and nothing was taken."""
    tcpdump("say('tcpdump: veth1: No such device exists'); sys.exit(1)")
    taken = Taken()
    with pytest.raises(ProbeError, match="there is no such link"):
        capture(stop, taken)
    assert not taken.packets


def test_what_is_no_capture_at_all_is_told(tcpdump: Script, stop: Stop) -> None:
    """Packets that cannot be are not waited for."""
    tcpdump(
        "begin(); packets(0, 2); out(b'\\xff' * 64); sys.stdin.read(); signal.pause()"
    )
    taken = Taken()
    end = capture(stop, taken)
    assert end.failed
    assert "something else than packets" in end.reason


def test_drops_are_asked_for_while_it_runs(tcpdump: Script, stop: Stop) -> None:
    """SIGUSR1 makes it say them; the last word counts."""
    tcpdump("""
signal.signal(signal.SIGUSR1, lambda *a: say(
    "tcpdump: 9 packets captured, 9 packets received by filter,"
    " 4 packets dropped by kernel\\n"))
begin()
while True: signal.pause()
""")

    def then(taken: Taken) -> None:
        if taken.tallies[0].dropped == 4:
            stop.set()

    assert capture(stop, Taken(then)).reason == "told to stop"


def test_one_that_knows_no_such_signal_is_spared(tcpdump: Script, stop: Stop) -> None:
    """An older tcpdump would be ended by it; its words at the end are taken."""
    tcpdump("""
begin()
signal.signal(signal.SIGTERM, lambda *a: (say(
    "7 packets captured\\n7 packets received by filter\\n3 packets dropped by kernel\\n"
), os._exit(0)))
packets(0, 1)
while True: signal.pause()
""")
    calls: list[int] = []

    def then(taken: Taken) -> None:
        calls.append(len(taken.packets))
        if len(calls) == 8:  # two seconds of ticks, in which it was to be asked twice
            stop.set()

    taken = Taken(then)
    end = capture(stop, taken)
    assert (end.failed, taken.tallies[0].dropped) == (False, 3)


def test_a_count_is_kept_to_the_packet(tcpdump: Script, stop: Stop) -> None:
    """What comes beyond it is not taken."""
    tcpdump("begin(); packets(0, 50); signal.pause()")
    taken = Taken()
    end = capture(stop, taken, count=7)
    assert end == CaptureEnd("7 packets were captured")
    assert taken.numbers == list(range(7))
    assert taken.tallies == (Tally(7, 420, 0),)


def test_memory_is_kept_to_its_size(tcpdump: Script, stop: Stop) -> None:
    """Of what is kept in memory the bytes are counted."""
    tcpdump("begin(); packets(0, 50); signal.pause()")
    taken = Taken()
    assert "the limit of 40" in capture(stop, taken, size=40).reason
    assert len(taken.packets) == 10


def test_told_to_stop_it_takes_what_was_on_its_way(tcpdump: Script, stop: Stop) -> None:
    """What tcpdump still writes when it is ended counts."""
    tcpdump("""
def end(*_):
    packets(1, 4)
    os._exit(0)
signal.signal(signal.SIGTERM, end)
begin(); packets(0, 1)
while True: signal.pause()
""")
    taken = Taken(lambda taken: stop.set() if taken.packets else None)
    capture(stop, taken)
    assert taken.numbers == [0, 1, 2, 3]


def test_packets_of_two_spots_come_in_the_order_of_their_time(
    tcpdump: Script, stop: Stop
) -> None:
    """Those that are read at once are sorted, and each knows its spot."""
    tcpdump(
        "begin(); packets(*((0, 3) if sys.argv[2] == 'a' else (3, 6))); signal.pause()"
    )
    taken = Taken()
    order = CaptureOrder((Spot("a"), Spot("b")), count=6)
    LiveCapturer(Settings()).run(order, taken, stop)
    assert sorted((one.spot, one.at // 10**9) for one in taken.packets) == [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 3),
        (1, 4),
        (1, 5),
    ]
    assert [tally.packets for tally in taken.tallies] == [3, 3]


def test_a_name_that_libpcap_takes_for_another_thing_is_refused(
    tcpdump: Script, stop: Stop
) -> None:
    """A pod may call its link `any`: that would be everybody's packets."""
    tcpdump("begin()")
    capturer = LiveCapturer(Settings())
    for name in ("any", "nflog", "usbmon0", "dbus-system", "netmap:eth0"):
        order = CaptureOrder((Spot(name),))
        with pytest.raises(ProbeError, match="libpcap takes its name"):
            capturer.check(order)
        with pytest.raises(ProbeError, match="libpcap takes its name"):
            capturer.run(order, Taken(), stop)


def test_half_a_filter_is_no_filter(tcpdump: Script) -> None:
    """Each filter is tried by itself, too: one that closes another's parenthesis."""
    tcpdump("sys.exit('a) or (b' in sys.argv)")
    order = CaptureOrder((replace(SPOT, filter="host 10.0.0.1"),), "a) or (b")
    with pytest.raises(ProbeError, match="the filter 'a\\) or \\(b'"):
        LiveCapturer(Settings()).check(order)


@pytest.mark.parametrize(
    ("name", "ring", "says"),
    [("there", 0, "already"), ("x", 2, "x_00001"), ("no/x", 0, "No such file")],
)
def test_a_file_that_cannot_be_made_is_told_before(
    tcpdump: Script, tmp_path: Path, name: str, ring: int, says: str
) -> None:
    """One that is there, also of a ring, and a folder that is not."""
    tcpdump("")
    (tmp_path / "there").touch()
    (tmp_path / "x_00001").touch()
    order = CaptureOrder((SPOT,), file=str(tmp_path / name), ring=ring)
    with pytest.raises(ProbeError, match=says):
        LiveCapturer(Settings()).check(order)


@pytest.mark.parametrize(
    "there", ["r_00002.pcapng", "r_00041.pcapng", "r_123456.pcapng"]
)
def test_a_ring_comes_to_no_file_that_is_there(
    tcpdump: Script, tmp_path: Path, there: str
) -> None:
    """Each name that it would come to is looked for before it begins, and told."""
    tcpdump("")
    order = CaptureOrder((SPOT,), file=str(tmp_path / "r.pcapng"), ring=2)
    for other in ("r.pcapng", "r_2.pcapng", "r_00000.pcapng", "rr_00002.pcapng"):
        (tmp_path / other).touch()
    LiveCapturer(Settings()).check(order)
    (tmp_path / there).touch()
    with pytest.raises(ProbeError, match=f"{there}: .*already"):
        LiveCapturer(Settings()).check(order)


def test_a_file_is_whole_when_it_ends(
    tcpdump: Script, tmp_path: Path, stop: Stop
) -> None:
    """With what was counted as its last word."""
    tcpdump("begin(); packets(0, 9); signal.pause()")
    path = tmp_path / "x.pcapng"
    end = capture(stop, Taken(), count=5, file=str(path))
    assert end.files == (str(path),)
    found = read(path.read_bytes())
    assert (len(found.frames), len(found.statistics)) == (5, 1)


def test_a_namespace_is_somebodys_by_a_process_or_a_pin(tmp_path: Path) -> None:
    """Not by a number that is another's now, by a file that pins another, or by us."""
    settings = Settings()
    status = Path("/proc/self/ns/net").stat()
    ours = Netns(status.st_dev, status.st_ino)
    started = start_time("/proc", os.getpid())
    here = Spot("eth0", ours, os.getpid(), started)
    assert is_there(settings, here)
    assert not is_there(settings, replace(here, start_time=3))
    pinned = replace(here, pid=None, pins=("/proc/self/ns/net",))
    assert is_there(settings, pinned)
    assert not is_there(settings, replace(pinned, netns=Netns(1, 1)))
    assert not is_there(settings, replace(pinned, pins=(str(tmp_path / "gone"),)))
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    zombie = replace(here, pid=child.pid, start_time=start_time("/proc", child.pid))
    assert not is_there(settings, zombie)
    child.wait()
