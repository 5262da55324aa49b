"""Captures packets on this node, by tcpdump."""

from __future__ import annotations

import errno
import os
import select
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.errors import ProbeError
from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Packet, Spot
from ocnetview.match.libpcap import is_link
from ocnetview.probes.base import Take
from ocnetview.probes.capture_child import ENTER_FAILED, EXEC_FAILED
from ocnetview.probes.capture_files import Files, numbered, ring_there, unwritable
from ocnetview.probes.capture_marks import Marked
from ocnetview.probes.capture_output import Memory, Output, Pipe
from ocnetview.probes.capture_run import Run, last_word
from ocnetview.probes.capture_tap import Tap, namespace_of, started, visit_of
from ocnetview.probes.tools import find_tool
from ocnetview.probes.visit import explained
from ocnetview.units import one_line

STDOUT = "-"
_DOING = "capture"
_BUFFER, _WIDE_BUFFER = "8192", "32768"
"""KiB that the kernel keeps for a tcpdump that is behind."""
_WIDE = 2048
"""Bytes kept of a packet above which there is the more room: each packet, however
short, takes as much as the largest (TPACKET_V2, which alone tells them at once)."""
_PERMISSION = ("permission", "Operation not permitted")
_GONE = ("No such device", "does not exist", "disappeared")


class LiveCapturer:
    """Captures on this node; one tcpdump for each spot."""

    def __init__(self, settings: Settings) -> None:
        """Take where things are."""
        self._settings = settings

    def check(self, order: CaptureOrder) -> None:
        """Make sure that the order can be carried out; nothing is captured yet.

        Raises:
            ProbeError: a filter is wrong, no tcpdump is there, we have no right, or
                the file cannot be written.
        """
        for place in range(len(order.spots)):
            self._compile(order, place)
        if order.file not in ("", STDOUT):
            _check_file(order)

    def run(self, order: CaptureOrder, take: Take, stop: Stop) -> CaptureEnd:
        """Capture until a limit is reached or `stop` is set, and say how it ended.

        Raises:
            ProbeError: it did not even begin.
            BrokenPipeError: nobody reads standard output any more.
        """
        with ExitStack() as held:
            taps = [
                self._tap(held, order, place, stop) for place in range(len(order.spots))
            ]
            early = self._begin(order, taps, stop)
            if stop:
                return CaptureEnd("told to stop before it began")
            output = _output(order, stop)
            held.callback(output.close)
            try:
                output.begin([tap.form for tap in taps])
            except BrokenPipeError:
                raise
            except OSError as error:
                raise unwritable(order.file, error) from error
            run = Run(self._settings, order, taps, output, take, stop)
            return run.run(early)

    def _tap(self, held: ExitStack, order: CaptureOrder, place: int, stop: Stop) -> Tap:
        """Return a tcpdump that begins to capture at a spot."""
        self._look(order.spots[place])
        flags = ("-U", "-w", "-", "-s", str(order.snaplen), "--immediate-mode")
        wide = not 0 < order.snaplen <= _WIDE
        room = _WIDE_BUFFER if wide else _BUFFER
        more = ("-B", room, "--time-stamp-precision=nano", "-K")
        wanted = order.filter_at(place)
        command = self._command(order.spots[place], wanted, *flags, *more)
        process = held.enter_context(self._started(order.spots[place], command, stop))
        return Tap(process, place)

    @contextmanager
    def _started(
        self, spot: Spot, command: Sequence[str], stop: Stop
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Give a tcpdump in the namespace of a spot, which nobody else keeps open."""
        with ExitStack() as held:
            try:
                with namespace_of(self._settings, spot, stop) as fd:
                    process = held.enter_context(started(command, fd))
            except OSError as error:
                visit = visit_of(self._settings, spot, stop)
                raise explained(visit, _DOING, error) from error
            yield process

    def _command(self, spot: Spot, wanted: str, *flags: str) -> Sequence[str]:
        """Return the command line that captures at a link, changing nothing of it."""
        tcpdump = find_tool(self._settings, "tcpdump", spot.title, _DOING)
        # As another user it would no longer end with us (prctl(2)).
        as_is = ("-Z", "root") if os.geteuid() == 0 else ()
        # Without promiscuous mode, for that would be a change of the link.
        usual = ("-i", spot.ifname, "-p", "-n", *as_is)
        return [*tcpdump, *usual, *flags, "--", *([wanted] if wanted else [])]

    def _begin(
        self, order: CaptureOrder, taps: Sequence[Tap], stop: Stop
    ) -> Sequence[Packet]:
        """Wait until all capture; return what came meanwhile.

        Raises:
            ProbeError: one does not.
        """
        early: list[Packet] = []
        deadline = time.monotonic() + self._settings.timeout
        while not all(tap.begun for tap in taps) and not stop:
            waiting = select.poll()
            waiting.register(stop, select.POLLIN)
            for fd in (fd for tap in taps for fd in tap.descriptors):
                waiting.register(fd, select.POLLIN)
            waiting.poll(max(0.0, deadline - time.monotonic()) * 1000)
            late = time.monotonic() >= deadline
            for spot, tap in zip(order.spots, taps, strict=True):
                early += tap.read()
                if not tap.begun and not tap.descriptors:
                    place = order.spots.index(spot)
                    wanted = order.filter_at(place)
                    raise refused(spot, wanted, tap.wait(), tap.said)
                if not tap.begun and late:
                    raise ProbeError(spot.title, _DOING, "tcpdump does not begin")
        return early

    def _compile(self, order: CaptureOrder, place: int) -> None:
        """Have tcpdump open the link and compile the filter, and do no more."""
        spot = order.spots[place]
        self._look(spot)
        stop = Stop()
        # By itself first: with another one before it, half a filter may be a whole.
        wholes = dict.fromkeys([order.filter.strip(), order.filter_at(place)])
        for wanted in wholes:
            command = self._command(spot, wanted, "-d")
            with self._started(spot, command, stop) as process:
                try:
                    _, said = process.communicate(timeout=self._settings.timeout)
                except subprocess.TimeoutExpired:
                    hint = "does it hold a name that no server knows?"
                    why = "tcpdump does not answer"
                    raise ProbeError(spot.title, _DOING, why, hint) from None
            if process.returncode:
                text = said.decode("utf-8", "backslashreplace")
                raise refused(spot, wanted, process.returncode, text)

    @staticmethod
    def _look(spot: Spot) -> None:
        """Make sure that libpcap takes the name of a link for one.

        Raises:
            ProbeError: it would open something else.
        """
        if not is_link(spot.ifname):
            why = "libpcap takes its name for something else than a link"
            raise ProbeError(spot.title, _DOING, why, "rename it")


def refused(spot: Spot, wanted: str, status: int, said: str) -> ProbeError:
    """Return why tcpdump does not capture, as our error."""
    why, hint = one_line(last_word(said)), ""
    doing = _DOING
    if status == ENTER_FAILED:
        why, hint = "its network namespace may not be entered", "needs CAP_SYS_ADMIN"
    elif status == EXEC_FAILED:
        why = f"tcpdump cannot be run: {one_line(said)}"
    elif any(word in said for word in _PERMISSION):
        why, hint = "permission denied", "needs CAP_NET_RAW, which root has"
    elif any(word in said for word in _GONE):
        why, hint = "there is no such link", "has the pod ended?"
    elif wanted and "not up" not in said:
        doing = f"capture with the filter {wanted!r}"
        hint = "pcap-filter(7) says how one is written"
    return ProbeError(spot.title, doing, why, hint)


def _output(order: CaptureOrder, stop: Stop) -> Output:
    """Return where the packets go."""
    if not order.file:
        return Memory(order.size)
    output = Pipe(order, stop) if order.file == STDOUT else Files(order)
    return Marked(output, order) if order.addresses else output


def _check_file(order: CaptureOrder) -> None:
    """Make sure that the file can be made, and in a ring those that follow, too.

    Raises:
        ProbeError: it is there already, or its folder is not.
    """
    first = numbered(order.file, 1) if order.ring > 1 else order.file
    folder = os.path.dirname(first) or "."
    code = 0
    if os.path.lexists(first):
        code = errno.EEXIST
    elif not os.path.isdir(folder):
        code = errno.ENOENT
    elif not os.access(folder, os.W_OK | os.X_OK):
        code = errno.EACCES
    if code:
        raise unwritable(first, OSError(code, os.strerror(code)))
    if order.ring > 1:
        try:
            there = ring_there(order.file)
        except OSError as error:
            raise unwritable(folder, error) from error
        if there:
            raise unwritable(there, FileExistsError())
